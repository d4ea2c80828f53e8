"""A rules table is read whole: every mistake has a file, a key, a reason and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dosing.table.errors import TableError
from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import Action, Status
from corpus.library import BUNDLED, load_library
from tests.builders_rules import (
    ALPHA,
    BETA,
    DRUGS,
    INVENTED,
    load_invented,
    rules_folder,
)

WEEKLY = "etoposide.examplitis.adult.weekly"
STEP1 = "dexamethasone.examplitis.step1"


def test_a_library_without_rules_has_an_empty_table(tmp_path: Path) -> None:
    table = load_invented(tmp_path / "dosing")

    assert (table.version, dict(table.rules), dict(table.drugs)) == ("none", {}, {})


def test_the_invented_table_is_read_as_it_is_written() -> None:
    table = load_invented()

    rule = table.rules[WEEKLY]
    assert rule.dose is not None
    assert [str(v) for v in (rule.dose.low, rule.dose.high, rule.dose.hard_max)] == [
        "40",
        "80",
        "120",
    ]
    assert (rule.dose.unit, rule.dose.basis) == ("mg", "m2")
    bands = [(b.low, b.low_open, b.high, b.high_closed, b.action) for b in rule.adjust]
    assert bands[0] == (20, False, 40, True, Action.MULTIPLY)
    assert bands[1] == (None, False, 20, False, Action.REFUSE)
    assert rule.adjust[2].when == "isolated high bilirubin"
    assert [s.id for s in rule.sources] == ["s1"]
    assert table.regimens["examplitis-1"].steps[1].weeks == "3-"


# One mistake, then the key at which it must be named, and words of the message.
MISTAKES: list[tuple[str, str, str, str, str]] = [
    (ALPHA, 'unit = "mg/m2"', 'unit = "mg/m3"', f"{WEEKLY}.dose.unit", "not a unit of this"),
    (ALPHA, "monitoring =", "monitorin =", f"{WEEKLY}.monitorin", "Did you mean 'monitoring'?"),
    (ALPHA, 'scope = "lif', 'colour = "x"\nscope = "lif', f"{WEEKLY}.cumulative.colour", "not kn"),
    (ALPHA, 'low = "40"', 'low = "90"', f"{WEEKLY}.dose.usual.low", "low is above high"),
    (ALPHA, 'hard_max = "120"', 'hard_max = "70"', f"{WEEKLY}.dose.hard_max", "above the hard"),
    (ALPHA, 'low = "40"', "low = 40", f"{WEEKLY}.dose.usual.low", 'quotation marks: "40"'),
    (ALPHA, 'low = "40"', "low = 40.5", f"{WEEKLY}.dose.usual.low", 'quotation marks: "40.5"'),
    (ALPHA, 'low = "40"', 'low = "4e1"', f"{WEEKLY}.dose.usual.low", "not a plain decimal"),
    (ALPHA, 'low = "40"', 'low = "-40"', f"{WEEKLY}.dose.usual.low", "not a plain decimal"),
    (ALPHA, 'high = "80"', 'high = "0"', f"{WEEKLY}.dose.usual.high", "0 is no dose"),
    (ALPHA, 'usual = { low = "40", high = "80" }', "", f"{WEEKLY}.dose.usual", "missing"),
    (ALPHA, 'kind = "per_administration"', 'kind = "per_visit"', f"{WEEKLY}.dose.kind", "one of"),
    (ALPHA, 'kind = "per_administration"', 'kind = "rate"', f"{WEEKLY}.dose.unit", "not a rate"),
    (ALPHA, 'soft_max = "1.5"', 'soft_max = "9"', f"{WEEKLY}.cumulative.soft_max", "is above ha"),
    (
        ALPHA,
        "n = 1, period = 1",
        "n = 0, period = 1",
        f"{WEEKLY}.schedule.frequencies[1].n",
        "whol",
    ),
    (
        ALPHA,
        "n = 2, period = 1",
        "n = 2, n_max = 2, period = 1",
        f"{WEEKLY}.schedule.frequencies[2].n_max",
        "not above",
    ),
    (
        ALPHA,
        'forbidden_frequencies = [ { n = 1, period = 1, unit = "d" } ]',
        'forbidden_frequencies = [ { n = 1, period = 7, unit = "d" } ]',
        f"{WEEKLY}.schedule.frequencies",
        "'every 7 days' is forbidden and also allowed",
    ),
    (ALPHA, 'routes = ["IV"]', 'routes = ["SC"]', f"{WEEKLY}.schedule.routes", "not one of the"),
    (ALPHA, 'routes = ["IV"]', 'routes = ["XX"]', f"{WEEKLY}.schedule.routes", "'XX' is not kn"),
    (ALPHA, 'unit = "mg/m2"', 'unit = "U/m2"', f"{WEEKLY}.dose.unit", "unit U is not one"),
    (ALPHA, 'unit = "mg/m2"', 'unit = "mg/kg"', f"{WEEKLY}.dose.unit", "basis kg is not one"),
    (ALPHA, 'unit = "g/m2"', 'unit = "g/kg"', f"{WEEKLY}.cumulative.unit", "basis kg is not one"),
    (
        ALPHA,
        '  { name = "Invented Two", role = "physician", registration = "T-2", date = 2026-01-02 },',
        "",
        f"{WEEKLY}.reviewed_by",
        "two different reviewers",
    ),
    (ALPHA, 'registration = "T-2"', 'registration = "T-1"', f"{WEEKLY}.reviewed_by", "two diff"),
    (
        ALPHA,
        '  { name = "Invented One", role = "pharmacist", registration = "T-1", date = 2026-01-01 },'
        '\n]\nverification = "read"\n\n[rule.context]\nindications = ["examplitis"]\n'
        'population = { groups = ["adult"] }\n\n[rule.dose]\nkind = "per_day"',
        ']\nverification = "read"\n\n[rule.dose]\nkind = "per_day"',
        "prednisolone.examplitis.adult.daily.reviewed_by",
        "nobody reviewed it",
    ),
    (ALPHA, 'registration = "T-1", ', "", f"{WEEKLY}.reviewed_by[1].registration", "missing"),
    (ALPHA, 'quote_sha256 = "hash-of-alpha-1"', "", f"{WEEKLY}.source.quote_sha256", "not recor"),
    (ALPHA, 'key = "Alpha2020"', 'key = "Gamma"', f"{WEEKLY}.source[1].key", "bibliography"),
    (
        BETA,
        'via = "Alpha2020"',
        'via = "Gamma"',
        "dexamethasone.examplitis.step1.source[1].via",
        "b",
    ),
    (ALPHA, '"alpha:1"', '"alpha:9"', f"{WEEKLY}.source[1].passage_id", "no passage 'alpha:9'"),
    (ALPHA, 'passage_id = "alpha:1"\n', "", f"{WEEKLY}.source[1].quote_sha256", "no passage to"),
    (
        BETA,
        '[[rule.source]]\nkey = "Beta2021"\n\n[[rule]]\nid = "anakinra.examplitis.gap"',
        '[[rule]]\nid = "anakinra.examplitis.gap"',
        "anakinra.examplitis.warning.source",
        "names no source",
    ),
    (ALPHA, 'below = "20"', 'below = "25"', f"{WEEKLY}.adjust", "overlap at 20"),
    (ALPHA, 'below = "20"', 'below = "15"', f"{WEEKLY}.adjust", "leave a gap at 15"),
    (ALPHA, 'includes = "both"', 'includes = "neither"', f"{WEEKLY}.adjust", "leave a gap at 20"),
    (ALPHA, 'from = "20"', 'from = "60"', f"{WEEKLY}.adjust[1].when.from", "not under below"),
    (ALPHA, 'multiply = "0.7"', "", f"{WEEKLY}.adjust[1]", "does one thing; found: none"),
    (
        ALPHA,
        'multiply = "0.7"',
        'multiply = "0.7"\naction = "refuse"',
        f"{WEEKLY}.adjust[1]",
        "found: multiply and action",
    ),
    (
        ALPHA,
        'multiply = "0.7"',
        'multiply = "0.7"\nsource = "s7"',
        f"{WEEKLY}.adjust[1].source",
        "s7",
    ),
    (ALPHA, 'unit = "mL/min"', 'unit = "mL"', f"{WEEKLY}.adjust[1].when.unit", "'mL' is not kn"),
    (ALPHA, 'size = "bsa.mosteller"', "", f"{WEEKLY}.calculate.size", "formula of the surface"),
    (
        ALPHA,
        'max_single = "100 mg"',
        'max_single = "1 mg/kg"',
        "prednisolone.examplitis.adult.daily.calculate.max_single",
        "absolute amount",
    ),
    (
        ALPHA,
        'max_single = "100 mg"',
        'max_single = "100"',
        "prednisolone.examplitis.adult.daily.calculate.max_single",
        "not an amount",
    ),
    (
        ALPHA,
        'frequency_required = true\nroutes = ["PO", "SC"]\n',
        '[rule.calculate]\nmax_single = "10 mg"\n',
        "methotrexate.examplitis.weekly.calculate.max_single",
        "above the cap",
    ),
    (
        BETA,
        'duration = { low = "2", high = "5", unit = "d" }',
        "[rule.calculate]",
        "ivig.examplitis.daily.calculate",
        "background knowledge",
    ),
    (ALPHA, "review_due = 2026-12-31", "review_due = 2025-12-31", f"{WEEKLY}.review_due", "before"),
    (ALPHA, "review_due = 2026-12-31", 'review_due = "soon"', f"{WEEKLY}.review_due", "not a date"),
    (ALPHA, "version = 1", 'version = "1"', f"{WEEKLY}.version", "whole number"),
    (ALPHA, 'status = "reviewed"', 'status = "approved"', f"{WEEKLY}.status", "Use one of: draft"),
    (
        ALPHA,
        'groups = ["adult"]',
        'groups = ["grown-up"]',
        f"{WEEKLY}.context.population.groups",
        "n",
    ),
    (
        ALPHA,
        'groups = ["adult"]',
        'age_min = "18 years"',
        f"{WEEKLY}.context.population.age_min",
        "not an age",
    ),
    (
        ALPHA,
        'groups = ["adult"]',
        'weight_min = "66 lb"',
        f"{WEEKLY}.context.population.weight_min",
        "Write it in kg",
    ),
    (
        ALPHA,
        'groups = ["adult"]',
        'age_min = "18 a", age_below = "12 a"',
        f"{WEEKLY}.context.population.age_min",
        "No patient",
    ),
    (
        ALPHA,
        'conflicts_with = ["ivig.examplitis.daily"]',
        "conflicts_with = []",
        "ivig.examplitis.daily.conflicts_with",
        "doesn't name this rule in turn",
    ),
    (
        ALPHA,
        'conflicts_with = ["ivig.examplitis.daily"]',
        'conflicts_with = ["ivig.examplitis.dayly"]',
        "ivig.examplitis.course.conflicts_with",
        "no rule 'ivig.examplitis.dayly'",
    ),
    (
        ALPHA,
        'conflicts_with = ["ivig.examplitis.daily"]',
        f'conflicts_with = ["{WEEKLY}"]',
        "ivig.examplitis.course.conflicts_with",
        "another drug",
    ),
    (
        ALPHA,
        'rule = "dexamethasone.examplitis.step2"',
        'rule = "dexamethasone.examplitis.step9"',
        "examplitis-1.steps[2].rule",
        "no rule",
    ),
    (ALPHA, 'weeks = "3-"', 'weeks = "three"', "examplitis-1.steps[2].weeks", "not a list of days"),
    (
        BETA,
        'id = "dexamethasone.examplitis.step2"',
        'id = "dexamethasone.examplitis.step1"',
        "dexamethasone.examplitis.step1",
        "already used in rules/beta2021.toml",
    ),
    (
        BETA,
        'phase = "from week 3"',
        'phase = "weeks 1-2"',
        "dexamethasone.examplitis.step2.context",
        "dexamethasone.examplitis.step1 gives the same drug in the same context",
    ),
    (
        BETA,
        'kind = "gap"',
        'kind = "dose"',
        "anakinra.examplitis.gap.dose",
        "gives no dose",
    ),
    (ALPHA, 'drug = "etoposide"', 'drug = "aspirin"', f"{WEEKLY}.drug", "has no drug entry"),
    (DRUGS, 'id = "etoposide"', 'id = "etopo"', "etopo", "not in the table of drug names"),
    (
        DRUGS,
        "narrow_therapeutic_index = true",
        'narrow_therapeutic_index = true\ntolerance_percent = "5"',
        "etoposide.tolerance_percent",
        "has no tolerance",
    ),
    (DRUGS, 'bases = ["m2"]', 'bases = ["m3"]', "etoposide.bases", "'m3' is not known"),
    (DRUGS, 'bases = ["m2"]', "", "etoposide.bases", "missing"),
    (DRUGS, "high_alert = true", 'high_alert = "yes"', "etoposide.high_alert", "not true or false"),
    ("table.toml", 'version = "2026.1.0"', 'version = "1"', "table.version", "year.month.patch"),
    ("table.toml", "2027-01-01", "2025-01-01", "table.review_due", "before the table begins"),
    ("table.toml", "dosing-rules/1", "dosing-rules/2", "schema", "dosing-rules/1"),
    ("table.toml", "[table]", "[tabel]", "tabel", "not known here"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "words"), MISTAKES)
def test_a_mistake_is_named_with_its_file_key_and_reason(
    tmp_path: Path, file: str, old: str, new: str, key: str, words: str
) -> None:
    folder = rules_folder(tmp_path, file, old, new)

    with pytest.raises(TableError) as caught:
        load_invented(folder)

    found = [p for p in caught.value.problems if p.key == key and words in f"{p.what} {p.remedy}"]
    assert found, str(caught.value)
    assert all(p.file.endswith(".toml") and p.what and p.remedy for p in caught.value.problems)


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path, ALPHA, 'low = "40"', "low = 40")
    path = folder / BETA
    path.write_text(path.read_text("utf-8").replace('low = "8"', "low = 8"), encoding="utf-8")

    with pytest.raises(TableError, match="The rules table has 2 problems") as caught:
        load_invented(folder)

    assert {p.file for p in caught.value.problems} == {ALPHA, BETA}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rules/broken.toml", b"[[rule\n", "not valid TOML"),
        ("rules/broken.toml", b"\xff\xfe", "not UTF-8"),
        ("rules/deep/alpha.toml", b'schema = "dosing-rules/1"\n', "would not be read here"),
        ("notes.toml", b"", "would not be read here"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    folder = rules_folder(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)

    with pytest.raises(TableError) as caught:
        load_invented(folder)

    assert [p.file for p in caught.value.problems] == [name]
    assert words in caught.value.problems[0].what


def test_a_table_without_its_header_is_refused(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path)
    (folder / "table.toml").unlink()

    with pytest.raises(TableError, match=r"table\.toml: The file is missing"):
        load_invented(folder)


def test_a_declared_gap_between_bands_is_no_mistake(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path, ALPHA, 'below = "20"', 'below = "15"')
    path = folder / ALPHA
    text = path.read_text("utf-8")
    gap = 'declared_gaps = ["creatinine_clearance"]\nmonitoring ='
    path.write_text(text.replace("monitoring =", gap, 1), encoding="utf-8")

    table = load_invented(folder)

    assert table.rules[WEEKLY].declared_gaps == ("creatinine_clearance",)


def test_a_reviewed_rule_whose_passage_changed_is_a_draft_again_and_says_why() -> None:
    table = load_invented(passages={"alpha:1": "other", "alpha:2": "hash-of-alpha-2"})

    assert table.rules[WEEKLY].status is Status.DRAFT
    assert [f.rule for f in table.fallbacks] == [WEEKLY]
    assert "alpha:1" in table.fallbacks[0].reason
    assert table.rules["prednisolone.examplitis.adult.daily"].status is Status.REVIEWED


def test_the_fingerprint_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    same = rules_folder(tmp_path / "a", ALPHA, "# Invented for tests: no dose here is real.\n", "")
    other = rules_folder(tmp_path / "b", ALPHA, 'high = "80"', 'high = "81"')

    assert load_invented(same).fingerprint == load_invented().fingerprint
    assert load_invented(other).fingerprint != load_invented().fingerprint


def test_two_rules_of_one_source_may_differ_by_route_population_or_variant(tmp_path: Path) -> None:
    for at, (old, new) in enumerate(
        [
            ('phase = "from week 3"', 'phase = "weeks 1-2"\nvariant = "three times a week"'),
            ('phase = "from week 3"', 'phase = "weeks 1-2"\npopulation = { age_min = "90 a" }'),
        ]
    ):
        folder = rules_folder(tmp_path / str(at), BETA, old, new)
        path = folder / BETA
        if "population" in new:
            text = path.read_text("utf-8")
            first = 'phase = "weeks 1-2"\npopulation = { age_below = "90 a" }'
            path.write_text(text.replace('phase = "weeks 1-2"', first, 1), encoding="utf-8")

        assert load_invented(folder).rules


SITE = """schema = "dosing-rules/1"
site = "invented-hospital"
"""
OVERRIDE = f"""{SITE}
[[override]]
rule = "{WEEKLY}"
usual = {{ high = "70" }}
hard_max = "100"
forbidden_frequencies = [ {{ n = 2, period = 1, unit = "wk" }} ]
reason = "invented"
[[precedence]]
drug = "ivig"
rules = ["ivig.examplitis.daily", "ivig.examplitis.course"]
"""


def test_a_site_may_tighten_a_limit_forbid_a_frequency_and_order_conflicts(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path, "sites/invented.toml", "", OVERRIDE)

    table = load_invented(folder)

    dose = table.rules[WEEKLY].dose
    assert dose is not None
    assert (dose.low, dose.high, dose.hard_max) == (40, 70, 100)
    assert len(table.rules[WEEKLY].schedule.forbidden_frequencies) == 2
    assert table.precedence["ivig"][0] == "ivig.examplitis.daily"
    assert table.sites == ("invented-hospital",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('hard_max = "100"', 'hard_max = "121"', "121 is above the 120 of the rule"),
        ('high = "70"', 'high = "81"', "81 is above the 80 of the rule"),
        ('high = "70"', 'low = "39"', "39 is below the 40 of the rule"),
        ('high = "70"', 'low = "75", high = "70"', "low is above high"),
        ('hard_max = "100"', 'hard_max = "60"', "usual dose is above the hard limit"),
        (WEEKLY, "etoposide.unknown", "There is no rule 'etoposide.unknown'"),
        (WEEKLY, "anakinra.examplitis.gap", "gives no dose"),
        ('"ivig.examplitis.course"', f'"{WEEKLY}"', "is a rule of etoposide"),
        ('"ivig.examplitis.course"', '"ivig.x"', "There is no rule 'ivig.x'"),
        ('reason = "invented"', "", "missing"),
        ('reason = "invented"', 'reason = "x"\nunit = "g"', "not known"),
    ],
)
def test_a_site_never_widens_a_limit(tmp_path: Path, old: str, new: str, words: str) -> None:
    folder = rules_folder(tmp_path, "sites/invented.toml", "", OVERRIDE.replace(old, new, 1))

    with pytest.raises(TableError) as caught:
        load_invented(folder)

    assert any(words in str(problem) for problem in caught.value.problems), str(caught.value)


def test_the_fixture_says_that_it_is_invented() -> None:
    for path in INVENTED.rglob("*.toml"):
        assert "invented" in path.read_text("utf-8").splitlines()[0].lower(), path


@pytest.mark.skipif(not (BUNDLED / "dosing").is_dir(), reason="this library has no rules")
def test_the_bundled_table_loads_and_nobody_has_reviewed_it() -> None:
    library = load_library()
    passages = {passage.id: passage.sha256 for passage in library.passages.values()}

    table = load_table(
        BUNDLED / "dosing", drugs=library.drugs, passages=passages, sources=library.bibliography
    )

    assert table.rules
    assert {rule.status for rule in table.rules.values()} == {Status.DRAFT}
    assert not any(rule.reviewed_by for rule in table.rules.values())
