"""What a sentence does with an amount: states it, limits it, rejects it, or moves on from it.

Limit cues are tested before negation: "not exceeding 2 g" is a limit, not a rejection.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.dosing.apart import ends_a_phrase, is_of_the_dose, stands_apart
from assistant.dosing.clauses import Clause
from assistant.dosing.model import DoseRole, Kind
from assistant.dosing.previous import STEMS, from_cue, is_changed, is_previous
from assistant.dosing.tokens import Quantity, Token
from assistant.dosing.windows import look_back

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
        r"|at\sleast(?!\sas\b)|minimum|min\.?(?=\s|:)|≥", _LEAST, ">="),
    (
        r"maxim(?:um|al|a)|max\.?(?![a-z])|(?<!add\s)(?<!adds\s)(?<!added\s)(?<!adding\s)up\sto|capp?ed(?:\s(?:at|to))?|cap(?:\sof"
        r"|\sat)?(?![a-z])|ceiling|upper\slimit|at\smost|in\sexcess\sof"
     r"|limit(?:ed|s|ing)?(?:\s\w+){0,3}?\s(?:to|of)|limit(?:ed)?(?=\s?\Z)"
     r"|highest(?:\s\w+){0,3}?\sdose|≤", _MOST, "<="),
    (r"below|less\sthan|lower\sthan|under(?=\s(?:about\s|a\s)?\Z)|<", _MOST, "<"),
    (r"(?<!or\s)above(?!\sall\b)|more\sthan|greater\sthan|higher\sthan|exceed(?:s|ing|ed)?"
     r"|beyond|(?<!or\s)over|>", _LEAST, ">"),
)  # fmt: skip
# For each cue, strings without one of which it can't be there.
_CUE_STEMS = (
    ("exceed", "than", "above", "over"),
    ("exceed", "than", "above", "over", "beyond", "surpass", ">"),
    ("avoid",),
    ("less", "lower", "fewer", "below", "least", "min", "≥"),
    ("max", "up", "cap", "ceiling", "most", "limit", "highest", "excess", "≤"),
    ("below", "less", "lower", "under", "<"),
    ("above", "than", "exceed", "beyond", "over", ">"),
)
_STOP_STEMS = ("but", "except", "whereas", "though", "while", ",")
_REJECT_STEMS = (
    *("instead", "rather", "place", "opposed", "written", "misread", "mistaken", "no", "n't"),
    *("never", "avoid", "against"),
)
_WRONG_STEMS = ("wrong", "incorrect", "error", "not", "obsolete", "too", "excessive")
_REJECT = re.compile(
    r"(?i:\b(?:instead\sof|rather\sthan|in\splace\sof|as\sopposed\sto|written\sas|misread\sas"
    r"|mistaken\sfor|opposed\sto)"
    r"|\bno\s(?:protocol|guideline|source|evidence|trial)\s(?:supports?|for)"
    r"|(?:do|does|should|must|shall|can|could|is|are|may)(?:\snot|n't)\s(?:be\s)?(?:give|given"
    r"|use|used|prescribe|prescribed|start|started|administer|administered|dose|dosed|order"
    r"|ordered|take|taken)"
    r"|\b(?:advis|recommend|caution)\w*\sagainst(?:\susing|\sgiving)?"
    r"|\bnever(?:\s(?:give|use|prescribe|order|start|administer))?|\bavoid(?:ing)?"
    r"|\b(?:and\s)?not(?=\s|$))(?![a-z])"
)
_NOT_NEAR = re.compile(r"(?i:\bnot\s?\Z)")
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
    r"|(?i:[^.;,\d]{0,20}?\s(?:is|being|as)\s(?:the|an)\s(?:\w+\s)?(?:limit|maximum|ceiling)\b)"
)
_AFTER_LEAST = re.compile(r"\s(?i:or\s(?:more|higher|above|over|greater))\b")
_AFTER_REJECT = re.compile(
    r"(?i:(?P<gap>(?:(?!\b(?:if|when|unless|until|while)\b)[^.;\d]){0,30})\b(?:is|are|was|would\sbe)\s(?:wrong|incorrect|an?\serror"
    r"|not\s(?:recommended|supported|appropriate|advised|used|established)|obsolete"
    r"|too\s(?:much|high|low|little)|excessive)\b)"
)
_AFTER_AVOID = re.compile(
    r"(?i:[^.;\d]{0,30}\b(?:not\s(?:recommended|advised|supported)|should\sbe\savoided"
    r"|must\sbe\savoided|contraindicated|are\sunsafe|is\sunsafe))"
)


_NO_STOP = frozenset({Kind.NAME, Kind.CITATION, Kind.REFERENCE, Kind.DOSE})


def names_a_role(text: str) -> bool:
    """Whether any word of a role stands in a text; without one every amount is stated."""
    return _says(text.lower(), _EVERY_STEM)


def set_roles(
    text: str,
    unnamed: str,
    clause: Clause,
    quantities: Sequence[Quantity],
    tokens: Sequence[Token],
    *,
    cued: bool,
) -> None:
    """Give each quantity of a clause its role and comparator.

    ``unnamed`` is the text with every known drug blanked, and ``cued`` is ``names_a_role`` of
    the whole text. A role whose word stands apart from the amount is flagged.
    """
    if not cued:
        for quantity in quantities:
            if quantity.unit == "%":
                quantity.role = DoseRole.RELATIVE
            elif quantity.role is None:
                quantity.role = DoseRole.STATED
        return
    # Only a number or a time that was read stops a cue; tokens lie in text order.
    stops = [t.end for t in tokens if t.kind not in _NO_STOP and not t.silent]
    last_end = clause.start
    for i, quantity in enumerate(quantities):
        following = quantities[i + 1].start if i + 1 < len(quantities) else clause.end
        stop = bisect_right(stops, quantity.start)
        begin = max(last_end, stops[stop - 1] if stop else 0, quantity.start - _WINDOW)
        if quantity.unit == "%":
            quantity.role = DoseRole.RELATIVE
        elif quantity.role is None:
            before = text[max(begin, clause.start) : quantity.start]
            cue = _set(quantity, before, text[quantity.end : following], i + 1 < len(quantities))
            if cue and stands_apart(cue, text, unnamed, quantity.start):
                quantity.flag("distant_cue")
            if quantity.role is DoseRole.STATED and is_changed(text, quantity.start, quantity.end):
                quantity.role = DoseRole.PREVIOUS
        counted = i > 0 and quantities[i - 1].unit.startswith("{")
        if not counted and quantity.units_per_dose is None:  # "2 tablets, 40 mg total" is one dose
            before = text[max(last_end, quantity.start - _WINDOW) : quantity.start]
            _cumulative(quantity, before, text[quantity.end : following])
        limit = quantity.role is not None and quantity.role.is_limit
        if limit and not quantity.per and _IN_A_DAY.match(text, quantity.end):
            quantity.per = "d"
        last_end = quantity.end
    _limit_list(text, quantities)


_IN_A_DAY = re.compile(
    r"(?i:\s(?:in|over|within|during)\s(?:any\s|a\s)?(?:24\s?-?\s?h(?:(?:ou)?rs?)?|(?:one\s|single\s)?day)\b)"
)
_STEP_BY = re.compile(
    r"(?i:(?:[↓↑]|\b(?:reduc|increas|decreas|taper|lower|rais|wean"
    r"|escalat)\w*)(?:\s[\w-]+){0,4}?\sby\s\Z)"
)
_DENIED = re.compile(r"(?i:\bnot\s(?:\w+\s)?\Z)")


_OVER_LAST = re.compile(r"\bover\s?\Z")


_VERDICT = 60  # characters after an amount in which its verdict begins


def _set(quantity: Quantity, before: str, after: str, has_next: bool) -> str:
    """Set the role; returns what stands from the deciding word before the amount on, or ""."""
    written = before.lower()
    window = before
    for stop in _matches(_STOP, before, written, _STOP_STEMS):
        window = before[stop.end() :]
    quantity.role = DoseRole.STATED
    if written.rstrip().endswith("by") and _STEP_BY.search(window):
        quantity.role = DoseRole.RELATIVE  # "reduce by 10 mg": a step, not a dose
        return ""
    best = begin = -1
    for pattern, stems, role, cmp in _COMPILED:
        for match in _matches(pattern, window, written, stems):
            near = _words(window[match.end() :]) <= _REACH
            if near and match.start() > best and not _inside_longer(window, match):
                begin, best = match.span()
                quantity.role, quantity.cmp = role, cmp
        if best >= 0:
            break
    if best >= 0 and _DENIED.search(window[best:]):
        quantity.role, quantity.cmp = DoseRole.REJECTED, "="
        return ""
    if best >= 0:
        if quantity.cmp == ">" and _AFTER_AVOID.match(after):
            quantity.role, quantity.cmp = DoseRole.MAXIMUM, "<="
        elif quantity.cmp == ">" and _OVER_LAST.search(window):
            quantity.cmp, quantity.role = "=", DoseRole.STATED
            quantity.flag("ambiguous_comparison")  # "over 50 mg": more than that, or in that time
        return window[begin:]
    most = _AFTER_MOST.match(after)
    least = _AFTER_LEAST.match(after)
    if most and not (has_next and _words(after[most.end() :]) <= 3):
        quantity.role, quantity.cmp = DoseRole.MAXIMUM, "<="
        _doubt_unless(ends_a_phrase(after[most.end() :]), quantity)
    elif least:
        quantity.role, quantity.cmp = DoseRole.MINIMUM, ">="
        _doubt_unless(ends_a_phrase(after[least.end() :]), quantity)
    elif _says(written, _REJECT_STEMS) and _rejected(window):
        quantity.role = DoseRole.REJECTED
        return window[[*_REJECT.finditer(window)][-1].start() :]
    elif _says(after[:_VERDICT].lower(), _WRONG_STEMS) and (wrong := _AFTER_REJECT.match(after)):
        quantity.role = DoseRole.REJECTED
        _doubt_unless(is_of_the_dose(wrong["gap"]), quantity)
    elif is_previous(window, after, has_next, lambda stems: _says(written, stems)):
        quantity.role = DoseRole.PREVIOUS
        return from_cue(window)
    return ""


def _doubt_unless(near: bool, quantity: Quantity) -> None:
    if not near:
        quantity.flag("distant_cue")


_COMPILED = tuple(
    (re.compile(rf"(?i:(?<![A-Za-z])(?:{pattern})(?![A-Za-z]))"), stems, role, cmp)
    for (pattern, role, cmp), stems in zip(_CUES, _CUE_STEMS, strict=True)
)


def _says(written: str, stems: Sequence[str]) -> bool:
    """Whether one of these stands in a lower-case text; without one the cue can't be there."""
    for stem in stems:  # noqa: SIM110 - any() costs three times as much here
        if stem in written:
            return True
    return False


