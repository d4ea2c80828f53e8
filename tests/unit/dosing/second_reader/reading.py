"""A text to its findings: amounts as pairs, timing beside them, each as plain strings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from lark import Token, Tree

from .clean import clean
from .lexer import Terminal, decimal, lex
from .lexicon import AT_LEAST, CHANGE, CUE_STOPS, PHASES, TURNS
from .phrases import is_measured, phrases

Bounds = tuple[str | None, str | None, str]  # low, high, unit
Measure = tuple[str, str, str]  # unit, basis, per
Timing = tuple[int, int, int, int, str]  # n, n_max, period, period_max, unit
_MASS = {"ng": Fraction(1), "ug": Fraction(10**3), "mg": Fraction(10**6), "g": Fraction(10**9)}
_CUE_REACH = 6  # words between a limit word and its amount
_CUE_STOPS = {"STOP", "NUM", "FIGURE", "NAME", "FROM"}
_A_YEAR = 1900
_ENDS = {"STOP", "COMMA"}
_AFTER_ONCE = {"on", "only", "after", "before", "with", "at", ".", ":"}
_NOT_A_DOSE = {"mL": {"min"}}  # a clearance


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount as read; ``cmp`` is "<" under a limit, ">" over one, "=" without."""

    low: str
    high: str
    unit: str
    basis: str = ""
    per: str = ""
    cmp: str = "="

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.low, self.high, self.unit, self.basis, self.per


@dataclass(slots=True)
class Reading:
    """What one text holds, in text order; timing counts only in a stretch with an amount."""

    amounts: list[Amount] = field(default_factory=list)
    frequencies: list[Timing] = field(default_factory=list)
    durations: list[Bounds] = field(default_factory=list)
    splits: list[Bounds] = field(default_factory=list)
    counts: list[Bounds] = field(default_factory=list)
    divided: list[Bounds] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    weeks: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def add(self, other: Reading) -> None:
        for name in self.__dataclass_fields__:
            getattr(self, name).extend(getattr(other, name))


def read(text: str) -> Reading:
    """Every amount, frequency, duration and so on that the text holds."""
    whole = Reading()
    stretch: list[Terminal] = []
    for terminal in [*lex(clean(text)), Terminal("STOP", "", "")]:
        if terminal.type != "STOP" and not _turns(terminal, stretch):
            stretch.append(terminal)
            continue
        if terminal.type == "WORD" and stretch and stretch[-1].text.lower() == "once":
            stretch.pop()  # "once afebrile" is a condition, no count
        here = _read_stretch(stretch)
        if here.amounts or here.unread:
            whole.add(here)
        elif stretch and stretch[0].text.lower() in PHASES and whole.amounts:
            whole.frequencies += here.frequencies  # "then weekly" is the same amount's next phase
        stretch = [terminal]
    return whole


def _turns(terminal: Terminal, before: Sequence[Terminal]) -> bool:
    """Whether the text turns to something else here ("then", "until", "once stable")."""
    once = before and before[-1].text.lower() == "once" and before[-1].type == "SINGLE"
    return terminal.text.lower() in TURNS or bool(
        once and terminal.type == "WORD" and terminal.text not in _AFTER_ONCE
    )


def _read_stretch(terminals: Sequence[Terminal]) -> Reading:
    found = Reading()
    for start, phrase in phrases(terminals):
        for part in _parts(phrase):
            if part.data == "unreadable" or (part.data == "measure" and part.children[0] == "?"):
                found.unread.append(_plain_text(part))
            if part.data in {"dose", "relative"} or _quantity(part) is not None:
                found.amounts += _amounts(part, terminals, start)
            name, value = _VALUES.get(str(part.data), ("", None))
            if value is not None:
                getattr(found, name).append(value(part))
        found.routes += [t.value for t in phrase.scan_values(_is_route)]
    if found.amounts:
        last = found.amounts[-1]
        found.amounts += [replace(last, low=n, high=n, cmp="=") for n in _elided(terminals)]
    return found


