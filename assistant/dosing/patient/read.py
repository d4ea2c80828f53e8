"""Free field texts -> a Patient, or every reason why not, each by the name of its field.

No unit is guessed and nothing is taken over from another field. A measurement may end with the
day it was taken: "70 kg on 2026-11-20".
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from assistant.dosing.calculators import bounds
from assistant.dosing.calculators.body import Sex
from assistant.dosing.calculators.convert import Analyte, Measured, read_value
from assistant.dosing.calculators.decimals import to_decimal
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.patient.amounts import count_words, listed
from assistant.dosing.patient.model import Age, Dated, Patient

_T = TypeVar("_T")
Checked = Callable[[Decimal], Refusal | None]

_MEASURED: Mapping[str, Analyte] = {
    "weight": Analyte.WEIGHT,
    "height": Analyte.HEIGHT,
    "creatinine": Analyte.CREATININE,
    "clearance": Analyte.CLEARANCE,
    "egfr": Analyte.INDEXED_RATE,
    "bilirubin": Analyte.BILIRUBIN,
}
_CHECKS: Mapping[str, Checked] = {
    "weight": bounds.check_weight,
    "height": bounds.check_height,
    "creatinine": bounds.check_creatinine,
    "clearance": bounds.check_rate,
    "egfr": bounds.check_rate,
}
_YES_NO = ("dialysis", "creatinine changing", "pregnant")
FIELDS = ("age", "born", "sex", *_MEASURED, "previous", *_YES_NO)

_DAY = re.compile(r"[\s,;(]*(?:on|of|measured)?\s*\(?(\d{4}-\d{2}-\d{2})\)?\s*\Z")
_BORN = re.compile(r"(?:born|birth date|date of birth)?:?\s*(\d{4}-\d{2}-\d{2})\Z", re.IGNORECASE)
_TOTAL = re.compile(r"(?P<drug>[A-Za-z][A-Za-z -]*?):?\s+(?P<amount>[\d.,].*)\Z")
_SEXES = {
    **dict.fromkeys(("female", "f", "woman", "girl"), Sex.FEMALE),
    **dict.fromkeys(("male", "m", "man", "boy"), Sex.MALE),
}
_ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
DAYS_IN_YEAR = Fraction(1461, 4)  # as in UCUM
_MONTHS_BEFORE_YEARS = 24  # younger children are spoken of in months


def read_patient(fields: Mapping[str, str], today: date) -> Patient | tuple[Refusal, ...]:
    """The patient that some fields describe, or all that is wrong with them, in field order.

    Fields: age, born, sex, weight, height, creatinine, clearance, egfr, bilirubin, previous
    ("etoposide 0.6 g/m2; doxorubicin 100 mg/m2"), dialysis, creatinine changing, pregnant.
    An empty text is a field that was not given.

    >>> read_patient({"weight": "70"}, date(2026, 11, 27))[0].message
    'weight 70: the unit is missing. Write kg, g or lb.'
    """
    reading = _Reading(today)
    given: dict[str, str] = {}
    for written, text in fields.items():
        name = _key(written)
        if name not in FIELDS and text.strip():
            reading.refuse(
                RefusalCode.UNREADABLE,
                f"{name} is no field of a patient. Use {listed(FIELDS, 'or')}.",
            )
        if name in given and text.strip():
            reading.refuse(RefusalCode.UNREADABLE, f"{name} is given twice. Give it once.")
        given |= {name: text.strip()} if text.strip() else {}
    measured = {name: reading.measured(name, given.get(name, "")) for name in _MEASURED}
    patient = Patient(
        age=reading.age(given.get("age", ""), given.get("born", "")),
        sex=reading.choice("sex", given.get("sex", ""), _SEXES, "female or male"),
        previous=reading.previous(given.get("previous", "")),
        dialysis=reading.choice("dialysis", given.get("dialysis", ""), _ANSWERS, "yes or no"),
        creatinine_changing=reading.choice(
            "creatinine changing", given.get("creatinine changing", ""), _ANSWERS, "yes or no"
        ),
        pregnant=reading.choice("pregnant", given.get("pregnant", ""), _ANSWERS, "yes or no"),
        **measured,
    )
    if not reading.refusals and (refusal := check_together(patient)):
        reading.refusals.append(refusal)
    return tuple(reading.refusals) or patient


def patient_from_units(
    *,
    today: date,
    age_years: Decimal | float | None = None,
    weight_kg: Decimal | float | None = None,
    height_cm: Decimal | float | None = None,
    sex: str | None = None,
    creatinine: str | None = None,
    crcl_ml_min: Decimal | float | None = None,
    pregnant: bool | None = None,
    previous: str | None = None,
) -> Patient | tuple[Refusal, ...]:
    """The patient of values whose names carry the unit; the texts carry theirs.

    Refuses what :func:`read_patient` refuses.
    """
    named = {
        "age": (age_years, "years"),
        "weight": (weight_kg, "kg"),
        "height": (height_cm, "cm"),
        "clearance": (crcl_ml_min, "mL/min"),
    }
    fields = {
        name: f"{Decimal(str(value)):f} {unit}"
        for name, (value, unit) in named.items()
        if value is not None
    }
    fields |= {"sex": sex or "", "creatinine": creatinine or "", "previous": previous or ""}
    if pregnant is not None:
        fields["pregnant"] = "yes" if pregnant else "no"
    return read_patient(fields, today)


def check_together(patient: Patient) -> Refusal | None:
    """Why a measurement is out of bounds, or several don't belong to one patient, or None."""
    for name, check in _CHECKS.items():
        dated: Dated | None = getattr(patient, name)
        if dated is not None and (refusal := check(to_decimal(dated.value))):
            return refusal
    years = to_decimal(patient.age.years) if patient.age else None
    if years is not None and (refusal := bounds.check_age(years)):
        return refusal
    if patient.weight is None:
        return None
    weight = to_decimal(patient.weight.value)
    if patient.height is None:
        return bounds.check_age_weight(years, weight) if years is not None else None
    return bounds.check_body(to_decimal(patient.height.value), weight, years)