def _matches(
    pattern: re.Pattern[str], text: str, written: str, stems: Sequence[str]
) -> Iterator[re.Match[str]]:
    """All matches of a pattern that can't be there unless a stem stands in the small letters."""
    if _says(written, stems):
        return pattern.finditer(text)
    return iter(())


_NUMBER_NEXT = re.compile(r"[\s-]?\d")
_POINTS_AWAY = re.compile(r"(?i:\b(?:see|as|the|described|table|given)\s)\Z")


_PLACES = frozenset({"below", "above"})


def _inside_longer(window: str, match: re.Match[str]) -> bool:
    """``under`` in "under 30 kg 5 mg" speaks of another number; ``below`` of "see below"."""
    return bool(_NUMBER_NEXT.match(window, match.end())) or (
        match.group().lower() in _PLACES
        and _POINTS_AWAY.search(window, 0, match.start()) is not None
    )


def _rejected(window: str) -> bool:
    cues = list(_REJECT.finditer(window))
    if not cues:
        return False
    found = cues[-1]
    between = window[found.end() :]
    if found.group().lower().endswith("not"):
        return not between.strip()
    if "," in between and _IN_ITS_PLACE.fullmatch(found.group()):
        return False  # "instead of A, B 10 mg": only A is rejected
    return _words(between) <= _REACH