def _elided(terminals: Sequence[Terminal]) -> Iterator[str]:
    """The numbers that stand alone after "later": they take the unit of the amount before."""
    for word, number, after in zip(
        terminals, terminals[1:], [*terminals[2:], Terminal("STOP", "", "")], strict=False
    ):
        stands_alone = number.type == "NUM" and after.type in _ENDS
        if word.text.lower() == "later" and stands_alone and Fraction(number.value) < _A_YEAR:
            yield number.value


def _is_route(value: object) -> bool:
    return isinstance(value, Token) and value.type == "ROUTE"


def _parts(tree: Tree[Token]) -> Iterator[Tree[Token]]:
    """Every subtree in text order, the tree itself first."""
    yield tree
    for child in tree.children:
        if isinstance(child, Tree):
            yield from _parts(child)


def _child(tree: Tree[Token], name: str) -> Tree[Token] | None:
    return next((c for c in tree.children if isinstance(c, Tree) and c.data == name), None)


def _quantity(part: Tree[Token]) -> Tree[Token] | None:
    return _child(part, "quantity")


# ------------------------------------------------------------------ amounts


def _amounts(part: Tree[Token], terminals: Sequence[Terminal], start: int) -> list[Amount]:
    if part.data == "relative":
        return _share(part)
    quantity = _quantity(part)
    if quantity is None or (part.data == "dose" and is_measured(terminals, start)):
        return []
    cmp = _limit(part, terminals, start)
    (inner,) = quantity.children
    assert isinstance(inner, Tree)
    if inner.data == "auc":
        low, high = _numbers(inner.children[-1])
        return [Amount(low, high, "AUC", cmp=cmp)] if Fraction(low) >= 1 else []
    written = [_measure(m) for m in _parts(inner) if m.data == "measure"]
    measures = [m for m in written if m is not None]
    falls = _is_change(inner, terminals, start)
    values = _figures(inner, falls)
    if len(measures) < len(written) or not values:
        return []
    if len(measures) == 2:
        return _from_to(values, (measures[0], measures[1]), falls, cmp)
    return [Amount(low, high, *measures[0], cmp) for low, high in values]


def _limit(part: Tree[Token], terminals: Sequence[Terminal], start: int) -> str:
    """Which way the words before or after an amount limit it: "<", ">" or "=" for not at all."""
    cue = _child(part, "cue")
    if cue is not None:
        return ">" if str(cue.children[0]) in AT_LEAST else "<"
    end = start + len(list(part.scan_values(_is_token)))
    following = " ".join(t.text.lower() for t in terminals[end : end + 2])
    if following in {"or more", "or less"}:
        return ">" if following == "or more" else "<"
    if part.data != "dose":
        return "="
    words = 0
    for terminal in reversed(terminals[:start]):
        if terminal.type in {"LIMIT", "UPTO"}:
            return ">" if terminal.value in AT_LEAST else "<"
        words += terminal.type not in {"OF", "A", "THE", "COMMA", "TO"}
        if words > _CUE_REACH or terminal.type in _CUE_STOPS or terminal.text in CUE_STOPS:
            break
    return "="


def _is_change(amount: Tree[Token], terminals: Sequence[Terminal], start: int) -> bool:
    """Whether "from 5 mg to 10 mg" names an old and a new amount instead of a range."""
    if not any(token.type == "TO" for token in amount.scan_values(_is_token)):
        return False
    if _inverted(amount):
        return True
    changes = any(t.text.lower() in CHANGE for t in terminals[:start])
    after_from = start > 0 and terminals[start - 1].type == "FROM"
    return after_from and (changes or amount.data == "amount_to_amount")


def _is_token(value: object) -> bool:
    return isinstance(value, Token)


