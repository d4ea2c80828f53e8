"""What stands beside a dose: the limits and cautions of its drug."""

from __future__ import annotations

from pathlib import Path

from corpus.companions import Companion, companions, companions_by_kind, kinds_missing
from corpus.library import Library, load_library
from corpus.model import Passage, Role
from tests.builders import HEADER, a_library, a_statement, write_library

DOSE = {"role": "dose", "drugs": "etoposide"}


def a_dose(text: str = "Etoposide 100 mg/m² once weekly.", **fields: str) -> str:
    return a_statement("1.1", text, **{**DOSE, **fields})


def beside(library: Library, number: str = "1.1") -> list[str]:
    passage = library.passages[f"example-2024:{number}"]
    return [p.statement.number for p in companions(passage, library)]


def a_note(number: str, text: str, role: str, **fields: str) -> str:
    return a_statement(number, text, **{"role": role, "drugs": "etoposide", **fields})


def test_limits_and_cautions_of_the_same_drug_stand_beside_a_dose(tmp_path: Path) -> None:
    folder = write_library(
        tmp_path,
        {
            "example-2024.md": HEADER
            + "\n".join(
                (
                    a_dose(),
                    a_note("2.1", "Check blood counts with etoposide.", "monitoring"),
                    a_note("2.2", "Do not exceed 150 mg of etoposide.", "warning"),
                    a_note("2.3", "Stop etoposide at a cumulative 3 g/m².", "stop-rule"),
                    a_note("2.4", "No etoposide in pregnancy.", "contraindication"),
                    a_note("2.5", "Reduce.", "dose-adjustment", condition="renal-impairment"),
                    a_note("2.6", "Etoposide worked in a trial.", "evidence"),
                    a_note("2.7", "Check anakinra levels.", "monitoring", drugs="anakinra"),
                )
            )
        },
    )
    with (folder / "library.toml").open("a", encoding="utf-8") as file:
        file.write('[[condition]]\nid = "renal-impairment"\nwords = ["kidney"]\n')
    library = load_library(folder)

    passage = library.passages["example-2024:1.1"]

    assert beside(library) == ["2.4", "2.2", "2.3", "2.5", "2.1"]
    assert {k: p[0].statement.number for k, p in companions_by_kind(passage, library).items()} == {
        Companion.CONTRAINDICATION: "2.4",
        Companion.CAP: "2.2",
        Companion.CUMULATIVE_LIMIT: "2.3",
        Companion.KIDNEY: "2.5",
        Companion.MONITORING: "2.1",
    }
    assert kinds_missing(passage, library) == (Companion.LIVER, Companion.PROPHYLAXIS)


def test_a_core_statement_comes_before_the_others(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_dose(),
        a_statement("2.1", "No etoposide here.", role="contraindication", drugs="etoposide"),
        a_statement("2.2", "Check counts.", role="monitoring", drugs="etoposide", core="yes"),
    )

    assert beside(library) == ["2.2", "2.1"]


def test_a_named_companion_comes_first_whatever_it_is(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_dose(companions="example-2024:2.2"),
        a_statement("2.1", "Check counts.", role="monitoring", drugs="etoposide", core="yes"),
        a_statement("2.2", "Give fluids.", role="recommendation"),
    )

    assert beside(library) == ["2.2", "2.1"]


def test_a_statement_of_another_population_is_left_out(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_dose(population="adult"),
        a_statement(
            "2.1", "Check counts.", role="monitoring", drugs="etoposide", population="child"
        ),
        a_statement("2.2", "Check urea.", role="monitoring", drugs="etoposide", population="adult"),
    )

    assert beside(library) == ["2.2"]


def test_a_statement_that_gives_no_dose_has_only_the_companions_that_it_names(
    tmp_path: Path,
) -> None:
    library = a_library(
        tmp_path,
        a_statement("1.1", "Etoposide is used.", role="evidence", drugs="etoposide"),
        a_statement("2.1", "Check counts.", role="monitoring", drugs="etoposide"),
    )
    passage = library.passages["example-2024:1.1"]

    assert companions(passage, library) == ()
    assert kinds_missing(passage, library) == ()


def test_a_dose_that_states_its_own_maximum_lacks_no_cap(tmp_path: Path) -> None:
    library = a_library(tmp_path, a_dose("Etoposide 100 mg/m² weekly, maximum 150 mg."))
    passage = library.passages["example-2024:1.1"]

    assert Companion.CAP not in kinds_missing(passage, library)


def doses(library: Library) -> list[Passage]:
    return [p for p in library.passages.values() if p.statement.role is Role.DOSE]


def test_every_bundled_etoposide_dose_has_its_limits_beside_it() -> None:
    library = load_library()
    wanted = {Companion.CUMULATIVE_LIMIT, Companion.KIDNEY, Companion.LIVER, Companion.MONITORING}

    lacking = {
        p.id: sorted(wanted & set(kinds_missing(p, library)))
        for p in doses(library)
        if p.statement.facets.drugs == ("etoposide",) and not p.statement.facets.subtype
    }

    assert lacking
    assert not any(lacking.values()), lacking


def test_a_cap_of_another_indication_is_never_set_beside_a_dose() -> None:
    library = load_library()
    passage = library.passages["emapalumab-label-2025:2.1"]

    found = {p.id for p in companions(passage, library)}

    assert "emapalumab-label-2020:2.2" in found  # monitoring of the drug, for another subtype
    assert "emapalumab-reference-monograph:1.3" not in found  # its maximum in primary disease


def test_no_dose_is_its_own_companion_and_all_share_a_drug_with_it() -> None:
    library = load_library()

    for passage in doses(library):
        named = set(passage.statement.companions)
        for other in companions(passage, library):
            assert other.id != passage.id
            shared = set(other.statement.facets.drugs) & set(passage.statement.facets.drugs)
            assert shared or other.id in named
