"""A patient's dose from one rule, worked out line by line, or refused with the reason."""
