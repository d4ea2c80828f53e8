"""Why a dose is judged as it is, and what rules that nobody reviewed would say of it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.dosing.axes import RuleAxis
from assistant.dosing.model import Dose, DoseRole
from assistant.dosing.table.model import DrugEntry, Rule, RuleKind, Status
from assistant.dosing.table.quantities import AMOUNT_UNITS
from assistant.dosing.table.standing import Often, Standing, Subject, gives_dose, matches, stand
from assistant.dosing.table.words import (
    say_amount,
    say_dose,
    say_frequencies,
    say_limit,
    say_times,
    say_total,
)

MAX_NOTES = 4
"""More unreviewed rules than this are counted, not listed."""

_LIMITS = frozenset({DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT})
_VOLUME = "mL"  # what is drawn up, not what is given: compared only where a rule counts it
_TENTH = Fraction(1, 10)
_STATUS = {
    Status.DRAFT: "an unreviewed rule",
    Status.SUSPENDED: "a suspended rule",
    Status.REVIEWED: "a rule whose review is out of date",
}


def entry_breach(dose: Dose, entry: DrugEntry) -> str:
    """How a dose leaves what its drug's entry allows at all; "" when it doesn't."""
    name = dose.drug_name or entry.id
    if dose.unit in AMOUNT_UNITS and dose.unit != _VOLUME and dose.unit not in entry.amount_units:
        return f"The unit {dose.unit} is not used for {name}: {', '.join(entry.amount_units)}."
    basis = dose.basis or "flat"
    # A cap is an absolute amount whatever the dose is reckoned by.
    absolute_cap = not dose.basis and dose.role in _LIMITS
    if dose.unit in AMOUNT_UNITS and basis not in entry.bases and not absolute_cap:
        allowed = ", ".join(
            "an absolute amount" if b == "flat" else f"per {b}" for b in entry.bases
        )
        found = "as an absolute amount" if basis == "flat" else f"per {basis}"
        return f"{name} is not given {found}, but {allowed}."
    wrong = [route for route in dose.routes if route not in entry.routes]
    if wrong:
        return f"{name} is not given {'/'.join(wrong)}, but {', '.join(entry.routes)}."
    return ""


def explain(used: Sequence[Standing]) -> str:
    """One sentence for each rule used."""
    if not used:
        return "No reviewed rule counts this dose in the same way."
    return " ".join(f"Rule {s.rule.id} gives {said(s)}." for s in used)


def usual_of(standing: Standing) -> str:
    """What the rule gives of what was compared: its dose, a cap, or the limit of a total."""
    rule = standing.rule
    caps = {
        Subject.SINGLE_CAP: rule.calculate and rule.calculate.max_single,
        Subject.DAILY_CAP: rule.calculate and rule.calculate.max_daily,
    }
    cap = caps.get(standing.subject)
    if cap:
        return f"a {standing.subject} of {say_amount(cap)}"
    if standing.subject is Subject.TOTAL and rule.cumulative:
        return f"a total of at most {say_total(rule.cumulative)}"
    text = say_dose(rule.dose) if rule.dose else ""
    if rule.schedule.frequencies:
        text += f", {say_frequencies(rule.schedule.frequencies)}"
    return text


def limit_of(standing: Standing) -> str:
    """The hard limit of what was compared, as the rule gives it: none is worked out."""
    if standing.subject is not Subject.DOSE:
        return usual_of(standing)
    return say_limit(standing.rule.dose) if standing.rule.dose else ""


def said(standing: Standing) -> str:
    """The rule's dose, and how this one stands to it."""
    return f"{usual_of(standing)}; {_position(standing)}"


def _position(standing: Standing) -> str:
    match standing.often:
        case Often.FORBIDDEN:
            forbidden = say_frequencies(standing.rule.schedule.forbidden_frequencies)
            often = f"it forbids {forbidden}"
        case Often.MORE:
            often = "this is more often"
        case Often.LESS:
            often = "this is less often"
        case _:
            return _amount_position(standing)
    if standing.axis in {RuleAxis.INSIDE, RuleAxis.NONE}:
        return often
    return f"{_amount_position(standing)}, and {often}"


def _amount_position(standing: Standing) -> str:
    times = standing.times or Fraction(1)
    end = "its upper end" if standing.subject is Subject.DOSE else "it"
    match standing.axis:
        case RuleAxis.BEYOND:
            text = "this is past it"
            if standing.subject is Subject.DOSE:
                text = f"this is past its limit of {limit_of(standing)}"
            return f"{text}, {say_times(times)} {end}" if times >= 2 else text
        case RuleAxis.ABOVE:
            return f"this is {say_times(times)} {end}" if times >= 2 else f"this is above {end}"
        case RuleAxis.BELOW if times <= _TENTH:
            return "this is a tenth of its lower end or less"
        case RuleAxis.BELOW:
            return "this is below it"
        case RuleAxis.INSIDE:
            return "this is inside it"
        case _:
            return "this dose can't be compared with it"


def unreviewed_notes(dose: Dose, rules: Sequence[Rule], entry: DrugEntry) -> tuple[str, ...]:
    """What rules that may not decide would say, each marked as what it is.

    Where one of them gives this very dose, the others that differ from it are left out.
    """
    hits = [_hit(rule) for rule in rules if not gives_dose(rule) and _speaks(dose, rule)]
    standings = [stand(dose, rule, entry) for rule in rules if gives_dose(rule)]
    compared = [s for s in standings if s.axis is not RuleAxis.NONE or not s.often.fits]
    agreeing = [s for s in compared if s.axis is RuleAxis.INSIDE and s.often.fits]
    told = agreeing or compared
    doses = [_sentence(f"{_STATUS[s.rule.status]} ({s.rule.id}) gives {said(s)}") for s in told]
    # A rule that gives this dose is worth more room than several that warn of it; where none
    # does, the warnings come first.
    notes = [*doses, *hits] if agreeing else [*hits, *doses]
    if len(notes) > MAX_NOTES:
        more = len(notes) - MAX_NOTES
        speak = (
            "rule that nobody reviewed speaks" if more == 1 else "rules that nobody reviewed speak"
        )
        rest = f"{more} more {speak} of this drug."
        notes = [*notes[:MAX_NOTES], rest]
    return tuple(notes)


def _speaks(dose: Dose, rule: Rule) -> bool:
    return rule.kind is RuleKind.GAP or matches(dose, rule)


def _hit(rule: Rule) -> str:
    what = {
        RuleKind.FORBIDDEN: "forbids this dose",
        RuleKind.WARNING: "warns of this dose",
    }.get(rule.kind, "says that the sources give no dose")
    return _sentence(f"{_STATUS[rule.status]} ({rule.id}) {what}: {rule.note}".removesuffix(": "))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}".rstrip(".") + "."
