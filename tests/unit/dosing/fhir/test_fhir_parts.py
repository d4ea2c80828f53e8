"""The parts of an exchange over every pair of their fields: times, limits, records and drafts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any, get_args

from assistant.dosing import DoseRole, Verdict
from assistant.dosing.fhir import (
    CheckedDose,
    NotExportable,
    Release,
    dosage,
    fhir_json,
    import_drafts,
    rules_toml,
)
from assistant.dosing.fhir.checked import fields_of, left_over, record_text
from assistant.dosing.fhir.codes import (
    PERS,
    TIME_WORDS,
    quantity,
    time_code,
    time_of_code,
    time_quantity,
    ucum,
    unit_of,
)
from assistant.dosing.fhir.same import says_the_same
from assistant.dosing.fhir.timing import timing_of
from assistant.dosing.model import Bound, Dose, Frequency
from assistant.dosing.table.model import DrugEntry, RuleSource
from corpus.drugs import load_drugs
from corpus.model import sha256
from tests.builders_patients import DAILY, TWICE_DAILY, WEEKLY
from tests.characterisation import Line, characterised
from tests.unit.dosing.fhir.doses import a_checked, a_dose

RELEASES: tuple[Release, ...] = get_args(Release)
DRUGS = load_drugs()
DAY = date(2026, 11, 27)
THIRD, ONE, TWO, HALF = Fraction(1, 3), Fraction(1), Fraction(2), Fraction(1, 2)


def short(text: str) -> str:
    """A short word for a long text, in quotes."""
    return f"'{sha256(text)[:12]}'"


def ends(unit: str) -> tuple[Bound, ...]:
    """Bounds of one unit, with ends that are missing, equal, inexact or no whole numbers."""
    values = (None, THIRD, ONE, TWO, HALF)
    return tuple(Bound(low, high, unit) for low, high in product(values, values))


FREQUENCIES = (
    *(DAILY, TWICE_DAILY, WEEKLY, Frequency(1, 12, "h", period_max=24), Frequency(0, 1, "d")),
    *(Frequency(2, 1, "wk", n_max=3), Frequency(1, 0, "d"), Frequency(1, 1, "nonsense")),
    *(Frequency(1, 1, "mo"), Frequency(1, 1, "y"), Frequency(1, 30, "min"), Frequency(3, 2, "d")),
)
FIELDS: Mapping[str, tuple[Any, ...]] = {
    "low": (None, ONE, THIRD),
    "high": (None, Fraction(3), THIRD),
    "unit": ("g", "U", "[IU]", "M[U]", "{tablet}", "nonsense"),
    "basis": ("kg", "m2"),
    "per": ("dose", "d", "wk", "mo", "h", "min", "course"),
    "role": tuple(role for role in DoseRole if role is not DoseRole.STATED),
    "cmp": ("<=", "<"),
    "freq": FREQUENCIES,
    "routes": (("IV",), ("PO", "SC"), ("rectal",)),
    "duration": (Bound(ONE, TWO, "wk"), Bound(None, TWO, "d"), Bound(TWO, None, "mo")),
    "over": (Bound(ONE, TWO, "h"), Bound(TWO, Fraction(3), "d")),
    "count": (Bound(TWO, TWO, ""), Bound(None, TWO, "")),
    "units_per_dose": (Bound(ONE, ONE, "{tablet}"), Bound(ONE, TWO, "{tablet}")),
    "divided": (Bound(TWO, TWO, ""), Bound(TWO, None, "")),
    "days": ("1-3",),
    "weeks": ("9-",),
    "cumulative": (True,),
    "population": ("adult", "adults on dialysis"),
    "conditions": (("<30kg", ">=18y"),),
    "phases": ((WEEKLY,), (TWICE_DAILY, Frequency(1, 1, "y"))),
    "flags": (("ambiguous_frequency",), ("approximate",)),
}
BASE = a_dose("etoposide 2 mg")


# What only means something together.
TOGETHER: tuple[dict[str, Any], ...] = (
    *({"per": "course", "cumulative": True}, {"per": "d", "cumulative": True}),
    *({"per": "course", "over": Bound(TWO, TWO, "d")}, {"per": "d", "freq": TWICE_DAILY}),
    *({"per": "d", "divided": Bound(TWO, TWO, "")}, {"per": "d", "freq": DAILY}),
    {"per": "d", "freq": DAILY, "divided": Bound(TWO, TWO, "")},
)


def changes(pairs: int = 2) -> Iterator[dict[str, Any]]:
    """Every value of one field, and the first values of two."""
    yield {}
    yield from ({name: value} for name, values in FIELDS.items() for value in values)
    yield from TOGETHER
    for name, other in combinations(FIELDS, 2):
        for value, more in product(FIELDS[name][:pairs], FIELDS[other][:pairs]):
            yield {name: value, other: more}


LATER: tuple[tuple[Frequency, ...], ...] = ((), (WEEKLY,))
FLAGS: tuple[tuple[str, ...], ...] = ((), ("ambiguous_frequency",))


def times() -> Iterator[Line]:
    units = ("min", "h", "d", "wk", "mo", "y", "nonsense", "")
    bounds = [bound for unit in units for bound in ends(unit)]
    for name, bound in product(("duration", "over", "count"), bounds):
        change: dict[str, Any] = {name: bound}
        for phases in LATER:
            dose = replace(BASE, phases=phases, **change)
            yield name, f"{bound} {phases}", (timed(dose),)
    for freq, phases, flags, daily in product((None, *FREQUENCIES), LATER, FLAGS, (False, True)):
        dose = replace(BASE, freq=freq, phases=phases, flags=flags)
        yield "freq", f"{freq} {phases} {flags} {daily}", (timed(dose, daily_total=daily),)
    yield "event", "two", (timed(BASE, (DAY, date(2026, 12, 1))),)


def timed(dose: Dose, events: tuple[date, ...] = (), *, daily_total: bool = False) -> str:
    timing, said = timing_of(dose, events, daily_total=daily_total)
    return f"{fhir_json(timing)} says {sorted(said)}"


def test_the_timing_of_a_dose_is_said_as_approved() -> None:
    approved, now = characterised("fhir_times", times())

    assert now == approved


def coded() -> Iterator[Line]:
    units = (
        *("kg", "g", "mg", "ug", "ng", "pg", "mL", "L", "mol", "mmol", "umol", "nmol", "meq"),
        *("[IU]", "M[IU]", "U", "M[U]", "{tablet}", "{puff}", "AUC", "%", ""),
    )
    entries = [None, *({"ucum_unit": code} for code in ("[iU]", "U", "[USP'U]")), {"atc": "1"}]
    for unit, basis, per, codes in product(
        units, ("", "kg", "m2", "lb"), ("", *sorted(PERS), "y"), entries
    ):
        if codes is not None and not unit.endswith("U]") and unit != "U":
            continue
        entry = None if codes is None else an_entry(codes)
        code = ucum(unit, basis, per, entry)
        back = None if code is None else unit_of(code)
        said = "" if code is None else fhir_json(quantity(Decimal(2), code))
        yield "unit", f"{unit} {basis} {per} {codes}", (short(f"{code} {back} {said}"),)
    for code in ("", "mg/kg/m2", "mg/d/kg", "mg/h/h", "mg/", "/kg", "[IU]", "{drop}/d", "s"):
        yield "code", code, (f"{unit_of(code)} {time_of_code(code)}",)
    for unit in (*TIME_WORDS, "y", "s", ""):
        said = ""
        if time_code(unit) is not None:
            said = " ".join(fhir_json(time_quantity(Decimal(n), unit)) for n in (1, 2))
        yield "time", unit, (f"{time_code(unit)} {time_of_code(unit)} {said}",)


def an_entry(codes: Mapping[str, str]) -> DrugEntry:
    return DrugEntry(
        id="heparin",
        amount_units=("U",),
        bases=("flat",),
        routes=("IV",),
        high_alert=True,
        narrow_therapeutic_index=False,
        codes=codes,
    )


def test_units_have_the_approved_codes() -> None:
    approved, now = characterised("fhir_codes", coded())

    assert now == approved


def records() -> Iterator[Line]:
    for change in changes():
        dose = replace(BASE, **change)
        for said in (frozenset[str](), frozenset(change), frozenset({"low", "high", "unit"})):
            text = record_text(left_over(dose, said))
            again = fields_of(text, "x")
            yield "record", f"{change} {sorted(said)}", (short(f"{text}: {again}"),)


def test_what_no_element_holds_is_recorded_as_approved() -> None:
    approved, now = characterised("fhir_records", records())

    assert now == approved


TEXTS = (
    *("etoposide 2 mg", "etoposide 2000 ug", "etoposide 2 mg/day", "etoposide 2 mg once daily"),
    *("etoposide 2 mg/kg IV or PO", "2 mg per dose", "dexamethasone 2 mg", "etoposide 1-2 mg"),
    *("up to 2 mg", "etoposide 2 mg/day in 2 divided doses", "etoposide 2 mg for 5 days"),
    *("etoposide 2 mg twice daily", "a cumulative dose of 2 mg", "etoposide 2 mg over 1 h", "2 g"),
    *("etoposide 2 mg for 2 doses", "etoposide 2 mg PO", "etoposide", "2 mL or etoposide 2 mg"),
    "etoposide 2 mg daily in 2 divided doses",
)


def agreements() -> Iterator[Line]:
    doses = {text: a_dose(text) for text in TEXTS if text != "etoposide"}
    for text, (said, dose) in product(TEXTS, doses.items()):
        yield "same", f"{text}, {said}", (short(f"{says_the_same(text, dose)}: {text}, {said}"),)
    for change in changes(1):
        found = says_the_same("etoposide 2 mg", replace(BASE, **change))
        yield "change", f"{change}", (short(f"{found}: {change}"),)


def test_a_text_says_the_same_as_a_dose_as_approved() -> None:
    approved, now = characterised("fhir_same", agreements())

    assert now == approved


CAP = replace(a_dose("etoposide (max 100 mg)"), drug=None, drug_name=None)
LIFETIME: dict[str, Any] = {"role": DoseRole.CUMULATIVE_LIMIT, "cumulative": True}


def limits() -> Iterator[tuple[Dose, ...]]:
    yield from ((replace(CAP, **change),) for change in changes(0))
    for per in ("", "dose", "d", "wk", "mo", "h", "course"):
        yield (replace(CAP, per=per), replace(CAP, per=per, low=None))
        yield (replace(CAP, per=per, low=ONE), replace(CAP, per=per, **LIFETIME))
    yield (replace(CAP, **LIFETIME), replace(CAP, duration=Bound(ONE, TWO, "wk"), **LIFETIME))


HEPARIN = an_entry({"ucum_unit": "[iU]"})


def capped() -> Iterator[Line]:
    given = [a_checked(f"etoposide 50 mg{per} IV") for per in ("", "/day", "/week", "/kg/h")]
    given.append(a_checked("up to 50 mg"))
    for caps, checked, release in product(limits(), given, RELEASES):
        named = all(cap.role.is_limit and cap.high is not None for cap in caps)
        if not named or (checked.dose.role.is_limit and caps):
            continue
        found = dosage(replace(checked, limits=caps), release, entry=HEPARIN)
        shown = fhir_json({k: v for k, v in found.items() if k.startswith(("max", "ext"))})
        yield release, f"{checked.text}, {caps}", (short(shown),)
    for change, release in product(changes(1), RELEASES):
        alone = CheckedDose(
            dose=replace(CAP, **change), verdict=Verdict.VERIFIED, text="etoposide (max 100 mg)"
        )
        try:
            said = fhir_json(dosage(alone, release, entry=HEPARIN))
        except NotExportable as error:
            said = error.reason
        yield f"{release} alone", f"{change}", (said if "{" not in said else short(said),)


def test_limits_leave_as_approved() -> None:
    approved, now = characterised("fhir_limits", capped())

    assert now == approved


def drafted() -> Iterator[Line]:
    """Drafts of a dose in which our own record gives the fields, with a limit beside it."""
    sides: tuple[dict[str, Any], ...] = (
        *({}, {"high": Fraction(2)}, {"high": Fraction(1)}, {"per": "d"}, LIFETIME),
        *({"per": "d", "unit": "g"}, {"basis": "kg"}, {"population": "adult"}, {"cmp": "<"}),
        *({**LIFETIME, "conditions": ("<30kg",)}, {"high": None}, {"unit": "U"}),
    )
    for change, side in ((c, s) for c in changes(1) for s in sides):
        if len(change) > 1 and side:
            continue
        own = replace(BASE, **change)
        caps = [replace(CAP, **side), CAP]
        parts = [{"url": "text-only", "valueString": record_text(left_over(own, frozenset()))}]
        parts += [
            {"url": "limit", "valueString": record_text(left_over(cap, frozenset()))}
            for cap in caps
        ]
        check = {"url": "urn:guideline-assistant:dose-check", "extension": parts}
        element = {"text": "it", "sequence": 2, "extension": [check]}
        report = import_drafts(
            {
                "resourceType": "ActivityDefinition",
                "productCodeableConcept": {"text": "etoposide"},
                "dosage": [element, {"text": " a  b ", "extension": [check]}],
            },
            drugs=DRUGS,
            source=RuleSource(key="somebody"),
            effective_from=DAY,
            review_due=date(2027, 5, 27),
        )
        drafts = rules_toml(report.rules)
        yield "draft", f"{change}, {side}", (*report.reported, short(drafts))


def test_records_become_drafts_as_approved() -> None:
    approved, now = characterised("fhir_recorded", drafted())

    assert now == approved
