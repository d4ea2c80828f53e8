"""What scores say when tests are missing, contradict each other, or their file is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.dosing.calculators.catalogue import calculators
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.calculators.result import Result, render_result
from assistant.dosing.calculators.scores.loader import load_scores, parse_score
from assistant.dosing.calculators.scores.model import ScoreError
from corpus.bibliography import load_bibliography
from corpus.library import BUNDLED
from corpus.model import Verification

CALCULATORS = {c.id: c for c in calculators(BUNDLED)}
KEYS = load_bibliography(BUNDLED / "bibliography.json").keys()


def hscore(**changed: str) -> dict[str, str]:
    return {**dict(CALCULATORS["hscore"].examples[0]), **changed}


def run(name: str, answers: dict[str, str]) -> Result:
    result = CALCULATORS[name].run(answers)
    assert isinstance(result, Result), result
    return result


def refused(name: str, answers: dict[str, str]) -> Refusal:
    refusal = CALCULATORS[name].run(answers)
    assert isinstance(refusal, Refusal), refusal
    return refusal


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"ferritin": "18500"}, RefusalCode.UNIT_MISSING, "Ferritin 18500"),
        ({"temperature": "101 °C"}, RefusalCode.IMPLAUSIBLE, "Temperature 101 °C"),
        ({"triglycerides": "180 mmol/L"}, RefusalCode.IMPLAUSIBLE, "Triglycerides 180 mmol/L"),
        ({"ast": ""}, RefusalCode.MISSING, "AST is missing"),
        ({"organomegaly": "big"}, RefusalCode.UNREADABLE, "none / liver or spleen"),
        ({"immunosuppression": "perhaps"}, RefusalCode.UNREADABLE, "yes or no"),
        ({"cytopenias": ""}, RefusalCode.MISSING, "haemoglobin, leucocytes and platelets"),
        ({"height": "175 cm"}, RefusalCode.UNREADABLE, "no input 'height'"),
    ],
)
def test_an_input_that_cannot_be_taken_is_named(
    changed: dict[str, str], code: RefusalCode, says: str
) -> None:
    refusal = refused("hscore", hscore(**changed))

    assert refusal.code is code
    assert says in refusal.message


def test_counts_that_contradict_the_number_of_lineages_are_refused() -> None:
    counts = {"haemoglobin": "12 g/dL", "leucocytes": "8 x10^9/L", "platelets": "300 x10^9/L"}

    refusal = refused("hscore", hscore(cytopenias="three", **counts))

    assert refusal.code is RefusalCode.CONFLICT
    assert re.search(r"the answers say '[^']+' and '[^']+'\. Give only one", refusal.message)


@pytest.mark.parametrize(
    ("points", "says"),
    [
        (90, "<1%"),
        (0, "<1%"),
        (170, "54%"),
        (169, "between 40% (printed at 160) and 54% (printed at 170)"),
        (250, ">99%"),
        (337, ">99%"),
        (95, "between <1% (printed at 90) and 1% (printed at 100)"),
    ],
)
def test_the_probability_is_the_printed_one_or_the_two_around_it(points: int, says: str) -> None:
    from fractions import Fraction

    from assistant.dosing.calculators.scores.model import Points, Score
    from assistant.dosing.calculators.scores.points import printed_at

    score = CALCULATORS["hscore"].source
    assert isinstance(score, Score)
    assert isinstance(score.arithmetic, Points)
    assert score.arithmetic.printed is not None

    assert printed_at(score.arithmetic.printed, Fraction(points)) == says


def test_a_missing_test_is_never_counted_as_negative() -> None:
    nothing = run("hlh-2004", {})

    assert nothing.value == 0
    assert "8 unknown; maximum possible 8" in nothing.conclusion
    assert "not excluded" in nothing.conclusion


def test_a_molecular_diagnosis_is_enough_alone() -> None:
    assert "Diagnosis criteria fulfilled." in run("hlh-2004", {"molecular": "yes"}).conclusion


def test_a_limit_printed_in_two_units_is_compared_in_the_unit_given() -> None:
    in_mg = run("hlh-2004", {"triglycerides": "265 mg/dL", "fibrinogen": "2 g/L"})
    in_mmol = run("hlh-2004", {"triglycerides": "2.99 mmol/L", "fibrinogen": "2 g/L"})

    assert (in_mg.value, in_mmol.value) == (1, 0)


def test_unknown_ferritin_leaves_mas_undecided_and_low_ferritin_decides_it() -> None:
    side = {"fever": "yes", "systemic_jia": "yes", "platelets": "100 x10^9/L", "ast": "90 U/L"}

    assert "Undecided" in run("mas-2016", side).conclusion
    assert "Not classified" in run("mas-2016", {**side, "ferritin": "684 ng/mL"}).conclusion


def test_the_fibrinogen_limit_is_refused_when_micromol_stand_as_grams() -> None:
    side = {"fever": "yes", "systemic_jia": "yes", "fibrinogen": "360 g/L"}

    assert refused("mas-2016", side).code is RefusalCode.IMPLAUSIBLE


@pytest.mark.parametrize(
    ("doses", "code"),
    [
        ("", RefusalCode.MISSING),
        ("277 mg", RefusalCode.UNIT_MISSING),
        ("150", RefusalCode.UNIT_MISSING),
        ("277 mg at 18.45 m2", RefusalCode.IMPLAUSIBLE),
        ("0 x 150 mg/m2", RefusalCode.IMPLAUSIBLE),
        ("9999 x 150 mg/m2", RefusalCode.IMPLAUSIBLE),
        ("ten doses", RefusalCode.UNREADABLE),
    ],
)
def test_a_list_of_doses_is_read_whole_or_refused(doses: str, code: RefusalCode) -> None:
    assert refused("etoposide-cumulative", {"doses": doses}).code is code


@pytest.mark.parametrize(
    ("doses", "word"),
    [
        ("1999 mg/m2", "Below"),
        ("2000 mg/m2", "warning"),
        ("2.999 g/m2", "warning"),
        ("3 g/m2", "alarm"),
    ],
)
def test_a_level_is_reached_at_its_own_value(doses: str, word: str) -> None:
    assert run("etoposide-cumulative", {"doses": doses}).conclusion.startswith(word)


def test_general_knowledge_is_marked_wherever_it_is_used() -> None:
    marks = {name: c.source for name, c in CALCULATORS.items() if name in {"glucocorticoids"}}
    comparison = run("glucocorticoids", {"drug": "prednisolone", "amount": "5 mg"})

    assert marks
    assert comparison.value is None
    assert comparison.verification is Verification.BACKGROUND
    assert "never a dose" in render_result(comparison)
    assert "about as much dexamethasone: 0.75 mg" in render_result(comparison)


def changed(name: str, change: Callable[[dict[str, Any]], object]) -> None:
    table = tomllib.loads((BUNDLED / "scores" / f"{name}.toml").read_text(encoding="utf-8"))
    change(table)
    parse_score(table, f"{name}.toml", KEYS)


MISTAKES: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("hscore", lambda t: t.update(schema="scores/2"), "schema"),
    ("hscore", lambda t: t.update(kind="magic"), "kind"),
    ("hscore", lambda t: t.update(colour="red"), "colour"),
    ("hscore", lambda t: t.pop("label"), "label"),
    ("hscore", lambda t: t["source"][0].update(key="Nobody1999"), "source[1].key"),
    ("hscore", lambda t: t["source"][0].update(via="Nobody1999"), "Nobody1999"),
    ("hscore", lambda t: t["source"][0].update(verification="sure"), "verification"),
    ("hscore", lambda t: t["input"][1].update(to="45"), "input[2].to"),
    ("hscore", lambda t: t["input"].append(dict(t["input"][0])), "same id"),
    ("hscore", lambda t: t["item"][1]["category"].pop(1), "falls into 0 categories"),
    (
        "hscore",
        lambda t: t["item"][1]["category"][1]["when"].update(at_most="39.5 °C"),
        "falls into 2 categories",
    ),
    ("hscore", lambda t: t["item"][4]["category"][0].update(points="0"), "points"),
    ("hscore", lambda t: t["item"][4]["category"][0]["when"].update(input="iron"), "iron"),
    ("hscore", lambda t: t["printed"]["values"].pop(), "printed.scores"),
    ("hscore", lambda t: t["example"][0]["inputs"].update(iron="1"), "iron"),
    ("hlh-2004", lambda t: t.update(needed=9), "needed"),
    ("hlh-2004", lambda t: t["words"].pop("open"), "words.open"),
    ("mas-2016", lambda t: t.pop("entry"), "entry"),
    ("mas-2016", lambda t: t["input"][0].update(optional=True), "can't be optional"),
    ("ms-score", lambda t: t["term"][3].update(unit="mg"), "unit"),
    ("ms-score", lambda t: t["term"][0].update(coefficient="two"), "coefficient"),
    ("glucocorticoids", lambda t: t["equal"].pop(), "exactly the choices"),
    ("etoposide-cumulative", lambda t: t["level"].reverse(), "rise"),
]


@pytest.mark.parametrize(("name", "change", "says"), MISTAKES)
def test_a_mistake_in_a_file_is_named_by_file_and_key(
    name: str, change: Callable[[dict[str, Any]], object], says: str
) -> None:
    with pytest.raises(ScoreError) as caught:
        changed(name, change)

    assert caught.value.file == f"{name}.toml"
    assert says in str(caught.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("label = ", encoding="utf-8")

    with pytest.raises(ScoreError, match=r"broken\.toml"):
        load_scores(tmp_path, KEYS)


def test_two_files_cannot_have_one_id(tmp_path: Path) -> None:
    text = (BUNDLED / "scores" / "ohi.toml").read_text(encoding="utf-8")
    for name in ("one.toml", "two.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(ScoreError, match=r"taken by one\.toml"):
        load_scores(tmp_path, KEYS)


@pytest.mark.parametrize(
    ("name", "answers", "says"),
    [
        ("body-surface", {"height": "175 cm", "weight": "70 kg"}, "Result: 1.845 m²"),
        (
            "body-surface",
            {"height": "160 cm", "weight": "130 kg"},
            "Mosteller and DuBois differ by",
        ),
        (
            "ideal-weight",
            {"height": "168 cm", "sex": "female", "weight": "110 kg"},
            "adjusted weight: 79.8 kg",
        ),
        (
            "cockcroft-gault",
            {
                "age": "50 years",
                "sex": "female",
                "weight": "110 kg",
                "height": "168 cm",
                "creatinine": "1.4 mg/dL",
                "boundaries": "15; 50",
            },
            "crosses 50 mL/min",
        ),
        (
            "ckd-epi-2021",
            {"age": "68 years", "sex": "male", "creatinine": "1.9 mg/dL"},
            "Result: 37.9 mL/min/1.73 m²",
        ),
        (
            "bedside-schwartz",
            {"age": "4 years", "height": "95 cm", "creatinine": "0.5 mg/dL"},
            "Result: 78.5",
        ),
        (
            "deindexed-rate",
            {"rate": "60 mL/min/1.73m2", "surface": "2 m2"},
            "Result: 69.4 mL/min",
        ),
        ("body-mass-index", {"height": "200 cm", "weight": "80 kg"}, "Result: 20.0 kg/m²"),
    ],
)
def test_a_formula_prints_result_working_and_source(
    name: str, answers: dict[str, str], says: str
) -> None:
    assert says in render_result(run(name, answers))


@pytest.mark.parametrize(
    ("name", "answers", "code"),
    [
        ("body-surface", {"height": "70 cm", "weight": "80 kg"}, RefusalCode.IMPLAUSIBLE),
        ("body-surface", {"height": "175", "weight": "70 kg"}, RefusalCode.UNIT_MISSING),
        ("body-surface", {"height": "175 cm", "weight": "70"}, RefusalCode.UNIT_MISSING),
        (
            "cockcroft-gault",
            {"age": "17 years", "sex": "male", "weight": "60 kg", "creatinine": "1 mg/dL"},
            RefusalCode.CHILD_CLEARANCE,
        ),
        (
            "cockcroft-gault",
            {"age": "50 years", "sex": "male", "weight": "60 kg", "creatinine": "88"},
            RefusalCode.UNIT_MISSING,
        ),
        (
            "cockcroft-gault",
            {"age": "50 years", "sex": "male", "weight": "600 kg", "creatinine": "1 mg/dL"},
            RefusalCode.IMPLAUSIBLE,
        ),
        (
            "ckd-epi-2021",
            {"age": "50 years", "sex": "male", "creatinine": "0 mg/dL"},
            RefusalCode.IMPLAUSIBLE,
        ),
        (
            "deindexed-rate",
            {"rate": "-60 mL/min/1.73m2", "surface": "2 m2"},
            RefusalCode.IMPLAUSIBLE,
        ),
        ("deindexed-rate", {"rate": "60 mL/min", "surface": "2 m2"}, RefusalCode.UNIT_MISSING),
        ("ideal-weight", {"height": "150 cm", "sex": "male"}, RefusalCode.CONTEXT),
    ],
)
def test_a_formula_refuses_by_code(name: str, answers: dict[str, str], code: RefusalCode) -> None:
    assert refused(name, answers).code is code


def test_every_source_of_the_catalogue_is_in_the_bibliography() -> None:
    for calculator in CALCULATORS.values():
        assert calculator.formula, calculator.id
        for mark in calculator.sources:
            assert mark.key in KEYS
            assert not mark.via or mark.via in KEYS