_IN_ITS_PLACE = re.compile(r"(?i:instead\sof|rather\sthan|in\splace\sof|as\sopposed\sto)")
_ANY_WORD = re.compile(r"[A-Za-z0-9][\w/-]*")


def _words(text: str) -> int:
    return len(_ANY_WORD.findall(text))


_TOTAL_STEMS = ("cumulative", "lifetime", "total", "in")
_EVERY_STEM = (
    *(stem for stems in _CUE_STEMS for stem in stems),
    *(*_REJECT_STEMS, *_WRONG_STEMS, *STEMS, "cumulative", "lifetime", "total", "in all"),
    *("altogether", "overall", "more", "higher", "greater", "unsafe", "contraindicated", "is"),
    *("by", "↓", "↑", "→"),
)


_PERIODS = frozenset({"d", "wk", "h", "min"})


def _cumulative(quantity: Quantity, before: str, after: str) -> None:
    written = before.lower()
    total = next(_matches(_CUMULATIVE, before, written, _TOTAL_STEMS), None)
    if total and _words(before[total.end() :]) > _REACH:
        total = None
    here = (
        total or _TOTAL_AFTER.match(after) or ("total" in written and _TOTAL_BEFORE.search(before))
    )
    if not here or quantity.per in _PERIODS or _DAILY_TOTAL.search(before):
        return
    if quantity.role is DoseRole.MAXIMUM and _EACH_DAY.match(after):
        return  # "up to a total of 4 g daily"
    if quantity.unit.startswith("{") or quantity.kind is not Kind.DOSE:
        return
    quantity.cumulative = True
    if quantity.role is DoseRole.MAXIMUM:
        quantity.role = DoseRole.CUMULATIVE_LIMIT


_EACH_DAY = re.compile(r"\s?(?i:daily|per\sday|a\sday|/\s?day|each\sday|in\s24)\b")
_AND_TO = re.compile(r"(?i:\s(?:and|or)\s[a-z\s]{1,40}\sto\s)")
_OR = re.compile(r"\s?/\s?|\sor\s")
_IN_BRACKET = re.compile(r"\s?\(\s?")  # "at most 550 mg/m² (400 mg/m² after radiotherapy)"
_LIMITS = frozenset({DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT})
_LIMITED = re.compile(r"(?i:\blimit)")


_LIMIT_REACH = 60  # characters before an amount in which "limit" is looked for


def _limit_list(text: str, quantities: Sequence[Quantity]) -> None:
    """``limit single doses to 30 mg and the weekly total to 90 mg``: both are limits."""
    for first, second in pairwise(quantities):
        between = text[first.end : second.start]
        if second.role is not DoseRole.STATED or first.role not in _LIMITS:
            continue
        limited = look_back(_LIMITED, text, first.start, _LIMIT_REACH)
        linked = _AND_TO.fullmatch(between) and limited
        bracket = _IN_BRACKET.fullmatch(between) and first.basis == second.basis
        if linked or bracket or _OR.fullmatch(between):
            second.role, second.cmp, second.cumulative = first.role, first.cmp, first.cumulative
