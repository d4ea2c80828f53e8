"""The closed table of units: exact factors, and what each spelling stands for.

Nothing outside this table is a unit. Matching is case-sensitive but for spelled-out words
and the few capital spellings listed here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit code, its dimension, and the exact factor to the base unit of the dimension."""

    code: str
    dimension: str
    factor: Fraction = Fraction(1)


def _table() -> dict[str, Unit]:
    milli, micro, nano = Fraction(1, 1000), Fraction(1, 10**6), Fraction(1, 10**9)
    units = [
        Unit("kg", "mass", Fraction(1000)),
        Unit("g", "mass"),
        Unit("mg", "mass", milli),
        Unit("ug", "mass", micro),
        Unit("ng", "mass", nano),
        Unit("pg", "mass", nano / 1000),
        Unit("U", "units"),
        Unit("m[U]", "units", milli),
        Unit("M[U]", "units", Fraction(10**6)),
        Unit("[IU]", "international units"),
        Unit("M[IU]", "international units", Fraction(10**6)),
        Unit("mol", "amount", Fraction(1000)),
        Unit("mmol", "amount"),
        Unit("umol", "amount", milli),
        Unit("nmol", "amount", micro),
        Unit("meq", "equivalents"),
        Unit("mL", "volume"),
        Unit("L", "volume", Fraction(1000)),
        Unit("dL", "volume", Fraction(100)),
        Unit("uL", "volume", milli),
        Unit("AUC", "auc"),
        Unit("%", "percent"),
    ]
    forms = ("tablet", "capsule", "puff", "drop", "spray", "patch", "sachet", "suppository")
    units += [Unit(f"{{{form}}}", form) for form in forms]
    return {unit.code: unit for unit in units}


UNITS = _table()

# Spelled-out units, any case.
_WORDS: dict[str, str] = {
    r"kilograms?|kilogrammes?|kilos?": "kg",
    r"milligrams?|milligrammes?|mgs": "mg",
    r"micrograms?|microgrammes?|mcgs?|microg": "ug",
    r"nanograms?": "ng",
    r"grams?|grammes?|gms?|grm": "g",
    r"millimoles?": "mmol",
    r"micromol(?:es?)?": "umol",
    r"milliequivalents?|meqs?": "meq",
    r"(?:million|mio\.?|mega)\s?(?:international\s?units?|iu|i\.u\.)": "M[IU]",
    r"(?:million|mio\.?|mega)\s?(?:units?|u)": "M[U]",
    r"international\s?units?|i\.u\.|int\.?\s?units?": "[IU]",
    r"milli-?\s?units?": "m[U]",
    r"units?": "U",
    r"millilit(?:re|er)s?|mls|cc": "mL",
    r"lit(?:re|er)s?": "L",
    r"(?:(?:ds|ss|(?:double|single)[\s-]strength|film-coated|effervescent|chewable)\s)?"
    r"(?:tablets?|tabs?|pills?|caplets?)": "{tablet}",
    r"capsules?|caps": "{capsule}",
    r"puffs?|inhalations?|actuations?": "{puff}",
    r"drops?|gtts?": "{drop}",
    r"sprays?": "{spray}",
    r"patch(?:es)?": "{patch}",
    r"sachets?": "{sachet}",
    r"suppositor(?:y|ies)": "{suppository}",
}
# Symbols, in exactly this case.
_SYMBOLS: dict[str, str] = {
    r"kg|KG|Kg|kgs": "kg",
    r"mg|MG|Mg": "mg",
    r"µg|ug|UG|µG|MCG|Mcg": "ug",
    r"ng": "ng",
    r"pg": "pg",
    r"g|GM": "g",
    r"G": "g",
    r"mmol": "mmol",
    r"µmol|umol": "umol",
    r"nmol": "nmol",
    r"mEq|MEQ": "meq",
    r"MIU|M\s?IU": "M[IU]",
    r"MU": "M[U]",
    r"IU|iu|UI": "[IU]",
    r"U|u|IE": "U",
    r"mL|ml|ML|mLs": "mL",
    r"dL|dl": "dL",
    r"µL|uL|µl": "uL",
    r"L|l": "L",
}

_END = r"(?![A-Za-zµ])"
_END_LETTER = r"(?![A-Za-zµ]|-[A-Za-z])"  # "3 G-CSF doses" holds no gram


_LETTERS = frozenset({"G", "U|u|IE", "L|l"})


