"""Text in, doses and numbers out: every digit is accounted for, and nothing is guessed.

``parse`` is pure and total: any string up to the length limit gives a result. What can't be
read is flagged.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeVar

from assistant.dosing.attach import attach_drugs, next_carried
from assistant.dosing.beside import in_doubt
from assistant.dosing.bind import attach_timing
from assistant.dosing.clauses import Sentence, split_sentences
from assistant.dosing.cues import has_cue, has_unread_share, unused_cues
from assistant.dosing.doubts import (
    doubt_about,
    holds_unread_amount,
    may_be_no_dose,
    names_no_medicine,
)
from assistant.dosing.duration import find_bare_durations, find_durations, find_round_durations
from assistant.dosing.frequency import find_frequencies
from assistant.dosing.groups import attach_groups
from assistant.dosing.keys import comparator_of, key_of_token, pairs_of
from assistant.dosing.kinds import (
    claim_unknown,
    classify_quantities,
    find_ages,
    find_rest,
    subject_before,
)
from assistant.dosing.leftovers import classify_leftovers
from assistant.dosing.masks import mask
from assistant.dosing.model import (
    MAX_TEXT,
    Bound,
    Dose,
    DoseRole,
    Kind,
    Number,
    Parsed,
    TextTooLong,
)
from assistant.dosing.normalise import Normal
from assistant.dosing.numerals import NUMBER, numeral_at
from assistant.dosing.relative import find_relative
from assistant.dosing.roles import names_a_role, set_roles
from assistant.dosing.route import find_routes
from assistant.dosing.scan import FORMS, scan, scan_auc
from assistant.dosing.schedule import find_schedules
from assistant.dosing.tokens import Quantity, Token, Tokens
from assistant.dosing.too_long import blanked_out, readable, unread_digits
from assistant.dosing.units import unit_at
from corpus.drugs import DrugMention, DrugTable, load_drugs

_TIMING = frozenset(
    {
        "freq",
        "freq_loose",
        "freq_ambiguous",
        "per_word",
        "meal",
        "duration",
        "over",
        "count",
        "divided",
    }
    | {"days", "weeks", "route"}
)
_LETTERS = re.compile(r"[A-Za-z]+")
_AMOUNT = re.compile(
    r"\d\s?-?(?=(?:mg|g|µg|ug|mcg|ng|kg|MG|Mg|mmol|mEq|units?|IU|iu|milligrams?|micrograms?"
    r"|grams?|U)(?![A-Za-z]))"
)
_ELIDED = re.compile(
    rf"(?i:\b(?:later|then|thereafter|subsequently|(?:increas|reduc|escalat|decreas|titrat|taper"
    rf"|ris)\w*\sto)\s)(?P<low>{NUMBER})"
    rf"(?:\s?-\s?(?P<high>{NUMBER}))?(?=\s?(?:[,.;)]|\Z|(?i:twice|once|daily|weekly|every|q\d"
    rf"|on\sday|from\sday)))"
)


_SENTENCE_END = re.compile(r"[.\n]\s")
_IN_A_FORM = frozenset({"mg", "g", "ug", "U", "[IU]"})
_OF_ONE = re.compile(r"\s?[(,]?\s?(?:of\s|\()?")  # "1 tablet (20 mg)"
_OF_EACH = re.compile(r"\s?(?:(?:of|x|×)\s|of\s[\w-]{3,30}\s)")  # "2 tablets of 20 mg"
_MEASURED = frozenset({Kind.LAB, Kind.SCORE})
_BESIDE = 30  # characters beside a number in which its neighbours are looked for
_Found = TypeVar("_Found", Quantity, Token, DrugMention)


def parse(text: str, drugs: DrugTable | None = None, context_drugs: tuple[str, ...] = ()) -> Parsed:
    """Read every number of a text: doses with what belongs to them, and all the rest.

    ``context_drugs`` are drugs named in a heading or in metadata; with exactly one of them a
    dose without a drug of its own gets it, flagged ``drug_carried``. Raises TextTooLong.

    >>> [d.drug for d in parse("etoposide 50-100 mg/m² once weekly").doses]
    ['etoposide']
    """
    if len(text) > MAX_TEXT:
        raise TextTooLong(len(text))
    table = drugs or load_drugs()
    normal, refused = readable(text)
    return _Reading(normal, table, context_drugs, refused).result()


class _Reading:
    """One pass over one text."""

    def __init__(
        self,
        normal: Normal,
        table: DrugTable,
        context: tuple[str, ...],
        refused: list[tuple[int, int]],
    ) -> None:
        self.normal, self.table, self.context = normal, table, context
        self.blanked, self.refused = tuple(refused), refused
        self.text = normal.text
        self.tokens = Tokens(self.text)
        self.flags: list[str] = ["sentence_too_long"] if refused else []
        self.mentions = table.find(self.text)
        self.unnamed = blanked_out(self.text, [(m.start, m.end) for m in self.mentions])
        self.quantities = self._scan()
        self.cued = names_a_role(self.text)
        self.sentences = split_sentences(self.text, self.tokens.all)

    def _scan(self) -> list[Quantity]:
        tokens = self.tokens
        mask(tokens, self.mentions)
        find_schedules(tokens)
        found = find_relative(tokens, self.mentions)
        found += scan(tokens, self.mentions)
        found += scan_auc(tokens)
        found.sort(key=lambda q: q.start)
        found += self._elided(found)
        found.sort(key=lambda q: q.start)
        classify_quantities(tokens, found)
        find_ages(tokens)
        find_round_durations(tokens)
        find_frequencies(tokens)
        find_durations(tokens)
        find_routes(tokens)
        find_bare_durations(tokens)
        find_rest(tokens)
        claim_unknown(tokens)
        classify_leftovers(tokens, self.mentions)
        tokens.all.sort(key=lambda t: (t.start, t.end))
        return self._merged_forms(found)

    def _elided(self, found: Sequence[Quantity]) -> list[Quantity]:
        """``3-9 mg/kg, later 6``: the unit of the amount before it, flagged."""
        more: list[Quantity] = []
        if not found:
            return more
        for match in _ELIDED.finditer(self.text):
            start, end = match.start("low"), match.end("high" if match["high"] else "low")
            before = [q for q in found if q.end <= start and q.kind is Kind.DOSE and q.unit != "%"]
            if not before or not self.tokens.free(start, end):
                continue
            last = before[-1]
            if _SENTENCE_END.search(self.text, last.end, start) or last.unit in FORMS:
                continue
            low = numeral_at(self.text, start)
            high = numeral_at(self.text, match.start("high")) if match["high"] else low
            if low is None or high is None or last.low is None:
                continue
            quantity = Quantity(start, end, low.value, high.value, last.unit, last.basis, last.per)
            quantity.flag("elided_unit")
            self.tokens.claim(Token(Kind.DOSE, start, end, what="quantity"))
            more.append(quantity)
        return more

    def _merged_forms(self, found: list[Quantity]) -> list[Quantity]:
        """``1 tablet (20 mg)`` and ``500 mg tablets``: one amount, with the number of units."""
        kept: list[Quantity] = []
        for quantity in found:
            last = kept[-1] if kept else None
            if last and last.unit in FORMS and quantity.unit in _IN_A_FORM:
                gap = self.text[last.end : quantity.start]
                single = last.low == last.high == 1 and not last.per
                if (single and _OF_ONE.fullmatch(gap)) or (
                    last.low is not None and _OF_EACH.fullmatch(gap)
                ):
                    quantity.units_per_dose = Bound(last.low, last.high)
                    quantity.parts.append((last.start, last.end))
                    kept.pop()
            kept.append(quantity)
        return kept

    def result(self) -> Parsed:
        """Everything attached, in text order."""
        carried = self.context[0] if len(self.context) == 1 else None
        several = len(self.context) > 1
        dosed = any(quantity.kind is Kind.DOSE for quantity in self.quantities)
        cued = dosed and has_cue(self.text)
        doses: list[Dose] = []
        quantity_starts, mention_starts = _starts(self.quantities), _starts(self.mentions)
        token_starts = _starts(self.tokens.all)
        lost = self._lost_amounts()
        valued = dosed and names_no_medicine(self.text)
        doubted = in_doubt(self.text, self.sentences, quantity_starts)
        for sentence in self.sentences:
            inside = _inside(self.quantities, quantity_starts, sentence)
            own = [q for q in inside if q.kind is Kind.DOSE]
            named = _inside(self.mentions, mention_starts, sentence)
            beside = _inside(self.tokens.all, token_starts, sentence)
            self._attach(sentence, own, named, beside, carried, several)
            carried, several = next_carried(named, carried, several)
            unreadable = self._is_unreadable(sentence, lost)
            if holds_unread_amount(self.text, sentence.start, sentence.end, named, inside):
                self.flags.append("unread_amount")
            doubt = ""
            if own and (cued or len(named) > 1):
                words = self.text[sentence.start : sentence.end]
                doubt = doubt_about(words)
                if not doubt and unused_cues(
                    words, sentence.start, self.unnamed, own, named, beside
                ):
                    doubt = "unused_cue"
            if named and has_unread_share(self.text, beside):
                self.flags.append("unread_share")
            for quantity in own:
                if unreadable:
                    quantity.flag("unreadable_sentence")
                if doubt:
                    quantity.flag(doubt)
                if sentence.index in doubted:
                    quantity.flag("cue_beside")
                if quantity.role is DoseRole.RELATIVE and quantity.unit != "%":
                    quantity.flag("step")  # "increase by 5 mg": no dose by itself
                if (valued or quantity.unit == "g") and may_be_no_dose(self.unnamed, quantity):
                    quantity.flag("may_be_no_dose")
                doses.append(self._dose(quantity, sentence))
        numbers = self._numbers()
        drugs = tuple(dict.fromkeys(m.drug_id for m in self.mentions))
        return Parsed(
            text=self.normal.raw,
            doses=tuple(doses),
            numbers=numbers,
            flags=tuple(dict.fromkeys(self.flags)),
            drugs=drugs,
            named=tuple((*self.normal.raw_span(m.start, m.end), m.drug_id) for m in self.mentions),
            context_drugs=self.context,
            unread=tuple(self.refused),
        )

    def _attach(
        self,
        sentence: Sentence,
        own: list[Quantity],
        named: Sequence[DrugMention],
        inside: Sequence[Token],
        carried: str | None,
        several: bool,
    ) -> None:
        if not own:
            return
        for clause in sentence.clauses:
            members = [q for q in own if clause.start <= q.start < clause.end]
            set_roles(self.text, self.unnamed, clause, members, inside, cued=self.cued)
        attach_drugs(self.text, self.unnamed, sentence, own, named, carried, several)
        timing = [t for t in inside if t.what in _TIMING]
        beside = {m.start: m.drug_id for m in named}
        for token in timing:
            if token.what == "route":  # "intrathecal methotrexate": the route of that drug
                token.subject = beside.get(token.end) or beside.get(token.end + 1, "")
        attach_timing(self.text, sentence, own, timing)
        attach_groups(self.text, sentence, own, inside)

    def _lost_amounts(self) -> list[int]:
        """I2: places of amount units after a digit that are outside every quantity, in order."""
        ends = (match.end() for match in _AMOUNT.finditer(self.text))
        return [end for end in ends if self.tokens.free(end, end + 1) and unit_at(self.text, end)]

    def _is_unreadable(self, sentence: Sentence, lost: list[int]) -> bool:
        at = bisect_left(lost, sentence.start)
        if at == len(lost) or lost[at] >= sentence.end:
            return False
        self.flags.append("unreadable")
        self.refused.append(self.normal.raw_span(sentence.start, sentence.end))
        return True

    def _dose(self, quantity: Quantity, sentence: Sentence) -> Dose:
        start, end = self.normal.raw_span(quantity.start, quantity.end)
        role = quantity.role or DoseRole.STATED
        return Dose(
            start=start,
            end=end,
            text=self.normal.raw[start:end],
            drug=quantity.drug,
            drug_name=None if quantity.drug is None else self.table.name_of(quantity.drug),
            low=quantity.low,
            high=quantity.high,
            unit=quantity.unit,
            basis=quantity.basis,
            per=quantity.per,
            role=role,
            cmp=quantity.cmp if role.is_limit else "=",
            freq=quantity.freq,
            routes=tuple(quantity.routes),
            duration=quantity.duration,
            over=quantity.over,
            count=quantity.count,
            units_per_dose=quantity.units_per_dose,
            divided=quantity.divided,
            days=quantity.days,
            weeks=quantity.weeks,
            cumulative=quantity.cumulative,
            population=quantity.population,
            phases=tuple(quantity.phases),
            conditions=tuple(quantity.conditions),
            flags=tuple(quantity.flags),
            sentence=sentence.index,
            parts=tuple(self.normal.raw_span(*part) for part in quantity.parts),
        )

    def _numbers(self) -> tuple[Number, ...]:
        listed = [t for t in self.tokens.all if not t.silent]
        pairs = pairs_of(self.text, listed)
        numbers = []
        for i, token in enumerate(listed):
            start, end = self.normal.raw_span(token.start, token.end)
            subject = token.subject
            if token.kind in _MEASURED and not subject:
                subject = subject_before(self.text, token.start)
            numbers.append(
                Number(
                    text=self.normal.raw[start:end],
                    kind=token.kind,
                    start=start,
                    end=end,
                    key=key_of_token(self.text, token),
                    subject=subject,
                    cmp=comparator_of(self.text, token),
                    pair=pairs.get(i, ""),
                    before=["", *_words(self.text, token.start - _BESIDE, token.start)][-1].lower(),
                    after=[*_words(self.text, token.end, token.end + _BESIDE), ""][0].lower(),
                    leftover=token.guessed,
                )
            )
        if self.blanked:
            numbers += unread_digits(self.normal.raw, self.blanked)
            numbers.sort(key=_start)
        return tuple(numbers)


def _starts(found: Sequence[Quantity | Token | DrugMention]) -> list[int]:
    return [each.start for each in found]


def _inside(found: Sequence[_Found], starts: list[int], sentence: Sentence) -> Sequence[_Found]:
    """Those of a list in text order, which begin at ``starts``, that begin in the sentence."""
    return found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]


def _start(found: Quantity | Token | DrugMention | Number) -> int:
    return found.start


def _words(text: str, start: int, end: int) -> list[str]:
    return _LETTERS.findall(text[max(0, start) : end])