def _inverted(amount: Tree[Token]) -> bool:
    """Whether the amount ends below its beginning, "40 to 20 mg"."""
    ends = [Fraction(t) for t in amount.scan_values(_is_figure)]
    units = [str(m.children[0]) for m in _parts(amount) if m.data == "measure"]
    sizes = [_MASS.get(unit, Fraction(1)) for unit in units]
    return ends[-1] * sizes[-1] < ends[0] * sizes[0]


def _is_figure(value: object) -> bool:
    return isinstance(value, Token) and value.type == "FIGURE"


def _figures(amount: Tree[Token], falls: bool) -> list[tuple[str, str]]:
    """The pairs of an amount; "from 10 to 5 mg" is two amounts, not a range."""
    tokens = [c.value for c in amount.children if isinstance(c, Token) and c.type == "FIGURE"]
    if amount.data == "alternatives":
        return [(t, t) for t in tokens]
    if amount.data == "unreadable":
        return []
    pairs = []
    for figure in (p for p in _parts(amount) if p.data == "figure"):
        ends = [c.value for c in figure.children if isinstance(c, Token) and c.type == "FIGURE"]
        if falls and len(ends) == 2:
            pairs += [(end, end) for end in ends]
        else:
            pairs.append((ends[0], ends[-1]))
    return pairs


def _from_to(
    values: list[tuple[str, str]],
    measures: tuple[Measure, Measure],
    falls: bool,
    cmp: str,
) -> list[Amount]:
    """One range of two written amounts, in the unit of the first; two if they don't match."""
    first, second = measures
    two = [
        Amount(low, high, *measure, cmp)
        for (low, high), measure in zip(values, measures, strict=False)
    ]
    other_basis = first[1:] not in {second[1:], ("", "")}
    other_kind = first[0] != second[0] and not {first[0], second[0]} <= set(_MASS)
    if len(values) != 2 or falls or other_basis or other_kind:
        return two
    low, high = values[0][0], values[1][1]
    if first[0] != second[0]:
        high = decimal(_plain(Fraction(high) * _MASS[second[0]] / _MASS[first[0]]))
    return [Amount(low, high, first[0], *second[1:], cmp)]


def _plain(value: Fraction) -> str:
    places = 0
    while (value * 10**places).denominator != 1 and places < 12:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _measure(tree: Tree[Token]) -> Measure | None:
    """Unit, basis and per; None for a laboratory value, a concentration or a clearance."""
    unit = str(tree.children[0])
    if unit == "?":
        return None
    basis = per = ""
    for token in tree.scan_values(_is_token):
        if token.type == "VOLUME" or (token.type == "NUM" and token != "24" and token != "1"):
            return None
        if token.type == "BASIS":
            basis = basis or str(token)
        elif token.type in {"TIME", "PER_WHAT"}:
            twenty_four = any(t == "24" for t in tree.scan_values(_is_number))
            per = "d" if twenty_four and token == "h" else str(token)
            if per in _NOT_A_DOSE.get(unit, ()):
                return None
    return unit, basis, per


def _is_number(value: object) -> bool:
    return isinstance(value, Token) and value.type == "NUM"


def _share(tree: Tree[Token]) -> list[Amount]:
    (inner,) = tree.children
    if isinstance(inner, Token):
        return [Amount(inner.value, inner.value, "%")]
    percent = next(inner.find_data("percent"))
    ends = [c.value for c in percent.children if isinstance(c, Token) and c.type == "FIGURE"]
    low, high = ends[0], ends[-1]
    if inner.data == "cut_by":
        low, high = (decimal(_plain(100 - Fraction(end))) for end in (high, low))
    return [Amount(low, high, "%")]


# ------------------------------------------------------------------ timing


def _numbers(tree: object) -> tuple[str, str]:
    assert isinstance(tree, Tree)
    ends = [c.value for c in tree.children if isinstance(c, Token) and c.type == "NUM"]
    return ends[0], ends[-1]


