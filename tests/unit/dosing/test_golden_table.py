"""What the rules table holds and says, and each mistake in its files, word for word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from assistant.dosing.model import Bound, Dose, Frequency
from assistant.dosing.table import words
from assistant.dosing.table.document import hash_lines, render_document
from assistant.dosing.table.errors import TableError
from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import Amount, Cumulative, DoseKind, DoseRange, Population, Table
from assistant.dosing.table.select import DoseContext, fits
from assistant.rules import open_rules
from corpus.drugs import DrugTable, load_drugs
from corpus.library import load_library
from corpus.model import sha256
from tests.builders_rules import PASSAGES, SOURCES, load_invented, rules_folder
from tests.characterisation import Line, characterised

SITE = """schema = "dosing-rules/1"
site = "invented-hospital"
[[override]]
rule = "etoposide.examplitis.adult.weekly"
usual = { low = "50", high = "70" }
hard_max = "100"
forbidden_frequencies = [ { n = 2, period = 1, unit = "wk" } ]
reason = "invented"
[[precedence]]
drug = "ivig"
rules = ["ivig.examplitis.daily", "ivig.examplitis.course"]
"""
# What a slip may leave where a value stood; "" leaves out the whole pair.
SLIPS = ("", '"nonsense"', '""', "7", "1.5", '["a", "a"]')
OFTEN = 1  # each key is broken so often in a file
_PAIR = re.compile(
    r"""(?P<key>\b[a-z_0-9]+)\ =\ (?P<value>"[^"]*"|\[[^\[\]{}]*\]|\d{4}-\d\d-\d\d|\d+|true|false)
    (?P<comma>,\ )?""",
    re.VERBOSE,
)
DAY = date(2026, 6, 1)


def read(folder: Path, drugs: DrugTable) -> tuple[str, ...]:
    """What loading the folder says: its mistakes, or what it was read as."""
    try:
        table = load_table(folder, drugs=drugs, passages=PASSAGES, sources=SOURCES)
    except TableError as error:
        return tuple(str(problem) for problem in error.problems)
    return (f"read: {_plain(table)}",)


def _plain(table: Table) -> str:
    return repr(replace(table, fingerprint=""))


def mistakes(folder: Path) -> Iterator[Line]:
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / "invented.toml").write_text(SITE, encoding="utf-8")
    drugs = load_drugs()
    seen: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(folder).as_posix()
        for match in _PAIR.finditer(text):
            seen[name, match["key"]] += 1
            if seen[name, match["key"]] > OFTEN:
                continue
            for slip in SLIPS:
                new = f"{match['key']} = {slip}{match['comma'] or ''}" if slip else ""
                path.write_text(text[: match.start()] + new + text[match.end() :], "utf-8")
                said = _in_short(read(folder, drugs))
                yield name, f"{match[0]} -> {slip or 'left out'}", said
        path.write_text(text, encoding="utf-8")


def larger_mistakes(folder: Path) -> Iterator[Line]:
    """A file that is gone, empty, or cut off; a list that is left empty; two dates that are one."""
    drugs = load_drugs()
    for path in sorted(folder.rglob("*.toml")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(folder).as_posix()
        path.unlink()
        yield name, "gone", _in_short(read(folder, drugs))
        for what, left in (("empty", ""), ("cut off", text[: len(text) // 2])):
            path.write_text(left, encoding="utf-8")
            yield name, what, _in_short(read(folder, drugs))
        for match in _LIST.finditer(text):
            path.write_text(text[: match.start()] + "[]" + text[match.end() :], encoding="utf-8")
            yield name, f"no {match[0]}", _in_short(read(folder, drugs))
        days = list(dict.fromkeys(_DAY.findall(text)))
        for match, day in product(_DAY.finditer(text), days):
            path.write_text(text[: match.start()] + day + text[match.end() :], encoding="utf-8")
            yield name, f"{match[0]} -> {day}", _in_short(read(folder, drugs))
        path.write_text(text, encoding="utf-8")


_LIST = re.compile(r"(?<== )\[[^\[\]]*\]")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def _in_short(said: tuple[str, ...]) -> tuple[str, ...]:
    return (f"Read. {hash_of(said[0])}",) if said[0].startswith("read: ") else said


def test_every_larger_mistake_in_the_invented_files_is_named_as_approved(tmp_path: Path) -> None:
    approved, now = characterised("table_larger_mistakes", larger_mistakes(rules_folder(tmp_path)))

    assert now == approved


def hash_of(text: str) -> str:
    """A short word for a long text, of letters only, so that it isn't taken for a number."""
    return f"'{sha256(text)[:12]}'"


def test_every_slip_in_the_invented_files_is_named_as_approved(tmp_path: Path) -> None:
    approved, now = characterised("table_mistakes", mistakes(rules_folder(tmp_path)))

    assert now == approved


