"""Which drug an amount belongs to; when two readings are possible, none is chosen."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from assistant.dosing.clauses import Clause, Sentence
from assistant.dosing.model import DoseRole
from assistant.dosing.strangers import (
    check_stranger,
    like_a_drug,
    stranger_beside,
    stranger_joined,
)
from assistant.dosing.tokens import Quantity
from assistant.dosing.windows import look_back
from corpus.drugs import DrugMention

_OF = re.compile(
    r"[\s,]{0,2}(?i:(?:of|dose\sof|doses\sof)\s(?:the\s|oral\s|intravenous\s|iv\s|intrathecal\s"
    r"|liposomal\s)?)\Z"
)
_DIRECT = re.compile(
    r"[\s-]{1,2}(?:(?i:iv|po|sc|im|it|oral|intravenous|intrathecal|subcutaneous|inhaled|daily"
    r"|weekly|once\sdaily|twice\sdaily|bid|tid)\s){0,2}\Z"
)
_OWN_NEXT = re.compile(
    r"\s?[(:,=]?\s?(?i:(?:at|dose|of|a|the|iv|po|sc|im|it|oral|intravenous|max)\s){0,3}\Z"
)
_DISTRACTOR = re.compile(
    r"(?i:\b(?:interact(?:s|ions?|ing)?\swith|while\s(?:on|taking|receiving)"
    r"|(?:with\s)?concomitant(?:ly)?(?:\suse\sof)?|(?:in\s)?patients\s(?:on|taking|receiving)"
    r"|equivalent(?:s)?\s(?:to|of)|premedication\swith|premedicat(?:e|ed)\swith|if\s(?:on|taking"
    r"|receiving)|with\s(?:strong|moderate)\s[\w\s]{0,30}"
    r"|inhibitors?\s\(|before\sthe\sfirst|after\sthe\slast|\bin\s\w+\swith|replac(?:e|es|ed|ing)"
    r"|instead\sof|alternatives?\sto|refractory\sto|failure\sof|(?:response|intolerance"
    r"|resistance)\sto|in\splace\sof|rather\sthan|substitut\w+\sfor|compared\s(?:with|to)|versus"
    r"|vs\.?)(?:\s[\w-]+){0,2}\s?\(?)\Z"
)
_INSTRUCTION = re.compile(
    r"(?i:\b(?:use|give|reduce\sto|dose\sat|start\sat|then|prescribe|administer)\b)"
)


_AMBIGUOUS = "ambiguous"
_REACH = 60  # characters before a name in which "with concomitant" is looked for
_COMPANION_REACH = 40  # and in which a mere "with" is


def attach_drugs(
    text: str,
    unnamed: str,
    sentence: Sentence,
    quantities: Sequence[Quantity],
    own: Sequence[DrugMention],
    carried: str | None,
    several_carried: bool,
) -> None:
    """Give each quantity of a sentence its drug, by the first rule that applies.

    ``own`` are the drugs that the sentence names; ``unnamed`` is the text with every known
    drug blanked: a drug-like word that is left is a stranger.
    """
    if _respectively(text, unnamed, sentence, quantities, own):
        return
    for i, (quantity, following) in enumerate(zip_longest(quantities, quantities[1:])):
        mention = _choose(text, sentence, quantities, i, following, own)
        if mention == _AMBIGUOUS:
            quantity.flag("ambiguous_drug")
        elif isinstance(mention, DrugMention):
            quantity.drug = mention.drug_id
            other = _with_another(text, mention, quantity, own)
            if other is not None and _VERB.match(text, mention.end):
                quantity.drug = other.drug_id  # "A with B starts at 5 mg"
            elif mention.ambiguous or other is not None:
                quantity.flag("ambiguous_drug")
            check_stranger(unnamed, sentence, quantity, mention)
        else:
            _carry(text, sentence, quantity, carried, several_carried)
            if quantity.drug is not None:
                check_stranger(unnamed, sentence, quantity, None)


def _choose(
    text: str,
    sentence: Sentence,
    quantities: Sequence[Quantity],
    i: int,
    following: Quantity | None,
    own: Sequence[DrugMention],
) -> DrugMention | str | None:
    quantity = quantities[i]
    clause = sentence.clause_at(quantity.start)
    end = min(clause.end, following.start) if following else clause.end
    right = next((m for m in own if quantity.end <= m.start < end), None)
    left = _left_in_clause(
        text, clause, quantity, own[: bisect_left(own, quantity.start, key=_start)]
    )
    if right and _OF.fullmatch(text[quantity.end : right.start]):
        if quantity.unit == "%" and left is not None and 0 <= quantity.start - left.end <= 1:
            return _AMBIGUOUS  # "mesna 20% of the ifosfamide dose"
        return right  # rule 1
    if right and _direct(text, quantity, right, following):
        return right  # rule 1, without "of"
    if left is not None:
        if (
            _coordinated(text, left, quantities, quantity, own)
            or _is_distractor(text, left, quantity)
            or _shared_heading(text, sentence, left, quantity, own)
        ):
            return _AMBIGUOUS
        return left  # rule 3
    if right and not _owns_next(text, right, following, clause) and not _is_aside(text, right):
        return None if _BREAK.search(text, quantity.end, right.start) else right  # rule 4
    # Rule 5 and 6: the only drug of the sentence.
    plain = [m for m in own if not _stands_aside(text, m)]
    if plain and len({m.drug_id for m in plain}) == 1:
        if quantity.role is not DoseRole.REJECTED and any(
            _directly_owns(text, plain[0], q) for q in quantities[i + 1 :]
        ):
            return _AMBIGUOUS
        return max((m for m in plain if m.start < quantity.start), key=_start, default=plain[0])
    before = [m for m in plain if m.start < clause.start]
    given = [q.drug for q in quantities[:i] if q.drug]
    if given and before and before[-1].drug_id == given[-1]:
        quantity.flag("drug_carried")
        return before[-1]
    return _AMBIGUOUS if plain else None


def _start(mention: DrugMention) -> int:
    return mention.start


def _left_in_clause(
    text: str, clause: Clause, quantity: Quantity, own: Sequence[DrugMention]
) -> DrugMention | None:
    for mention in reversed(own):
        if mention.start < clause.start:
            return None
        if mention.end > quantity.start:
            continue
        between = text[mention.end : quantity.start]
        owns = ":" not in between and _OWN_NEXT.fullmatch(between)
        if owns or not _stands_aside(text, mention):
            return mention
    return None


def _stands_aside(text: str, mention: DrugMention) -> bool:
    """A drug that is only named beside the one dosed: "with concomitant A", "the A trial"."""
    return _is_aside(text, mention) or _STUDY.match(text, mention.end) is not None


def _is_aside(text: str, mention: DrugMention) -> bool:
    return look_back(_DISTRACTOR, text, mention.start, _REACH) is not None


_STUDY = re.compile(
    r"(?i:\s(?:trials?|stud(?:y|ies)|arm|cohort|group|series|users?|levels?|troughs?|exposure)\b"
    r"|-(?:like|treated|induced|resistant|na[iï]ve|intolerant|associated|related|free|sparing)\b)"
)


_COMPANION = re.compile(
    r"(?i:\b(?:with|taking|receiving|concomitant|(?:patients|those|while|if|when|people)"
    r"\s(?:\w+\s)?on)\s)\Z"
)


def _is_distractor(text: str, mention: DrugMention, quantity: Quantity) -> bool:
    """``with fluconazole ... use 5 mg``: a new instruction stands between name and amount."""
    companion = look_back(_COMPANION, text, mention.start, _COMPANION_REACH)
    return bool(companion and _INSTRUCTION.search(text[mention.end : quantity.start]))


def _coordinated(
    text: str,
    left: DrugMention,
    quantities: Sequence[Quantity],
    quantity: Quantity,
    own: Sequence[DrugMention],
) -> bool:
    """``A and B 150 mg/m2 and 10 mg/m2``: names and amounts in two lists."""
    other = _other_before(left, own)
    if other is None or not _AND.fullmatch(text[other.end : left.start]):
        return False
    if text[left.end : quantity.start] == " at ":
        return True  # "A and B at 50 mg/kg": of each, or of B
    chain = (
        q for q in quantities if q.start >= left.end and q.role is not None and not q.role.is_limit
    )
    for first, second in pairwise(chain):
        if not _AND.fullmatch(text[first.end : second.start]):
            return False
        if quantity in (first, second):
            return True
    return False


_VERB = re.compile(r"(?i:\s(?:starts?|begins?|is|was|should)\b)")


def _with_another(
    text: str, mention: DrugMention, quantity: Quantity, own: Sequence[DrugMention]
) -> DrugMention | None:
    """The first of ``lidocaine with adrenaline up to 7 mg/kg``: of the one or of the other."""
    other = _other_before(mention, own) if mention.start < quantity.start else None
    return other if other and text[other.end : mention.start] == " with " else None


def _other_before(left: DrugMention, own: Sequence[DrugMention]) -> DrugMention | None:
    """The last mention of another drug that ends before this one."""
    for mention in reversed(own[: bisect_left(own, left.start, key=_start)]):
        if mention.end <= left.start and mention.drug_id != left.drug_id:
            return mention
    return None


_AND = re.compile(r"\s?(?:,|/|\+|&|and|plus|,\sand)\s?")


_COLON = re.compile(r"[^\d;.]{0,40}:")
_JOINED = re.compile(r"(?i:(?:,|/|\+|&|\band|\bplus|\bor|\bwith)\s?)\Z")
_HAS_AMOUNT = re.compile(r"\d\s?(?:mg|g|µg|mcg|units?)")


def _shared_heading(
    text: str,
    sentence: Sentence,
    left: DrugMention,
    quantity: Quantity,
    own: Sequence[DrugMention],
) -> bool:
    """``Dexamethasone plus etoposide: 10 mg/m2``: two drugs before one colon."""
    if not _COLON.match(text, left.end, quantity.start):
        return False
    head = text[sentence.start : left.start]
    others = _other_before(left, own)
    joined = _JOINED.search(head)
    return bool(others and joined and not _HAS_AMOUNT.search(head))


_BREAK = re.compile(r"[.;]")


def _direct(text: str, quantity: Quantity, right: DrugMention, following: Quantity | None) -> bool:
    """``150 mg/m2 etoposide``, unless the amount after the name is the name's own."""
    if not _DIRECT.fullmatch(text[quantity.end : right.start]):
        return False
    return following is None or not _directly_owns(text, right, following)


