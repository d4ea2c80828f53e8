"""Each mistake in a single rule, and doses of many kinds against invented rules, as approved."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from assistant.dosing import DoseRole, parse
from assistant.dosing.model import Bound, Dose, Frequency
from assistant.dosing.table.checks import check_rule, check_source, check_together
from assistant.dosing.table.errors import Problems
from assistant.dosing.table.judge import judge
from assistant.dosing.table.model import (
    Amount,
    Calculate,
    Cumulative,
    DoseKind,
    DoseRange,
    DrugEntry,
    Rule,
    RuleKind,
    Schedule,
    Status,
    Table,
)
from assistant.dosing.table.parse_rule import parse_rule
from assistant.dosing.table.parse_table import parse_drug, parse_regimen
from assistant.dosing.table.select import DoseContext
from assistant.dosing.table.toml_fields import Fields
from corpus.library import BUNDLED
from corpus.model import sha256
from tests.builders_patients import DAILY, TODAY, TWICE_DAILY, WEEKLY, a_dose, a_rule
from tests.builders_rules import INVENTED, PASSAGES, SOURCES
from tests.characterisation import Line, characterised
from tests.slips import LEFT_OUT, slipped

SLIPS = (LEFT_OUT, "nonsense", "", "0", "7", 7, 0, True, [], {}, ["a"], [{"n": 1}], "mg/kg/h")
OFTEN = 1  # each key is broken in so many rules
EVERY = {
    "id": "etoposide.every-key",
    "adjust": [
        {"when": {"var": "creatinine_clearance", "unit": "mL/min", "from": "20", "below": "40"}}
        | {"multiply": "0.5", "source": "s1", "verification": "read", "note": "a note"},
        {"when": {"var": "creatinine_clearance", "unit": "mL/min", "below": "20"}}
        | {"replace": "5 mg"},
        {"when": {"condition": "on X"}, "interval": {"n": 1, "period": 2, "unit": "d"}},
        {"when": {"var": "bilirubin", "unit": "mg/dL", "from": "3", "includes": "neither"}}
        | {"action": "refuse"},
    ],
    "declared_gaps": ["bilirubin"],
    "calculate": {
        **{"size": "bsa.mosteller", "weight": "actual", "max_single": "1 g", "max_daily": "2 g"},
        "round": {"step": "5 mg", "max_change_percent": "5"},
        "fresh_days": {"weight": 30, "creatinine": 7},
    },
    "context": {
        "indications": ["a"],
        "population": {"groups": ["adult"], "age_min": "18 a", "age_below": "65 a"}
        | {"weight_min": "30 kg", "weight_below": "100 kg"},
        **{"phase": "induction", "setting": "ICU", "variant": "one"},
    },
    "schedule": {
        "frequencies": [{"n": 1, "period": 1, "unit": "wk", "n_max": 2, "period_max": 2}],
        "forbidden_frequencies": [{"n": 1, "period": 1, "unit": "d"}],
        **{"frequency_required": True, "routes": ["IV"], "days": "1,8", "weeks": "1-2"},
        "duration": {"low": "1", "high": "2", "unit": "wk"},
        "split_over": {"low": "2", "high": "3", "unit": "d"},
        "infuse_over": {"low": "30", "high": "60", "unit": "min"},
        "counts": {"low": "2", "high": "4"},
    },
}


def files() -> list[dict[str, Any]]:
    paths = [*sorted(INVENTED.rglob("*.toml")), *sorted((BUNDLED / "dosing").rglob("*.toml"))]
    return [tomllib.loads(path.read_text("utf-8"), parse_float=Decimal) for path in paths]


def tables(key: str) -> list[dict[str, Any]]:
    return [table for file in files() for table in file.get(key, [])]


ENTRIES = {
    entry.id: entry
    for entry in (parse_drug(Fields(t, "d.toml", "drug", Problems())) for t in tables("drug"))
}


def places(table: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = table.items() if isinstance(table, Mapping) else enumerate(table)
    for key, value in pairs:
        yield (*path, key)
        if isinstance(value, Mapping | list):
            yield from places(value, (*path, key))


def beside(table: Mapping[str, Any]) -> list[Any]:
    """The numbers of an entry as they are written: two of its bounds made equal, or swapped."""
    values = [value for _, value in leaves(table)]
    numbers = [v for v in values if isinstance(v, int) or (isinstance(v, str) and v[:1].isdigit())]
    return list(dict.fromkeys(n for n in numbers if not isinstance(n, bool)))[:8]


def leaves(table: Any) -> Iterator[tuple[Any, Any]]:
    pairs = table.items() if isinstance(table, Mapping) else enumerate(table)
    for key, value in pairs:
        if isinstance(value, Mapping | list):
            yield from leaves(value)
        else:
            yield key, value


def read_rule(table: Mapping[str, Any]) -> tuple[str, ...]:
    problems = Problems()
    rule = parse_rule(Fields(table, "f.toml", "rule", problems))
    check_rule(rule, ENTRIES, problems)
    for source in rule.sources:
        check_source(source, rule.file, "source", PASSAGES, SOURCES, problems)
    check_together([rule, replace(rule, id="another")], problems)
    return (*map(str, sorted(problems.found)), f"Read as {short(repr(rule))}.")


def read_drug(table: Mapping[str, Any]) -> tuple[str, ...]:
    problems = Problems()
    entry = parse_drug(Fields(table, "f.toml", "drug", problems))
    return (*map(str, sorted(problems.found)), f"Read as {short(repr(entry))}.")


def read_regimen(table: Mapping[str, Any]) -> tuple[str, ...]:
    problems = Problems()
    regimen = parse_regimen(Fields(table, "f.toml", "regimen", problems))
    return (*map(str, sorted(problems.found)), f"Read as {short(repr(regimen))}.")


def short(text: str) -> str:
    return f"'{sha256(text)[:12]}'"


def mistakes() -> Iterator[Line]:
    rules = tables("rule")
    every = {**rules[0], **EVERY}
    readers = (
        ("rule", [every, *rules], read_rule),
        ("drug", tables("drug"), read_drug),
        ("regimen", tables("regimen"), read_regimen),
    )
    for kind, entries, read in readers:
        seen: Counter[str] = Counter()
        for table in entries:
            yield kind, str(table["id"]), read(table)
            for path in places(table):
                key = ".".join(str(step) for step in path)
                seen[key] += 1
                if seen[key] > OFTEN:
                    continue
                for slip in (*SLIPS, *beside(table)):
                    shown = "left out" if slip is LEFT_OUT else repr(slip)
                    yield kind, f"{key} {shown}", read(slipped(table, path, slip))
            yield kind, "unknown key", read({**table, "colour": "red", "sourc": []})


def test_every_slip_in_one_rule_drug_or_regimen_is_named_as_approved() -> None:
    approved, now = characterised("rule_mistakes", mistakes())

    assert now == approved


ENTRY = DrugEntry(
    id="etoposide",
    amount_units=("mg", "g", "ug"),
    bases=("flat", "kg", "m2"),
    routes=("IV", "PO"),
    high_alert=False,
    narrow_therapeutic_index=False,
    tolerance_percent=Fraction(10),
)
TWO_WEEKS = Frequency(1, 2, "wk")
SCHEDULES: Sequence[Schedule] = (
    Schedule(),
    Schedule(frequencies=(WEEKLY,), forbidden_frequencies=(DAILY,), routes=("IV",)),
    Schedule(frequencies=(DAILY, TWICE_DAILY), frequency_required=True),
    Schedule(frequencies=(Frequency(1, 12, "h", period_max=24), Frequency(1, 1, "mo"))),
    Schedule(routes=("IV",)),
    Schedule(frequencies=(TWO_WEEKS,), split_over=Bound(Fraction(2), Fraction(3), "d")),
)
LIMIT = Cumulative(scope="course", unit="g", basis="m2", soft_max=Fraction(2), hard_max=Fraction(3))
RANGES: Sequence[tuple[DoseRange | None, Mapping[str, Any]]] = (
    *((a_dose("50", "100", hard="150", kind=kind), {}) for kind in DoseKind if kind != "rate"),
    (a_dose(None, "100", unit="mg"), {}),
    (a_dose("5", "10", unit="mg/kg", at_least=True), {}),
    (a_dose("1", "2", unit="mg/kg", kind=DoseKind.RATE, per="h", hard="4"), {}),
    (a_dose("50", component="a", also=(("b", Fraction(60), Fraction(80)),)), {}),
    (a_dose("50", "100"), {"cumulative": LIMIT}),
    (a_dose("50", "100"), {"cumulative": replace(LIMIT, hard_max=None, basis="")}),
    (
        a_dose("5", "10", unit="mg/kg"),
        {"calculate": Calculate(max_single=Amount(Fraction(1), "g", ""))},
    ),
    (
        a_dose("5", "10", unit="mg/kg"),
        {"calculate": Calculate(max_daily=Amount(Fraction(500), "mg", ""))},
    ),
    (None, {}),
)
DOSES = (
    *("etoposide 75 mg/m2", "etoposide 105 mg/m2", "etoposide 120 mg/m2", "etoposide 1 g/m2"),
    *("etoposide 10 mg/m2 weekly", "etoposide 75 mg/m2 weekly", "etoposide 75 mg/m2 daily"),
    *("etoposide 75 mg/m2/day", "etoposide 75 mg/m2 twice daily", "etoposide 75 mg/m2 monthly"),
    *("etoposide 160 mg/m2/day in 2 divided doses", "etoposide 75 mg/m2 every 12-24 hours"),
    *("etoposide 75 mg/m2 once or twice a week", "etoposide 700 mg/m2/week", "etoposide 30%"),
    *("etoposide 75 mg/m2 twice weekly for 2 weeks, then weekly", "etoposide 75 mg/m2 PO"),
    *("etoposide 75 mg/m2 for 2 doses", "etoposide 20 mg/m2 daily for 5 days IV"),
    *("etoposide 20 mg/m2/day for 2 weeks", "etoposide 150 mg/m2 divided over 2-3 days"),
    *("etoposide a total of 2.5 g/m2", "etoposide a cumulative dose of 4 g/m2", "etoposide 2 U"),
    *("etoposide keep cumulative dose below 2-3 g/m2", "etoposide up to 120 mg/m2", "5 mg"),
    *("etoposide 50 mg", "etoposide 100 mg", "etoposide 2 g", "etoposide 600 mg/day IV"),
    *("etoposide 5 mg/kg", "etoposide 7 mg/kg", "etoposide 1.5 mg/kg/h", "etoposide 1 mg/kg/min"),
    *("etoposide up to 500 mg", "etoposide 2 tablets of 50 mg", "etoposide not 75 mg/m2 but 50 mg"),
    *("etoposide 75 mg/m2 intrathecally", "etoposide 75 mg/m2/cycle", "etoposide 3 mL"),
    *("etoposide 75 mg/m2 on days 1, 8", "prednisolone 5 mg", "etoposide 0.01 mg/m2"),
)


def reviewed(rule: Rule) -> Rule:
    return replace(rule, status=Status.REVIEWED)


def invented() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    every = [
        a_rule(dose, id=f"r{at}.{order}", drug="etoposide", schedule=plan, note="A note.", **more)
        for at, (dose, more) in enumerate(RANGES)
        for order, plan in enumerate(SCHEDULES)
    ]
    for rule in every:
        yield rule.id, (reviewed(rule),)
        yield f"{rule.id} draft", (rule,)
    for kind in (RuleKind.FORBIDDEN, RuleKind.WARNING, RuleKind.GAP):
        for rule in every[::3]:
            yield f"{kind} {rule.id}", (reviewed(replace(rule, kind=kind)),)
            yield f"{kind} {rule.id} draft", (replace(rule, kind=kind), *every[:2])
    for first, second in zip(every[::2], every[1::2], strict=False):
        beside = replace(second, status=Status.SUSPENDED)
        yield f"{first.id} and {second.id}", (reviewed(first), reviewed(second), beside)
        against = replace(second, kind=RuleKind.FORBIDDEN)
        yield f"{first.id} against {second.id}", (reviewed(first), reviewed(against))
    yield "many drafts", tuple(every[:9])
    yield "overdue", (replace(reviewed(every[0]), review_due=date(2026, 1, 2)),)


def judgements() -> Iterator[Line]:
    doses: list[Dose] = [dose for text in DOSES for dose in parse(text).doses]
    doses += [replace(doses[0], role=DoseRole.PREVIOUS), replace(doses[0], low=None)]
    entries = {"plain": ENTRY, "narrow": replace(ENTRY, narrow_therapeutic_index=True)}
    for (name, rules), (kind, entry) in product(invented(), entries.items()):
        if kind == "narrow" and "." in name and not name.startswith("r0"):
            continue
        table = Table(
            id="t",
            version="1",
            effective_from=TODAY,
            review_due=TODAY,
            drugs={"etoposide": entry},
            rules={rule.id: rule for rule in rules},
        )
        for dose in doses:
            found = judge(dose, DoseContext(day=TODAY), table)
            whole = short(repr(found))
            yield (
                f"{kind}, {name.split('.')[0]}",
                f"{dose.text}, {name}",
                (
                    f"{found.axis}: {found.why}",
                    *found.notes,
                    whole,
                ),
            )


def test_doses_are_judged_by_invented_rules_as_approved() -> None:
    approved, now = characterised("rule_judgements", judgements())

    assert now == approved
