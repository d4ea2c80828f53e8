"""Scores, criteria and trackers of a library, read from its ``scores`` folder.

The engine knows the seven kinds of arithmetic and no disease: inputs, limits, points, words of
the conclusion, sources and worked examples are all data.
"""
