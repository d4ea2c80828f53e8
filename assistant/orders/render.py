"""The check of an order as plain text for the command line."""

from __future__ import annotations

from assistant.dosing import Finding
from assistant.orders.model import LibraryDose, OrderCheck, OrderFinding
from assistant.orders.words import sentence
from assistant.render import SAFETY

STATE_WORDS = {
    "VERIFIED": "matches the library and a reviewed rule",
    "WITHIN_RANGE": "lies within a range that the library gives",
    "SOURCE_ONLY": "matches a dose of the library; no rule was reviewed by a pharmacist",
    "BELOW_USUAL": "below the usual range",
    "ABOVE_USUAL": "above the usual range",
    "SOURCE_CONFLICT": "the sources disagree",
    "INCOMPLETE": "fits a dose of the library, but something is left out or could not be checked",
    "UNKNOWN_DRUG": "the library holds no dose of this drug",
    "WRONG_CITATION": "stands in another source",
    "NOT_IN_SOURCE": "the source gives no dose of this drug",
    "MISMATCH": "does not match the library",
    "INCONSISTENT": "the order contradicts itself",
    "HARD_LIMIT": "beyond a reviewed limit",
    "UNREADABLE": "could not be read safely",
    "NO_NUMBERS": "no dose to check",
}


_AMOUNT_ONLY = 2  # words of an amount; longer words of a passage say how often themselves


def render_check(check: OrderCheck) -> str:
    """The state, then each dose with what is wrong and the library's own doses."""
    lines = [f"{check.state}: {STATE_WORDS[check.state]}."]
    if check.message:
        lines.append(check.message)
    for finding in check.findings:
        lines += ["", *_finding(finding)]
    return "\n".join([*lines, "", SAFETY]) + "\n"


def _finding(finding: Finding | OrderFinding) -> list[str]:
    name = f"{finding.drug}, " if finding.drug else ""
    text = " ".join(finding.text.split())
    lines = [f"{name}{text}: {STATE_WORDS[str(finding.verdict)]} ({finding.verdict})"]
    if not isinstance(finding, OrderFinding):
        return [*lines, f"  {finding.why}"]
    told = [f"  - {problem.kind}: {problem.text}" for problem in finding.problems]
    lines += told or [f"  {finding.why}"]
    lines += [f"  - note: {note}" for note in finding.notes]
    if finding.library:
        lines.append("  The library's doses of this drug, nearest first:")
        lines += [f"    {_dose(dose)}" for dose in finding.library]
    if finding.more:
        lines.append(f"    and {finding.more} more")
    return lines


def _dose(dose: LibraryDose) -> str:
    said = "" if dose.supports else f"[{dose.standing}: supports no order] "
    often = dose.frequency if len(dose.text.split()) <= _AMOUNT_ONLY else ""
    what = ", ".join(w for w in (" ".join(dose.text.split()), often, dose.population) if w)
    return f"{said}{what}: {dose.passage_id}. {dose.short}. {sentence(dose.verification)}"
