"""Whether a word that decides the role of an amount is really said of that amount.

"Below-knee thrombosis: rivaroxaban 15 mg" sets no limit, and "previous stroke, clopidogrel 75 mg"
is no earlier dose. Where more than the drug and a few filling words lies between, the role may
be wrong, and the caller says so by a flag.
"""

from __future__ import annotations

import re

# What may stand between the word and the amount.
_GAP_WORDS = """
    a about above absolute adult an and any are as at be been being by child children cumulative
    daily day days dosage dose doses each exceed exceeded exceeding for from full g give
    had have her his in infusion initial intravenous is it iv its least less lifetime loading
    maintenance max maximum mg minimum month monthly more no not of on once or oral orally over
    per po prescribe rather recommended received receiving
    sc should single standard start started starting subcutaneous take taking than that
    the their then this to total use used using usual was week weekly were
"""
_GAP = frozenset(_GAP_WORDS.split())
# The same after a comparator; a drug between makes it one of something else.
_COMPARATOR_WORDS = """
    above below beyond over under more less greater higher lower fewer exceed exceeds exceeding
"""
_COMPARATORS = frozenset(_COMPARATOR_WORDS.split())
_COMPARED_WORDS = """
    a about an approximately around daily dose doses equal of or single than the total
"""
_COMPARED = frozenset(_COMPARED_WORDS.split())
# "5 mg daily is wrong", "5 mg: this dose is obsolete": between an amount and its verdict.
_OF_THE_DOSE_WORDS = """
    a as bd daily day dose doses each every fixed flat hours intravenously it iv more od once or
    oral orally per po regimen sc schedule tds that the this three times twice week weekly which
"""
_OF_THE_DOSE = frozenset(_OF_THE_DOSE_WORDS.split())
_END_OF_PHRASE = re.compile(
    r"\s*(?:\Z|[.,;:)\]/]|(?i:(?:per|a|daily|weekly|each|in|for|if|of|should|is|are|dose|on|every"
    r"|and|or|once|twice|with|at|when|as|to|until|by|iv|po|orally|od|bd|tds|qds)\b))"
)
_WORD = re.compile(r"[A-Za-z0-9][\w/-]*")
_CUE_WORD = re.compile(r"[A-Za-z]+(?![\w-])|[<>≤≥]")
_BREAK = re.compile(r",\s|;|\.\s|\)")


def stands_apart(cue: str, text: str, unnamed: str, at: int) -> bool:
    """Whether more than drugs and filling words lies between a cue and the amount at ``at``.

    ``cue`` is the text from the cue to the amount: "below-knee DVT: rivaroxaban "; ``unnamed``
    is ``text`` with every known drug blanked.
    """
    word = _CUE_WORD.match(cue)
    begin = at - len(cue) + (word.end() if word else 0)
    gap = unnamed[begin:at].removeprefix(".")  # "max. 60 mg"
    if _BREAK.search(gap) or (word and cue[word.end() :].startswith((")", " ("))):
        return True
    if word and word.group().lower() in _COMPARATORS:
        return ":" in gap or not _COMPARED.issuperset(_words(text[begin:at]))
    if not _GAP.issuperset(_words(gap)):
        return True
    # "Cap omeprazole 20 mg" is a capsule.
    return cue[:3].lower() == "cap" and text[begin:at] != unnamed[begin:at]


def is_of_the_dose(gap: str) -> bool:
    """Whether a verdict that follows an amount after ``gap`` is about it."""
    return _OF_THE_DOSE.issuperset(_words(gap))


def ends_a_phrase(rest: str) -> bool:
    """Whether "max" or "or more" ends there: not in ``max relief`` and ``or more simply``."""
    return _END_OF_PHRASE.match(rest) is not None


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