def sayings() -> Iterator[Line]:
    values = [Fraction(v) for v in ("0.5", "1", "2", "12.5", "1000", "1234567", "1/3")]
    units = ("mg", "ug", "ng", "U", "M[U]", "[IU]", "M[IU]", "meq", "AUC")
    for value, unit, basis in product(values, units, ("", "kg", "m2")):
        said = words.say_amount(Amount(value, unit, basis))
        yield "amount", f"{value} {unit} {basis}", (said, words.say_unit(unit, basis, "h"))
    for kind, low, hard, least, component in product(
        DoseKind, (None, Fraction(1), Fraction(5)), (None, Fraction(9)), (False, True), ("", "a")
    ):
        dose = DoseRange(
            kind=kind,
            unit="ug",
            basis="kg",
            per="min" if kind is DoseKind.RATE else "",
            low=low,
            high=Fraction(5),
            hard_max=hard,
            at_least=least,
            component=component,
            also=(("b", Fraction(2), Fraction(3)),) if component else (),
        )
        yield "dose", repr(dose), (words.say_dose(dose), words.say_limit(dose))
    for soft, hard in product((None, Fraction(3, 2)), (None, Fraction(5, 2))):
        total = Cumulative(scope="course", unit="g", basis="m2", soft_max=soft, hard_max=hard)
        yield "total", repr(total), (words.say_total(total),)
    ends = (None, Fraction(1), Fraction(2))
    for low, high, unit in product(ends, ends, ("min", "h", "d", "wk", "mo", "")):
        bound = Bound(low, high, unit)
        yield "bound", repr(bound), (words.say_bound(bound),)
    ages = (
        None,
        Fraction(1, 12),
        Fraction(1, 2),
        Fraction(28 * 4, 1461),
        Fraction(1),
        Fraction(18),
    )
    for age_min, age_below, kg, below in product(ages, ages, ends, ends):
        whom = Population(
            groups=("adult", "renal_impairment"),
            age_min=age_min,
            age_below=age_below,
            weight_min=kg,
            weight_below=below,
        )
        yield "population", repr(whom), (words.say_population(whom),)
    for ratio in (*map(Fraction, range(2, 12)), *map(Fraction, (100, 1000)), Fraction(27, 8)):
        yield "times", str(ratio), (words.say_times(ratio),)
    two = (Frequency(1, 1, "d"), Frequency(2, 1, "wk"))
    yield "frequencies", "two", (words.say_frequencies(two), words.say_frequencies(two[:1]))


def test_amounts_doses_bounds_and_populations_are_said_as_approved() -> None:
    approved, now = characterised("table_words", sayings())

    assert now == approved


def fitting(table: Table) -> Iterator[Line]:
    conditions = ("<30kg", "<=30kg", ">30kg", ">=65y", "10-20kg", "6mo", "<18y", "nothing")
    base = Dose(start=0, end=0, text="", drug=None, drug_name=None, low=None, high=None, unit="mg")
    doses = {
        "any dose": base,
        **{c: replace(base, conditions=(c,)) for c in conditions},
        **{p: replace(base, population=p) for p in ("adult", "child", "renal_impairment")},
        **{w: replace(base, weeks=w) for w in ("1-2", "3", "9-", "1,8")},
        **{r: replace(base, routes=(r,)) for r in ("IV", "PO")},
    }
    contexts = {
        "any": DoseContext(day=DAY),
        "examplitis": DoseContext(day=DAY, indications=("examplitis",), phase="induction"),
        "other": DoseContext(day=DAY, indications=("other",), phase="from week 3"),
        "adult": DoseContext(day=DAY, populations=("adult",), setting="ICU"),
        "pregnant": DoseContext(day=DAY, populations=("pregnancy",), routes=("PO",)),
        "18": DoseContext(day=DAY, age_years=Fraction(18), weight_kg=Fraction(30)),
        "6": DoseContext(day=DAY, age_years=Fraction(6), weight_kg=Fraction(299, 10)),
    }
    for (dosed, dose), (known, context) in product(doses.items(), contexts.items()):
        held = [rule.id for rule in table.rules.values() if fits(rule, dose, context)]
        yield known, f"{dosed}, {known}", (f"Fits {hash_of(' '.join(held))}",)


@pytest.mark.parametrize("name", ["invented", "bundled"])
def test_the_rules_that_fit_a_dose_and_its_context_are_the_approved_ones(name: str) -> None:
    table = load_invented() if name == "invented" else open_rules(load_library())

    approved, now = characterised(f"table_fits_{name}", fitting(table))

    assert now == approved


def test_an_empty_word_is_named_and_is_no_crash(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path, "rules/alpha2020.toml", 'multiply = "0.7"', 'action = ""')

    with pytest.raises(TableError, match=r"adjust\[1\]\.action: The text is empty\."):
        load_invented(folder)


def test_the_document_of_the_bundled_table_is_the_approved_one() -> None:
    library = load_library()
    table = open_rules(library)
    text = [*render_document(table, library).splitlines(), *hash_lines(table, library)]

    approved, now = characterised(
        "table_document", (("document", str(at), (line,)) for at, line in enumerate(text))
    )

    assert now == approved


def test_a_step_of_a_regimen_without_a_time_is_given_throughout() -> None:
    library = load_library()
    table = open_rules(library)
    first = next(iter(table.regimens.values()))
    step = replace(first.steps[0], weeks="", days="", note="")
    one = {first.id: replace(first, steps=(step,))}

    text = render_document(replace(table, regimens=one), library)

    assert "\n| throughout | " in text
