"""One FHIR ``Dosage`` -> the dose, its limits, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from assistant.dosing.fhir.checked import fields_of
from assistant.dosing.fhir.codes import (
    CHECK_URL,
    ROUTE_OF_CODE,
    ROUTE_OF_WORD,
    SNOMED,
    UCUM,
    time_of_code,
    unit_of,
)
from assistant.dosing.fhir.elements import (
    beyond,
    concept_words,
    number,
    objects,
    single,
    whole,
    words,
)
from assistant.dosing.fhir.errors import NotImportable
from assistant.dosing.model import Bound, Dose, DoseRole, Frequency

_SHAPE = "Correct the resource, and validate it before it is imported."
_DOSAGE = frozenset(
    {"sequence", "text", "timing", "asNeeded", "asNeededBoolean", "asNeededFor"}
    | {"asNeededCodeableConcept", "route", "doseAndRate", "maxDosePerAdministration"}
    | {"maxDosePerPeriod", "maxDosePerLifetime"}
)
_REPEAT = frozenset(
    {"frequency", "frequencyMax", "period", "periodMax", "periodUnit", "count", "countMax"}
    | {"duration", "durationMax", "durationUnit", "boundsDuration", "boundsRange"}
)
_VALUES = ("doseQuantity", "doseRange", "rateQuantity", "rateRange")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDosage:
    """What a ``Dosage`` says. ``dose.low`` and ``.high`` are None where it gives no amount."""

    dose: Dose
    text: str
    limits: tuple[Dose, ...] = ()
    calculated: bool = False
    as_needed: bool = False
    as_needed_for: str = ""
    events: tuple[date, ...] = ()
    sequence: int | None = None
    check: Mapping[str, str]
    left_out: tuple[str, ...] = ()
    path: str = ""


def read_dosage(element: Mapping[str, Any], path: str) -> ReadDosage:
    """Read one ``Dosage`` of R4 or R5. Raises NotImportable for a malformed one."""
    left_out = beyond(element, _DOSAGE, path)
    text = words(element, "text", path)
    fields: dict[str, Any] = {}
    amount, calculated = _dose_and_rate(element, path, left_out)
    fields |= amount
    events = _timing(element, path, fields, left_out)
    fields |= _route(element, path, left_out)
    limits = _limits(element, path, text, left_out)
    check, text_only, unsaid = _check(element, path, text)
    fields |= text_only
    role = fields.get("role", DoseRole.STATED)
    if role.is_limit and limits and "high" not in fields:
        own, *limits = limits
        fields |= {"low": own.low, "high": own.high, "unit": own.unit, "basis": own.basis}
        fields |= {"per": own.per}
    return ReadDosage(
        dose=_dose(text, **fields),
        text=text,
        limits=(*limits, *unsaid),
        calculated=calculated,
        as_needed=bool(element.get("asNeeded") or element.get("asNeededBoolean")),
        as_needed_for=_reason(element, path),
        events=events,
        sequence=whole(element, "sequence", path),
        check=check,
        left_out=tuple(left_out),
        path=path,
    )


def _dose(text: str, **fields: Any) -> Dose:
    given: dict[str, Any] = {"low": None, "high": None, "unit": "", "drug": None}
    given |= {"start": 0, "end": len(text), "text": text, "drug_name": None}
    return Dose(**(given | fields))


def _amount(
    element: Mapping[str, Any], path: str, left_out: list[str]
) -> tuple[Fraction, str] | None:
    """Value and UCUM code of a Quantity; None, reported, for a unit of no known system."""
    value = number(element, "value", path)
    code, system = words(element, "code", path), words(element, "system", path)
    if value is None or system != UCUM or not code:
        left_out.append(f"{path}: it has no value with a UCUM code, and no unit is guessed.")
        return None
    return value, code


def _dose_and_rate(
    element: Mapping[str, Any], path: str, left_out: list[str]
) -> tuple[dict[str, Any], bool]:
    entries = objects(element, "doseAndRate", path)
    for _, at in entries[1:]:
        left_out.append(f"{at}: a second amount in one Dosage was left out.")
    if not entries:
        return {}, False
    entry, at = entries[0]
    left_out += beyond(entry, frozenset({"type", *_VALUES}), at)
    given = [name for name in _VALUES if name in entry]
    kinds = [words(c, "code", at) for c, _ in objects(single(entry, "type", at), "coding", at)]
    calculated = "calculated" in kinds
    if len(given) != 1:
        if given:
            left_out.append(f"{at}: dose and rate together have no place in a rule.")
        return {}, calculated
    name = given[0]
    value = single(entry, name, at)
    ends = {"low": value, "high": value} if name.endswith("Quantity") else value
    if name.endswith("Range"):
        left_out += beyond(value, frozenset({"low", "high"}), f"{at}.{name}")
    found: dict[str, Any] = {}
    for end in ("low", "high"):
        if end not in ends:
            continue
        where = f"{at}.{name}" if ends is not value else f"{at}.{name}.{end}"
        read = _amount(single(ends, end, f"{at}.{name}"), where, left_out)
        unit = None if read is None else unit_of(read[1])
        if read is None or unit is None:
            if read is not None:
                left_out.append(f"{where}: “{read[1]}” is no unit of a dose here.")
            return {}, calculated
        if found and unit.unit != found["unit"]:
            left_out.append(f"{at}.{name}: its two ends have different units.")
            return {}, calculated
        if bool(unit.per) != name.startswith("rate"):
            left_out.append(f"{at}.{name}: “{read[1]}” is no unit of a {name[:4]}.")
            return {}, calculated
        found |= {end: read[0], "unit": unit.unit, "basis": unit.basis, "per": unit.per}
    return found, calculated


def _timing(
    element: Mapping[str, Any], path: str, fields: dict[str, Any], left_out: list[str]
) -> tuple[date, ...]:
    timing = single(element, "timing", path)
    at = f"{path}.timing"
    left_out += beyond(timing, frozenset({"repeat", "event"}), at)
    repeat = single(timing, "repeat", at)
    left_out += beyond(repeat, _REPEAT, f"{at}.repeat")
    fields |= _repeat(repeat, f"{at}.repeat", left_out)
    events = timing.get("event", [])
    try:
        return tuple(date.fromisoformat(str(event)[:10]) for event in events)
    except (ValueError, TypeError) as error:
        raise NotImportable(f"{at}.event", "It holds no dates.", _SHAPE) from error


def _repeat(repeat: Mapping[str, Any], at: str, left_out: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "period" in repeat:
        period, period_max = number(repeat, "period", at), number(repeat, "periodMax", at)
        unit = time_of_code(words(repeat, "periodUnit", at))
        ends = [end for end in (period, period_max) if end is not None]
        if unit is None or any(end.denominator != 1 or end < 1 for end in ends):
            left_out.append(f"{at}.period: it isn't a whole number of a known unit of time.")
        elif period is not None:
            found["freq"] = Frequency(
                whole(repeat, "frequency", at) or 1,
                int(period),
                unit,
                whole(repeat, "frequencyMax", at),
                None if period_max is None else int(period_max),
            )
    elif "frequency" in repeat or "frequencyMax" in repeat:
        left_out.append(f"{at}.frequency: it has no period.")
    count, count_max = whole(repeat, "count", at), whole(repeat, "countMax", at)
    if count is not None:
        found["count"] = Bound(Fraction(count), Fraction(count_max or count))
    length, longest = number(repeat, "duration", at), number(repeat, "durationMax", at)
    if length is not None:
        unit = time_of_code(words(repeat, "durationUnit", at))
        if unit is None:
            left_out.append(f"{at}.duration: it has no known unit of time.")
        else:
            found["over"] = Bound(length, length if longest is None else longest, unit)
    for name in ("boundsDuration", "boundsRange"):
        if name in repeat:
            bound = _bound(single(repeat, name, at), name, f"{at}.{name}", left_out)
            found |= {"duration": bound} if bound else {}
    return found


def _bound(value: Mapping[str, Any], name: str, at: str, left_out: list[str]) -> Bound | None:
    ends = {"low": value, "high": value} if name == "boundsDuration" else value
    found: dict[str, Fraction] = {}
    units: set[str] = set()
    for end in ("low", "high"):
        if end in ends:
            where = at if ends is not value else f"{at}.{end}"
            read = _amount(single(ends, end, at), where, left_out)
            unit = None if read is None else time_of_code(read[1])
            if read is None or unit is None:
                left_out.append(f"{at}: it has no known unit of time.")
                return None
            found[end] = read[0]
            units.add(unit)
    if len(units) != 1:
        left_out.append(f"{at}: its ends aren't in one unit of time.")
        return None
    return Bound(found.get("low"), found.get("high"), units.pop())


def _route(element: Mapping[str, Any], path: str, left_out: list[str]) -> dict[str, Any]:
    route = single(element, "route", path)
    if not route:
        return {}
    at = f"{path}.route"
    codes = [
        words(coding, "code", where)
        for coding, where in objects(route, "coding", at)
        if coding.get("system") == SNOMED
    ]
    known = tuple(ROUTE_OF_CODE[code] for code in codes if code in ROUTE_OF_CODE)
    if len(known) == 1:
        return {"routes": known}
    spoken = [ROUTE_OF_WORD.get(word) for word in words(route, "text", at).split(" or ")]
    if not codes and spoken and all(spoken):
        return {"routes": tuple(word for word in spoken if word)}
    left_out.append(f"{at}: “{concept_words(route, at)}” is no route that a rule knows.")
    return {}


def _limits(element: Mapping[str, Any], path: str, text: str, left_out: list[str]) -> list[Dose]:
    found: list[Dose] = []
    periods = element.get("maxDosePerPeriod", [])
    ratios = periods if isinstance(periods, list) else [periods]
    given = [
        (single(element, name, path), f"{path}.{name}", per)
        for name, per in (("maxDosePerAdministration", ""), ("maxDosePerLifetime", "lifetime"))
        if name in element
    ]
    for ratio in ratios:
        at = f"{path}.maxDosePerPeriod"
        if not isinstance(ratio, Mapping):
            raise NotImportable(at, "It should be a ratio.", _SHAPE)
        span = _amount(single(ratio, "denominator", at), f"{at}.denominator", left_out)
        if span is None or span[0] != 1 or time_of_code(span[1]) is None:
            left_out.append(f"{at}: only “per 1 day”, week or month has a place in a rule.")
            continue
        given.append((single(ratio, "numerator", at), f"{at}.numerator", span[1]))
    for value, at, per in given:
        read = _amount(value, at, left_out)
        unit = None if read is None else unit_of(read[1])
        if read is None or unit is None or unit.per:
            left_out.append(f"{at}: it is no amount of a drug in a known unit.")
            continue
        limit = _dose(
            text,
            low=read[0],
            high=read[0],
            unit=unit.unit,
            basis=unit.basis,
            cmp="<=",
            role=DoseRole.MAXIMUM,
            per="" if per == "lifetime" else per,
        )
        if per == "lifetime":
            limit = replace(limit, role=DoseRole.CUMULATIVE_LIMIT, cumulative=True)
        found.append(limit)
    return found


def _check(
    element: Mapping[str, Any], path: str, text: str
) -> tuple[dict[str, str], dict[str, Any], list[Dose]]:
    """Our own extension: what the check said, the fields without element, the odd limits."""
    check: dict[str, str] = {}
    text_only: dict[str, Any] = {}
    limits: list[Dose] = []
    for extension, at in objects(element, "extension", path):
        if extension.get("url") != CHECK_URL:
            continue
        for part, where in objects(extension, "extension", at):
            url = words(part, "url", where)
            value = words(part, "valueString", where) or words(part, "valueCode", where)
            if url == "text-only":
                text_only |= fields_of(value, where)
            elif url == "limit":
                limits.append(_dose(text, **fields_of(value, where)))
            else:
                check[url] = value
    return check, text_only, limits


def _reason(element: Mapping[str, Any], path: str) -> str:
    concepts = objects(element, "asNeededFor", path)
    one = single(element, "asNeededCodeableConcept", path)
    if one:
        concepts = [(one, f"{path}.asNeededCodeableConcept")]
    return " or ".join(concept_words(concept, at) for concept, at in concepts)
