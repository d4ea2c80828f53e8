"""Words that stand where the name of a drug stands and that the table of drugs lacks."""

from __future__ import annotations

import re

from assistant.dosing.clauses import Sentence
from assistant.dosing.tokens import Quantity
from assistant.dosing.windows import look_back
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

_SALTS = """
    acetate bromide calcium chloride citrate dihydrate disodium fumarate hydrate hydrochloride hcl
    maleate mesylate phosphate sodium succinate sulfate sulphate tartrate
"""
SALTS = frozenset(_SALTS.split())
# Between the name of a drug and its amount stand these, and salts; they name nothing.
_FILLING_WORDS = """
    a about acid an approximately around as at bd bid bolus daily day dosage dose dosed doses ds
    er gradually i.m. i.v. im in infused infusion initial initially inj injection injections
    intramuscular intramuscularly intrathecal intrathecally intravenous intravenously iv iv/po
    loading maintenance max maximum of mr once oral orally p.o. per po pulse pulsed pulses qd
    qds qid s.c. sc stat subcut subcutaneous subcutaneously tablet tablets tab tabs tds the tid
    to total trough twice weekly with xl xr
"""
_FILLING = (SALTS - {"potassium"}).union(_FILLING_WORDS.split())  # is given itself
# Other words that often stand before an amount, and are no drug.
_ORDINARY_WORDS = """
    above achieve achieved activity actual additional adult adults after aged all also alternate
    always and antibiotic antibiotics antibody antibodies any apart arm average background
    baseline be been before below between body both boy bsa but by cap case cases ceiling child
    children class clearance cohort combined compared component concentration condition consider
    consume content continue control course crcl creatinine
    cumulative current currently cycle d d1 days death decrease depending design diet difference
    disease do drip drug drugs each egfr either elderly estimated even every exceed exceeds
    exposure extra fasting female females ferritin final first fixed flat flexible follow for
    four from full g get girl glucocorticoid glucocorticoids grade group had half has have
    hemoglobin high higher his her hour hours if ii iii in individual infant infants inhaled
    inhibitor inhibitors injected instead intake intakes into is it iu kg l last later least less
    level levels lifetime limit line low lower m2 male males man mean median medicine mcg men mg
    min mild ml moderate monotherapy month monthly months more morning most mph must n neonate
    neonates nearest need never night nightly no nor normal not occasionally on one only or order
    other otherwise ounce over part patient patients phase placebo plan plus po preferably prn
    previous prior product protocol pulse q range rate rates ratio reach reached recommended
    reduce regimen regimens repeat requirement requirements response rest result results rise
    rule safety same schedule second severe should sex short single six slow slowly solution
    standard start starting state steady step still stop strength surface syringe t take takes
    taken taper tapers target than that their them then therapy there these they third this
    those three time times titrate toddlers total treat treatment treatments trough two under
    unit units until up upper use used usual usually value values versus via vial vials volume vs
    was week weeks weight weights well were when whereas which while who whole will within woman
    women year years young your i you he she we avoid prefer require requires start with without
    again currently instead new now old presently soon today tomorrow tonight unless yesterday
    additive begin begins begun came decreases double equal equals escalate escalates gives halve
    held increase increases kept made makes means mouth needs os ran reduces rises run runs scheme
    set shows starts went
    cumulatively half-dose full-dose high-dose low-dose single-dose weight-based reduced-dose iga
    igg igm cns mri ct icu crp induction consolidation salvage rescue
    prophylaxis test stage score day-1 sepsis fever infection lactate platelets
    neutrophils bilirubin triglycerides fibrinogen urine plasma serum blood fluid fluids
    saline water crystalloid steroids
    chemotherapy radiotherapy dialysis surgery transplant renal hepatic kidney liver cardiac pain
    nausea tolerability stimulation linearity insert interpretation down right left bed bedtime
    tea food breakfast meal meals evening noon midday maximal minimal optimal equivalent
    its reach reaches reads read much trial trials table stepwise double-strength single-strength
    print prints printed say says recommend recommends list lists advise advises report reports name
    names cite cites propose proposes suggest suggests state states quote quotes find finds found
    equivalents dosages dosing doubled halved level-based
"""
_ORDINARY = frozenset(_ORDINARY_WORDS.split())
_ORDINARY_ENDINGS = (
    *("ed", "ing", "ly", "tion", "tions", "sion", "ment", "ments", "ness", "ity", "ance", "ence"),
    *("ency", "ancy", "able", "ible", "ful", "less", "ous", "ular", "osis", "itis", "aemia"),
    *("emia", "opathy", "urgery", "ology"),
)
# What stands before the name of a drug that begins a phrase of its own.
_INTRODUCING_WORDS = """
    add added adding administer and another background both by change commence continue cut daily
    decrease double escalate halve increase lower reduce titrate taper
    either f/b for from gave give given giving has have having hold im include includes
    including inhaled inject intramuscular intrathecal intravenous iv last nebulised of on oral
    or per plus po prescribe prescribed received receive receives receiving restart resume sc
    single start started starting stop stopped stopping subcutaneous substitute switch take taken
    takes taking than the then to topical try use using versus vs was were weekly with
"""
_INTRODUCING = frozenset(_INTRODUCING_WORDS.split())
_SALT_FORMS = frozenset({"decanoate", "acid", "besilate", "mofetil", "axetil"})
# "8.4 g patiromer": a long word after an amount that is none of those which usually stand there.
_UNEXPLAINED_AFTER = re.compile(
    r"\s(?!(?:alone|alternate|because|between|infusion|injection|instead|maintenance|maximum|morning|otherwise|parenteral|reaches|regimen"
    r"|sublingual|tablet|through|throughout|tonight|versus|whereas|whether|without)\b)"
    r"(?![a-z]*(?:ed|ing|ly|ally|ous|thecal)\b)[a-z]{7,}(?:\s|[.,;)]|\Z)"
)
_COMBINED = re.compile(
    r"(?P<word>[A-Za-z][\w-]{4,})\s(?:in\scombination|combined|together|along)\swith\s\Z"
)
_UNITS = """
    mmol meq iu ng mg g kg mcg microgram micrograms unit units ml min h m2 minutes hours days weeks
    months
"""
_UNIT_WORDS = frozenset(_UNITS.split())
_ELECTROLYTE_AFTER = re.compile(r"\s(?:sodium|potassium|calcium|magnesium|protein|glucose|iron)\b")
# "Latanoprost is one drop": the subject of a sentence or of a clause.
_COPULAS = frozenset({"is", "was", "are", "were"})
_SUBJECT = re.compile(r"(?:\A|[.,;:\n(]\s{0,2})(?P<word>[A-Za-z][\w-]{4,})\s\Z")
_WORD = re.compile(r"(?<![\w-])(?P<word>[A-Za-z](?:[\w./+-]*\w)?)(?P<gap>[\s:=,(\[-]{0,3})\Z")
_PHRASE_START = re.compile(r"(?:\A|[,+/;:|(&•→\n-]|\d[.)])\s{0,2}\Z")
_LAST_WORD = re.compile(r"(?P<word>[A-Za-z][\w/]*)\s\Z")
_TITLE = re.compile(r"[A-Z][a-z]{3,}\Z")
_AFTER = re.compile(
    r"\s(?:of\s(?:the\s)?(?:[a-z]+(?:ed|ic|al|ous)\s)?(?P<of>[A-Za-z][\w-]{2,})|(?P<next>[A-Z][a-z]{4,}))"
)
_JOINED_BEFORE = re.compile(r"(?P<word>[A-Za-z][\w-]{2,})\s?(?:,|/|\+|&|\band|\bplus|\bor)\s\Z")
_JOINED_AFTER = re.compile(r"\s?(?:,|/|\+|&|\sand|\splus|\sor)\s(?P<word>[A-Za-z][\w-]{2,})")
_ANY_WORD = re.compile(r"[A-Za-z]+")
_BETWEEN_WORD = re.compile(r"[A-Za-z-]{5,}")
_LONG_WORD = re.compile(r"(?<![\w-])[A-Za-z]{6,}(?![\w])")
_FAR, _FAR_WORDS = 60, 8  # characters and words between the name of a drug and its amount
_REACH = 60  # characters before an amount in which the name of its drug is looked for


