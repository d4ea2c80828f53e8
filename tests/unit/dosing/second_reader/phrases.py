"""The longest dose phrase at each terminal, by the LALR(1) grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Tree, UnexpectedToken
from lark.lexer import Lexer

from .lexer import Terminal
from .lexicon import LINKS, MEASURED, OUTCOMES, REDUCE

GRAMMAR = Path(__file__).with_name("dose_phrase.lark")

_CUT_REACH = 8  # terminals between "reduce" and its percentage


class Terminals(Lexer):
    """Hands a list of ready tokens to the parser."""

    def __init__(self, lexer_conf: Any) -> None:
        pass

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        yield from data


@lru_cache(maxsize=1)
def grammar() -> Lark:
    """The grammar; ``strict`` refuses it if it has a single conflict."""
    return Lark(GRAMMAR.read_text("utf-8"), parser="lalr", lexer=Terminals, strict=True)


@lru_cache(maxsize=1)
def _first() -> frozenset[str]:
    return frozenset(grammar().parse_interactive([]).choices())  # type: ignore[no-untyped-call]


def phrases(terminals: Sequence[Terminal]) -> Iterator[tuple[int, Tree[Token]]]:
    """The longest phrase that starts at each terminal outside another phrase."""
    terminals = _cuts(terminals)
    at = 0
    while at < len(terminals):
        found = _longest(terminals, at) if terminals[at].type in _first() else None
        if found is None:
            at += 1
        else:
            tree, end = found
            yield at, tree
            at = end


def _longest(terminals: Sequence[Terminal], start: int) -> tuple[Tree[Token], int] | None:
    end = len(terminals)
    while end > start:
        tokens = [Token(t.type, t.value, start + n) for n, t in enumerate(terminals[start:end])]
        try:
            return grammar().parse(tokens), end
        except UnexpectedToken as error:
            # What came before the refused token may be a phrase; at the end, one token less.
            at = error.token.start_pos
            end = end - 1 if error.token.type == "$END" or at is None else min(at, end - 1)
    return None


def _cuts(terminals: Sequence[Terminal]) -> list[Terminal]:
    """The same, with "by" and "to" marked where a dose is reduced by or to a percentage."""
    marked = list(terminals)
    for i, terminal in enumerate(terminals[:-1]):
        preposition = terminal.text.lower()
        if preposition not in {"by", "to"} or terminals[i + 1].type != "FIGURE":
            continue
        before = terminals[max(0, i - _CUT_REACH) : i]
        words = [t.text.lower() for t in before]
        verbs = [n for n, word in enumerate(words) if word in REDUCE]
        if not verbs or OUTCOMES & set(words[verbs[-1] :]):
            continue
        if any(t.type in {"DRUG", "DOSE", "DOSES"} for t in before):
            kind = "CUT_BY" if preposition == "by" else "CUT_TO"
            marked[i] = Terminal(kind, preposition, terminal.text)
    return marked


def is_measured(terminals: Sequence[Terminal], start: int) -> bool:
    """Whether the words just before ``start`` say that the amount was measured, not given."""
    for terminal in reversed(terminals[:start]):
        word = terminal.text.lower()
        if word in MEASURED:
            return True
        if word not in LINKS:
            return False
    return False
