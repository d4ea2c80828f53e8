"""The words in which doses are printed: each unit, time, route and group in one form only.

No word is one that safety lists of error-prone abbreviations name: micrograms and units are
spelled out, and nothing is Latin.
"""

from __future__ import annotations

from assistant.dosing.units import UNITS as _CODES

_FORMS = {code: code[1:-1] for code in _CODES if code.startswith("{")}


def _plural(word: str) -> str:
    if word.endswith("ory"):
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith("ch") else f"{word}s"


# Code: for one, and for any other number.
UNITS: dict[str, tuple[str, str]] = {
    **{code: (code, code) for code in ("kg", "g", "mg", "pg", "mmol", "mL", "L", "dL")},
    "ug": ("microgram", "micrograms"),
    "ng": ("nanogram", "nanograms"),
    "umol": ("micromol", "micromol"),
    "nmol": ("nmol", "nmol"),
    "meq": ("milliequivalent", "milliequivalents"),
    "U": ("unit", "units"),
    "[IU]": ("international unit", "international units"),
    "M[U]": ("million units", "million units"),
    "M[IU]": ("million international units", "million international units"),
    "AUC": ("AUC", "AUC"),
    "%": ("%", "%"),
    **{code: (word, _plural(word)) for code, word in _FORMS.items()},
}
BASES: dict[str, str] = {"kg": "kg", "m2": "m²"}
NAMES: dict[str, str] = {
    "d": "day",
    "wk": "week",
    "h": "hour",
    "min": "minute",
    "mo": "month",
    "dose": "dose",
    "cycle": "cycle",
    "course": "course",
}
TIMES: dict[str, tuple[str, str]] = {
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "d": ("day", "days"),
    "wk": ("week", "weeks"),
    "mo": ("month", "months"),
}
ADVERBS: dict[str, str] = {"d": "daily", "wk": "weekly", "mo": "monthly"}
ROUTES: dict[str, str] = {
    "IV": "intravenously",
    "PO": "by mouth",
    "SC": "subcutaneously",
    "IM": "intramuscularly",
    "IT": "intrathecally",
    "INH": "by inhalation",
}
GROUPS: dict[str, str] = {
    "adult": "adults",
    "child": "children",
    "infant": "infants",
    "elderly": "older people",
    "pregnancy": "pregnancy",
    "renal_impairment": "renal impairment",
    "hepatic_impairment": "hepatic impairment",
}
