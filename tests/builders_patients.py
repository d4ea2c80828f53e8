"""Rules and patients for tests of calculations: each says only what matters."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from assistant.dosing.calculators.convert import Analyte, Measured
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Patient,
    Plan,
    Working,
    calculate,
    read_patient,
)
from assistant.dosing.patient.model import Dated
from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import (
    Action,
    Adjustment,
    Amount,
    Calculate,
    Context,
    Cumulative,
    DoseKind,
    DoseRange,
    Population,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Status,
    Table,
)
from corpus.library import BUNDLED, load_library
from corpus.model import Verification

TODAY = date(2026, 11, 22)
DAILY, TWICE_DAILY = Frequency(1, 1, "d"), Frequency(2, 1, "d")
WEEKLY, TWICE_WEEKLY = Frequency(1, 1, "wk"), Frequency(2, 1, "wk")
HLH = "hemophagocytic lymphohistiocytosis"
MIDDLE = CalculationPolicy.UNREVIEWED_WITH_NOTICE


@cache
def bundled_table() -> Table:
    """The rules table of the bundled library."""
    library = load_library()
    return load_table(
        BUNDLED / "dosing",
        drugs=library.drugs,
        passages={passage.id: passage.sha256 for passage in library.passages.values()},
        sources=library.bibliography,
    )


def an_amount(text: str) -> Amount:
    """ "5 mg" or "1 g/kg" as an amount."""
    value, unit = text.split()
    amount_unit, _, basis = unit.partition("/")
    return Amount(Fraction(value), amount_unit, basis)


def a_dose(
    low: str | None,
    high: str = "",
    unit: str = "mg/m2",
    kind: DoseKind = DoseKind.PER_ADMINISTRATION,
    hard: str = "",
    **fields: Any,
) -> DoseRange:
    """A dose range; ``high`` is left out where it equals ``low``."""
    amount_unit, _, basis = unit.partition("/")
    return DoseRange(
        kind=kind,
        unit=amount_unit,
        basis=basis,
        low=None if low is None else Fraction(low),
        high=Fraction(high or low or "0"),
        hard_max=Fraction(hard) if hard else None,
        **fields,
    )


def a_rule(dose: DoseRange | None, **fields: Any) -> Rule:
    """A draft rule of an invented drug, read in its source."""
    plain: dict[str, Any] = {
        "id": "exampline.rule",
        "drug": "exampline",
        "version": 1,
        "status": Status.DRAFT,
        "kind": RuleKind.DOSE,
        "effective_from": TODAY,
        "review_due": date(2027, 5, 22),
        "context": Context(),
        "sources": (RuleSource(key="Alpha2020"),),
        "verification": Verification.READ,
        "calculate": Calculate(),
    }
    return Rule(dose=dose, **{**plain, **fields})


def a_band(low: str = "", high: str = "", **fields: Any) -> Adjustment:
    """A band of the creatinine clearance in mL/min unless ``fields`` say otherwise."""
    plain: dict[str, Any] = {"variable": "creatinine_clearance", "unit": "mL/min"}
    return Adjustment(
        low=Fraction(low) if low else None,
        high=Fraction(high) if high else None,
        **{**plain, **fields},
    )


def etoposide_draft(**fields: Any) -> Rule:
    """The first draft rule of the dosing specification, section 7."""
    plain: dict[str, Any] = {
        "id": "etoposide.hlh.adult.reduced",
        "drug": "etoposide",
        "context": Context(
            indications=(HLH,), population=Population(age_min=Fraction(18)), phase="induction"
        ),
        "sources": (
            RuleSource(key="Seed"),
            RuleSource(key="Label"),
            RuleSource(key="Review"),
        ),
        "schedule": Schedule(
            frequencies=(WEEKLY, TWICE_WEEKLY),
            routes=("IV",),
            duration=Bound(None, Fraction(8), "wk"),
        ),
        "cumulative": Cumulative(
            scope="lifetime", unit="g", basis="m2", soft_max=Fraction(2), hard_max=Fraction(3)
        ),
        "adjust": (
            a_band(
                "15",
                "50",
                high_closed=True,
                action=Action.MULTIPLY,
                factor=Fraction(3, 4),
                source="s2",
            ),
            a_band("", "15", action=Action.REFUSE, source="s3"),
        ),
        "calculate": Calculate(size="bsa.mosteller", round_step=an_amount("5 mg")),
    }
    return a_rule(a_dose("50", "100", hard="150"), **{**plain, **fields})


def a_patient(**fields: str) -> Patient:
    """The adult of the worked examples (175 cm, 70 kg); an empty text leaves a field out."""
    plain = {
        "age": "70 y",
        "sex": "male",
        "height": "175 cm",
        "weight": "70 kg on 2026-11-20",
        "creatinine": "88 µmol/L on 2026-11-20",
        "previous": "etoposide 0.6 g/m2; exampline 0 mg/m2",
    }
    found = read_patient(
        {name.replace("_", " "): text for name, text in {**plain, **fields}.items()}, TODAY
    )
    assert isinstance(found, Patient), found
    return found


def a_child(**fields: str) -> Patient:
    """The child of the worked examples: 95 cm, 14 kg."""
    return a_patient(
        **{"age": "3 y", "height": "95 cm", "weight": "14 kg", "creatinine": "", **fields}
    )


def result(rule: Rule, patient: Patient, plan: Plan | None = None, **fields: Any) -> Any:
    """What the calculation gives under the middle policy."""
    plain: dict[str, Any] = {"policy": MIDDLE, "today": TODAY, "plan": plan or Plan()}
    return calculate(rule, patient, **{**plain, **fields})


def worked(rule: Rule, patient: Patient, plan: Plan | None = None, **fields: Any) -> Working:
    """The working; fails when the calculation is refused."""
    found = result(rule, patient, plan, **fields)
    assert isinstance(found, Working), found
    return found


def refused(rule: Rule, patient: Patient, plan: Plan | None = None, **fields: Any) -> Refusal:
    """The refusal; fails when there is a working."""
    found = result(rule, patient, plan, **fields)
    assert isinstance(found, Refusal), found
    return found


OLD = "2026-10-01"
LATE = TODAY + timedelta(days=1)
REDUCED = a_band("15", "50", action=Action.MULTIPLY, factor=Fraction(3, 4))


def codes(**fields: str) -> list[str]:
    """The codes of the refusals of a patient's values; a name has "_" for a space."""
    found = read_patient({name.replace("_", " "): text for name, text in fields.items()}, TODAY)
    assert isinstance(found, tuple), found
    return [str(refusal.code) for refusal in found]


def measured(analyte: Analyte, value: str, unit: str) -> Dated:
    """A value that was measured today."""
    number = Fraction(value)
    return Dated(Measured(analyte, number, number, unit), TODAY)
