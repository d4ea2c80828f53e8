"""What the numbers are that belong to no dose: laboratory values, ages, counts, percentages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from assistant.dosing.model import Kind
from assistant.dosing.numerals import ANY_NUMBER, NUMBER
from assistant.dosing.times import TIME
from assistant.dosing.tokens import Quantity, Token, Tokens, any_case
from assistant.dosing.windows import look_back, text_before

_R = rf"{NUMBER}(?:\s?(?:-|to|and|or)\s?[<>≤≥]?\s?{NUMBER})?"
_CMP = r"(?:[<>≤≥=]\s?)?"

# What is measured in blood or urine. These are words of laboratories, of no one disease.
_ANALYTES = r"""
    ferritin fibrinogen triglycerides? platelets? plts? plt h(?:a)?emoglobin hb hgb
    neutrophils? anc lymphocytes? leu[ck]ocytes? wbc white\s(?:blood\s)?cells? white\scells
    creatinine(?:\sclearance)? crcl clcr egfr gfr urea bun bilirubin albumin alt ast ggt alp
    ldh crp esr procalcitonin d-dimers? inr aptt ptt glucose lactate troponin ck amylase lipase
    sodium calcium phosphate magnesium\slevel potassium\slevel scd25 cd25 sil-?\s?2r il-?\s?2r
    soluble\s(?:il-2\sreceptor|interleukin-2\sreceptor|cd25) il-6 il-18 cxcl9 igg iga igm
    troughs?(?:\s(?:level|concentration)s?)? peaks? levels? serum
    plasma\s(?:level|concentration)s? concentrations? clearance haematocrit hematocrit hct
    uric\sacid urate ammonia hba1c cholesterol ldl tsh psa viral\sload copies proteinuria
    urine\s(?:output|protein) urinary\s\w+ spo2 pao2 fio2 temperature fever map blood\spressure
    bp heart\srate cut-?offs? thresholds? target ratio counts?
