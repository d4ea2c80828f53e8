"""Wordings from which a dose can't be taken as it stands: each is said by a flag."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dosing.kinds import ANALYTE
from assistant.dosing.model import Kind
from assistant.dosing.strangers import SALTS
from assistant.dosing.tokens import Quantity
from assistant.dosing.windows import text_before
from corpus.drugs import DrugMention

# What was given by mistake: "2.5 mg instead of 25 mg" says which was wrong, not which is right.
_MISTAKE = re.compile(
    r"(?i:\b(?:in\serror|by\smistake|erroneous(?:ly)?|mistaken(?:ly)?|accidental(?:ly)?"
    r"|overdos(?:e|ed|age)|wrong\sdose|(?:was|were)\s(?:intended|meant)|to\sbe\sconfirmed)\b)"
)
# "do not combine A with B 300 mg", "minimum effective dose was 10 mg", "taper by 5 mg", "6 mg per
# course": no dose to give, or not in the sense in which its words are usually meant.
_NOT_AN_ORDER = re.compile(
    r"(?i:\b(?:do|does|should|must)\snot\s(?:combine|mix|co-?administer)\b"
    r"|\b(?:minimum|maximum|lowest|highest)\s(?:effective|tolerated|studied|tested)\sdose\b"
    r"|\b(?:taper|titrat|escalat|increas|reduc|decreas)\w*\b[^.;]{0,40}?\sby\s\d[\d.,]*\s?(?:mg|g|mcg|µg|units?)\b"
    r"|\btotal\s\d[\d.,]*\s?(?:mg|g|mcg|µg|units?)\sper\scourse\b)"
)
# "80 mg over 40 mg": preferred to it, or infused with it?
_COMPARED = re.compile(
    r"\d\s?(?:mg|g|mcg|µg|units?)\s(?i:over)\s\d[\d.,]*\s?(?:mg|g|mcg|µg|units?)(?![A-Za-z/])"
)
# "49/51 mg", "875 mg/125 mg": of which drug each is stands in the order of the name alone.
_JOINED = re.compile(
    r"\d\s?(?:mg|g|mcg|µg|units?)?\s?/\s?\d[\d.,]*\s?(?:mg|g|mcg|µg|units?)(?![A-Za-z])"
)
# "150 mg PE/min": a word inside the unit.
_SPLIT_UNIT = re.compile(r"\d\s?(?:mg|g|mcg|µg|units?)\s[A-Za-z]{2,4}/(?:min|hour|h|day)\b")
# "40 units in 500 mL at 125 mL/h": what the pump gives is a volume, of what was named before.
_PUMP_RATE = re.compile(
    r"\d\s?(?:mg|g|mcg|µg|units?|mmol)\b.{0,80}\d\s?mL\s?(?:/|per\s)\s?(?:h\b|hr|hour)"
)
_FRACTION = r"(?:(?:an?|one|two|three)[\s-](?:third|fifth|sixth|eighth|tenth)s?|[⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])"
_UNREAD_SHARE = re.compile(
    rf"(?i:\b(?:reduc|decreas|lower|cut|increas|rais|escalat)\w*\b[^.;]{{0,40}}?\s(?:by|to)\s"
    rf"(?:about\s|approximately\s)?{_FRACTION}"
    rf"|\b(?:reduction|decrease|cut|increase|decrement|increment)\sof\s(?:about\s)?{_FRACTION}"
    rf"|\b{_FRACTION}\s(?:dose\s)?(?:reduction|decrease|increase)"
    rf"|\b{_FRACTION}\sof\s(?:the\s)?(?:\w+\s){{0,2}}?dos(?:e|es|age)\b)"
)
_COUNT = r"(?:\d+|½|half|one|two|three|four)"
_COUNTED = re.compile(rf"(?i:\b{_COUNT}(?:\s?(?:-|to|or)\s?{_COUNT})?\s(?:an?\s|of\s)?\Z)")
_FORM = re.compile(
    r"(?i:\s(?:tablet|capsule|puff|patch|sachet|suppositor|drop|spray)(?:s|es|y|ies)?\b)"
)
# "eighty milligrams", "two point five mg", "a single gram": a number in words beside a unit.
_IN_WORDS = re.compile(
    r"(?i:\b(?:hundred|thousand|million|point\s\w+|and\sa\s(?:half|quarter)|(?:twen|thir|for|fif|six|seven"
    r"|eigh|nine)ty(?:[\s-]\w+)?|\w+teen|eleven|twelve|single)(?:\s(?:and\s)?\w+){0,2}?\s"
    r"(?:milligram|microgram|gram|unit)s?\b)"
)
# "500 mg tablets x 2 qds", "1 mg pen once weekly", "40 mg/0.4 mL SC": given, not only supplied.
_GIVEN = re.compile(
    r"(?i:[^.;]{0,30}?\b(?:once|twice|thrice|daily|nightly|weekly|monthly|[obtq]ds?|[btq]id|nocte|mane|stat"
    r"|every|q\d+h?|prn|at\snight|three\stimes|sc|iv|im|po)\b)"
)
_OF_A_VOLUME = re.compile(r"\s?(?:/|in)\s?\d|(?<=\dmL)|(?<=\d\smL)")  # "6 mg/2 mL rapid push"
_SUPPLIES = frozenset({Kind.STRENGTH, Kind.VOLUME, Kind.CONCENTRATION})
# "co-amoxiclav 500/125 TDS": two amounts without a unit.
_BARE_PAIR = re.compile(r"\s\d[\d.]*\s?/\s?\d[\d.]*(?![\d/.]|\s?(?:mg|mcg|g|µg|mL|units?)\b)")
# "l mg" and "50 pg IV": what a scan makes of "1 mg" and "50 µg".
_LETTER = re.compile(
    r"\s(?:[lIOSBZ|]\s?(?:mg|mcg|µg|units?)|\d[\d.,]*\s?pg\s(?i:iv|im|sc|po))(?![A-Za-z])"
)


def doubt_about(sentence: str) -> str:
    """The flag for every dose of a sentence that can't be taken as it stands, or "".

    Each of these wordings holds one of the cues that ``cues.has_cue`` looks for.
    """
    if _MISTAKE.search(sentence):
        return "told_as_a_mistake"
    if _NOT_AN_ORDER.search(sentence):
        return "not_an_order"
    if _COMPARED.search(sentence):
        return "ambiguous_comparison"
    if _JOINED.search(sentence):
        return "fixed_combination"
    if _SPLIT_UNIT.search(sentence):
        return "split_unit"
    return "pump_rate" if _PUMP_RATE.search(sentence) else ""


def holds_unread_amount(
    text: str,
    start: int,
    end: int,
    named: Sequence[DrugMention],
    quantities: Sequence[Quantity] = (),
) -> bool:
    """Whether a sentence, ``text[start:end]``, has an amount that the grammar can't read.

    ``named`` are its drugs: without one, "cut by a third" is no dose; ``quantities`` are all
    amounts in it, doses or not.
    """
    if not named:
        return False
    words = text[start:end].lower()
    for pattern, stems in ((_UNREAD_SHARE, _PARTS), (_IN_WORDS, _UNITS)):
        if any(stem in words for stem in stems) and pattern.search(text, start, end):
            return True
    return any(_may_be_a_dose(text, end, amount, named) for amount in quantities) or any(
        (_FORM.match(text, drug.end, end) and _COUNTED.search(text, start, drug.start))
        or _LETTER.match(text, drug.end, end)
        or _BARE_PAIR.match(text, drug.end, end)
        for drug in named
    )


# Without one of these no part of a dose is named; a search of each sentence would be slow.
_PARTS = ("third", "fifth", "sixth", "eighth", "tenth", *"⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞")
_UNITS = ("gram", "unit")
_BEFORE = 30  # characters before an amount in which no medicine is named


def _may_be_a_dose(text: str, end: int, amount: Quantity, named: Sequence[DrugMention]) -> bool:
    """Whether an amount that was taken for no dose is given, or stands right behind a drug."""
    if amount.kind is Kind.DOSE:
        return False
    if amount.kind in _SUPPLIES and _GIVEN.match(text, amount.end, end):
        return True
    behind = any(
        drug.end <= amount.start and not text[drug.end : amount.start].strip() for drug in named
    )
    return behind and (amount.kind is Kind.LAB or _OF_A_VOLUME.match(text, amount.end) is not None)


_NO_MEDICINE_WORDS = (
    r"(?:cells|blood|platelets|plasma|ffp|alcohol|diet|intake|weigh\w*|now|body|fluid|urine"
    r"|stool|output|losses|loss|drain\w*|drinking|drinks|transfused|excretion|protein|fat|fibre)"
)
_NO_MEDICINE = re.compile(
    rf"(?i:\b{_NO_MEDICINE_WORDS}(?:\s(?:of|is|was|at|now|under))?[\s:,]{{0,2}}\Z"
    r"|\blevels?\b[^.;]{0,15}\Z)"
)
_NO_MEDICINE_ANYWHERE = re.compile(rf"(?i:\b(?:{_NO_MEDICINE_WORDS}|levels?)\b)")
_TRANSFUSED = re.compile(r"(?i:\s(?:transfused|of\s(?:blood|red|packed|plasma|platelets)))")
_LINK_OF_A_VALUE = re.compile(r"(?:\s(?:of|is|was|at|now))?[\s:=]{0,2}\Z")
_HEAVY = 100  # grams: more than any single dose of a medicine


def names_no_medicine(text: str) -> bool:
    """Whether a text names anything that an amount may be of and that is no medicine."""
    return _NO_MEDICINE_ANYWHERE.search(text) is not None or ANALYTE.search(text) is not None


def may_be_no_dose(text: str, amount: Quantity) -> bool:
    """Whether an amount read as a dose may be a laboratory value, a body weight or a fluid.

    ``text`` has every known drug blanked.
    """
    if amount.unit == "g" and not amount.basis and (amount.high or 0) >= _HEAVY:
        return True
    before = text_before(text, amount.start, _BEFORE)
    if _NO_MEDICINE.search(before) or _TRANSFUSED.match(text, amount.end):
        return True
    return any(
        _LINK_OF_A_VALUE.fullmatch(before, m.end())
        for m in ANALYTE.finditer(before)
        # "diclofenac sodium 75 mg", with the name blanked
        if not (m.group().lower() in SALTS and before[: m.start()].endswith("  "))
    )
