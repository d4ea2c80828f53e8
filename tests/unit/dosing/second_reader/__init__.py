"""A second dose reader, written from the specification alone, to check the first against.

It shares nothing with ``assistant.dosing``: its own normaliser (``clean``), its own words and
units (``lexicon``), its own look-ahead (``lexer``), and one LALR(1) grammar of a dose phrase
(``dose_phrase.lark``) in place of the first reader's scanner. What both misread alike stays
hidden; what one of them misreads shows.
"""
