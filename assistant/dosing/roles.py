"""What a sentence does with an amount: states it, limits it, rejects it, or moves on from it.

Limit cues are tested before negation: "not exceeding 2 g" is a limit, not a rejection.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from assistant.dosing.clauses import Clause
from assistant.dosing.model import DoseRole, Kind
from assistant.dosing.tokens import Quantity, Token

_WINDOW = 300  # characters before an amount in which its cue is sought
_REACH = 6  # words between a cue and the amount
_STOP = re.compile(r"\b(?:but|except|whereas|although|while|,\suse|,\sgive)\b", re.IGNORECASE)

_MOST, _LEAST = DoseRole.MAXIMUM, DoseRole.MINIMUM
_CUES: tuple[tuple[str, DoseRole, str], ...] = (
    (
        r"no\s(?:\w+\s){1,8}?(?:should|may|must|shall|can)\s(?:be\s|go\s)?"
        r"(?:exceed|higher\sthan|more\sthan|greater\sthan|larger\sthan|above|over)",
        _MOST,
        "<=",
    ),
    (
        r"(?:not|never|no|n't|cannot|without)\s(?:\w+\s){0,2}?(?:exceed(?:ing|ed|s)?|more\sthan"
        r"|greater\sthan|higher\sthan"
     r"|larger\sthan|above|over|beyond|go\sabove|surpass(?:ing)?|>)", _MOST, "<="),
    (
        r"avoid(?:ing)?\s(?:\w+\s){0,3}?(?:above|over|exceeding|greater\sthan|more\sthan"
        r"|higher\sthan|beyond|>)", _MOST, "<="),
    (
        r"(?:not|no|never|n't)\s(?:\w+\s)?(?:less|lower|fewer)\sthan|not\sbelow|never\sbelow"
        r"|at\sleast|minimum|min\.?(?=\s|:)|≥", _LEAST, ">="),
    (
        r"maxim(?:um|al|a)|max\.?(?![a-z])|(?<!add\s)(?<!adds\s)(?<!added\s)(?<!adding\s)up\sto|capp?ed(?:\s(?:at|to))?|cap(?:\sof"
        r"|\sat)?(?![a-z])|ceiling|upper\slimit|at\smost"
     r"|limit(?:ed|s|ing)?(?:\s\w+){0,3}?\s(?:to|of)|limit(?:ed)?(?=\s?\Z)"
     r"|highest(?:\s\w+){0,3}?\sdose|≤", _MOST, "<="),
    (r"below|less\sthan|lower\sthan|under|<", _MOST, "<"),
    (r"above(?!\sall\b)|more\sthan|greater\sthan|higher\sthan|exceed(?:s|ing|ed)?"
     r"|beyond|over|>", _LEAST, ">"),
)  # fmt: skip
_REJECT = re.compile(
    r"(?i:\b(?:instead\sof|rather\sthan|in\splace\sof|as\sopposed\sto|written\sas|misread\sas"
    r"|mistaken\sfor|opposed\sto)"
    r"|\bno\s(?:protocol|guideline|source|evidence|trial)\s(?:supports?|for)"
    r"|(?:do|does|should|must|shall|can|could|is|are|may)(?:\snot|n't)\s(?:be\s)?(?:give|given"
    r"|use|used|prescribe|prescribed|start|started|administer|administered|dose|dosed|order"
    r"|ordered|take|taken)"
    r"|\bnever(?:\s(?:give|use|prescribe|order|start|administer))?|\bavoid(?:ing)?"
    r"|\b(?:and\s)?not(?=\s|$))(?![a-z])"
)
_NOT_NEAR = re.compile(r"(?i:\bnot\s?\Z)")
_PREVIOUS = re.compile(
    r"(?i:\b(?:previous(?:ly)?|prior|formerly|initial(?:ly)?\sreceived|was\son|were\son"
    r"|had\sbeen\son|stop(?:ped|ping)?"
    r"|discontinu(?:e|ed|ing)|withdr(?:aw|ew|awn))\b)"
)
# "A is stopped and B 50 mg is given": what was stopped stands before the cue.
_ENDED = re.compile(
    r"(?i:\b(?:is|are|was|were|be|been)\s(?:stopped|discontinued|withdrawn)\s?(?:,|and\b))"
)
_FROM = re.compile(r"(?i:\bfrom\s(?:the\s)?(?:\w+\s){0,2}\Z)")
_CHANGED_FROM = re.compile(
    r"(?i:\b(?:increas|reduc|taper|titrat|escalat|decreas|rais|lower|chang|switch|mov|wean|step"
    r"|cut|convert"
    r"|adjust|down|up)\w*\b(?:\s\w+){0,5}?\sfrom\s(?:\w+\s){0,3}\Z)"
)
_CUMULATIVE = re.compile(
    r"(?i:\b(?:cumulative(?:ly)?|lifetime|in\stotal|total\scourse|course\stotal"
    r"|total\s(?:\w+\s)?(?:dose\s)?(?:of|below|above)"
    r"|overall\stotal|total\s(?:\w+\s){0,2}dose|in\sall)\b)"
)
_DAILY_TOTAL = re.compile(r"(?i:\b(?:total\s(?:daily|weekly)|(?:daily|weekly)\stotal))")
_TOTAL_AFTER = re.compile(
    r"\s?[(,]?\s?(?i:in\stotal|total(?!\sdaily)|cumulative|lifetime|altogether|overall)\b"
)
_TOTAL_BEFORE = re.compile(r"(?i:(?:\(|,\s|;\s|\b)total(?:\sdose|\sof|\scourse)?:?\s?\Z)")
_AFTER_MOST = re.compile(
    r"\s?[(,]?\s?(?i:max(?:imum)?\.?|cap|limit|ceiling)\b(?![^.;]{0,25}\d)|\s(?i:or\s(?:less"
    r"|lower|below))\b"
    r"|\s(?i:(?:should|must|may)\s(?:not|never)\sbe\sexceeded)"
)
_AFTER_LEAST = re.compile(r"\s(?i:or\s(?:more|higher|above|over|greater))\b")
_AFTER_REJECT = re.compile(
    r"(?i:[^.;\d]{0,30}\b(?:is|are|was|would\sbe)\s(?:wrong|incorrect|an?\serror"
    r"|not\s(?:recommended|supported|appropriate|advised|used|established)|obsolete)\b)"
)
_AFTER_AVOID = re.compile(
    r"(?i:[^.;\d]{0,30}\b(?:not\s(?:recommended|advised|supported)|should\sbe\savoided"
    r"|must\sbe\savoided|contraindicated|are\sunsafe|is\sunsafe))"
)


def set_roles(
    text: str, clause: Clause, quantities: Sequence[Quantity], tokens: Sequence[Token]
) -> None:
    """Give each quantity of a clause its role and comparator."""
    names = {Kind.NAME, Kind.CITATION, Kind.REFERENCE, Kind.DOSE}
    # Only a number or a time that was read stops a cue; tokens lie in text order.
    stops = [t.end for t in tokens if t.kind not in names and not t.silent]
    last_end = clause.start
    for i, quantity in enumerate(quantities):
        following = quantities[i + 1].start if i + 1 < len(quantities) else clause.end
        stop = bisect_right(stops, quantity.start)
        begin = max(last_end, stops[stop - 1] if stop else 0, quantity.start - _WINDOW)
        if quantity.unit == "%":
            quantity.role = DoseRole.RELATIVE
        elif quantity.role is None:
            before = text[max(begin, clause.start) : quantity.start]
            _set(quantity, before, text[quantity.end : following], i + 1 < len(quantities))
        counted = i > 0 and quantities[i - 1].unit.startswith("{")
        if not counted and quantity.units_per_dose is None:  # "2 tablets, 40 mg total" is one dose
            before = text[max(last_end, quantity.start - _WINDOW) : quantity.start]
            _cumulative(quantity, before, text[quantity.end : following])
        last_end = quantity.end
    _limit_list(text, quantities)


_STEP_BY = re.compile(
    r"(?i:(?:[↓↑]|\b(?:reduc|increas|decreas|taper|lower|rais|wean"
    r"|escalat)\w*)(?:\s[\w-]+){0,4}?\sby\s\Z)"
)
_DENIED = re.compile(r"(?i:\bnot\s(?:\w+\s)?\Z)")


def _set(quantity: Quantity, before: str, after: str, has_next: bool) -> None:
    stops = list(_STOP.finditer(before))
    window = before[stops[-1].end() :] if stops else before
    quantity.role = DoseRole.STATED
    if _STEP_BY.search(window):
        quantity.role = DoseRole.RELATIVE  # "reduce by 10 mg": a step, not a dose
        return
    best = -1
    for pattern, role, cmp in _CUES:
        for match in _cue(pattern).finditer(window):
            near = _words(window[match.end() :]) <= _REACH
            if near and match.start() > best and not _inside_longer(window, match):
                best = match.end()
                quantity.role, quantity.cmp = role, cmp
        if best >= 0:
            break
    if best >= 0 and _DENIED.search(window[best:]):
        quantity.role, quantity.cmp = DoseRole.REJECTED, "="
        return
    if best >= 0:
        if quantity.cmp == ">" and _AFTER_AVOID.match(after):
            quantity.role, quantity.cmp = DoseRole.MAXIMUM, "<="
        elif quantity.cmp == ">" and re.search(r"\bover\s?\Z", window):
            quantity.cmp, quantity.role = "=", DoseRole.STATED
        return
    most = _AFTER_MOST.match(after)
    if most and not (has_next and _words(after[most.end() :]) <= 3):
        quantity.role, quantity.cmp = DoseRole.MAXIMUM, "<="
    elif _AFTER_LEAST.match(after):
        quantity.role, quantity.cmp = DoseRole.MINIMUM, ">="
    elif _rejected(window) or _AFTER_REJECT.match(after):
        quantity.role = DoseRole.REJECTED
    elif _CHANGED_FROM.search(window) or (
        _FROM.search(window) and re.match(r"[^.;]{0,40}\bto\s(?:\w+\s){0,2}\Z", after[:60])
    ):
        quantity.role = DoseRole.PREVIOUS
    else:
        previous = list(_PREVIOUS.finditer(window))
        ended = previous and _ENDED.search(window, max(0, previous[-1].start() - 6))
        if previous and not ended and _words(window[previous[-1].end() :]) <= 3:
            quantity.role = DoseRole.PREVIOUS


_COMPILED: dict[str, re.Pattern[str]] = {
    pattern: re.compile(rf"(?i:(?<![A-Za-z])(?:{pattern})(?![A-Za-z]))") for pattern, _, _ in _CUES
}


def _cue(pattern: str) -> re.Pattern[str]:
    return _COMPILED[pattern]


def _inside_longer(window: str, match: re.Match[str]) -> bool:
    """``under`` in "under 30 kg 5 mg" speaks of another number; ``below`` of "see below"."""
    return bool(re.match(r"\s?\d", window[match.end() :])) or bool(
        re.search(r"(?i:\b(?:see|as|the|described|table|given)\s)\Z", window[: match.start()])
        and match.group().lower() in {"below", "above"}
    )


def _rejected(window: str) -> bool:
    cues = list(_REJECT.finditer(window))
    if not cues:
        return False
    found = cues[-1]
    between = window[found.end() :]
    if found.group().lower().strip() in {"not", "and not"}:
        return (
            re.fullmatch(
                r"(?i:\s(?:(?:at|as|the|a|an|to|of|usual|standard|full|with|dose|doses|per"
                r"|by)\s){0,3})",
                between + " ",
            )
            is not None
            or not between.strip()
        )
    if "," in between and _IN_ITS_PLACE.fullmatch(found.group()):
        return False  # "instead of A, B 10 mg": only A is rejected
    return _words(between) <= _REACH


_IN_ITS_PLACE = re.compile(r"(?i:instead\sof|rather\sthan|in\splace\sof|as\sopposed\sto)")


def _words(text: str) -> int:
    return len(re.findall(r"[A-Za-z0-9][\w/-]*", text))


def _cumulative(quantity: Quantity, before: str, after: str) -> None:
    total = _CUMULATIVE.search(before)
    if total and _words(before[total.end() :]) > _REACH:
        total = None
    here = bool(total) or bool(_TOTAL_AFTER.match(after)) or bool(_TOTAL_BEFORE.search(before))
    if not here or quantity.per in {"d", "wk", "h", "min"} or _DAILY_TOTAL.search(before):
        return
    if quantity.unit.startswith("{") or quantity.kind is not Kind.DOSE:
        return
    quantity.cumulative = True
    if quantity.role is DoseRole.MAXIMUM:
        quantity.role = DoseRole.CUMULATIVE_LIMIT


def _limit_list(text: str, quantities: Sequence[Quantity]) -> None:
    """``limit single doses to 30 mg and the weekly total to 90 mg``: both are limits."""
    for first, second in pairwise(quantities):
        between = text[first.end : second.start]
        if first.role is DoseRole.MAXIMUM and second.role is DoseRole.STATED:
            before = text[max(0, first.start - 60) : first.start]
            linked = re.fullmatch(r"(?i:\s(?:and|or)\s[a-z\s]{1,40}\sto\s)", between)
            if (linked and re.search(r"(?i:\blimit)", before)) or re.fullmatch(
                r"\s?/\s?|\sor\s", between
            ):
                second.role, second.cmp = first.role, first.cmp
