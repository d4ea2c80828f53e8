"""Draft rules as a file of the table, to the last character."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from assistant.dosing.fhir import rules_toml
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.table.model import (
    Context,
    Cumulative,
    DoseKind,
    Level,
    Population,
    Rule,
    RuleSource,
    Schedule,
)
from corpus.model import Verification
from tests.builders_patients import DAILY, a_dose, a_rule

ONE, TWO = Fraction(1), Fraction(2)


def draft(**fields: Any) -> Rule:
    given: dict[str, Any] = {"calculate": None, "effective_from": date(2026, 11, 22)}
    return a_rule(fields.pop("dose", a_dose(None, "5", unit="mg")), **given | fields)


LEAST = """\
schema = "dosing-rules/1"

[[rule]]
id = "exampline.rule"
drug = "exampline"
kind = "dose"
status = "draft"
version = 1
effective_from = 2026-11-22
review_due = 2027-05-22
reviewed_by = []
verification = "read"

[rule.context]
indications = []
population = {}

[rule.dose]
kind = "per_administration"
unit = "mg"
usual = { high = "5" }

[[rule.source]]
key = "Alpha2020"
level = "secondary"
checked_against_primary = false
"""
MOST = """
[[rule]]
id = "exampline.most"
drug = "exampline"
kind = "dose"
status = "draft"
version = 2
effective_from = 2026-11-22
review_due = 2027-05-22
reviewed_by = []
verification = "second-hand"
note = "a \\"note\\" – \\u007f"
monitoring = "counts"

[rule.context]
indications = ["a", "b"]
population = { groups = ["adult", "child"], age_min = "6 mo", weight_min = "2.5 kg" }
phase = "step 1"
setting = "ICU"
variant = "two"

[rule.dose]
kind = "rate"
unit = "ug/kg/min"
usual = { low = "0.5", high = "2" }
hard_max = "3"

[rule.schedule]
frequencies = [{ n = 1, period = 1, unit = "d" }, { n = 1, period = 2, unit = "wk", n_max = 3, \
period_max = 4 }]
routes = ["IV", "PO"]
duration = { low = "1", unit = "d" }
split_over = { high = "2", unit = "wk" }
infuse_over = { low = "1", high = "2", unit = "h" }
counts = { low = "2", high = "2" }
days = "1,8"
weeks = "9-"

[rule.cumulative]
scope = "lifetime"
unit = "g/m2"
soft_max = "1"
hard_max = "2"

[[rule.source]]
key = "Alpha2020"
id = "s1"
via = "Beta2021"
citation = "Table 2"
level = "primary"
passage_id = "a:1"
quote_sha256 = "h"
checked_against_primary = true

[[rule.source]]
key = "Beta2021"
level = "label"
checked_against_primary = false
"""


def test_a_file_of_two_rules_is_written_with_what_each_has() -> None:
    most = draft(
        id="exampline.most",
        version=2,
        verification=Verification.SECOND_HAND,
        note='a "note" – \x7f',
        monitoring="counts",
        context=Context(
            indications=("a", "b"),
            population=Population(
                groups=("adult", "child"), age_min=Fraction(1, 2), weight_min=Fraction(5, 2)
            ),
            phase="step 1",
            setting="ICU",
            variant="two",
        ),
        dose=a_dose("0.5", "2", "ug/kg", kind=DoseKind.RATE, hard="3", per="min"),
        schedule=Schedule(
            frequencies=(DAILY, Frequency(1, 2, "wk", n_max=3, period_max=4)),
            routes=("IV", "PO"),
            duration=Bound(ONE, None, "d"),
            split_over=Bound(None, TWO, "wk"),
            infuse_over=Bound(ONE, TWO, "h"),
            counts=Bound(TWO, TWO, ""),
            days="1,8",
            weeks="9-",
        ),
        cumulative=Cumulative(scope="lifetime", unit="g", basis="m2", soft_max=ONE, hard_max=TWO),
        sources=(
            RuleSource(
                key="Alpha2020",
                id="s1",
                via="Beta2021",
                citation="Table 2",
                level=Level.PRIMARY,
                passage_id="a:1",
                quote_sha256="h",
                checked_against_primary=True,
            ),
            RuleSource(key="Beta2021", level=Level.LABEL),
        ),
    )

    assert rules_toml([draft(), most]) == f"{LEAST}\n{MOST}"
    assert rules_toml([]) == 'schema = "dosing-rules/1"'


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({"age_min": Fraction(18)}, '{ age_min = "18 a" }'),
        ({"age_min": Fraction(1, 12)}, '{ age_min = "1 mo" }'),
        ({"weight_min": Fraction(30)}, '{ weight_min = "30 kg" }'),
        ({"groups": ("adult",)}, '{ groups = ["adult"] }'),
    ],
)
def test_a_population_is_written_with_the_bounds_it_has(bounds: dict[str, Any], said: str) -> None:
    text = rules_toml([draft(context=Context(population=Population(**bounds)))])

    assert f"\npopulation = {said}\n" in text
