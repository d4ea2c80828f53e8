"""A drug that the table lacks never lends its dose to a neighbour, and never passes unsaid."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.dosing import DoseRole, Kind, Parsed, parse
from corpus.drugs import load_drugs

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"
STRANGERS = ("zorbifen", "Vextolar", "XQB", "X-17", "tirbanidol sulfate", "meltocaine")
STATED = [
    json.loads(line)["text"]
    for line in (FIXTURES / "set2-development.jsonl").read_text("utf-8").splitlines()
]


def is_flagged(read: Parsed) -> bool:
    return (
        bool(read.flags)
        or any(dose.flags for dose in read.doses)
        or any(number.kind is Kind.UNKNOWN for number in read.numbers)
    )


def renamed(text: str, drug: str, name: str) -> str:
    """The text with one drug, wherever it is named, called by another name."""
    for start, end, drug_id in reversed(parse(text).named):
        if drug_id == drug:
            text = text[:start] + name + text[end:]
    return text


def swapped_strings() -> list[tuple[str, str]]:
    found = []
    for number, text in enumerate(STATED):
        read = parse(text)
        for drug in dict.fromkeys(dose.drug for dose in read.doses if dose.drug):
            found.append((text, renamed(text, drug, STRANGERS[number % len(STRANGERS)])))
    return found


def test_h20_no_renamed_drug_of_the_development_strings_passes_without_a_flag() -> None:
    pairs = swapped_strings()

    silent = [new for _, new in pairs if parse(new).doses and not is_flagged(parse(new))]

    # Two percentages with one known drug: which is whose can't be seen from the first.
    known = {"Reduce {} to 75% of the dose and vincristine to 50% of the dose."}
    assert len(pairs) > 250
    assert [s for s in silent if not any(_like(s, k) for k in known)] == []


def _like(text: str, pattern: str) -> bool:
    before, after = pattern.split("{}")
    return text.startswith(before) and text.endswith(after)


@pytest.mark.parametrize(
    "text",
    [
        "ondansetron 8 mg plus zorbifen 4 mg before each cycle",
        "Prednisolone 20 mg daily, zorbifen 10 mg daily",
        "Warfarin: give zorbifen 5 mg IV for bleeding",
        "hydrocortisone 200 mg/day, equivalent to zorbifen 50 mg/day",
        "100 mg of doxycycline with 500 mg of zorbifen",
        "zorbifen 15 mg every 6 hours, 24 hours after methotrexate",
        "patients who failed etanercept received Vextolar 40 mg",
        "Prednisolone\n- zorbifen 4 mg twice daily",
    ],
)
def test_the_dose_of_an_unknown_drug_is_not_given_to_its_neighbour(text: str) -> None:
    doses = [d for d in parse(text).doses if "zorbifen" in text or "Vextolar" in text]
    own = min(doses, key=lambda d: abs(d.start - max(text.find("zorbifen"), text.find("Vextolar"))))

    assert own.drug is None
    assert "ambiguous_drug" in own.flags


@pytest.mark.parametrize(
    "text",
    [
        "etoposide, now 100 mg/m2 weekly",
        "etoposide loading dose (maximum 200 mg)",
        "etoposide phosphate 150 mg/m2",
        "etoposide rises to 150 mg/m2",
        "etoposide was escalated gradually to 150 mg/m2",
        "etoposide and/or 150 mg/m2 of etoposide",
        "etoposide by mouth 100 mg",
        "etoposide for adults 150 mg/m2",
    ],
)
def test_an_ordinary_word_before_an_amount_is_no_drug(text: str) -> None:
    dose = parse(text).doses[0]

    assert dose.drug == "etoposide"
    assert "ambiguous_drug" not in dose.flags


@pytest.mark.parametrize(
    ("text", "flag"),
    [("zorbifen 5 mg", "unknown_drug"), ("5 mg of zorbifen", "unknown_drug"), ("5 mg", "no_drug")],
)
def test_an_amount_without_a_drug_of_the_table_says_so(text: str, flag: str) -> None:
    (dose,) = parse(text).doses

    assert dose.drug is None
    assert dose.flags == (flag,)


def test_one_known_and_one_unknown_drug_are_not_paired_in_order() -> None:
    read = parse("Vincristine and zorbifen were dosed at 1.5 mg/m2 and 20 mg/m2, respectively.")

    assert [(d.drug, d.flags) for d in read.doses] == [(None, ("ambiguous_drug",))] * 2


@pytest.mark.parametrize("text", ["halve zorbifen", "reduce zorbifen by 25% if CrCl < 30 mL/min"])
def test_a_change_ordered_for_an_unknown_drug_is_read_and_flagged(text: str) -> None:
    (dose,) = parse(text).doses

    assert dose.role is DoseRole.RELATIVE
    assert dose.drug is None
    assert {"unknown_drug", "no_drug"}.intersection(dose.flags)


@pytest.mark.parametrize(
    "text",
    [
        "She was taking warfarin 5 mg daily before admission.",
        "used to take ramipril 10 mg",
        "weaned off morphine 10 mg",
        "ceased quetiapine 50 mg",
        "ramipril was 5 mg, increased to 10 mg",
        "Changed gabapentin 300 mg tds to pregabalin 75 mg bd",
        "Replace atenolol 50 mg with bisoprolol 2.5 mg",
    ],
)
def test_what_a_patient_no_longer_takes_is_previous(text: str) -> None:
    first, *rest = parse(text).doses

    assert first.role is DoseRole.PREVIOUS
    assert all(dose.role is DoseRole.STATED for dose in rest)


def test_the_names_used_here_are_in_no_table() -> None:
    assert not [name for name in STRANGERS if load_drugs().find(f"{name} 5 mg")]


@pytest.mark.parametrize(
    "text",
    [
        "Latanoprost is one drop at night, whereas acetazolamide is 250 mg four times daily.",
        "Iptacopan 200 mg twice daily, with phenoxymethylpenicillin 250 mg BD as prophylaxis",
        "The patient was given 50 g of activated charcoal for her paracetamol",
        "fentanyl 50 mcg was given and saline was begun at 150 mL/hour",
        "zorbifen in combination with dexamethasone is active in heavily pretreated disease and we "
        "propose a dose of 45 mg/m2",
    ],
)
def test_an_amount_of_something_else_is_not_lent_to_the_drug_in_silence(text: str) -> None:
    assert is_flagged(parse(text))


def test_the_subject_of_two_drugs_joined_by_with_has_the_amount() -> None:
    (dose,) = parse("Dexamethasone with emapalumab starts at 5 mg/m2/day.").doses

    assert dose.drug == "dexamethasone"
    assert "ambiguous_drug" not in dose.flags


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("lamotrigine 25, 50 or 100 mg tablets are stocked", {Kind.STRENGTH}),
        ("Rivaroxaban tablets come as 2.5 mg, 10 mg, 15 mg and 20 mg.", {Kind.STRENGTH}),
        ("amoxicillin capsules 500 mg, pack of 21", {Kind.STRENGTH}),
        ("Blood loss was 800 mL and the drain yielded 150 mL.", {Kind.VOLUME}),
        ("Fluid balance +1200 mL", {Kind.VOLUME}),
        ("fluconazole prophylaxis in infants <1000 g", {Kind.BODY_SIZE}),
        ("24-hour urinary protein 3.4 g", {Kind.LAB}),
        ("he drinks 40 units of alcohol", {Kind.COUNT}),
    ],
)
def test_what_is_no_dose_is_not_reported_as_one(text: str, kinds: set[Kind]) -> None:
    read = parse(text)

    assert read.doses == ()
    assert kinds <= {number.kind for number in read.numbers}
