"""A small sound folder of rules, and the changes that break it, each with what is wrong then."""

from __future__ import annotations

HEAD = 'schema = "dosing-rules/1"\n'
DRUGS, RULES, SITE, TABLE = "drugs/d.toml", "rules/r.toml", "sites/s.toml", "table.toml"
DATES = "effective_from = 2026-01-01\nreview_due = 2026-12-31"
SOUND = {
    TABLE: f"""{HEAD}
[table]
id = "small"
version = "2026.1.0"
{DATES}
""",
    DRUGS: f"""{HEAD}
[[drug]]
id = "etoposide"
amount_units = ["mg", "g"]
bases = ["m2", "flat"]
routes = ["IV", "PO"]
high_alert = true
narrow_therapeutic_index = false
tolerance_percent = "5"
[[drug]]
id = "ivig"
amount_units = ["g"]
bases = ["kg"]
routes = ["IV"]
high_alert = false
narrow_therapeutic_index = false
""",
    RULES: f"""{HEAD}
[[rule]]
id = "etoposide.one"
drug = "etoposide"
status = "draft"
version = 1
{DATES}
verification = "read"
conflicts_with = ["etoposide.two"]
context = {{ indications = ["x"], phase = "induction" }}
dose = {{ kind = "per_administration", unit = "mg", usual = {{ low = "40", high = "80" }} }}
schedule = {{ routes = ["IV"], frequencies = [ {{ n = 1, unit = "wk" }} ] }}
source = [ {{ key = "Alpha", passage_id = "a:1" }} ]
[[rule]]
id = "etoposide.two"
drug = "etoposide"
status = "draft"
version = 1
{DATES}
verification = "read"
conflicts_with = ["etoposide.one"]
dose = {{ kind = "per_day", unit = "mg/m2", usual = {{ high = "9" }}, hard_max = "12" }}
source = [ {{ key = "Beta" }} ]
[[rule]]
id = "ivig.three"
drug = "ivig"
kind = "gap"
status = "reviewed"
version = 1
{DATES}
reviewed_by = [ {{ name = "Ü", role = "pharmacist", registration = "1", date = 2026-01-01 }} ]
verification = "background"
source = [ {{ key = "Beta", passage_id = "a:2", quote_sha256 = "h2" }} ]
[[regimen]]
id = "first"
name = "First"
steps = [ {{ rule = "etoposide.one", weeks = "1-2" }} ]
source = {{ key = "Beta", passage_id = "a:2" }}
""",
    SITE: f"""{HEAD}site = "here"
[[override]]
rule = "etoposide.two"
reason = "habit"
hard_max = "11"
[[precedence]]
drug = "etoposide"
rules = ["etoposide.two", "etoposide.one"]
""",
}
PASSAGES, SOURCES = {"a:1": "h1", "a:2": "h2"}, frozenset({"Alpha", "Beta"})

ONE = 'verification = "read"\nconflicts_with = ["etoposide.two"]'
TWO = 'verification = "read"\nconflicts_with = ["etoposide.one"]'
GAP = 'verification = "background"'
FLAT = 'unit = "mg", usual'
BACKGROUND = ONE.replace("read", "background")


def beside(line: str, *more: str) -> tuple[str, str, str]:
    """A change that adds lines beside one of a rule."""
    return (RULES, line, "\n".join((line, *more)))


def band(*when: str) -> str:
    """Adjustments, each of which holds when it is said to."""
    each = (f'{{ when = {{ {one} }}, multiply = "0.5" }}' for one in when)
    return f"adjust = [ {', '.join(each)} ]"


def clearance(ends: str, variable: str = "creatinine_clearance", unit: str = "mL/min") -> str:
    return f'var = "{variable}", unit = "{unit}", {ends}'