def age_on(born: date, today: date) -> Age:
    """The age on a day; whole months are exact, so a birthday is never a day early or late.

    >>> age_on(date(2008, 11, 27), date(2026, 11, 27)).years
    Fraction(18, 1)
    """
    months = (today.year - born.year) * 12 + today.month - born.month
    if today.day < born.day:
        months -= 1
    days = (today - born).days
    if months == 0:
        return Age(days / DAYS_IN_YEAR, count_words(days, "day"))
    years = (months + Fraction((today - _month_day(born, months)).days, 32)) / 12
    if months < _MONTHS_BEFORE_YEARS:
        return Age(years, count_words(months, "month"))
    return Age(years, count_words(months // 12, "year"))


def _month_day(born: date, months: int) -> date:
    year, month = divmod(born.month - 1 + months, 12)
    last = monthrange(born.year + year, month + 1)[1]
    return date(born.year + year, month + 1, min(born.day, last))


def _key(name: str) -> str:
    return name.strip().lower().replace("_", " ")


class _Reading:
    """Collects what is wrong while the fields are read one after the other."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.refusals: list[Refusal] = []

    def refuse(self, code: RefusalCode, message: str) -> None:
        self.refusals.append(Refusal(code, message))

    def measured(self, name: str, text: str) -> Dated | None:
        if not text:
            return None
        day, text = self._day(name, text)
        found = self._value(name, text, _MEASURED[name])
        if found is None:
            return None
        check = _CHECKS.get(name)
        refusal = check(found.decimal) if check else _not_positive(name, found)
        if refusal:
            self.refusals.append(refusal)
            return None
        return Dated(found, day)

    def age(self, text: str, born: str) -> Age | None:
        if text and born:
            self.refuse(
                RefusalCode.UNREADABLE, f"age {text}: born {born} is given too. Give one of them."
            )
            return None
        match = _BORN.match(born or text)
        if match:
            day = self._date("born", match.group(1))
            if day is None:
                return None
            if day > self.today:
                self.refuse(RefusalCode.IMPLAUSIBLE, f"born {day} lies in the future. Check it.")
                return None
            age = age_on(day, self.today)
        elif born:
            self.refuse(
                RefusalCode.UNREADABLE, f"born {born}: this is no date. Write it as 2019-03-02."
            )
            return None
        elif not text:
            return None
        else:
            found = self._value("age", text, Analyte.AGE)
            if found is None:
                return None
            words = str(found)
            age = Age(found.value, words.removesuffix("s") if found.number == 1 else words)
        refusal = bounds.check_age(to_decimal(age.years))
        if refusal:
            self.refusals.append(refusal)
        return age

    def choice(self, name: str, text: str, answers: Mapping[str, _T], how: str) -> _T | None:
        if not text:
            return None
        if (answer := answers.get(text.lower())) is None:
            self.refuse(RefusalCode.UNREADABLE, f"{name} {text} is not understood. Write {how}.")
        return answer

    def previous(self, text: str) -> dict[str, Dated]:
        totals: dict[str, Dated] = {}
        for part in filter(None, (p.strip() for p in text.split(";"))):
            match = _TOTAL.match(part)
            if match is None:
                self.refuse(
                    RefusalCode.UNREADABLE,
                    f"previous {part}: no drug and total. Write the name, then 600 mg/m2.",
                )
                continue
            drug = match["drug"].strip().lower()
            name = f"previous total of {drug}"
            day, amount = self._day(name, match["amount"])
            found = self._value(name, amount, Analyte.DOSE_PER_SURFACE)
            if drug in totals:
                self.refuse(
                    RefusalCode.UNREADABLE, f"{name} is given twice. Give the sum of both once."
                )
            elif found is not None:
                totals[drug] = Dated(found, day)
        return totals

    def _value(self, name: str, text: str, analyte: Analyte) -> Measured | None:
        found = read_value(text, analyte, name)
        if isinstance(found, Refusal):
            self.refusals.append(found)
            return None
        return found

    def _day(self, name: str, text: str) -> tuple[date | None, str]:
        match = _DAY.search(text)
        if match is None:
            return None, text
        day = self._date(f"{name} date", match.group(1))
        if day is not None and day > self.today:
            self.refuse(
                RefusalCode.IMPLAUSIBLE, f"{name}: the date {day} lies in the future. Check it."
            )
        return day, text[: match.start()]

    def _date(self, name: str, text: str) -> date | None:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(
                RefusalCode.UNREADABLE,
                f"{name} {text} is not in the calendar. Write it as 2019-03-02.",
            )
            return None


def _not_positive(name: str, found: Measured) -> Refusal | None:
    if found.value >= 0:
        return None
    return Refusal(RefusalCode.IMPLAUSIBLE, f"{name} {found} is below zero. Check the value.")
