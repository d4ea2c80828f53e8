"""The document that a pharmacist signs: all that a rule says, its source, and room to sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.dosing.table.disagreements import disagreements
from assistant.dosing.table.document import SIGN, hash_lines, render_document, render_rule
from assistant.dosing.table.model import Fallback, Reviewer, RuleKind, Status, Table
from corpus.library import Library, load_library
from tests.builders_rules import load_invented


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


@pytest.fixture(scope="module")
def table(library: Library) -> Table:
    """The invented table, its sources replaced by the first one of the library."""
    key, passage = next(iter(library.bibliography)), next(iter(library.passages))
    table = load_invented()
    rules = {
        rule.id: replace(
            rule,
            sources=tuple(
                replace(s, key=key, via="", passage_id=passage if s.passage_id else "")
                for s in rule.sources
            ),
        )
        for rule in table.rules.values()
    }
    regimens = {
        r.id: replace(r, source=replace(r.source, key=key, passage_id=""))
        for r in table.regimens.values()
    }
    return replace(table, rules=rules, regimens=regimens)


def test_every_rule_is_printed_once_with_what_it_says(table: Table, library: Library) -> None:
    text = render_document(table, library)

    for rule_id in table.rules:
        assert text.count(f"### `{rule_id}`") == 1
    for line in (
        "- Dose: **40 to 80 mg/m2 per dose**",
        "- For: examplitis; adult; induction",
        "- Schedule: once a week or twice a week; never once a day; IV; "
        "infused over 30 to 60 minutes",
        "- Hard limit: 120 mg/m2 per dose",
        "- Caps: 100 mg in a single dose; 150 mg in a day",
        "- Total: 1.5 g/m2 (soft) and 2.5 g/m2 (hard) over a lifetime (read)",
        "- Adjustment: creatinine clearance from 20 up to and with 40 mL/min: 70% of the dose "
        "(read; source s1)",
        "- Monitoring: counts before each dose",
        "- Conflicts with: `ivig.examplitis.daily`",
        "- Verification: second-hand; dossier rows X01",
        "- Dose: **10 to 16 units/kg/h**",
        "| from week 3, then by response | dexamethasone | 4 mg/m2 a day "
        "| `dexamethasone.examplitis.step2` "
        "| examplitis; any patient; from week 3 |",
        "| [etoposide](#etoposide) | 1 | 1 | 0 | 0 | 2 | 0 |",
        "| [anakinra](#anakinra) | 0 | 0 | 1 | 1 | 1 | 1 |",
        "- Status: 4 draft, 7 reviewed, 0 suspended, 0 retired",
    ):
        assert f"{line}\n" in text, line


def test_sections_stand_in_their_order(table: Table, library: Library) -> None:
    text = render_document(table, library)

    titles = [line[3:] for line in text.splitlines() if line.startswith("## ")]

    assert titles[:2] == ["Summary", "Disagreements between sources"]
    assert titles[-5:] == [
        "Forbidden doses",
        "Warnings",
        "Gaps: no dose in the sources that were read",
        "Regimens",
        "Sources",
    ]


def test_a_passage_is_quoted_in_its_own_words_and_its_source_in_full(
    table: Table, library: Library
) -> None:
    text = render_document(table, library)

    passage = next(iter(library.passages.values()))
    words = " ".join(passage.text.split())
    assert f"  - Passage {passage.id} ({passage.statement.verification}): “{words}”" in text
    assert f"  - Hash: `{passage.sha256}` (" in text
    assert f"1. {next(iter(library.bibliography))}: " in text


def test_a_passage_of_two_sources_of_a_rule_is_quoted_once(table: Table, library: Library) -> None:
    rule = table.rules["etoposide.examplitis.adult.weekly"]
    source = replace(rule.sources[0], passage_id=next(iter(library.passages)))
    twice = replace(rule, sources=(source, replace(source, id="again")))

    text = render_rule(twice, table, library)

    assert text.count("“") == 1
    assert f"  - Passage {source.passage_id}, quoted above" in text


def test_the_first_sentence_says_whether_anyone_has_reviewed_anything(
    table: Table, library: Library
) -> None:
    drafts = {id_: replace(rule, status=Status.DRAFT) for id_, rule in table.rules.items()}

    some = render_document(table, library).splitlines()[2]
    none = render_document(replace(table, rules=drafts), library).splitlines()[2]

    assert some == "**7 of 11 rules are reviewed; all others are drafts.**"
    assert none.startswith("**DRAFT. Reviewed by nobody")


def test_rules_that_contradict_each_other_stand_side_by_side(
    table: Table, library: Library
) -> None:
    text = render_document(table, library)

    section = text.split("## Disagreements between sources")[1].split("\n## ")[0]
    groups = [[rule.id for rule in group] for group in disagreements(table)]
    assert groups == [["ivig.examplitis.course", "ivig.examplitis.daily"]]
    for group in groups:
        assert all(section.count(f"| `{rule_id}` | ") == 1 for rule_id in group)


def test_an_amount_that_must_not_be_given_is_not_called_a_dose_alone(
    table: Table, library: Library
) -> None:
    forbidden = next(r for r in table.rules.values() if r.kind is RuleKind.FORBIDDEN)

    text = render_rule(forbidden, table, library)

    assert "- Forbidden dose: **" in text
    assert "- Dose: " not in text


def test_a_rule_has_as_many_lines_to_sign_as_signatures_are_missing(
    table: Table, library: Library
) -> None:
    rule = table.rules["etoposide.examplitis.adult.weekly"]
    one = Reviewer(name="Invented", role="pharmacist", registration="T", on=date(2026, 1, 1))
    cases = ((Status.DRAFT, (), 2), (Status.REVIEWED, (one, one), 0), (Status.RETIRED, (), 0))
    for status, people, lines in cases:
        changed = replace(rule, status=status, reviewed_by=people)

        text = render_document(replace(table, rules={rule.id: changed}, regimens={}), library)

        assert text.count(SIGN) == lines
        assert text.count("- Reviewed by: Invented, pharmacist, T, 2026-01-01") == len(people)


def test_a_rule_that_fell_back_is_named_with_the_reason(table: Table, library: Library) -> None:
    fallen = replace(table, fallbacks=(Fallback("a.rule", "The text of x has changed."),))

    text = render_document(fallen, library)

    assert "- `a.rule`: The text of x has changed." in text


def test_the_hash_of_each_passage_is_printed_with_how_it_stands(
    table: Table, library: Library
) -> None:
    passage = next(iter(library.passages.values()))
    rule = table.rules["etoposide.examplitis.adult.weekly"]
    states = []
    for recorded in ("", passage.sha256, "0" * 64):
        source = replace(rule.sources[0], quote_sha256=recorded)
        changed = replace(table, rules={rule.id: replace(rule, sources=(source,))})

        states += hash_lines(changed, library)

    assert states == [
        f"{rule.id}  {passage.id}  {passage.sha256}  {state}"
        for state in ("not recorded", "unchanged", "changed since the review")
    ]
