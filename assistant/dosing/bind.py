"""Which amount a time, a route or a group of patients belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from assistant.dosing.clauses import Clause, Sentence
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.tokens import Quantity, Token
from assistant.dosing.windows import look_back

_PREFIX = re.compile(
    r"\s?[:=(]?\s?(?i:(?:a\s|the\s)?(?:single\s)?(?:doses?\sof\s|dose:?\s|of\s|at\s|give\s"
    r"|pulses?\s(?:of\s)?)?)\Z"
)
_ALL = re.compile(r"(?i:\b(?:all|each|both)\s(?:given\s)?(?:on\s)?(?:IV\s)?\Z)")

_APART = re.compile(r"[,;.]\s(?!\Z)|\s(?:not|un(?:known|clear))\b")
_TIMES = {"freq", "freq_loose", "duration"}
_CHECK = re.compile(
    r"(?i:\b(?:monitor(?:ing|ed)?|check(?:s|ed)?|review(?:s|ed)?|seen|observ(?:e|ed|ation)"
    r"|(?:re)?assess(?:ed|ment)?|counts?|temperature|visits?|symptoms?)\s\Z)"
)
_CHECK_REACH = 30  # characters before a time in which the word for a check is looked for
_BRACKET_REACH = 40  # and before an amount, in which a bracket opens
_LINK_REACH = 8  # and before a route, in which "and" stands
_OPENED = re.compile(r"\([^()]*\Z")
_OR_BRACKET = re.compile(r"\(\s?or\b")
_COUNT_OF = re.compile(r" \Z|\sof\s")  # "2 doses of 5 mg"
_LABEL_BEFORE = re.compile(r"[;:,)]\s?(?:on\s|and\s|then\s)?\Z")
_LISTED = re.compile(r"\s?(?:,|/|or|and|→|to|,\sor|,\sand)\s?")
_ANEW = frozenset({"to", "→", "and"})
_PAUSE = re.compile(r"[,;:]")
_LINK = re.compile(r"(?i:(?:,|;|\band|\bplus|\bwith|\bor|\+|\bthen)\s?(?:an?\s)?)\Z")
_LABELS = frozenset({"days", "weeks"})
_RHYTHMS = frozenset({"freq", "freq_loose"})
_EACH_TIME = frozenset({*_RHYTHMS, "meal"})


def attach_timing(
    text: str, sentence: Sentence, quantities: Sequence[Quantity], tokens: Sequence[Token]
) -> None:
    """Bind each timing token of the sentence, in text order, to the quantity it speaks of."""
    if not tokens:
        return
    for clause in sentence.clauses:
        own = [q for q in quantities if clause.start <= q.start < clause.end]
        if not own:
            _phase(text, clause, quantities, tokens)
            continue
        doses = [q for q in own if q.role is None or not q.role.is_limit]
        for token in _within(tokens, clause):
            _bind(text, clause, token, own, doses)


def _within(tokens: Sequence[Token], clause: Clause) -> Sequence[Token]:
    begin = bisect_left(tokens, clause.start, key=_start)
    return tokens[begin : bisect_left(tokens, clause.end, key=_start)]


def _start(token: Token) -> int:
    return token.start


def _phase(
    text: str, clause: Clause, quantities: Sequence[Quantity], tokens: Sequence[Token]
) -> None:
    """``then once weekly``: the amount of the clause before goes on at another frequency."""
    before = [q for q in quantities if q.end <= clause.start and not (q.role and q.role.is_limit)]
    if not before:
        return
    for token in _within(tokens, clause):
        if token.what != "freq" or _of_a_check(text, token):
            continue
        if isinstance(token.value, Frequency):
            before[-1].phases.append(token.value)
            before[-1].parts.append((token.start, token.end))


def _of_a_check(text: str, token: Token) -> bool:
    """Whether a time is that of a check: "with monitoring every 4 h", "reviewed weekly"."""
    return look_back(_CHECK, text, token.start, _CHECK_REACH) is not None


def _bind(
    text: str, clause: Clause, token: Token, own: Sequence[Quantity], doses: Sequence[Quantity]
) -> None:
    if token.what == "freq_ambiguous":
        for quantity in own:
            quantity.flag("ambiguous_frequency")
        return
    if token.what in _TIMES and _of_a_check(text, token):
        return
    targets = _targets(text, clause, token, own, doses)
    if token.silent and token.what == "count":
        targets = [t for t in targets if not (t.role and t.role.is_limit)]
    for target in targets:
        _set(target, token)


def _targets(
    text: str, clause: Clause, token: Token, own: Sequence[Quantity], doses: Sequence[Quantity]
) -> list[Quantity]:
    following = [q for q in own if q.start >= token.end]
    before = [q for q in doses if q.end <= token.start]
    if token.what == "per_word":
        near = following and not _APART.search(text, token.end, following[0].start)
        return following[:1] if near else []
    if token.what == "route" and token.subject:
        named = [q for q in (*following, *reversed(before)) if q.drug == token.subject]
        return named[:1]
    if token.what == "route" and following and before and _opens(text, token, following[0]):
        return following[:1]
    if token.what in _LABELS:
        if following and _PREFIX.fullmatch(text[token.end : following[0].start]):
            gap = text[before[-1].end : token.start] if before else ""
            if not before or (
                _LABEL_BEFORE.search(gap) and not _listed_before(text, before[-1], token)
            ):
                return following[:1]
        if before and _ALL.search(text[clause.start : token.start]):
            return [q for q in before if not q.days]
    if token.what == "count" and following and _COUNT_OF.match(text, token.end, following[0].start):
        return following[:1]
    nearest = next((q for q in reversed(own) if q.end <= token.start), None)
    if nearest is not None and nearest not in doses and _same_bracket(text, nearest, token):
        beside = before and "(" not in text[before[-1].start : nearest.start]
        if not beside:
            return [nearest] if token.what in _RHYTHMS else []
    if before:
        return _outside_brackets(text, before, token) or _shared(text, before, token)
    plain = [q for q in following if q in doses] or [q for q in own if q.end <= token.start]
    return plain[:1] or following[:1]


def _shared(text: str, before: Sequence[Quantity], token: Token) -> list[Quantity]:
    """The last amount, and those listed with it: "2, 4 or 8 mg/kg daily", "160 mg/800 mg daily"."""
    targets = [before[-1]]
    for quantity in reversed(before[:-1]):
        gap = text[quantity.end : targets[-1].start]
        if not _LISTED.fullmatch(gap):
            break
        if gap.strip() in _ANEW and quantity.freq is not None:
            break
        targets.append(quantity)
    return targets


def _outside_brackets(text: str, before: Sequence[Quantity], token: Token) -> list[Quantity]:
    """``500 mg/m2 (or 10 mg/kg) every 2 weeks``: the time is of the amount before the bracket."""
    last = before[-1]
    bracket = _OPENED.search(text, before[0].end, last.start)
    if bracket is None or ")" not in text[last.end : token.start]:
        return []
    outer = [q for q in before if q.end <= bracket.start()]
    return [outer[-1], last] if _OR_BRACKET.match(text, bracket.start()) else [outer[-1]]


def _listed_before(text: str, quantity: Quantity, token: Token) -> bool:
    """``10 mg/m2/day weeks 1-2, 5 mg``: the label follows its amount directly."""
    return not _PAUSE.search(text, quantity.end, token.start)


def _opens(text: str, token: Token, following: Quantity) -> bool:
    """``and IV etoposide 150 mg/m2``: the route of what comes next."""
    between = text[token.end : following.start]
    linked = look_back(_LINK, text, token.start, _LINK_REACH)
    return linked is not None and "," not in between and ";" not in between


def _same_bracket(text: str, quantity: Quantity, token: Token) -> bool:
    """Whether a limit and a time stand in the same brackets, or in none: "(max 100 mg daily)"."""
    opened = look_back(_OPENED, text, quantity.start, _BRACKET_REACH)
    return opened is not None and ")" not in text[quantity.end : token.start]


def _set(quantity: Quantity, token: Token) -> None:
    """Put a time or route into its field; a number that no field takes stays a number."""
    value = token.value
    taken = True
    if token.what in _EACH_TIME and isinstance(value, Frequency):
        if quantity.freq is None:
            quantity.freq = value
        elif token.what == "freq" and quantity.freq != value:
            quantity.phases.append(value)
    elif token.what == "per_word" and isinstance(value, Frequency):
        if value.n == 1 and value.period == 1 and not quantity.per:
            quantity.per = value.unit
    elif token.what == "route":
        _set_route(quantity, token)
    elif token.what == "days":
        # "from day 4 ... is 2 mg/kg/day on days 4-6": the closed list says more, and the day
        # that it replaces is a number of its own again.
        taken = not quantity.days or quantity.days.endswith("-")
        if taken:
            quantity.parts = [part for part in quantity.parts if part != quantity.days_at]
            quantity.days, quantity.days_at = str(value), (token.start, token.end)
    elif token.what == "weeks":
        taken = not quantity.weeks
        quantity.weeks = quantity.weeks or str(value)
    elif isinstance(value, Bound):
        taken = _set_bound(quantity, token, value)
    if taken:
        quantity.parts.append((token.start, token.end))


def _set_route(quantity: Quantity, token: Token) -> None:
    """A route right after the amount beats an earlier one; "IV or SC" keeps both."""
    at = quantity.route_at
    joined = at is not None and token.start - at <= _ROUTE_GAP
    if at is None or (at < quantity.start < token.start and not joined):
        quantity.routes = [token.value]
        quantity.route_at = token.end
    elif joined and token.value not in quantity.routes:
        quantity.routes.append(token.value)
        quantity.route_at = token.end
        if "IT" in quantity.routes:  # the one route that kills when it is the wrong one
            quantity.flag("ambiguous_route")


_ROUTE_GAP = 10  # characters between two routes that are alternatives


def _set_bound(quantity: Quantity, token: Token, value: Bound) -> bool:
    """Whether the amount had room for this duration, split time or count."""
    if token.what == "duration" and quantity.duration is None:
        quantity.duration = value
    elif token.what == "over" and quantity.over is None:
        quantity.over = value
    elif token.what == "divided":
        if quantity.divided is not None and quantity.divided.low is not None:
            return quantity.divided == value
        quantity.divided = value
    elif token.what == "count" and quantity.count is None:
        quantity.count = value
        if token.subject and quantity.freq is None:
            quantity.freq = Frequency(1, 1, token.subject)
    else:
        return False
    return True
