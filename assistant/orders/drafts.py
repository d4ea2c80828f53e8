"""What the rules table says of an order: reviewed rules decide, all others are notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from assistant.dosing import Dose
from assistant.dosing.axes import RuleAxis
from assistant.dosing.table.judge import judge
from assistant.dosing.table.model import RuleKind, Table
from assistant.dosing.table.notes import entry_breach
from assistant.dosing.table.select import DoseContext, select_rules
from assistant.dosing.table.standing import matches
from assistant.orders.model import Problem, ProblemKind
from assistant.orders.words import sentence

NOT_REVIEWED = "rule not reviewed by a pharmacist"

_DECIDES = frozenset({RuleAxis.INSIDE, RuleAxis.ABOVE, RuleAxis.BELOW, RuleAxis.BEYOND})
_AGAINST = {RuleKind.FORBIDDEN: "Forbidden", RuleKind.WARNING: "Warning"}


@dataclass(frozen=True, slots=True)
class Judged:
    """The rule axis of one dose; ``decides`` when a reviewed rule stands behind it."""

    axis: RuleAxis
    why: str
    notes: tuple[str, ...]

    @property
    def decides(self) -> bool:
        """Whether the axis may change a verdict."""
        return self.axis in _DECIDES


@dataclass(frozen=True, slots=True)
class DraftNotes:
    """The rules table on one day."""

    table: Table
    day: date

    def judge(self, dose: Dose) -> Judged:
        """What reviewed rules decide of a dose, with what they say."""
        found = judge(dose, DoseContext(day=self.day), self.table)
        notes = (sentence(found.why),) if found.axis in _DECIDES and found.why else ()
        return Judged(found.axis, found.why, notes)

    def problems(self, dose: Dose, supported: bool) -> tuple[Problem, ...]:
        """What unreviewed rules forbid or warn of; a warning of a dose that fits is left out."""
        return tuple(self._problems(dose, supported))

    def _problems(self, dose: Dose, supported: bool) -> Iterator[Problem]:
        if dose.drug is None or dose.high is None:
            return
        context = DoseContext(day=self.day)
        told: set[str] = set()
        entry = self.table.drugs.get(dose.drug)
        breach = entry_breach(dose, entry) if entry and not supported else ""
        if breach:
            yield Problem(ProblemKind.RULE, f"{sentence(breach)} ({sentence(NOT_REVIEWED)})")
        for rule in select_rules(dose, context, self.table).unreviewed:
            against = _AGAINST.get(rule.kind)
            if against is None or rule.note in told or not matches(dose, rule):
                continue
            if supported and rule.kind is RuleKind.WARNING:
                continue
            told.add(rule.note)  # the bands of one table share their note
            text = f"{against} ({NOT_REVIEWED}, {rule.id}): {rule.note}"
            passage = next((s.passage_id for s in rule.sources if s.passage_id), None)
            yield Problem(ProblemKind.RULE, sentence(text), passage)
