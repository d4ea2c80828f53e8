"""What is read of a patient, and what each rule and regimen makes of many, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Patient,
    Plan,
    ScheduleTable,
    missing_inputs,
    patient_from_units,
    read_patient,
    render_schedule,
    schedule,
)
from assistant.dosing.patient.read import FIELDS, age_on
from assistant.dosing.table.model import DoseKind, Regimen, RegimenStep, Rule, Schedule
from corpus.model import Verification, sha256
from tests.builders_patients import (
    DAILY,
    HLH,
    MIDDLE,
    TODAY,
    WEEKLY,
    a_child,
    a_dose,
    a_patient,
    a_rule,
    bundled_table,
)
from tests.characterisation import Line, characterised
from tests.unit.dosing.patient.cases import CASES, LIFETIME, shown

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "age": ("70", "70 y", "1 year", "1 y", "23 months", "0 days", "131 years", "born 2019-03-02"),
    "born": ("2019-03-02", "2026-11-22", "2026-11-23", "2026-02-30", "last year", "1890-01-01"),
    "sex": ("female", "F", "man", "boy", "x"),
    "weight": ("70", "70 kg", "154 lb", "0.3 kg", "70 kg on 2026-11-20", "70 kg (2026-11-23)"),
    "height": ("175", "175 cm", "69 in", "10 cm", "175 cm measured 2026-13-01"),
    "creatinine": ("88", "88 µmol/L", "88 mg/dL", "1 mg/dL on 2026-11-20"),
    "clearance": ("50", "50 mL/min", "-5 mL/min", "501 mL/min", "50 mL/min/1.73m2"),
    "egfr": ("50 mL/min/1.73m2", "50 mL/min", "-5 mL/min/1.73m2"),
    "bilirubin": ("1 mg/dL", "-1 mg/dL", "0 mg/dL", "17.1 µmol/L"),
    "previous": (
        *("etoposide 600", "600 mg/m2", "etoposide 0.6 g/m2", "Etoposide: 600 mg/m2 on 2026-01-05"),
        *("a 1 mg/m2 on 2026-13-01; b 2 mg/m2 on 2027-01-01", "a 1 mg/m2; 5; b 2 mg/m2"),
        *("a 1 mg/m2; a 2 mg/m2", "a 1 mg/m2; b 2 g/m2", "5; a 1 mg/m2", " ; ", "a 1; b 2"),
    ),
    "dialysis": ("yes", "TRUE", "no", "false", "perhaps"),
    "creatinine changing": ("yes", "no", "perhaps"),
    "pregnant": ("yes", "no", "perhaps"),
    "colour": ("red", ""),
}
TOGETHER: tuple[Mapping[str, str], ...] = (
    {"age": "6 y", "weight": "80 kg"},
    {"age": "6 y", "weight": "80 kg", "height": "120 cm"},
    {"age": "60 y", "weight": "80 kg", "height": "70 cm"},
    {"weight": "80 kg", "height": "70 cm"},
    {"age": "60 y", "born": "2019-03-02"},
    {"weight": "70 kg", "Weight": "71 kg"},
    {"creatinine_changing": "no", " PREGNANT ": "no"},
    dict.fromkeys(FIELDS, "nonsense"),
)


def said(found: Patient | tuple[Refusal, ...]) -> tuple[str, ...]:
    if isinstance(found, Patient):
        return (f"{found}",)
    return tuple(str(refusal) for refusal in found)


def readings() -> Iterator[Line]:
    for name, texts in WRITTEN.items():
        for text in texts:
            yield name, f"{name} {text}", said(read_patient({name: text}, TODAY))
    for fields in TOGETHER:
        yield "together", " and ".join(fields), said(read_patient(fields, TODAY))
    values: dict[str, Any] = {
        **{"age_years": 6.5, "weight_kg": Decimal("20.5"), "height_cm": 120, "sex": "girl"},
        **{"creatinine": "1 mg/dL", "crcl_ml_min": 60, "pregnant": False},
        "previous": "etoposide 600 mg/m2",
    }
    for given in ((), *combinations(values, 1), *combinations(values, 7), tuple(values)):
        chosen = {name: values[name] for name in given}
        yield "units", " ".join(given), said(patient_from_units(today=TODAY, **chosen))
    yield "units", "pregnant", said(patient_from_units(today=TODAY, pregnant=True))
    days = [(2, 28), (2, 29), (3, 1), (11, 21), (11, 22), (11, 23), (12, 31)]
    for year, (month, day) in product((1950, 2004, 2020, 2024), days):
        yield "birthday", f"{year}-{month}", (str(age_on(date(year, month, min(day, 28)), TODAY)),)
    for month, day in ((9, 30), (10, 22), (10, 31), (11, 1), (11, 22)):
        yield "birthday", f"2026-{month}-{day}", (str(age_on(date(2026, month, day), TODAY)),)


def test_every_field_is_read_or_refused_as_approved() -> None:
    approved, now = characterised("patient_fields", readings())

    assert now == approved


PATIENTS: Mapping[str, Patient] = {
    "adult": a_patient(),
    "reduced": a_patient(clearance="40 mL/min", bilirubin="4 mg/dL"),
    "failing": a_patient(clearance="10 mL/min", dialysis="yes"),
    "indexed": a_patient(egfr="45 mL/min/1.73m2", creatinine="1.9 mg/dL"),
    "short and heavy": a_patient(height="150 cm", weight="110 kg", sex="female"),
    "tall and heavy": a_patient(height="168 cm", weight="110 kg", sex="female", pregnant="no"),
    "child": a_child(),
    "child with a rate": a_child(egfr="78.5 mL/min/1.73m2", creatinine="44 µmol/L"),
    "adolescent": a_patient(age="17 y", pregnant="yes"),
    "much before": a_patient(previous="etoposide 2.9 g/m2; exampline 2.9 g/m2 on 2026-01-05"),
    "nothing before": a_patient(previous="", sex=""),
    "no height": a_patient(height="", creatinine_changing="yes"),
    "old values": a_patient(weight="70 kg on 2026-08-20", creatinine="1 mg/dL"),
    "nothing": Patient(),
}
PLANS = (
    Plan(),
    Plan(indication=HLH, doses=2, kidney_weight="adjusted", conditions=("on X",)),
    Plan(frequency=DAILY, doses=1, kidney_weight="ideal", chosen="exampline.rule"),
    Plan(frequency=WEEKLY, kidney_weight="actual"),
)


def workings() -> Iterator[Line]:
    for name, rule, _, _, fields in CASES:
        for (who, patient), plan in product(PATIENTS.items(), PLANS):
            case = (name, rule, patient, plan, fields)
            yield who, name, (*shown(case).splitlines(), _missing(rule, patient))
    for rule in bundled_table().rules.values():
        for who, patient in PATIENTS.items():
            case = (rule.id, rule, patient, Plan(indication=HLH), {})
            yield who, rule.id, (*shown(case).splitlines(), _missing(rule, patient))


def _missing(rule: Rule, patient: Patient) -> str:
    return f"missing: {', '.join(missing_inputs(rule, patient))}"


def test_every_rule_gives_every_patient_the_approved_working_or_refusal() -> None:
    approved, now = characterised("patient_workings", workings())

    assert now == approved


def regimens() -> Iterator[tuple[Regimen, Mapping[str, Rule]]]:
    table = bundled_table()
    for regimen in table.regimens.values():
        yield regimen, table.rules
    first = next(iter(table.regimens.values()))
    odd = tuple(
        RegimenStep(rule=first.steps[0].rule, weeks=weeks, days=days, note=note)
        for weeks, days, note in (
            *(("9-", "", "open"), ("", "4-", ""), ("", "8-", ""), ("", "1,8", "x"), ("", "", "")),
            *(("1,3-4", "", ""), ("2", "", "again")),
        )
    )
    yield replace(first, steps=(*first.steps, *odd)), table.rules
    days = tuple(RegimenStep(rule="r", days=days) for days in ("1-3", "4,6", "8-", "10-30", ""))
    weeks = tuple(RegimenStep(rule="r", weeks=weeks) for weeks in ("1-4", "6", "8-"))
    for steps, rule in product((days, weeks), invented()):
        yield Regimen(id="a", name="A", steps=steps, source="s1"), {"r": rule}


def invented() -> Iterator[Rule]:
    """Rules that count in every way, for a regimen."""
    plans = (
        Schedule(),
        Schedule(frequencies=(DAILY,)),
        Schedule(frequencies=(WEEKLY, DAILY)),
        Schedule(frequencies=(Frequency(1, 2, "wk"),), duration=Bound(None, Fraction(3), "d")),
        Schedule(frequencies=(Frequency(1, 2, "wk", n_max=2),)),
        Schedule(frequencies=(Frequency(1, 8, "h", period_max=12),)),
        Schedule(frequencies=(Frequency(2, 3, "d"),)),
        Schedule(days="1-2,5"),
        Schedule(counts=Bound(Fraction(2), Fraction(2))),
        Schedule(counts=Bound(Fraction(2), Fraction(4)), frequencies=(WEEKLY,)),
    )
    for kind, plan in product(DoseKind, plans):
        per = "min" if kind is DoseKind.RATE else ""
        yield a_rule(a_dose("5", "10", kind=kind, per=per), id="r", schedule=plan)
    yield a_rule(None, id="r", note="Ask.", verification=Verification.SECOND_HAND)
    yield a_rule(a_dose(None, "10"), id="r", verification=Verification.BACKGROUND)
    yield a_rule(a_dose("200", unit="mg/kg", at_least=True), id="r", cumulative=LIFETIME)
    yield a_rule(a_dose("200"), id="r", cumulative=LIFETIME, schedule=Schedule(days="1-4"))


def schedules() -> Iterator[Line]:
    start = date(2026, 11, 30)
    for regimen, rules in regimens():
        yield "plain", regimen.id, _lines(schedule(regimen, rules))
        for who, plan in product(("adult", "reduced", "much before", "nothing"), PLANS[:3]):
            table = schedule(
                regimen,
                rules,
                PATIENTS[who],
                start,
                policy=MIDDLE if who != "reduced" else CalculationPolicy.OFF,
                today=TODAY,
                plan=plan,
            )
            yield who, regimen.id, (*_lines(table), f"'{sha256(repr(table.rows))[:12]}'")


def _lines(table: ScheduleTable) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in render_schedule(table).splitlines())


def test_every_regimen_gives_the_approved_rows() -> None:
    approved, now = characterised("patient_schedules", schedules())

    assert now == approved
