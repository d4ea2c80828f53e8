"""What a dose may hide in without being readable: a number without a unit, an unknown name."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

from assistant.dosing import Detail, Dose, Verdict
from assistant.dosing.model import MAX_TEXT, Kind, Number, Parsed
from assistant.dosing.strangers import stranger_beside
from assistant.orders.model import OrderFinding, Problem, ProblemKind
from corpus.drugs import DrugTable

# Between a drug's name and its dose an order writes nothing else.
_FILL = (
    r"(?:doses?|dosage|dosed|at|of|to|is|with|from|give|given|giving|start|started|starting|now"
    r"|then|increase|increased|reduce|reduced|decrease|decreased|change|changed|continue|iv"
    r"|i\.v\.|po|p\.o\.|sc|s\.c\.|subcut|im|i\.m\.|it|oral|orally|intravenous|intravenously"
    r"|subcutaneous|intrathecal|intramuscular|inj|injection|infusion|pulse|pulsed|stat|loading"
    r"|maintenance|tabs?|tablets?|daily|weekly|od|bd|bid|tds|tid|qds|qid|per|day)"
)
_BETWEEN = re.compile(rf"[\s:=,(\-–]*(?:{_FILL}\b[\s:=,(.\-–]*)*", re.IGNORECASE)
_OFTEN = re.compile(
    r"\s*(?:(?:iv|po|sc|im|it|orally)\s+)?(?:od|bd|bid|tds|tid|qds|qid|daily|weekly|twice|once"
    r"|every|q\d|nightly|stat)\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d[\d,]*(?:\.\d+)?")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|\s?(?:doses?|cycles?|courses?|infusions?)\b")
_LISTED = re.compile(r"\s?[.)]\s")
_MARK = re.compile(r"(?<![\d.,])(\d{1,2})[.)]\s")
_COUNTED = re.compile(
    r"\b(?:cycle|course|day|week|dose|number|no|line|phase|arm|step|stage)\.?\s*\Z",
    re.IGNORECASE,
)
_LONGEST = 40


def unread_sentences(read: Parsed) -> Iterator[OrderFinding]:
    """A finding for each sentence that the reader refused, so that none passes in silence."""
    why = "This sentence could not be read safely: it is too long, or holds too many numbers."
    for start, end in read.unread:
        yield OrderFinding(
            start=start,
            end=end,
            text=read.text[start:end],
            drug=None,
            verdict=Verdict.UNREADABLE,
            why=why,
            detail=Detail.UNIT,
            problems=(Problem(ProblemKind.UNREADABLE, f"{why} Check it part by part."),),
        )


def numbers_without_unit(read: Parsed, drugs: DrugTable) -> Iterator[OrderFinding]:
    """A finding for each number beside a drug that no unit follows: "etoposide 150 weekly".

    Numbers that the reader explains (days, cycles, counts, names) are not among them.
    """
    text = read.text
    mentions = drugs.find(text, lax=True)
    starts = [mention.start for mention in mentions]
    marks = {int(m[1]) for m in _MARK.finditer(text)}
    for number in read.numbers:
        if number.kind is not Kind.UNKNOWN or not _PLAIN.fullmatch(number.text):
            continue
        if any(start <= number.start < end for start, end in read.unread):
            continue
        if _ORDINAL.match(text, number.end) or _is_list_mark(text, number, marks):
            continue
        at = bisect(starts, number.start)
        for mention in mentions[max(0, at - 1) : at + 1]:
            if not _beside(text, number, mention.start, mention.end):
                continue
            name = text[mention.start : mention.end]
            why = f"No unit: the number {number.text} beside {name} can't be read as a dose."
            yield OrderFinding(
                start=number.start,
                end=number.end,
                text=number.text,
                drug=mention.drug_id,
                verdict=Verdict.UNREADABLE,
                why=why,
                detail=Detail.UNIT,
                problems=(
                    Problem(
                        ProblemKind.NO_UNIT,
                        f"{why} Write its unit, and per kg, per m² or as a fixed amount.",
                    ),
                ),
            )
            break


def _beside(text: str, number: Number, start: int, end: int) -> bool:
    if end <= number.start:
        between = text[end : number.start]
        return len(between) <= _LONGEST and _BETWEEN.fullmatch(between) is not None
    if number.end <= start and not _COUNTED.search(
        text[max(0, number.start - _LONGEST) : number.start]
    ):
        between = text[number.end : start]
        return between.strip() in {"", "of"} and _OFTEN.match(text, end) is not None
    return False


def _is_list_mark(text: str, number: Number, marks: frozenset[int] | set[int]) -> bool:
    """``1. etoposide 2. dexamethasone``: the numbers of a list."""
    if not _LISTED.match(text, number.end) or not number.text.isdigit():
        return False
    return len(number.text) < len(str(MAX_TEXT)) and int(number.text) - 1 in marks


def unknown_name(dose: Dose, read: Parsed) -> str:
    """The word in the place of an amount's drug that no table knows; "" without one."""
    text = read.text
    for start, end, _ in read.named:
        text = text[:start] + " " * (end - start) + text[end:]
    return stranger_beside(text, 0, dose.start, dose.end)
