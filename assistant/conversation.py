"""The turns of a conversation -> what the last of them asks, slot by slot.

A turn that can't be read by itself is completed from the turns before it. What it names replaces
the same of before (a drug the drug, a group of people the group, a route the route) and everything
else stays: "and X?" keeps what was asked of the other drug, "how long?" keeps the drug. What the
patient has is added up, until a turn speaks of somebody else or corrects it. A turn that stands
alone drops what was before. The words are in ``conversation.toml`` and in the library.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from assistant.model import Question
from assistant.stated import about_another, without_body, without_measures, without_values
from corpus.library import Library
from corpus.mentions import mentions, without

WORDS = Path(__file__).with_name("conversation.toml")
MAX_TURNS = 12  # of the history; what lies further back is no longer what a turn leans on
MAX_CHARACTERS = 600  # of what is carried into the search
MOVES_ON = 4  # words of a turn that leans on nothing by its wording
OF_A_PATIENT = ("population", "severity", "condition")  # what goes with the patient
REPLACED = ("topic", "drug", "population", "subtype", "severity")

# Words that open a question which leans on the one before it.
LEANING = re.compile(
    r"^\s*(?:and|or|so|ok|but|then|why|if|what about|how about|what if|how long|how often|"
    r"what else|which one|source for|is that|does that)\b|"
    r"\b(?:it|that|this|those|these|she|he|her|his|they|them|its|hes|shes|theyre|still|instead)\b"
    r"|\b(?:as well|on top)\b",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\b(?:as well|too|instead)\s*\??\s*\Z", re.IGNORECASE)
_WITH_IT = re.compile(r"\s*(?:alongside|as well|too|on top|with (?:it|that))\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9][a-z0-9/'-]*", re.IGNORECASE)
_NOT_THAT = re.compile(r"\bnot\s+(?:the\s+|an?\s+|in\s+)?[\w-]+\s*[,;:-]", re.IGNORECASE)

Named = Mapping[str, tuple[str, ...]]
Namer = Callable[[str], Named]


@dataclass(frozen=True, slots=True)
class FollowWords:
    """The words of ``conversation.toml``."""

    asks: tuple[str, ...]
    asked: tuple[str, ...]
    routes: tuple[str, ...]
    beside: tuple[str, ...]
    opens: tuple[str, ...]
    corrects: tuple[str, ...]
    states: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


@lru_cache(maxsize=1)
def follow_words() -> FollowWords:
    """The words by which a turn leans on the one before it."""
    content = tomllib.loads(WORDS.read_text("utf-8"))
    return FollowWords(**{name: tuple(words) for name, words in content.items()})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a turn asks, completed: what is searched, what is named, which kind is asked for."""

    query: str
    asked: Named
    on_subject: bool
    kind: str  # the words that say what is asked for: a dose, a limit
    own: str = ""  # the words of the turn itself, where others are carried along
    carried: bool = False
    carried_facets: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Conversation:
    """Reads turns one after the other; ``named`` says what a text names, by facet.

    ``foreign`` says which words of a text belong to no subject of the library.
    """

    library: Library
    named: Namer
    foreign: Callable[[str], tuple[str, ...]]

    def reading(self, question: Question, text: str) -> Reading:
        """What the last turn asks, with what it leaves out taken from the turns before it."""
        first = max(0, len(question.history) - MAX_TURNS)
        turns = (*question.history[first:], text)
        before: Reading | None = None
        for at, (turn, other) in enumerate(zip(turns, about_another(turns), strict=True), first):
            line, last = " ".join(turn.split()), at == len(question.history)
            if before is not None and at == question.patient_since:
                before = self._without_patient(before)
            if before is not None and other:
                before = self._for_another(before)
            if line:
                before = self._read(line if last else line[:MAX_CHARACTERS], before, last=last)
        return before or self._read(text, None, last=True)

    def _read(self, text: str, before: Reading | None, *, last: bool) -> Reading:
        named = self.named(text)
        if before is not None:  # "next patient" asks for nothing that comes next
            plain = self.named(without(text, follow_words().states))
            topics = self.library.vocabulary.terms["topic"].values()
            titled = (t.id for t in topics if mentions(text, (t.title.lower(),)))
            named = {**named, "topic": tuple(dict.fromkeys((*plain["topic"], *titled)))}
        alone = Reading(
            query=text,
            asked=named,
            on_subject=mentions(text, self.library.vocabulary.subject_words),
            kind=text,
        )
        if before is None or not self._leans(alone, last):
            return alone
        return self._completed(alone, before)

    # ---------------------------------------------------------------------- does it lean?

    def _leans(self, turn: Reading, last: bool) -> bool:
        text, named = turn.query, turn.asked
        if mentions(text, follow_words().opens):
            return False
        words = _WORD.findall(text)
        also = bool(_ALSO.search(text))
        if turn.on_subject and (named["drug"] or named["topic"]) and len(words) > 4 and not also:
            return False
        leaning = bool(LEANING.search(text)) or self._corrects(text) or about_another((text,))[0]
        if not (leaning or len(words) <= 6 or not (turn.on_subject or named["drug"])):
            return False
        # A whole question with words of another subject is no follow-up: "best inhaler for asthma?"
        whole = len(words) > 4 and not leaning and not named["drug"] and not turn.on_subject
        return not (last and whole and self.foreign(text))

    def _corrects(self, text: str) -> bool:
        return mentions(text, follow_words().corrects)

    # -------------------------------------------------------------------------- completing

    def _completed(self, turn: Reading, before: Reading) -> Reading:
        corrects = self._corrects(turn.query)
        if corrects:
            text = _NOT_THAT.sub(" ", turn.query)
            asked = {**self.named(text), "topic": turn.asked["topic"]}
            turn = replace(turn, query=text, asked=asked, kind=text)
        turn = self._picked(turn, before)
        before = self._without_the_unknown(turn, before)
        own_kind = self._asks_of_its_own(turn)
        asked = {**turn.asked}
        gone: dict[str, tuple[str, ...]] = {}
        carried = set()
        for facet in REPLACED:
            if asked[facet]:
                gone[facet] = before.asked[facet]
            elif before.asked[facet]:
                asked[facet] = before.asked[facet]
                carried.add(facet)
        if not asked["condition"]:
            carried |= {"condition"} if before.asked["condition"] else set()
        if corrects and asked["condition"]:
            gone["condition"] = before.asked["condition"]
        else:  # what the patient had, he has still
            both = (*asked["condition"], *before.asked["condition"])
            asked["condition"] = tuple(dict.fromkeys(both))
        if "drug" in gone:
            stay = self._beside(turn, before) or self._partners(turn.asked["drug"], before)
            gone["drug"] = tuple(d for d in gone["drug"] if d not in stay)
            asked["drug"] = tuple(dict.fromkeys((*asked["drug"], *stay)))
        rest = self._rest(before.query, gone, turn, own_kind)
        return Reading(
            query=f"{turn.query} {rest}".strip(),
            own=turn.query,
            asked=asked,
            on_subject=turn.on_subject or before.on_subject,
            kind=turn.kind if own_kind else f"{turn.kind} {before.kind}",
            carried=True,
            carried_facets=frozenset(carried),
        )

    def _without_the_unknown(self, turn: Reading, before: Reading) -> Reading:
        """The turn before without drugs of which the library says nothing, where this one moves on.

        "Metformin dose" and then "PJP prophylaxis with sulfa allergy" is no question on metformin;
        "how long?" still is one.
        """
        unknown = set(before.asked["drug"]) - self.library.drugs_covered
        words = _WORD.findall(turn.query)
        if not unknown or LEANING.search(turn.query) or len(words) < MOVES_ON:
            return before
        drugs = tuple(d for d in before.asked["drug"] if d not in unknown)
        query = self._without_drugs(before.query, unknown)
        return replace(before, query=query, asked={**before.asked, "drug": drugs})

    def _picked(self, turn: Reading, before: Reading) -> Reading:
        """ "The second one" of the drugs that the turn before names."""
        words, drugs = follow_words(), before.asked["drug"]
        if turn.asked["drug"] or len(drugs) < 2:
            return turn
        for place, picks in enumerate((words.first, words.second)):
            if mentions(turn.query, picks):
                chosen = drugs[place]
                text = f"{without(turn.query, picks)} {self.library.drugs[chosen].name}".strip()
                return replace(turn, query=text, asked={**turn.asked, "drug": (chosen,)})
        return turn

    def _asks_of_its_own(self, turn: Reading) -> bool:
        """Whether a turn says what it asks for, and not only of which drug or for whom."""
        if mentions(turn.query, follow_words().asks):
            return True
        plain = self._without_facets(
            turn.query, {f: ids for f, ids in turn.asked.items() if f != "topic"}
        )
        return bool(self.named(without(plain, follow_words().states))["topic"])

    def _beside(self, turn: Reading, before: Reading) -> tuple[str, ...]:
        """The drugs of before when the turn names one given with them: "on rifampicin"."""
        found = self.library.drugs.find(turn.query, lax=True)
        with_them = re.compile(
            rf"\b(?:{'|'.join(follow_words().beside)})\s+(?:an?\s+|the\s+)?\Z", re.I
        )
        text = turn.query
        if found and all(
            with_them.search(text[: mention.start]) or _WITH_IT.match(text, mention.end)
            for mention in found
        ):
            return before.asked["drug"]
        return ()

    def _partners(self, new: tuple[str, ...], before: Reading) -> tuple[str, ...]:
        """Of two drugs before, the one that stays when a single new one replaces the other.

        "Posaconazole with tacrolimus" and then "ciclosporin?": the library speaks of posaconazole
        with ciclosporin under the same topic as of posaconazole with tacrolimus.
        """
        old = before.asked["drug"]
        if len(new) != 1 or len(old) != 2 or new[0] in old:
            return ()
        topics = _pair_topics(self.library)
        shared = topics.get(frozenset(old), frozenset())
        stay = [d for d in old if shared & topics.get(frozenset((d, new[0])), frozenset())]
        return tuple(stay) if len(stay) == 1 else ()

    # ---------------------------------------------------------------- what is carried along

    def _rest(
        self, text: str, gone: Mapping[str, tuple[str, ...]], turn: Reading, own_kind: bool
    ) -> str:
        """The words of the turns before that are still meant."""
        words = follow_words()
        text = self._without_facets(text, {f: ids for f, ids in gone.items() if f != "topic"})
        if "population" in gone:
            text = without_body(text)
        if mentions(turn.query, words.routes):
            text = without(text, words.routes)
        if own_kind:
            text = without(text, words.asked)
            if "topic" in gone:
                text = self._without_facets(text, {"topic": self._acts & set(gone["topic"])})
        return " ".join(w for w in text.split() if any(map(str.isalnum, w)))[:MAX_CHARACTERS]

    @property
    def _acts(self) -> set[str]:
        """The topics of the plans: what is done, not what it is done for."""
        return {topic for plan in self.library.vocabulary.plans for topic in plan.when}

    def _without_facets(self, text: str, gone: Mapping[str, Iterable[str]]) -> str:
        for facet, ids in gone.items():
            if facet == "drug":
                text = self._without_drugs(text, set(ids))
            else:
                for id_ in ids:
                    text = without(text, self.library.vocabulary.term(facet, id_).words)
        return text

    def _without_drugs(self, text: str, ids: set[str]) -> str:
        drugs, abbreviations = self.library.drugs, self.library.vocabulary.abbreviations
        names = [m.text.lower() for m in drugs.find(text, lax=True) if m.drug_id in ids]
        for word in _WORD.findall(text):
            meant = abbreviations.get(word.lower(), "")
            if meant and any(m.drug_id in ids for m in drugs.find(meant, lax=True)):
                names.append(word.lower())
        return without(text, tuple(names)) if names else text

    def _without_patient(self, before: Reading) -> Reading:
        gone = {facet: before.asked[facet] for facet in OF_A_PATIENT}
        text = without_values(self._without_facets(before.query, gone))
        asked = {**before.asked, **dict.fromkeys(OF_A_PATIENT, ())}
        return replace(before, query=text, asked=asked)

    def _for_another(self, before: Reading) -> Reading:
        """The reading without what was measured in somebody else; what is asked stays.

        "Creatinine 400" is his, "in kidney failure" is what is asked about.
        """
        conditions = self.named(without_values(before.query))["condition"]
        of_somebody = {"population": (), "severity": (), "condition": conditions}
        query = without_measures(before.query)
        return replace(before, query=query, asked={**before.asked, **of_somebody})


@lru_cache(maxsize=4)
def _pair_topics(library: Library) -> Mapping[frozenset[str], frozenset[str]]:
    """The topics under which the library speaks of exactly two drugs, by the pair."""
    topics: dict[frozenset[str], set[str]] = {}
    for passage in library.passages.values():
        facets = passage.statement.facets
        if len(facets.drugs) == 2:
            topics.setdefault(frozenset(facets.drugs), set()).add(facets.topic)
    return {pair: frozenset(found) for pair, found in topics.items()}
