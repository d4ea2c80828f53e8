"""Maxima: of one dose, of a day, and of everything that an order plans to give.

A maximum is compared with what counts in the same way only: the same basis, the same span. Of
several maxima the highest decides, since each holds for its own patients.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from assistant.dosing import Dose, DoseRole
from assistant.dosing.model import Kind, Parsed
from assistant.dosing.rates import HOURS, rates
from assistant.dosing.schedule import day_set
from assistant.dosing.units import canonical
from assistant.orders.amounts import EACH, RAW, counted, own_key, raw
from assistant.orders.library_doses import Entry
from assistant.orders.model import Problem, ProblemKind
from assistant.orders.words import amount_words, dose_words, library_words, sentence

_DAY = HOURS["d"]
_SIZES = {"kg": "kg", "m2": "m2"}


def cap_problem(order: Dose, entries: Sequence[Entry], read: Parsed) -> Problem | None:
    """A single or daily amount, or a cap of the order's own, above the library's maximum."""
    if order.role not in {DoseRole.STATED, DoseRole.MAXIMUM}:
        return None
    caps = [e for e in entries if e.dose.role is DoseRole.MAXIMUM or e.up_to]
    compared = [
        (over, most, entry, key)
        for entry in caps
        for key, over, most in _measured(order, entry.dose)
    ]
    if compared and all(over > most for over, most, _, _ in compared):
        _, _, entry, _ = max(compared, key=lambda found: found[1])
        what = "the order's maximum of " if order.role is DoseRole.MAXIMUM else ""
        text = f"{what}{dose_words(order)} is above the library's maximum: {library_words(entry)}"
        return Problem(ProblemKind.CAP, sentence(text), entry.passage.id)
    return cap_by_size(order, caps, read)


def obeys_caps(order: Dose, entries: Sequence[Entry]) -> bool:
    """Whether the order keeps within every maximum of some passage, none left unmeasured."""
    caps = [e.dose for e in entries if e.dose.role.is_limit]
    found = [list(_measured(order, cap)) for cap in caps]
    return bool(found) and all(
        ways and all(over <= most for _, over, most in ways) for ways in found
    )


def _measured(order: Dose, cap: Dose) -> Iterator[tuple[str, Fraction, Fraction]]:
    """The order's amount and the maximum in every way in which both count."""
    if _dimension(order) != _dimension(cap) or order.basis != cap.basis or order.cumulative:
        return
    most = raw(cap)
    if most is None:
        return
    amounts = dict(counted(order))
    key = cap.per or EACH
    if cap.cumulative:
        return
    if key == EACH and RAW in amounts:
        amounts[EACH] = amounts[RAW]
    if key in amounts:
        yield key, amounts[key][1], most[1]


def cap_by_size(order: Dose, entries: Sequence[Entry], read: Parsed) -> Problem | None:
    """30 mg/kg for a patient of 70 kg, against a maximum of 1 g."""
    caps = [e for e in entries if e.dose.role is DoseRole.MAXIMUM]
    size = size_in(read, order.basis)
    if size is None or order.role is not DoseRole.STATED:
        return None
    amounts = dict(counted(order))
    amounts.setdefault(EACH, amounts.get(RAW, (Fraction(0), Fraction(0))))
    compared = []
    for entry in caps:
        cap, most = entry.dose, raw(entry.dose)
        if cap.basis or cap.cumulative or most is None or _dimension(cap) != _dimension(order):
            continue
        key = cap.per or EACH
        if key in amounts:
            compared.append((amounts[key][1] * size, most[1], entry, key))
    if not compared or not all(over > most for over, most, _, _ in compared):
        return None
    over, _, entry, key = max(compared, key=lambda found: found[1])
    total = amount_words((over, over), order.unit, "", "d" if key == "d" else "")
    unit = {"kg": "kg", "m2": "m²"}[order.basis]
    text = (
        f"for the {amount_words((size, size), '', '', '')}{unit} of the text this makes {total}, "
        f"above the library's maximum: {library_words(entry)}"
    )
    return Problem(ProblemKind.CAP, sentence(text), entry.passage.id)


def size_in(read: Parsed, basis: str) -> Fraction | None:
    """The one weight (kg) or surface (m²) that the text gives with its unit, else None."""
    unit = _SIZES.get(basis)
    found = set()
    for number in read.numbers:
        if number.kind is Kind.BODY_SIZE:
            value, _, written = number.text.replace("²", "2").partition(" ")
            if written.strip() == unit and value.replace(".", "", 1).isdigit():
                found.add(Fraction(value))
    return next(iter(found)) if len(found) == 1 else None


# ---------------------------------------------------------------------------- totals


def total_problem(doses: Sequence[Dose], entries: Sequence[Entry]) -> Problem | None:
    """All that an order plans of one drug, against the library's cumulative limits."""
    given = [d for d in doses if d.role is DoseRole.STATED]
    limits = [e for e in entries if e.supports and e.dose.role is DoseRole.CUMULATIVE_LIMIT]
    planned = [_planned(dose) for dose in given]
    if not limits or not given or any(total is None for total in planned):
        return None
    first = given[0]
    if any((d.basis, _dimension(d)) != (first.basis, _dimension(first)) for d in given):
        return None
    total = sum((t for t in planned if t is not None), Fraction(0))
    alike = [
        (most[1], entry)
        for entry in limits
        if (entry.dose.basis, _dimension(entry.dose)) == (first.basis, _dimension(first))
        and (most := raw(entry.dose)) is not None
    ]
    if not alike or not all(total > most for most, _ in alike):
        return None
    _, entry = max(alike, key=lambda found: found[0])
    planned_words = amount_words((total, total), first.unit, first.basis, "")
    text = (
        f"the order adds up to {planned_words}, above the library's limit: {library_words(entry)}"
    )
    return Problem(ProblemKind.TOTAL, sentence(text), entry.passage.id)


def _planned(dose: Dose) -> Fraction | None:
    """The whole amount that a dose stands for; None when the text leaves its end open."""
    amount = raw(dose)
    if amount is None or dose.phases:
        return None
    if dose.cumulative:
        return amount[1]
    if dose.count is not None and dose.count.high is not None and own_key(dose) in {RAW, EACH}:
        return amount[1] * dose.count.high
    days = _days(dose)
    if days is None:
        return amount[1] if dose.freq is None and not dose.per else None
    if own_key(dose) == "d":
        return amount[1] * days
    if own_key(dose) == "wk":
        return amount[1] * days / 7
    pace = rates(dose.freq, "d") if dose.freq is not None else None
    if pace is not None:
        return amount[1] * pace[1] * days
    listed = day_set(dose.days) if dose.days else ""
    return amount[1] * len(listed) if listed and not isinstance(listed, str) else None


def _days(dose: Dose) -> Fraction | None:
    if dose.duration is not None and dose.duration.high is not None:
        hours = HOURS.get(dose.duration.unit)
        return None if hours is None else dose.duration.high * hours / _DAY
    for plan, length in ((dose.weeks, 7), (dose.days, 1)):
        named = day_set(plan) if plan else ""
        if named and not isinstance(named, str):
            return Fraction(len(named) * length)
    return None


def _dimension(dose: Dose) -> str:
    return canonical(Fraction(1), dose.unit)[1]