_FAR_BACK = 80  # and in which a word like a drug's is
_FLUIDS = frozenset({"mL", "L"})
_SETTINGS = frozenset({"with", "in", "on", "for"})  # "in cirrhosis, 5 mg"


def like_a_drug(word: str) -> bool:
    """Whether a word ends as the names of drugs do; the search alone is slow."""
    return word.lower().endswith(_DRUG_ENDINGS) and _STEM.search(word) is not None


def check_stranger(
    text: str,
    sentence: Sentence,
    quantity: Quantity,
    mention: DrugMention | None,
) -> None:
    """An unknown word in the place of the drug's name makes the drug of an amount ambiguous.

    ``text`` has every known drug blanked; ``mention`` is the one chosen for the amount.
    """
    named_before = mention is not None and mention.end <= quantity.start
    begin = mention.end if mention is not None and named_before else sentence.start
    if mention is not None and mention.start >= quantity.end:
        between = text[quantity.end : mention.start]
        if any(like_a_drug(w) for w in _BETWEEN_WORD.findall(between)):
            _unknown(quantity)
        words = [word.lower() for word in _ANY_WORD.findall(between)]
        if "," not in between and "with" not in words and _FILLING.issuperset(words):
            return  # "10 mg/m2 of intravenous etoposide": what is before the amount is no rival
    if stranger_beside(text, begin, quantity.start, quantity.end):
        _unknown(quantity)
        return
    if mention is not None and mention.end < quantity.start - 1:
        joined = look_back(_COMBINED, text, mention.start, _REACH)
        if joined is not None and not _is_ordinary(joined["word"]):
            quantity.flag("ambiguous_drug")  # "zorbifen in combination with A ... 45 mg/m2"
    if _ELECTROLYTE_AFTER.match(text, quantity.end):
        quantity.flag("ambiguous_drug")  # "ceftriaxone 1 g holds 83 mg sodium"
    between = text[begin : quantity.start]
    if named_before and _is_far(between, quantity):
        quantity.flag("distant_drug")
    if _unexplained_before(text, begin, quantity.start) or _UNEXPLAINED_AFTER.match(
        text, quantity.end
    ):
        quantity.flag("ambiguous_drug")
    for spelled in _LONG_WORD.findall(between[-_FAR_BACK:]):
        if like_a_drug(spelled) and not _is_ordinary(spelled):
            quantity.flag("ambiguous_drug")


