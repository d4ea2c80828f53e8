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
_FRACTIONS = {
    "half": Fraction(1, 2),
    "three quarters": Fraction(3, 4),
    "quarter": Fraction(1, 4),
}
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


def find_relative(tokens: Tokens, drugs: Sequence[DrugMention]) -> list[Quantity]:
    """Every relative dose; a change of anything but a dose ("clearance by 38%") is none."""
    found: list[Quantity] = []
    if tokens.numerals and tokens.says("%", "percent", "per cent"):
        _find_percentages(tokens, found, drugs)
    if tokens.says("hal", "doubl", "quarter"):
        _find_words(tokens, found, drugs)
    for quantity in list(found):
        _continue(tokens, found, quantity)
    return found


def _find_percentages(tokens: Tokens, found: list[Quantity], drugs: Sequence[DrugMention]) -> None:
    text = tokens.text
    for match in _CHANGE_BY.finditer(text):
        if _about_a_dose(text, match, drugs):
            cut = re.fullmatch(_DOWN, match["verb"], re.IGNORECASE) is not None
            sign = 0 if match["link"].lower() != "by" else (-1 if cut else 1)
            _add(tokens, found, match, sign, match.start("low"))
    for match in _CUT_ARROW.finditer(text) if "↓" in text or "↑" in text else ():
        if _names_drug_before(text, match, drugs):  # not "ferritin ↓ 50%"
            _add(tokens, found, match, -1 if match["arrow"] == "↓" else 1, match.start("low"))
    for pattern, sign in ((_CUT_OF, -1), (_CUT_NOUN, -1), (_OF_DOSE, 0), (_TO_PERCENT, 0)):
        for match in pattern.finditer(text):
            if pattern is _CUT_NOUN and not _dose_nearby(text, match, drugs):
                continue
            _add(tokens, found, match, sign, match.start("low"))


def _names_drug_before(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    return any(not text[d.end : match.start()].strip() for d in drugs if d.end <= match.start())


def _find_words(tokens: Tokens, found: list[Quantity], drugs: Sequence[DrugMention]) -> None:
    text = tokens.text
    for match in _WORDS.finditer(text):
        share = _share_of_word(match)
        _add_value(tokens, found, match.start(), match.end(), share, share)
    named = {drug.start for drug in drugs}
    for match in _HALVE.finditer(text):  # "halve ciclosporin": no word for the dose
        ordered = _ORDERED.search(text, 0, match.end("verb")) and _ONE_WORD.match(text, match.end())
        if match.end() in named or ordered:
            share = Fraction(50 if match["verb"].lower().startswith("hal") else 200)
            _add_value(tokens, found, match.start("verb"), match.end("verb"), share, share)
    for match in _FRACTION_CUT.finditer(text):
        if _about_a_dose(text, match, drugs):
            part = _FRACTIONS[_fraction_name(match["what"])]
            share = part * 100 if match["link"].lower() == "to" else (1 - part) * 100
            _add_value(tokens, found, match.start("what"), match.end("what"), share, share)


def _fraction_name(words: str) -> str:
    plain = words.lower().replace("-", " ")
    return plain if plain in _FRACTIONS else plain.split(" ")[-1]


def _share_of_word(match: re.Match[str]) -> Fraction:
    shares = {"half": 50, "double": 200, "quarters": 75, "quarter": 25}
    return Fraction(next(v for k, v in shares.items() if match[k]))


def _about_a_dose(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    between = match["between"]
    start, end = match.start("between"), match.end("between")
    names = [d for d in drugs if start <= d.start < end]
    words = re.findall(r"[\w'-]+", between.lower())
    named = {w for d in names for w in re.findall(r"[\w'-]+", d.text.lower())}
    other = [w for w in words if w not in _NEUTRAL and w not in named]
    if re.search(rf"(?i:\b{_DOSE}\b)", between):
        return not _EFFECTS.search(between)
    if _EFFECTS.search(between):
        return False
    if other:  # "reduce zorbifen by 25%": an order about a drug that the table lacks
        return len(words) == 1 and _ORDERED.search(text, 0, match.end("verb")) is not None
    before = text[max(0, match.start() - 60) : match.start()]
    before = re.split(r"[.;\n]", before)[-1]
    return (
        bool(names)
        or re.search(rf"(?i:\b{_DOSE}\b)", before) is not None
        or not _EFFECTS.search(before)
    )


def _dose_nearby(text: str, match: re.Match[str], drugs: Sequence[DrugMention]) -> bool:
    around = text[max(0, match.start() - 60) : match.end() + 40]
    if re.search(rf"(?i:\b{_DOSE}\b)", match.group()):
        return True
    after = text[match.end() : match.end() + 30]
    if _EFFECT_IN.match(after):
        return False
    if _EFFECTS.search(after) and not re.search(r"(?i:creatinine\sclearance|gfr)", after):
        return False
    return bool(
        re.search(r"(?i:\b(?:doses?|creatinine|clearance|renal|hepatic)\b)", around)
    ) or any(abs(d.start - match.start()) < 60 for d in drugs)


def _add(
    tokens: Tokens, found: list[Quantity], match: re.Match[str], sign: int, start: int
) -> None:
    low = value_of(match["low"])
    high = value_of(match["high"]) if match["high"] else low
    end = match.end()
    percent = re.compile(r"[\d.,\s%-]*(?:to\s[\d.,]+\s?)?(?:%|percent|per\scent)").match(
        tokens.text, start
    )
    if percent:
        end = percent.end()
    if low is None or high is None:
        return
    if sign:
        low, high = sorted((100 + sign * low, 100 + sign * high))
    quantity = _add_value(tokens, found, start, end, low, high)
    if quantity:
        quantity.relative_noun = {-1: "cut", 1: "raise", 0: "share"}[sign]


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
    if not quantity.relative_noun:
        return
    end = quantity.end
    for _ in range(3):
        stop = re.compile(r"[^.;\n]{0,70}?(?=,?\s(?:and\s|or\s)?(?:by\s)?\d[\d.]*\s?%)").match(
            tokens.text, end
        )
        if stop is None:
            return
        match = _CONTINUED.match(tokens.text, stop.end())
        if match is None or not tokens.free(match.start("low"), match.end()):
            return
        sign = {"cut": -1, "raise": 1, "share": 0}[quantity.relative_noun]
        _add(tokens, found, match, sign, match.start("low"))
        end = match.end()
