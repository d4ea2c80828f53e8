"""What the turns of a conversation say of the patient: age, size, sex, kidneys, blood values.

Only a single value with its unit is taken, never a range, a limit or a bare number (a creatinine
clearance is in mL/min whether or not it says so). The latest turn is believed; a turn that gives
another age or sex, or says so, is about another patient, and what was said of the one before is
dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

from assistant.dosing import Kind, parse
from assistant.dosing.kinds import GRAMS_OF_A_NEWBORN
from assistant.dosing.model import Number, TextTooLong
from assistant.model import Patient, Question

_AGE = re.compile(
    r"\b(\d{1,3}(?:\.\d)?)[ -]?(years?|yrs?|y/?o|yo|y|months?|mo|m/o|weeks?|wks?|days?)"
    r"(?:[ -](?:of[ -]age|old))?\b|(?<![\d.,])(\d{1,2})[ -]?([mf])\b",
    re.IGNORECASE,
)
_OLD = re.compile(r"(?:old|of[ -]age|y/?o|yo|m/o)\Z", re.IGNORECASE)
_CHILD_AFTER = re.compile(
    r"\s*(?:boy|girl|male|female|child|infant|baby|neonate|man|woman|lady|gentleman|[mf]\b)",
    re.IGNORECASE,
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|age of)[ :=]*\Z", re.IGNORECASE)
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 7 / 365.25, "d": 1 / 365.25}
_SEXES = {
    "female": re.compile(
        r"\b(?:female|woman|girl|lady)\b|(?<![\d.,])\d{1,2}[ -]?(?:y/?o )?f\b", re.I
    ),
    "male": re.compile(
        r"\b(?:male|man|boy|gentleman)\b|(?<![\d.,])\d{1,2}[ -]?(?:y/?o )?m\b", re.I
    ),
}
_PREGNANT = re.compile(
    r"\bpregnant\s(?:woman|lady|patient|female|\d)|\b(?:she|woman|lady|patient|female|\d\d\s?f)\b"
    r"(?:\s(?:is|who|,))*\s(?:\d+\sweeks\s)?pregnant\b",
    re.IGNORECASE,
)
_OF_A_PREGNANCY = re.compile(r"\b(?:pregnan|gestation)", re.IGNORECASE)
_ANOTHER = re.compile(
    r"\b(?:another|different|new|next|second|other) (?:patient|case)\b"
    # "what about a 6-year-old?" asks of somebody else, "what about a lower dose?" does not
    r"|\b(?:(?:what|how) about|and|or|now|same)(?: in| for| with)? an? "
    r"(?:\d|child|adult|infant|neonate|newborn|baby|boy|girl|man|woman|pregnant)"
    r"|\b(?:what|how) about (?:the )?\d{1,3}[ -]?(?:years?|yrs?|y/?o|yo|months?|mo|weeks?)\b",
    re.IGNORECASE,
)
_CREATININE = re.compile(r"\b(?:creat(?:inine)?|s?cr)\b(?!\s?cl)[^\d.,;]{0,12}\Z", re.IGNORECASE)
_CREATININE_UNIT = re.compile(r"(?:[uµμ]mol|mg|mmol)\s?/\s?d?l\Z", re.IGNORECASE)
_CLEARANCE = re.compile(
    r"\b(?:crcl|clcr|cr\s?cl|creatinine clearance|clearance)\b[^\d.,;]{0,12}\Z", re.IGNORECASE
)
_SIZE = re.compile(
    r"(?P<value>\d+(?:[.,]\d+)?)\s?(?P<unit>kg|kgs|kilos?|g|grams|lbs?|cm|m)\Z", re.IGNORECASE
)
_KILOGRAMS = {"kg": 1.0, "kgs": 1.0, "kilo": 1.0, "kilos": 1.0, "lb": 0.45359237, "lbs": 0.45359237}
_BLOOD = re.compile(
    r"\b(?P<name>ferritin|platelets?|plts?|fibrinogen|h(?:a)?emoglobin|hb|neutrophils?|anc|bilirubin"
    r"|alt|ast|crp|ldh|triglycerides?|sodium|potassium|egfr|gfr)\b"
    r"[ :=]{0,2}(?:is |was |of |at )?(?P<value>[<>≤≥]?\s?\d[\d.,]*(?:\s?k\b)?"
    r"(?:\s?[x×]\s?10\^?9/L|\s?(?:ng|µg|ug|mcg|mg|g|mmol|[uµμ]mol|mL|U|IU)\s?/\s?(?:mL|dL|L|min)\b)?)",
    re.IGNORECASE,
)
_KIDNEYS = re.compile(
    r"\b(?:creat(?:inine)?(?: clearance)?|s?cr|cr\s?cl|clcr|clearance)\b[^\d.,;]{0,12}\d[\d.,]*"
    r"(?:\s?(?:[uµμ]mol|mg|mmol|mL)\s?/\s?(?:d?l|min)\b)?",
    re.IGNORECASE,
)
_BODY = re.compile(r"\b\d+(?:[.,]\d+)?\s?(?:kgs?|kilos?|cm|lbs?)\b", re.IGNORECASE)
_FIELDS = ("age_years", "sex", "weight_kg", "height_cm", "creatinine", "crcl_ml_min", "pregnant")


@dataclass(frozen=True, slots=True)
class Stated:
    """The patient of a question, with what its turns say, and the blood values they name."""

    patient: Patient
    blood: tuple[str, ...] = ()


def stated_patient(question: Question) -> Stated:
    """The patient as given, completed by what the turns say; what was given is not changed.

    >>> stated_patient(Question(text="and in a 6-year-old, 20 kg?")).patient.weight_kg
    20.0
    """
    said: dict[str, object] = {}
    blood: dict[str, str] = {}
    turns = (*question.history[question.patient_since :], question.text)
    for turn, other in zip(turns, about_another(turns), strict=True):
        if other:
            said, blood = {}, {}
        said |= dict(_said(turn))
        blood |= _blood(turn)
    given = question.patient
    missing = {name: said[name] for name in _FIELDS if name in said and _is_open(given, name)}
    return Stated(replace(given, **missing), tuple(blood.values()))  # type: ignore[arg-type]


def about_another(turns: Sequence[str]) -> tuple[bool, ...]:
    """For each turn whether it is about another patient than the turns before it.

    It says so ("next patient", "what about a child?"), it gives another age or sex, or it is of a
    pregnancy after a man.
    """
    said: dict[str, object] = {}
    others = []
    for turn in turns:
        found = dict(_said(turn))
        other = any(name in said and said[name] != found.get(name, said[name]) for name in _WHO)
        other |= said.get("sex") == "male" and _OF_A_PREGNANCY.search(turn) is not None
        others.append(other or _ANOTHER.search(turn) is not None)
        said = found if others[-1] else said | found
    return tuple(others)


def without_body(text: str) -> str:
    """The text without ages and sizes of a person."""
    return " ".join(_BODY.sub(" ", _AGE.sub(" ", text)).split())


def without_measures(text: str) -> str:
    """The text without the age, the size and the kidney function of a person."""
    return without_body(_KIDNEYS.sub(" ", text))


def without_values(text: str) -> str:
    """The text without anything that was measured in a person."""
    return without_measures(_BLOOD.sub(" ", text))


_WHO = ("age_years", "sex")


def _is_open(patient: Patient, name: str) -> bool:
    return getattr(patient, name) is None


@lru_cache(maxsize=512)
def _said(turn: str) -> tuple[tuple[str, object], ...]:
    """The values that one turn gives, each once; a field with two values is left open."""
    line = " ".join(turn.split())
    found: dict[str, list[object]] = {name: [] for name in _FIELDS}
    found["age_years"] += _ages(line)
    found["sex"] += [sex for sex, pattern in _SEXES.items() if pattern.search(line)]
    if _PREGNANT.search(line):
        found["pregnant"].append(True)
    for number in _numbers(line):
        name, value = _measured(number, line)
        if name:
            found[name].append(value)
    return tuple((name, values[0]) for name, values in found.items() if len(set(values)) == 1)


def _numbers(line: str) -> Sequence[Number]:
    try:
        return parse(line).numbers
    except TextTooLong:
        return ()


def _ages(line: str) -> list[object]:
    ages: list[object] = []
    for match in _AGE.finditer(line):
        if match[3]:
            ages.append(float(match[3]))
            continue
        # "for 2 weeks" and "3 days" are lengths of time unless they are called an age.
        called = _OLD.search(match[0]) or _CHILD_AFTER.match(line, match.end())
        if called or match[2].lower() == "y" or _AGE_BEFORE.search(line, 0, match.start()):
            ages.append(round(float(match[1]) * _YEARS[match[2][0].lower()], 3))
    return ages


def _measured(number: Number, line: str) -> tuple[str, object]:
    """The field and the value of one number, or an empty name."""
    before = line[: number.start]
    if number.cmp or before.rstrip().endswith(tuple("<>≤≥")):
        return "", None
    if _CLEARANCE.search(before):  # also of "crcl 25, 62 kg", where the two look like one list
        value = re.match(r"\d+(?:\.\d+)?(?=\s?mL|\Z)", number.text, re.IGNORECASE)
        if value:
            return "crcl_ml_min", float(value[0])
    if number.kind is Kind.BODY_SIZE:
        return _size(number.text)
    if _CREATININE.search(before) and _CREATININE_UNIT.search(number.text):
        return "creatinine", number.text
    return "", None


def _size(text: str) -> tuple[str, object]:
    match = _SIZE.fullmatch(text)
    if match is None:
        return "", None
    value, unit = float(match["value"].replace(",", ".")), match["unit"].lower()
    if unit in _KILOGRAMS:
        return "weight_kg", round(value * _KILOGRAMS[unit], 2)
    if unit in ("g", "grams"):
        return ("weight_kg", value / 1000) if value >= GRAMS_OF_A_NEWBORN else ("", None)
    return "height_cm", value if unit == "cm" else round(value * 100, 1)


def _blood(turn: str) -> Mapping[str, str]:
    """Blood values by name, as they were written."""
    line = " ".join(turn.split())
    return {
        m["name"].lower(): f"{m['name']} {m['value'].strip(' .,')}" for m in _BLOOD.finditer(line)
    }


def patient_words(patient: Patient) -> tuple[str, ...]:
    """What is known of a patient, in words with units, one for each field.

    >>> patient_words(Patient(age_years=6.0, weight_kg=20.0))
    ('6 years', '20 kg')
    """
    words = []
    for field in fields(patient):
        value = getattr(patient, field.name)
        if value is not None and field.name in _SAID:
            words.append(_SAID[field.name](value))
    return tuple(word for word in words if word)


def _age_words(years: float) -> str:
    if years >= 2:
        return f"{years:g} years"
    months = years * 12
    return f"{months:.0f} months" if months >= 1 else f"{years * 365.25:.0f} days"


_SAID: Mapping[str, Callable[[Any], str]] = {
    "age_years": _age_words,
    "weight_kg": lambda value: f"{value:g} kg",
    "height_cm": lambda value: f"{value:g} cm",
    "sex": str,
    "creatinine": lambda value: f"creatinine {value}",
    "crcl_ml_min": lambda value: f"creatinine clearance {value:g} mL/min",
    "pregnant": lambda value: "pregnant" if value else "not pregnant",
    "previous": lambda value: f"before: {value}",
}