def _is_far(between: str, quantity: Quantity) -> bool:
    """Whether what stands between a name and its amount leaves room for another substance.

    A volume is more often a fluid's than a drug's that was named before.
    """
    if quantity.unit in _FLUIDS:
        return any(word.lower() not in _FILLING for word in _ANY_WORD.findall(between))
    if len(between) <= _FAR or any(char.isdigit() for char in between):
        return False  # what follows another amount of the drug goes on with it
    return len(_ANY_WORD.findall(between)) > _FAR_WORDS


def _unknown(quantity: Quantity) -> None:
    quantity.drug = None
    quantity.flag("ambiguous_drug")


def stranger_beside(text: str, begin: int, start: int, end: int) -> str:
    """The unknown word where the drug of an amount, ``text[start:end]``, is named; "" without.

    ``text`` has every known drug blanked; what stands before ``begin`` belongs to another.
    """
    after = _AFTER.match(text, end)
    if after is not None:
        spelled = after["of"] or after["next"]
        if not _is_ordinary(spelled):
            return spelled
    return _stranger_before(text, begin, start)


def stranger_joined(text: str, mention: DrugMention) -> bool:
    """Whether an unknown word is named together with a drug: "rifampicin and zorbifen"."""
    before = look_back(_JOINED_BEFORE, text, mention.start, _REACH)
    after = _JOINED_AFTER.match(text, mention.end)
    return any(found is not None and not _is_ordinary(found["word"]) for found in (before, after))


def _stranger_before(text: str, begin: int, end: int) -> str:
    """The word before an amount, past what fills the gap, where it has the place of a name."""
    floor = max(begin, end - _REACH)
    at = end
    while found := _WORD.search(text[floor:at]):
        word, start = found["word"], floor + found.start()
        if word.lower() in _FILLING or (len(word) == 1 and word.isupper()):
            at = start
            continue
        if word in _COPULAS and at == end:
            subject = _SUBJECT.search(text, floor, start)
            return "" if subject is None or _is_ordinary(subject["word"]) else subject["word"]
        if _is_ordinary(word):
            return ""
        if like_a_drug(word) or (start + len(word) + 1 == end and _TITLE.match(word)):
            return word
        before = text[floor:start]
        introduced = _LAST_WORD.search(before)
        word_before = introduced["word"].lower() if introduced else ""
        if word_before in _INTRODUCING:
            setting = "," in found["gap"] and word_before in _SETTINGS
            return "" if setting else word
        begins = floor == begin or before.strip() != ""
        return word if begins and _PHRASE_START.search(before) else ""
    return ""


def _unexplained_before(text: str, begin: int, end: int) -> bool:
    """Whether the word before an amount, past what fills the gap, is none that is known.

    A salt belongs to the name that ends at ``begin``; elsewhere it is given itself.
    """
    floor = max(begin, end - _REACH)
    at = end
    while found := _WORD.search(text[floor:at]):
        spelled, start = found["word"], floor + found.start()
        word = spelled.lower()
        if spelled.isupper() or not _UNIT_WORDS.isdisjoint(word.split("/")):
            return False  # a disease, or the amount before this one
        salt = word in SALTS or word in _SALT_FORMS
        if salt and start - begin > 1:
            return True
        if not salt and word not in _FILLING and not word.isdigit():
            return len(word) > 2 and not _is_ordinary(word)
        at = start
    return False


def _is_ordinary(word: str) -> bool:
    return all(  # of "and/or"
        part in _ORDINARY
        or part in _INTRODUCING
        or part in _FILLING
        or part.endswith(_ORDINARY_ENDINGS)
        for part in word.lower().split("/")
    )
