"""The drugs that a text names: one closed table of names, brands and abbreviations.

The table (``drugs.toml``) is data and knows no disease. There is no fuzzy matching and no
stemming: a word is in the table, or it is not a drug.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError

DEFAULT = Path(__file__).with_name("drugs.toml")

_KEYS = {"id", "name", "aliases", "exact", "ambiguous_with"}
_WORD = re.compile(r"[^\W\d_]+|\d+")
_JOINS = {"", " ", "-", "/", "(", ")", " (", "\u2010", "\u2011", "\u2013", "\u00a0"}
# "Beside a number": a number within a few words after the name, or an amount just before it.
_NUMBER_AFTER = re.compile(r"[^.;\n\d]{0,40}(?:\.(?=\d))?\d")
_AMOUNT_BEFORE = re.compile(
    r"\d\s?(?:[kmµμun]?g|mcg|u|iu|units?|mmol|%|grams?|milligrams?)[^.;\n]{0,25}\Z", re.IGNORECASE
)
_NEARBY = 45
_SHORTEST = 3  # letters of an abbreviation that counts in a question without a number


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """One drug and every name by which a text may call it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    ambiguous_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrugMention:
    """A drug named in a text, half-open offsets; ``ambiguous``: the name can mean another."""

    drug_id: str
    start: int
    end: int
    text: str
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class _Alias:
    """One spelling: the drug, and under what conditions it counts."""

    drug_id: str
    spelling: str
    exact: bool
    ambiguous: bool


@dataclass(frozen=True, slots=True)
class DrugTable:
    """All drugs by id, with the spellings indexed by their words."""

    drugs: Mapping[str, Drug]
    _index: Mapping[tuple[str, ...], tuple[_Alias, ...]]
    _longest: Mapping[str, int]

    def __getitem__(self, drug_id: str) -> Drug:
        return self.drugs[drug_id]

    def __contains__(self, drug_id: object) -> bool:
        return drug_id in self.drugs

    def name_of(self, drug_id: str) -> str:
        """The full generic name, or the id itself for a drug that isn't in the table."""
        drug = self.drugs.get(drug_id)
        return drug.name if drug else drug_id

    def find(self, text: str, *, lax: bool = False) -> tuple[DrugMention, ...]:
        """Every drug that the text names, in order; see ``find_drugs``."""
        found = tuple(self._candidates(text, lax))
        full = {m.drug_id: m.start for m, exact in reversed(found) if not exact}
        return tuple(
            mention
            for mention, exact in found
            if not exact
            or (lax and len(mention.text) >= _SHORTEST)
            or full.get(mention.drug_id, len(text)) < mention.start
            or _beside_a_number(text, mention.start, mention.end)
        )

    def _candidates(self, text: str, lax: bool) -> Iterator[tuple[DrugMention, bool]]:
        words = list(_WORD.finditer(text))
        starting = self._longest
        i = 0
        while i < len(words):
            if words[i].group().lower() not in starting:
                i += 1
                continue
            match = self._longest_at(text, words, i, lax)
            if match is None:
                i += 1
                continue
            alias, size = match
            start, end = words[i].start(), words[i + size - 1].end()
            mention = DrugMention(alias.drug_id, start, end, text[start:end], alias.ambiguous)
            yield mention, alias.exact
            i += size

    def _longest_at(
        self, text: str, words: Sequence[re.Match[str]], i: int, lax: bool
    ) -> tuple[_Alias, int] | None:
        longest = self._longest.get(words[i].group().lower(), 0)
        if not longest or not _may_start(text, words[i].start()):
            return None
        key: list[str] = []
        best: tuple[_Alias, int] | None = None
        for size in range(1, min(longest, len(words) - i) + 1):
            word = words[i + size - 1]
            if size > 1 and text[words[i + size - 2].end() : word.start()] not in _JOINS:
                break
            key.append(word.group().lower())
            spelled = "".join(w.group() for w in words[i : i + size])
            for alias in self._index.get(tuple(key), ()):
                if lax or not alias.exact or alias.spelling == spelled:
                    best = (alias, size)
                    break
        return best


def _may_start(text: str, start: int) -> bool:
    """Whether a name may start here, that is, not inside a number or a longer word."""
    before = text[start - 1] if start else " "
    if text[start].isdigit():
        return not (before.isalnum() or before in ".,-/")
    return not (before.isdigit() and not text[start].isupper())


