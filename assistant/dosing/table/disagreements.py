"""Rules that contradict each other, side by side: every group with all that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.dosing.table.model import Rule, RuleKind, Table
from assistant.dosing.table.rule_lines import CHECKED, say_context, say_schedule
from assistant.dosing.table.words import say_dose
from corpus.library import Library

_INTRO = """\
Sources that give different doses for one use. They are never merged and none is preferred: the
program shows them side by side, and calculates only from the one that a person chose.
"""


def disagreements(table: Table) -> tuple[tuple[Rule, ...], ...]:
    """Groups of rules that contradict each other, directly or by way of a third."""
    linked: dict[str, set[str]] = {rule_id: set() for rule_id in table.rules}
    for rule in table.rules.values():
        for other in rule.conflicts_with:
            linked[rule.id].add(other)
            linked[other].add(rule.id)
    groups, seen = [], set()
    for rule_id in sorted(table.rules):
        found: set[str] = set()
        waiting = [rule_id] if rule_id not in seen else []
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += linked[one]
        seen |= found
        if len(found) > 1:
            groups.append(tuple(table.rules[one] for one in sorted(found)))
    return tuple(groups)


def disagreement_lines(table: Table, library: Library, numbers: Mapping[str, int]) -> Iterator[str]:
    """One table for each group; nothing when no rule contradicts another."""
    groups = disagreements(table)
    if not groups:
        return
    yield from ("## Disagreements between sources", "", _INTRO)
    for group in groups:
        names = dict.fromkeys(library.drugs.name_of(rule.drug) for rule in group)
        yield from (f"### {', '.join(names)}: {' / '.join(_uses(group))}", "")
        yield "| Rule | Dose | For | Schedule | Source | Checked |"
        yield "|---|---|---|---|---|---|"
        yield from (_row(rule, numbers) for rule in group)
        yield ""


def _uses(group: tuple[Rule, ...]) -> dict[str, None]:
    return dict.fromkeys(
        indication
        for rule in group
        for indication in (rule.context.indications or ("any indication",))
    )


def _row(rule: Rule, numbers: Mapping[str, int]) -> str:
    dose = "none" if rule.dose is None else say_dose(rule.dose)
    if rule.kind is not RuleKind.DOSE:
        dose = f"{dose} ({rule.kind})"
    sources = dict.fromkeys(f"{s.key} [{numbers[s.key]}]" for s in rule.sources[:1])
    cells = (
        f"`{rule.id}`",
        dose,
        say_context(rule),
        say_schedule(rule.schedule),
        ", ".join(sources),
        CHECKED[rule.verification],
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
