"""How good is it: question files, metrics and reports, with no model as judge."""