def _unit(tree: Tree[Token]) -> str:
    return next(str(c) for c in tree.children if isinstance(c, Token) and c.type == "TIME")


def _bounds(tree: Tree[Token]) -> Bounds:
    """The numbers of a duration, split or count; only an upper end after a limit word."""
    numbers = _child(tree, "numbers")
    low: str | None = "1"
    high: str | None = "1"
    if numbers is not None:
        low, high = _numbers(numbers)
    else:
        given = [c for c in tree.children if isinstance(c, Token) and c.type in {"NUM", "SINGLE"}]
        if given:
            low = high = str(given[0])
    cue = _child(tree, "cue") or tree
    limit = cue.children[0]
    if isinstance(limit, Token) and limit.type in {"LIMIT", "UPTO"}:
        word = str(limit)
        if "least" in word or "no less" in word:
            high = None
        else:
            low = None
    return low, high, _unit(tree) if tree.data in {"duration", "split"} else ""


def _frequency(tree: Tree[Token]) -> Timing:
    tokens = {c.type: str(c) for c in tree.children if isinstance(c, Token)}
    n, n_max = 1, 1
    if "IN" in tokens:  # "in two doses a day"
        n, n_max = (int(end) for end in _numbers(_child(tree, "numbers")))
        return canonical(n, n_max, 1, 1, _unit(tree))
    times = _child(tree, "times")
    if times is not None:
        numbers = _child(times, "numbers")
        ends = _numbers(numbers) if numbers else [str(times.children[0])]
        n, n_max = int(ends[0]), int(ends[-1])
    if "LATIN" in tokens:
        n_, period, unit = tokens["LATIN"].split("/")
        return canonical(int(n_), int(n_), int(period), int(period), unit)
    if "ADVERB" in tokens:
        _, period, unit = tokens["ADVERB"].split("/")
        return canonical(n, n_max, int(period), int(period), unit)
    if "HOURLY" in tokens:
        hours = int(tokens["NUM"])
        return canonical(1, 1, hours, hours, "h")
    if "ONCE" in tokens:
        n = n_max = int(tokens["ONCE"])
    numbers = _child(tree, "numbers")
    low, high = _numbers(numbers) if numbers else [tokens.get("OTHER", "1")] * 2
    return canonical(n, n_max, int(low), int(high), _unit(tree))


def canonical(n: int, n_max: int, period: int, period_max: int, unit: str) -> Timing:
    """24 h as a day and 7 days as a week, so that equal rhythms are equal values."""
    for small, size, large in (("h", 24, "d"), ("d", 7, "wk")):
        if unit == small and period % size == 0 and period_max % size == 0:
            period, period_max, unit = period // size, period_max // size, large
    return n, n_max, period, period_max, unit


def _days(tree: Tree[Token]) -> str:
    """A list of days or weeks as "1-5,14,21"; an open one ends in "-"."""
    written = "".join(_DAY_SIGNS.get(t.type, "") or str(t) for t in tree.scan_values(_is_day))
    opened = any(t.type in {"FROM", "ONWARD"} for t in tree.scan_values(_is_token))
    return f"{written}-" if opened and written.isdigit() else written


_DAY_SIGNS = {"DASH": "-", "TO": "-", "ARROW": "-", "COMMA": ",", "AND": ","}


def _is_day(value: object) -> bool:
    return isinstance(value, Token) and (value.type == "NUM" or value.type in _DAY_SIGNS)


def _plain_text(tree: Tree[Token]) -> str:
    return "".join(str(t) for t in tree.scan_values(_is_token))


_VALUES: dict[str, tuple[str, Callable[[Tree[Token]], object]]] = {
    "frequency": ("frequencies", _frequency),
    "duration": ("durations", _bounds),
    "split": ("splits", _bounds),
    "count": ("counts", _bounds),
    "divided": ("divided", _plain_text),
    "days": ("days", _days),
    "weeks": ("weeks", _days),
}
