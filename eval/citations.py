"""Whether citations carry their sentences and doses stand in the ledger, on plain values.  (pure)

As in ``eval.metrics`` each function says what it means, what happens at its edges, and where it
comes from. Numbers are read by ``numbers_of``, which is not the reader of the assistant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from eval.metrics import numbers_of, unsupported_numbers

SUPPORT = 0.7
"""Share of a sentence's content words that passages have to hold, where it is not verbatim."""

_WORD = re.compile(r"[^\W\d_]{3,}")
_TURNING = frozenset({"not", "never", "without", "avoid", "contraindicated", "except", "unless"})
_EMPTY = frozenset(
    {"the", "and", "for", "with", "from", "that", "this", "these", "are", "was", "were", "has"}
    | {"have", "been", "may", "can", "should", "its", "than", "then", "when", "who", "per", "all"}
)
_QUANTITY = re.compile(
    r"[\d.,]+(?:mg|g|µg|mcg|micrograms?|ng|units?|IU|U|mEq|mmol)(?:/(?!mL|dL|L\b)[\w²]+)*"
)


def content_words(text: str) -> frozenset[str]:
    """The words of three letters or more that are no function words, in small letters.

    Words that turn a sentence round ("not", "avoid") are among them.

    >>> sorted(content_words("Do not give it with the food."))
    ['food', 'give', 'not']
    """
    return frozenset(_WORD.findall(text.lower())) - _EMPTY


def supports(sentence: str, passages: Sequence[str], share: float = SUPPORT) -> bool:
    """Whether passages together carry a sentence: what citation recall counts.

    Either it stands in one of them letter by letter; or they hold every number of it with the
    same unit, every word that turns it round, and at least ``share`` of its content words.
    Nothing supports a sentence without a content word, unless it is verbatim. A word in another
    form is another word, and a passage may say "not" where the sentence does not.
    Source: ALCE (Gao et al. 2023, arXiv:2305.14627), with words and numbers in place of a model.

    >>> supports("Give 10 mg daily with food.", ["Give 10 mg.", "Daily, with food."])
    True
    >>> supports("Give 10 mg daily with food.", ["Give 10 g daily with food."])
    False
    """
    if sentence and any(sentence in passage for passage in passages):
        return True
    wanted = content_words(sentence)
    held = frozenset(word for passage in passages for word in content_words(passage))
    if not wanted or unsupported_numbers(sentence, passages) or wanted & _TURNING - held:
        return False
    return len(wanted & held) >= share * len(wanted)


def idle_citations(sentence: str, cited: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of the citations that do not carry their sentence: what citation precision counts.

    ``cited`` holds the text of each cited passage by its id. A citation counts when its own
    passage ``supports`` the sentence; that of a second citation need not be verbatim. Stricter
    than ALCE (Gao et al. 2023), where one that supports a part counts beside the others.

    >>> idle_citations("Give 10 mg.", {"a": "Give 10 mg. Then stop.", "b": "Give 20 mg."})
    ('b',)
    """
    return tuple(id_ for id_, passage in cited.items() if not supports(sentence, [passage]))


def quantities_of(text: str) -> tuple[str, ...]:
    """The numbers of a text whose unit is that of an amount of a drug, spaces taken out.

    Concentrations ("500 ng/mL") and volumes are none. A range gives its second end, which bears
    the unit. The units are a closed list: an amount in another unit is missed.

    >>> quantities_of("Ferritin 500 ng/mL: give 10 to 20 mg/m² twice, after 3 days 1 g.")
    ('20mg/m²', '1g')
    """
    return tuple(number for number in numbers_of(text) if _QUANTITY.fullmatch(number))


def outside_ledger(sentence: str, entries: Sequence[str]) -> tuple[str, ...]:
    """The amounts of a shown sentence that no entry of the dosing ledger holds.

    ``entries`` are the ledger's texts for the passages that the sentence cites. A repeated
    amount counts each time. Source: own definition.

    >>> outside_ledger("Give 10 mg, at most 40 mg.", ["10 mg"])
    ('40mg',)
    """
    held = {number for entry in entries for number in numbers_of(entry)}
    return tuple(quantity for quantity in quantities_of(sentence) if quantity not in held)


def is_in_source(entry: str, passage: str) -> bool:
    """Whether every value of a ledger entry stands, with its unit, in the passage it cites.

    An entry without a number, such as "a single dose", stands there letter by letter or not at
    all. Source: own definition.

    >>> is_in_source("10 mg twice daily", "Give 10 mg, twice daily."), is_in_source("1 g", "1 mg")
    (True, False)
    """
    if not numbers_of(entry):
        return bool(entry) and entry in passage
    return not unsupported_numbers(entry, [passage])
