"""The section of the page that lists the worst items, with the passages they are about.  (pure)

Items of the test split are counted, never shown: they are there to measure.
"""

from __future__ import annotations

from collections.abc import Mapping

from eval.markup import escaped, folded, paragraph
from eval.model import Judgement, RefusalClass, Run
from eval.report import HIDDEN, worst_items

SHOWN_CARRIERS = 3  # texts of passages that carry one missed key fact


def worst_section(run: Run, count: int) -> str:
    """The worst items, worst first: question, what was shown, what was missed."""
    listed, hidden = worst_items(run.judgements, count)
    blocks = [_item(judgement, run.passages) for judgement in listed]
    if hidden:
        blocks.append(paragraph(f"{hidden} {HIDDEN} The results hold them."))
    return "".join(blocks) or paragraph("None.")


def _item(judgement: Judgement, passages: Mapping[str, str]) -> str:
    case, observed = judgement.case, judgement.observed
    expect = " or ".join(map(str, case.expect))
    outcome = str(observed.outcome or "failed")
    wrong = judgement.refusal is not RefusalClass.RIGHT
    facts = ""
    if judgement.fates:
        shown = len(judgement.fates) - len(judgement.missed)
        facts = f" Key facts shown: {shown} of {len(judgement.fates)}."
    verdict = f"Outcome: {outcome}; right would be {expect}" + (
        f" ({judgement.refusal})." if wrong else "."
    )
    parts = [
        f"<h3>{escaped(case.id)} <small>{escaped(case.file)}, {escaped(case.section)}</small></h3>",
        f"<blockquote>{escaped(' '.join(case.question.text.split()))}</blockquote>",
        paragraph(verdict + facts),
    ]
    if observed.error:
        parts.append(paragraph("Error: " + " ".join(observed.error.split())))
    parts += [_missed(judgement, passages), _shown(judgement, passages)]
    for name, texts in (
        ("Unsupported", judgement.unsupported),
        ("Unsupported number", judgement.unsupported_numbers),
        ("Must not be said", judgement.forbidden),
    ):
        parts += [paragraph(f"{name}: {text}", "bad") for text in texts]
    return f'<article class="item">{"".join(parts)}</article>'


def _missed(judgement: Judgement, passages: Mapping[str, str]) -> str:
    carriers = dict(judgement.carriers)
    entries = []
    for fact, fate in judgement.missed:
        ids = [id_ for id_ in carriers.get(fact, ()) if id_ in passages]
        entries.append(
            f"<dt>{escaped(fact)}: {escaped(fate)}</dt>"
            + "".join(f"<dd>{_passage(id_, passages)}</dd>" for id_ in ids[:SHOWN_CARRIERS])
            + (_more(len(ids) - SHOWN_CARRIERS, "carry it as well"))
        )
    if not entries:
        return ""
    return f'<h4>Missed</h4><dl class="passages">{"".join(entries)}</dl>'


def _more(count: int, what: str) -> str:
    if count <= 0:
        return ""
    return f'<dd class="note">{count} more {escaped(what)}.</dd>'


def _shown(judgement: Judgement, passages: Mapping[str, str]) -> str:
    ids = list(dict.fromkeys(i for said in judgement.observed.said for i in said.cites))
    if not ids:
        return paragraph("Nothing was shown.", "note")
    noun = "passage" if len(ids) == 1 else "passages"
    listed = "".join(f"<li>{_passage(id_, passages)}</li>" for id_ in ids)
    return folded(f"Shown: {len(ids)} {noun}", f'<ol class="passages">{listed}</ol>')


def _passage(id_: str, passages: Mapping[str, str]) -> str:
    text = passages.get(id_)
    said = f" {escaped(text)}" if text is not None else ""
    return f"<code>{escaped(id_)}</code>{said}"
