"""What the comparison says of numbers that are no doses, and of frequencies, each against each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from assistant.dosing import compare, parse
from assistant.dosing.model import Frequency
from assistant.dosing.rates import compare_frequencies, inside, rates, say_frequency
from corpus.model import sha256
from tests.characterisation import Line, characterised

_SUBJECTS = (
    *("Hb", "Hgb", "haemoglobin", "hemoglobin", "platelets", "platelet", "plt", "plts", "ANC"),
    *("neutrophils", "CrCl", "ClCr", "creatinine clearance", "sCD25", "sIL-2R", "soluble CD25"),
    *("IL-2R", "CD25", "soluble IL-2 receptor", "soluble interleukin-2 receptor", "ferritin"),
    *("fibrinogen", "ferritins", "creatinine"),
)
_COMPARED = ("", "<", "≤", ">", "≥", "below ", "above ", "at least ", "at most ", "about ")
_OTHERS = (
    *("Survival was 90.2% vs 56.5%.", "Survival was 56.5% vs 90.2%.", "Survival was 90.2%."),
    *("Survival was 50% vs 50%.", "90.2% against 40%", "n = 27 vs 12", "n = 12 vs 27", "27 of 40"),
    *("HLH-2004", "HLH-94", "in 2004", "[4]", "grade 4", "score 169", "score of 169 points"),
    *("an OHI of 2", "p < 0.05", "HR 0.4 (95% CI 0.2-0.8)", "4 patients", "4 weeks", "day 4"),
    *("under 4 years", "over 4 years", "from 4 years", "4 kg", "below 4 kg", "at 4 h", "4 doses"),
    *("twice", "weekly", "every 4 weeks", "4 mg/mL", "4 mg tablets", "4 mL", "4.0", "04", "4"),
    *("4 of them", "them 4", "of 4", "4 x", "type 4", "about 4", "level 4", "an index of 4"),
)


def numbers() -> Iterator[Line]:
    values = [f"{name} {cmp}{value} g/L" for name, cmp, value in _values()]
    for kind, texts in (("value", values), ("other", (*_OTHERS, *values[::40]))):
        read = [(text, parse(text)) for text in texts]
        for (one, claim), (other, source) in product(read, read):
            found = compare(claim, source)
            kept = " ".join(dict.fromkeys(f"{f.kind} {f.verdict}.{f.detail}" for f in found))
            whole = sha256("\n".join(f"{f.why} {f.text} {f.source}" for f in found))[:12]
            yield kind, f"{one} / {other}", (f"{kept} '{whole}'",)


def _values() -> Iterator[tuple[str, str, str]]:
    for name in _SUBJECTS:
        yield name, "", "500"
    for cmp, value in product(_COMPARED, ("500", "50")):
        yield "ferritin", cmp, value
    yield from (("Hb", "<", "90"), ("Haemoglobin", "<", "90"), ("plt", "<", "100"))


def often() -> Iterator[Line]:
    every = [
        Frequency(n, period, unit, n_max=n_max, period_max=period_max)
        for unit, n, period in product(("min", "h", "d", "wk", "mo"), (1, 2, 3), (1, 2, 4, 12, 28))
        for n_max, period_max in ((None, None), (n + 1, None), (None, period * 2))
    ]
    for one in every:
        spans = ("min", "h", "d", "wk", "mo")
        at = " ".join(f"{span} {rates(one, span)}" for span in spans)
        yield f"often {one.unit}", repr(one), (say_frequency(one), f"'{at}'")
        for other in every[::4]:
            same = compare_frequencies(one, other), compare_frequencies(other, one)
            yield f"same {one.unit}", f"{one} / {other}", (f"{same} {inside(one, other)}",)


def test_numbers_that_are_no_doses_are_compared_as_approved() -> None:
    approved, now = characterised("numbers", numbers())

    assert now == approved


def test_frequencies_are_compared_as_approved() -> None:
    approved, now = characterised("frequencies", often())

    assert now == approved
