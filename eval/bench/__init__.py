"""How fast is it: benchmarks that print what they measure and assert nothing."""
