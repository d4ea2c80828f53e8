"""One ``[[rule]]`` of a rule file as a Rule; every mistake is noted, none stops the reading."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from assistant.dosing.model import Frequency
from assistant.dosing.table.model import (
    Action,
    Adjustment,
    Amount,
    Calculate,
    Context,
    Cumulative,
    DoseKind,
    DoseRange,
    Level,
    Population,
    Reviewer,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Status,
)
from assistant.dosing.table.quantities import (
    DURATION_UNITS,
    ROUTES,
    read_age,
    read_amount,
    read_bound,
    read_frequencies,
    read_frequency,
    read_plan,
    read_unit,
    read_weight,
)
from assistant.dosing.table.toml_fields import Fields
from corpus.model import Verification

AGE_GROUPS = ("adult", "child", "infant", "elderly")
CONDITION_GROUPS = ("pregnancy", "renal_impairment", "hepatic_impairment")
SIZES = ("bsa.mosteller", "bsa.dubois", "bsa.haycock")
WEIGHTS = ("actual", "ideal", "adjusted")
# What an adjustment may depend on, and the units in which its bands may be written.
VARIABLES = {
    "creatinine_clearance": ("mL/min",),
    "gfr_indexed": ("mL/min/1.73m2",),
    "creatinine": ("umol/L", "mg/dL", "xULN"),
    "bilirubin": ("umol/L", "mg/dL", "xULN"),
    "transaminases": ("U/L", "xULN"),
    "albumin": ("g/L", "g/dL"),
    "neutrophils": ("10^9/L",),
    "platelets": ("10^9/L",),
    "weight": ("kg",),
    "age": ("a",),
}
FRESH = ("weight", "height", "creatinine")


def parse_rule(fields: Fields) -> Rule:
    """The rule as written; where a value is unusable a harmless one stands in its place."""
    rule_id = fields.text("id", required=True)
    fields = fields.under(rule_id or fields.key)
    sources, ids = _sources(fields)
    kind = fields.choice("kind", RuleKind, RuleKind.DOSE)
    verification = fields.choice("verification", Verification)
    default_source = next(iter(ids), "")
    dose = _dose(fields, required=kind is RuleKind.DOSE)
    if kind is RuleKind.GAP and dose is not None:
        fields.problem("dose", "A gap has no dose.", 'Remove it, or set kind = "dose".')
    rule = Rule(
        id=rule_id,
        drug=fields.text("drug", required=True),
        version=fields.whole("version"),
        status=fields.choice("status", Status),
        kind=kind,
        effective_from=fields.day("effective_from"),
        review_due=fields.day("review_due"),
        context=_context(fields),
        sources=sources,
        verification=verification,
        rows=fields.strings("rows"),
        reviewed_by=_reviewers(fields),
        dose=dose,
        schedule=_schedule(fields),
        cumulative=_cumulative(fields, verification, ids),
        adjust=tuple(_adjust(f, verification, ids) for f in fields.tables("adjust")),
        calculate=_calculate(fields),
        conflicts_with=fields.strings("conflicts_with"),
        monitoring=fields.text("monitoring"),
        note=fields.text("note"),
        file=fields.file,
        declared_gaps=fields.strings("declared_gaps", tuple(VARIABLES)),
    )
    if not default_source:
        fields.problem("source", "The rule names no source.", "Add a [[rule.source]].")
    fields.close()
    return rule


def _reviewers(fields: Fields) -> tuple[Reviewer, ...]:
    reviewers = []
    for person in fields.tables("reviewed_by"):
        reviewers.append(
            Reviewer(
                name=person.text("name", required=True),
                role=person.text("role", required=True),
                registration=person.text("registration", required=True),
                on=person.day("date"),
            )
        )
        person.close()
    return tuple(reviewers)


def _context(fields: Fields) -> Context:
    table = fields.table("context")
    if table is None:
        return Context()
    context = Context(
        indications=table.strings("indications"),
        population=_population(table),
        phase=table.text("phase"),
        setting=table.text("setting"),
        variant=table.text("variant"),
    )
    table.close()
    return context


def _population(fields: Fields) -> Population:
    table = fields.table("population")
    if table is None:
        return Population()
    population = Population(
        groups=table.strings("groups", AGE_GROUPS + CONDITION_GROUPS),
        age_min=read_age(table, "age_min"),
        age_below=read_age(table, "age_below"),
        weight_min=read_weight(table, "weight_min"),
        weight_below=read_weight(table, "weight_below"),
    )
    for low, high, name in (
        (population.age_min, population.age_below, "age_min"),
        (population.weight_min, population.weight_below, "weight_min"),
    ):
        if low is not None and high is not None and low >= high:
            table.problem(name, "No patient is inside these bounds.", "Correct them.")
    table.close()
    return population


def _dose(fields: Fields, *, required: bool) -> DoseRange | None:
    table = fields.table("dose")
    if table is None:
        if required:
            fields.problem("dose", "The rule gives no dose.", 'Add it, or set kind = "gap".')
        return None
    kind = table.choice("kind", DoseKind)
    unit, basis, per = read_unit(table, "unit", rate=kind is DoseKind.RATE)
    low, high = _usual(table)
    dose = DoseRange(
        kind=kind,
        unit=unit,
        basis=basis,
        low=low,
        high=high,
        hard_max=table.number("hard_max"),
        component=table.text("component"),
        also=tuple(_component(f) for f in table.tables("also")),
        at_least=table.flag("at_least"),
        per=per,
    )
    if dose.hard_max is not None and dose.high > dose.hard_max:
        table.problem(
            "hard_max",
            "The usual dose is above the hard limit.",
            "Correct the one that the source doesn't state.",
        )
    table.close()
    return dose


def _usual(fields: Fields) -> tuple[Fraction | None, Fraction]:
    table = fields.table("usual")
    if table is None:
        fields.problem("usual", "This key is missing.", 'Add usual = { low = "", high = "" }.')
        return None, Fraction(0)
    low, high = table.number("low"), table.number("high", required=True)
    if high is not None and high == 0:
        table.problem("high", "A dose of 0 is no dose.", "Correct it.")
    if low is not None and high is not None and low > high:
        table.problem("low", "low is above high.", "Exchange or correct them.")
    table.close()
    return low, high or Fraction(0)


def _component(table: Fields) -> tuple[str, Fraction, Fraction]:
    name = table.text("component", required=True)
    low = table.number("low", required=True) or Fraction(0)
    high = table.number("high", required=True) or Fraction(0)
    if low > high:
        table.problem("low", "low is above high.", "Exchange or correct them.")
    table.close()
    return name, low, high


def _schedule(fields: Fields) -> Schedule:
    table = fields.table("schedule")
    if table is None:
        return Schedule()
    schedule = Schedule(
        frequencies=read_frequencies(table, "frequencies"),
        forbidden_frequencies=read_frequencies(table, "forbidden_frequencies"),
        frequency_required=table.flag("frequency_required"),
        routes=table.strings("routes", ROUTES),
        duration=read_bound(table, "duration", DURATION_UNITS),
        split_over=read_bound(table, "split_over", DURATION_UNITS),
        infuse_over=read_bound(table, "infuse_over", DURATION_UNITS),
        counts=read_bound(table, "counts", ()),
        days=read_plan(table, "days"),
        weeks=read_plan(table, "weeks"),
    )
    table.close()
    return schedule


def _cumulative(
    fields: Fields, verification: Verification, ids: tuple[str, ...]
) -> Cumulative | None:
    table = fields.table("cumulative")
    if table is None:
        return None
    unit, basis, _ = read_unit(table, "unit")
    cumulative = Cumulative(
        scope=table.word("scope", ("course", "lifetime")),
        unit=unit,
        basis=basis,
        soft_max=table.number("soft_max"),
        hard_max=table.number("hard_max"),
        verification=table.choice("verification", Verification, verification),
        source=_source_id(table, ids),
    )
    soft, hard = cumulative.soft_max, cumulative.hard_max
    if soft is None and hard is None:
        table.problem("", "Neither soft_max nor hard_max is given.", "Give at least one.")
    if soft is not None and hard is not None and soft > hard:
        table.problem("soft_max", "soft_max is above hard_max.", "Exchange or correct them.")
    table.close()
    return cumulative


def _source_id(table: Fields, ids: tuple[str, ...]) -> str:
    named = table.text("source")
    if named and named not in ids:
        known = ", ".join(ids) or "none"
        table.problem("source", f"The rule has no source '{named}'.", f"It has: {known}.")
    return named or next(iter(ids), "")


def _adjust(table: Fields, verification: Verification, ids: tuple[str, ...]) -> Adjustment:
    when = table.table("when")
    variable = unit = condition = ""
    low: Fraction | None = None
    high: Fraction | None = None
    includes = "from"
    if when is None:
        table.problem("when", "This key is missing.", "Say when the adjustment holds.")
    else:
        variable = when.word("var", tuple(VARIABLES), default="")
        unit = when.word("unit", VARIABLES[variable], default="") if variable else ""
        if not variable and when.text("unit"):
            when.problem("unit", "A unit without var says nothing.", "Give var, or remove it.")
        condition = when.text("condition")
        low, high = when.number("from"), when.number("below")
        includes = when.word("includes", ("from", "both", "neither", "below"), default="from")
        if not variable and not condition:
            when.problem("", "Neither var nor condition is given.", "Give at least one.")
        if variable and low is None and high is None:
            when.problem("", "Neither from nor below is given.", "Give at least one.")
        if variable and not unit:
            when.problem("unit", "The band has no unit.", f"Use {VARIABLES[variable][0]}.")
        if low is not None and high is not None and low >= high:
            when.problem("from", "from is not under below.", "Exchange or correct them.")
        when.close()
    action, factor, replace, interval = _action(table)
    adjustment = Adjustment(
        variable=variable,
        unit=unit,
        low=low,
        high=high,
        low_open=low is not None and includes in {"neither", "below"},
        high_closed=high is not None and includes in {"both", "below"},
        when=condition,
        action=action,
        factor=factor,
        replace=replace,
        interval=interval,
        verification=table.choice("verification", Verification, verification),
        source=_source_id(table, ids),
        note=table.text("note"),
    )
    table.close()
    return adjustment


def _action(
    table: Fields,
) -> tuple[Action, Fraction | None, Amount | None, Frequency | None]:
    given = [key for key in ("multiply", "replace", "interval", "action") if table.has(key)]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        what = f"An adjustment does one thing; found: {found}."
        table.problem("", what, "Give one of multiply, replace, interval, action.")
    factor, replace = table.number("multiply"), read_amount(table, "replace")
    interval = table.table("interval")
    word = table.word("action", (str(Action.NONE), str(Action.REFUSE)), default=str(Action.NONE))
    if interval is not None:
        return Action.INTERVAL, None, None, read_frequency(interval)
    if factor is not None:
        return Action.MULTIPLY, factor, None, None
    if replace is not None:
        return Action.REPLACE, None, replace, None
    return Action(word), None, None, None


def _calculate(fields: Fields) -> Calculate | None:
    table = fields.table("calculate")
    if table is None:
        return None
    rounding = table.table("round")
    step, change = None, None
    if rounding is not None:
        step = read_amount(rounding, "step")
        change = rounding.number("max_change_percent")
        if step is None and not rounding.has("step"):
            rounding.problem("step", "This key is missing.", 'Add it: "5 mg".')
        rounding.close()
    fresh = table.table("fresh_days")
    days: dict[str, int] = {}
    if fresh is not None:
        days = {name: fresh.whole(name) for name in FRESH if fresh.has(name)}
        fresh.close()
    calculate = Calculate(
        size=table.word("size", SIZES, default=""),
        weight=table.word("weight", WEIGHTS, default="actual"),
        max_single=read_amount(table, "max_single"),
        max_daily=read_amount(table, "max_daily"),
        round_step=step,
        max_change_percent=Fraction(5) if change is None else change,
        fresh_days=days,
    )
    table.close()
    return calculate


def _sources(fields: Fields) -> tuple[tuple[RuleSource, ...], tuple[str, ...]]:
    """The sources and their ids, s1, s2, ... where the file gives none."""
    sources, ids = [], []
    for at, table in enumerate(fields.tables("source"), start=1):
        ids.append(table.text("id") or f"s{at}")
        sources.append(replace(parse_source(table), id=ids[-1]))
        if ids.count(ids[-1]) > 1:
            table.problem("id", f"'{ids[-1]}' is the id of two sources.", "Rename one.")
    return tuple(sources), tuple(ids)


def parse_source(table: Fields) -> RuleSource:
    """Where a rule or a regimen comes from."""
    source = RuleSource(
        key=table.text("key", required=True),
        via=table.text("via"),
        citation=table.text("citation"),
        level=table.choice("level", Level, Level.SECONDARY),
        passage_id=table.text("passage_id"),
        quote_sha256=table.text("quote_sha256"),
        checked_against_primary=table.flag("checked_against_primary"),
    )
    if source.quote_sha256 and not source.passage_id:
        table.problem("quote_sha256", "There is no passage to compare with.", "Add passage_id.")
    table.close()
    return source
