"""What the comparison says of doses that differ in one field each, and of whole answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import combinations, product

from assistant.dosing import Dose, compare, compare_with_library, parse
from assistant.dosing.axes import RuleAxis, RuleJudgement
from assistant.dosing.conflict import find_conflicts
from assistant.dosing.fields import match_doses
from assistant.dosing.passage import PassageReading, passage_reading
from assistant.dosing.report import Report
from assistant.dosing.use import UseTerm, UseTerms
from assistant.dosing.verify import verify
from corpus.model import sha256
from tests.characterisation import Line, characterised

STATEMENTS = (
    # amount, unit and basis
    *("etoposide 50 mg", "etoposide 50-100 mg", "etoposide 100 mg/m2", "etoposide 500 mg"),
    *("etoposide 5 mg", "etoposide 0.05 g", "etoposide 50 g", "etoposide 60 units"),
    *("etoposide 2 mg/kg", "etoposide 0 mg", "etoposide 20-10 mg", "etoposide 1,000 mg"),
    *("etoposide 1 000 mg", "etoposide 1.500 mg", "etoposide 50 mg/zz", "50 mg", "5 mg/kg"),
    # how often, and per what
    *("etoposide 100 mg daily", "etoposide 50 mg twice daily", "etoposide 100 mg/day"),
    *("etoposide 100 mg/day in 2 divided doses", "etoposide 50 mg/dose", "etoposide 350 mg/week"),
    *("etoposide 50 mg every 12 hours", "etoposide 50 mg every 8-12 hours", "etoposide 2 mg/h"),
    *("etoposide 50 mg weekly", "etoposide 50 mg every 2 weeks"),
    "etoposide 50 mg 2-3 times a week",
    *("etoposide 50 mg twice weekly for 2 weeks, then weekly", "etoposide 50 mg monthly"),
    *("etoposide 50 mg every other day", "etoposide 200 mg/month", "etoposide 50 mg/cycle"),
    # route, time, number
    *("etoposide 50 mg IV", "etoposide 50 mg PO", "etoposide 50 mg IV or PO"),
    *("etoposide 50 mg for 5 days", "etoposide 50 mg for 3-7 days", "etoposide 50 mg over 2 h"),
    *("etoposide 100 mg divided over 2 days", "etoposide 50 mg for 4 doses"),
    "etoposide 50 mg once",
    *("etoposide 50 mg for 2-4 doses", "etoposide 50 mg on days 1, 8", "etoposide 50 mg in week 3"),
    *("etoposide a total of 100 mg", "etoposide 2 tablets of 50 mg"),
    "etoposide 50 mg once over 1 h",
    # for whom
    *("etoposide 50 mg in adults", "etoposide 50 mg in children", "etoposide 50 mg in the elderly"),
    *("etoposide 50 mg if <30 kg", "etoposide 50 mg if >30 kg", "etoposide 75 mg if <30 kg"),
    "In adults, etoposide 50 mg. In children, etoposide 20 mg.",
    "In adults, etoposide 50 mg. In children, anakinra 20 mg.",
    *("etoposide 75 mg if <30 kg, 50 mg if >30 kg", "etoposide mg50 mg daily. Etoposide 50 mg."),
    *("etoposide 100 mg/day for 5 days", "etoposide 100 mg for 5 days"),
    # roles
    *("etoposide up to 100 mg", "etoposide 50 mg (max 100 mg)"),
    "etoposide 50 mg (max 100 mg/dose)",
    *("etoposide not 150 mg but 50 mg", "etoposide at least 50 mg", "etoposide 50% of the dose"),
    *("etoposide a cumulative dose of 2 g/m2", "etoposide less than 50 mg"),
    "etoposide about 50 mg",
    *("etoposide 100 mg/day, maximum 1 g", "etoposide 100 mg/day, maximum 1 g/dose"),
    # other drugs
    *("anakinra 50 mg", "etoposide 50 mg and anakinra 100 mg", "anakinra 100 mg daily SC"),
    *("etoposide 50 mg with dexamethasone", "intravenous immunoglobulin 1 g/kg", "IVIG 1 g/kg PO"),
    *("IVIG 1 g/kg", "etoposide is given without a dose", "", "Ferritin was 500 ng/mL on day 3."),
    # near copies of a longer sentence
    *(
        f"Give etoposide 50 mg {how} IV on days {days} with {what} for {length} weeks in adults"
        for how, days, what, length in (
            ("weekly", "1, 8", "anakinra 100 mg", "8"),
            ("daily", "1, 8", "anakinra 100 mg", "8"),
            ("weekly", "1, 9", "anakinra 100 mg", "8"),
            ("weekly", "1, 8", "anakinra 50 mg", "8"),
            ("weekly", "1, 8", "anakinra 100 mg", "4"),
            ("weekly", "1, 8", "dexamethasone 100 mg", "8"),
            ("never", "1, 8", "anakinra 100 mg", "8"),
        )
    ),
    # statements that explain themselves
    *("etoposide 100 mg/day (= 50 mg twice daily)", "etoposide 100 mg/day (= 60 mg twice daily)"),
    *("etoposide 50 mg twice daily, i.e. 100 mg/day", "etoposide 50 mg BID, i.e. 200 mg/day"),
    *(
        f"etoposide {dose} for {size} ({amount})"
        for dose in ("100 mg/m2", "2 mg/kg", "100 mg/m2/day", "50-100 mg/m2")
        for size in ("1.8 m2", "90 kg", "1.8 m2 and 1.9 m2")
        for amount in ("180 mg", "185 mg", "210 mg", "90-180 mg", "180 mg/day")
    ),
    *(
        f"IVIG {total} {over} (= {daily})"
        for total in ("1.6 g/kg", "0.4 g/kg/day for 3 days", "2 g/kg")
        for over in ("over 2-4 days", "over 3 days", "", "over 1 week")
        for daily in ("0.4-0.8 g/kg/day", "0.5 g/kg/day", "1.2 g/kg", "0.67 g/kg/day", "1 g/kg/day")
    ),
)  # fmt: skip


def short(text: str) -> str:
    return f"'{sha256(text)[:12]}'"


def matched(one: Dose, other: Dose) -> str:
    match = match_doses(one, other)
    said = [f"{d.detail} {d.weight}: {d.why}" for d in match.differences]
    return "; ".join((*said, str(match.within), match.less, match.note, str(match.distance)))


def pairs() -> Iterator[Line]:
    read = {text: parse(text) for text in STATEMENTS}
    texts = list(read)
    glosses = texts.index("etoposide 100 mg/day (= 50 mg twice daily)")
    for mine in texts:
        others = texts[:glosses] if texts.index(mine) < glosses else (*texts[:4], mine)
        for theirs in others:
            claim, source = read[mine], read[theirs]
            findings = compare(claim, source)
            met = [matched(a, b) for a, b in product(claim.doses[:2], source.doses[:2])]
            why = tuple(f"{f.kind} {f.verdict}.{f.detail}: {f.why}" for f in findings)
            whole = short(repr([asdict(f) for f in findings] + met))
            yield mine, f"{mine} / {theirs}", (*why, whole)


def test_doses_that_differ_in_one_field_are_told_apart_as_approved() -> None:
    approved, now = characterised("comparison", _grouped(pairs()))

    assert now == approved


def _grouped(lines: Iterator[Line]) -> Iterator[Line]:
    """One hash for each few hundred lines, so that the kept text stays short."""
    for at, (_, about, said) in enumerate(lines):
        yield f"part {at // 500}", about, said


def orders() -> Iterator[Line]:
    library = [(f"p{at}", parse(text)) for at, text in enumerate(STATEMENTS[:90:3])]
    for text in STATEMENTS:
        found = compare_with_library(parse(text), library)
        yield "order", text, tuple(f"{f.verdict}.{f.detail}: {f.why} {f.source_id}" for f in found)
        yield "order", text, (short(repr([asdict(f) for f in found])),)
        unknown = compare_with_library(parse(text), [])
        yield "nothing", text, (short(repr([asdict(f) for f in unknown])),)


def test_an_order_finds_its_nearest_passage_as_approved() -> None:
    approved, now = characterised("orders", orders())

    assert now == approved


TERMS = UseTerms(
    (
        UseTerm(("condition", "mas"), ("macrophage activation", "MAS")),
        UseTerm(("condition", "organ"), ("organ failure",)),
        UseTerm(("population", "any"), ("patients",), broad=True),
    )
)
PASSAGES = {
    "a:1": passage_reading(
        "Etoposide 50-100 mg/m2 IV once weekly is given. Ferritin is then followed.",
        document="a",
        population=["adult"],
        phase="induction",
    ),
    "b:1": passage_reading(
        "Rituximab 375 mg/m2 IV once weekly for 2-4 doses (maximum 1 g) clears the reservoir.",
        document="b",
        heading=["Adults", "Week 1 of induction"],
    ),
    "c:1": passage_reading(
        "Etoposide 150 mg/m2 IV once weekly is given. Anakinra 100 mg daily SC may be added.",
        document="c",
        population=["older-adult", "neonate"],
        indication=("a disease",),
    ),
    "d:1": passage_reading(
        "Patients with MAS receive anakinra 2 mg/kg daily. In children, anakinra 1 mg/kg daily.",
        document="d",
        uses=[("condition", "mas")],
        terms=TERMS,
    ),
    "e:1": passage_reading("50 mg daily, then 25 mg daily.", ("dexamethasone",), document="e"),
    "f:1": passage_reading(
        "Etoposide 50-100 mg/m2 IV twice weekly without organ failure.",
        document="f",
        population=["adult"],
        phase="induction",
        terms=TERMS,
    ),
}
ANSWERS = (
    "Etoposide 50-100 mg/m2 IV once weekly is given.",
    "Etoposide 150 mg/m2 IV once weekly and rituximab 375 mg/m2 IV once weekly.",
    "Etoposide 75 mg/m2 is the recommended dose.",
    "Anakinra 2 mg/kg daily in MAS with organ failure.",
    "Anakinra 2 mg/kg daily.",
    "Rituximab 375 mg/m2 IV once weekly for 2-4 doses (maximum 1 g).",
    "Rituximab 375 mg/m2 IV once weekly for 3 doses (maximum 1 g).",
    "Etoposide 75 mg/m2 IV once weekly.",
    "Anakinra 100 mg.",
    "Give 50 mg.",
    "Etoposide 10-5 mg/m2.",
    "Etoposide 50 mg twice daily, i.e. 300 mg/day.",
    "Dexamethasone 50 mg daily, then 25 mg daily.",
    "50 mg daily, then 25 mg daily.",
    "Ferritin above 500 ng/mL in week 3.",
    "Prednisolone 5 mg is never given.",
    "Patients with MAS receive anakinra 2 mg/kg daily. In children, anakinra 1 mg/kg daily.",
    "All sources agree.",
)
CITED = ((), ("a:1",), ("b:1",), ("c:1", "b:1"), ("d:1",), ("e:1", "gone"), ("a:1", "d:1", "f:1"))
JUDGEMENTS = (
    RuleJudgement(axis=RuleAxis.UNREVIEWED, notes=("a draft",)),
    RuleJudgement(axis=RuleAxis.INSIDE, rule_ids=("r1",), frequency_required=True),
    RuleJudgement(axis=RuleAxis.ABOVE, why="Above the usual."),
    RuleJudgement(axis=RuleAxis.BELOW),
    RuleJudgement(axis=RuleAxis.BEYOND, limit="100 mg/m²"),
    RuleJudgement(axis=RuleAxis.BEYOND, why="A forbidden route."),
    RuleJudgement(axis=RuleAxis.UNKNOWN_DRUG, why="Nobody knows it."),
    RuleJudgement(axis=RuleAxis.NONE),
)


def answered(answer: Sequence[tuple[str, tuple[str, ...]]], at: int, population: str) -> Report:
    def judge(dose: Dose, context: RuleJudgement) -> RuleJudgement:
        large = dose.high is not None and dose.high > 100
        return context if large or at % 2 else RuleJudgement(axis=RuleAxis.UNREVIEWED)

    return verify(
        answer,
        PASSAGES,
        None,
        JUDGEMENTS[at % len(JUDGEMENTS)],
        judge=judge,
        population=population,
        conflicts=find_conflicts(PASSAGES),
        terms=TERMS,
    )


def answers() -> Iterator[Line]:
    for (text, cites), at in product(product(ANSWERS, CITED), range(len(JUDGEMENTS) + 1)):
        population = ("", "adult", "child")[(at + len(text)) % 3]
        report = answered([(text, cites)], at, population)
        sentence = report.sentences[0]
        stands = sentence.replacement.text if sentence.replacement else "shown"
        why = tuple(f"{f.verdict}: {f.why}" for f in sentence.findings)
        yield str(at), f"{text} {cites}", (stands, *why, short(repr(asdict(report))))
    for one, two in combinations(product(ANSWERS[:6], CITED[:4]), 2):
        report = answered([one, two], 0, "")
        yield "two", f"{one[0]} {two[0]}", (short(repr(asdict(report))),)


def test_whole_answers_are_shown_or_replaced_as_approved() -> None:
    approved, now = characterised("answers", answers())

    assert now == approved


def test_passages_inherit_what_their_headings_and_metadata_say() -> None:
    reading: PassageReading = PASSAGES["c:1"]

    assert reading.population == ("elderly", "infant")
    assert {dose.inherited for dose in reading.parsed.doses} == {("elderly", "infant")}
    assert PASSAGES["b:1"].population == ("adult",)
    assert PASSAGES["d:1"].parsed.doses[1].inherited == ()
    assert PASSAGES["b:1"].parsed.phases
    assert passage_reading("Ferritin is followed.").document == ""
