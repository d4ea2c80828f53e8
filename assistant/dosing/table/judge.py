"""The rule axis of one dose: what the reviewed rules say, and what others would say.

Only rules that are reviewed and in date decide. Every other rule may add a note, marked as
unreviewed; it never clears a dose and never withholds one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.dosing.axes import RuleAxis, RuleJudgement
from assistant.dosing.model import Dose, DoseRole
from assistant.dosing.table.model import Rule, RuleKind, Table
from assistant.dosing.table.notes import (
    entry_breach,
    explain,
    limit_of,
    unreviewed_notes,
    usual_of,
)
from assistant.dosing.table.select import DoseContext, Selection, select_rules
from assistant.dosing.table.standing import Often, Standing, gives_dose, matches, stand

_AGAINST = frozenset({RuleKind.FORBIDDEN, RuleKind.WARNING})
_NOT_ADVISED = frozenset({DoseRole.REJECTED, DoseRole.PREVIOUS})


def judge(dose: Dose, context: DoseContext, table: Table) -> RuleJudgement:
    """What the rules table says of a dose in its context; never raises.

    A table without drugs says nothing of any drug (NONE). A relative dose, and an amount that
    the text rejects or reports as past, are not judged.
    """
    if not table.drugs:
        return RuleJudgement(axis=RuleAxis.NONE, why="There is no rules table.")
    entry = table.drugs.get(dose.drug or "")
    if entry is None:
        why = f"The rules table has no entry for {dose.drug_name or 'this drug'}."
        return RuleJudgement(axis=RuleAxis.UNKNOWN_DRUG, why=why)
    if dose.role in _NOT_ADVISED:
        return RuleJudgement(axis=RuleAxis.NONE, why="The text does not advise this amount.")
    if dose.role is DoseRole.RELATIVE or dose.unit == "%":
        return RuleJudgement(axis=RuleAxis.NONE, why="A relative dose has no rule.")
    chosen = select_rules(dose, context, table)
    breach = entry_breach(dose, entry)
    notes = unreviewed_notes(dose, chosen.unreviewed, entry)
    # An entry has no reviewer of its own: it decides once a rule of its drug is reviewed.
    if breach and any(rule.reviewed_on(context.day) for rule in table.of_drug(entry.id)):
        return RuleJudgement(axis=RuleAxis.BEYOND, why=breach, notes=notes)
    if breach:
        notes = (f"{breach} No rule of this drug has been reviewed.", *notes)
    standings = [stand(dose, rule, entry) for rule in chosen.reviewed if gives_dose(rule)]
    hits = [r for r in chosen.reviewed if r.kind in _AGAINST and matches(dose, r)]
    if not standings and not hits:
        return _undecided(chosen, notes)
    judged = _decide(standings, hits, notes)
    required = any(rule.schedule.frequency_required for rule in chosen.reviewed)
    return replace(judged, frequency_required=required)


def _undecided(chosen: Selection, notes: tuple[str, ...]) -> RuleJudgement:
    gaps = [rule for rule in chosen.reviewed if rule.kind is RuleKind.GAP]
    if gaps:
        why = "The sources that were read give no dose of this drug here."
        ids = tuple(rule.id for rule in gaps)
        return RuleJudgement(axis=RuleAxis.NONE, why=why, rule_ids=ids, notes=notes)
    if chosen.unreviewed:
        why = "No rule for this use has been reviewed."
        return RuleJudgement(axis=RuleAxis.UNREVIEWED, why=why, notes=notes)
    why = "The rules table has no rule for this use."
    return RuleJudgement(axis=RuleAxis.NONE, why=why, notes=notes)


def _decide(
    standings: Sequence[Standing], hits: Sequence[Rule], notes: tuple[str, ...]
) -> RuleJudgement:
    axis, used = combine(standings)
    why = explain(used) if standings else ""
    for rule in hits:
        # A forbidden range and a reviewed dose can share an amount: then it is only noted.
        vouched = axis is RuleAxis.INSIDE or rule.kind is RuleKind.WARNING
        axis = max(axis, RuleAxis.ABOVE if vouched else RuleAxis.BEYOND, key=_rank)
        verb = "forbids" if rule.kind is RuleKind.FORBIDDEN else "warns of"
        why = f"Rule {rule.id} {verb} this dose. {rule.note} {why}".strip()
    return RuleJudgement(
        axis=axis,
        why=why,
        rule_ids=tuple(rule.id for rule in (*hits, *(s.rule for s in used))),
        usual=_listed(used, usual_of),
        limit=_listed(used, limit_of),
        notes=notes,
    )


_RANKS = (RuleAxis.INSIDE, RuleAxis.NONE, RuleAxis.BELOW, RuleAxis.ABOVE, RuleAxis.BEYOND)


def _rank(axis: RuleAxis) -> int:
    """How far a dose is from what the rules give; the larger, the worse."""
    return _RANKS.index(axis)


def combine(standings: Sequence[Standing]) -> tuple[RuleAxis, tuple[Standing, ...]]:
    """The axis over all rules that hold, and the standings on which it rests.

    The narrowest usual range decides between inside, above and below: the dose must be inside
    every rule. The highest hard limit decides on beyond: it must be past every rule, and a hard
    limit comes from a rule's own hard limit only.
    """
    compared = [s for s in standings if s.axis is not RuleAxis.NONE or not s.often.fits]
    if not compared:
        return RuleAxis.NONE, ()
    fitting = [s for s in compared if s.often.fits]
    if not fitting:
        return _wrong_frequency(compared), tuple(compared)
    axes = [s.axis for s in fitting]
    forbidden = [s for s in compared if s.often is Often.FORBIDDEN]
    high = all(axis in {RuleAxis.BEYOND, RuleAxis.ABOVE} for axis in axes)
    if high and RuleAxis.BEYOND in axes:
        axis = RuleAxis.BEYOND
    elif RuleAxis.BEYOND in axes or RuleAxis.ABOVE in axes:
        axis = RuleAxis.ABOVE
    else:
        axis = max(axes, key=_rank)
    if forbidden:
        # One rule forbids what another allows in so many words; silence allows nothing.
        allowed = any(s.often is Often.ALLOWED for s in fitting)
        axis = max(axis, RuleAxis.ABOVE if allowed else RuleAxis.BEYOND, key=_rank)
    return axis, (*forbidden, *fitting)


def _wrong_frequency(standings: Sequence[Standing]) -> RuleAxis:
    """No rule gives the drug as often as this: too often is beyond, too seldom is below."""
    forbidden = any(s.often is Often.FORBIDDEN for s in standings)
    too_often = all(s.often is Often.MORE for s in standings)
    too_much = all(s.axis is RuleAxis.BEYOND for s in standings)
    if forbidden or too_often or too_much:
        return RuleAxis.BEYOND
    high = any(s.axis in {RuleAxis.ABOVE, RuleAxis.BEYOND} for s in standings)
    return RuleAxis.ABOVE if high else RuleAxis.BELOW


def _listed(used: Sequence[Standing], say: Callable[[Standing], str]) -> str:
    """What each rule says, with its id where there are several."""
    texts = [(s.rule.id, say(s)) for s in used]
    found = [(rule_id, text) for rule_id, text in texts if text]
    if len(found) == 1:
        return found[0][1]
    return "; ".join(f"{text} (rule {rule_id})" for rule_id, text in found)
