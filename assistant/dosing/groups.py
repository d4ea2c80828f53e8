"""For whom an amount is meant: a group of patients, an age, a weight, a laboratory value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dosing.clauses import Sentence
from assistant.dosing.keys import comparator_of, key_of_token
from assistant.dosing.model import Kind
from assistant.dosing.tokens import Quantity, Token

_POPULATIONS: tuple[tuple[str, str], ...] = (
    (r"pregnan\w+", "pregnancy"),
    (r"elderly|older\s(?:adults?|people|patients)|geriatric", "elderly"),
    (r"infants?|neonat\w+|newborns?|preterm", "infant"),
    (r"child(?:ren)?|p(?:a)?ediatric\w*", "child"),
    (r"adults?", "adult"),
    (
        r"renal\s(?:impairment|failure|dysfunction|insufficiency|disease)|kidney\s(?:impairment"
        r"|failure|disease)|(?:creatinine\sclearance|crcl|clcr|e?gfr)(?=\s?(?:of|is|was|below"
        r"|above|under|less|between|at|[<>≤≥\d]))|dialysis|haemodialysis|hemodialysis",
     "renal_impairment"),
    (
        r"hepatic\s(?:impairment|failure|dysfunction)|liver\s(?:impairment|failure|disease)"
        r"|cirrhosis|child-pugh", "hepatic_impairment"),
)  # fmt: skip
# Which letters a group begins with is asked first: most words are ruled out by that alone.
_POPULATION_RE = re.compile(
    rf"(?i:\b(?=[acdeghiklnopr])(?:{'|'.join(f'(?P<{g}>{p})' for p, g in _POPULATIONS)})\b)"
)


_DIRECT = re.compile(
    r"(?i:[\s:(=-]{1,3}(?:(?:give|use|receive|need|dose|doses|of|at|is|are|weighing|aged|old"
    r"|of\sage|years?|months?|or\smore|or\sover|and\sover)\s){0,3})\Z"
)
_CONDITIONS = frozenset({Kind.AGE, Kind.BODY_SIZE, Kind.LAB})


def groups_in(text: str) -> tuple[str, ...]:
    """The groups of patients that a heading names, in order.

    >>> groups_in("Doses in children and infants")
    ('child', 'infant')
    """
    return tuple(dict.fromkeys(str(m.lastgroup) for m in _POPULATION_RE.finditer(text)))


def attach_groups(
    text: str, sentence: Sentence, quantities: Sequence[Quantity], tokens: Sequence[Token]
) -> None:
    """Give each amount its group of patients and the conditions that are set for it."""
    groups = [
        (*m.span(), str(m.lastgroup))
        for m in _POPULATION_RE.finditer(text, sentence.start, sentence.end)
    ]
    for quantity, name in _owners(text, sentence, quantities, groups):
        quantity.population = quantity.population or name
    conditions = [
        (t.start, t.end, comparator_of(text, t) + key_of_token(text, t))
        for t in tokens
        if t.kind in _CONDITIONS
    ]
    for quantity, name in _owners(text, sentence, quantities, conditions):
        if name not in quantity.conditions:
            quantity.conditions.append(name)


def _owners(
    text: str,
    sentence: Sentence,
    quantities: Sequence[Quantity],
    found: Sequence[tuple[int, int, str]],
) -> list[tuple[Quantity, str]]:
    """Which amounts each mention is about: the one right after it, else the one before it.

    A mention before every amount is about all of them, unless it stands in brackets.
    """
    if not found:
        return []
    owned: list[tuple[Quantity, str]] = []
    leading: list[tuple[int, str]] = []  # how far each reaches, and its name
    for start, end, name in found:
        clause = sentence.clause_at(start)
        before = [q for q in quantities if q.end <= start and q.start >= clause.start]
        after = next((q for q in quantities if end <= q.start < clause.end), None)
        if after is not None and _DIRECT.fullmatch(text[end : after.start]):
            owned.append((after, name))
        elif before:
            owned.append((before[-1], name))
        if not any(q.end <= start for q in quantities):
            leading.append((_reach(text, end, sentence.end), name))
    named = {id(q) for q, _ in owned}
    for quantity in quantities:
        if id(quantity) not in named:
            reaching = next((n for to, n in reversed(leading) if quantity.start <= to), None)
            if reaching is not None:
                owned.append((quantity, reaching))
    return owned


def _reach(text: str, at: int, end: int) -> int:
    """How far a mention is heard: to the end of the bracket that it stands in, or to ``end``."""
    depth = 0
    for bracket in _BRACKET.finditer(text, at, end):
        depth += 1 if bracket.group() == "(" else -1
        if depth < 0:
            return bracket.start()
    return end


_BRACKET = re.compile("[()]")
