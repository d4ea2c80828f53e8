"""Search by words (BM25); the only importer of bm25s and PyStemmer.

The tokens keep what matters in clinical text: "HLH-94", "IL-2", "mg/m2", "0.25", "25 000".
Never NFKC: it would turn "10⁹/L" into "109/L".
"""

from __future__ import annotations

import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from index.ports import Hit

K1 = 1.5
B = 0.75
"""BM25's usual constants. Source: Manning, Raghavan & Schütze 2008, section 11.4.3."""
SCORE_DECIMALS = 6

STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can could did do does for from had has have how i if "
        "in into is its me my of on or our shall should so such than that the their then there "
        "these they this those to was we were what when where which who why will with would you "
        "your",
    )
)
"""Words that carry nothing. Not "it" (intrathecal), "all" (leukaemia), "no" or "not"."""

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_POWER = re.compile(r"(?<=\d)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:[,\u00a0\u202f ]\d{3})+(?![\d,]|\.\d)")
_TOKEN = re.compile(r"\d+(?:\.\d+)*\^\d+|\d+(?:\.\d+)+|[^\W_]+(?:[-/'][^\W_]+)*")
_GLUED = re.compile(r"([a-z]{2,})(\d{1,4})")
_HYPHENS = str.maketrans(
    {"\u2010": "-", "\u2011": "-", "\u2019": "'", "\u00b5": "μ", "\u00ad": "", "\u200b": ""}
)
_STEMMERS = threading.local()


def tokens(text: str) -> list[str]:
    """The words to search by, in order: lower case, stemmed, compounds whole and in parts.

    >>> tokens("HLH-94: etoposide 150 mg/m² twice weekly")
    ['hlh-94', 'hlh', 'etoposid', '150', 'mg/m2', 'mg', 'm2', 'twice', 'week']
    >>> tokens("HLH94") == tokens("HLH-94")
    True
    >>> tokens("platelets 50 × 10⁹/L, ferritin above 10,000")
    ['platelet', '50', '10^9', 'l', 'ferritin', 'abov', '10000']
    """
    text = _POWER.sub(lambda m: "^" + m.group(1), text.translate(_HYPHENS)).translate(_SUPERSCRIPT)
    text = _THOUSANDS.sub(lambda m: re.sub(r"\D", "", m.group()), text.lower())
    words = [
        word
        for match in _TOKEN.finditer(text)
        for word in _parts(match.group())
        if word not in STOP_WORDS
    ]
    stems = _stem(words)
    return [s if w.isalpha() else w for w, s in zip(words, stems, strict=True)]


class Bm25Search:
    """Ranks the passages by the words that they share with a query."""

    def __init__(self, ids: Sequence[str], texts: Sequence[str]) -> None:
        import bm25s

        self._ids = np.array(ids, dtype=np.str_)
        corpus = [tokens(text) for text in texts]
        self._words = {id_: frozenset(words) for id_, words in zip(ids, corpus, strict=True)}
        holding = Counter(word for words in self._words.values() for word in words)
        self._weights = {word: _rarity(n, len(ids)) ** 2 for word, n in holding.items()}
        self._bm25 = None
        if any(corpus):
            self._bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
            self._bm25.index(corpus, show_progress=False)

    def nearest(self, query: str, k: int) -> Sequence[Hit]:
        """At most k with a score above 0, best first; ties by id; no common word, no hit."""
        if self._bm25 is None or k <= 0:
            return ()
        words = [word for word in tokens(query) if word in self._weights]
        if not words:
            return ()
        scores = np.asarray(self._bm25.get_scores(words), np.float64).round(SCORE_DECIMALS)
        found = np.flatnonzero(scores > 0)
        order = np.lexsort((self._ids[found], -scores[found]))[:k]
        return tuple((str(self._ids[i]), float(scores[i])) for i in found[order])

    def cover(self, query: str, ids: Iterable[str]) -> Mapping[str, float]:
        """Share of the query's words that each passage holds, 0..1, rare words counting most.

        A word weighs its squared inverse document frequency: in four public collections that
        ranked better beside the cosine than BM25, which a long passage or a repeated word moves.
        Words that no passage holds count nothing; KeyError for an id that is not searched.
        """
        weights = {w: self._weights[w] for w in tokens(query) if w in self._weights}
        total = sum(weights.values())
        return {
            id_: sum(weight for word, weight in weights.items() if word in self._words[id_]) / total
            if total
            else 0.0
            for id_ in ids
        }


def _rarity(holding: int, passages: int) -> float:
    """Inverse document frequency, never negative. Source: as in Lucene's BM25."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _parts(word: str) -> Iterator[str]:
    word = word.removesuffix("'s")
    if glued := _GLUED.fullmatch(word):
        word = f"{glued.group(1)}-{glued.group(2)}"
    if word.replace("/", "-").count("-") and "'" not in word:
        yield word
        yield from (part for part in re.split("[-/]", word) if not part.isdigit())
    else:
        yield word


def _stem(words: Sequence[str]) -> list[str]:
    # A PyStemmer object must not be used by two threads at once.
    import Stemmer

    if not hasattr(_STEMMERS, "english"):
        _STEMMERS.english = Stemmer.Stemmer("english")
    stems: list[str] = _STEMMERS.english.stemWords(words)
    return stems
