"""The dosing module on the command line: rules, calculate, schedule, calculator, fhir.

Each command reads its options, asks the dosing module, and prints; it decides nothing itself. What
can't be worked out is an ordinary outcome with a sentence: on stderr, with exit code 1.
"""
