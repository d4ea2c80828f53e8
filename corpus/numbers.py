"""What each number of a statement is: an amount with its unit, or of a declared kind.

A small tokenizer and rules over tokens; the words that the rules look for are data
(``writing.toml``). A number that no rule explains has the meaning ``NONE``: it needs a unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Span
from corpus.writing import Writing, load_writing


class Meaning(StrEnum):
    """What a number is; ``NONE``: nothing in the sentence says it."""

    UNIT = "unit"
    COUNT = "count"
    SCORE = "score"
    STATISTIC = "statistic"
    YEAR = "year"
    NAME = "name"
    SCHEDULE = "schedule"
    AGE = "age"
    RATIO = "ratio"
    FORMULA = "formula"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class NumberFound:
    """One number as written, half-open offsets, and what it is."""

    start: int
    end: int
    text: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    is_number: bool = False

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha() or self.text in ("°C", "µ")


_TOKEN = re.compile(
    r"(?P<number>[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\w)|[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[⁰¹²³⁴⁵⁶⁷⁸⁹]*|(?<!\w)\.[0-9]+)"
    r"|°C|10\^[0-9]+"
    r"|[^\W\d_]+(?:[²³](?!\w))?"
    r"|\S"
)
_HYPHENS = frozenset("-‐‑–")
_RANGE = frozenset(",–-/") | {"to", "or", "and", "against", "versus", "vs"}
_ROUGHLY = {"under", "about"}  # "1 to under 2 years"
_BOUNDS = {"above", "below", "over", "under"}
_LIST = frozenset(",–-/") | {"to", "or", "and", "against", "versus", "vs"}
_CARRIED = {Meaning.SCHEDULE, Meaning.STATISTIC, Meaning.AGE, Meaning.RATIO, Meaning.SCORE}
_SIGNS = frozenset("+-−")
_COMPARISONS = frozenset("<>≤≥=~≈±+(")
_COUNT_LEADS = frozenset({"all", "both", "only", "none", "each", "any", "other", "in", "kept", "("})
_PART_LEADS = _COUNT_LEADS | {",", "and", ":", "against"}
_ENDS = {"", ".", ",", ";", ")"}
_OR_MORE = frozenset({"more", "less", "fewer", "over", "above", "under", "below"})
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_REACH = 5  # words searched for the counted thing


def read_numbers(
    text: str, drugs: Sequence[Span] = (), writing: Writing | None = None
) -> tuple[NumberFound, ...]:
    """Every number of the text in order; ``drugs`` are the places where drugs are named.

    >>> [str(n.meaning) for n in read_numbers("In 20 patients dexamethasone 10 daily")]
    ['count', 'none']
    """
    return _Reader(text, drugs, writing or load_writing()).read()


class _Reader:
    """The tokens of one statement, and the rules over them."""

    def __init__(self, text: str, drugs: Sequence[Span], writing: Writing) -> None:
        self.text = text
        self.writing = writing
        self.words = writing.words
        self.tokens = [
            _Token(m.group(), m.start(), m.end(), m.group("number") is not None)
            for m in _TOKEN.finditer(text)
        ]
        self.drug_ends = {span.end for span in drugs}
        self.of_a_score = not drugs and any(
            t.text.lower() in self.words["score"] or t.text.lower().endswith("score")
            for t in self.tokens
        )
        signs = {t.text for t in self.tokens}
        self.is_formula = not drugs and "=" in signs and bool(signs & {"×", "√", "^"})

    def read(self) -> tuple[NumberFound, ...]:
        numbers = [i for i, token in enumerate(self.tokens) if token.is_number]
        meanings: dict[int, Meaning] = {}
        for i in reversed(numbers):  # "8, 10 or 12 mg": a number takes the unit of the next
            meanings[i] = self._own(i)
            if meanings[i] is not Meaning.NONE:
                continue
            if (after := self._next_in_list(i)) is not None:
                meanings[i] = meanings[after]
            elif self._word(i + 2) == "and" and meanings.get(i + 3) is Meaning.COUNT:
                meanings[i] = Meaning.COUNT  # "9 complete and 15 partial responses"
        before: int | None = None
        for i in numbers:  # "days 1–5, 14 and 21": and the kind of the one before
            if meanings[i] is Meaning.NONE:
                meanings[i] = self._from_before(i, before, meanings)
            before = i
        return tuple(
            NumberFound(t.start, t.end, t.text, meanings[i])
            for i in numbers
            for t in (self.tokens[i],)
        )

    # ------------------------------------------------------------ one number by itself

    def _own(self, i: int) -> Meaning:
        if "-" in self.tokens[i].text:
            return Meaning.YEAR
        if self._in_a_name(i):
            return Meaning.NAME
        if self._has_unit(i):
            return Meaning.UNIT
        if (following := self._at(i + 1)) and following.is_number:
            return Meaning.NONE  # two numbers in a row: the first one lost its unit
        lead, gap = self._lead(i)
        words = self.words
        if lead in words["statistic"]:
            return Meaning.STATISTIC
        if lead == "range" and self._text(i - 2) == "(":
            return Meaning.STATISTIC
        if gap == 0 and lead.lower() in words["named"]:
            return Meaning.NAME
        if self._is_schedule(i):
            return Meaning.SCHEDULE
        if lead.lower() in words["age"]:
            return Meaning.AGE
        if self._is_year(i):
            return Meaning.YEAR
        if "." not in self.tokens[i].text and self._is_counted_at(i + 1):
            return Meaning.COUNT
        if self._after_drug(i) or self._word(i + 1) in words["frequency"]:
            return Meaning.NONE
        if self._is_count(i):
            return Meaning.COUNT
        if self._is_ratio(i):
            return Meaning.RATIO
        if lead.lower() in words["score"] or lead.lower().endswith("score"):
            return Meaning.SCORE
        if self.of_a_score and self._word(i - 1) not in _BOUNDS:
            return Meaning.SCORE
        if self._word(i + 1) in words["statistic"]:  # "with 0.93 accuracy"
            return Meaning.STATISTIC
        return Meaning.FORMULA if self.is_formula else Meaning.NONE

    def _in_a_name(self, i: int) -> bool:
        """Whether it is glued to letters: "HLH-94", "IL-6", "CXCL9", "HLH-94/2004"."""
        token = self.tokens[i]
        before = self.tokens[i - 1] if i else None
        if before is None or before.end != token.start:
            return False
        if before.is_word:
            return True
        if before.text in _HYPHENS | {"/"} and i > 1:
            root = self.tokens[i - 2]
            glued = root.end == before.start
            if before.text == "/":
                return glued and root.is_number and self._in_a_name(i - 2)
            return glued and root.is_word and not self.writing.is_unit(root.text)
        return False

    def _has_unit(self, i: int) -> bool:
        j = i + 1
        if self._text(j) == "+":
            j += 1
        if self._word(j) == "or" and self._word(j + 1) in _OR_MORE:  # "5 or more days"
            j += 2
        if self._word(j) in self.words["before_time"]:  # "3 consecutive days"
            return self._text(j + 1) in self.writing.units["time"]
        if self._text(j) == "×" and (power := self._at(j + 1)) and power.text[-1] in _SUPERSCRIPTS:
            return self._text(j + 2) == "/" and self.writing.is_unit(self._text(j + 3))
        if self.tokens[i].text[-1] in _SUPERSCRIPTS:
            return self._text(j) == "/" and self.writing.is_unit(self._text(j + 1))
        if self._text(j) in _HYPHENS:  # "96-hour", "3.1-fold"
            word = self._text(j + 1)
            return word in self.writing.units["time"] or word == "fold"
        if self._text(j) == "/" and self._text(j + 1) in self.writing.units["volume"]:
            return True  # "50,000/mm³"
        if self._text(j) == "per":
            rate = self.writing.units["per"] | self.writing.units["volume"]
            return self._text(j + 1) in rate
        return self._is_unit_at(j)

    def _is_unit_at(self, j: int) -> bool:
        unit = self._text(j)
        if unit in self.writing.units["activity"]:
            return self._text(j + 1) == "/"
        return self.writing.is_unit(unit)

    def _is_schedule(self, i: int) -> bool:
        at = i - 2 if self._text(i - 1) in _SIGNS else i - 1  # "day +7"
        if self._word(at) in self.words["schedule"]:
            return True
        place = self._word(at - 1)
        return self._word(at) in ("dose", "doses") and place in self.words["schedule_after"]

    def _is_year(self, i: int) -> bool:
        text = self.tokens[i].text
        if len(text) != 4 or not text.isdecimal() or not 1900 <= int(text) <= 2099:
            return False
        return not self._after_drug(i) and self._word(i + 1) not in self.words["frequency"]

    def _is_count(self, i: int) -> bool:
        if "." in self.tokens[i].text:
            return False
        following = self._word(i + 1)
        if following in self.words["outcome"]:
            return True
        after = i + 3 if following == "or" and self._word(i + 2) in _OR_MORE else i + 1
        if self._word(after) == "of":  # "4 of 5", "5 or more of the 8"
            whole = after + 2 if self._word(after + 1) == "the" else after + 1
            if (token := self._at(whole)) and token.is_number:
                return True
        previous = self._word(i - 1)
        if previous == "of" and (i > 1 and self._counts_before_of(i - 2)):
            return True
        if previous == "all":
            return True
        if self._text(i + 1) == "(" and self._percent_within(i + 2):
            return True
        return self._counted_thing(i)

    def _is_counted_at(self, j: int) -> bool:
        """Whether a counted thing stands right there: "3 doses", "4 weekly doses"."""
        if self._word(j) in self.words["frequency"]:
            j += 1
        return self._word(j) in self.words["counted"]

    def _counts_before_of(self, j: int) -> bool:
        token = self.tokens[j]
        return token.is_number or token.text == "%" or token.text.lower() in _COUNT_LEADS

    def _percent_within(self, j: int) -> bool:
        return bool((t := self._at(j)) and t.is_number and self._text(j + 1) == "%")

    def _counted_thing(self, i: int) -> bool:
        seen = 0
        for token in self.tokens[i + 1 :]:
            if token.text in _HYPHENS or token.text in "/’'+":
                continue
            if seen == 0 and token.text.lower() == "or":  # "8 or more patients"
                continue
            if token.is_number:
                if not self._in_a_name(self.tokens.index(token, i + 1)):
                    return False
                continue
            word = token.text.lower()
            if not token.is_word or word in self.words["stop"] or seen == _REACH:
                return False
            if word in self.words["counted"]:
                return True
            seen += 1
        return False

    def _is_ratio(self, i: int) -> bool:
        """Whether it is one of "(41/408)" after a percentage, which the two explain."""
        bracket = i - 1 if self._text(i - 1) == "(" else i - 3
        signs = "".join(self._text(j) for j in (bracket - 1, bracket, bracket + 2, bracket + 4))
        return signs == "%(/)"

    # ------------------------------------------------------------ a number among others

    def _next_in_list(self, i: int) -> int | None:
        """The next number, when only "to", "or", "–" or a comma stands between."""
        j = i + 1
        while (token := self._at(j)) and not token.is_number:
            word = token.text.lower()
            if j > i + 3 or not (word in _RANGE or (j > i + 1 and word in _ROUGHLY)):
                return None
            j += 1
        return j if self._at(j) and j > i + 1 else None

    def _from_before(self, i: int, before: int | None, meanings: dict[int, Meaning]) -> Meaning:
        if before is None or before == i - 1:
            return Meaning.NONE
        meaning = meanings[before]
        between = [t.text.lower() for t in self.tokens[before + 1 : i]]
        if meaning in _CARRIED and not self._after_drug(i) and not self._starts_a_step(i):
            set_against = between[-1] in ("against", "versus", "vs")
            near = meaning is Meaning.STATISTIC and len(between) <= 2
            if set_against or near or all(word in _LIST for word in between):
                return meaning
        counts = [self._value(k) for k in meanings if k < i and meanings[k] is Meaning.COUNT]
        return Meaning.COUNT if self._is_part_of(i, between[-1], counts) else Meaning.NONE

    def _starts_a_step(self, i: int) -> bool:
        """Whether a place in the schedule follows: "weeks 1–2, 5 in weeks 3–4" lacks a unit."""
        steps = self.words["schedule"] | {"dose"}
        return self._word(i + 1) == "is" or self._word(i + 2) in steps

    def _is_part_of(self, i: int, lead: str, counts: Sequence[float]) -> bool:
        """Whether it is a part of what was counted before: "In 17 children …, kept 14 in …"."""
        if not counts or "." in self.tokens[i].text or lead not in _PART_LEADS:
            return False
        if self._word(i + 1) == "in" and self._word(i + 2) == "total":
            return True
        if lead != "against" and self._value(i) > max(counts):
            return False
        after = self._word(i + 1)
        return after in _ENDS or after in self.words["stop"] - self.words["frequency"] - {"per"}

    # ------------------------------------------------------------ looking around

    def _lead(self, i: int) -> tuple[str, int]:
        """The nearest word before that is no filler ("of", "is", "above"), and how many were."""
        gap = 0
        j = i - 1
        while token := self._at(j):
            if token.text in _COMPARISONS or token.text.lower() in self.words["filler"]:
                if token.text not in _COMPARISONS:
                    gap += 1
                if token.text in self.words["statistic"]:
                    return token.text, gap
            elif token.is_word and gap <= 3:
                return token.text, gap
            else:
                break
            j -= 1
        return "", gap

    def _after_drug(self, i: int) -> bool:
        """Whether a drug's name, or a drug's name and one word, stands just before."""
        if i and self.tokens[i - 1].end in self.drug_ends:
            return True
        return i > 1 and self.tokens[i - 2].end in self.drug_ends and self._text(i - 1) not in ".;"

    def _at(self, j: int) -> _Token | None:
        return self.tokens[j] if 0 <= j < len(self.tokens) else None

    def _text(self, j: int) -> str:
        token = self._at(j)
        return token.text if token else ""

    def _word(self, j: int) -> str:
        return self._text(j).lower()

    def _value(self, i: int) -> float:
        digits = re.sub(r"[,-]", "", self.tokens[i].text).rstrip(_SUPERSCRIPTS)
        return float(digits) if digits else 0.0
