"""Every calculator's printed result and every refusal, to the last character."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from assistant.dosing.calculators.body import Sex, ideal_weight
from assistant.dosing.calculators.bounds import check_age_weight, check_body
from assistant.dosing.calculators.catalogue import calculators
from assistant.dosing.calculators.convert import (
    UNITS,
    Analyte,
    Measured,
    find_unit,
    read_value,
    unit_names,
    written,
)
from assistant.dosing.calculators.decimals import display, plain, rounded
from assistant.dosing.calculators.errors import CalculationRefused, Refusal, RefusalCode
from assistant.dosing.calculators.inputs import (
    Absent,
    Input,
    InputKind,
    read_answers,
    show_given,
)
from assistant.dosing.calculators.kidney import clearance_by_weight
from assistant.dosing.calculators.result import Line, Result, SourceMark, render_result
from assistant.dosing.calculators.scores.totals import doses_until
from corpus.library import BUNDLED
from corpus.model import Verification

RUN = {c.id: c.run for c in calculators(BUNDLED)}
CASES = tomllib.loads((Path(__file__).parent / "printed.toml").read_text("utf-8"))["print"]
D = Decimal


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{c['calculator']}" for n, c in enumerate(CASES)])
def test_a_calculator_prints_exactly_this(case: dict[str, Any]) -> None:
    result = RUN[case["calculator"]](case["given"])

    printed = str(result) if isinstance(result, Refusal) else render_result(result)
    assert printed == case["text"]


def test_every_formula_is_printed_at_least_once() -> None:
    formulas = {name for name in RUN if name in {case["calculator"] for case in CASES}}

    assert formulas == {
        "body-surface", "body-mass-index", "ideal-weight", "cockcroft-gault",
        "ckd-epi-2021", "bedside-schwartz", "deindexed-rate",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "analyte", "message"),
    [
        ("", Analyte.WEIGHT, "weight is missing. Give it in kg, g or lb."),
        (
            "x",
            Analyte.CREATININE,
            "creatinine x: this is no number. Write digits with a decimal point, then mg/dL or "
            "µmol/L.",
        ),
        (
            "12.400 ng/mL",
            Analyte.FERRITIN,
            "ferritin 12.400 ng/mL: the point may mean a decimal or thousands. Write 12400 or "
            "12.4000.",
        ),
        ("1.75", Analyte.SURFACE, "body surface 1.75: the unit is missing. Write m²."),
        (
            "70 stone",
            Analyte.WEIGHT,
            "weight 70 stone: the unit 'stone' is not known for weight. Write kg, g or lb.",
        ),
    ],
)
def test_a_refused_value_is_told_what_to_write(text: str, analyte: Analyte, message: str) -> None:
    found = read_value(text, analyte)

    assert isinstance(found, Refusal)
    assert found.message == message


def test_units_are_found_in_every_spelling_and_no_other_case() -> None:
    for analyte, units in UNITS.items():
        for unit in units:
            for spelling in unit.spellings:
                for text in (spelling, f" {spelling} ", spelling.replace("/", " / ")):
                    assert find_unit(text, analyte) is unit, (text, analyte)
    assert find_unit("×10⁹ / L", Analyte.CELLS) is UNITS[Analyte.CELLS][0]
    assert find_unit("KG", Analyte.WEIGHT) is None
    assert find_unit("", Analyte.WEIGHT) is None


def test_a_number_is_written_with_its_unit() -> None:
    assert written(Fraction(88), "µmol/L") == "88 µmol/L"
    assert written(Fraction(100), "kg") == "100 kg"
    assert written(Fraction("1.50"), "m²") == "1.5 m²"
    assert written(Fraction(42000), "/µL") == "42000/µL"
    assert unit_names(Analyte.AGE) == "years, months, weeks or days"
    assert unit_names(Analyte.SURFACE) == "m²"


def test_decimals_keep_twenty_eight_digits_and_round_half_away() -> None:
    assert plain(D("100")) == "100"
    assert plain(D("0.500")) == "0.5"
    assert rounded(D("0.5"), 0) == 1
    assert rounded(D("1.0000000000000000000000000000000000005"), 36).as_tuple().digits[-1] == 1
    assert rounded(D("123456789012345678901234567890.125"), 2) == D(
        "123456789012345678901234567890.13"
    )
    assert display(Fraction(1, 3), 4) == "0.3333"


def test_a_boundary_equal_to_the_least_or_greatest_clearance_counts_as_crossed() -> None:
    def crossed(*boundaries: str, height: str = "160") -> tuple[Decimal, ...]:
        return clearance_by_weight(
            age_years=D(68),
            height_cm=D(height),
            weight_kg=D(72),
            creatinine_mg_dl=D(1),
            sex=Sex.MALE,
            boundaries=tuple(D(b) for b in boundaries),
        ).crossed

    assert crossed("72") == (D(72),)
    assert crossed("72", height="150") == ()  # the actual weight alone crosses nothing
    assert crossed("72.1", "20") == ()
    least = clearance_by_weight(
        age_years=D(68),
        height_cm=D("152.4"),
        weight_kg=D(72),
        creatinine_mg_dl=D(1),
        sex=Sex.MALE,
        boundaries=(D(50), D("49.9")),
    )
    assert least.ideal == 50
    assert least.crossed == (D(50),)


def test_each_sex_has_its_own_weight_in_the_comparison() -> None:
    woman = clearance_by_weight(
        age_years=D(50),
        height_cm=D("152.4"),
        weight_kg=D("45.5"),
        creatinine_mg_dl=D(1),
        sex=Sex.FEMALE,
    )

    assert dict(woman.weights_kg) == {
        "actual": D("45.5"),
        "ideal": D("45.5"),
        "adjusted": D("45.5"),
    }
    assert ideal_weight(D("152.4"), Sex.MALE, D(18)) == 50
    with pytest.raises(CalculationRefused) as caught:
        ideal_weight(D("152.4"), Sex.MALE, D("17.9"))
    assert caught.value.refusal.code is RefusalCode.CONTEXT


ITEMS = (
    Input(id="n", label="Number", kind=InputKind.NUMBER),
    Input(
        id="t",
        label="Temperature",
        kind=InputKind.MEASURED,
        analyte=Analyte.TEMPERATURE,
        low=Measured(Analyte.TEMPERATURE, Fraction(20), Fraction(20), "°C"),
    ),
    Input(
        id="h",
        label="Height",
        kind=InputKind.MEASURED,
        analyte=Analyte.HEIGHT,
        high=Measured(Analyte.HEIGHT, Fraction(250), Fraction(250), "cm"),
    ),
    Input(id="y", label="Yes", kind=InputKind.YES_NO, optional=True, absent=Absent.NO,
          absent_note="Counted as no."),
    Input(id="c", label="Choice", kind=InputKind.CHOICE, choices=("one", "two or more"),
          optional=True),
    Input(id="x", label="Text", kind=InputKind.TEXT, optional=True, hint="15; 50"),
)  # fmt: skip
GIVEN = {"n": "2.5", "t": "20 °C", "h": "250 cm"}


def test_answers_are_read_written_and_noted() -> None:
    answers = read_answers(ITEMS, {**GIVEN, "y": "Yes", "c": "ONE", "x": " a b "})
    bare = read_answers(ITEMS, GIVEN)

    assert not isinstance(answers, Refusal)
    assert not isinstance(bare, Refusal)
    assert answers.values["n"] == Fraction(5, 2)
    assert answers.written() == (
        ("Number", "5/2"),
        ("Temperature", "20 °C"),
        ("Height", "250 cm"),
        ("Yes", "yes"),
        ("Choice", "one"),
        ("Text", "a b"),
    )
    assert answers.absent_notes() == ()
    assert bare.absent_notes() == ("Counted as no.",)
    assert (bare.text("c"), answers.text("n"), answers.text("c")) == ("", "", "one")
    assert bare.measured("n") is None
    assert bare.decimal("t") == 20
    assert bare.decimal("y") is None
    assert [show_given(v) for v in (None, True, False, "x")] == ["not known", "yes", "no", "x"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            {"t": "19.9 °C"},
            "Temperature 19.9 °C lies outside what is taken (20 °C to …). Check the value and its "
            "unit.",
        ),
        (
            {"h": "2.6 m"},
            "Height 2.6 m lies outside what is taken (… to 250 cm). Check the value and its unit.",
        ),
        ({"n": "1,5"}, "Number '1,5' can't be read ('n'). Give a number."),
        ({"n": "1.1234567"}, "Number '1.1234567' can't be read ('n'). Give a number."),
        ({"n": "-1"}, "Number '-1' can't be read ('n'). Give a number."),
        ({"n": ""}, "Number is missing ('n'). Give a number."),
        ({"y": "perhaps"}, "Yes 'perhaps' can't be read ('y'). Give yes or no, or unknown."),
        ({"c": "three"}, "Choice 'three' can't be read ('c'). Give one / two or more."),
        ({"z": "1"}, "There is no input 'z'. The inputs are: n, t, h, y, c, x."),
        ({"t": "pending"}, "Temperature is missing ('t'). Give a number in °C or °F."),
    ],
)
def test_an_answer_that_can_t_be_taken_is_told_what_to_give(
    changed: dict[str, str], message: str
) -> None:
    found = read_answers(ITEMS, {**GIVEN, **changed})

    assert isinstance(found, Refusal)
    assert found.message == message


def test_a_result_is_printed_in_a_fixed_order() -> None:
    result = Result(
        calculator="c",
        label="A result",
        formula=("a + b",),
        inputs=(("A", "1"),),
        lines=(Line("Sum", "2"),),
        value=D("2.00"),
        places=1,
        unit="",
        conclusion="Two.",
        sources=(
            SourceMark("K", "V", Verification.SECOND_HAND, "a"),
            SourceMark("B", verification=Verification.BACKGROUND),
        ),
        caveats=("Mind.",),
    )

    assert render_result(result).splitlines() == [
        "A result",
        "Result: 2.0",
        "Conclusion: Two.",
        "Formula: a + b",
        "Given: A: 1",
        "  Sum: 2",
        "Source: [K via V] for a (second-hand: reported by another text)",
        "Source: [B] (general knowledge, read in no source)",
        "Note: Mind.",
    ]
    assert result.verification is Verification.BACKGROUND


def test_the_percentage_at_which_the_adjusted_weight_is_named_is_120() -> None:
    def said(weight: str, height: str = "152.4 cm") -> str:
        result = RUN["ideal-weight"]({"height": height, "sex": "male", "weight": weight})
        assert isinstance(result, Result)
        assert result.calculator == "ideal-weight"
        return result.conclusion.partition(":")[0]

    assert said("60 kg") == "About 120% of ideal or more"
    assert said("59.9 kg") == "Near ideal"
    assert said("50 kg") == "Near ideal"
    assert said("49.9 kg") == "Below ideal"


@pytest.mark.parametrize(
    ("boundaries", "crossed"),
    [
        ("", ""),
        (";", ""),
        ("50", "50"),
        ("50.0;", "50"),
        ("84", ""),
        (" 60 mL/min ; 50 ", "60 and 50"),
    ],
)
def test_boundaries_are_read_as_numbers_in_ml_min(boundaries: str, crossed: str) -> None:
    result = RUN["cockcroft-gault"](
        {
            "age": "50 years", "sex": "female", "weight": "110 kg", "creatinine": "1.4 mg/dL",
            "height": "168 cm", "boundaries": boundaries,
        }
    )  # fmt: skip

    assert isinstance(result, Result)
    found = result.conclusion.removeprefix("The choice of weight crosses ").partition(" mL/min")[0]
    assert found == crossed


def test_the_bounds_themselves_are_taken_and_ages_are_worded() -> None:
    assert check_age_weight(D(5), D("12.7")) is None
    assert check_age_weight(D(5), D(41)) is None
    assert check_body(D(90), D("8.9"), D(2)) is None
    assert check_body(D("95.5"), D("8.9"), D(2)) is None  # index 9.8: not judged at exactly 2
    for years, words in (("2", "at 2 years "), ("5.25", "at 5.3 years "), ("0.34", "4.1 months")):
        refusal = check_age_weight(D(years), D(340))
        assert refusal is not None
        assert words in refusal.message


@pytest.mark.parametrize("boundaries", ["1.2.3", ".", "15; 5 0"])
def test_boundaries_that_are_no_numbers_are_refused(boundaries: str) -> None:
    given = {"age": "50 y", "sex": "male", "weight": "70 kg", "creatinine": "1 mg/dL"}

    found = RUN["cockcroft-gault"]({**given, "height": "175 cm", "boundaries": boundaries})

    assert isinstance(found, Refusal)
    assert found.code is RefusalCode.UNREADABLE


def test_the_sex_counts_in_every_kidney_formula() -> None:
    given = {"age": "45 years", "sex": "female", "creatinine": "0.8 mg/dL"}

    clearance = RUN["cockcroft-gault"]({**given, "weight": "60 kg"})
    rate = RUN["ckd-epi-2021"]({**given, "creatinine": "1.2 mg/dL"})

    assert isinstance(clearance, Result)
    assert isinstance(rate, Result)
    assert (clearance.value_text, rate.value_text) == ("84.1 mL/min", "56.9 mL/min/1.73 m²")


def test_the_catalogue_reads_formulas_and_scores_anew() -> None:
    found = {calculator.id: calculator for calculator in calculators(BUNDLED)}

    ratio = found["sil2r-ferritin-ratio"].run({"scd25": "13451 U/mL", "ferritin": "2561 ng/mL"})
    assert isinstance(ratio, Result)
    assert ratio.value_text == "5.25"
    assert any(note.startswith("Group means in the source: 8.56") for note in ratio.caveats)
    assert len(found) == 7 + 9


def test_a_level_that_is_reached_needs_no_further_dose() -> None:
    assert doses_until(Fraction(2000), Fraction(150), Fraction(2000)) == 0
    assert doses_until(Fraction(1999), Fraction(150), Fraction(2000)) == 1
