"""Body surface area, ideal and adjusted weight, body-mass index.

Heights in cm, weights in kg; results unrounded. Each formula names its bibliography key.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from assistant.dosing.calculators.decimals import exact_enough
from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode

CM_PER_INCH = Decimal("2.54")
LEAST_HEIGHT_CM = Decimal("152.4")  # 60 inches, where the Devine formula begins
ADULT_YEARS = Decimal(18)


class Sex(StrEnum):
    """The sex that a formula asks for."""

    FEMALE = "female"
    MALE = "male"


class Surface(StrEnum):
    """A formula for the body surface area."""

    MOSTELLER = "mosteller"
    DUBOIS = "dubois"
    HAYCOCK = "haycock"


def mosteller(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface area in m2: sqrt(height x weight / 3600). Source: GlobalRPh-BSA."""
    with exact_enough():
        return (height_cm * weight_kg / 3600).sqrt()


def dubois(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface area in m2: 0.007184 x height^0.725 x weight^0.425. Source: GlobalRPh-BSA."""
    with exact_enough():
        powers = height_cm ** Decimal("0.725") * weight_kg ** Decimal("0.425")
        return Decimal("0.007184") * powers


def haycock(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface area in m2: 0.024265 x height^0.3964 x weight^0.5378.

    Source: GlobalRPh-BSA.
    """
    with exact_enough():
        powers = height_cm ** Decimal("0.3964") * weight_kg ** Decimal("0.5378")
        return Decimal("0.024265") * powers


def surface(formula: Surface, height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body surface area in m2 by the named formula."""
    match formula:
        case Surface.MOSTELLER:
            return mosteller(height_cm, weight_kg)
        case Surface.DUBOIS:
            return dubois(height_cm, weight_kg)
        case Surface.HAYCOCK:
            return haycock(height_cm, weight_kg)


def ideal_weight(height_cm: Decimal, sex: Sex, age_years: Decimal | None = None) -> Decimal:
    """Ideal body weight of an adult in kg, by Devine: 50 (men) or 45.5 + 2.3 per inch over 60.

    Raises CalculationRefused (CONTEXT) below 152.4 cm or 18 years, where it is not valid.
    Source: ClinCalc-IBW.
    """
    if age_years is not None and age_years < ADULT_YEARS:
        raise CalculationRefused.because(
            RefusalCode.CONTEXT,
            f"Ideal body weight (Devine) is for adults; the age is {age_years:f} years. "
            "Use the actual weight, or a method for children.",
        )
    if height_cm < LEAST_HEIGHT_CM:
        raise CalculationRefused.because(
            RefusalCode.CONTEXT,
            f"Ideal body weight (Devine) is not valid below 152.4 cm (60 inches); the height is "
            f"{height_cm:f} cm. Use the actual weight, or another method.",
        )
    with exact_enough():
        inches_over_60 = height_cm / CM_PER_INCH - 60
        base = Decimal(50) if sex is Sex.MALE else Decimal("45.5")
        return base + Decimal("2.3") * inches_over_60


def adjusted_weight(ideal_kg: Decimal, actual_kg: Decimal) -> Decimal:
    """Adjusted body weight in kg: ideal + 0.4 x (actual - ideal). Source: ClinCalc-IBW."""
    with exact_enough():
        return ideal_kg + Decimal("0.4") * (actual_kg - ideal_kg)


def body_mass_index(height_cm: Decimal, weight_kg: Decimal) -> Decimal:
    """Body-mass index in kg/m2."""
    with exact_enough():
        height_m = height_cm / 100
        return weight_kg / (height_m * height_m)
