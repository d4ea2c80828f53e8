"""Dose phrases made up from their parts, with what a right reader must find in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from .agreement import Found


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and what a right reader finds in it."""

    text: str
    found: Found

    def then(self, join: str, other: Phrase) -> Phrase:
        one, two = self.found, other.found
        return Phrase(
            self.text + join + other.text,
            Found(
                one.amounts + two.amounts,
                one.limits + two.limits,
                one.frequencies | two.frequencies,
                one.durations | two.durations,
                one.days | two.days,
                one.weeks | two.weeks,
                one.counts | two.counts,
            ),
        )


def _found(
    amounts: Counter[str],
    limits: Counter[str] | None = None,
    frequencies: Counter[str] | None = None,
    durations: Counter[str] | None = None,
    days: Counter[str] | None = None,
) -> Found:
    none = Counter[str]()
    return Found(
        amounts, limits or none, frequencies or none, durations or none, days or none, none, none
    )


DRUGS = ("dexamethasone", "etoposide", "anakinra", "Rituximab", "methylprednisolone", "VP-16")
UNITS: Mapping[str, tuple[str, ...]] = {
    "mg": ("mg", "milligrams"),
    "g": ("g", "grams"),
    "ug": ("µg", "mcg", "\u03bcg", "micrograms"),
    "U": ("units",),
    "[IU]": ("IU", "international units"),
    "mmol": ("mmol",),
}
BASES: Mapping[str, tuple[str, ...]] = {
    "": ("",),
    "kg": ("/kg", " per kg", " / kg"),
    "m2": ("/m²", "/m2", "/m^2", " per m²", " per square metre"),
}
PERIODS: Mapping[str, tuple[str, ...]] = {
    "": ("", "", ""),
    "d": ("/day", "/d", " per day"),
    "dose": ("/dose", " per dose"),
    "h": ("/h", "/hour", " per hour"),
    "wk": ("/week", " per week"),
}
RANGES = ("-", "–", " - ", " to ", "\u2011", "\u2212")
# Written form to "n n_max period period_max unit".
RHYTHMS = {
    "daily": "1 1 1 1 d",
    "once daily": "1 1 1 1 d",
    "BID": "2 2 1 1 d",
    "twice daily": "2 2 1 1 d",
    "t.i.d.": "3 3 1 1 d",
    "q12h": "1 1 12 12 h",
    "every 8 hours": "1 1 8 8 h",
    "q6-8h": "1 1 6 8 h",
    "every 4 to 6 hours": "1 1 4 6 h",
    "every other day": "1 1 2 2 d",
    "once weekly": "1 1 1 1 wk",
    "three times a week": "3 3 1 1 wk",
    "every 3 weeks": "1 1 3 3 wk",
    "q14d": "1 1 2 2 wk",
    "twice per week": "2 2 1 1 wk",
    "monthly": "1 1 1 1 mo",
    "every 3–4 days": "1 1 3 4 d",
}
# Written form to "low high unit".
LENGTHS = {
    "for 3 days": "3 3 d",
    "for 3–5 days": "3 5 d",
    "× 2 weeks": "2 2 wk",
    "x 5 d": "5 5 d",
    "for up to 8 weeks": "- 8 wk",
    "for six months": "6 6 mo",
    "for 48 h": "48 48 h",
}
# Written form to the canonical list of days.
PLANS = {
    "day 1": "1",
    "on day 1": "1",
    "on days 1, 8 and 15": "1,8,15",
    "d1-14": "1-14",
    "D1, D8, D15": "1,8,15",
    "days 1–5": "1-5",
    "on days 1,3,5": "1,3,5",
    "on days 1 to 5": "1-5",
    "on days 1-5, 14 and 21": "1-5,14,21",
}
ROUTES = ("IV", "PO", "SC", "by mouth", "intravenously")
# Numbers that are no dose, set before, between or after the phrases.
ASIDES = (
    "in HLH-94",
    "if ferritin >500 µg/L",
    "if platelets are below 50 × 10⁹/L",
    "at creatinine clearance 15–50 mL/min",
    "in adults over 65 years",
    "in 12 of 40 patients (30%)",
    "if the HScore is 169 or more",
    "over 60 minutes",
    "(grade 3–4)",
    "[4, 5]",
    "with IL-6 above 80 pg/mL",
    "in a 3-year-old child of 14 kg",
    "(p=0.033)",
    "within 24–48 hours",
)
# Other shapes of section 4, whole, with the amounts that they hold.
SHAPES: Mapping[str, tuple[str, ...]] = {
    "methotrexate 2, 4 or 8 mg/kg": ("2 2 mg kg -", "4 4 mg kg -", "8 8 mg kg -"),
    "anakinra 100 or 200 mg": ("100 100 mg - -", "200 200 mg - -"),
    "dexamethasone 5 mg/m2 to 10 mg/m2": ("5 10 mg m2 -",),
    "between 5 and 10 mg/m² of dexamethasone": ("5 10 mg m2 -",),
    "paracetamol 2 x 500 mg": ("500 500 mg - -",),
    "trimethoprim-sulfamethoxazole 160 mg/800 mg": ("160 160 mg - -", "800 800 mg - -"),
    "trimethoprim-sulfamethoxazole 160/800 mg": ("160 160 mg - -", "800 800 mg - -"),
    "carboplatin AUC 5-6": ("5 6 AUC - -",),
    "carboplatin at an AUC of 5": ("5 5 AUC - -",),
    "prednisolone reduced from 60 mg/day to 40 mg/day": ("60 60 mg - d", "40 40 mg - d"),
    "taper dexamethasone from 10 to 5 mg/m2": ("10 10 mg m2 -", "5 5 mg m2 -"),
    "reduce etoposide by 25%": ("75 75 % - -",),
    "give 75% of the etoposide dose": ("75 75 % - -",),
    "one gram of methylprednisolone": ("1 1 g - -",),
    "etoposide 0,5 mg": ("0.5 0.5 mg - -",),
    "etoposide .5 mg": ("0.5 0.5 mg - -",),
    "etoposide 5.0 mg": ("5 5 mg - -",),
    "paracetamol 500mg-1g": ("500 1000 mg - -",),
    "vitamin D 50 000 IU": ("50000 50000 [IU] - -",),
    "benzylpenicillin 2.4 million units": ("2.4 2.4 M[U] - -",),
    "amphotericin B 1 mg·kg⁻¹": ("1 1 mg kg -",),
    "Cisplatin75mg/m2": ("75 75 mg m2 -",),
    "etoposide 60 mg/m2,4": ("60 60 mg m2 -",),
    "cladribine 0.14 mg/kg/24 h": ("0.14 0.14 mg kg d",),
}
CUES = {
    "": "",
    "up to ": "<",
    "maximum ": "<",
    "not exceeding ": "<",
    "no more than ": "<",
    "≤": "<",
    "at least ": ">",
}
JOINS = ("; ", " plus ", ", followed by ", ". ")

