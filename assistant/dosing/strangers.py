"""Words that stand where the name of a drug stands and that the table of drugs lacks."""

from __future__ import annotations

import re

from assistant.dosing.clauses import Sentence
from assistant.dosing.tokens import Quantity
from corpus.drugs import DrugMention

_ENDINGS = """
    mab nib cycline azole cillin floxacin mycin navir ciclovir vudine statin sartan olol
    prazole parin platin rubicin taxel limus cept kinra solone sone gliptin gliflozin
    triptan setron dronate penem dipine zepam zolam barbital fungin tinib ciclib trexate
    poside stine tecan poetin grastim inib micin oxaban caine tidine afil thiazide semide
    profen
"""
_DRUG_ENDINGS = tuple(_ENDINGS.split())
_STEM = re.compile(rf"(?i:[a-z]{{2,}}(?:{'|'.join(_DRUG_ENDINGS)}))\Z")
_ORDINARY_WORDS = """
    iv po sc sq im it inh max maximum min day days week weeks dose doses then bid tid qid od
    prn and or the for with at of to in on by per total initial start starting adults adult
    children child infants if when after until give use take iv/po iv/sc rate usual standard
    loading maintenance continuation pulse protocol d1 bolus infusion once twice three daily
    weekly either plus not never only is are was were be given single severe moderate mild
    high low oral intravenous intrathecal about approximately reduced full fixed flat step
    level followed than rather from as a an bsa crcl target goal
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_WORD_BEFORE = re.compile(
    r"(?P<gap>\A|[\s,(+/;:|])(?P<word>[A-Za-z][\w.-]*[A-Za-z\d]|[A-Z])\s?[:=(]?\s?\Z"
)
_OF_WORD = re.compile(r"\sof\s(?:the\s)?(?P<word>[a-z]{5,})\b(?!-?\s?weight)")
_OPENING_WORD = re.compile(
    r"(?:\A|[;:,(\n]|\b(?:give|use|start|add|take|and|or|with|plus|then|on)\b)\s?"
    r"(?P<word>[A-Za-z][a-z]{5,})\s(?:\(?\s?)\Z",
    re.IGNORECASE,
)
_BETWEEN_WORD = re.compile(r"[A-Za-z-]{5,}")
_LONG_WORD = re.compile(r"(?<![\w-])[A-Za-z]{6,}(?![\w])")
_LISTED = re.compile(r"(?:,|\band|\bor|\bplus|\bwith|\+|/)\s?\Z")
_OF_NAME = re.compile(r"\sof\s([A-Za-z][\w-]+)")
_NO_DRUG_WORDS = """
    maximum minimum usual total initial dosage doses weight treatment therapy infusion bolus
    cumulative monotherapy between within recommended regimen injection tablets capsules
    reduce reduced increase increased patient patients younger older weighing exceed exceeding
    course daily weekly loading starting approximately receive received under below above
    instead rather titrate titrated taper tapered because during limit continue administer
    prescribe surface actual
"""
_NO_STRANGERS = _ORDINARY | frozenset(_NO_DRUG_WORDS.split())


def like_a_drug(word: str) -> bool:
    """Whether a word ends as the names of drugs do; the search alone is slow."""
    return word.lower().endswith(_DRUG_ENDINGS) and _STEM.search(word) is not None


def check_stranger(
    text: str,
    sentence: Sentence,
    quantity: Quantity,
    mention: DrugMention | None,
) -> None:
    """An unknown word in the place of a drug name makes the drug ambiguous."""
    begin = sentence.start
    if mention is not None and mention.end <= quantity.start:
        begin = mention.end
    elif mention is not None and mention.start >= quantity.end:
        between = text[quantity.end : mention.start]
        if any(like_a_drug(w) for w in _BETWEEN_WORD.findall(between)):
            _unknown(quantity)
        return
    between = text[begin : quantity.start]
    word = _WORD_BEFORE.search(between)
    if word:
        spelled = word["word"]
        listed = word["gap"] in {",", "+", "/", ";"} or _LISTED.search(
            between[: word.start("word")]
        )
        if spelled.lower() not in _ORDINARY and (
            like_a_drug(spelled) or (listed and spelled[0].isupper() and not spelled.isdigit())
        ):
            _unknown(quantity)
            return
    for spelled in _LONG_WORD.findall(between[-80:]):
        if like_a_drug(spelled) and spelled.lower() not in _ORDINARY:
            quantity.flag("ambiguous_drug")
    after = _OF_NAME.match(text, quantity.end, quantity.end + 40)
    if (
        after
        and like_a_drug(after.group(1))
        and not (mention and mention.start == quantity.end + 4)
    ):
        _unknown(quantity)


def _unknown(quantity: Quantity) -> None:
    quantity.drug = None
    quantity.flag("ambiguous_drug")


def names_a_stranger(text: str, sentence: Sentence, quantity: Quantity) -> bool:
    """Whether a word that the table of drugs lacks stands where the drug of an amount stands."""
    after = _OF_WORD.match(text, quantity.end)
    before = _OPENING_WORD.search(text[max(sentence.start, quantity.start - 60) : quantity.start])
    return any(
        found is not None and found["word"].lower() not in _NO_STRANGERS
        for found in (after, before)
    )