DOSE = 'dose = { kind = "per_day", unit = "g/kg", usual = { low = "1", high = "2" } }'
# Each with the changes that break it: the file, what stands there, and what to put in its place.
# A file of which nothing is said is added whole.
BROKEN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "sound": (),
    # one rule
    "a gap with a dose": (beside(GAP, DOSE),),
    "a gap with a calculation": (beside(GAP, "calculate = {}"),),
    "a calculation from background": ((RULES, ONE, f"{BACKGROUND}\ncalculate = {{}}"),),
    "no formula of the surface": (beside(TWO, "calculate = {}"),),
    "formula of the surface": (beside(TWO, 'calculate = { size = "bsa.dubois" }'),),
    "no formula for a flat dose": (beside(ONE, "calculate = {}"),),
    "caps by weight": (
        beside(ONE, 'calculate = { max_single = "80 mg/kg", max_daily = "1 g/m2" }'),
    ),
    "caps just under the dose": (
        beside(ONE, 'calculate = { max_single = "79 mg", max_daily = "0.0799 g" }'),
    ),
    "caps at the dose": (
        beside(ONE, 'calculate = { max_single = "80 mg", max_daily = "0.08 g" }'),
    ),
    "a daily cap by weight and a single cap under the dose": (
        beside(ONE, 'calculate = { max_single = "7 mg", max_daily = "1 mg/kg" }'),
    ),
    "a cap under the figure of a dose by surface": (
        beside(TWO, 'calculate = { size = "bsa.dubois", max_single = "8 mg" }'),
    ),
    "a cap in another dimension": (beside(ONE, 'calculate = { max_single = "7 mmol" }'),),
    "units of other drugs": (
        beside(
            ONE,
            'cumulative = { scope = "course", unit = "U/kg", soft_max = "3" }',
            'calculate = { max_single = "1 mL", max_daily = "9 ng", round = { step = "5 ug" } }',
            'adjust = [ { when = { condition = "c" }, action = "none" }, '
            '{ when = { condition = "d" }, replace = "5 mmol/kg" } ]',
        ),
        (RULES, FLAT, 'unit = "meq/kg", usual'),
    ),
    "routes of other drugs": ((RULES, '["IV"], f', '["IT", "PO", "IM"], f'),),
    "a forbidden route": (
        (RULES, '["IV"], f', '["IT"], f'),
        (RULES, 'drug = "etoposide"', 'drug = "etoposide"\nkind = "forbidden"'),
    ),
    "a rate without a time": ((RULES, "per_administration", "rate"),),
    "a time without a rate": ((RULES, FLAT, 'unit = "mg/h", usual'),),
    "a rate": (
        (RULES, "per_administration", "rate"),
        (RULES, FLAT, 'unit = "mg/min", usual'),
    ),
    "two sources of one id": (
        (RULES, '[ { key = "Alpha"', '[ { key = "Beta", id = "s2" }, { key = "Alpha"'),
    ),
    "three sources of one id": (
        (RULES, '[ { key = "Alpha"', '[ { key = "Beta", id = "q" }, { key = "Alpha", id = "q"'),
        (RULES, '"a:1" }', '"a:1" }, { key = "Beta", id = "q" }'),
    ),
    "a source that is not there": (
        beside(
            ONE,
            'cumulative = { scope = "course", unit = "mg", soft_max = "3", source = "s2" }',
            'adjust = [ { when = { condition = "c" }, action = "none", source = "s3" } ]',
        ),
        (RULES, '"a:1" }', '"a:1" }, { key = "Beta", id = "q" }'),
    ),
    "a hash without its passage": ((RULES, 'passage_id = "a:2", quote', "quote"),),
    "sources and passages of no library": (
        (RULES, '"Alpha", passage_id = "a:1"', '"Gamma", via = "Delta", passage_id = "a:9"'),
        (RULES, '"Beta", passage_id = "a:2" }', '"Eps", via = "Zeta", passage_id = "a:8" }'),
    ),
    "a review without a hash": ((RULES, ', quote_sha256 = "h2"', ""),),
    "a review by nobody": ((RULES, 'status = "draft"', 'status = "reviewed"'),),
    "a review by one twice": (
        (RULES, 'status = "draft"', 'status = "reviewed"'),
        beside(
            ONE,
            'reviewed_by = [ { name = "N", role = "r", registration = "1", date = 2026-01-01 }, '
            '{ name = "M", role = "r", registration = "1", date = 2026-01-01 } ]',
        ),
    ),
    "a forbidden frequency that is allowed": (
        (
            RULES,
            "frequencies = [ {",
            'forbidden_frequencies = [ { n = 1, period = 7, unit = "d" },'
            ' { n = 1, period = 1, period_max = 3, unit = "wk" } ], frequencies = [ {',
        ),
    ),
    # bands of adjustments
    "one band twice": (beside(ONE, band(clearance('from = "9"'), clearance('from = "9"'))),),
    "bands from nowhere": (beside(ONE, band(clearance('below = "9"'), clearance('below = "5"'))),),
    "bands that overlap": (
        beside(ONE, band(clearance('from = "5", below = "9"'), clearance('from = "8.5"'))),
    ),
    "bands that touch": (
        beside(ONE, band(clearance('from = "5", below = "9"'), clearance('from = "9"'))),
    ),
    "bands that share their end": (
        beside(
            ONE,
            band(clearance('below = "9", includes = "both"'), clearance('from = "9"')),
        ),
    ),
    "bands that hand over their end": (
        beside(
            ONE,
            band(
                clearance('below = "9", includes = "below"'),
                clearance('from = "9", includes = "neither"'),
            ),
        ),
    ),
    "bands that both leave out their end": (
        beside(
            ONE,
            band(clearance('below = "9"'), clearance('from = "9", includes = "neither"')),
        ),
    ),
    "bands with a gap": (
        beside(ONE, band(clearance('from = "9.5"'), clearance('from = "2", below = "9"'))),
    ),
    "bands with a gap that is declared, and one declared in vain": (
        beside(
            ONE,
            band(clearance('below = "9"'), clearance('from = "9.5"')),
            'declared_gaps = ["age", "creatinine_clearance"]',
        ),
    ),
    "bands in two units": (
        beside(
            ONE,
            band(
                clearance('below = "9"', "bilirubin", "mg/dL"),
                clearance('from = "2"', "bilirubin", "umol/L"),
                clearance('from = "9"'),
                clearance('from = "8"'),
            ),
        ),
    ),
    "bands of one condition each": (
        beside(
            ONE,
            band(
                clearance('below = "9", condition = "on dialysis"'),
                clearance('below = "8", condition = "on X"'),
                clearance('from = "8"'),
            ),
        ),
    ),
    "one condition twice, another three times": (
        beside(ONE, band(*(f'condition = "{word}"' for word in "bacbaad"))),
    ),
    "bands that are nowhere": (
        beside(ONE, band('var = "age"', 'from = "5", below = "5"', 'unit = "kg"')),
    ),
    "an adjustment of nothing by nothing": (beside(ONE, 'adjust = [ { note = "n" } ]'),),
    "an adjustment of everything": (
        beside(
            ONE,
            'adjust = [ { when = { condition = "c" }, multiply = "2", replace = "1 mg", '
            'interval = { n = 1, unit = "d" }, action = "refuse" } ]',
        ),
    ),
    # rules together
    "a conflict with itself": ((RULES, '["etoposide.two"]', '["etoposide.two", "etoposide.one"]'),),
    "a conflict with nobody": ((RULES, '["etoposide.two"]', '["etoposide.two", "x"]'),),
    "a conflict with another drug": (
        (RULES, '["etoposide.two"]', '["etoposide.two", "ivig.three"]'),
    ),
    "a conflict on one side": ((RULES, 'conflicts_with = ["etoposide.two"]', ""),),
    "one source and context": ((RULES, '"Alpha", passage_id = "a:1"', '"Beta"'),),
    "one source and context, one retired": (
        (RULES, '"Alpha", passage_id = "a:1"', '"Beta"'),
        (RULES, 'status = "draft"', 'status = "retired"'),
    ),
    "one source and context, one forbidden": (
        (RULES, '"Alpha", passage_id = "a:1"', '"Beta"'),
        (RULES, 'drug = "etoposide"', 'drug = "etoposide"\nkind = "forbidden"'),
    ),
    "the same first source of two drugs": (
        (RULES, '"Alpha", passage_id = "a:1"', '"Beta"'),
        (RULES, 'kind = "gap"', DOSE),
        (RULES, 'id = "etoposide.two"', 'id = "etoposide.two"\ncontext = { phase = "later" }'),
    ),
    "a rule, a drug and a regimen that stand twice": (
        ("rules/z.toml", "", SOUND[RULES]),
        ("drugs/z.toml", "", SOUND[DRUGS]),
    ),
    # the other files
    "a tolerance of a narrow index": (
        (DRUGS, "index = false\ntol", "index = true\ntol"),
        (DRUGS, '["m2", "flat"]', '["flat"]'),
    ),
    "a drug without a name": ((DRUGS, '"ivig"', '"inventedine"'),),
    "a regimen without steps and source": (
        (RULES, 'steps = [ { rule = "etoposide.one", weeks = "1-2" } ]', ""),
        (RULES, 'source = { key = "Beta", passage_id = "a:2" }', ""),
    ),
    "steps that are no rules": (
        (RULES, 'rule = "etoposide.one", w', 'rule = "x" }, { rule = "ivig.three" }, { w'),
    ),
    "keys of no file": (
        (TABLE, HEAD, f"{HEAD}rule = []\n"),
        (DRUGS, HEAD, f"{HEAD}table = 1\n"),
        (RULES, HEAD, f"{HEAD}site = 1\ndrug = 1\n"),
        (SITE, HEAD, f"{HEAD}regimen = 1\n"),
    ),
    "other schemas": tuple((name, '"dosing-rules/1"', '"2"') for name in SOUND),
    "files in no folder": (
        ("notes.toml", "", ""),
        ("drugs/deep/d.toml", "", "broken"),
        ("other/o.toml", "", HEAD),
    ),
    "files that are no TOML": (("rules/a.toml", "", "a = \n"), ("sites/a.toml", "", "[[[")),
    "no header": ((TABLE, "[table]", "[other]"),),
    "a header of mistakes": (
        (TABLE, "2026.1.0", "26.1.0"),
        (TABLE, "2026-12-31", "2025-12-31"),
        (TABLE, '"small"', '" "'),
    ),
    # sites
    "limits that a site widens": (
        (SITE, 'hard_max = "11"', 'hard_max = "12.5"\nusual = { high = "9.5" }'),
    ),
    "limits that a site keeps": (
        (SITE, 'hard_max = "11"', 'hard_max = "12"\nusual = { low = "9", high = "9" }'),
    ),
    "a lower end that a site widens": (
        (SITE, 'rule = "etoposide.two"', 'rule = "etoposide.one"\nusual = { low = "39.5" }'),
    ),
    "a lower end above the upper one of the rule": (
        (SITE, 'hard_max = "11"', 'usual = { low = "9.5" }'),
    ),
    "a limit under the usual dose": ((SITE, 'hard_max = "11"', 'hard_max = "8.5"'),),
    "limits of a rule without a dose": (
        (SITE, 'rule = "etoposide.two"', 'rule = "ivig.three"'),
        (SITE, 'hard_max = "11"', 'usual = { low = "8.5" }'),
    ),
    "sites that speak of no rule": (
        (SITE, 'rule = "etoposide.two"', 'rule = "x"'),
        (SITE, '"etoposide.two", "etoposide.one"', '"y", "ivig.three"'),
    ),
    "a site without words": (
        (SITE, 'site = "here"\n', ""),
        (SITE, 'rule = "etoposide.two"\nreason = "habit"', ""),
        (SITE, 'drug = "etoposide"\nrules = ["etoposide.two", "etoposide.one"]', "colour = 1"),
    ),
}
