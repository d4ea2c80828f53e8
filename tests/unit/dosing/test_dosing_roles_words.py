"""Words that look like a limit and are none."""

from __future__ import annotations

import pytest

from assistant.dosing import DoseRole, parse, reader
from tests.unit.dosing.labelled_texts import all_texts
from tests.unit.dosing.odd_texts import ODD_TEXTS


def test_above_all_is_no_lower_limit() -> None:
    (dose,) = parse("Severe disease, above all with shock: dexamethasone 10 mg/m²/day.").doses

    assert dose.role is DoseRole.STATED
    assert dose.cmp == "="


def test_looking_for_the_words_of_roles_first_changes_no_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    texts = (*all_texts(), *ODD_TEXTS)
    quick = [parse(text) for text in texts]

    monkeypatch.setattr(reader, "names_a_role", lambda text: True)

    assert quick == [parse(text) for text in texts]
