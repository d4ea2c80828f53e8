"""Rules and patients whose workings and refusals are kept as text, one name for each."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient import CalculationPolicy, Patient, Plan, Working
from assistant.dosing.patient.model import Span
from assistant.dosing.table.model import (
    Action,
    Adjustment,
    Calculate,
    Context,
    Cumulative,
    DoseKind,
    Population,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Status,
)
from corpus.model import Verification
from tests.builders_patients import (
    DAILY,
    HLH,
    REDUCED,
    TODAY,
    TWICE_DAILY,
    WEEKLY,
    a_band,
    a_child,
    a_dose,
    a_patient,
    a_rule,
    an_amount,
    etoposide_draft,
    result,
)

Case = tuple[str, Rule, Patient, Plan, dict[str, Any]]

NO_PLAN = Plan()
INDEXED = replace(REDUCED, variable="gfr_indexed", unit="mL/min/1.73m2")
STOUT = {"age": "50 y", "sex": "female", "height": "168 cm", "weight": "110 kg"}
OVER = CalculationPolicy.REVIEWED_ONLY


def case(
    name: str, rule: Rule, patient: Patient | None = None, plan: Plan = NO_PLAN, **fields: Any
) -> Case:
    return name, rule, patient or a_patient(), plan, fields


def flat(amount: str = "100", **fields: Any) -> Rule:
    return a_rule(a_dose(amount, unit="mg"), **fields)


def banded(*bands: Adjustment) -> Rule:
    return flat(adjust=bands)


def capped(unit: str, kind: DoseKind, schedule: Schedule, per: str = "", **caps: str) -> Rule:
    calculate = Calculate(**{name: an_amount(text) for name, text in caps.items()})
    return a_rule(
        a_dose("10", "20", unit=unit, kind=kind, per=per), calculate=calculate, schedule=schedule
    )


DAY, EACH, COURSE = DoseKind.PER_DAY, DoseKind.PER_ADMINISTRATION, DoseKind.PER_COURSE
TWICE = Schedule(frequencies=(TWICE_DAILY,))
COMBINED = a_dose(
    "150", kind=DAY, component="trimethoprim", also=(("sulfa", Fraction(700), Fraction(750)),)
)
SECOND = (RuleSource(key="Alpha2020"), RuleSource(key="Beta2021", id="s9", via="Gamma2022"))
LIFETIME = Cumulative(
    scope="lifetime", unit="g", basis="m2", soft_max=Fraction(2), hard_max=Fraction(3)
)


def limited(**fields: Any) -> Rule:
    return a_rule(a_dose("150"), cumulative=replace(LIFETIME, **fields))


CASES: tuple[Case, ...] = (
    case("the example", etoposide_draft(), plan=Plan(indication=HLH, frequency=WEEKLY)),
    case("reduced", etoposide_draft(), a_patient(clearance="40 mL/min"), Plan(frequency=WEEKLY)),
    case("refused band", etoposide_draft(), a_patient(clearance="14 mL/min")),
    case("weights disagree", etoposide_draft(), a_patient(**STOUT, creatinine="1.4 mg/dL")),
    case(
        "weight chosen",
        etoposide_draft(),
        a_patient(**STOUT, creatinine="1.4 mg/dL", previous="etoposide 0 mg/m2"),
        Plan(kidney_weight="adjusted", doses=1),
    ),
    case("too short", etoposide_draft(), a_patient(height="150 cm"), Plan(doses=2)),
    case("too short chosen", etoposide_draft(), a_patient(height="150 cm"),
         Plan(kidney_weight="ideal")),
    case("nothing known", etoposide_draft(), Patient()),
    case("no total before", etoposide_draft(), a_patient(previous="")),
    case("total beyond", etoposide_draft(), a_patient(previous="etoposide 2.9 g/m2"),
         Plan(doses=2)),
    case("haycock", a_rule(a_dose("10"), calculate=Calculate(size="bsa.haycock")), a_child()),
    case("dubois", a_rule(a_dose("10"), calculate=Calculate(size="bsa.dubois"))),
    case("surfaces differ", a_rule(a_dose("10")), a_patient(height="150 cm", weight="110 kg")),
    case("ideal man", a_rule(a_dose("1", unit="mg/kg"), calculate=Calculate(weight="ideal"))),
    case("adjusted woman",
         a_rule(a_dose("1", "2", unit="ug/kg"), calculate=Calculate(weight="adjusted")),
         a_patient(**STOUT)),
    case("ideal but short", a_rule(a_dose("1", unit="mg/kg"), calculate=Calculate(weight="ideal")),
         a_patient(height="150 cm")),
    case("pounds and inches", a_rule(a_dose("10", unit="mg/m2")),
         a_patient(weight="154.5 lb", height="69 in", creatinine="")),
    case("auc", a_rule(a_dose("4", "5", unit="AUC", hard="6")), a_patient(clearance="60 mL/min")),
    case("auc estimated", a_rule(a_dose(None, "5", unit="AUC"))),
    case("auc held", a_rule(a_dose("5", unit="AUC")), a_patient(clearance="180 mL/min")),
    case("auc child", a_rule(a_dose("5", unit="AUC")), a_child()),
    case("egfr", banded(REDUCED), a_child(egfr="78.5 mL/min/1.73m2")),
    case("egfr no height", banded(REDUCED), a_patient(egfr="60 mL/min/1.73m2", height="")),
    case("indexed", banded(INDEXED), a_patient(egfr="49.96 mL/min/1.73m2 on 2026-11-21")),
    case("indexed reverse", banded(INDEXED), a_patient(clearance="40 mL/min")),
    case("indexed reverse no height", banded(INDEXED),
         a_patient(clearance="40 mL/min", height="")),
    case("indexed missing", banded(INDEXED)),
    case("child clearance", banded(REDUCED), a_child(creatinine="44 µmol/L")),
    case("unstable", banded(REDUCED), a_patient(dialysis="yes", creatinine_changing="yes")),
    case("between", banded(a_band("", "15"), a_band("30", "50")),
         a_patient(clearance="20 mL/min")),
    case("beyond", banded(REDUCED), a_patient(clearance="5 mL/min")),
    case("replaced", banded(a_band("", "50", action=Action.REPLACE, replace=an_amount("50 mg"))),
         a_patient(clearance="40 mL/min")),
    case("replaced per m2",
         a_rule(a_dose("100"), adjust=(
             a_band("", "50", action=Action.REPLACE, replace=an_amount("0.05 g/m2")),)),
         a_patient(clearance="40 mL/min")),
    case("replaced in another unit",
         banded(a_band("", "50", action=Action.REPLACE, replace=an_amount("5 U"))),
         a_patient(clearance="40 mL/min")),
    case("replaced in another basis",
         banded(a_band("", "50", action=Action.REPLACE, replace=an_amount("5 mg/kg"))),
         a_patient(clearance="40 mL/min")),
    case("replaced by nothing", banded(a_band("", "50", action=Action.REPLACE)),
         a_patient(clearance="40 mL/min")),
    case("interval", banded(a_band("", "30", action=Action.INTERVAL,
                                   interval=Frequency(1, 2, "d"))),
         a_patient(clearance="20 mL/min")),
    case("two changes",
         banded(REDUCED, Adjustment(when="on X", action=Action.MULTIPLY, factor=Fraction(1, 3))),
         a_patient(clearance="40 mL/min"), Plan(conditions=("on X",))),
    case("two changes, replaced",
         banded(a_band("", "50", action=Action.REPLACE, replace=an_amount("5 mg")),
                Adjustment(when="on X", action=Action.MULTIPLY, factor=Fraction(1, 3))),
         a_patient(clearance="40 mL/min"), Plan(conditions=("on X",))),
    case("two changes, interval",
         banded(a_band("", "50", action=Action.INTERVAL, interval=DAILY),
                Adjustment(when="on X", action=Action.MULTIPLY, factor=Fraction(1, 3))),
         a_patient(clearance="40 mL/min"), Plan(conditions=("on X",))),
    case("a third", banded(Adjustment(when="on X", action=Action.MULTIPLY, factor=Fraction(1, 3))),
         plan=Plan(conditions=("on x", "on Y"))),
    case("bilirubin", banded(a_band("51", "", variable="bilirubin", unit="umol/L",
                                    action=Action.MULTIPLY, factor=Fraction(1, 2))),
         a_patient(bilirubin="4 mg/dL")),
    case("bilirubin missing", banded(a_band("51", "", variable="bilirubin", unit="umol/L"))),
    case("bilirubin beyond", banded(a_band("", "51", variable="bilirubin", unit="umol/L")),
         a_patient(bilirubin="60 µmol/L")),
    case("creatinine", banded(a_band("1", "2", variable="creatinine", unit="mg/dL",
                                     action=Action.MULTIPLY, factor=Fraction(1, 2))),
         a_patient(creatinine="1.5 mg/dL")),
    case("weight band", banded(a_band("30", "70", variable="weight", unit="kg", high_closed=True,
                                      action=Action.MULTIPLY, factor=Fraction(1, 2)))),
    case("age band", banded(a_band("65", "", variable="age", unit="a",
                                   action=Action.MULTIPLY, factor=Fraction(1, 2)))),
    case("relative unit", banded(a_band("3", "", variable="bilirubin", unit="xULN"))),
    case("second-hand band", banded(replace(
        REDUCED, verification=Verification.SECOND_HAND, source="s9")),
        a_patient(clearance="40 mL/min"), Plan()),
    case("second-hand rule", flat(verification=Verification.SECOND_HAND, sources=SECOND[1:])),
    case("background band", banded(replace(REDUCED, verification=Verification.BACKGROUND))),
    case("dialysis said", banded(Adjustment(when="on dialysis", action=Action.REFUSE)),
         a_patient(dialysis="yes")),
    case("single", capped("mg/kg", EACH, Schedule(), max_single="1 g")),
    case("single of a day", capped("mg/kg", DAY, TWICE, max_single="600 mg")),
    case("daily", capped("mg/kg", EACH, TWICE, max_daily="2 g")),
    case("daily of a day", capped("mg/kg", DAY, TWICE, max_daily="15 mg/kg")),
    case("daily of a course",
         capped("mg/kg", COURSE, Schedule(split_over=Bound(Fraction(2), Fraction(3), "d")),
                max_daily="400 mg")),
    case("daily of an open course",
         capped("mg/kg", COURSE, Schedule(split_over=Bound(None, Fraction(3), "d")),
                max_daily="400 mg")),
    case("daily of a rate", capped("ug/kg", DoseKind.RATE, Schedule(), per="min", max_daily="1 g")),
    case("cap in another unit", capped("U/kg", EACH, Schedule(), max_single="1 g")),
    case("cap in another basis", capped("mg/kg", EACH, Schedule(), max_single="1 g/m2")),
    case("cap of a rate", capped("ug/kg", DoseKind.RATE, Schedule(), per="h", max_single="1 g")),
    case("hard", a_rule(a_dose("100", hard="150"),
                        adjust=(a_band("15", "", action=Action.MULTIPLY, factor=Fraction(2)),))),
    case("hard flat", a_rule(a_dose("100", unit="mg", hard="100"))),
    case("rounded down", a_rule(a_dose("140", "150", hard="150"),
                                calculate=Calculate(round_step=an_amount("14 mg")))),
    case("not rounded", a_rule(a_dose("50"), calculate=Calculate(round_step=an_amount("50 mg")))),
    case("rounded in another unit",
         a_rule(a_dose("50"), calculate=Calculate(round_step=an_amount("5 U")))),
    case("up to", a_rule(a_dose(None, "100"), calculate=Calculate(round_step=an_amount("5 mg")),
                         schedule=TWICE)),
    case("at least", a_rule(a_dose("5", "10", kind=DAY, at_least=True), schedule=TWICE)),
    case("components", a_rule(COMBINED, calculate=Calculate(max_daily=an_amount("138 mg")),
                              schedule=TWICE)),
    case("components replaced",
         a_rule(COMBINED, adjust=(
             a_band("", "50", action=Action.REPLACE, replace=an_amount("50 mg")),)),
         a_patient(clearance="40 mL/min")),
    case("rate", a_rule(a_dose("0.2", unit="ug/kg", kind=DoseKind.RATE, per="min"))),
    case("course", a_rule(a_dose("1", "1.6", unit="g/kg", kind=COURSE),
                          schedule=Schedule(split_over=Bound(Fraction(2), Fraction(3), "d")))),
    case("course in hours", a_rule(a_dose("1", unit="g/kg", kind=COURSE),
                                   schedule=Schedule(split_over=Bound(None, Fraction(24), "h")))),
    case("days and counts", a_rule(a_dose("375"), schedule=Schedule(
        days="1,8", weeks="1-2", frequencies=(WEEKLY,),
        counts=Bound(Fraction(2), Fraction(4)), duration=Bound(None, Fraction(4), "wk")))),
    case("frequencies", flat(schedule=Schedule(frequencies=(DAILY, TWICE_DAILY)))),
    case("frequency range", flat(schedule=Schedule(
        frequencies=(Frequency(1, 12, "h", period_max=24),),
        duration=Bound(Fraction(2), None, "wk")))),
    case("frequency required",
         flat(schedule=Schedule(frequencies=(DAILY, WEEKLY), frequency_required=True))),
    case("frequency forbidden", flat(schedule=Schedule(forbidden_frequencies=(DAILY,))),
         plan=Plan(frequency=DAILY)),
    case("frequency unlisted", flat(schedule=Schedule(frequencies=(WEEKLY,))),
         plan=Plan(frequency=DAILY)),
    case("total open", limited(), a_patient(previous="exampline 1.9 g/m2")),
    case("total soft", limited(hard_max=None, verification=Verification.SECOND_HAND),
         a_patient(previous="exampline 1.9 g/m2"), Plan(doses=1)),
    case("total hard only", limited(soft_max=None), plan=Plan(doses=2)),
    case("total course", limited(scope="course"), a_patient(previous="")),
    case("total in days", replace(limited(), dose=a_dose("150", kind=DAY),
                                  schedule=Schedule(days="1-4"))),
    case("total per kg", limited(basis="kg")),
    case("total course per kg", limited(basis="kg", scope="course")),
    case("total of a dose per kg", replace(limited(), dose=a_dose("3", unit="mg/kg")),
         plan=Plan(doses=2)),
    case("total without a surface", replace(limited(), dose=a_dose("3", unit="mg/kg")),
         a_patient(height="", creatinine="")),
    case("total background", limited(verification=Verification.BACKGROUND)),
    case("plan of none", flat(), plan=Plan(doses=0)),
    case("off", flat(), policy=CalculationPolicy.OFF),
    case("not reviewed", flat(), policy=OVER),
    case("suspended", flat(status=Status.SUSPENDED)),
    case("gap", flat(kind=RuleKind.GAP)),
    case("forbidden", flat(kind=RuleKind.FORBIDDEN, note="Because.")),
    case("warning", flat(kind=RuleKind.WARNING)),
    case("background", flat(verification=Verification.BACKGROUND)),
    case("no dose", a_rule(None)),
    case("no way", flat(calculate=None)),
    case("rate without time", a_rule(a_dose("1", unit="ug/kg", kind=DoseKind.RATE))),
    case("conflict", flat(conflicts_with=("b", "c"))),
    case("conflict chosen", flat(conflicts_with=("b", "c")), plan=Plan(chosen="exampline.rule")),
    case("another use", flat(context=Context(indications=("a", "b"))), plan=Plan(indication="c")),
    case("open use", flat(context=Context(indications=("a", "b"),
                                          population=Population(groups=("renal_impairment",)))),
         a_patient(pregnant="yes")),
    case("pregnancy only", flat(context=Context(population=Population(groups=("pregnancy",))))),
    case("another age", flat(context=Context(population=Population(groups=("child", "infant"))))),
    case("an age in between", flat(context=Context(
        population=Population(age_min=Fraction(2), age_below=Fraction(65))))),
    case("another weight", flat(context=Context(
        population=Population(weight_min=Fraction(30), weight_below=Fraction(70))))),
    case("stale", a_rule(a_dose("10")), a_patient(weight="70 kg on 2026-10-22")),
    case("no date", a_rule(a_dose("10"), adjust=(REDUCED,)),
         a_patient(weight="70 kg", creatinine="88 µmol/L on 2026-11-21")),
    case("everything known", flat(), a_patient(
        clearance="60 mL/min on 2026-11-21", egfr="50 mL/min/1.73m2", bilirubin="1 mg/dL")),
)  # fmt: skip


def shown(case: Case) -> str:
    """The whole of a working as data, one line a step; or the refusal."""
    _, rule, patient, plan, fields = case
    found = result(rule, patient, plan, **{"today": TODAY, **fields})
    if isinstance(found, Refusal):
        return str(found)
    assert isinstance(found, Working)
    lines = [f"patient: {found.patient}", f"dose: {span(found.dose)} {found.kind}"]
    lines.append(f"frequency: {found.frequency}")
    for step in found.steps:
        given = ", ".join(f"{i.name} {span(i.value)}" for i in step.inputs)
        out = "" if step.output is None else span(step.output)
        lines.append(f"{step.name} | {step.label} | {step.text}")
        lines.append(f"  {step.formula} | {given} | {step.operation} | {out} | {step.note}")
    return "\n".join([*lines, *(f"note: {notice}" for notice in found.notices)])


def span(value: Span) -> str:
    return f"{value.low}..{value.high} {value.unit}".strip()
