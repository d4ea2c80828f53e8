"""Where sources disagree: the same people, use and phase, and doses that don't fit."""

from __future__ import annotations

import pytest

from assistant.dosing.conflict import Conflict, claims_consensus, drugs_in_conflict, find_conflicts
from assistant.dosing.passage import PassageReading, passage_reading

SINGLE = "IVIG 2 g/kg once."
COURSE = "IVIG 1.6 g/kg over 2-3 days."


def reading(text: str, document: str, **more: object) -> PassageReading:
    return passage_reading(text, document=document, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "drugs"),
    [
        (SINGLE, COURSE, ("ivig",)),
        (SINGLE, SINGLE, ()),
        (SINGLE, "IVIG 1-3 g/kg once.", ()),  # inside the other's range
        (SINGLE, "IVIG 10 g once.", ()),  # another basis can't be compared
        (SINGLE, "Do not give IVIG above 1 g/kg.", ()),  # a limit is no dose
        (SINGLE, "Rituximab 375 mg/m² weekly.", ()),
        (SINGLE, "IVIG 1 g/kg once. Later, IVIG 2 g/kg once.", ()),  # one of them fits
        ("Adults: IVIG 2 g/kg once.", "Children: IVIG 1 g/kg once.", ()),
        ("Adults: IVIG 2 g/kg once.", "Adults: IVIG 1 g/kg once.", ("ivig",)),
        ("Adults: IVIG 2 g/kg once.", "IVIG 1 g/kg once.", ("ivig",)),
        ("IVIG 2 g/kg once.", "Adults: IVIG 1 g/kg once.", ("ivig",)),
        (
            "IVIG 2 g/kg once. Rituximab 375 mg/m² weekly.",
            "IVIG 1 g/kg once. Rituximab 1 g weekly. Rituximab 750 mg/m² weekly.",
            ("ivig", "rituximab"),
        ),
    ],
)
def test_drugs_of_which_two_passages_give_doses_that_do_not_fit(
    one: str, other: str, drugs: tuple[str, ...]
) -> None:
    assert drugs_in_conflict(reading(one, "a"), reading(other, "b")) == drugs
    assert drugs_in_conflict(reading(other, "b"), reading(one, "a")) == drugs


def test_every_pair_of_documents_is_looked_at_in_order() -> None:
    passages = {
        "a:1": reading(SINGLE, "a"),
        "a:2": reading(COURSE, "a"),
        "b:1": reading(COURSE, "b"),
        "c:1": reading("IVIG 1 g/kg daily.", "c"),
    }

    assert find_conflicts(passages) == (
        Conflict("ivig", ("a:1", "b:1")),
        Conflict("ivig", ("a:1", "c:1")),
        Conflict("ivig", ("a:2", "c:1")),
        Conflict("ivig", ("b:1", "c:1")),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"population": ("adult",)}, {"population": ("child",)}),
        ({"indication": ("x",)}, {"indication": ("y",)}),
        ({"phase": "induction"}, {"phase": "maintenance"}),
    ],
)
def test_other_people_another_use_or_phase_are_no_conflict(
    one: dict[str, object], other: dict[str, object]
) -> None:
    passages = {"a:1": reading(SINGLE, "a", **one), "b:1": reading(COURSE, "b", **other)}
    same = {"a:1": reading(SINGLE, "a", **one), "b:1": reading(COURSE, "b", **one)}

    assert find_conflicts(passages) == ()
    assert find_conflicts(same) == (Conflict("ivig", ("a:1", "b:1")),)


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The recommended dose is 1 g/kg.", True),
        ("The usual starting dose is 1 g/kg.", True),
        ("All guidelines give 1 g/kg.", True),
        ("There is consensus on 1 g/kg.", True),
        ("One source gives 1 g/kg.", False),
        ("It is recommended to wait.", False),
    ],
)
def test_a_sentence_that_speaks_for_all_sources(text: str, claims: bool) -> None:
    assert claims_consensus(text) is claims