def _owns_next(text: str, mention: DrugMention, following: Quantity | None, clause: Clause) -> bool:
    if following is None or following.start >= clause.end:
        return False
    return _directly_owns(text, mention, following)


def _directly_owns(text: str, mention: DrugMention, quantity: Quantity) -> bool:
    return mention.end <= quantity.start and bool(
        _OWN_NEXT.fullmatch(text[mention.end : quantity.start])
    )


_RESPECTIVELY = re.compile(r"(?i:\brespectively\b)")


def _respectively(
    text: str,
    unnamed: str,
    sentence: Sentence,
    quantities: Sequence[Quantity],
    own: Sequence[DrugMention],
) -> bool:
    """Rule 2: names and amounts paired in order; unequal counts are ambiguous."""
    drugs = list(dict.fromkeys(m.drug_id for m in own))
    if not drugs or not quantities:
        return False
    if not _RESPECTIVELY.search(text[sentence.start : sentence.end]):
        return False
    stranger = any(stranger_joined(unnamed, m) for m in own)
    if len(drugs) == 1 and not stranger:
        return False
    if len(drugs) == len(quantities) and not stranger:
        for quantity, drug in zip(quantities, drugs, strict=True):
            quantity.drug = drug
    else:
        for quantity in quantities:
            quantity.flag("ambiguous_drug")
    return True


_OF_NAME = re.compile(r"\sof\s([A-Za-z][\w-]{3,})")


def _carry(
    text: str,
    sentence: Sentence,
    quantity: Quantity,
    carried: str | None,
    several: bool,
) -> None:
    """Rule 7: the drug of the heading or of the sentence before."""
    after = _OF_NAME.match(text, quantity.end)
    if after and (like_a_drug(after.group(1)) or after.group(1)[0].isupper()):
        quantity.flag("ambiguous_drug")
        return
    if carried is not None:
        quantity.drug = carried
        quantity.flag("drug_carried")
    elif several:
        quantity.flag("ambiguous_drug")
    elif stranger_beside(text, sentence.start, quantity.start, quantity.end):
        quantity.flag("unknown_drug")
    else:
        quantity.flag("no_drug")


def next_carried(
    mentions: Sequence[DrugMention], carried: str | None, several: bool
) -> tuple[str | None, bool]:
    """The drug that the next sentence inherits, and whether there were several to choose from.

    ``mentions`` are those of this sentence.
    """
    named = {m.drug_id for m in mentions}
    if not named:
        return carried, several
    if len(named) == 1:
        return next(iter(named)), False
    return None, True