"""


def _by_letter(names: str) -> str:
    """Alternatives of one first letter side by side: a search then compares that letter once."""
    groups: dict[str, list[str]] = {}
    for name in names.split():
        groups.setdefault(name[0], []).append(name)
    return "|".join(f"(?:{'|'.join(group)})" for group in groups.values())


ANALYTE = re.compile(rf"(?i)\b(?:{_by_letter(_ANALYTES)})\b")
_LAB = re.compile(
    rf"""{_CMP}{_R}(?:
      (?:,?\s(?:or\s(?:more|less)|to)\s)?\s?[x×]\s?10(?:\^|e|E
        |\s?(?=[96]\b))\d{{1,2}}(?:\s?/?\s?(?:L|l|mL|µL|mm\^?3|kg|cells/L)\b)?
    | \s?(?:[x×]|times)\s?(?:the\s)?(?:ULN|upper\slimit|normal|baseline)\b
    | \s?/\s?(?:µL|uL|mm\^?3|mL|L|cmm|microlit(?:re|er)|HPF|hpf)\b
    | \sper\s(?:mm\^?3|µL|microlit(?:re|er)|mL|lit(?:re|er)|cubic\smillimet(?:re|er))\b
    | \s?(?:cells|copies|CFU|cfu|IU|log10\scopies|k)\s?/\s?(?:µL|uL|mm\^?3|mL|L)\b
    | \s?(?:°\s?[CF]?|degrees?\s?(?:C|F|celsius)?|℃|C\b(?!\d)|F\b(?!\d))
    | \s?(?:mm\s?Hg|cm\s?H2O|bpm|beats/min|breaths/min|mOsm(?:/kg)?|kPa|mm/h(?:r|our)?
      |g%|mg%|mV|Hz|kcal(?:/kg)?(?:/day)?)\b
    )""",
    re.VERBOSE,
)
_ANALYTE_VALUE = re.compile(
    rf"(?:\s(?:of|is|was|above|below|over|under|at|more\sthan|less\sthan|greater\sthan"
    rf"|exceed(?:s|ing)|about|around|than|to|a|the|levels?|value|target|trough|median|mean|rise"
    rf"|fall|rose|fell|count|counts|from|falls?\sbelow|rises?\sabove)){{0,5}}"
    rf"\s?[:=]?\s?{_CMP}(?P<n>{_R})(?![\w%/.]|\s?%|\s(?:{TIME}|times|patients|cases|doses"
    rf"|children|adults|of)\b)"
)
_BODY = re.compile(
    rf"{_CMP}{_R}\s?(?:cm|kg|lb|lbs|pounds|stone|m2|m\^2|metres|meters|m)(?![A-Za-z\d/])"
)
_AGE = re.compile(
    rf"""(?i:(?=[\d.<>≤≥=]|\b[abcfilmnoptuwy])(?:
      \b(?:aged?|ages)\s?(?:of\s|about\s|between\s|range\s|under\s|over\s|at\sleast\s
        |[<>≤≥]\s?){{0,2}}{_R}(?:\s?-?\s?(?:{TIME}|y))?(?:\s(?:of\sage|old|and\s(?:over|older
        |above|younger)|or\s(?:over|older|above|more|younger|less)))*
    | {_CMP}{_R}[\s-]?(?:{TIME}|y|y/o|yo)[\s-](?:olds?\b|of\sage\b)
    | {_CMP}{_R}[\s-]?(?:yo|y/o)\b
    | {_R}\s?y\b(?!\s(?:survival|OS|EFS|PFS|after|follow))
    | {_CMP}{_R}\s?-?\s?(?:years?|yrs?|y|months?\sof\sage|weeks?\sof\sage)\s(?:of\sage\s)?(?:or
      |and)\s(?:older|over|above|more|younger|under|upwards?|below)\b
    | [<>≤≥]\s?{NUMBER}\s?(?:years?|yrs?|y)\b
    | {NUMBER}\s?-\s?[<>≤≥]\s?{NUMBER}\s?(?:years?|yrs?|y|months?)\b
    | \b(?:under|over|above|below|older\sthan|younger\sthan|at\sleast|up\sto|beyond|less\sthan
      |from)\s(?:the\sage\sof\s)?{_R}\s?-?(?:years?|yrs?|y)\b(?!\s(?:survival|after|follow|later
      |of\s(?!age)))
    | \b(?:infants?|neonates?|newborns?|babies|children|adults|patients|adolescents|people|men
      |women|those)\s(?:aged\s|from\s|of\s|under\s|over\s|below\s|above\s|<|>|≥
      |≤){{1,2}}\s?{_R}\s?-?\s?(?:{TIME}|y)\b(?!\s(?:after|before|survival))
    | \b(?:infants?|children|babies)\s{_R}\s?(?:years?|yrs?|months?|weeks?|y)\b
    | \bpreterm\s(?:under|below|<)\s?{_R}\s?weeks?\b
    | {_R}\s?(?:weeks?|months?|days?)\sto\s{NUMBER}\s?(?:years?|months?)\b
    ))""",
    re.VERBOSE,
)
_VALUE_REACH = 90  # characters between the name of an analyte and its value, at most
_WINDOW_CUE = re.compile(
    r"(?i:(?<![\w.])(?:within|after|before|in|by|until|every|at\sleast|up\sto|about|over"
    r"|under|than|<|>|≤|≥|for)\s?)\Z"
)
_TIME_WINDOW = re.compile(
    rf"(?i:(?<![\w.]){ANY_NUMBER}\+?(?:\s?(?:-|to|or|and|against|vs\.?"
    rf"|versus)\s?{ANY_NUMBER})?"
    rf"[\s-]?(?:{TIME}|-?(?:year|month|week|day|hour|minute|night)s?)(?![A-Za-z]))"
)
_PERCENT = re.compile(rf"{_CMP}{NUMBER}(?:\s?(?:-|to|–)\s?{NUMBER})?\s?(?:%|percent\b|per\scent\b)")
_CONCENTRATE = re.compile(
    r"(?i:\s(?:w/v\s|v/v\s)?(?:dextrose|glucose|saline|sodium\schloride|nacl|albumin|solution"
    r"|ethanol|alcohol|lipid|cream|ointment|gel|lotion|bicarbonate|infusion|eye|potassium"
    r"|human)\b)"
)
_COUNT_OF = re.compile(
    rf"(?i:(?<![\w.,/-])(?P<a>{ANY_NUMBER})\s(?:of|out\sof)\s(?:the\s"
    rf"|all\s)?(?P<b>{ANY_NUMBER})(?:\s[a-z-]+)?(?![\w%]))"
)
_COUNT_SLASH = re.compile(r"(?<![\w.,/-])\d{1,6}/\d{1,6}(?![\w%/.,]*\d)")
_COUNT_NOUN = re.compile(
    rf"(?:{_CMP}(?<![\w.,/-]){_R}\+?|(?i:\b(?:two|three|four|five|six|seven|eight|nine|ten"
    rf"|eleven|twelve)\b))"
    r"(?=(?:\s[A-Za-z][A-Za-z/'-]*){0,3}?\s(?i:patients?|children|adults?|cases|people|infants"
    r"|courses|men|women|criteria|points|lineages|variables|items|participants|subjects"
    r"|episodes|studies|trials|reports|responders|centres|centers|statements|others|[a-z]{3,}s)\b)"
)
_BARE_UNIT = re.compile(r"(?<![A-Za-z\d])(?:m2|m\^2|cm2|mm3|mm\^3)(?![A-Za-z\d])")
_WORD_COUNT = re.compile(
    r"(?i:\b(?:(?:one|two|three|a)[\s-](?:thirds?|quarters?|half)|twice|thrice|double|doubled"
    r"|half)\b)"
)
_PEOPLE_OF = re.compile(r"(?i:\b(?:in|of|among|for|all|with)\s)\Z")


_CLAUSE_END = re.compile(r"\.\s|\n")
_EXCRETED = re.compile(
    r"(?i:\b(?:proteinuria|urine\sprotein|urinary|excretion)\b[^,;:]{0,40}:?\s?[<>≤≥]?\s?\Z)"
)
_WEIGHS = re.compile(
    r"(?i:\b(?:weigh(?:s|ing|ed)?|birth\s?weight|body\sweight)\s(?:of\s|was\s|is\s|<|>"
    r"|under\s|below\s|over\s|at\sleast\s)*\Z)"
)
GRAMS_OF_A_NEWBORN = 400  # below, it is an amount of something else
_NEWBORN = re.compile(
    r"(?i:\b(?:infants?|neonates?|newborns?|bab(?:y|ies)|preterms?|birth\s?weight)\s"
    r"(?:of\s|under\s|below\s|over\s|above\s|[<>≤≥]\s?)?\Z)"
)
_CONTAINER = re.compile(
    r"(?i:[\s-](?:vials?|ampoules?|ampules?|amps?|syringes?|pens?|bottles?|cartridges?"
    r"|prefilled|pre-filled)\b)"
)
_CONTAINER_OF = re.compile(r"(?i:\b(?:vial|ampoule|ampule|syringe|bottle|cartridge)s?\sof\s\Z)")
_PER_VOLUME = re.compile(
    r"\s?/\s?[\d.]+\s?(?:mL|ml)\b|\sin\s[\d.,]+\s?(?:mL|ml|L)\s(?:vial|amp|of\swater"
    r"|solution)|\s(?i:per)\s(?i:vial|tablet|capsule|ampoule)\b"
)
_SUPPLIED = re.compile(
    r"(?i:\b(?:available\s(?:as|in)|strengths?(?:\sof)?:?|comes?\s(?:as|in)|supplied\s(?:as"
    r"|in)|contain(?:s|ing)|formulation(?:s)?(?:\sof)?)\s(?:[\w,]+\s){0,4}\Z)"
)
_SUPPLY_STEMS = ("available", "strength", "come", "supplied", "contain", "formulation")
# "100 mg tablets are stocked", "500 mg, pack of 21"
_STOCKED = re.compile(
    r"(?i:\s?(?:tablets?|capsules?|tabs?|caps?|patch(?:es)?|vials?)?,?\s(?:are|is)\s(?:stocked|available|kept"
    r"|marketed|supplied)\b|\s?(?:tablets?|capsules?|tabs?|caps?)?,\s(?:pack\sof|sig:)"
    r"|\s?(?:tablets?|capsules?|tabs?|caps?)\s[x×]\s?\d)"
    r"|(?i:\s?(?:tablets?|capsules?|tabs?|caps?)[:,]?\s(?:take|give)\s(?:one|two|half|\d))"
)
_SUPPLIED_AFTER = (_CONTAINER, _PER_VOLUME, _STOCKED)
_LISTED = re.compile(r"\s?(?:mg|g|mcg|µg|units?)?(?:\s?[,/]\s?|,?\s(?:and|or)\s)\Z")
_BODILY = re.compile(
    r"(?i:\b(?:blood\sloss|fluid\sbalance|balance|drain(?:ed|s|age)?|yielded|effusion|ascites|residual"
    r"|bled|haemorrhage|hemorrhage)\b[^,;]{0,40}\Z)"
)
_DRINK = re.compile(
    r"(?i:\s(?:(?:of\s)?alcohol|of\s(?:red\scells|packed\scells|blood|platelets|plasma))\b)"
)


_BEFORE, _AFTER = 60, 40  # characters beside an amount that say what it is
_SUBJECT_REACH = 70  # and before a value, in which what was measured is named
_NO_AMOUNTS = frozenset({"%", "AUC"})
_DISSOLVED = frozenset({"mg", "ug", "g", "U", "[IU]", "meq"})
_VOLUMES = frozenset({"mL", "L", "dL", "uL"})
_OF_LABORATORIES = frozenset({"umol", "nmol", "pg", "mol"})
_PER_LITRE = re.compile(r"(?i:(?:/|per)\s?(?:l|dl|[µu]l|lit\w+|decilit\w+)\Z)")
_COMPARED = re.compile(r"[<>≤≥]\s?\Z")
_CLEARED = re.compile(r"(?i:\b(?:clearance|crcl|gfr|egfr|urine\soutput|diuresis|output)\b)")
_FLUID = re.compile(
    r"(?i:\b(?:saline|dextrose|glucose|water|ringer\w*|crystalloid|fluids?|nacl)\s(?:of\s)?\Z)"
)
_DILUTED = re.compile(
    r"(?i:\b(?:losses\sof|aspirated|in|into|with|to|diluted|dilute|volume(?:\sof)?"
    r"|flush(?:ed)?(?:\swith)?|bag|per|made\sup\sto|/)\s(?:at\sleast\s|a\s|about\s)?\Z)"
)
_OF_FLUID = re.compile(
    r"(?i:\s(?:of\s)?(?:[\d.]+\s?%\s)?(?:saline|dextrose|glucose|water|sodium|nacl|vial|bag"
    r"|syringe|ringer|fluid|blood|csf))"
)


def classify_quantities(tokens: Tokens, quantities: Sequence[Quantity]) -> None:
    """Amounts that are no doses: what a laboratory reports, a strength, a volume, a weight."""
    text = tokens.text
    by_start = {t.start: t for t in tokens.all if t.what == "quantity"}
    for quantity in quantities:
        if quantity.unit in _NO_AMOUNTS:
            continue
        before = _CLAUSE_END.split(text_before(text, quantity.start, _BEFORE))[-1]
        after = text[quantity.end : quantity.end + _AFTER]
        quantity.kind = _kind(quantity, before, after, text[quantity.start : quantity.end])
        token = by_start.get(quantity.start)
        if token is not None:
            token.kind = quantity.kind
            if quantity.kind is Kind.LAB:
                token.subject = subject_before(text, quantity.start)
    for one, other in (*pairwise(quantities), *pairwise(reversed(quantities))):
        first, second = sorted((one, other), key=lambda q: q.start)
        if one.kind is Kind.STRENGTH and _LISTED.fullmatch(text, first.end, second.start):
            _become_strength(other, by_start)


def _become_strength(quantity: Quantity, by_start: Mapping[int, Token]) -> None:
    """A strength that stands in a list of strengths."""
    quantity.kind = Kind.STRENGTH
    if quantity.start in by_start:
        by_start[quantity.start].kind = Kind.STRENGTH


def _kind(quantity: Quantity, before: str, after: str, written: str) -> Kind:
    unit, per = quantity.unit, quantity.per
    if quantity.kind is Kind.LAB:
        return Kind.LAB
    if quantity.kind is Kind.CONCENTRATION:
        lab = (
            unit not in _DISSOLVED
            or ANALYTE.search(before)
            or _PER_LITRE.search(written)
            or _COMPARED.search(before)
        )
        return Kind.LAB if lab else Kind.CONCENTRATION
    if unit == "kg":
        return Kind.BODY_SIZE if not per else Kind.DOSE
    if unit in _VOLUMES:
        return _volume(quantity, before, after)
    if unit in _OF_LABORATORIES and not quantity.basis:
        return Kind.LAB
    if (per or "24" in before) and _EXCRETED.search(before):
        return Kind.LAB
    written = before.lower()
    if (
        unit == "g"
        and not per
        and (quantity.low or 0) >= GRAMS_OF_A_NEWBORN
        and _NEWBORN.search(before)
    ):
        return Kind.BODY_SIZE
    if "weigh" in written and _WEIGHS.search(before):
        return Kind.BODY_SIZE
    if (
        any(pattern.match(after) for pattern in _SUPPLIED_AFTER)
        or _CONTAINER_OF.search(before)
        or (
            # "DEP contains etoposide 100 mg/m²": a regimen; nothing is supplied by body size.
            not quantity.basis
            and any(stem in written for stem in _SUPPLY_STEMS)
            and _SUPPLIED.search(before)
        )
    ):
        return Kind.STRENGTH
    if unit == "U" and not quantity.basis and not per and _DRINK.match(after):
        return Kind.COUNT
    return Kind.DOSE


def _volume(quantity: Quantity, before: str, after: str) -> Kind:
    if quantity.per == "min" and quantity.basis != "kg":  # a clearance, at times per m2
        return Kind.LAB
    if _CLEARED.search(before):
        return Kind.LAB
    if quantity.unit != "mL" or _FLUID.search(before) or _BODILY.search(before):
        return Kind.VOLUME
    if quantity.basis or quantity.per:
        return Kind.DOSE
    return Kind.VOLUME if _DILUTED.search(before) or _OF_FLUID.match(after) else Kind.DOSE


def subject_before(text: str, at: int) -> str:
    """The analyte named nearest before a value, in lower case, or an empty string."""
    window = _SUBJECT_END.split(text_before(text, at, _SUBJECT_REACH))[-1]
    found = [match.group().lower() for match in ANALYTE.finditer(window)]
    specific = [name for name in found if not _GENERIC.fullmatch(name)]
    return ["", *found, *specific][-1]


_SUBJECT_END = re.compile(r"[;\n]|\.\s")
_GENERIC = re.compile(
    r"(?i:levels?|counts?|serum|concentrations?|target|cut-?offs?|thresholds?|ratio|peaks?)"
)


_AGE_WORDS = any_case(
    "age aged ages old olds year years yr yrs y yo o infant infants neonate neonates newborn"
    " newborns babies children adults patients adolescents people men women those preterm"
)


_AGE_TIMES = any_case("y yo mo d h w age aged ages") | any_case(
    "min mins minute minutes hour hours hr hrs day days week weeks wk wks month months mth mths"
    " year years yr yrs"
)


def find_ages(tokens: Tokens) -> None:
    """Claim ages; they are read before amounts of time."""
    if not tokens.numerals or not tokens.holds(_AGE_WORDS):
        return
    if not tokens.holds(_AGE_TIMES):
        return
    for match in _AGE.finditer(tokens.text):
        tokens.try_claim(Kind.AGE, *match.span())


_CUE_REACH = 10  # characters before an amount of time in which "within" is looked for
_WORD_COUNT_STEMS = ("third", "quarter", "hal", "twice", "thrice", "double")


def find_rest(tokens: Tokens) -> None:
    """Claim what is left: first what has a unit, then percentages, counts and times."""
    text = tokens.text
    free = tokens.unclaimed()
    if free:
        for match in tokens.at_numbers(_LAB, free, compared=True):
            subject = subject_before(text, match.start())
            tokens.try_claim(Kind.LAB, *match.span(), subject=subject)
        for match in tokens.at_numbers(_BODY, free, compared=True):
            tokens.try_claim(Kind.BODY_SIZE, *match.span())
        _find_percentages(tokens, free)
    for match in tokens.at_numbers(_TIME_WINDOW, tokens.unclaimed(tokens.counted)):
        opened = look_back(_WINDOW_CUE, text, match.start(), _CUE_REACH)
        start = opened.start() if opened else match.start()
        tokens.try_claim(Kind.TIME_WINDOW, start, match.end())
    if tokens.says(" of "):
        for match in tokens.at_numbers(_COUNT_OF, tokens.unclaimed(tokens.counted)):
            tokens.try_claim(Kind.COUNT, *match.span())
    free = tokens.unclaimed()
    if free:
        for match in tokens.at_numbers(_COUNT_SLASH, free):
            tokens.try_claim(Kind.COUNT, *match.span())
        _find_values(tokens, free)
    for match in tokens.at_numbers(_COUNT_NOUN, tokens.unclaimed(tokens.counted), compared=True):
        tokens.try_claim(Kind.COUNT, *match.span())
    if free:
        for match in _BARE_UNIT.finditer(text):
            tokens.try_claim(Kind.NAME, *match.span())
    for match in tokens.matches(_WORD_COUNT, _WORD_COUNT_STEMS):
        tokens.try_claim(Kind.COUNT, *match.span())


def _find_percentages(tokens: Tokens, free: Sequence[int]) -> None:
    text = tokens.text
    for match in tokens.at_numbers(_PERCENT, free, compared=True):
        kind = Kind.CONCENTRATION if _CONCENTRATE.match(text, match.end()) else Kind.PERCENTAGE
        start = match.start()
        if text[start - 1 : start] == "-" and tokens.free(start - 1, start):
            start -= 1
        tokens.try_claim(kind, start, match.end())


def _find_values(tokens: Tokens, free: Sequence[int]) -> None:
    """Values that follow the name of what was measured: "ferritin was above 500"."""
    text = tokens.text
    for match in ANALYTE.finditer(text, max(0, free[0] - _VALUE_REACH), free[-1]):
        value = _ANALYTE_VALUE.match(text, match.end())
        if value and tokens.free(*value.span("n")):
            subject = match.group().lower()
            tokens.claim(Token(Kind.LAB, *value.span("n"), subject=subject))


_DIGITS = re.compile(r"\d(?:[\d.,]*\d)?")


def claim_unknown(tokens: Tokens) -> None:
    """I1: every digit that nobody explained is one unknown token."""
    text = tokens.text
    for match in _DIGITS.finditer(text):
        for is_free, run in groupby(range(*match.span()), key=lambda at: tokens.free(at, at + 1)):
            places = list(run)
            start, end = places[0], places[-1] + 1
            if is_free and any(c.isdigit() for c in text[start:end]):
                tokens.claim(Token(Kind.UNKNOWN, start, end))
    if text.isascii():
        return
    for at, char in enumerate(text):
        if char.isdigit() and tokens.free(at, at + 1):
            tokens.claim(Token(Kind.UNKNOWN, at, at + 1))