whole = st.integers(1, 99).map(str)
tenths = st.integers(1, 99).filter(lambda n: n % 10).map(lambda n: f"{n // 10}.{n % 10}")
hundreds = st.integers(1, 90).map(lambda n: str(n * 50))


@st.composite
def figures(draw: st.DrawFn) -> tuple[str, str, str]:
    """A number or a range as written, and its two ends in plain decimals."""
    numbers = draw(st.one_of(whole, tenths, hundreds))
    if draw(st.booleans()):
        return _written(numbers), numbers, numbers
    low, high = sorted({numbers, draw(st.one_of(whole, tenths))}, key=float)[:1] * 2
    high = str(float(low) * 2).removesuffix(".0")
    return f"{_written(low)}{draw(st.sampled_from(RANGES))}{_written(high)}", low, high


def _written(number: str) -> str:
    return f"{int(number):,}" if number.isdigit() else number


@st.composite
def dose_phrases(draw: st.DrawFn) -> Phrase:
    """One drug with one amount, at times with a rhythm, a length, a route or a cap."""
    written, low, high = draw(figures())
    unit, basis, per = (draw(st.sampled_from(sorted(t))) for t in (UNITS, BASES, PERIODS))
    spelled = [draw(st.sampled_from(t[key])) for t, key in ((BASES, basis), (PERIODS, per))]
    gap = draw(st.sampled_from(["", " "])) if unit in {"mg", "g", "ug"} else " "
    cue = draw(st.sampled_from(["", "", "", *CUES]))
    parts = [
        draw(st.sampled_from(DRUGS)),
        cue + written + gap + draw(st.sampled_from(UNITS[unit])),
    ]
    parts[1] += "".join(spelled)
    amounts = Counter([_key(low, high, unit, basis, per)])
    limits = Counter(f"{CUES[cue]} {amount}" for amount in amounts if cue)
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(ROUTES)))
    # Timing belongs to an amount that is no limit, and "20 mg/day daily" is never written.
    rhythm = draw(st.sampled_from(["", *RHYTHMS])) if per in {"", "dose"} and not cue else ""
    length = draw(st.sampled_from(["", "", *LENGTHS])) if not cue else ""
    parts += filter(None, [rhythm, length])
    plan = draw(st.sampled_from(["", "", *PLANS])) if not cue else ""
    parts += filter(None, [plan])
    if draw(st.integers(0, 4)) == 0:
        parts.append("(max 300 mg)")
        amounts["300 300 mg - -"] += 1
        limits["< 300 300 mg - -"] += 1
    rhythms = Counter([RHYTHMS[rhythm]] if rhythm else [])
    lengths = Counter([LENGTHS[length]] if length else [])
    days = Counter([PLANS[plan]] if plan else [])
    return Phrase(" ".join(parts), _found(amounts, limits, rhythms, lengths, days))


def _key(*parts: str) -> str:
    return " ".join(part or "-" for part in parts)


def _holding(text: str, amounts: tuple[str, ...] = ()) -> Phrase:
    return Phrase(text, _found(Counter(amounts)))


shapes = st.sampled_from(sorted(SHAPES)).map(lambda text: _holding(text, SHAPES[text]))


@st.composite
def sentences(draw: st.DrawFn) -> Phrase:
    """One or two dose phrases, with an aside after either at times."""
    whole_text = draw(st.one_of(dose_phrases(), dose_phrases(), shapes))
    if draw(st.booleans()):
        whole_text = whole_text.then(" ", _holding(draw(st.sampled_from(ASIDES))))
    if draw(st.booleans()):
        other = draw(st.one_of(dose_phrases(), dose_phrases(), shapes))
        whole_text = whole_text.then(draw(st.sampled_from(JOINS)), other)
    if draw(st.integers(0, 3)) == 0:
        whole_text = whole_text.then(" ", _holding(draw(st.sampled_from(ASIDES))))
    return whole_text
