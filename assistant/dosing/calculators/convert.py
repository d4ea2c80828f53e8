"""A measured value as someone writes it -> the exact value in one base unit, or a refusal.

The table of units is closed: a missing or unknown unit is refused by name, never guessed
(a creatinine of 88 or of 1.0 is a factor of 88.4 apart). Conversion factors are those that
the source of the formulas prints; all arithmetic is on exact fractions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from assistant.dosing.calculators.decimals import to_decimal
from assistant.dosing.calculators.errors import Refusal, RefusalCode


class Analyte(StrEnum):
    """What is measured; each has one base unit and a closed list of units."""

    WEIGHT = "weight"
    HEIGHT = "height"
    AGE = "age"
    SURFACE = "body surface"
    CREATININE = "creatinine"
    CLEARANCE = "creatinine clearance"
    INDEXED_RATE = "filtration rate per 1.73 m2"
    TRIGLYCERIDES = "triglycerides"
    FIBRINOGEN = "fibrinogen"
    BILIRUBIN = "bilirubin"
    FERRITIN = "ferritin"
    HAEMOGLOBIN = "haemoglobin"
    CELLS = "cell count"  # platelets, leucocytes, neutrophils
    ENZYME = "enzyme activity"  # AST, LDH
    RECEPTOR = "receptor activity"  # soluble receptors counted in units
    TEMPERATURE = "temperature"
    DOSE_PER_SURFACE = "dose per body surface"
    DOSE = "dose"
    AUC = "area under the curve"


@dataclass(frozen=True, slots=True)
class Unit:
    """base value = written value x factor + offset."""

    name: str  # as printed
    factor: Fraction
    offset: Fraction = Fraction(0)
    spellings: tuple[str, ...] = ()


def _unit(name: str, factor: str | Fraction, *spellings: str, offset: str = "0") -> Unit:
    return Unit(name, Fraction(factor), Fraction(offset), (name, *spellings))


_CREATININE = Fraction("88.4")  # µmol/L in 1 mg/dL
_TRIGLYCERIDES = Fraction("88.57")  # mg/dL in 1 mmol/L
_BILIRUBIN = Fraction("17.1")  # µmol/L in 1 mg/dL
_POUND = Fraction("0.45359237")  # kg, exact by definition

# The first unit of each is its base unit. Case counts: mg is not Mg. A year is 365.25 days
# and twelve months, as in UCUM.
UNITS: Mapping[Analyte, tuple[Unit, ...]] = {
    Analyte.WEIGHT: (
        _unit("kg", "1", "kilogram", "kilograms", "kilo", "kilos"),
        _unit("g", Fraction(1, 1000), "gram", "grams"),
        _unit("lb", _POUND, "lbs", "pound", "pounds"),
    ),
    Analyte.HEIGHT: (
        _unit("cm", "1", "centimetre", "centimetres", "centimeter", "centimeters"),
        _unit("m", "100", "metre", "metres", "meter", "meters"),
        _unit("mm", "0.1", "millimetre", "millimetres", "millimeter", "millimeters"),
        _unit("in", "2.54", "inch", "inches"),
    ),
    Analyte.AGE: (
        _unit("years", "1", "year", "y", "yr", "yrs", "a"),
        _unit("months", Fraction(1, 12), "month", "mo"),
        _unit("weeks", Fraction(28, 1461), "week", "wk", "wks"),
        _unit("days", Fraction(4, 1461), "day", "d"),
    ),
    Analyte.SURFACE: (_unit("m²", "1", "m2", "m^2", "sqm"),),
    Analyte.CREATININE: (
        _unit("mg/dL", "1", "mg/dl", "mg/100mL"),
        _unit("µmol/L", 1 / _CREATININE, "umol/L", "umol/l", "µmol/l", "micromol/L", "micromol/l"),
    ),
    Analyte.CLEARANCE: (
        _unit("mL/min", "1", "ml/min"),
        _unit("mL/s", "60", "ml/s"),
    ),
    Analyte.INDEXED_RATE: (
        _unit("mL/min/1.73 m²", "1", "mL/min/1.73m2", "ml/min/1.73m2", "mL/min/1.73m²"),
    ),
    Analyte.TRIGLYCERIDES: (
        _unit("mmol/L", "1", "mmol/l"),
        _unit("mg/dL", 1 / _TRIGLYCERIDES, "mg/dl"),
    ),
    Analyte.FIBRINOGEN: (
        _unit("g/L", "1", "g/l"),
        _unit("mg/dL", Fraction(1, 100), "mg/dl"),
    ),
    Analyte.BILIRUBIN: (
        _unit("mg/dL", "1", "mg/dl"),
        _unit("µmol/L", 1 / _BILIRUBIN, "umol/L", "umol/l", "µmol/l", "micromol/L", "micromol/l"),
    ),
    Analyte.FERRITIN: (
        _unit("ng/mL", "1", "ng/ml"),
        _unit("µg/L", "1", "ug/L", "ug/l", "µg/l", "mcg/L", "mcg/l", "microgram/L", "micrograms/L"),
    ),
    Analyte.HAEMOGLOBIN: (
        _unit("g/L", "1", "g/l"),
        _unit("g/dL", "10", "g/dl"),
    ),
    Analyte.CELLS: (
        _unit("×10⁹/L", "1", "x10^9/L", "x10^9/l", "10^9/L", "x109/L", "x10⁹/L", "10⁹/L", "G/L"),
        _unit(
            "×10³/µL", "1", "x10^3/uL", "x10^3/µL", "10^3/uL", "10^3/µL", "x10³/µL", "K/uL", "K/µL"
        ),
        _unit("/µL", Fraction(1, 1000), "/uL", "/ul", "/mm3", "/mm³", "cells/uL", "cells/µL"),
    ),
    Analyte.ENZYME: (_unit("U/L", "1", "U/l", "IU/L", "IU/l"),),
    Analyte.RECEPTOR: (_unit("U/mL", "1", "U/ml"),),
    Analyte.TEMPERATURE: (
        _unit("°C", "1", "C", "celsius", "degC"),
        _unit("°F", Fraction(5, 9), "F", "fahrenheit", "degF", offset="-160/9"),
    ),
    Analyte.DOSE_PER_SURFACE: (
        _unit("mg/m²", "1", "mg/m2", "mg/m^2"),
        _unit("g/m²", "1000", "g/m2", "g/m^2"),
    ),
    Analyte.DOSE: (
        _unit("mg", "1"),
        _unit("g", "1000"),
        _unit("µg", Fraction(1, 1000), "ug", "mcg", "microgram", "micrograms"),
    ),
    Analyte.AUC: (_unit("mg/mL × min", "1", "mg/mL*min", "mg/mL.min", "mg*min/mL"),),
}

# Where a value of four or five digits is ordinary, "12.400" may be a thousand written with a
# point: it is refused.
_THOUSANDS_COMMON = {Analyte.FERRITIN, Analyte.ENZYME, Analyte.RECEPTOR, Analyte.CELLS}

_NUMBER = re.compile(r"[-−]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
_MOST_CHARACTERS = 40  # of one number; a longer one is a slip, and costly to calculate with
_MOST_SHOWN = 60  # characters of what was given
_MICRO = str.maketrans({"μ": "µ", "−": "-", "\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True, slots=True)
class Measured:
    """One value that was read: exact in the analyte's base unit, and as it was written."""

    analyte: Analyte
    value: Fraction
    number: Fraction  # as written, in ``unit``
    unit: str  # as printed in the table of units

    @property
    def decimal(self) -> Decimal:
        """The value in the base unit, at most 28 digits."""
        return to_decimal(self.value)

    def __str__(self) -> str:
        return written(self.number, self.unit)


