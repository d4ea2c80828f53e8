"""Doses relative to another dose: "75% of the dose", "reduce by 25%", "half the dose".

A reduction is stored as what remains: "reduce by 25%" is 75%.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from assistant.dosing.model import DoseRole, Kind
from assistant.dosing.numerals import NUMBER, value_of
from assistant.dosing.tokens import Quantity, Token, Tokens
from assistant.dosing.windows import text_before
from corpus.drugs import DrugMention

_P = rf"(?P<low>{NUMBER})\s?%?(?:\s?(?:-|to)\s?(?P<high>{NUMBER}))?\s?(?:%|percent\b|per\scent\b)"
_DOWN = r"(?:reduc(?:e|ed|es|ing|tion)|decreas(?:e|ed|es|ing)|lower(?:ed|ing)?|cut(?:ting)?)"
_UP = r"(?:increas(?:e|ed|es|ing)|rais(?:e|ed|ing)|escalat(?:e|ed|ing))"
_DOSE = r"(?:doses?|dosages?|dosing)"
_OF_DOSE = re.compile(
    rf"(?i:{_P}\s(?:of\s(?:the\s)?(?:\w+\s){{0,4}}?{_DOSE}|(?:of\s(?:the\s)?)?(?:normal|usual"
    rf"|full|standard|recommended|initial|original)(?:\s{_DOSE})?|{_DOSE}(?!\s(?:reduction"
    rf"|increase|adjust)))\b)"
)
_CUT_NOUN = re.compile(
    rf"(?i:{_P}\s(?:{_DOSE}\s)?(?:reduction|decrease)\b(?:\s(?:in|of)\s(?:the\s)?{_DOSE})?)"
)
_CUT_ARROW = re.compile(rf"(?P<arrow>[↓↑])\s?(?:by\s)?{_P}")
_CUT_OF = re.compile(
    rf"(?i:\b{_DOSE}\s(?:reduction|decrease)\sof\s(?:about\s|approximately\s)?{_P})"
)
_CHANGE_BY = re.compile(
    rf"(?i:\b(?P<verb>{_DOWN}|{_UP})(?P<between>(?:\s[\w'-]+){{0,6}}?)\s(?P<link>by|to"
    rf"|at)\s(?P<about>(?:about|approximately|around|up\sto|at\sleast)\s)?{_P})"
)
_TO_PERCENT = re.compile(
    rf"(?i:\b(?:give|use|dose|start|continue|resume)\s(?:at\s"
    rf"|with\s)?{_P}(?!\s(?:of\s(?:patients|cases|children|adults)|dextrose|saline|glucose"
    rf"|albumin)))"
)
_WORDS = re.compile(
    rf"(?i:\b(?:(?P<half>halv(?:e|ed|ing)(?:\sthe)?(?:\s\w+){{0,2}}?\s{_DOSE}|half\s(?:the\s"
    rf"|of\sthe\s)?(?:\w+\s){{0,2}}?{_DOSE}|half-{_DOSE}|{_DOSE}\s(?:should\sbe\s)?halved)"
    rf"|(?P<double>doubl(?:e|ed|ing)\sthe\s(?:\w+\s){{0,2}}?{_DOSE}"
    rf"|{_DOSE}\s(?:should\sbe\s)?doubled)"
    rf"|(?P<quarters>three[\s-]quarters\sof\sthe\s(?:\w+\s){{0,3}}?{_DOSE})|(?P<quarter>(?:one"
    rf"|a)\squarter\sof\sthe\s(?:\w+\s){{0,3}}?{_DOSE}))(?![a-z]))"
)
_HALVE = re.compile(r"(?i:\b(?P<verb>halv(?:e|ing)|doubl(?:e|ing))\s(?:the\s)?)")
_FRACTION_CUT = re.compile(
    rf"(?i:\b(?P<verb>{_DOWN})(?P<between>(?:\s[\w'-]+){{0,6}}?)\s(?P<link>by|to)\s(?:about\s"
    rf"|approximately\s)?(?P<what>half|three[\s-]quarters|(?:one|a)[\s-]quarter)\b)"
)
_FRACTIONS = {"h": 50, "t": 75, "o": 25, "a": 25}  # half, three quarters, one or a quarter
_NEUTRAL_WORDS = """
    the dose doses dosage dosing of daily weekly total subsequent starting initial its each
    next further about their usual all every single oral iv normal standard maintenance by
    these this that be is should should-be drug
