"""The worked examples of the dossier, to the last printed digit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from assistant.dosing.calculators.body import (
    Sex,
    adjusted_weight,
    dubois,
    haycock,
    ideal_weight,
    mosteller,
)
from assistant.dosing.calculators.catalogue import Calculator, calculators
from assistant.dosing.calculators.decimals import display
from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode
from assistant.dosing.calculators.kidney import (
    bedside_schwartz,
    calvert,
    ckd_epi_2021,
    clearance_by_weight,
    cockcroft_gault,
    deindexed,
)
from assistant.dosing.calculators.result import Result, render_result
from assistant.dosing.calculators.scores.model import Example, Score
from corpus.library import BUNDLED

D = Decimal
ALL = calculators(BUNDLED)
SCORES = [c.source for c in ALL if isinstance(c.source, Score)]


@pytest.mark.parametrize(
    ("height", "weight", "printed"),
    [
        ("175", "70", ("1.845", "1.848", "1.847")),
        ("95", "14", ("0.608", "0.599", "0.610")),
        ("168", "110", ("2.266", "2.174", "2.317")),
    ],
)
def test_the_three_surfaces_are_those_printed(
    height: str, weight: str, printed: tuple[str, str, str]
) -> None:
    found = tuple(display(f(D(height), D(weight)), 3) for f in (mosteller, dubois, haycock))

    assert found == printed


@pytest.mark.parametrize(
    ("per_m2", "places", "printed"),
    [
        ("10", 1, "18.4"),
        ("150", 0, "277"),
        ("100", 0, "184"),
        ("50", 0, "92"),
        ("75", 0, "138"),
        ("1500", 0, "2767"),
        ("2000", 0, "3689"),
        ("3000", 0, "5534"),
        ("375", 0, "692"),
    ],
)
def test_the_doses_of_example_a_follow_from_its_unrounded_surface(
    per_m2: str, places: int, printed: str
) -> None:
    assert display(D(per_m2) * mosteller(D(175), D(70)), places) == printed


@pytest.mark.parametrize(("per_m2", "places", "printed"), [("10", 1, "6.1"), ("150", 0, "91")])
def test_the_doses_of_example_b_follow_from_its_unrounded_surface(
    per_m2: str, places: int, printed: str
) -> None:
    assert display(D(per_m2) * mosteller(D(95), D(14)), places) == printed


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "sex", "printed"),
    [
        ("68", "70", "1.9", Sex.MALE, "36.8"),
        ("45", "60", "0.8", Sex.FEMALE, "84.1"),
        ("50", "110", "1.4", Sex.FEMALE, "83.5"),
    ],
)
def test_cockcroft_gault_gives_the_printed_clearance(
    age: str, weight: str, creatinine: str, sex: Sex, printed: str
) -> None:
    assert display(cockcroft_gault(D(age), D(weight), D(creatinine), sex), 1) == printed


@pytest.mark.parametrize(
    ("age", "creatinine", "sex", "printed"),
    [
        ("68", "1.9", Sex.MALE, "37.9"),
        ("30", "0.6", Sex.FEMALE, "123.8"),
        ("45", "1.2", Sex.FEMALE, "56.9"),
    ],
)
def test_ckd_epi_gives_the_printed_rate(age: str, creatinine: str, sex: Sex, printed: str) -> None:
    assert display(ckd_epi_2021(D(age), D(creatinine), sex), 1) == printed


@pytest.mark.parametrize(
    ("height", "creatinine", "printed"), [("95", "0.5", "78.5"), ("140", "1.4", "41.3")]
)
def test_bedside_schwartz_gives_the_printed_rate(
    height: str, creatinine: str, printed: str
) -> None:
    assert display(bedside_schwartz(D(5), D(height), D(creatinine)), 1) == printed


def test_ideal_and_adjusted_weight_are_those_printed() -> None:
    man, woman = ideal_weight(D(175), Sex.MALE), ideal_weight(D(168), Sex.FEMALE)

    assert (display(man, 1), display(woman, 1)) == ("70.5", "59.6")
    assert display(adjusted_weight(woman, D(110)), 1) == "79.8"
    assert display(D(110) / woman * 100, 0) == "184"


def test_the_choice_of_weight_crosses_the_line_of_50() -> None:
    compared = clearance_by_weight(
        age_years=D(50),
        height_cm=D(168),
        weight_kg=D(110),
        creatinine_mg_dl=D("1.4"),
        sex=Sex.FEMALE,
        boundaries=(D(15), D(50)),
    )

    shown = {kind: display(value, 1) for kind, value in compared.values}
    assert shown == {"actual": "83.5", "adjusted": "60.5", "ideal": "45.3"}
    assert compared.crossed == (D(50),)
    assert str(compared) == "83.5 (actual), 45.3 (ideal), 60.5 (adjusted) mL/min"


def test_no_boundary_is_crossed_where_all_weights_lie_on_one_side() -> None:
    compared = clearance_by_weight(
        age_years=D(68),
        height_cm=D(175),
        weight_kg=D(70),
        creatinine_mg_dl=D("1.9"),
        sex=Sex.MALE,
        boundaries=(D(15), D(50)),
    )

    assert compared.crossed == ()


def test_below_152_4_cm_only_the_actual_weight_remains() -> None:
    compared = clearance_by_weight(
        age_years=D(50),
        height_cm=D("152.3"),
        weight_kg=D(50),
        creatinine_mg_dl=D(1),
        sex=Sex.FEMALE,
    )

    assert [kind for kind, _ in compared.values] == ["actual"]


def test_a_rate_per_173_becomes_mL_per_minute_with_the_surface() -> None:  # noqa: N802
    assert deindexed(D("37.9"), D("1.73")) == D("37.9")
    assert display(deindexed(D(60), D("2.0")), 2) == "69.36"


def test_the_auc_dose_counts_a_rate_above_125_as_125() -> None:
    assert calvert(D(5), D(100)) == D(625)
    assert calvert(D(5), D(140)) == calvert(D(5), D(125)) == D(750)


@pytest.mark.parametrize("years", ["17.9", "0", "-1"])
def test_adult_formulas_refuse_a_child(years: str) -> None:
    for call in (
        lambda: cockcroft_gault(D(years), D(50), D(1), Sex.MALE),
        lambda: ckd_epi_2021(D(years), D(1), Sex.MALE),
    ):
        with pytest.raises(CalculationRefused) as caught:
            call()
        assert caught.value.refusal.code is RefusalCode.CHILD_CLEARANCE


@pytest.mark.parametrize("years", ["0.99", "18.01"])
def test_bedside_schwartz_refuses_outside_1_to_18_years(years: str) -> None:
    with pytest.raises(CalculationRefused, match="CONTEXT"):
        bedside_schwartz(D(years), D(100), D(1))


def test_devine_refuses_a_child_and_a_height_below_60_inches() -> None:
    assert ideal_weight(D("152.4"), Sex.MALE) == D(50)
    with pytest.raises(CalculationRefused, match=r"152\.4"):
        ideal_weight(D("152.39"), Sex.MALE)
    with pytest.raises(CalculationRefused, match="adults"):
        ideal_weight(D(170), Sex.MALE, D(17))


@pytest.mark.parametrize(
    ("score", "example"),
    [pytest.param(s, e, id=f"{s.id} {e.title}") for s in SCORES for e in s.examples],
)
def test_a_score_gives_what_its_worked_example_prints(score: Score, example: Example) -> None:
    result = Calculator(score).run(dict(example.inputs))

    assert isinstance(result, Result), result
    shown = "" if result.value is None else display(result.value, result.places)
    assert shown == example.value
    printed = render_result(result)
    assert [part for part in example.contains if part not in printed] == []


def test_every_score_of_the_dossier_is_there_with_its_examples() -> None:
    count = {score.id: len(score.examples) for score in SCORES}

    assert count == {
        "etoposide-cumulative": 2,
        "glucocorticoids": 2,
        "hlh-2004": 2,
        "hlh-2024": 1,
        "hscore": 2,
        "mas-2016": 2,
        "ms-score": 2,
        "ohi": 3,
        "sil2r-ferritin-ratio": 2,
    }


@pytest.mark.parametrize(
    ("dose", "warning", "alarm"), [("150", 14, 20), ("100", 20, 30), ("50", 40, 60)]
)
def test_the_number_of_doses_to_each_level_is_the_one_printed(
    dose: str, warning: int, alarm: int
) -> None:
    tracker = next(c for c in ALL if c.id == "etoposide-cumulative")

    # the count from nothing, by way of a first dose of the same size
    result = tracker.run({"doses": f"{dose} mg/m2", "planned": f"{dose} mg/m2"})

    assert isinstance(result, Result)
    lines = [str(line) for line in result.lines]
    assert f"2000 mg/m² (warning): with dose {warning - 1} of those planned" in lines
    assert f"3000 mg/m² (alarm): with dose {alarm - 1} of those planned" in lines


def test_the_examples_of_the_library_need_no_file_but_the_library(tmp_path: Path) -> None:
    (tmp_path / "bibliography.json").write_text("[]", encoding="utf-8")

    assert [c for c in calculators(tmp_path) if isinstance(c.source, Score)] == []


def test_every_score_is_read_anew_and_gives_its_examples_again() -> None:
    for calculator in calculators(BUNDLED):
        if isinstance(calculator.source, Score):
            for example in calculator.source.examples:
                result = calculator.run(dict(example.inputs))
                assert isinstance(result, Result), result
                printed = render_result(result)
                assert all(part in printed for part in example.contains), printed
                assert set(calculator.source.caveats) <= set(result.caveats)
                assert result.sources == calculator.sources
