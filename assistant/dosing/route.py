"""By which route a dose is given."""

from __future__ import annotations

import re

from assistant.dosing.model import Kind
from assistant.dosing.tokens import Tokens
from assistant.dosing.windows import look_back

_ROUTES: tuple[tuple[str, str], ...] = (
    (r"(?i:intravenous(?:ly)?)|IV|iv|I\.V\.?|i\.v\.?|(?i:ivi|ivpb)|Iv", "IV"),
    (r"(?i:by\smouth|per\sos|oral(?:ly)?)|PO|po|P\.O\.?|p\.o\.?|(?i:enteral(?:ly)?)", "PO"),
    (
        r"(?i:subcutaneous(?:ly)?|sub-?cut(?:an)?|subq)|SC|sc|SQ|sq|S\.C\.?|s\.c\.?|SubQ|s/c|S/C"
        r"|SUBQ", "SC"),
    (r"(?i:intramuscular(?:ly)?)|IM|im|I\.M\.?|i\.m\.?", "IM"),
    (r"(?i:intrathecal(?:ly)?)|IT|I\.T\.?|i\.t\.?|i/t", "IT"),
    (
        r"(?i:inhaled|inhale|nebuli[sz]ed|by\sinhalation|via\snebuli[sz]er|inhalation)|INH"
        r"|neb", "INH"),
)  # fmt: skip
_ROUTE = re.compile(
    r"(?<![A-Za-z\d-])(?=[BEINOPSbeinops])(?:"
    + "|".join(f"(?P<{name}>{p})" for p, name in _ROUTES)
    + r")(?![A-Za-z\d])"
)
# Without one of these there is no route.
_STEMS = (
    "intra",
    "mouth",
    "per os",
    "oral",
    "enteral",
    "subcut",
    "sub-cut",
    "subq",
    "inhal",
    "nebul",
)
_SYMBOLS = "IV iv Iv I i IVI ivi IVPB ivpb PO po P p SC sc SQ sq S s IM im IT INH neb"
_SHORT = frozenset(_SYMBOLS.split())
_NOT_ROUTE = re.compile(
    r"(?i:\b(?:stage|grade|phase|factor|type|class|level|category|group|table|part|figure|not"
    r"|never|non|avoid)\s(?:for\s)?)\Z"
)
_REACH = 14  # characters before a route in which "stage" or "never" is looked for


def routes_in(text: str) -> frozenset[str]:
    """Every route that a text names, also one that it denies.

    >>> sorted(routes_in("Never give it intrathecally, but IV."))
    ['IT', 'IV']
    """
    return frozenset(map(_route_of, _ROUTE.finditer(text)))


def _route_of(match: re.Match[str]) -> str:
    return str(match.lastgroup)


def find_routes(tokens: Tokens) -> None:
    """Claim every route that stands free; "stage IV" and "never IV" are none."""
    if not tokens.says(*_STEMS) and not tokens.holds(_SHORT):
        return
    for match in _ROUTE.finditer(tokens.text):
        if not look_back(_NOT_ROUTE, tokens.text, match.start(), _REACH):
            route = _route_of(match)
            tokens.try_claim(Kind.NAME, *match.span(), what="route", value=route, silent=True)
