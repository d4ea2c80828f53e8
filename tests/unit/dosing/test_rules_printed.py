"""A table that has one of everything, printed to the last character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from assistant.dosing.model import Bound, Frequency
from assistant.dosing.table.disagreements import disagreements
from assistant.dosing.table.document import (
    hash_lines,
    render_document,
    render_regimen,
    render_rule,
)
from assistant.dosing.table.model import (
    Action,
    Calculate,
    Context,
    Cumulative,
    DoseKind,
    DrugEntry,
    Fallback,
    Level,
    Population,
    Regimen,
    RegimenStep,
    Reviewer,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Status,
    Table,
)
from assistant.dosing.table.rule_lines import rule_lines, say_plan
from corpus.library import Library, load_library
from corpus.model import Verification
from tests.builders_patients import (
    DAILY,
    TODAY,
    TWICE_WEEKLY,
    WEEKLY,
    a_band,
    a_dose,
    a_rule,
    an_amount,
)
from tests.characterisation import Line, characterised

LIBRARY = load_library()
KEY, OTHER = sorted(LIBRARY.bibliography)[:2]
FIRST, SECOND = list(LIBRARY.passages.values())[:2]
ONE = Reviewer(name="One", role="pharmacist", registration="T-1", on=date(2026, 1, 2))
TWO = Reviewer(name="Two", role="physician", registration="T-2", on=date(2026, 1, 3))
# Two keys that no bibliography has; the smaller letters come first only where case counts for less.
ZETA, ALPHA = "Zeta1999", "alpha2020"
SOURCES = (
    RuleSource(
        key=KEY,
        id="s1",
        via=ZETA,
        citation="Table 2. Dose.",
        level=Level.PRIMARY,
        passage_id=FIRST.id,
        quote_sha256=FIRST.sha256,
        checked_against_primary=True,
    ),
    RuleSource(key=ALPHA, id="s2", level=Level.LABEL, passage_id=FIRST.id),
    RuleSource(key=OTHER, passage_id=SECOND.id, quote_sha256="0" * 64),
    RuleSource(key=OTHER, id="s4", passage_id="no passage"),
)
ADJUSTED = (
    a_band("20", "40", action=Action.MULTIPLY, factor=Fraction(3, 4), source="s1", note="a note"),
    a_band("20", "40", low_open=True, high_closed=True, action=Action.REFUSE),
    a_band("1000", action=Action.REPLACE, replace=an_amount("1500 mg/m2"), when="on dialysis"),
    a_band(high="5", variable="bilirubin", unit="mg/dL", verification=Verification.BACKGROUND),
    a_band(low="5", variable="gfr_indexed", unit="mL/min/1.73m2", low_open=True),
    a_band("1", variable="liver_size", unit="cm", action=Action.INTERVAL, interval=TWICE_WEEKLY),
    a_band(variable="", unit="", when="on X", action=Action.NONE),
    # An action of which the figure is missing changes nothing.
    a_band(variable="", unit="", when="1", action=Action.MULTIPLY),
    a_band(variable="", unit="", when="2", action=Action.REPLACE),
    a_band(variable="", unit="", when="3", action=Action.INTERVAL),
)
EVERY = a_rule(
    a_dose("50", "1500", hard="2000", component="a", also=(("b", Fraction(1), Fraction(1)),)),
    id="etoposide.every",
    drug="etoposide",
    version=3,
    status=Status.REVIEWED,
    reviewed_by=(ONE,),
    sources=SOURCES,
    rows=("X01", "X02"),
    context=Context(
        indications=("b|c", "d"),
        population=Population(groups=("adult",), weight_min=Fraction(30)),
        phase="induction",
        setting="ICU",
        variant="two",
    ),
    schedule=Schedule(
        frequencies=(WEEKLY, TWICE_WEEKLY),
        forbidden_frequencies=(DAILY, Frequency(1, 2, "d")),
        frequency_required=True,
        routes=("IV", "PO"),
        duration=Bound(None, Fraction(8), "wk"),
        split_over=Bound(Fraction(2), Fraction(3), "d"),
        infuse_over=Bound(Fraction(30), None, "min"),
        counts=Bound(Fraction(4), Fraction(4), ""),
        days="1,8",
        weeks="9-",
    ),
    cumulative=Cumulative(
        scope="lifetime",
        unit="g",
        basis="m2",
        soft_max=Fraction(2),
        hard_max=Fraction(3),
        verification=Verification.SECOND_HAND,
    ),
    adjust=ADJUSTED,
    calculate=Calculate(
        size="bsa.mosteller",
        weight="ideal",
        max_single=an_amount("1000 mg"),
        max_daily=an_amount("2 g"),
        round_step=an_amount("5 mg"),
        max_change_percent=Fraction(5, 2),
        fresh_days={"weight": 30, "creatinine": 7},
    ),
    conflicts_with=("etoposide.b", "etoposide.c"),
    monitoring="counts",
    note="A note.",
    declared_gaps=("gfr_indexed", "bilirubin"),
)


def plain(rule_id: str, drug: str = "etoposide", **fields: Any) -> Rule:
    """A rule with as little as there can be."""
    given: dict[str, Any] = {"sources": (RuleSource(key=KEY),), "calculate": None}
    dose = a_dose(None, "5", unit="mg") if "dose" not in fields else fields.pop("dose")
    return a_rule(dose, id=rule_id, drug=drug, **given | fields)


RULES = (
    plain("etoposide.z", status=Status.RETIRED, reviewed_by=(ONE, TWO)),
    EVERY,
    plain("etoposide.c", conflicts_with=("etoposide.b",), kind=RuleKind.FORBIDDEN),
    plain("etoposide.b", conflicts_with=("ivig.far",), status=Status.SUSPENDED),
    plain("etoposide.a", status=Status.REVIEWED, reviewed_by=(ONE, TWO, ONE)),
    plain("ivig.far", drug="ivig", dose=None, kind=RuleKind.GAP, sources=()),
    plain("heparin.g", drug="heparin", dose=None, kind=RuleKind.GAP, verification="background"),
    plain("heparin.f", drug="heparin", kind=RuleKind.GAP),
    plain(
        "heparin.w",
        drug="heparin",
        dose=a_dose("1", "2", unit="U/kg", kind=DoseKind.RATE, per="h"),
        kind=RuleKind.WARNING,
        status=Status.REVIEWED,
        verification=Verification.SECOND_HAND,
        calculate=Calculate(),
    ),
    plain("heparin.v", drug="heparin", kind=RuleKind.WARNING, calculate=Calculate(size="own")),
    plain("heparin.x", drug="heparin", kind=RuleKind.FORBIDDEN, dose=None),
    plain("unlisted.y", drug="unlisted", kind=RuleKind.FORBIDDEN, schedule=Schedule(weeks="1-2")),
    plain("atg.d", drug="atg", conflicts_with=("atg.e",), context=Context(indications=("q",))),
    plain("atg.e", drug="atg", conflicts_with=("atg.d",), schedule=Schedule(frequencies=(DAILY,))),
)


def entry(drug: str, **fields: Any) -> DrugEntry:
    given: dict[str, Any] = {
        **{"amount_units": ("mg", "g"), "bases": ("flat",), "routes": ("IV", "PO")},
        **{"high_alert": False, "narrow_therapeutic_index": False},
    }
    return DrugEntry(id=drug, **given | fields)


DRUGS = (
    entry(
        "ivig",
        bases=("kg", "flat", "m2"),
        tolerance_percent=Fraction(5, 2),
        codes={"rxnorm": "2", "atc": "1"},
    ),
    entry("heparin", narrow_therapeutic_index=True),
    entry("etoposide", high_alert=True),
    entry("atg"),
    entry("b2 unknown, (drug)"),
)
REGIMENS = (
    Regimen(
        id="first",
        name="First",
        source=RuleSource(key=ALPHA, passage_id=SECOND.id),
        steps=(
            RegimenStep(rule="etoposide.every", weeks="1-2", days="1,4", note="then less"),
            RegimenStep(rule="ivig.far"),
            RegimenStep(rule="atg.e", days="3-"),
        ),
    ),
    Regimen(id="second", name="Second", source=RuleSource(key=ZETA), steps=()),
)
FULL = Table(
    id="full",
    version="2026.1.2",
    effective_from=TODAY,
    review_due=date(2027, 1, 1),
    drugs={drug.id: drug for drug in DRUGS},
    rules={rule.id: rule for rule in RULES},
    regimens={regimen.id: regimen for regimen in REGIMENS},
    fingerprint="f" * 8,
    fallbacks=(Fallback("a.rule", "It changed."), Fallback("b.rule", "It did, too.")),
    sites=("one", "two"),
)
EMPTY = replace(FULL, drugs={}, rules={}, regimens={}, fallbacks=(), sites=())
NOBODY = replace(FULL, rules={r.id: r for r in RULES if r.status is not Status.REVIEWED})


def printed(library: Library) -> Iterator[Line]:
    documents = {"full": FULL, "empty": EMPTY, "nobody": replace(NOBODY, regimens={})}
    for name, table in documents.items():
        for at, line in enumerate(render_document(table, library).split("\n")):
            yield name, f"{name} {at}", (line,)
        for line in hash_lines(table, library):
            yield f"hashes of {name}", name, (line,)
    for rule in RULES:
        yield "rule", rule.id, tuple(render_rule(rule, FULL, library).split("\n"))
        yield "lines", rule.id, tuple(rule_lines(rule))
    for regimen in REGIMENS:
        yield "regimen", regimen.id, tuple(render_regimen(regimen, FULL, library).split("\n"))
    for plan in ("", "1", "1-2", "9-", "1,8", "1-2,9-", "-"):
        yield "plan", plan, (say_plan("day", plan),)


def test_a_table_of_everything_is_printed_as_approved() -> None:
    approved, now = characterised("rules_printed", printed(LIBRARY))

    assert now == approved


def test_a_tolerance_that_is_no_whole_number_is_printed_as_a_decimal() -> None:
    assert "- Tolerance over the usual maximum: 2.5%\n" in render_document(FULL, LIBRARY)


def test_rules_that_contradict_each_other_by_way_of_a_third_are_one_group() -> None:
    groups = [[rule.id for rule in group] for group in disagreements(FULL)]

    assert groups == [
        ["atg.d", "atg.e"],
        ["etoposide.b", "etoposide.c", "etoposide.every", "ivig.far"],
    ]
    assert disagreements(EMPTY) == ()
