"""The table of drug names: what it finds, what it leaves alone, and when it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.drugs import find_drugs, load_drugs
from corpus.errors import CorpusError


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("dex 10mg/m2 d1-14", ["dexamethasone"]),
        ("VP-16 100 mg/m² and VP16 again 5 mg", ["etoposide", "etoposide"]),
        ("cyclosporine A 2-7 mg/kg/day", ["ciclosporin"]),
        ("Cisplatin75mg", ["cisplatin"]),
        ("6-MP 50 mg/m2", ["mercaptopurine"]),
        ("trimethoprim/sulfamethoxazole 160 mg", ["trimethoprim-sulfamethoxazole"]),
        ("liposomal doxorubicin 25 mg/m2", ["liposomal-doxorubicin"]),
        ("intravenous immunoglobulin 1 g/kg", ["ivig"]),
        ("METHYLPREDNISOLONE and methylPREDNISolone", ["methylprednisolone"] * 2),
        ("a dexterous hand; the mp3 file; IT department", []),
        ("the ATG was fine", []),
    ],
)
def test_names_brands_and_abbreviations_are_found(text: str, ids: list[str]) -> None:
    assert [m.drug_id for m in find_drugs(text)] == ids


def test_a_question_may_use_any_case_and_no_number() -> None:
    found = find_drugs("vp16 or csa in renal failure", lax=True)

    assert [m.drug_id for m in found] == ["etoposide", "ciclosporin"]
    assert find_drugs("vp in renal failure", lax=True) == ()


def test_an_abbreviation_with_two_meanings_is_marked() -> None:
    assert find_drugs("MP 1 g")[0].ambiguous
    assert not find_drugs("methylprednisolone 1 g")[0].ambiguous


def test_offsets_quote_the_text() -> None:
    text = "Give Solu-Medrol 1 g, then CsA 3 mg/kg."

    assert all(text[m.start : m.end] == m.text for m in find_drugs(text))


@pytest.mark.parametrize("drug_id", sorted(load_drugs().drugs))
def test_every_name_of_the_table_is_found_beside_a_number(drug_id: str) -> None:
    drug = load_drugs()[drug_id]

    for name in (drug.name, *drug.aliases, *drug.exact):
        found = find_drugs(f"{name} 10 mg")
        assert found, name
        assert found[0].drug_id == drug_id or name in drug.ambiguous_with, name


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[drug]]\nid = 'x'\n", "name"),
        ("[[drug]]\nid = 'x'\nname = 'x'\ncolour = 'red'\n", "colour"),
        ("[[drug]]\nid = 'x'\nname = 'x'\naliases = 'y'\n", "aliases"),
        ("[[drug]]\nid = 'x'\nname = 'x'\n[[drug]]\nid = 'x'\nname = 'z'\n", "twice"),
        (
            "[[drug]]\nid = 'x'\nname = 'x'\n[[drug]]\nid = 'y'\nname = 'y'\naliases = ['X']\n",
            "also means",
        ),
        ("[[drug]\n", "TOML"),
        ("[[drug]]\nid = 'x'\nname = 'x'\nambiguous_with = {Q = ['y']}\n", "'Q'"),
    ],
)
def test_a_broken_table_names_the_file_the_key_and_the_reason(
    tmp_path: Path, toml: str, words: str
) -> None:
    path = tmp_path / "drugs.toml"
    path.write_text(toml, encoding="utf-8")

    with pytest.raises(CorpusError, match=r"drugs\.toml") as error:
        load_drugs(path)
    assert words in str(error.value)


def test_a_missing_table_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="Restore"):
        load_drugs(tmp_path / "none.toml")
