"""What holds for every text: no digit is lost, no unit is lost, nothing is dropped in silence."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.dosing import Kind, Parsed, TextTooLong, parse
from assistant.dosing.model import MAX_TEXT
from tests.unit.dosing.test_dosing_open_list import lines

TEXTS = [case["text"] for name in ("labelled.jsonl", "open_list.jsonl") for case in lines(name)]
FRAGMENTS = sorted({word for text in TEXTS for word in text.split()})
quick = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)

shuffled = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=12).map(" ".join)
glued = st.lists(
    st.sampled_from(
        [
            *"0123456789.,/-– ²µxX×^%()\n;:",
            "mg",
            "m2",
            "/kg",
            "day",
            " per ",
            " to ",
            "etoposide",
            "½",
        ]
    ),
    max_size=30,
).map("".join)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real sentence with arbitrary characters put into it."""
    text = list(draw(st.sampled_from(TEXTS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text.insert(at, draw(st.characters(exclude_categories=["Cs"])))
    return "".join(text)


anything = st.one_of(st.text(max_size=60), shuffled, glued, damaged())


@quick
@given(text=anything)
def test_every_digit_lies_in_exactly_one_classified_number(text: str) -> None:
    parsed = parse(text)

    for at, char in enumerate(text):
        if char.isdigit():
            holders = [n for n in parsed.numbers if n.start <= at < n.end]
            assert len(holders) == 1, (char, at, holders)


AMOUNT = re.compile(r"(?<=[0-9])(?: |-)?(mg|g|µg|mcg|ng|mmol|units?|IU)(?![A-Za-zµ])")


@quick
@given(text=st.one_of(shuffled, glued))
def test_every_amount_unit_is_read_or_its_sentence_is_called_unreadable(text: str) -> None:
    parsed = parse(text)

    if "unreadable" in parsed.flags:
        return
    for match in AMOUNT.finditer(text):
        holders = [n for n in parsed.numbers if n.start <= match.start(1) < n.end]
        assert holders, match.group()


@quick
@given(
    unit=st.sampled_from(["mg", "mg/kg", "mg/m2", "g", "units/kg"]),
    tail=st.sampled_from(["/", "/x", "^2", "x", "/m", "'4", "µ", "/furlong"]),
)
def test_a_tail_that_looks_like_a_unit_is_never_dropped_in_silence(unit: str, tail: str) -> None:
    parsed = parse(f"etoposide 10 {unit}{tail} daily")

    flags = {flag for dose in parsed.doses for flag in dose.flags} | set(parsed.flags)
    unread = parsed.numbers[0].kind is Kind.UNKNOWN
    assert unread or flags & {"unparsed_tail", "unreadable", "unreadable_unit"}


@quick
@given(text=anything)
def test_reading_twice_gives_the_same_records_in_the_same_order(text: str) -> None:
    assert parse(text).to_records() == parse(text).to_records()


@quick
@given(text=anything)
def test_offsets_quote_the_raw_text(text: str) -> None:
    parsed = parse(text)

    for found in (*parsed.doses, *parsed.numbers):
        assert text[found.start : found.end] == found.text


def typography(text: str) -> list[str]:
    """The same text with other dashes, spaces, superscripts and micro signs."""
    return [
        text.replace("–", "-").replace("-", "\u2011")
        if not re.search(r"[A-Za-z]-", text)
        else text,
        re.sub(r"(?<=\d)[-–](?=\d)", "\u2013", text),
        re.sub(r"(?<=\d)[-–](?=\d)", "\u2212", text),
        text.replace(" ", "\u00a0"),
        text.replace(" ", "  "),
        text.replace(" ", "\u2009"),
        re.sub(r"(?<=/)m2\b", "m²", text),
        text.replace("/m²", "/m<sup>2</sup>"),
        text.replace("/m²", "/m^2"),
        text.replace("µg", "\u03bcg"),
        text.replace("mg", "m\u00adg"),
        "**" + text + "**",
    ]


def meaning(parsed: Parsed) -> list[dict[str, object]]:
    """The doses without the flags that only say how a value was printed."""
    printed = {"mu_symbol"}
    return [
        {**d, "flags": [f for f in d["flags"] if f not in printed]}
        for d in parsed.to_records()["doses"]
    ]


@pytest.mark.parametrize("text", TEXTS[::3])
def test_typography_changes_nothing(text: str) -> None:
    before = meaning(parse(text))

    for other in typography(text):
        assert meaning(parse(other)) == before, other


def test_a_text_over_the_limit_is_refused_with_a_clear_sentence() -> None:
    with pytest.raises(TextTooLong, match="at most 50,000"):
        parse("x" * (MAX_TEXT + 1))


def test_a_sentence_over_the_limit_is_refused_with_a_flag() -> None:
    long = "dexamethasone 10 mg " + "and more words " * 160

    parsed = parse(f"Etoposide 100 mg/m2.\n\nThen {long}.")

    assert "sentence_too_long" in parsed.flags
    assert [d.text for d in parsed.doses] == ["100 mg/m2"]
    assert parsed.unread


ADVERSARIAL = [
    "1-1-" * 500,
    "5 mg" + "/kg" * 600,
    " " * 2000,
    "1," * 1000,
    "day 1, 8, " * 200,
    "10 x " * 400,
    "1 to " * 400,
    "[1," * 600,
    "(" * 2000,
    "¹" * 2000,
    "limit a b c to " * 130,
]


@pytest.mark.parametrize("text", ADVERSARIAL, ids=lambda text: text[:10])
def test_repetition_is_read_without_an_exception(text: str) -> None:
    assert isinstance(parse(text), Parsed)


def test_kinds_are_those_of_the_design() -> None:
    assert {str(kind) for kind in Kind} >= {"dose", "frequency", "lab", "percentage", "unknown"}
