"""The code systems of FHIR doses: units (UCUM), routes (SNOMED CT), and exact JSON.

Sources: UCUM 2.1; HL7 FHIR R4 and R5, value set route-codes (SNOMED CT route of administration).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from assistant.dosing.fhir.errors import NotImportable
from assistant.dosing.model import decimal_text
from assistant.dosing.table.model import DrugEntry

Release = Literal["R4", "R5"]

UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
DOSE_TYPE = "http://terminology.hl7.org/CodeSystem/dose-rate-type"
CHECK_URL = "urn:guideline-assistant:dose-check"
DRUG_SYSTEM = "urn:guideline-assistant:drug"
PASSAGE_SYSTEM = "urn:guideline-assistant:passage"

# The key of a drug entry's ``codes`` that says what the drug's "units" are in UCUM. The code "U"
# of UCUM is the enzyme unit, so no drug's "units" become it by themselves.
UNIT_KEY = "ucum_unit"

_AMOUNTS = {
    **{code: code for code in ("kg", "g", "mg", "ug", "ng", "pg", "mL", "L")},
    **{code: code for code in ("mol", "mmol", "umol", "nmol", "meq")},
    "[IU]": "[iU]",
    "M[IU]": "M[iU]",
}
_FORMS = frozenset(
    f"{{{form}}}"
    for form in ("tablet", "capsule", "puff", "drop", "spray", "patch", "sachet", "suppository")
)
_AMOUNT_OF_CODE = {ucum: code for code, ucum in _AMOUNTS.items()} | {f: f for f in _FORMS}
BASES = frozenset({"kg", "m2"})
PERS = frozenset({"min", "h", "d", "wk", "mo"})

# Printed beside the code, for a reader: "ug" and "[iU]" have been misread in ink.
_SPOKEN = {"ug": "microgram", "ng": "nanogram", "pg": "picogram"} | {
    "[iU]": "international unit",
    "M[iU]": "million international unit",
}

TIME_WORDS = {
    "min": "minute",
    "h": "hour",
    "d": "day",
    "wk": "week",
    "mo": "month",
    "a": "year",
}
_TIME_CODES = {"y": "a"}  # the reader says "y", UCUM "a"
_TIME_OF_CODE = {"a": "y"}

ROUTES = {
    "IV": ("47625008", "intravenous"),
    "PO": ("26643006", "oral"),
    "SC": ("34206005", "subcutaneous"),
    "IM": ("78421000", "intramuscular"),
    "IT": ("72607000", "intrathecal"),
    "INH": ("447694001", "inhaled"),
}
ROUTE_OF_CODE = {code: route for route, (code, _) in ROUTES.items()}
ROUTE_OF_WORD = {word: route for route, (_, word) in ROUTES.items()}


@dataclass(frozen=True, slots=True)
class UnitCode:
    """A unit of the reader, taken from a UCUM code: amount, basis, and what it is per."""

    unit: str
    basis: str
    per: str


def ucum(unit: str, basis: str, per: str, entry: DrugEntry | None) -> str | None:
    """The UCUM code of an amount, "mg/m2" or "ug/kg/min"; None where UCUM has none.

    A drug's "units" have one only through the drug's own entry (``codes["ucum_unit"]``).
    """
    if unit in {"U", "M[U]"}:
        named = entry.codes.get(UNIT_KEY) if entry else None
        if named is None or (unit == "M[U]" and named != "[iU]"):
            return None
        amount = named if unit == "U" else "M[iU]"
    elif unit in _FORMS:
        amount = unit
    elif unit in _AMOUNTS:
        amount = _AMOUNTS[unit]
    else:
        return None
    if basis not in BASES | {""} or per not in PERS | {""}:
        return None
    return "/".join(part for part in (amount, basis, per) if part)


def unit_of(code: str) -> UnitCode | None:
    """What a UCUM code says, or None for one that isn't in the closed list.

    >>> unit_of("ug/kg/min")
    UnitCode(unit='ug', basis='kg', per='min')
    """
    amount, *rest = code.split("/")
    unit = _AMOUNT_OF_CODE.get(amount)
    basis = rest.pop(0) if rest and rest[0] in BASES else ""
    per = rest.pop(0) if rest and rest[0] in PERS else ""
    return None if unit is None or rest else UnitCode(unit, basis, per)


def exact(value: Fraction | None) -> Decimal | None:
    """The value as a FHIR decimal; None where there is none, or no exact one (a third)."""
    if value is None:
        return None
    text = decimal_text(value)
    return None if "/" in text else Decimal(text)


def quantity(value: Decimal, code: str) -> dict[str, Any]:
    """A SimpleQuantity of an amount of drug."""
    first, *rest = code.split("/")
    spoken = "/".join([_SPOKEN.get(first, first), *rest])
    return {"value": value, "unit": spoken, "system": UCUM, "code": code}


def time_quantity(value: Decimal, unit: str) -> dict[str, Any]:
    """A Duration: 8 weeks."""
    code = _TIME_CODES.get(unit, unit)
    word = TIME_WORDS[code] if value == 1 else f"{TIME_WORDS[code]}s"
    return {"value": value, "unit": word, "system": UCUM, "code": code}


def time_code(unit: str) -> str | None:
    """The UCUM code of a unit of time, or None."""
    code = _TIME_CODES.get(unit, unit)
    return code if code in TIME_WORDS else None


def time_of_code(code: str) -> str | None:
    """The reader's unit of time for a UCUM code, or None."""
    return _TIME_OF_CODE.get(code, code) if code in TIME_WORDS else None


_MARK = "\u0000"
_MARKED = re.compile(f'"{re.escape(json.dumps(_MARK)[1:-1])}([^"]*)"')


def fhir_json(resource: Mapping[str, Any]) -> str:
    """The resource as JSON with every decimal as it is, never through a binary float.

    >>> fhir_json({"value": Decimal("0.10")})
    '{"value": 0.10}'
    """

    def plain(value: object) -> str:
        if isinstance(value, Decimal) and value.is_finite():
            return f"{_MARK}{value:f}"
        raise TypeError(f"{value!r} has no place in FHIR JSON")

    text = json.dumps(_without_floats(resource), ensure_ascii=False, default=plain)
    return _MARKED.sub(r"\1", text)


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a binary float; a dose is a Decimal")
    if isinstance(value, str) and _MARK in value:
        raise TypeError("a text of FHIR holds no NUL character")
    if isinstance(value, Mapping):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_floats(item) for item in value]
    return value


def read_json(text: str) -> dict[str, Any]:
    """A FHIR resource from JSON, with exact decimals. Raises NotImportable."""
    remedy = "Send one FHIR resource as JSON."
    try:
        found = json.loads(text, parse_float=Decimal)
    except (json.JSONDecodeError, RecursionError) as error:
        raise NotImportable("(file)", f"This is no JSON: {error}.", remedy) from error
    if not isinstance(found, dict):
        raise NotImportable("(file)", "The JSON holds no object.", remedy)
    return found
