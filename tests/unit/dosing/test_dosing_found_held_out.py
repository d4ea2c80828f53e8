"""What the half of the labelled strings that was kept for the end showed to be misread."""

from __future__ import annotations

import pytest

from assistant.dosing import DoseRole, parse


@pytest.mark.parametrize(
    "text",
    [
        "In place of cisplatin, carboplatin 400 mg was used.",
        "Instead of cisplatin, give carboplatin 400 mg.",
        "As opposed to cisplatin, carboplatin 400 mg is enough.",
    ],
)
def test_only_what_stands_before_the_comma_is_replaced(text: str) -> None:
    (dose,) = parse(text).doses

    assert (dose.drug, dose.role) == ("carboplatin", DoseRole.STATED)


def test_the_amount_after_instead_of_is_still_rejected() -> None:
    first, second = parse("carboplatin 400 mg instead of cisplatin 50 mg").doses

    assert (first.role, second.role) == (DoseRole.STATED, DoseRole.REJECTED)


def test_one_amount_for_two_drugs_belongs_to_no_one_for_certain() -> None:
    (dose,) = parse("Vancomycin and gentamicin at 5 mg/kg were started.").doses

    assert "ambiguous_drug" in dose.flags


def test_a_share_of_the_dose_of_another_drug_is_flagged() -> None:
    (dose,) = parse("Mesna 20% of the ifosfamide dose").doses

    assert "ambiguous_drug" in dose.flags


def test_a_glued_small_auc_is_a_target() -> None:
    first, second = parse("carboplatin auc5 + paclitaxel 175mg/m2").doses

    assert (first.drug, first.unit, str(first.low)) == ("carboplatin", "AUC", "5")
    assert second.drug == "paclitaxel"


@pytest.mark.parametrize("text", ["a vial of 100 mg must be diluted", "a blood loss of 800 mL"])
def test_what_a_container_holds_or_a_patient_lost_is_no_dose(text: str) -> None:
    assert parse(text).doses == ()