_SPELLINGS = (
    *(f"((?i:{words})){_END}" for words in _WORDS),
    *(f"({symbols}){_END_LETTER if symbols in _LETTERS else _END}" for symbols in _SYMBOLS),
)
_UNIT = re.compile("|".join(_SPELLINGS))
_CODES: dict[int | None, str] = dict(enumerate((*_WORDS.values(), *_SYMBOLS.values()), start=1))
_LETTER_RUN = re.compile(r"[A-Za-zµ]++")
# The commonest spellings; no longer unit begins with one of them and goes on after it.
_PLAIN = {"mg": "mg", "g": "g", "kg": "kg", "µg": "ug", "mcg": "ug", "ng": "ng", "mL": "mL"}
_PLAIN |= {"ml": "mL", "mmol": "mmol", "IU": "[IU]", "units": "U", "unit": "U"}

# Denominators: what an amount is given per.
_PER_WORDS: tuple[tuple[str, str], ...] = (
    (r"1\.73\s?m\^?2|1\.73\s?(?:square\s?)?met(?:re|er)s?(?:\s?squared)?", "lab"),
    (r"(?:actual\s|ideal\s|adjusted\s)?(?:kg|KG|Kg)\b", "kg"),
    (r"(?i:kilograms?|kilogrammes?|kilos?)", "kg"),
    (r"[mM]\^?-?2(?!\d)|m\s2(?![\d.,]*\d)(?!\s?(?:x|×))|qm|sqm", "m2"),
    (
        r"(?i:sq(?:uare|\.)?\s?m(?:et(?:re|er)s?)?(?:\b|\.)|met(?:re|er)s?\s?(?:2|squared)"
        r"|m\s?sq\.?)", "m2"),
    (r"(?i:dose|administration|injection|infusion|application|treatment)", "dose"),
    (r"(?i:day|24\s?-?\s?(?:hours?|hrs?|h))|d|D(?!\s?\d)|die", "d"),
    (r"(?i:weeks?|wks?)|w", "wk"),
    (r"(?i:hours?|hrs?)|h|H", "h"),
    (r"(?i:minutes?|mins?)", "min"),
    (r"(?i:months?|mo)", "mo"),
    (r"(?i:cycle)", "cycle"),
    (r"(?i:course)", "course"),
    (
        r"(?i:100\s?ml|ml|millilit(?:re|er)s?)|cc|dL|dl|DL|(?i:decilit(?:re|er)s?)|µL|uL|µl"
        r"|(?i:microlit(?:re|er)s?)|L|l|(?i:lit(?:re|er)s?)|mm\^?3|cmm|mmol|mol|fL|g(?=[\s),.;]"
        r"|\Z)", "volume"),
)  # fmt: skip
_PER = re.compile("|".join(f"({pattern}){_END}" for pattern, _ in _PER_WORDS))
_PER_CODES: dict[int | None, str] = dict(enumerate((code for _, code in _PER_WORDS), start=1))
BASES = frozenset({"kg", "m2"})


@dataclass(frozen=True, slots=True)
class Spelled:
    """A unit found in a text: its code (or denominator code) and where it ends."""

    code: str
    end: int


def unit_at(text: str, at: int) -> Spelled | None:
    """The unit that begins exactly here, in full, or None."""
    run = _LETTER_RUN.match(text, at)
    if run is None:
        return None  # every unit begins with a letter
    if (plain := _PLAIN.get(run.group())) is not None:
        return Spelled(plain, run.end())
    match = _UNIT.match(text, at)
    return None if match is None else Spelled(_CODES[match.lastindex], match.end())


def per_at(text: str, at: int) -> Spelled | None:
    """The denominator that begins exactly here (kg, m2, dose, d, ... or volume), or None."""
    match = _PER.match(text, at)
    return None if match is None else Spelled(_PER_CODES[match.lastindex], match.end())


def canonical(value: Fraction, code: str) -> tuple[Fraction, str]:
    """The value in the base unit of its dimension, and the dimension.

    >>> canonical(Fraction(1), "g") == canonical(Fraction(1000), "mg")
    True
    """
    unit = UNITS.get(code)
    return (value, code) if unit is None else (value * unit.factor, unit.dimension)


def convert(value: Fraction, code: str, target: str) -> Fraction | None:
    """The exact value in another unit of the same dimension, else None."""
    here, there = UNITS.get(code), UNITS.get(target)
    if here is None or there is None or here.dimension != there.dimension:
        return None
    return value * here.factor / there.factor


_RANGE_END = re.compile(r"\s?(?:-{1,2}|~|to|/)\s?\d[\d.,]*[ -]?")


def cuts_amount(text: str, end: int) -> bool:
    """Whether a reading that ends here would cut an amount in two: "level 50|-100 mg"."""
    rest = _RANGE_END.match(text, end)
    return rest is not None and unit_at(text, rest.end()) is not None
