"""What the last unread numbers are, told from the words on both sides of each.

A kind that is read here rests on neighbours alone, so such a number is compared as strictly as
an unknown one (``Number.leftover``). A number that could be a dose stays unknown: one beside the
name of a drug, before a unit or a frequency, or after a word for dosing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dosing.model import Kind
from assistant.dosing.tokens import Token, Tokens
from assistant.dosing.windows import text_before
from corpus.drugs import DrugMention

_REACH = 80  # characters looked at on each side of a number
_FORMULA_REACH = 400  # characters in which the "=" of a formula must stand
_BESIDE = 3  # characters between a drug's name and a number that may be its dose
_MAYBE_DOSE_BEFORE = re.compile(
    r"(?i:\b(?:doses?\sof|dosed?\sat|give|gives|administer\w*|receiv\w+|started?\s(?:at|on|with)"
    r"|increas\w+\sto|reduc\w+\sto)\s(?:about\s)?)\Z"
)
_MAYBE_DOSE_AFTER = re.compile(
    r"(?i:\s?-?(?:mg|g|µg|ug|mcg|ng|kg|units?|iu|mmol|meq|tablets?|capsules?|vials?|daily|weekly"
    r"|monthly|once|twice|thrice|every|each|q\d|[bt]i?d|qd|iv|po|im|sc|it|orally)\b)"
)
_OUTCOME = (
    r"(?:died|survived|responded|relapsed|recovered|remitted|improved|withdrew|stopped|discontinued"
    r"|tested|(?:in\s|with\s)?(?:complete|partial)\s(?:responses?|remissions?|and))"
)
_VS = r"(?:against|versus|vs\.?|compared\s(?:with|to))"
_WHOLE = r"\d{1,6}"
# kind, the number, what stands before it, what stands after it
_RULES = tuple(
    (
        kind,
        re.compile(f"(?i:{number})"),
        re.compile(rf"(?i:(?:{before})\Z)"),
        re.compile(f"(?i:{after})"),
    )
    for kind, number, before, after in (
        (Kind.COUNT, _WHOLE, r"", rf"(?:\s\(\d[\d.]{{0,5}}\s?%\))?\s{_OUTCOME}\b"),
        (Kind.COUNT, _WHOLE, r"\b(?:none|any|each|some|all)\sof\s", r"\s(?:with|given|who)\b"),
        (Kind.COUNT, _WHOLE, r"\ball\s", r"\s(?:with|given|tested|treated|who)\b"),
        (Kind.COUNT, _WHOLE, r"\b(?:in|on)\s", r"\s\(\d[\d.]{0,5}\s?%"),
        (
            Kind.COUNT,
            _WHOLE,
            r"\b(?:cleared|seen|found|reported|effective|fatal|confirmed|positive|negative)\sin\s",
            r"\s?(?:[.,;)]|\Z)",
        ),
        (Kind.COUNT, _WHOLE, rf"\b{_VS}\s|\(", r"\swith(?:out)?\s[a-z]"),
        (Kind.COUNT, _WHOLE, r"\b(?:meet(?:s|ing)?|met|fulfil\w*)\s", r"\sor\smore\sof\b"),
        (Kind.COUNT, _WHOLE, r"\bof\s(?:the\s)?", r"(?:\s[\w-]{1,20}){0,2}\scriteria\b"),
        (Kind.COUNT, _WHOLE, r"\s", r"-(?:variable|item|parameter|gene|factor|marker|feature)\b"),
        (Kind.COUNT, _WHOLE, r"\d\sdoses\b[^.;]{0,40}\sand\s", r"\sin\stotal\b"),
        (
            Kind.COUNT,
            _WHOLE,
            r"\d\s(?:doses|courses|cycles|infusions)\s\(range\s(?:\d{1,3}\s?(?:-|to)\s?)?",
            r"\s?(?:\)|(?:-|to)\s?\d{1,3}\))",
        ),
        (Kind.SCHEDULE, r"\d{1,3}", r"\b(?:passed|reached|crossed|mark)\sat\sdose\s", r""),
        (Kind.AGE, r"\d{1,2}", r"", r"\sto\s(?:under|below)\s\d{1,2}\s(?:years|months)\b"),
        (Kind.LAB, r"[\d.]+", r"", rf"\s{_VS}\s[\d.]{{1,8}}\s?mL/min\b"),
        (Kind.LAB, r"\d+\.\d+", rf"\bratio\b[^.;]{{0,12}}\.?\d[^.;]{{0,50}}\b{_VS}\s", r""),
        (Kind.LAB, r"10", r"\(", r"\^?[69]\s?/\s?L\)|[⁹⁶]/L\)"),
        (Kind.STATISTIC, r"0\.\d+", r"", r"\s(?:accuracy|sensitivity|specificity|precision)\b"),
        (Kind.STATISTIC, r"0\.\d+", rf"\b(?:AUC|AUROC)\sof\s0\.\d{{1,4}}\s{_VS}\s", r""),
        (
            Kind.STATISTIC,
            r"[\d.]+",
            r"",
            r"(?:\sto\s(?:about\s)?[\d.]{1,8})?\sper\s(?:million|100,?000)\b(?!\s(?:units|IU))",
        ),
        (Kind.STATISTIC, r"[\d.]+", r"\band\s", r"\s\((?:IQR|interquartile)\b"),
        (Kind.SCORE, _WHOLE, r"[;:]\s", r"\s(?:about|or\s(?:more|less)\s(?:above|below))\s\d+\s?%"),
        (Kind.SCORE, _WHOLE, r"\bprobability\s(?:near|at)\s", r"\sis\s(?:about\s)?\d+\s?%"),
        (Kind.SCORE, _WHOLE, r"", r"\sof\s(?:a\s)?possible\s\d+\spoints\b"),
        (Kind.SCORE, _WHOLE, r"\bscore\s(?:plus|minus)\s", r""),
        (Kind.SCORE, _WHOLE, r"\bpoints\s(?:run\s)?from\s(?:\d{1,3}\sto\s)?", r"\s(?:to|for)\b"),
        (Kind.SCORE, r"-?[\d.]+", r"\b(?:value|score)\sof\s", r"\sor\s(?:more|less)\b"),
        (Kind.STATISTIC, r"[\d.]+", r"\bconstant\s", r""),
        (Kind.STATISTIC, r"[\d.]+", r"\b(?:divided?|multipl(?:y|ied))\sby\s", r"\s?(?:[.;)]|\Z)"),
    )
)
# The constants of a formula: the closed list has no kind of their own, and a statistic is the
# nearest, being a pure number out of a published model.
_FORMULA = tuple(
    (re.compile(rf"(?i:(?:{before})\Z)"), re.compile(f"(?i:{after})"))
    for before, after in (
        (r"", r"\s?[×*]\s?[a-z(]"),
        (r"(?<!\d)\s?[×*/]\s", r"\s?(?:[;.,)]|\sif\b|\Z)"),
        (r"", r"\s?\^[a-z]"),
        (r"\^", r""),
        (r"\(", r"\s-\s[a-z]"),
        (r"[a-z],\s", r"\)\^"),
        (r"\(", r"\sor\s1\)"),
        (r"\(0\sor\s", r"\)"),
        (r"\bheight\sover\s", r"\)"),
        (r"\b(?:[a-z]|or)\s", r"\s(?:fe)?male\b"),
    )
)


def classify_leftovers(tokens: Tokens, mentions: Sequence[DrugMention]) -> None:
    """Give a kind to unknown numbers whose neighbours say what they are; leave the others."""
    unknown = [t for t in tokens.all if t.kind is Kind.UNKNOWN]
    if not unknown:
        return
    beside = {at for m in mentions for at in range(m.end, m.end + _BESIDE)}
    beside |= {at for m in mentions for at in range(m.start - _BESIDE, m.start + 1)}
    for token in unknown:
        if token.start in beside or token.end in beside:
            continue
        start = _with_sign(tokens, token)
        kind = _kind(tokens.text, start, token.end, mentions)
        if kind is not None:
            token.kind, token.guessed, token.start = kind, True, start


_SIGN = re.compile(r"(?<=[ (^]-)")


def _with_sign(tokens: Tokens, token: Token) -> int:
    """Where the number begins, with the minus before it: "-2.1", "^-1.2", not "3-5" or "a - 5"."""
    at = token.start - 1
    signed = _SIGN.match(tokens.text, token.start) and tokens.free(at, at + 1)
    return at if signed else token.start


def _kind(text: str, start: int, end: int, mentions: Sequence[DrugMention]) -> Kind | None:
    number, before = text[start:end], text_before(text, start, _REACH)
    after = text[end : end + _REACH]
    if _MAYBE_DOSE_BEFORE.search(before) or _MAYBE_DOSE_AFTER.match(after):
        return None
    for kind, written, left, right in _RULES:
        if written.fullmatch(number) and right.match(after) and left.search(before):
            return kind
    line = text_before(text, start, _FORMULA_REACH)
    named = (m.start for m in mentions if not m.ambiguous)  # "MS" may be a score or a drug
    if "=" not in line or any(start - _FORMULA_REACH < at < end + _REACH for at in named):
        return None
    for left, right in _FORMULA:
        if right.match(after) and left.search(before):
            return Kind.STATISTIC
    return None
