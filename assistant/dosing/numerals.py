"""Numbers as people write them: 1,000 and 2,5 and .5 and "one", read exactly or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.dosing.windows import text_before

# A whole numeral; possessive, so that no part of a longer one can match.
NUMBER = r"(?:\d{1,3}+(?:,\d{3})++(?!\d)(?:\.\d++)?|\d++(?:[.,]\d++)?|\.\d++)"
_WORDS: dict[str, Fraction] = {
    word: Fraction(value)
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
}
_WORDS |= {"fifteen": Fraction(15), "twenty": Fraction(20), "thirty": Fraction(30)}
_WORDS |= {"fifty": Fraction(50), "hundred": Fraction(100), "half": Fraction(1, 2)}
_HALVES = r"one[ -]half|half an?|a half|half|one and a half|(?:a )?quarter of an?"
_NUMBER_NAMES = "|".join([_HALVES, *(w for w in _WORDS if w != "half")])
# The first letter is asked first: it alone rules most words out.
WORD_NUMBER = rf"(?i:(?=[aefhnoqst])(?:{_NUMBER_NAMES}))(?![A-Za-z])"
ANY_NUMBER = rf"(?:{NUMBER}|\b{WORD_NUMBER})"

_NUMBER_RE = re.compile(NUMBER)
_WORD_RE = re.compile(WORD_NUMBER)
_GOES_ON = re.compile(r"[.,']\d(?:[\d.,']*\d)?")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_THREE_DECIMALS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})++(?![\d.,]*\d)")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One numeral: where it stands, its exact value (None if unreadable) and how it is odd."""

    start: int
    end: int
    value: Fraction | None
    flags: tuple[str, ...] = ()


def numeral_at(text: str, at: int) -> Numeral | None:
    """The numeral that begins exactly here, in digits or as a word, or None."""
    match = _NUMBER_RE.match(text, at)
    if match:
        longer = _GOES_ON.match(text, match.end())  # 1.5.2 or 1'000: not one number
        if longer:
            return Numeral(at, longer.end(), None, ("unreadable_number",))
        return Numeral(at, match.end(), *_value(match.group()))
    word = _WORD_RE.match(text, at)
    if word and (at == 0 or not text[at - 1].isalnum()):
        return Numeral(at, word.end(), _word_value(word.group().lower()))
    return None


def spaced_thousands_at(text: str, at: int, *, joined: bool = False) -> Numeral | None:
    """``1 000`` read as one number, flagged; None after a word that counts ("day 1 500 mg").

    ``joined``: it ends a range that such a number began, so what stands before it is known.
    """
    match = _SPACED.match(text, at)
    if match is None:
        return None
    if not joined and _COUNTING.search(text_before(text, at, _REACH)):
        return None
    value = Fraction(match.group().replace(" ", ""))
    return Numeral(at, match.end(), value, ("space_thousands",))


_REACH = 10  # characters before a number in which a word that counts is looked for
# A word that counts, any other short one ("d") or a sign; not "vitamin d 1 000 U", "of 1 000 U".
_COUNTING = re.compile(
    r"(?:(?<![A-Za-z-])(?!(?<=vitamin )d )(?!(?<= )(?-i:of|to) )"
    r"(?:days?|weeks?|wks?|cycles?|level|doses?|grade|phase|step|aged?|arm|group|part"
    r"|[A-Za-z-]{1,2})|[×,/])\s?\Z",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _value(spelled: str) -> tuple[Fraction | None, tuple[str, ...]]:
    """The exact value of digits with their points and commas, and how they are odd."""
    flags: list[str] = []
    if spelled.startswith("."):
        flags.append("naked_decimal")
        plain = "0" + spelled
    elif _THOUSANDS.fullmatch(spelled) and not spelled.startswith("0"):
        plain = spelled.replace(",", "")
    elif "," in spelled:
        flags.append("decimal_comma")
        plain = spelled.replace(",", ".")
    else:
        plain = spelled
    if "." in plain:
        if "," not in spelled and _THREE_DECIMALS.fullmatch(plain):
            flags.append("ambiguous_decimal")
        elif plain.endswith("0"):
            flags.append("trailing_zero")
    if len(plain) > 18 or (
        plain[0] == "0" and plain[1:2].isdigit()
    ):  # "000" is the tail of a longer number
        return None, ("unreadable_number",)
    whole, _, decimals = plain.partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals)), tuple(flags)


def _word_value(word: str) -> Fraction:
    if word in _WORDS:
        return _WORDS[word]
    if "quarter" in word:
        return Fraction(1, 4)
    return Fraction(3, 2) if word.startswith("one and") else Fraction(1, 2)


def value_of(spelled: str) -> Fraction | None:
    """The exact value of a numeral written alone, or None."""
    numeral = numeral_at(spelled.strip(), 0)
    return numeral.value if numeral else None