def _beside_a_number(text: str, start: int, end: int) -> bool:
    after = _NUMBER_AFTER.match(text, end, end + _NEARBY)
    return bool(after or _AMOUNT_BEFORE.search(text[max(0, start - _NEARBY) : start]))


def find_drugs(
    text: str, *, lax: bool = False, table: DrugTable | None = None
) -> tuple[DrugMention, ...]:
    """Every drug that the text names, in order, longest names first.

    Full names and brands count in any case. An abbreviation counts in its exact spelling,
    beside a number or after the full name. ``lax`` is for questions: any case, anywhere.

    >>> [m.drug_id for m in find_drugs("vp16 in renal failure", lax=True)]
    ['etoposide']
    """
    return (table or load_drugs()).find(text, lax=lax)


@lru_cache(maxsize=8)
def load_drugs(path: Path = DEFAULT) -> DrugTable:
    """Read the table of drug names; CorpusError names the file, the key and the reason."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing. Restore the table of drug names.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name} is not valid TOML: {error}. Correct that line.") from error
    drugs: dict[str, Drug] = {}
    entries = raw.get("drug", [])
    if not isinstance(entries, list) or set(raw) - {"drug"}:
        raise CorpusError(f"{path.name}: only [[drug]] tables are known. Remove the rest.")
    for number, entry in enumerate(entries, start=1):
        drug = _drug(path.name, number, entry)
        if drug.id in drugs:
            raise CorpusError(f"{path.name}: drug '{drug.id}': id is used twice. Merge the two.")
        drugs[drug.id] = drug
    return _table(path.name, drugs)


def _drug(file: str, number: int, entry: Mapping[str, Any]) -> Drug:
    where = f"{file}: drug '{entry.get('id', f'number {number}')}'"
    for key in entry:
        if key not in _KEYS:
            raise CorpusError(f"{where}: {key} is not a known key. Remove or correct it.")
    for key in ("id", "name"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise CorpusError(f"{where}: {key} is missing or not text. Add it.")
    for key in ("aliases", "exact"):
        names = entry.get(key, [])
        if not isinstance(names, list) or not all(isinstance(n, str) and n for n in names):
            raise CorpusError(f"{where}: {key} is not a list of names. Correct it.")
    ambiguous = entry.get("ambiguous_with", {})
    if not isinstance(ambiguous, Mapping):
        raise CorpusError(f"{where}: ambiguous_with is not a table of names. Correct it.")
    known = {entry["name"], *entry.get("aliases", ()), *entry.get("exact", ())}
    for alias in ambiguous:
        if alias not in known:
            raise CorpusError(f"{where}: ambiguous_with names '{alias}', which is no alias.")
    return Drug(
        id=entry["id"],
        name=entry["name"].lower(),
        aliases=tuple(entry.get("aliases", ())),
        exact=tuple(entry.get("exact", ())),
        ambiguous_with={alias: tuple(ids) for alias, ids in ambiguous.items()},
    )


def _table(file: str, drugs: Mapping[str, Drug]) -> DrugTable:
    index: dict[tuple[str, ...], list[_Alias]] = {}
    owner: dict[str, Drug] = {}
    for drug in drugs.values():
        spellings = [(drug.name, False)]
        spellings += [(alias, False) for alias in drug.aliases]
        spellings += [(alias, True) for alias in drug.exact]
        for spelling, exact in spellings:
            words = _WORD.findall(spelling)
            if not words:
                raise CorpusError(f"{file}: drug '{drug.id}': '{spelling}' has no letter.")
            joined = "".join(words)
            other = owner.setdefault(joined if exact else joined.lower(), drug)
            ambiguous = spelling in drug.ambiguous_with
            if other is not drug and not ambiguous:
                raise CorpusError(
                    f"{file}: drug '{drug.id}': '{spelling}' also means '{other.id}'. "
                    "Remove one, or list it under ambiguous_with in both."
                )
            key = tuple(word.lower() for word in words)
            index.setdefault(key, []).append(_Alias(drug.id, joined, exact, ambiguous))
    longest: dict[str, int] = {}
    for key in index:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    for aliases in index.values():
        aliases.sort(key=lambda a: a.exact)
    return DrugTable(drugs, {k: tuple(v) for k, v in index.items()}, longest)