def base_unit(analyte: Analyte) -> str:
    """The unit in which values of this kind are compared and calculated."""
    return UNITS[analyte][0].name


def unit_names(analyte: Analyte) -> str:
    """The units in which this may be given, for a sentence: "mg/dL or µmol/L"."""
    names = [unit.name for unit in UNITS[analyte]]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def find_unit(text: str, analyte: Analyte) -> Unit | None:
    """The unit that a spelling means for this analyte; None when it is not in the table."""
    wanted = text.translate(_MICRO).replace(" ", "").replace("×", "x")
    for unit in UNITS[analyte]:
        if any(wanted == s.replace(" ", "").replace("×", "x") for s in unit.spellings):
            return unit
    return None


def in_unit(value: Fraction, unit: Unit) -> Fraction:
    """A base value in another unit of the same analyte.

    >>> in_unit(Fraction(1), UNITS[Analyte.FIBRINOGEN][1])
    Fraction(100, 1)
    """
    return (value - unit.offset) / unit.factor


def read_value(text: str, analyte: Analyte, name: str = "") -> Measured | Refusal:
    """The exact value of "88 µmol/L", or why it can't be taken.

    ``name`` is what the refusal calls the value; by default the analyte. Refuses: MISSING
    for an empty text, UNREADABLE for what is no number, UNIT_MISSING without a unit of the
    table.

    >>> read_value("88", Analyte.CREATININE).message
    'creatinine 88: the unit is missing. Write mg/dL or µmol/L.'
    """
    name = name or str(analyte)
    given = text.translate(_MICRO).strip()
    if not given:
        return Refusal(RefusalCode.MISSING, f"{name} is missing. Give it in {unit_names(analyte)}.")
    match = _NUMBER.match(given)
    if (
        match is None
        or len(match.group()) > _MOST_CHARACTERS
        or given[match.end() : match.end() + 1] in {",", "."}
    ):
        return Refusal(
            RefusalCode.UNREADABLE,
            f"{name} {given[:_MOST_SHOWN]}: this is no number. Write digits with a decimal "
            f"point, then {unit_names(analyte)}.",
        )
    digits, rest = match.group(), given[match.end() :].strip()
    if analyte in _THOUSANDS_COMMON and re.fullmatch(r"-?\d{1,3}\.\d{3}", digits):
        plain = digits.replace(".", "")
        return Refusal(
            RefusalCode.UNREADABLE,
            f"{name} {given}: the point may mean a decimal or thousands. Write {plain} or "
            f"{digits}0.",
        )
    number = Fraction(digits.replace(",", ""))
    if not rest:
        return Refusal(
            RefusalCode.UNIT_MISSING,
            f"{name} {given}: the unit is missing. Write {unit_names(analyte)}.",
        )
    unit = find_unit(rest, analyte)
    if unit is None:
        return Refusal(
            RefusalCode.UNIT_MISSING,
            f"{name} {given}: the unit '{rest}' is not known for {name}. "
            f"Write {unit_names(analyte)}.",
        )
    return Measured(analyte, number * unit.factor + unit.offset, number, unit.name)


def written(number: Fraction, unit: str) -> str:
    """A number and its unit for reading: "88 µmol/L", "42 ×10⁹/L"."""
    text = f"{to_decimal(number):f}"  # a quotient has no trailing zeros
    return f"{text}{'' if unit.startswith('/') else ' '}{unit}"