"""
_NEUTRAL = frozenset(_NEUTRAL_WORDS.split())
# An order opens its clause with the bare verb; "it reduces pain by half" is none.
_ORDERED = re.compile(
    r"(?i:(?:\A|[.;:,\n•]|\band|\bthen|\bplease)\s?(?:reduce|decrease|lower|cut|increase|raise"
    r"|escalate|halve|double))\Z"
)
_ONE_WORD = re.compile(
    r"[A-Za-z][\w-]{2,}(?=\s(?:if|for|in|when|during|at|with|while|until)\b|[.,;]|\Z)"
)
_EFFECTS = re.compile(
    r"(?i:\b(?:clearance|exposure|mortality|risk|levels?|incidence|rates?|scores?|survival"
    r"|concentrations?|auc|troughs?"
    r"|half-life|sensitivity|specificity|ferritin|counts?|absorption|bioavailability|gfr|weight"
    r"|sCD25|viral\sload|activity)\b)"
)
# "a 26% reduction in worsening heart failure" is an effect, "in the dose" is none.
_EFFECT_IN = re.compile(
    r"(?i:\s(?:in|of)\s(?!(?:the\s|its\s|each\s|their\s)?(?:\w+\s)?dos(?:e|es|age)\b)"
    r"(?!(?:patients|people|adults|children|renal|hepatic|severe|moderate|mild|those|case|elderly)\b))"
)
_CONTINUED = re.compile(
    rf"(?i:,?\s(?:and\s|or\s)?(?P<verb>by\s)?{_P}(?=\s(?:below|above|at|if|for|when|with|in)\b"
    rf"|\s?[<>≤≥]))"
)


_HALVED = {"h": 50, "d": 200}
_SIGNS = ("%", "percent", "per cent")
_ARROWS = ("↓", "↑")
_PART_STEMS = ("hal", "doubl", "quarter")
_SHARES = {"half": 50, "double": 200, "quarters": 75, "quarter": 25}
_PATTERNS = ((_CUT_OF, -1), (_CUT_NOUN, -1), (_OF_DOSE, 0), (_TO_PERCENT, 0))
_DOWN_RE = re.compile(rf"(?i:{_DOWN})")
_A_DOSE = re.compile(rf"(?i:\b{_DOSE}\b)")
_RENAL = re.compile(r"(?i:creatinine\sclearance|gfr)")
_OF_A_DOSE = re.compile(r"(?i:\b(?:doses?|creatinine|clearance|renal|hepatic)\b)")
_PERCENTAGE = re.compile(r"[\d.,\s%-]*(?:to\s[\d.,]+\s?)?(?:%|percent|per\scent)")
_UP_TO_NEXT = re.compile(r"[^.;\n]{0,70}?(?=,?\s(?:and\s|or\s)?(?:by\s)?\d[\d.]*\s?%)")
_BREAK = re.compile(r"[.;\n]")
_NAME_WORD = re.compile(r"[\w'-]+")
_BEFORE = 60  # characters before a change in which its drug, its dose or its effect is named
_AFTER = 40  # and after it
_EFFECT_AFTER = 30  # and after it, in which an effect is
_STEPS = 3  # changes that go on from one


def find_relative(tokens: Tokens, drugs: Sequence[DrugMention]) -> list[Quantity]:
    """Every relative dose; a change of anything but a dose ("clearance by 38%") is none."""
    found: list[Quantity] = []
    if tokens.says(*_SIGNS):
        _find_percentages(tokens, found, drugs)
    if tokens.says(*_PART_STEMS):
        _find_words(tokens, found, drugs)
    for quantity in list(found):
        _continue(tokens, found, quantity)
    return found


def _find_percentages(tokens: Tokens, found: list[Quantity], drugs: Sequence[DrugMention]) -> None:
    text = tokens.text
    for match in _CHANGE_BY.finditer(text):
        if _about_a_dose(text, match, drugs):
            cut = _DOWN_RE.fullmatch(match["verb"]) is not None
            sign = 0 if match["link"].lower() != "by" else (-1 if cut else 1)
            _add(tokens, found, match, sign, match.start("low"))
    for match in tokens.matches(_CUT_ARROW, _ARROWS):
        if _names_drug_before(text, match, drugs):  # not "ferritin ↓ 50%"
            _add(tokens, found, match, -1 if match["arrow"] == "↓" else 1, match.start("low"))
    for pattern, sign in _PATTERNS:
        for match in pattern.finditer(text):
            if pattern is _CUT_NOUN and not _dose_nearby(text, match, drugs):
                continue
            _add(tokens, found, match, sign, match.start("low"))


def _names_drug_before(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    return any(not text[d.end : match.start()].strip() for d in drugs if d.end <= match.start())


def _find_words(tokens: Tokens, found: list[Quantity], drugs: Sequence[DrugMention]) -> None:
    text = tokens.text
    for match in _WORDS.finditer(text):
        share = Fraction(_SHARES[str(match.lastgroup)])
        _add_value(tokens, found, match.start(), match.end(), share, share)
    named = {drug.start for drug in drugs}
    for match in _HALVE.finditer(text):  # "halve ciclosporin": no word for the dose
        ordered = _ORDERED.search(text, 0, match.end("verb")) and _ONE_WORD.match(text, match.end())
        if match.end() in named or ordered:
            share = Fraction(_HALVED[match["verb"][0].lower()])
            _add_value(tokens, found, *match.span("verb"), share, share)
    for match in _FRACTION_CUT.finditer(text):
        if _about_a_dose(text, match, drugs):
            part = Fraction(_FRACTIONS[match["what"][0].lower()])
            share = part if match["link"].lower() == "to" else 100 - part
            _add_value(tokens, found, *match.span("what"), share, share)


def _about_a_dose(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    between = match["between"]
    start, end = match.span("between")
    names = [d for d in drugs if start <= d.start < end]
    words = _NAME_WORD.findall(between.lower())
    named = {w for d in names for w in _NAME_WORD.findall(d.text.lower())}
    if _EFFECTS.search(between):
        return False
    if _A_DOSE.search(between):
        return True
    if not named.union(_NEUTRAL).issuperset(words):
        # "reduce zorbifen by 25%": an order about a drug that the table lacks
        return len(words) == 1 and _ORDERED.search(text, 0, match.end("verb")) is not None
    before = _BREAK.split(text_before(text, match.start(), _BEFORE))[-1]
    return bool(names) or _A_DOSE.search(before) is not None or not _EFFECTS.search(before)


def _dose_nearby(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    if _A_DOSE.search(match.group()):
        return True
    after = text[match.end() : match.end() + _EFFECT_AFTER]
    if _EFFECT_IN.match(after) or (_EFFECTS.search(after) and not _RENAL.search(after)):
        return False
    around = text[max(0, match.start() - _BEFORE) : match.end() + _AFTER]
    return _OF_A_DOSE.search(around) is not None or any(
        abs(d.start - match.start()) < _BEFORE for d in drugs
    )


def _add(
    tokens: Tokens, found: list[Quantity], match: re.Match[str], sign: int, start: int
) -> None:
    low = value_of(match["low"])
    high = value_of(match["high"]) if match["high"] else low
    percent = _PERCENTAGE.match(tokens.text, start)
    end = percent.end() if percent else match.end()
    if low is None or high is None:
        return
    if sign:
        low, high = sorted((100 + sign * low, 100 + sign * high))
    quantity = _add_value(tokens, found, start, end, low, high)
    if quantity:
        quantity.change = sign


def _add_value(
    tokens: Tokens, found: list[Quantity], start: int, end: int, low: Fraction, high: Fraction
) -> Quantity | None:
    if not tokens.free(start, end):
        return None
    quantity = Quantity(start, end, low, high, "%", role=DoseRole.RELATIVE)
    tokens.claim(Token(Kind.DOSE, start, end, what="quantity"))
    found.append(quantity)
    return quantity


def _continue(tokens: Tokens, found: list[Quantity], quantity: Quantity) -> None:
    """``25% reduction at 10-50 mL/min, 50% below 10``: the same kind of change goes on."""
    if quantity.change is None:
        return
    end = quantity.end
    for _ in range(_STEPS):
        stop = _UP_TO_NEXT.match(tokens.text, end)
        if stop is None:
            return
        match = _CONTINUED.match(tokens.text, stop.end())
        if match is None or not tokens.free(match.start("low"), match.end()):
            return
        _add(tokens, found, match, quantity.change, match.start("low"))
        end = match.end()
