"""Answer -> Markdown, exactly as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from assistant.answer import Answer, LedgerDose
from assistant.model import Outcome, Refusal
from assistant.notices import Notice
from corpus.model import WITHIN

VERDICT_WORDS = {
    "VERIFIED": "✓ verified: matches the cited passage and a reviewed rule",
    "WITHIN_RANGE": "✓ lies within the range of the cited passage",
    "SOURCE_ONLY": "✓ matches the cited passage",
    "INCOMPLETE": "△ incomplete: see the cited passage for its limits",
    "BELOW_USUAL": "△ below the usual range",
    "ABOVE_USUAL": "△ above the usual range",
    "SOURCE_CONFLICT": "△ sources differ",
    "UNKNOWN_DRUG": "✓ matches the cited passage; the rules do not know this drug",
}
ROLE_WORDS = {
    "rejected": "✗ not this dose: the passage advises another",
    "previous": "△ an earlier dose, not the one to give",
    "warning": "△ named in a warning: read the passage",
}
ROLE_NOTES = {
    "maximum": " (a maximum)",
    "minimum": " (a minimum)",
    "cumulative_limit": " (a cumulative limit)",
    "total": " (a total over all doses)",
    "relative": " (a share of the dose)",
    "evidence": " (given in a study; no recommendation)",
}
DECLINED, LIMITED = "No answer from the library", "Limited answer"
# Each class of why a question is not simply answered, as it heads its sentence.
DECLINED_WORDS: Mapping[str, str] = {
    Refusal.NOT_IN_LIBRARY: "Not in the library",
    Refusal.OUTSIDE_SCOPE: "Outside what this library is for",
    Refusal.EMERGENCY: "Please seek help now",
}
LIMITED_WORDS: Mapping[str, str] = {
    Refusal.NOT_IN_LIBRARY: "Limited answer: not all of this is in the library",
    Refusal.DOUBTFUL: "The library may not answer this",
    Refusal.WRONG_PREMISE: "Not as the question says",
}
NOTICE_WORDS = {
    Refusal.EMERGENCY: "Emergency",
    Refusal.MISSING_VALUE: "Patient values",
    Refusal.HIDDEN_INSTRUCTION: "Instruction not followed",
    Refusal.UNCONFIRMED: "Compare with your question",
}
NO_RULE = (
    "Each dose was compared with its cited passage. No rule reviewed by a pharmacist exists "
    "for these uses."
)
ALSO = "Also in the library, not shown:"
FOLLOW_UPS = "You could also ask"
SAFETY = (
    "Not for emergencies. Decision support for clinicians: compare with the cited source, "
    "the local formulary and a pharmacist before prescribing."
)


def render(answer: Answer) -> str:
    """The whole answer in Markdown: bottom line, sections, doses, references, notice."""
    blocks: list[str] = []
    if answer.understood:
        blocks.append(f"*Understood as: {answer.understood}.*")
    blocks += _notices(n for n in answer.notices if n.kind is not Refusal.MISSING_VALUE)
    if answer.outcome is Outcome.DECLINED:
        words = DECLINED_WORDS.get(answer.refusal, DECLINED)
        blocks.append(f"**{words}.** {answer.reason}")
        if answer.nearest:
            near = "\n".join(f"- {title}" for title in answer.nearest)
            blocks.append(f"The nearest parts of the library:\n\n{near}")
    elif answer.outcome is Outcome.LIMITED:
        blocks.append(f"**{LIMITED_WORDS.get(answer.refusal, LIMITED)}.** {answer.reason}")
    # What is wrong in the question comes before what it lacks.
    blocks += _notices(n for n in answer.notices if n.kind is Refusal.MISSING_VALUE)
    also = () if answer.outcome is Outcome.DECLINED else answer.nearest
    marks = {reference.n: reference.verification for reference in answer.references}
    for section, claims in groupby(answer.claims, key=lambda claim: claim.section):
        lines = [f"- {claim.text} {_citations(claim.citations, marks)}" for claim in claims]
        blocks.append(f"### {section}\n\n" + "\n".join(lines))
    if also:
        blocks.append(f"{ALSO}\n\n" + "\n".join(_offered(also)))
    if answer.withheld:
        blocks.append(_withheld(answer))
    if answer.calculations:
        blocks.append(_calculations(answer))
    if answer.doses:
        blocks.append(_ledger(answer))
    if answer.references:
        entries = "\n".join(_references(answer))
        blocks.append(f"### References\n\n{entries}")
    if answer.suggestions:
        asked = "\n".join(f"- {text}" for text in answer.suggestions)
        blocks.append(f"### {FOLLOW_UPS}\n\n{asked}")
    blocks.append(f"---\n\n*{SAFETY} {answer.notice}*")
    return "\n\n".join(blocks) + "\n"


def _notices(found: Iterable[Notice]) -> list[str]:
    return [f"**{NOTICE_WORDS[notice.kind]}.** {notice.text}" for notice in found]


def _offered(titles: Sequence[str]) -> Iterator[str]:
    """The parts that are offered: one line for each document, with its headings."""
    headings: dict[str, list[str]] = {}
    for title in titles:
        document, _, heading = title.partition(WITHIN)
        headings.setdefault(document, []).append(heading)
    for document, parts in headings.items():
        named = "; ".join(part for part in parts if part)
        yield f"- {document}: {named}" if named else f"- {document}"


def verdict_words(dose: LedgerDose) -> str:
    """What the ledger says of a dose, in words with a symbol."""
    return ROLE_WORDS.get(dose.role) or (
        VERDICT_WORDS.get(dose.verdict, dose.verdict) + ROLE_NOTES.get(dose.role, "")
    )


def _citations(numbers: tuple[int, ...], marks: dict[int, str]) -> str:
    cited = " ".join(f"[{n}]" for n in numbers)
    mark = next((marks[n] for n in numbers if marks.get(n)), "")
    return f"{cited} *({mark})*" if mark else cited


def _ledger(answer: Answer) -> str:
    numbers = {reference.passage_id: reference.n for reference in answer.references}
    rows = [
        f"| {_cell(dose.drug or 'drug not named')} | {_cell(dose.text)} "
        f"| {verdict_words(dose)} | [{numbers[dose.passage_id]}] |"
        for dose in answer.doses
    ]
    head = "| Drug | Dose as quoted | Check | Source |\n|---|---|---|---|"
    table = "### Doses in this answer\n\n" + "\n".join([head, *rows])
    if any(dose.rule_status != "reviewed" for dose in answer.doses):
        table += f"\n\n{NO_RULE}"
    return table


def _withheld(answer: Answer) -> str:
    """What is not shown, and why, without its number; the passage itself can be looked up."""
    lines = dict.fromkeys(
        f"- {item['why']}" + (f" ({item['passage_id']})" if item["passage_id"] else "")
        for item in answer.withheld
    )
    return "### Not shown\n\n" + "\n".join(lines)


def _calculations(answer: Answer) -> str:
    """Each working line by line, under the words that say what it is."""
    numbers = {reference.passage_id: reference.n for reference in answer.references}
    blocks = ["### Worked out for this patient"]
    for item in answer.calculations:
        cited = f"[{numbers[item.passage_id]}]" if item.passage_id in numbers else ""
        name = item.drug or "patient values"
        head = f"**{name[0].upper()}{name[1:]}:**"
        blocks.append(" ".join(part for part in (head, item.notice, cited) if part))
        blocks.append("\n".join(f"- **{label}:** {text}" for label, text in item.lines))
    return "\n\n".join(blocks)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _references(answer: Answer) -> Iterator[str]:
    """One line each; a source that was printed before is named by its reference number."""
    printed: dict[str, int] = {}
    for reference in answer.references:
        first = printed.setdefault(reference.primary, reference.n)
        source = reference.primary if first == reference.n else f"Same source as [{first}]."
        parts = [source, f"*{reference.section}*."]
        if reference.report:
            parts.append(f"{reference.report[0].upper()}{reference.report[1:]}.")
        also = [text for text in reference.sources[1:] if text not in printed]
        if also:
            parts.append(f"Also: {' '.join(also)}")
        kind = ", ".join(str(x) for x in (reference.kind.capitalize(), reference.year) if x)
        parts.append(f"{kind}; {reference.review_status}.")
        yield f"{reference.n}. " + " ".join(parts)
