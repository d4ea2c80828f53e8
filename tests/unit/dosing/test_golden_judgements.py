"""What the rules table says of the library's doses and of doses near them, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product

import pytest

from assistant.dosing import parse
from assistant.dosing.model import Dose, DoseRole, Frequency
from assistant.dosing.table.judge import judge
from assistant.dosing.table.model import Reviewer, Rule, Status, Table
from assistant.dosing.table.select import DoseContext
from assistant.rules import open_rules
from corpus.library import Library, load_library
from tests.characterisation import Line, characterised
from tests.unit.dosing.labelled_texts import all_texts

DAY = date(2026, 12, 1)
PEOPLE = (
    Reviewer(name="Invented One", role="pharmacist", registration="T-1", on=DAY),
    Reviewer(name="Invented Two", role="physician", registration="T-2", on=DAY),
)
CONTEXTS = {
    "anyone": DoseContext(day=DAY),
    "an adult": DoseContext(day=DAY, populations=("adult",), age_years=Fraction(50)),
    "a child of 20 kg": DoseContext(day=DAY, age_years=Fraction(6), weight_kg=Fraction(20)),
    "pregnancy": DoseContext(day=DAY, populations=("pregnancy",)),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def reviewed(table: Table) -> Table:
    """The table as if people had reviewed every rule."""

    def of(rule: Rule) -> Rule:
        return replace(rule, status=Status.REVIEWED, reviewed_by=PEOPLE)

    return replace(table, rules={id_: of(rule) for id_, rule in table.rules.items()})


def near(dose: Dose) -> Iterator[tuple[str, Dose]]:
    """A dose, and what a slip would make of it."""
    yield "as written", dose
    if dose.low is None or dose.high is None:
        return
    for name, factor in (("x10", Fraction(10)), ("/10", Fraction(1, 10)), ("x1.2", Fraction(6, 5))):
        yield name, replace(dose, low=dose.low * factor, high=dose.high * factor)
    yield "daily", replace(dose, freq=Frequency(1, 1, "d"))
    yield "weekly", replace(dose, freq=Frequency(1, 1, "wk"))
    yield "three times a day", replace(dose, freq=Frequency(3, 1, "d"))
    yield "no frequency", replace(dose, freq=None, per="")
    yield "other basis", replace(dose, basis={"kg": "m2", "m2": "kg", "": "kg"}[dose.basis])
    yield "intrathecal", replace(dose, routes=("IT",))
    yield "in units", replace(dose, unit="U")
    yield "as a maximum", replace(dose, role=DoseRole.MAXIMUM, cmp="<=")
    yield "as a total", replace(dose, role=DoseRole.CUMULATIVE_LIMIT, cmp="<=", cumulative=True)
    yield "rejected", replace(dose, role=DoseRole.REJECTED)
    yield "for a child", replace(dose, population="child")
    yield "under 30 kg", replace(dose, conditions=("<30kg",))


def judgements(library: Library) -> Iterator[Line]:
    table = open_rules(library)
    tables = {"draft": table, "reviewed": reviewed(table)}
    for passage in library.passages.values():
        for dose in parse(passage.text, context_drugs=passage.statement.facets.drugs).doses:
            yield from _judged(dose, near(dose), tables)


def of_labelled_texts(library: Library) -> Iterator[Line]:
    """Doses of the labelled texts as they are written, where the table knows the drug."""
    table = open_rules(library)
    known = {rule.drug for rule in table.rules.values()}
    for text in all_texts():
        for dose in parse(text).doses:
            if dose.drug in known:
                yield from _judged(dose, [("as written", dose)], {"reviewed": reviewed(table)})


def _judged(
    dose: Dose, slips: Iterable[tuple[str, Dose]], tables: Mapping[str, Table]
) -> Iterator[Line]:
    for slip, changed in slips:
        for (review, rules), (whom, context) in product(tables.items(), CONTEXTS.items()):
            if whom != "anyone" and slip not in ("as written", "x10"):
                continue
            found = judge(changed, context, rules)
            said = (
                f"{found.axis}: {found.why}",
                f"usual {found.usual}",
                f"limit {found.limit}",
                f"required {found.frequency_required}",
                *found.notes,
            )
            about = f"{dose.drug}, {slip}, {review}, {whom}"
            yield str(dose.drug), about, (*said, *found.rule_ids)


def test_the_judgement_of_every_library_dose_and_its_slips_is_the_approved_one(
    library: Library,
) -> None:
    approved, now = characterised("judgements", judgements(library))

    assert now == approved


def test_the_judgement_of_the_doses_of_labelled_texts_is_the_approved_one(
    library: Library,
) -> None:
    approved, now = characterised("judgements_labelled", of_labelled_texts(library))

    assert now == approved
