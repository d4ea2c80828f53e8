"""Amounts that a text moves on from: what a patient took, and takes no longer."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.dosing.windows import look_back

_STEMS = (
    *("previous", "prior", "former", "initial", "was", "were", "been", "stop", "discontinu"),
    *("withdr", "cease", "used to", "off", "dose", "longer", "held"),
)
_CUE = re.compile(
    r"(?i:\b(?:previous(?:ly)?|prior|formerly|initial(?:ly)?\sreceived|was\son|were\son"
    r"|had\sbeen\s(?:on|taking|receiving)|stop(?:ped|ping)?|ceased?|no\slonger\s\w+"
    r"|used\sto\s(?:take|receive|be\son)|came\soff|(?:weaned|taken|tapered)\soff|(?:old|last)\sdose"
    r"|discontinu(?:e|ed|ing)|withdr(?:aw|ew|awn))\b)"
)
_STOPPED = (
    r"(?:(?:is|are|was|were|be|been|has\sbeen)\s)?(?:stopped|discontinued|withdrawn|ceased"
    r"|tapered\soff|weaned\soff)"
)
# "A is stopped and B 50 mg is given", "A 75 mg stopped, B 15 mg": what ended stands before the cue.
_ENDED = re.compile(rf"(?i:\b{_STOPPED}\s?(?:,|and\b))")
_ENDED_AFTER = re.compile(
    rf"(?i:(?:\s(?:od|bd|tds|daily|nocte|weekly))?\s{_STOPPED}(?!\s(?:the|his|her|all|any|my|a|to)\b)\b)"
)
# "A was 5 mg, increased to 10 mg", "A 5 mg was taken before admission": what held until then.
_HELD = re.compile(r"(?i:\b(?:was|were|had\sbeen)\s(?:(?:on|taking|receiving|at)\s)?(?:\w+\s)?\Z)")
_HELD_IN_BRACKETS = re.compile(r"(?i:\(\s?(?:was|were)\s\Z)")
_MOVED_ON = re.compile(
    r"(?i:[^.;\d]{0,20}?(?:,?\snow\b|,?\s(?:\w+\s)?(?:increased|reduced|decreased"
    r"|changed|switched|converted|raised|lowered|escalated)\sto\b)"
    r"|[^.;\d]{0,20}?\s(?:before|prior\sto|until)\s(?:admission|surgery|transfer|referral))"
)
_FROM = re.compile(r"(?i:\bfrom\s(?:the\s)?(?:(?!to\s)\w+\s){0,2}\Z)")
_TO_NEXT = re.compile(r"[^.;]{0,40}\bto\s(?:\w+\s){0,2}\Z")
_CHANGED_FROM = re.compile(
    r"(?i:\b(?:increas|reduc|taper|titrat|escalat|decreas|rais|lower|chang|switch|mov|wean|step"
    r"|cut|convert"
    r"|adjust|down|up)\w*\b(?:\s\w+){0,5}?\sfrom\s(?:(?!to\s)\w+\s){0,3}\Z)"
)
# "changed A 300 mg to B 75 mg", "replace A 50 mg with B 2.5 mg": the first is left.
_EXCHANGE_STEMS = ("chang", "switch", "convert", "swap", "replac")
_EXCHANGED = re.compile(
    r"(?i:\b(?:chang|switch|convert|swap|replac)\w*\s(?:from\s)?"
    r"(?:(?!to\b|for\b|with\b|by\b)[\w-]+\s){0,4}\Z)"
)
_FOR_ANOTHER = re.compile(r"(?i:[^.;]{0,40}?\s(?:to|for|with|by)\s(?:[\w-]+\s){1,3}\Z)")
_ARROW_TO = re.compile(r"\s?→\s?\d[\d.,]*\s?(?:mg|g|µg|mcg|units?)[^→]{0,40}")
_ARROW_BEFORE = re.compile(r"→[^.;]{0,20}\Z")
_ARROW_REACH = 40  # characters before an amount in which another arrow is looked for
_NEAR = 3  # words between a cue and the amount
_ANY_WORD = re.compile(r"[A-Za-z0-9][\w/-]*")


STEMS = (*_STEMS, *_EXCHANGE_STEMS, "from", "taper", "wean")


def is_changed(text: str, start: int, end: int) -> bool:
    """``80 mg → 40 mg``: the first of two amounts; three of them are the steps of a plan."""
    if text.find("→", end, end + 2) < 0:
        return False
    to = _ARROW_TO.match(text, end)
    one = to is not None and text[to.end() : to.end() + 1] != "→"
    return one and look_back(_ARROW_BEFORE, text, start, _ARROW_REACH) is None


def from_cue(window: str) -> str:
    """The end of a text from its last word of the past on, or ""."""
    cues = list(_CUE.finditer(window))
    return window[cues[-1].start() :] if cues else ""


def is_previous(
    window: str, after: str, has_next: bool, says: Callable[[tuple[str, ...]], bool]
) -> bool:
    """Whether an amount is one that the text moves on from.

    ``window`` is the text before it, from the last amount or break on; ``after`` the text up
    to the next amount, and ``has_next`` whether there is one. ``says``: whether one of some
    stems stands before it; a search for each pattern would be slow.
    """
    if says(("from",)) and (
        _CHANGED_FROM.search(window) or (_FROM.search(window) and _TO_NEXT.match(after, 0, 60))
    ):
        return True
    if _ENDED_AFTER.match(after):
        return True
    if says(_STEMS):
        cues = [] if _ENDED.match(window.lstrip()) else list(_CUE.finditer(window))
        ended = cues and _ENDED.search(window, max(0, cues[-1].start() - 6))
        if cues and not ended and len(_ANY_WORD.findall(window[cues[-1].end() :])) <= _NEAR:
            return True
        if _HELD_IN_BRACKETS.search(window) or (_HELD.search(window) and _MOVED_ON.match(after)):
            return True
    return bool(
        has_next
        and says(_EXCHANGE_STEMS)
        and _EXCHANGED.search(window)
        and _FOR_ANOTHER.match(after)
    )
