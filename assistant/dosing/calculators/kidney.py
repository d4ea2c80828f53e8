"""Kidney function: creatinine clearance in mL/min, and filtration rate per 1.73 m2.

The two are not the same: a rule in mL/min takes a clearance, or a de-indexed filtration rate.
None of these is valid while the creatinine is changing. Creatinine in mg/dL throughout.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.dosing.calculators.body import ADULT_YEARS, Sex, adjusted_weight, ideal_weight
from assistant.dosing.calculators.decimals import display, exact_enough, plain
from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode

REFERENCE_SURFACE_M2 = Decimal("1.73")
GFR_CAP = Decimal(125)  # mL/min, for the AUC-targeted dose
OLDEST = Decimal(130)


def cockcroft_gault(
    age_years: Decimal, weight_kg: Decimal, creatinine_mg_dl: Decimal, sex: Sex
) -> Decimal:
    """Creatinine clearance in mL/min: (140 - age) x weight / (72 x creatinine), x 0.85 if female.

    Raises CalculationRefused: CHILD_CLEARANCE under 18 years, IMPLAUSIBLE from 130 years.
    Source: CG-Page.
    """
    if age_years < ADULT_YEARS:
        raise CalculationRefused.because(
            RefusalCode.CHILD_CLEARANCE,
            f"Cockcroft–Gault is for adults; the age is {plain(age_years)} years. "
            "Use bedside Schwartz (1–18 years), or a measured clearance.",
        )
    _refuse_very_old(age_years)
    with exact_enough():
        clearance = (140 - age_years) * weight_kg / (72 * creatinine_mg_dl)
        return clearance * Decimal("0.85") if sex is Sex.FEMALE else clearance


def ckd_epi_2021(age_years: Decimal, creatinine_mg_dl: Decimal, sex: Sex) -> Decimal:
    """Estimated filtration rate in mL/min/1.73 m2, CKD-EPI 2021, from 18 years.

    142 x min(Scr/k, 1)^a x max(Scr/k, 1)^-1.200 x 0.9938^age, x 1.012 if female;
    k 0.7 and a -0.241 for women, k 0.9 and a -0.302 for men.
    Raises CalculationRefused: CHILD_CLEARANCE under 18 years, IMPLAUSIBLE from 130 years.
    Source: NKF-CKDEPI.
    """
    if age_years < ADULT_YEARS:
        raise CalculationRefused.because(
            RefusalCode.CHILD_CLEARANCE,
            f"CKD-EPI 2021 is for adults; the age is {plain(age_years)} years. "
            "Use bedside Schwartz (1–18 years).",
        )
    _refuse_very_old(age_years)
    female = sex is Sex.FEMALE
    with exact_enough():
        kappa = Decimal("0.7") if female else Decimal("0.9")
        alpha = Decimal("-0.241") if female else Decimal("-0.302")
        ratio = creatinine_mg_dl / kappa
        shape = min(ratio, Decimal(1)) ** alpha * max(ratio, Decimal(1)) ** Decimal("-1.200")
        rate = 142 * shape * Decimal("0.9938") ** age_years
        return rate * Decimal("1.012") if female else rate


def bedside_schwartz(age_years: Decimal, height_cm: Decimal, creatinine_mg_dl: Decimal) -> Decimal:
    """Estimated filtration rate of a child in mL/min/1.73 m2: 0.413 x height / creatinine.

    For ages 1 to 18 years, both included; raises CalculationRefused (CONTEXT) outside.
    Source: NKF-Schwartz.
    """
    if not 1 <= age_years <= ADULT_YEARS:
        raise CalculationRefused.because(
            RefusalCode.CONTEXT,
            f"Bedside Schwartz is for ages 1 to 18 years; the age is {plain(age_years)} years. "
            "Use CKD-EPI 2021 or Cockcroft–Gault in adults, a measured value in infants.",
        )
    with exact_enough():
        return Decimal("0.413") * height_cm / creatinine_mg_dl


def deindexed(rate_per_173: Decimal, surface_m2: Decimal) -> Decimal:
    """A rate per 1.73 m2 as mL/min of this patient: rate x surface / 1.73."""
    with exact_enough():
        return rate_per_173 * surface_m2 / REFERENCE_SURFACE_M2


def calvert(target_auc: Decimal, gfr_ml_min: Decimal) -> Decimal:
    """Carboplatin dose in mg for a target AUC (mg/mL x min): AUC x (GFR + 25).

    The GFR counts as no more than 125 mL/min.
    """
    with exact_enough():
        return target_auc * (min(gfr_ml_min, GFR_CAP) + 25)


@dataclass(frozen=True, slots=True)
class WeightComparison:
    """Cockcroft–Gault in mL/min with each kind of weight, side by side.

    ``ideal`` and ``adjusted`` are None below 152.4 cm. ``crossed`` names the band boundaries
    (mL/min) that lie between the smallest and the largest: where it is not empty, the choice
    of weight decides the dose and has to be made by a person.
    """

    weights_kg: tuple[tuple[str, Decimal], ...]  # kind -> kg
    actual: Decimal
    ideal: Decimal | None
    adjusted: Decimal | None
    crossed: tuple[Decimal, ...]

    @property
    def values(self) -> tuple[tuple[str, Decimal], ...]:
        """(kind of weight, clearance), those that could be calculated."""
        pairs = (("actual", self.actual), ("ideal", self.ideal), ("adjusted", self.adjusted))
        return tuple((kind, value) for kind, value in pairs if value is not None)

    def __str__(self) -> str:
        shown = ", ".join(f"{display(value, 1)} ({kind})" for kind, value in self.values)
        return f"{shown} mL/min"


def clearance_by_weight(
    *,
    age_years: Decimal,
    height_cm: Decimal,
    weight_kg: Decimal,
    creatinine_mg_dl: Decimal,
    sex: Sex,
    boundaries: Sequence[Decimal] = (),
) -> WeightComparison:
    """Cockcroft–Gault with actual, ideal and adjusted weight, and the boundaries it crosses.

    A boundary is crossed when the weights do not all lie on one side of it; a value equal to
    it counts as lying on neither side, because sources differ on which band owns the edge.
    Raises what :func:`cockcroft_gault` raises.
    """

    def clearance(kg: Decimal) -> Decimal:
        return cockcroft_gault(age_years, kg, creatinine_mg_dl, sex)

    weights = [("actual", weight_kg)]
    try:
        ideal_kg = ideal_weight(height_cm, sex, age_years)
    except CalculationRefused:
        pass  # too short for Devine: only the actual weight remains
    else:
        weights += [("ideal", ideal_kg), ("adjusted", adjusted_weight(ideal_kg, weight_kg))]
    found = {kind: clearance(kg) for kind, kg in weights}
    low, high = min(found.values()), max(found.values())
    return WeightComparison(
        weights_kg=tuple(weights),
        actual=found["actual"],
        ideal=found.get("ideal"),
        adjusted=found.get("adjusted"),
        crossed=tuple(b for b in boundaries if low <= b <= high and low != high),
    )


def _refuse_very_old(age_years: Decimal) -> None:
    if age_years >= OLDEST:
        raise CalculationRefused.because(
            RefusalCode.IMPLAUSIBLE,
            f"The age is {plain(age_years)} years; give it in years, below {OLDEST}.",
        )
