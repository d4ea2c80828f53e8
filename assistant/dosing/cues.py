"""Words beside a dose that can turn its sense and that no role has used: said by a flag.

The reader knows what "stopped" or "up to" does to an amount in the wordings it was built for.
Where such a word stands in a sentence and none of its doses got the role that goes with it,
the word may mean something that the reader missed. A flag is no verdict: a passage that is
quoted carries the same one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from assistant.dosing.lists import is_repeated, is_split
from assistant.dosing.model import DoseRole, Kind
from assistant.dosing.tokens import Quantity, Token
from corpus.drugs import DrugMention

# How the words begin, a blank between two of them; behind a word boundary.
_WORDS: Mapping[str, str] = {
    "negation": (
        r"not never without avoid against instead rather omit declin refus cancel contraindicat "
        r"inappropriate unsuitable unsafe excessive wrong incorrect misread inadequate "
        r"ineffective obsolete outdated superseded abandon neither withh(?:old|eld) skip "
        r"unnecessary futile too\s(?:much|high|low|little) intoleran adverse exclu myth\b errat "
        r"wasted lieu gave\sway crossed\sout no\s(?:role|need|indication|benefit|evidence|place)"
    ),
    "past": (
        r"previous prior\b former old\b last\b past\b earlier used\sto no\slonger stop ceas "
        r"discontinu d/c complet(?:e|ed|es)\b finish ended dropped histor(?:ic|y\sof) "
        r"older\s(?:schedule|regimen|dose|protocol|label|practice) too(?=[.,;]|\Z) "
        r"pre-?admission baseline before: originally charted ran\sout came\s(?:in|down) "
        r"withdr(?!awal) held\b hold\b off\b usual(?:ly)?\s(?:took|takes|home) yesterday failed "
        r"tried (?:on|at|before)\sadmission w(?:as|ere)\s\d paus(?:e|ed|ing)\b suspend interrupt "
        r"home\sdose had\s(?:been|taken|received) wa?e?(?:s|re)\s(?:on|taking|receiving) "
        r"(?:day|week|month|year)s?\sago"
    ),
    "change": (
        r"switch chang convert replac swap reduc increas decreas escalat titrat taper wean lower "
        r"rais halv doubl tripl cut\b from\b substitut became favou?r step(?:ped)?\s(?:up|down)"
    ),
    "limit": (
        r"max min(?:imum|imal)\b up\sto\b at\smost\b limit capp?(?:ed)?\b ceiling exceed "
        r"top\sdose highest lowest threshold upper no\smore as\s(?:high|low|much|little)\sas "
        r"restrict confin"
    ),
    "comparison": (
        r"at\sleast\b above below beyond (?:more|less|greater|higher|lower|fewer)\sthan "
        r"or\s(?:more|less|over|under)\b"
    ),
    "total": r"total cumulative lifetime altogether overall accumulat course in\sall\b",
    "doubt": (
        r"unclear illegible unsure uncertain query tbc sic\b roughly circa probably perhaps "
        r"maybe equivalent equals?\b versus vs\b compared error mistake overdos "
        r"(?:first|second|same)\sday\b mean\b median move\sto repeated\sto in\s24\sh intakes?\b "
        r"aliquot at\sleast\sas\b"
    ),
    "stock": (
        r"packs?\b stock strengths?\b comes?\s(?:as|in)\b marketed bottle vial "
        r"each\b(?!\s(?:day|week|month|dose|cycle|time|course|morning|evening|night|other|meal)) "
        r"ampoule box(?:es)?\b contain suppl(?:y|ied) dispens disp\b cost price available "
        r"formulation preparation product: contents prefilled "
        r"(?:tablets?|capsules?|caps|tabs?)\s(?:of\s)?\d units?\sof\s(?:alcohol|blood|red)"
    ),
    "harm": r"toxic lethal fatal dangerous harmful",
    "weekday": r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?s?\b weekend",
}

# "has gone up to 150 mg" is a rise, and "woken up to take" no limit at all.
_RISE = (
    r"\b(?:put|bump|buil[dt]|gone|went|brought|push|wok|wak|work|mov|rais|now)\w*"
    r"(?:\s\w+){0,2}\sup\sto"
)
# What stands behind no word boundary. An arrow is a change, a step or a rise of a laboratory value.
_SIGNS: Mapping[str, str] = {
    "negation": r"n't\b|[❌✗]",
    "change": r"[→↓↑]",
    "comparison": r"[<>≤≥]",
    "doubt": r"\?",
    "stock": r"[£$€]",
    "rise": _RISE,
    "arrow": r"→",
}
# What ``doubts`` looks for as well.
_DOUBTFUL_WORDS = (
    r"erroneous accidental intended meant\b to\sbe\sconfirmed over\s\d combine mix\b "
    r"co-?administer effective\sdose tolerated studied tested"
)
_DOUBTFUL_SIGNS = r"\d(?:\s?[mµ]?c?g)?\s?/\s?\d|\d\s?ml\b|g\s[a-z]{2,4}/"


def _compiled(words: Sequence[str], signs: Sequence[str]) -> re.Pattern[str]:
    """A search for any of the words or signs, in text in small letters.

    Ignoring case would take three times as long, and so would trying each word at each place:
    the words are gathered by their first letters.
    """
    gathered: dict[str, list[str]] = defaultdict(list)
    for word in " ".join(words).split():
        letter = word[0] if word[0].isalpha() and word[1] not in "?*" else ""
        gathered[letter].append(word.removeprefix(letter))
    tries = [rf"{letter}(?:{'|'.join(rests)})" for letter, rests in gathered.items()]
    return re.compile("|".join((*signs, *([rf"\b(?:{'|'.join(tries)})"] if tries else ()))))


_CUES = {
    name: _compiled(
        [_WORDS[name]] if name in _WORDS else [], [_SIGNS[name]] if name in _SIGNS else []
    )
    for name in dict.fromkeys((*_WORDS, *_SIGNS))
}
_ANY = _compiled([*_WORDS.values(), _DOUBTFUL_WORDS], [*_SIGNS.values(), _DOUBTFUL_SIGNS])
_USED: Mapping[DoseRole | None, frozenset[str]] = {
    DoseRole.REJECTED: frozenset({"negation"}),
    DoseRole.PREVIOUS: frozenset({"past", "change"}),
    DoseRole.MAXIMUM: frozenset({"limit", "comparison", "negation"}),
    DoseRole.MINIMUM: frozenset({"limit", "comparison", "negation"}),
    DoseRole.CUMULATIVE_LIMIT: frozenset({"total", "limit", "comparison", "negation"}),
    DoseRole.RELATIVE: frozenset({"change"}),
}
_OF_A_DOSE = re.compile(
    r"(?i:dos|normal|usual|full|reduc|increas|cut|lower|rais|strength|give|of\s(?:the|its)|bolus"
    r"|\brest\b|remain|infus|\bas\b)"
)


def has_cue(text: str) -> bool:
    """Whether any of these words stands in a text: most have none."""
    return _ANY.search(text.lower()) is not None


_COUNTED = {name: _CUES[name] for name in ("negation", "past", "limit", "comparison")}
_RATES = frozenset({"min", "h"})
_SENSES = [_CUES[name] for name in ("negation", "past", "limit", "total", "harm", "stock")]


def names_a_sense(text: str) -> bool:
    """Whether a lower-case text without amounts may turn the sense of those beside it."""
    return any(cue.search(text) for cue in _SENSES)


def unused_cues(
    sentence: str,
    start: int,
    unnamed: str,
    doses: Sequence[Quantity],
    named: Collection[DrugMention],
    tokens: Sequence[Token],
) -> bool:
    """Whether something in a sentence with doses bears on them and was not used.

    ``named`` are the drugs and ``tokens`` the numbers and times of the sentence, which begins at
    ``start`` of the text; ``unnamed`` is the whole text with every drug blanked.
    """
    drugs = {mention.drug_id for mention in named}
    if len(drugs) > 1 and drugs != {dose.drug for dose in doses if dose.drug}:
        return True
    if is_split(doses, unnamed, named, _ANY):
        return True
    if len(doses) == 1 and doses[0].role is DoseRole.MAXIMUM and doses[0].per in _RATES:
        return True  # "noradrenaline up to 0.2 mcg/kg/min": raised to it, or no higher
    sentence = sentence.lower()
    if not _ANY.search(sentence):
        return False
    if len(doses) > 1 and is_repeated(sentence, start, doses, _COUNTED, _USED):
        return True
    used = frozenset[str]().union(*(_USED.get(dose.role, frozenset()) for dose in doses))
    if any(dose.cumulative for dose in doses):
        used |= {"total"}
    # A comparator before a laboratory value or an age is that value's own.
    others = any(token.kind in _COMPARED_KINDS for token in tokens)
    if others:
        used |= {"comparison"}
    return any(name not in used and cue.search(sentence) for name, cue in _CUES.items())


_COMPARED_KINDS = frozenset({Kind.LAB, Kind.AGE, Kind.BODY_SIZE, Kind.SCORE, Kind.TIME_WINDOW})


_BEFORE, _AFTER = 60, 40  # characters beside a percentage in which a dose is named


def has_unread_share(text: str, tokens: Sequence[Token]) -> bool:
    """Whether a percentage that was not read as a share of a dose may be one."""
    return any(
        token.kind is Kind.PERCENTAGE
        and _OF_A_DOSE.search(text, max(0, token.start - _BEFORE), token.end + _AFTER) is not None
        for token in tokens
    )
