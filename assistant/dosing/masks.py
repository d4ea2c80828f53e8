"""Numbers that are no amounts: names, citations, references, dates, statistics, scores."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.dosing.model import Kind
from assistant.dosing.numerals import NUMBER
from assistant.dosing.tokens import Tokens, any_case
from assistant.dosing.units import cuts_amount, unit_at
from corpus.drugs import DrugMention

_RANGE = rf"{NUMBER}(?:\s?(?:-|to|–)\s?{NUMBER})?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_CITATIONS = re.compile(
    r"""
      ⟦[^⟦⟧\n]{1,40}⟧
    | \[\s?\d{1,3}(?:\s?[-,;]\s?\d{1,3}){0,15}\s?\]
    | (?<=[a-z)])\.\d{1,3}(?:[,-]\d{1,3}){0,8}(?=\s+[A-Z]|\s*\Z)
    | (?<=[a-z)]),\d{1,2}(?:[,-]\d{1,2}){0,8}(?=[\s.;)]|\Z)
    """,
    re.VERBOSE,
)
_REFERENCES = re.compile(
    rf"""(?=\b|[h€$£])(?:
      https?://\S{{1,300}}
    | \b10\.\d{{4,9}}/\S{{1,120}}
    | \b(?:PMID|PMCID|DOI|ISBN|ISSN|EudraCT)\b:?\s?[\w./-]{{2,60}}
    | \b(?:NCT|PMC|ISRCTN)\d{{4,}}\b
    | (?:\b[A-Z][A-Za-z]{{1,20}}\.?\s){{0,3}}\b(?:19
      |20)\d\d\s?;\s?\d{{1,4}}\s?(?:\(\d{{1,4}}(?:-\d+)?\))?\s?:?\s?
      (?:[eEsS]?\d{{1,7}}(?:\s?-\s?[eEsS]?\d{{1,7}})?)?
    | \b(?:19|20)\d\d-\d\d-\d\d\b
    | \b\d{{1,2}}[./]\d{{1,2}}[./](?:19|20)\d\d\b
    | (?i:\b\d{{1,2}}(?:st|nd|rd|th)?\s{_MONTH}(?:,?\s(?:19|20)\d\d)?\b)
    | (?i:\b{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d\d)\b)
    | (?i:\b{_MONTH},?\s(?:19|20)\d\d\b)
    | [€$£]\s?\d[\d.,]*+(?:\s?(?:million|billion|k|m)\b)?
    | (?i:\b(?:table|tab\.|figure|fig\.?|box|section|chapter|appendix|supplement(?:ary)?|page
      |pages|pp\.
        |vol\.?|volume|version|edition|ref\.?|reference|step|note|footnote|question
          |recommendation|statement)
        \s[sS]?\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}(?:-\d{{1,4}})?[a-z]?(?![\w%]|\s?[.,]\d))
    | \bet\sal\.?,?\s\(?(?:19|20)\d\d
    | \b\d{{1,2}}:\d\d\b(?:\s?(?:am|pm|AM|PM|h)\b)?
    | \b\d{{1,2}}\s?(?:am|pm|AM|PM|a\.m\.|p\.m\.)(?![A-Za-z])
    | \bv\d{{1,2}}(?:\.\d{{1,3}}){{1,2}}\b
    )""",
    re.VERBOSE,
)
_STATISTICS = re.compile(
    rf"""
      \b[pP](?:-?value)?\s?(?:=|<|>|≤|≥|of)\s?(?:0|1)?\.?\d+
    | \b[nN]\s?=\s?\d[\d,]*+
    | (?:\b9\d(?:\.\d)?\s?%\s?)(?:CI|confidence\sinterval|credible\sinterval
      |CrI)\b[:,=]?\s?[(\[]?\s?(?:of\s)?-?{NUMBER}%?
      \s?(?:-|to|,|;)\s?-?{NUMBER}%?
    | \b(?:a?HR|a?OR|RR|IRR|SMR|(?:hazard|odds|risk
      |rate)\sratio)s?\b(?:\sfor\s[a-z]{{2,20}})?\s?(?:of|=|:|,|was)?\s?{_RANGE}(?!\s?%|\s?(?:mg
      |g|kg|h)\b)
    | \b(?:IQR|interquartile\srange|SD|SEM|kappa|AUROC|C-index|r2|R2)\s?(?:of|=|:|,)?\s?{_RANGE}%?
    | ±\s?{NUMBER}\s?%? | \+/-\s?{NUMBER}\s?%?
    | {NUMBER}(?:-?\sto\s{NUMBER}|-{NUMBER})?[\s-]?fold\b
    | \bAUC\s?(?:of|=|was|:)?\s?(?:0?\.\d+|1\.0+)(?!\d)
    """,
    re.VERBOSE,
)
_SCORES = re.compile(
    rf"""\b(?:
      (?i:\b(?:h-?score|(?:sofa|apache|ecog|karnofsky|child-pugh|meld|gcs|glasgow|nyha|das28
        |[a-z]{{2,12}})\s?score
        |score|points?|ohi\sindex|ecog(?:\sps)?|karnofsky|apache\sii)\b)
      (?:\s(?:cut-?off|of|is|was|above|below|over|at\sleast|less\sthan|greater\sthan
        |probability\sof|or|about|than
        |median|value|greater|more|threshold|for|with|and|the|had|reached)){{0,4}}
      \s?[=:]?\s?(?P<cmp>[<>≤≥]?)\s?-?{_RANGE}(?!\s?(?:%|mg|g/|kg|mL|years?|weeks?|days?|h\b
        |hours?|months?|[.,]?\d))
    | (?i:\b(?:grades?|stages?|phase|class|type|tier|category|criterion|criteria\s(?:no\.|number)
      |no\.|number|level|level\sof\sevidence|dose\slevel|line)
        \s[<>≤≥]?\s?\d{{1,2}}(?:\s?(?:-|/|to|or|and)\s?\d{{1,2}}(?![.\d]|\s?(?:mg|g|kg
          |mL)\b))?\+?[a-cA-C]?(?![\w.%/]|\s?(?:mg|g|kg|mcg|µg|mL|units?|mmol)\b))
    )""",
    re.VERBOSE,
)
_YEARS = re.compile(
    r"(?<![\d.,<>≤≥=/-])(?<![<>≤≥=] )\b(?:19[5-9]\d|20[0-4]\d)(?:\s?(?:-|/|to|and)\s?(?:(?:19"
    r"|20)\d\d|\d\d))?\b"
    r"(?![.,]?\d|\s?%|\s?[/^×]|\s?(?:[a-z]+\s)?(?:patients|cases|children|adults|copies|points"
    r"|people|participants)\b)"
)
# A letter and a number in one word: HLH-94, CD25, IL-1β, JAK1/2, CYP3A4.
_NAMES = re.compile(
    r"(?<![A-Za-z0-9.])(?P<letters>[A-Za-z]+(?:-[A-Za-z]+){0,3}-?)\d[A-Za-z0-9]*+(?:[-/]\d+[A-Za-z]*+){0,3}"
    r"(?:[-/]?[αβγδκλµ]\w{0,2})?(?:-[A-Za-z]{1,12}\d?){0,2}(?![A-Za-z0-9])"
)
_INVERSE_UNIT = re.compile(r"(?:kg|d|day|h|hr|hour|min|wk|week|dose)-[12]")  # mg·kg-1
_Q_TIME = re.compile(r"[qQ]\d+[A-Za-z]{0,6}(?:-\d+[A-Za-z]*)?")  # q12h, Q4W
_NO_NAME = re.compile(
    r"(?:d|days?|D|Days?|w|wks?|weeks?|Weeks?|C\d+D|cycles?|C|x|X|AUC|auc|m|cm|mm|months?|years?|yr"
    r"|n|N|p|P"
    r"|to|of|at|is|by|or|and|max|over|for|plus|dose|IV|PO|SC|IM|IT|age|grade|BD|OD|per|km|dm"
    r"|hour|under"
    r"|[qQ]|[A-Z]{0,3}m)-?",
    re.ASCII,
)
_COUNT_OF = re.compile(
    r"(?<![\w.,/-])\d{1,6}\s(?:of|out\sof)\s(?:the\s|all\s)?\d{1,6}(?:\s[a-z-]{3,})?(?![\w%]"
    r"|[.,]\d)"
)
# Without one of these no reference, statistic or score can be there.
_REFERENCE_SIGNS = (
    *("http", "10.", "pmid", "pmc", "doi", "isbn", "issn", "eudract", "nct", "isrctn", "et al"),
    *("€", "$", "£", "a.m.", "p.m."),
)
# These ask for the rarest character first, and for what stands before it after that.
_YEARISH = re.compile(r"\d(?:(?:(?<=1)9|(?<=2)0)\d\d|:\d)")
_CITATION_SIGN = re.compile(r"[\[⟦.,](?:(?<=[\[⟦])|(?<=[a-z)].)\d)")
_LETTER_AND_DIGIT = re.compile(r"\d(?:(?<=[A-Za-z]\d)|(?<=[A-Za-z]-\d))")
_REFERENCE_WORDS = any_case(
    "jan january feb february mar march apr april may jun june jul july aug august sep sept"
    " september oct october nov november dec december table tab figure fig box section chapter"
    " appendix supplement supplementary page pages pp vol volume version edition ref reference"
    " step note footnote question recommendation statement am pm v"
)
_STATISTIC_SIGNS = ("fold", "±", "+/-", "ratio", "interquartile", "kappa", "auc", "auroc", "index")
_STATISTIC_NAMES = """
    p P pvalue Pvalue n N CI confidence credible CrI HR aHR OR aOR RR IRR SMR HRs aHRs ORs aORs
    RRs IRRs SMRs IQR SD SEM r R
"""
_STATISTIC_WORDS = frozenset(_STATISTIC_NAMES.split())
_SCORE_STEMS = (
    *("score", "point", "ohi", "ecog", "karnofsky", "apache", "grade", "stage", "phase", "class"),
    *("type", "tier", "category", "criteri", "no.", "number", "level", "line"),
)
_OCR = re.compile(r"[lIOoS|][0-9OolI.,]*")


_COUNTS_AND_YEARS = (
    (_COUNT_OF, Kind.COUNT, ("of",)),
    (_YEARS, Kind.REFERENCE, ("19", "20")),
)


def mask(tokens: Tokens, drugs: Sequence[DrugMention]) -> None:
    """Claim every number that is part of a name, a reference, a statistic or a score."""
    text = tokens.text
    if not tokens.numerals:
        return
    if tokens.holds(_REFERENCE_WORDS) or tokens.says(*_REFERENCE_SIGNS) or _YEARISH.search(text):
        for match in _REFERENCES.finditer(text):
            if _has_digit(match.group()) and not _starts_amount(text, match.end()):
                tokens.try_claim(Kind.REFERENCE, *match.span())
    for match in _matches(_CITATIONS, _CITATION_SIGN, text):
        if _has_digit(match.group()):
            tokens.try_claim(Kind.CITATION, *match.span())
    fused = {d.end for d in drugs}
    for drug in drugs:
        if _has_digit(drug.text):
            tokens.try_claim(Kind.NAME, drug.start, drug.end)
    for match in _matches(_LIST_NUMBER, _LIST_SIGN, text):
        tokens.try_claim(Kind.REFERENCE, *match.span(1))
    if tokens.says(*_STATISTIC_SIGNS) or tokens.holds(_STATISTIC_WORDS):
        for match in _STATISTICS.finditer(text):
            tokens.try_claim(Kind.STATISTIC, *match.span())
    for match in tokens.matches(_SCORES, _SCORE_STEMS):
        if not _starts_amount(text, match.end()):
            tokens.try_claim(Kind.SCORE, *match.span(), cmp=match["cmp"] or "")
    for match in _matches(_NAMES, _LETTER_AND_DIGIT, text):
        if _is_name(text, match, fused):
            tokens.try_claim(Kind.NAME, *match.span())
    for pattern, kind, stems in _COUNTS_AND_YEARS:
        if tokens.says(*stems):
            for match in tokens.at_numbers(pattern, tokens.numerals):
                if not _starts_amount(text, match.end()):
                    tokens.try_claim(kind, *match.span())


_LIST_NUMBER = re.compile(r"(?:\A|\n)\s?(\d{1,2}[.)])\s(?=\D)")
_LIST_SIGN = re.compile(r"\n|\A\s?\d")


def _matches(pattern: re.Pattern[str], sign: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """All matches of a pattern that can't be there without a sign, which is found sooner."""
    if sign.search(text):
        return pattern.finditer(text)
    return iter(())


def _starts_amount(text: str, end: int) -> bool:
    """Whether a number that ends here goes on as an amount: "2000 mg", "level 50-100 mg"."""
    return unit_at(text, _skip(text, end)) is not None or cuts_amount(text, end)


_CODE = re.compile(r"[A-Z]-?\d[A-Z]\w*|[A-Z]\d+[A-Z]\d*")  # "B12A", "T315I"
_AMOUNT_AT_END = re.compile(r"\d(?:mg|g|µg|mcg|kg|ug|ml|mL|mmol|units?)\Z")
_AFTER_DIGIT = re.compile(r"(?<=\d)|(?<=\d\s)")


def _is_name(text: str, match: re.Match[str], fused: set[int]) -> bool:
    whole = match.group()
    letters = match["letters"]
    if _INVERSE_UNIT.fullmatch(whole) or _Q_TIME.fullmatch(whole):
        return False
    if _NO_NAME.fullmatch(letters):
        return _CODE.fullmatch(whole) is not None
    if match.start() + len(letters) in fused or match.start() + len(letters.rstrip("-")) in fused:
        return False  # "Cisplatin75mg": a drug and its amount
    if _AMOUNT_AT_END.search(whole):
        return False
    if _AFTER_DIGIT.match(text, match.start()):
        unit = unit_at(text, match.start())
        if unit is not None and text[unit.end : unit.end + 1] == "-":
            return False  # "250 mg-0.5 g"
    unit_follows = unit_at(text, _skip(text, match.end())) is not None
    return not (unit_follows and (_OCR.fullmatch(whole) or "-" in whole or len(letters) < 2))


def _skip(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] in {" ", "-"} else at


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)
