"""Doses built from their fields, in every combination of fields that a text can give."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from assistant.dosing.model import Bound, Dose, DoseRole, Frequency
from assistant.dosing.units import UNITS

LIMITS = (
    (DoseRole.MAXIMUM, "<="),
    (DoseRole.MAXIMUM, "<"),
    (DoseRole.MINIMUM, ">="),
    (DoseRole.MINIMUM, ">"),
)
OTHERS = (DoseRole.STATED, DoseRole.REJECTED, DoseRole.PREVIOUS)
DRUGS = ("etoposide", "methylprednisolone", "ciclosporin", "liposomal amphotericin b", "ivig")
SYMBOLS = ("g", "mg", "ug", "ng", "U", "[IU]", "M[U]", "M[IU]", "mmol", "meq", "mL")
FORMS = tuple(code for code in UNITS if code.startswith("{"))
PERS = ("", "", "", "d", "dose", "wk", "h", "min", "cycle", "course", "mo")
TOTAL_PERS = ("", "cycle", "course")
ROUTES = ("IV", "PO", "SC", "IM", "IT", "INH")
GROUPS = (
    *("adult", "child", "infant", "elderly", "pregnancy"),
    *("renal_impairment", "hepatic_impairment"),
)

amounts = st.one_of(
    st.integers(1, 20_000).map(Fraction),
    st.integers(1, 9_999).map(lambda n: Fraction(n, 100)),
    st.integers(1, 999).map(lambda n: Fraction(n, 1000)),
)


@st.composite
def pairs(draw: st.DrawFn, values: st.SearchStrategy[Fraction]) -> tuple[Fraction, Fraction]:
    """One value twice, or the two ends of a range."""
    low, high = sorted((draw(values), draw(values)))
    return (low, low) if draw(st.booleans()) else (low, high)


@st.composite
def bounds(draw: st.DrawFn, units: tuple[str, ...], top: int = 30, open_ends: bool = True) -> Bound:
    """A time or count: one value, a range, or with only one of its ends."""
    low, high = draw(pairs(st.integers(2, top).map(Fraction)))
    unit = draw(st.sampled_from(units))
    shape = draw(
        st.sampled_from(("closed", "closed", "most", "least") if open_ends else ("closed",))
    )
    if shape == "most":
        return Bound(None, high, unit)
    return Bound(low, None if shape == "least" else high, unit)


@st.composite
def frequencies(draw: st.DrawFn) -> Frequency:
    """So many times a day, week or month, or once in so many hours, days, weeks or months."""
    if draw(st.booleans()):
        n = draw(st.integers(1, 6))
        n_max = draw(st.one_of(st.none(), st.integers(n + 1, 8)))
        return Frequency(n, 1, draw(st.sampled_from(("d", "wk", "mo"))), n_max)
    unit, top = draw(st.sampled_from((("min", 60), ("h", 72), ("d", 28), ("wk", 12), ("mo", 6))))
    period = draw(st.integers(1, top))
    longest = draw(st.one_of(st.none(), st.integers(period + 1, top + 12)))
    return Frequency(1, period, unit, None, longest)


@st.composite
def labels(draw: st.DrawFn, lowest: int) -> str:
    """Days or weeks of a plan: "1,8,15", "1-5,14", "-6--2", "19-"."""
    if draw(st.integers(0, 5)) == 0:
        return f"{draw(st.integers(1, 40))}-"
    days = sorted(draw(st.sets(st.integers(lowest, 40), min_size=1, max_size=6)))
    if len(days) > 1 and draw(st.booleans()):
        return ",".join((f"{days[0]}-{days[1]}", *map(str, days[2:])))
    return ",".join(map(str, days))


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    """A dose with its fields built, never read from a text."""
    drug = draw(st.one_of(st.none(), st.sampled_from(DRUGS)))
    role, cmp = draw(
        st.one_of(st.sampled_from(OTHERS).map(lambda r: (r, "=")), st.sampled_from(LIMITS))
    )
    kind = draw(st.sampled_from(("mass", "mass", "mass", "total", "form", "auc", "share")))
    fields: dict[str, Any] = {}
    low, high = draw(pairs(amounts))
    unit, basis, per = draw(st.sampled_from(SYMBOLS)), "", ""
    if kind in {"mass", "total"}:
        basis = draw(st.sampled_from(("", "kg", "m2")))
        per = draw(st.sampled_from(TOTAL_PERS if kind == "total" else PERS))
    if kind == "total":
        fields["cumulative"] = True
        role = DoseRole.CUMULATIVE_LIMIT if role is DoseRole.MAXIMUM else DoseRole.STATED
        cmp = cmp if role is DoseRole.CUMULATIVE_LIMIT else "="
    if kind == "form":
        basis, per = "", ""
        unit, (low, high) = (
            draw(st.sampled_from(FORMS)),
            draw(pairs(st.integers(1, 9).map(Fraction))),
        )
    if kind == "auc":
        basis, per, unit, (low, high) = "", "", "AUC", draw(pairs(st.integers(2, 8).map(Fraction)))
    if kind == "share":
        basis, per, drug = "", "", drug or "etoposide"
        unit, role, cmp = "%", DoseRole.RELATIVE, "="
        low, high = draw(pairs(st.integers(1, 200).map(Fraction)))
    if unit == "mL":  # a bare volume or one a minute is read as no dose
        basis, per = basis or "kg", "h" if per == "min" else per
    limit = role.is_limit
    chosen = {
        "freq": frequencies(),
        "routes": st.lists(st.sampled_from(ROUTES), min_size=1, max_size=2, unique=True).map(tuple),
        "duration": bounds(("h", "d", "wk", "mo")),
        "over": bounds(("min", "h", "d", "wk")),
        "count": bounds(("",)),
        "divided": bounds(("",), 6, open_ends=False),
        "days": labels(-7),
        "weeks": labels(0),
        "population": st.sampled_from(GROUPS),
    }
    if not (kind == "mass" and not limit):
        del chosen["divided"]
    for name in draw(st.sets(st.sampled_from(sorted(chosen)), max_size=5)):
        fields[name] = draw(chosen[name])
    looks_raised = 103 <= low <= 109 and low.denominator == 1  # "2 × 103 mg": never printed
    if kind == "mass" and not limit and not looks_raised and draw(st.integers(0, 7)) == 0:
        fields["units_per_dose"] = Bound(Fraction(2), Fraction(2))
    return Dose(
        start=0,
        end=0,
        text="",
        drug=drug,
        drug_name=drug,
        low=low,
        high=high,
        unit=unit,
        basis=basis,
        per=per,
        role=role,
        cmp=cmp,
        **fields,
    )
