"""Which measurements of a patient are taken, and which are refused by name.

The bounds are those of section 10 of the dosing specification: wide enough for every patient,
narrow enough to catch a wrong unit. A value on a bound is taken.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from assistant.dosing.calculators.body import body_mass_index, mosteller
from assistant.dosing.calculators.decimals import display, exact_enough, plain, rounded
from assistant.dosing.calculators.errors import Refusal, RefusalCode

WEIGHT_KG = (Decimal("0.4"), Decimal(350))
HEIGHT_CM = (Decimal(25), Decimal(250))
SURFACE_M2 = (Decimal("0.1"), Decimal("3.5"))
BODY_MASS_INDEX = (Decimal(10), Decimal(80))
BODY_MASS_INDEX_OVER_YEARS = Decimal(2)
CREATININE_UMOL_L = (Decimal(5), Decimal(3000))
AGE_YEARS = (Decimal(0), Decimal(130))
RATE_ML_MIN = (Decimal(0), Decimal(500))  # ours; section 10 has none: catches mL/s
UMOL_L_PER_MG_DL = Decimal("88.4")

_BAND_FILE = Path(__file__).parent / "weight_band.toml"
_GUARD_PLACES = 12  # 3000 µmol/L stays 3000 after a conversion to mg/dL and back


@dataclass(frozen=True, slots=True)
class WeightBand:
    """The weights in kg that are taken up to, but not including, an age in years."""

    below_years: Fraction
    low_kg: Decimal
    high_kg: Decimal


@lru_cache(maxsize=1)
def weight_bands() -> tuple[WeightBand, ...]:
    """The bands from birth to 20 years, in order of age."""
    with _BAND_FILE.open("rb") as file:
        rows = tomllib.load(file)["band"]
    return tuple(
        WeightBand(Fraction(row["below"]), Decimal(row["low"]), Decimal(row["high"]))
        for row in rows
    )


def check_weight(weight_kg: Decimal) -> Refusal | None:
    """IMPLAUSIBLE outside 0.4 to 350 kg."""
    return _outside("weight", weight_kg, "kg", WEIGHT_KG)


def check_height(height_cm: Decimal) -> Refusal | None:
    """IMPLAUSIBLE outside 25 to 250 cm."""
    return _outside("height", height_cm, "cm", HEIGHT_CM)


def check_age(age_years: Decimal) -> Refusal | None:
    """IMPLAUSIBLE below 0 or above 130 years."""
    return _outside("age", age_years, "years", AGE_YEARS)


def check_surface(surface_m2: Decimal) -> Refusal | None:
    """IMPLAUSIBLE outside 0.1 to 3.5 m2."""
    return _outside("body surface", surface_m2, "m²", SURFACE_M2)


def check_rate(rate_ml_min: Decimal) -> Refusal | None:
    """IMPLAUSIBLE outside 0 to 500 mL/min, also of a rate per 1.73 m2."""
    return _outside("kidney function", rate_ml_min, "mL/min", RATE_ML_MIN)


def check_creatinine(creatinine_mg_dl: Decimal) -> Refusal | None:
    """IMPLAUSIBLE outside 5 to 3000 µmol/L (0.057 to 33.9 mg/dL)."""
    with exact_enough():
        micromol = rounded(creatinine_mg_dl * UMOL_L_PER_MG_DL, _GUARD_PLACES)
    low, high = CREATININE_UMOL_L
    if low <= micromol <= high:
        return None
    return Refusal(
        RefusalCode.IMPLAUSIBLE,
        f"creatinine {_short(creatinine_mg_dl)} mg/dL ({display(micromol, 0)} µmol/L) lies outside "
        f"{low}–{high} µmol/L. Check the value and its unit.",
    )


def check_age_weight(age_years: Decimal, weight_kg: Decimal) -> Refusal | None:
    """AGE_WEIGHT when a weight lies outside the 0.1–99.9 centile band of a child's age.

    From 20 years there is no band. See ``weight_band.toml`` for what the band is.
    """
    band = next((b for b in weight_bands() if Fraction(age_years) < b.below_years), None)
    if band is None or band.low_kg <= weight_kg <= band.high_kg:
        return None
    return Refusal(
        RefusalCode.AGE_WEIGHT,
        f"weight {_short(weight_kg)} kg at {_age(age_years)} lies outside {plain(band.low_kg)}–"
        f"{plain(band.high_kg)} kg. Check both, and that the weight is not in pounds.",
    )


def check_body(
    height_cm: Decimal, weight_kg: Decimal, age_years: Decimal | None = None
) -> Refusal | None:
    """The first reason why a height and a weight are not taken together; None when they are.

    The body-mass index is judged over age 2, and also when the age is not known.
    """
    refusal = (
        check_weight(weight_kg)
        or check_height(height_cm)
        or (check_age(age_years) if age_years is not None else None)
        or (check_age_weight(age_years, weight_kg) if age_years is not None else None)
    )
    if refusal:
        return refusal
    if age_years is None or age_years > BODY_MASS_INDEX_OVER_YEARS:
        index = body_mass_index(height_cm, weight_kg)
        low, high = BODY_MASS_INDEX
        if not low <= index <= high:
            advice = " For a child up to 2 years, give the age." if age_years is None else ""
            return Refusal(
                RefusalCode.IMPLAUSIBLE,
                f"height {_short(height_cm)} cm with weight {_short(weight_kg)} kg gives a "
                f"body-mass index of {display(index, 1)} kg/m², outside {low}–{high}. "
                f"Check both values and their units.{advice}",
            )
    return check_surface(mosteller(height_cm, weight_kg))


def _outside(
    name: str, value: Decimal, unit: str, bounds: tuple[Decimal, Decimal]
) -> Refusal | None:
    low, high = bounds
    if low <= value <= high:
        return None
    return Refusal(
        RefusalCode.IMPLAUSIBLE,
        f"{name} {_short(value)} {unit} lies outside {plain(low)}–{plain(high)} {unit}. "
        "Check the value and its unit.",
    )


def _short(value: Decimal) -> str:
    return plain(rounded(value, 3))


def _age(years: Decimal) -> str:
    if years >= BODY_MASS_INDEX_OVER_YEARS:
        return f"{plain(rounded(years, 1))} years"
    return f"{plain(rounded(years * 12, 1))} months"
