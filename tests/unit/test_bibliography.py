"""The bibliography: what is read from it, how it is printed, and which mistakes it refuses."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.bibliography import (
    BACKGROUND,
    KINDS,
    Bibliography,
    Source,
    load_bibliography,
    reported_by,
    vancouver,
)
from corpus.errors import LibraryError, Problem
from corpus.model import SourceRef, Verification

LIBRARY = Path(__file__).parents[2] / "corpus" / "library" / "bibliography.json"


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    return load_bibliography(LIBRARY)


@pytest.fixture(scope="module")
def entries() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(LIBRARY.read_text(encoding="utf-8"))
    return loaded


def an_entry(**changes: Any) -> dict[str, Any]:
    """An entry without a mistake, changed as said; None leaves a field out."""
    entry: dict[str, Any] = {
        "id": "Doe2020",
        "type": "article-journal",
        "title": "An invented trial",
        "custom": {"kind": "trial"},
    }
    entry.update(changes)
    return {name: value for name, value in entry.items() if value is not None}


def problems_of(tmp_path: Path, *entries: object) -> tuple[Problem, ...]:
    path = tmp_path / "bibliography.json"
    path.write_text(json.dumps(entries, indent=1), encoding="utf-8")
    with pytest.raises(LibraryError) as caught:
        load_bibliography(path)
    return caught.value.problems


def read_one(tmp_path: Path, entry: dict[str, Any]) -> Source:
    path = tmp_path / "bibliography.json"
    path.write_text(json.dumps([entry]), encoding="utf-8")
    (source,) = load_bibliography(path).values()
    return source


# The library's own file


def test_every_entry_of_the_file_can_be_looked_up(
    bibliography: Bibliography, entries: Sequence[dict[str, Any]]
) -> None:
    keys = [entry["id"] for entry in entries]

    assert len(bibliography) == len(keys) >= 227
    assert all(key in bibliography and bibliography[key].key == key for key in keys)
    assert "Doe2020" not in bibliography
    assert bibliography.get("Doe2020") is None


def test_the_file_is_sorted_and_printed_in_one_way(entries: Sequence[dict[str, Any]]) -> None:
    text = LIBRARY.read_text(encoding="utf-8")

    assert [entry["id"] for entry in entries] == sorted(entry["id"] for entry in entries)
    assert text == json.dumps(entries, indent=1, ensure_ascii=False) + "\n"


def test_what_is_not_known_is_left_out_instead_of_called_unknown(
    entries: Sequence[dict[str, Any]],
) -> None:
    fillers = {"", "none", "n/a", "unknown", "not known"}
    for entry in entries:
        for name, value in entry.items():
            if name != "custom":
                assert str(value).strip().lower() not in fillers, f"{entry['id']}: {name}"
        # Only a title may hold the word: one of them says "HLH of unknown etiology".
        others = {n: v for n, v in entry.items() if n not in ("custom", "title")}
        assert "unknown" not in json.dumps(others).lower(), entry["id"]


def test_every_source_says_what_was_read_of_it(bibliography: Bibliography) -> None:
    for source in bibliography.values():
        assert source.kind in KINDS, source.key
        assert source.read, source.key
        assert source.document_type, source.key


def test_an_article_with_a_doi_gives_no_other_address(bibliography: Bibliography) -> None:
    for source in bibliography.values():
        assert not (source.doi and source.url), source.key


def test_a_figure_belongs_to_the_article_that_printed_it(bibliography: Bibliography) -> None:
    parts = {s.key: s.part_of for s in bibliography.values() if s.part_of}

    assert parts == {
        "LaRosee2015-Fig2": "LaRosee2015",
        "Trottestam2011-Fig1": "Trottestam2011",
    }


def test_ai_written_pages_are_second_hand_summaries(bibliography: Bibliography) -> None:
    pages = [s for s in bibliography.values() if s.publisher == "Dr.Oracle"]

    assert len(pages) == 21
    assert {s.kind for s in pages} == {"summary"}
    assert all(s.title.startswith("AI-assisted summary") for s in pages)


def test_general_practice_is_the_only_background(bibliography: Bibliography) -> None:
    background = [s.key for s in bibliography.values() if s.kind == BACKGROUND]

    assert background == ["GeneralPractice"]
    assert "Calculated" in bibliography


def test_a_family_name_keeps_its_particles(entries: Sequence[dict[str, Any]]) -> None:
    names = {
        (author["family"], author["given"])
        for entry in entries
        for author in entry.get("author", ())
    }

    assert {
        ("La Rosée", "P"),
        ("von Bahr Greenwood", "T"),
        ("Van Den Neste", "E"),
        ("Pachlopnik Schmid", "J"),
        ("van Laarhoven", "A"),
        ("El Atrouni", "W"),
    } <= names


# As medical journals print them

PRINTED = {
    "LaRosee2019": (
        "La Rosée P, Horne A, Hines M, von Bahr Greenwood T, Machowicz R, Berliner N, et al. "
        "Recommendations for the management of hemophagocytic lymphohistiocytosis in adults. "
        "Blood. 2019;133(23):2465-2477. https://doi.org/10.1182/blood.2018894618"
    ),
    "Jordan2011": (
        "Jordan MB, Allen CE, Weitzman S, Filipovich AH, McClain KL. "
        "How I treat hemophagocytic lymphohistiocytosis. "
        "Blood. 2011;118(15):4041-4052. https://doi.org/10.1182/blood-2011-03-278127"
    ),
    "Ahmed2019": (
        "Ahmed A, et al. Ruxolitinib in adult patients with secondary HLH: "
        "open-label single-centre pilot trial. Lancet Haematol. 2019;6(12):e630-e637. "
        "https://doi.org/10.1016/S2352-3026(19)30156-5"
    ),
    "ASH2023-31": (
        "Inflamed: HLH, MAS, or something else? "
        "Hematology Am Soc Hematol Educ Program. 2023;2023(1):31."
    ),
    "Allen2008": (
        "Allen CE, Yu X, Kozinetz CA, McClain KL. "
        "Highly elevated ferritin levels and the diagnosis of HLH. "
        "Pediatr Blood Cancer. 2008;50:1227-1235. PMID: 18085676."
    ),
    "SmallAdult2016": "Adult secondary HLH, 10 patients. 2016. PMCID: PMC4816886.",
    "HorneBeutel2018": (
        "Horne A, Beutel K. CNS involvement in HLH (CNS-HLH) [chapter]. 2018. "
        "https://doi.org/10.1007/978-3-319-59632-7_10"
    ),
    "EMids2024": (
        "A multi-centre study of outcomes of anakinra for HLH (East Midlands, England). "
        "Blood. 2024;144(Suppl 1):5375."
    ),
    "CrirhTab3": (
        "Table 3 of a MAS case report reproducing the HScore and its probability curve. "
        "Case Rep Rheumatol. 2017:5304180. "
        "Available from: https://www.hindawi.com/journals/crirh/2017/5304180/tab3/"
    ),
    "LaRosee2015-Fig2": (
        "La Rosée P. Figure 2 (legend): treatment algorithm for adult HLH. "
        "Hematology Am Soc Hematol Educ Program. 2015;2015(1):190-196. "
        "Available from: http://ashpublications.com/view-large/figure/6511977/"
        "bep0011504650002.jpeg"
    ),
    "Gamifant2025": (
        "Gamifant (emapalumab-lzsg) US dosage text, updated June 2025 "
        "(primary HLH and HLH/MAS) [Internet]. Drugs.com; 2025. "
        "Available from: https://www.drugs.com/dosage/gamifant.html"
    ),
    "CDC-Ehrlichia": (
        "Clinical care page on ehrlichiosis [Internet]. CDC; [date unknown]. "
        "Available from: https://www.cdc.gov/ehrlichiosis/hcp/clinical-care/index.html"
    ),
    "NCT02400463": (
        "Trial registry entry NCT02400463: pilot study of ruxolitinib in secondary "
        "hemophagocytic syndrome [Internet]. University of Michigan; 2015-2020. "
        "Available from: https://crick.ai/trials/NCT02400463"
    ),
    "UpToDate146346": "Drugs for HLH/MAS (table). UpToDate; [date unknown].",
    "Seed": (
        'AI-assisted summary "What is the recommended treatment for a patient with '
        'secondary HLH and pancytopenia?" Dr.Oracle; 2025.'
    ),
    "Kimberlin-ObGynKey": (
        "Textbook summary of Kimberlin 2001 (high-dose acyclovir in neonatal HSV, "
        "Pediatrics 2001;108:230-238) [Internet]. Obgyn Key; 2001. Available from: "
        "https://obgynkey.com/high-dose-acyclovir-for-neonatal-herpes-simplex-virus-infection"
    ),
    "GeneralPractice": "General clinical practice; no citable source was read.",
}


@pytest.mark.parametrize(("key", "printed"), PRINTED.items(), ids=PRINTED)
def test_a_reference_is_printed_in_vancouver_style(
    bibliography: Bibliography, key: str, printed: str
) -> None:
    assert vancouver(bibliography[key]) == printed


def test_more_than_six_authors_become_et_al() -> None:
    authors = tuple(f"Doe {initial}" for initial in "ABCDEFG")
    source = Source(key="x", kind="trial", type="article-journal", title="T", authors=authors)

    assert vancouver(source).startswith("Doe A, Doe B, Doe C, Doe D, Doe E, Doe F, et al. T.")


def test_a_chapter_names_its_book_and_pages() -> None:
    source = Source(
        key="x",
        kind="review",
        type="chapter",
        title="Liver",
        container="A book",
        publisher="A press",
        year="2018",
        page="9-12",
    )

    assert vancouver(source) == "Liver. In: A book. A press; 2018. p. 9-12."


def test_every_reference_is_one_line_without_gaps(bibliography: Bibliography) -> None:
    for source in bibliography.values():
        printed = vancouver(source)

        assert source.title in printed
        assert not {"\n", "  ", "..", "None", " ."} & {
            bad for bad in ("\n", "  ", "..", "None", " .") if bad in printed
        }, printed


# Who reported it


def test_a_second_hand_statement_says_who_reported_it(bibliography: Bibliography) -> None:
    assert reported_by(SourceRef("LaRosee2019", via="DrOracle493892"), bibliography) == (
        "reported by Dr.Oracle, AI-assisted summary page 493892; "
        "not checked against the primary text"
    )
    assert reported_by(SourceRef("Henter2007", via="Blood-T2"), bibliography) == (
        "reported by Blood, HLH-2004 criteria table; not checked against the primary text"
    )
    assert reported_by(SourceRef("Fardet2014", via="Yildiz2021"), bibliography) == (
        "reported by Yildiz H, Bailly S, Van Den Neste E, Yombi JC, "
        "Clinical management of relapsed/refractory HLH in adult patients; "
        "not checked against the primary text"
    )


def test_a_statement_read_in_its_own_source_was_reported_by_nobody(
    bibliography: Bibliography,
) -> None:
    assert reported_by(SourceRef("LaRosee2019"), bibliography) is None


def test_what_was_read_in_a_reproduction_is_not_called_unchecked(
    bibliography: Bibliography,
) -> None:
    ref = SourceRef("Henter2007", via="Blood-T2")

    said = reported_by(ref, bibliography, Verification.READ)

    assert said is not None
    assert said.startswith("read as reproduced in Blood")


def test_a_reporter_who_is_not_in_the_bibliography_is_still_named() -> None:
    assert reported_by(SourceRef("A", via="B"), {}) == (
        "reported by B; not checked against the primary text"
    )


# Mistakes

MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no id": ({"id": None}, "Entry has no id."),
    "no title": ({"title": ""}, "Entry 'Doe2020' has no title."),
    "no custom": ({"custom": None}, "Entry 'Doe2020' has no custom.kind."),
    "no kind": ({"custom": {}}, "Entry 'Doe2020' has no custom.kind."),
    "unknown kind": (
        {"custom": {"kind": "blog"}},
        "Entry 'Doe2020' has the unknown kind 'blog'.",
    ),
    "address as DOI": (
        {"DOI": "https://doi.org/10.1002/pbc.1"},
        "Entry 'Doe2020' has the malformed DOI 'https://doi.org/10.1002/pbc.1'.",
    ),
    "space in DOI": (
        {"DOI": "10.1002/pbc 1"},
        "Entry 'Doe2020' has the malformed DOI '10.1002/pbc 1'.",
    ),
    "two DOIs": (
        {"DOI": "10.1002/a; 10.1002/b"},
        "Entry 'Doe2020' has the malformed DOI '10.1002/a; 10.1002/b'.",
    ),
    "PMID with words": (
        {"PMID": "PMID 12"},
        "Entry 'Doe2020' has the malformed PMID 'PMID 12'.",
    ),
    "PMCID without PMC": ({"PMCID": "12"}, "Entry 'Doe2020' has the malformed PMCID '12'."),
    "number as volume": ({"volume": 12}, "Entry 'Doe2020' has no readable text as volume."),
    "author without family": (
        {"author": [{"given": "P"}]},
        "Entry 'Doe2020' has an author without a family name.",
    ),
    "date in words": (
        {"issued": {"date-parts": [["last year"]]}},
        "Entry 'Doe2020' has an unreadable date.",
    ),
    "misspelt field": (
        {"conatiner-title": "Blood"},
        "Entry 'Doe2020' has the unknown field 'conatiner-title'.",
    ),
    "author as text": (
        {"author": ["Doe P"]},
        "Entry 'Doe2020' has an author without a family name.",
    ),
    "authors as text": (
        {"author": "Doe P"},
        "Entry 'Doe2020' has an author without a family name.",
    ),
    "number as family": (
        {"author": [{"family": 7}]},
        "Entry 'Doe2020' has an author without a family name.",
    ),
    "list as title": ({"title": ["T"]}, "Entry 'Doe2020' has no readable text as title."),
    "date without year": (
        {"issued": {"date-parts": [[]]}},
        "Entry 'Doe2020' has an unreadable date.",
    ),
    "date of nothing": ({"issued": {}}, "Entry 'Doe2020' has an unreadable date."),
    "date not CSL": ({"issued": 2019}, "Entry 'Doe2020' has an unreadable date."),
    "part of nothing": (
        {"custom": {"kind": "trial", "part_of": "Roe1999"}},
        "Entry 'Doe2020' is part of 'Roe1999', which is not in the file.",
    ),
}


@pytest.mark.parametrize(("changes", "what"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_remedy(
    tmp_path: Path, changes: dict[str, Any], what: str
) -> None:
    (problem,) = problems_of(tmp_path, an_entry(**changes))

    assert (problem.path, problem.line, problem.what) == ("bibliography.json", 2, what)
    assert problem.remedy.endswith(".")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ({"family": "Doe", "given": "AB"}, "Doe AB"),
        ({"family": "Doe", "given": "Anna Berta"}, "Doe AB"),
        ({"family": "Doe", "given": "A. B."}, "Doe AB"),
        ({"family": "Doe", "given": "Jean-Émile"}, "Doe JÉ"),
        ({"family": "Doe"}, "Doe"),
        ({"literal": "World Health Organization"}, "World Health Organization"),
        ({"family": "Berg", "given": "T", "non-dropping-particle": "van den"}, "van den Berg T"),
        ({"family": "Roe", "given": "A", "suffix": "Jr"}, "Roe A Jr"),
        ({"family": "Roe", "given": "A", "comma-suffix": True}, "Roe A"),
    ],
)
def test_each_form_of_a_csl_name_is_printed_as_vancouver_has_it(
    tmp_path: Path, name: dict[str, Any], printed: str
) -> None:
    source = read_one(tmp_path, an_entry(author=[name]))

    assert source.authors == (printed,)
    assert vancouver(source).startswith(f"{printed}. An invented trial.")


@pytest.mark.parametrize(
    ("issued", "year"),
    [
        ({"date-parts": [[2019]]}, "2019"),
        ({"date-parts": [["2019", "5", "31"]]}, "2019"),
        ({"date-parts": [[2004], [2011]]}, "2004-2011"),
        ({"date-parts": [[2018]], "circa": True}, "about 2018"),
        ({"literal": "2012 and later"}, "2012 and later"),
    ],
)
def test_each_form_of_a_csl_date_is_read(tmp_path: Path, issued: dict[str, Any], year: str) -> None:
    assert read_one(tmp_path, an_entry(issued=issued)).year == year


def test_marks_that_protect_capitals_are_not_printed(tmp_path: Path) -> None:
    title = 'Effects of <span class="nocase">IL-6</span> blockade'

    source = read_one(tmp_path, an_entry(title=title))

    assert source.title == "Effects of IL-6 blockade"


def test_a_key_may_stand_only_once(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path, an_entry(), an_entry(title="Another"))

    assert problem.what == "Entry 'Doe2020' stands twice, first in line 2."
    assert problem.line == 10


def test_all_mistakes_are_reported_at_once_in_order(tmp_path: Path) -> None:
    problems = problems_of(
        tmp_path, an_entry(DOI="x"), "words", an_entry(id="Roe1999", title=None, custom=[])
    )

    assert [problem.what for problem in problems] == [
        "Entry 'Doe2020' has the malformed DOI 'x'.",
        "Entry or its 'custom' is not an object.",
        "Entry 'Roe1999' or its 'custom' is not an object.",
    ]
    assert [problem.line for problem in problems] == [2, 11, 12]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match=r"absent\.json is missing"):
        load_bibliography(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (b'[\n {"id": }\n]', "not valid JSON", 2),
        (b"\xff\xfe", "not valid JSON", 1),
        (b"", "not valid JSON", 1),
        (b'{"id": "Doe2020"}', "not a list of entries", 1),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_refused(
    tmp_path: Path, content: bytes, what: str, line: int
) -> None:
    path = tmp_path / "bibliography.json"
    path.write_bytes(content)

    with pytest.raises(LibraryError, match=what) as caught:
        load_bibliography(path)

    assert [problem.line for problem in caught.value.problems] == [line]


def test_an_empty_list_has_no_sources(tmp_path: Path) -> None:
    path = tmp_path / "bibliography.json"
    path.write_text("[]", encoding="utf-8")

    assert len(load_bibliography(path)) == 0


# What is written is what is read

_word = st.text(string.ascii_letters + 'éöß[]{},\\"', min_size=1, max_size=12)
_initials = st.text("ABCÉ", min_size=1, max_size=3)
_maybe = st.none() | _word
_year = st.integers(1900, 2100).map(str)


@st.composite
def _sources(draw: st.DrawFn) -> Source:
    return Source(
        key=draw(_word),
        kind=draw(st.sampled_from(KINDS)),
        type=draw(st.sampled_from(["article-journal", "webpage", "chapter", "document"])),
        title=draw(_word),
        authors=tuple(draw(st.lists(st.tuples(_word, _initials).map(" ".join), max_size=8))),
        et_al=draw(st.booleans()),
        container=draw(_maybe),
        year=draw(st.none() | _year | st.tuples(_year, _year).map("-".join)),
        volume=draw(_maybe),
        issue=draw(_maybe),
        page=draw(_maybe),
        doi=draw(st.none() | _word.map("10.1000/{}".format)),
        pmid=draw(st.none() | st.integers(1, 10**8 - 1).map(str)),
        pmcid=draw(st.none() | st.integers(1, 10**8).map("PMC{}".format)),
        url=draw(_maybe),
        publisher=draw(_maybe),
        document_type=draw(_maybe),
        evidence_level=draw(_maybe),
        read=draw(_maybe),
    )


def _dump(source: Source) -> dict[str, Any]:
    """The CSL entry that describes ``source``."""
    csl: dict[str, Any] = {
        "type": source.type,
        "container-title": source.container,
        "volume": source.volume,
        "issue": source.issue,
        "page": source.page,
        "DOI": source.doi,
        "PMID": source.pmid,
        "PMCID": source.pmcid,
        "URL": source.url,
        "publisher": source.publisher,
    }
    if source.authors:
        names = (name.rsplit(" ", 1) for name in source.authors)
        csl["author"] = [{"family": family, "given": given} for family, given in names]
    if source.year:
        csl["issued"] = {"date-parts": [[int(year)] for year in source.year.split("-")]}
    custom = {
        "kind": source.kind,
        "et-al": source.et_al,
        "document_type": source.document_type,
        "evidence_level": source.evidence_level,
        "read": source.read,
    }
    return an_entry(id=source.key, title=source.title, custom=custom, **csl)


@given(sources=st.lists(_sources(), max_size=5, unique_by=lambda source: source.key))
def test_reading_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, sources: list[Source]
) -> None:
    path = tmp_path_factory.mktemp("library") / "bibliography.json"
    path.write_text(json.dumps([_dump(source) for source in sources]), encoding="utf-8")

    read = load_bibliography(path)

    assert list(read.values()) == sources
    for source in sources:
        assert vancouver(source) == vancouver(read[source.key])
