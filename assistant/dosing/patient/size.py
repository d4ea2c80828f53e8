"""Step 1: the size that a dose is multiplied by, rounded and used as rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assistant.dosing.calculators.body import (
    Sex,
    Surface,
    adjusted_weight,
    ideal_weight,
    surface,
)
from assistant.dosing.calculators.decimals import to_decimal
from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode
from assistant.dosing.model import decimal_text
from assistant.dosing.patient.amounts import fixed, half_away, number, signed_percent
from assistant.dosing.patient.model import Dated, Input, Patient, Span, Step, StepName
from assistant.dosing.table.model import Rule

SURFACE_STEP = Fraction(1, 100)  # m2
WEIGHT_STEP = Fraction(1, 1000)  # kg; a weight in pounds is used to the gram
NAMED_WEIGHT_STEP = Fraction(1, 10)  # kg, of an ideal or adjusted weight
NOTED_DIFFERENCE = Fraction(5, 100)  # between two surface formulas
DEFAULT_SURFACE = Surface.MOSTELLER

_NAMES = {
    Surface.MOSTELLER: "Mosteller",
    Surface.DUBOIS: "DuBois",
    Surface.HAYCOCK: "Haycock",
}
_FORMULAS = {
    Surface.MOSTELLER: "√({h} × {w} / 3600)",
    Surface.DUBOIS: "0.007184 × {h}^0.725 × {w}^0.425",
    Surface.HAYCOCK: "0.024265 × {h}^0.3964 × {w}^0.5378",
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a dose is multiplied by; ``step`` prints it. A flat dose has value 1, unit ""."""

    value: Fraction
    unit: str  # "m2" | "kg" | ""
    step: Step | None
    notices: tuple[str, ...] = ()


def weight_kg(weight: Dated) -> Fraction:
    """The actual weight to the gram, as every formula here uses it."""
    return half_away(weight.value, WEIGHT_STEP)


def surface_formula(rule: Rule) -> Surface:
    """The formula that the rule names; Mosteller when it names none."""
    named = rule.calculate.size.removeprefix("bsa.") if rule.calculate else ""
    return Surface(named) if named else DEFAULT_SURFACE


def surface_m2(patient: Patient, formula: Surface = DEFAULT_SURFACE) -> Fraction | None:
    """The body surface rounded to 0.01 m2; None without weight and height."""
    if patient.weight is None or patient.height is None:
        return None
    return half_away(Fraction(_surface(patient, formula)), SURFACE_STEP)


def size_of(rule: Rule, patient: Patient) -> Size:
    """The size that the rule's basis asks for.

    Raises CalculationRefused (MISSING) when an input is not there, and what the ideal weight
    raises where its formula is not valid.
    """
    basis = rule.dose.basis if rule.dose else ""
    if basis == "m2":
        return _surface_size(patient, surface_formula(rule))
    if basis == "kg":
        return _weight_size(patient, rule.calculate.weight if rule.calculate else "actual")
    return Size(Fraction(1), "", None)


def _surface(patient: Patient, formula: Surface) -> Decimal:
    height, weight = _present(patient.height, "height"), _present(patient.weight, "weight")
    return surface(formula, to_decimal(height.value), to_decimal(weight_kg(weight)))


def _surface_size(patient: Patient, formula: Surface) -> Size:
    height, weight = _present(patient.height, "height"), _present(patient.weight, "weight")
    exact = Fraction(_surface(patient, formula))
    used = half_away(exact, SURFACE_STEP)
    other = _cross_check(formula)
    check = Fraction(_surface(patient, other))
    cross = f"{_NAMES[other]} {fixed(check, 2)}, {signed_percent(check, exact)}"
    shown = _FORMULAS[formula].format(
        h=decimal_text(height.value), w=decimal_text(weight_kg(weight))
    )
    notices: tuple[str, ...] = ()
    if abs(check - exact) > NOTED_DIFFERENCE * exact:
        notices = (
            f"The surface by {_NAMES[other]} differs by {signed_percent(check, exact)} from "
            f"{_NAMES[formula]}; the dose would change as much.",
        )
    step = Step(
        name=StepName.SIZE,
        label="Surface",
        formula=_FORMULAS[formula].format(h="height", w="weight"),
        inputs=(
            Input("height", Span(height.value, height.value, "cm")),
            Input("weight", Span(weight_kg(weight), weight_kg(weight), "kg")),
        ),
        operation=f"bsa.{formula}, rounded to 0.01 m²",
        output=Span(used, used, "m2"),
        text=f"{shown} = {fixed(used, 2)} m²  ({_NAMES[formula]}, rounded; {cross})",
        note=cross,
    )
    return Size(used, "m2", step, notices)


def _cross_check(formula: Surface) -> Surface:
    return Surface.MOSTELLER if formula is Surface.DUBOIS else Surface.DUBOIS


def _weight_size(patient: Patient, kind: str) -> Size:
    weight = _present(patient.weight, "weight")
    actual = weight_kg(weight)
    used, shown, formula = actual, f"{number(actual)} kg (actual)", "weight"
    inputs = [Input("weight", Span(actual, actual, "kg"))]
    if kind != "actual":
        height = _present(patient.height, "height")
        ideal = named_weight(patient, "ideal")
        male = patient.sex is Sex.MALE
        formula = f"{'50' if male else '45.5'} + 2.3 × (height / 2.54 − 60)"
        shown = (
            f"{formula.replace('height', decimal_text(height.value))} = {fixed(ideal, 1)} kg "
            "(ideal, Devine, rounded)"
        )
        inputs.append(Input("height", Span(height.value, height.value, "cm")))
        used = ideal
    if kind == "adjusted":
        used = named_weight(patient, "adjusted")
        formula = "ideal + 0.4 × (actual − ideal)"
        shown += (
            f"; {fixed(ideal, 1)} + 0.4 × ({number(actual)} − {fixed(ideal, 1)}) = "
            f"{fixed(used, 1)} kg (adjusted, rounded)"
        )
    step = Step(
        name=StepName.SIZE,
        label="Weight",
        formula=formula,
        inputs=tuple(inputs),
        operation=f"weight.{kind}",
        output=Span(used, used, "kg"),
        text=shown,
    )
    notices: tuple[str, ...] = ()
    if used > actual:
        notices = (f"the {kind} weight is above the actual weight of {number(actual)} kg",)
    return Size(used, "kg", step, notices)


def named_weight(patient: Patient, kind: str) -> Fraction:
    """The actual, ideal or adjusted weight in kg; the last two rounded to 0.1 kg.

    Raises CalculationRefused where an input is missing or the formula is not valid.
    """
    weight = weight_kg(_present(patient.weight, "weight"))
    if kind == "actual":
        return weight
    if patient.sex is None:
        raise _missing("sex")
    height = to_decimal(_present(patient.height, "height").value)
    years = to_decimal(Fraction(patient.age.completed_years)) if patient.age else None
    ideal = half_away(Fraction(ideal_weight(height, patient.sex, years)), NAMED_WEIGHT_STEP)
    if kind == "ideal":
        return ideal
    adjusted = adjusted_weight(to_decimal(ideal), to_decimal(weight))
    return half_away(Fraction(adjusted), NAMED_WEIGHT_STEP)


def _present(value: Dated | None, name: str) -> Dated:
    if value is None:
        raise _missing(name)
    return value


def _missing(name: str) -> CalculationRefused:
    return CalculationRefused.because(
        RefusalCode.MISSING, f"The {name} is missing. Give it with its unit."
    )
