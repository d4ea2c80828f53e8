"""Raw text to plain text: one dash, one space, no mark-up, no names that hold digits.

Written from section 3 of the dosing specification. Masked stretches become ``NAME``, so that
what stood around them doesn't grow together.
"""

from __future__ import annotations

import re

NAME = "\N{CURRENCY SIGN}"  # stands for one name, reference or citation

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SPACES = dict.fromkeys(
    map(ord, "\t\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"),
    " ",
)
_DIGITS = {0xFF10 + n: str(n) for n in range(10)}
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}

_MARK_UP = (
    (re.compile(r"<sup>\s*([-−]?\d+)\s*</sup>", re.I), lambda m: _raise(m[1])),
    (re.compile(r"<[^<>\n]{1,40}>(?![^<>\n]*\d\s*(?:kg|year))"), ""),
    (re.compile(r"\\(?:mathrm|text|mathbf)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\$([^$\n]{1,80})\$"), r"\1"),
    (re.compile(r"\*\*|__|`"), ""),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+)(?<=\S)\*(?![\w*])"), r"\1"),
)
_REFERENCES = (
    re.compile(r"\[\[c:\d+\]\]|\[\d{1,3}(?:\s?[-,;]\s?\d{1,3})*\]"),
    re.compile(r"\b(?:doi:?\s?)?10\.\d{4,}/\S+", re.I),
    re.compile(r"\b(?:PMID:?|NCT|ISRCTN)\s?\d+"),
    re.compile(r"\b\d{4};\d+(?:\(\d+\))?(?::\w+(?:-\w+)?)?"),
    re.compile(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{4}\b"),
)
_HYPHENATED_LINE = re.compile(r"(?<=[a-z])-\n\s*(?=[a-z])")
_WEEKDAY = r"(?:Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)?s?"
_WEEKDAYS = re.compile(rf"\b(?:on )?{_WEEKDAY}(?:(?:, | and |, and ){_WEEKDAY})+\b")
_HALF_A = re.compile(r"\bhalf an? (?=gram|milligram|tablet|gramme)", re.I)
_FUSED_CITATION = re.compile(r"(?<=\bm2),\d{1,3}\b(?!\s?(?:,|or|and|-|to)?\s?\d*\s?[mkµu]?g\b)")


def _raise(digits: str) -> str:
    return digits.translate(
        {ord(c): _RAISED[i] for i, c in enumerate("0123456789-")} | {0x2212: "⁻"}
    )


def clean(text: str) -> str:
    """The text as the lexer reads it; a line that starts anew ends in " ¶ "."""
    for pattern, put in _MARK_UP:
        text = pattern.sub(put, text)
    text = text.translate(_INVISIBLE | _DASHES | _SPACES | _DIGITS)
    text = _HYPHENATED_LINE.sub("", text)
    text = re.sub(r"[ ]*\n[ ]*(?:\n[ \n]*|(?=[-•*|#]|\d+\. ))", " ¶ ", text)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"[µμ]", "u", text).replace("->", "→")
    text = _superscripts(text)
    text = re.sub(r"(\d?)([½¼¾])", lambda m: (m[1] or "0") + _FRACTIONS[m[2]], text)
    text = re.sub(r"(?<=\d)·(?=\d)", ".", text)
    text = _WEEKDAYS.sub(lambda m: f"{len(re.findall(_WEEKDAY, m[0]))} times weekly", text)
    text = _HALF_A.sub("0.5 ", text)
    for pattern in _REFERENCES:
        text = pattern.sub(f" {NAME} ", text)
    return re.sub(r" +", " ", _FUSED_CITATION.sub("", text)).strip()


def _superscripts(text: str) -> str:
    """Square metres, powers of ten and inverse units in plain characters; citations go."""
    text = re.sub(r"(?<=\bm)²(?![⁰-⁹])|(?<=\bm)²", "2", text)
    text = re.sub(r"(?<=\b10)[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda m: "^" + m[0].translate(_SUPERSCRIPT), text)
    text = re.sub(r"(?<=[a-zA-Z])⁻[¹²]", lambda m: "^" + m[0].translate(_SUPERSCRIPT), text)
    text = re.sub(r"(?<=[cmk]m)[²³]", lambda m: m[0].translate(_SUPERSCRIPT), text)
    return re.sub(f"[{_RAISED}]+", " ", text)
