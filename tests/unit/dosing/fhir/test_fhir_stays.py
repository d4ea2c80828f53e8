"""Each sentence that says why a dose, a rule or a text stays behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest

from assistant.dosing import DoseRole, Verdict, parse
from assistant.dosing.fhir import (
    NotExportable,
    NotImportable,
    Release,
    dosage,
    fhir_json,
    provenance,
    read_json,
    rules_toml,
)
from assistant.dosing.fhir.checked import UNSURE
from assistant.dosing.table.model import Calculate, Reviewer
from tests.builders_patients import a_band, a_rule
from tests.builders_patients import a_dose as a_range
from tests.unit.dosing.fhir.doses import a_checked

RELEASES: tuple[Release, ...] = get_args(Release)
LIMIT = parse("etoposide (max 100 mg)").doses[0]
TEXT = "etoposide 50 mg IV"


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(
    ("dose", "checked", "reason"),
    [
        ({}, {"verdict": Verdict.MISMATCH}, "its verdict is MISMATCH. Check the source first."),
        ({"role": DoseRole.REJECTED}, {}, "it is no dose to give but one that the source rejects."),
        ({"role": DoseRole.PREVIOUS}, {}, "it is no dose to give but one given before."),
        ({"role": DoseRole.RELATIVE}, {}, "it is no dose to give but a change of another dose."),
        ({"low": None, "high": None}, {}, "its number could not be read."),
        (
            {"flags": (*sorted(UNSURE, reverse=True), "approximate")},
            {},
            "its reading is unsure (ambiguous_drug, inverted_range, unparsed_tail, "
            "unreadable_number, unreadable_unit).",
        ),
        ({}, {"text": " "}, "it has no text. Give the words that say the dose."),
        (
            {"role": DoseRole.MAXIMUM},
            {"limits": (LIMIT,)},
            "a limit that stands alone has no limits of its own.",
        ),
        (
            {},
            {"limits": (LIMIT, replace(LIMIT, role=DoseRole.STATED, text="odd"))},
            "“odd” stands among its limits and is none.",
        ),
        (
            {},
            {"limits": (LIMIT, replace(LIMIT, high=None, text="none"))},
            "“none” stands among its limits and is none.",
        ),
        (
            {"high": Fraction(51)},
            {},
            "the text doesn't say the dose that the structure would say.",
        ),
    ],
)
def test_a_dose_that_stays_behind_says_why(
    release: Release, dose: dict[str, Any], checked: dict[str, Any], reason: str
) -> None:
    given = a_checked(TEXT)
    given = replace(given, dose=replace(given.dose, **dose), **checked)

    with pytest.raises(NotExportable) as caught:
        dosage(given, release)

    assert (caught.value.words, caught.value.reason) == (given.text, reason)
    assert str(caught.value) == f"The dose “{given.text}” can't be exported as FHIR: {reason}"


def test_json_that_is_not_exact_or_no_resource_is_refused() -> None:
    for value, sentence in (
        (0.5, "0.5 is a binary float; a dose is a Decimal"),
        (Decimal("NaN"), "Decimal('NaN') has no place in FHIR JSON"),
        ("a\0", "a text of FHIR holds no NUL character"),
    ):
        with pytest.raises(TypeError) as wrong:
            fhir_json({"entry": [{"value": value}]})
        assert str(wrong.value) == sentence
    remedy = "Nothing was imported. Send one FHIR resource as JSON."
    for text, sentence in (
        (
            "{",
            "This is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 "
            "(char 1).",
        ),
        ("[1.5]", "The JSON holds no object."),
    ):
        with pytest.raises(NotImportable) as caught:
            read_json(text)
        assert str(caught.value) == f"(file): {sentence} {remedy}"
    assert fhir_json(read_json('{"ä": [1.50, "1.50"]}')) == '{"ä": [1.50, "1.50"]}'


def test_a_provenance_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^the time of a Provenance needs its zone$"):
        provenance([], "R4", target="urn:x", recorded=datetime(2026, 11, 27))


def test_only_an_imported_draft_is_written() -> None:
    rule = a_rule(a_range("5", unit="mg"), calculate=None)
    assert rules_toml([rule])
    person = Reviewer(name="N", role="r", registration="1", on=date(2026, 1, 1))
    changes: tuple[dict[str, Any], ...] = (
        {"reviewed_by": (person,)},
        {"adjust": (a_band("1"),)},
        {"calculate": Calculate()},
        {"dose": None},
    )
    for more in changes:
        with pytest.raises(NotExportable) as caught:
            rules_toml([rule, replace(rule, **more)])

        reason = "it is more than an imported draft. Edit its own file."
        assert (caught.value.words, caught.value.reason) == (rule.id, reason)
