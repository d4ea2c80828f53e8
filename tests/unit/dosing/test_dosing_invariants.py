"""Invariants on shuffled real sentences, and what the source text itself may not hold."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dosing import Kind, parse
from assistant.dosing.model import MAX_NUMBERS, Bound
from tests.unit.dosing.test_dosing_library import statements
from tests.unit.dosing.test_dosing_properties import AMOUNT

MODULE = Path(__file__).parents[3] / "assistant" / "dosing"
SENTENCES = [text for _, text, _ in statements()]
PIECES = sorted(
    {
        " ".join(words[i : i + 3])
        for words in (text.split() for text in SENTENCES)
        for i in range(0, len(words), 3)
    }
)
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
odd = st.characters(exclude_categories=["Cs"])


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    """Pieces of real sentences in any order, glued or not, with odd characters put in."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=10))
    text = list(draw(st.sampled_from([" ", "", "\n", "; "])).join(pieces))
    for _ in range(draw(st.integers(0, 3))):
        text.insert(draw(st.integers(0, len(text))), draw(odd))
    return "".join(text)


@quick
@given(text=shuffled())
def test_every_digit_of_a_shuffled_sentence_has_exactly_one_number(text: str) -> None:
    numbers = parse(text).numbers

    for at, char in enumerate(text):
        if char.isdigit():
            assert sum(n.start <= at < n.end for n in numbers) == 1, (char, at)


@quick
@given(text=shuffled())
def test_every_amount_unit_of_a_shuffled_sentence_is_read_or_refused(text: str) -> None:
    parsed = parse(text)

    if "unreadable" not in parsed.flags:
        for match in AMOUNT.finditer(text):
            at = match.start(1)
            assert any(n.start <= at < n.end for n in parsed.numbers), match.group()


@quick
@given(text=shuffled())
def test_a_range_stays_a_pair_of_its_own_ends(text: str) -> None:
    for dose in parse(text).doses:
        assert (dose.low is None) == (dose.high is None)
        if "inverted_range" not in dose.flags and dose.low is not None and dose.high is not None:
            assert dose.low <= dose.high


@given(low=st.integers(1, 400), more=st.integers(1, 400))
def test_both_ends_of_a_range_are_read_as_written(low: int, more: int) -> None:
    (dose,) = parse(f"etoposide {low}-{low + more} mg/m2").doses

    assert Bound(dose.low, dose.high) == Bound(dose.low, dose.low + more if dose.low else None)
    assert dose.low == low


def test_a_sentence_of_too_many_numbers_is_refused_and_its_digits_are_unknown() -> None:
    text = "etoposide 5 mg, " * (MAX_NUMBERS + 1)

    parsed = parse(text)

    assert parsed.doses == ()
    assert "sentence_too_long" in parsed.flags
    assert {number.kind for number in parsed.numbers} == {Kind.UNKNOWN}
    assert len(parsed.numbers) == MAX_NUMBERS + 1


@pytest.mark.parametrize("path", sorted(MODULE.rglob("*.py")), ids=lambda path: path.name)
def test_no_file_of_the_module_computes_with_binary_floats(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))

    floats = [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            # Refusing one (isinstance) and saying what a caller may pass (annotations) is no use.
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "float"
        )
    ]
    assert floats == []
