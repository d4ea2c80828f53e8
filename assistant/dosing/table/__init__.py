"""The rules table: what a pharmacist reviewed, or may review, of each drug's doses.

Rules are data of a library (``dosing/drugs``, ``dosing/rules``, ``dosing/sites``), read once and
checked whole. A rule that nobody reviewed may add a note; it never clears and never withholds.
"""
