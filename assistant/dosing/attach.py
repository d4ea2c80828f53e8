"""Which drug an amount belongs to; when two readings are possible, none is chosen."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from assistant.dosing.clauses import Clause, Sentence
from assistant.dosing.model import DoseRole
from assistant.dosing.strangers import (
    check_stranger,
    like_a_drug,
    stranger_beside,
    stranger_joined,
)
from assistant.dosing.tokens import Quantity
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
    for i, quantity in enumerate(quantities):
        clause = sentence.clause_at(quantity.start)
        mention = _choose(text, clause, sentence, quantities, i, own)
        if mention == "ambiguous":
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
            _carry(text, sentence, quantities, i, quantity, carried, several_carried)
            if quantity.drug is not None:
                check_stranger(unnamed, sentence, quantity, None)


def _choose(
    text: str,
    clause: Clause,
    sentence: Sentence,
    quantities: Sequence[Quantity],
    i: int,
    own: Sequence[DrugMention],
) -> DrugMention | str | None:
    quantity = quantities[i]
    next_start = quantities[i + 1].start if i + 1 < len(quantities) else sentence.end
    at = bisect_left(own, quantity.end, key=_start)
    right = own[at] if at < len(own) and own[at].start < min(next_start, clause.end) else None
    left = _left_in_clause(
        text, clause, quantity, own[: bisect_left(own, quantity.start, key=_start)]
    )
    if right and _OF.fullmatch(text[quantity.end : right.start]):
        if quantity.unit == "%" and left is not None and 0 <= quantity.start - left.end <= 1:
            return "ambiguous"  # "mesna 20% of the ifosfamide dose"
        return right  # rule 1
    if right and _direct(text, quantity, right, quantities, i):
        return right  # rule 1, without "of"
    if left is not None:
        if _coordinated(text, sentence, left, quantities, i, own):
            return "ambiguous"
        if _is_distractor(text, left, quantity) or _shared_heading(
            text, sentence, left, quantity, own
        ):
            return "ambiguous"
        return left  # rule 3
    if right and not _owns_next(text, right, quantities, i, clause):
        after = text[quantity.end : right.start]
        if not _DISTRACTOR.search(text[max(0, right.start - 60) : right.start]):
            if re.search(r"[.;]", after):
                return None
            return right  # rule 4
    # Rule 5 and 6: the only drug of the sentence.
    plain = [m for m in own if not _stands_aside(text, m)]
    if plain and len({m.drug_id for m in plain}) == 1:
        elsewhere = quantity.end <= plain[0].start and i + 1 < len(quantities)
        if (
            elsewhere
            and quantity.role is not DoseRole.REJECTED
            and any(_directly_owns(text, plain[0], q) for q in quantities[i + 1 :])
        ):
            return "ambiguous"
        return max((m for m in plain if m.start < quantity.start), key=_start, default=plain[0])
    if clause.joined:
        before = [m for m in plain if m.start < clause.start]
        named = {q.drug for q in quantities[:i] if q.drug}
        if len(named) == 1 and before and before[-1].drug_id in named:
            quantity.flag("drug_carried")
            return before[-1]
        last = next((q for q in reversed(quantities[:i]) if q.drug), None)
        if last is not None and before and before[-1].drug_id == last.drug:
            quantity.flag("drug_carried")
            return before[-1]
    if plain:
        return "ambiguous"
    return None


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
    before = _DISTRACTOR.search(text, max(0, mention.start - 60), mention.start)
    return before is not None or _STUDY.match(text, mention.end) is not None


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
    before = text[max(0, mention.start - 40) : mention.start]
    companion = _COMPANION.search(before)
    return bool(companion and _INSTRUCTION.search(text[mention.end : quantity.start]))


def _coordinated(
    text: str,
    sentence: Sentence,
    left: DrugMention,
    quantities: Sequence[Quantity],
    i: int,
    own: Sequence[DrugMention],
) -> bool:
    """``A and B 150 mg/m2 and 10 mg/m2``: names and amounts in two lists."""
    other = _other_before(left, own)
    if other is None or not _AND.fullmatch(text[other.end : left.start]):
        return False
    if text[left.end : quantities[i].start] == " at ":
        return True  # "A and B at 50 mg/kg": of each, or of B
    chain = (
        q for q in quantities if q.start >= left.end and q.role is not None and not q.role.is_limit
    )
    for first, second in pairwise(chain):
        if not _AND.fullmatch(text[first.end : second.start]):
            return False
        if quantities[i] in (first, second):
            return True
    return False


_VERB = re.compile(r"(?i:\s(?:starts?|begins?|is|was|should)\b)")


def _with_another(
    text: str, mention: DrugMention, quantity: Quantity, own: Sequence[DrugMention]
) -> DrugMention | None:
    """The first of ``lidocaine with adrenaline up to 7 mg/kg``: of the one or of the other."""
    if mention.start > quantity.start or text.find(" with ", mention.start - 6, mention.start) < 0:
        return None
    other = _other_before(mention, own)
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
    if not _COLON.match(text, left.end, min(left.end + 42, quantity.start)):
        return False
    head = text[sentence.start : left.start]
    others = _other_before(left, own)
    joined = _JOINED.search(head)
    return bool(others and joined and not _HAS_AMOUNT.search(head))


def _direct(
    text: str, quantity: Quantity, right: DrugMention, quantities: Sequence[Quantity], i: int
) -> bool:
    """``150 mg/m2 etoposide``, unless the amount after the name is the name's own."""
    if not _DIRECT.fullmatch(text[quantity.end : right.start]):
        return False
    return not (
        i + 1 < len(quantities)
        and _OWN_NEXT.fullmatch(text[right.end : quantities[i + 1].start]) is not None
    )


def _owns_next(
    text: str, mention: DrugMention, quantities: Sequence[Quantity], i: int, clause: Clause
) -> bool:
    if i + 1 >= len(quantities) or quantities[i + 1].start >= clause.end:
        return False
    following = quantities[i + 1]
    return mention.end <= following.start and bool(
        _OWN_NEXT.fullmatch(text[mention.end : following.start])
    )


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
    quantities: Sequence[Quantity],
    i: int,
    quantity: Quantity,
    carried: str | None,
    several: bool,
) -> None:
    """Rule 7: the drug of the heading or of the sentence before."""
    after = _OF_NAME.match(text, quantity.end, quantity.end + 40)
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
