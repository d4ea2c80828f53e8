"""One checked dose as a FHIR ``Dosage`` of R4 or R5.

What an element can't say exactly stays in ``text`` and in the extension of the check; a
structure that says more or less than the text is never written. Two readings of the standard:

* ``dose`` is "amount of medication per dose". An amount per day that isn't given once a day
  (in divided doses, or without a number of doses) is a ``rate`` per day: the total stays right
  however a receiver reads it.
* A course total, and an amount split over days, are text: no element means them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from assistant.dosing.fhir.checked import (
    EXPORTED,
    UNSURE,
    CheckedDose,
    left_over,
    record_text,
)
from assistant.dosing.fhir.codes import (
    CHECK_URL,
    DOSE_TYPE,
    ROUTES,
    SNOMED,
    Release,
    exact,
    quantity,
    ucum,
)
from assistant.dosing.fhir.errors import NotExportable
from assistant.dosing.fhir.same import says_the_same
from assistant.dosing.fhir.timing import timing_of
from assistant.dosing.fhir.wording import wording
from assistant.dosing.model import Dose, DoseRole, Frequency
from assistant.dosing.printing import NotPrintable, render
from assistant.dosing.table.model import DrugEntry
from assistant.dosing.verdict import Verdict

_ONCE_DAILY = Frequency(1, 1, "d")
_AMOUNT = frozenset({"low", "high", "unit", "basis", "per"})
_PERIODS = frozenset({"d", "wk", "mo"})
_ONE = Decimal(1)


def to_fhir(
    dose: Dose,
    release: Release,
    *,
    verdict: Verdict,
    rule_id: str = "",
    table_version: str = "",
    passage_id: str = "",
    text: str | None = None,
    limits: Sequence[Dose] = (),
    calculated: bool = False,
    as_needed: bool = False,
    as_needed_for: str = "",
    events: Sequence[date] = (),
    sequence: int | None = None,
    entry: DrugEntry | None = None,
) -> dict[str, Any]:
    """A checked dose as a FHIR ``Dosage``; ``text`` is the dose as printed unless given.

    A dose that can't be printed has its own words. ``entry`` is the drug's entry in the rules
    table: it alone says what "units" are. Raises NotExportable for a verdict, role or reading
    that must not leave as a dose, and for a text that doesn't say what the structure would say.
    """
    checked = CheckedDose(
        dose=dose,
        verdict=verdict,
        text=wording(dose, limits, dose.text) if text is None else text,
        rule_id=rule_id,
        table_version=table_version,
        passage_id=passage_id,
        limits=tuple(limits),
        calculated=calculated,
        as_needed=as_needed,
        as_needed_for=as_needed_for,
        events=tuple(events),
        sequence=sequence,
    )
    return dosage(checked, release, entry=entry)


def to_fhir_sequence(
    steps: Sequence[CheckedDose],
    release: Release,
    *,
    entry: DrugEntry | None = None,
    say: Callable[[Dose], str] = render,
) -> list[dict[str, Any]]:
    """The steps of a taper in order, numbered from 1.

    An amount that is given less or more often later ("twice weekly, then weekly") becomes one
    step for each frequency, in the words that ``say`` writes; where it can't (NotPrintable)
    the amount stays one step in its own text.
    """
    spread: list[CheckedDose] = []
    for step in steps:
        try:
            spread += _phases(step, say)
        except NotPrintable:
            spread.append(step)
    return [
        dosage(replace(step, sequence=number), release, entry=entry)
        for number, step in enumerate(spread, start=1)
    ]


def _phases(step: CheckedDose, say: Callable[[Dose], str]) -> list[CheckedDose]:
    """The step itself, or one step for each of its frequencies. Raises what ``say`` raises."""
    if not step.dose.phases:
        return [step]
    first = replace(step.dose, phases=())
    later = [replace(first, freq=phase, duration=None, count=None) for phase in step.dose.phases]
    return [replace(step, dose=dose, text=say(dose)) for dose in (first, *later)]


def dosage(
    checked: CheckedDose, release: Release, *, entry: DrugEntry | None = None
) -> dict[str, Any]:
    """A checked dose as a FHIR ``Dosage``. Raises NotExportable; see ``to_fhir``."""
    _refuse(checked)
    dose = checked.dose
    said = {"role", "cmp", "cumulative"} if _is_stated(dose) else set()
    found: dict[str, Any] = {"text": checked.text}
    if checked.sequence is not None:
        found["sequence"] = checked.sequence
    amount, fields = _dose_and_rate(checked, entry)
    said |= fields
    timing, fields = timing_of(
        dose, checked.events, daily_total=dose.divided is not None and dose.freq == _ONCE_DAILY
    )
    said |= fields
    if timing:
        found["timing"] = timing
    found |= _as_needed(checked, release)
    if dose.routes:
        found["route"] = _route(dose.routes)
        said.add("routes")
    if amount:
        found["doseAndRate"] = [amount]
    caps, unsaid = _caps(checked, release, entry)
    found |= caps
    if dose.role.is_limit and dose not in unsaid:
        said |= _AMOUNT
    return {"extension": [_check(checked, frozenset(said), unsaid)]} | found


def _is_stated(dose: Dose) -> bool:
    return dose.role is DoseRole.STATED and dose.cmp == "=" and not dose.cumulative


def _refuse(checked: CheckedDose) -> None:
    dose, words = checked.dose, checked.text
    if checked.verdict not in EXPORTED:
        raise NotExportable(words, f"its verdict is {checked.verdict}. Check the source first.")
    if dose.role is not DoseRole.STATED and not dose.role.is_limit:
        raise NotExportable(words, f"it is no dose to give but {_role_words(dose.role)}.")
    if dose.low is None and dose.high is None:
        raise NotExportable(words, "its number could not be read.")
    unsure = sorted(UNSURE.intersection(dose.flags))
    if unsure:
        raise NotExportable(words, f"its reading is unsure ({', '.join(unsure)}).")
    if not checked.text.strip():
        raise NotExportable(words, "it has no text. Give the words that say the dose.")
    if dose.role.is_limit and checked.limits:
        raise NotExportable(words, "a limit that stands alone has no limits of its own.")
    odd = [limit.text for limit in checked.limits if not limit.role.is_limit or limit.high is None]
    if odd:
        raise NotExportable(words, f"“{odd[0]}” stands among its limits and is none.")
    if not says_the_same(checked.text, dose):
        raise NotExportable(words, "the text doesn't say the dose that the structure would say.")


def _role_words(role: DoseRole) -> str:
    words = {
        DoseRole.REJECTED: "one that the source rejects",
        DoseRole.PREVIOUS: "one given before",
        DoseRole.RELATIVE: "a change of another dose",
    }
    return words[role]


def _dose_and_rate(
    checked: CheckedDose, entry: DrugEntry | None
) -> tuple[dict[str, Any] | None, frozenset[str]]:
    """``doseAndRate`` and the fields that it says; None where the amount must stay text."""
    dose = checked.dose
    kind, per = _kind(dose)
    code = ucum(dose.unit, dose.basis, per, entry)
    low, high = exact(dose.low), exact(dose.high)
    inexact = dose.low is not None and low is None
    if not kind or code is None or inexact or high is None:
        return None, frozenset()
    if low is not None and low == high:
        value = {f"{kind}Quantity": quantity(low, code)}
    else:
        ends = {"low": low, "high": high}
        value = {
            f"{kind}Range": {
                name: quantity(end, code) for name, end in ends.items() if end is not None
            }
        }
    ordered = "calculated" if checked.calculated else "ordered"
    said = set(_AMOUNT)
    if dose.unit in {"U", "M[U]"}:
        said.remove("unit")  # "[iU]" alone would read back as a text of international units
    if dose.freq is not None and per == "d" and dose.divided is not None:
        said.add("freq")
    return {"type": {"coding": [{"system": DOSE_TYPE, "code": ordered}]}} | value, frozenset(said)


def _kind(dose: Dose) -> tuple[str, str]:
    """("dose" | "rate" | "" for text, what the unit is per)."""
    several = dose.units_per_dose is not None and not (
        dose.units_per_dose.low == dose.units_per_dose.high == 1
    )
    split = dose.over is not None and dose.over.unit not in {"min", "h"}
    if not _is_stated(dose) or several or split:
        return "", ""
    if dose.per in {"h", "min"}:
        return "rate", dose.per
    if dose.divided is not None:
        return ("rate", "d") if _daily_total(dose) else ("", "")
    if dose.per in {"", "dose"}:
        return "dose", ""
    if dose.per == "d":
        return ("dose", "") if dose.freq == _ONCE_DAILY else ("rate", "d")
    return ("rate", dose.per) if dose.per in _PERIODS else ("", "")


def _daily_total(dose: Dose) -> bool:
    return dose.per == "d" or (dose.per == "" and dose.freq == _ONCE_DAILY)


def _as_needed(checked: CheckedDose, release: Release) -> dict[str, Any]:
    """``asNeeded``, a choice in R4 and two elements in R5."""
    reason = {"text": checked.as_needed_for}
    if release == "R4":
        if checked.as_needed_for:
            return {"asNeededCodeableConcept": reason}
        return {"asNeededBoolean": True} if checked.as_needed else {}
    if checked.as_needed_for:
        return {"asNeededFor": [reason]}
    return {"asNeeded": True} if checked.as_needed else {}


def _route(routes: tuple[str, ...]) -> dict[str, Any]:
    """One route with its code; a choice of routes is text, for it has no code."""
    words = [ROUTES[route][1] if route in ROUTES else route for route in routes]
    found: dict[str, Any] = {"text": " or ".join(words)}
    if len(routes) == 1 and routes[0] in ROUTES:
        return {"coding": [{"system": SNOMED, "code": ROUTES[routes[0]][0]}]} | found
    return found


def _caps(
    checked: CheckedDose, release: Release, entry: DrugEntry | None
) -> tuple[dict[str, Any], tuple[Dose, ...]]:
    """The elements of the limits, and the limits that have none."""
    own = (checked.dose,) if checked.dose.role.is_limit else ()
    found: dict[str, Any] = {}
    unsaid: list[Dose] = []
    for limit in (*own, *checked.limits):
        name, value = _cap(limit, checked.dose, entry)
        taken = name in found and not (release == "R5" and name == "maxDosePerPeriod")
        if value is None or taken:
            unsaid.append(limit)
        elif release == "R5" and name == "maxDosePerPeriod":
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found, tuple(unsaid)


def _cap(limit: Dose, dose: Dose, entry: DrugEntry | None) -> tuple[str, dict[str, Any] | None]:
    """The element of one limit. It is a SimpleQuantity: one value, and at most that much.

    A limit without its own "per day" beside an amount per day is a limit per day.
    """
    code = ucum(limit.unit, limit.basis, "", entry)
    value = exact(limit.high)
    if limit.cmp != "<=" or limit.low not in {None, limit.high} or code is None or value is None:
        return "", None
    if limit.unit in {"U", "M[U]"} or limit.conditions or limit.population:
        return "", None
    if limit.role is DoseRole.CUMULATIVE_LIMIT:
        lifetime = limit.per == "" and not limit.duration
        return "maxDosePerLifetime", quantity(value, code) if lifetime else None
    if limit.role is not DoseRole.MAXIMUM or limit.cumulative:
        return "", None
    per = limit.per or (dose.per if dose.per in _PERIODS else "")
    if per in {"", "dose"}:
        return "maxDosePerAdministration", quantity(value, code)
    if per not in _PERIODS:
        return "", None
    words = {"d": "day", "wk": "week", "mo": "month"}
    ratio = {"numerator": quantity(value, code)}
    return "maxDosePerPeriod", ratio | {"denominator": quantity(_ONE, per) | {"unit": words[per]}}


def _check(checked: CheckedDose, said: frozenset[str], unsaid: Sequence[Dose]) -> dict[str, Any]:
    """The extension: the verdict and what it rests on, and what no element holds."""
    own = checked.dose
    left = left_over(own, said)
    parts: list[dict[str, Any]] = [{"url": "verdict", "valueCode": str(checked.verdict)}]
    for url, value in (
        ("rule", checked.rule_id),
        ("table-version", checked.table_version),
        ("passage", checked.passage_id),
    ):
        if value:
            parts.append({"url": url, "valueString": value})
    if left:
        parts.append({"url": "text-only", "valueString": record_text(left)})
    for limit in unsaid:
        if limit is not own:
            record = record_text(left_over(limit, frozenset()))
            parts.append({"url": "limit", "valueString": record})
    return {"url": CHECK_URL, "extension": parts}
