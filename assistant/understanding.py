"""Question -> Understanding: which words of the library a question names.

Everything is looked up in the library's vocabulary and drug table; the code knows no
disease. A short follow-up takes what it leaves out from the turns before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from assistant.clearance import clearance_of
from assistant.conversation import Conversation
from assistant.dosing import DoseRole
from assistant.errors import QuestionUnreadable
from assistant.model import Question, Understanding
from assistant.words import foreign_words
from corpus.library import Library
from corpus.mentions import mentions, spelled
from corpus.vocabulary import Term, Vocabulary

MAX_CHARACTERS = 2_000
GROWN_UP = 18.0  # years: the end of the widest group of children
A_LONG_WORD, A_SLIP = 6, 0.86  # letters; likeness from which a word is taken for a drug's name
A_CHILDS_WEIGHT = 30.0  # kg; whoever weighs less and has no age is taken for a child
FACETS = ("topic", "population", "subtype", "severity", "condition")

_DOSE_WORDS = re.compile(
    r"\b(dos(?:e|es|ing|age|is)|how much|mg|mg/kg|mg/m2|schedule|amount|regimen)\b", re.IGNORECASE
)
_LIMIT_WORDS = re.compile(
    r"\b(?:max(?:imum|imal)?|most|limit|cap|ceiling|highest|upper)\b", re.IGNORECASE
)
_TOTAL_WORDS = re.compile(r"\b(?:cumulative|lifetime|total)\b", re.IGNORECASE)
_SETTING = re.compile(
    r"\b(?:during|on|under|after|before|throughout|while on)\s+(?:[\w'-]+\s+){0,2}"
    r"(?:treatment|therapy|steroids?)\b",
    re.IGNORECASE,
)
_PLAIN_WORDS = frozenset(("it", "is", "in", "an", "as", "at", "or", "to", "no", "on", "all"))
_WORD = re.compile(r"[a-z0-9][a-z0-9/'-]*")
_FUNCTION_WORDS = {
    "English": "the of and is in for with what how which when to a an on do does are should can "
    "i not no",
    "German": "welche welcher welches wie ist der das und bei für mit eine nicht wird",
    "French": "quelle quel est le la les des pour avec une dans que du",
    "Spanish": "cuál cual qué es el los las para con una por del en dosis",
    "Italian": "quale qual è il gli per con una della nel che di dose",
    "Dutch": "welke wat hoe het een voor met bij niet wordt van",
}


def readable(text: str) -> str:
    """The question in one line; QuestionUnreadable says why when it can't be read."""
    if "\x00" in text or sum(not c.isprintable() and not c.isspace() for c in text) > 3:
        raise QuestionUnreadable(
            "The question holds binary characters. Type it as plain text, for example: "
            "first treatment in an adult with organ failure."
        )
    line = " ".join(text.split())
    if not line:
        raise QuestionUnreadable("The question is empty. Type a question in plain English.")
    if len(line) > MAX_CHARACTERS:
        raise QuestionUnreadable(
            f"The question has {len(line):,} characters; the limit is {MAX_CHARACTERS:,}. "
            "Shorten it to the clinical question and the values that matter."
        )
    letters = [c for c in line if c.isalpha()]
    if not letters:
        raise QuestionUnreadable("The question holds no word. Type a question in plain English.")
    if sum(c < "\u0250" or "\u0370" <= c <= "\u03ff" for c in letters) < 0.7 * len(letters):
        raise QuestionUnreadable(
            "The question is not written in Latin letters. The library is in English: "
            "please ask in English."
        )
    distinct = set(re.findall(r"[^\W\d_]+", line.lower()))
    english = set(_FUNCTION_WORDS["English"].split())
    for language, words in _FUNCTION_WORDS.items():
        theirs = set(words.split())
        if len(distinct & theirs) >= 3 and not distinct & (english - theirs):
            if language == "English":
                continue
            raise QuestionUnreadable(
                f"The question seems to be in {language}. The library is in English: "
                "please ask in English."
            )
    return line


def understand(question: Question, library: Library) -> Understanding:
    """What the question asks about; QuestionUnreadable when it is no question.

    The patient of the question is taken as it is: ``stated_patient`` reads the turns for it.
    """
    text = readable(question.text)
    current = _named(text, library)
    conversation = Conversation(
        library, lambda turn: _named(turn, library), lambda turn: _foreign(turn, library, ())
    )
    turn = conversation.reading(question, text)
    asked, query, carried, on_subject = dict(turn.asked), turn.query, turn.carried, turn.on_subject
    carried_facets = set(turn.carried_facets)
    age = question.patient.age_years
    groups = _groups_of(question, library)
    if groups and "population" in carried_facets:
        asked["population"] = ()  # "her daughter, 22 kg": not the adult of the turn before
        carried_facets.discard("population")
    asked["population"] = tuple(dict.fromkeys((*asked.get("population", ()), *groups)))
    asks_dose = bool(_DOSE_WORDS.search(turn.kind))
    if asks_dose and not _DOSE_WORDS.search(text):
        carried_facets.add("dose")
    narrow = tuple(
        id_ for id_ in asked.get("subtype", ()) if not library.vocabulary.term("subtype", id_).broad
    )
    if carried:
        foreign = _others(text, library)
    else:
        foreign = () if on_subject else _foreign(text, library, narrow)
    # Two drugs of the library and nothing else named: nobody has to add the disease.
    familiar = len(library.drugs_covered & set(current["drug"])) > 1 and not foreign
    plan, asks_plan = _plan(text, asked, current, library.vocabulary, on_subject or familiar)
    return Understanding(
        query=query,
        keyword_query=_expand(query, library),
        own=_expand(turn.own, library) if carried else "",
        core=_with_drugs(turn.own, asked["drug"], library) if carried else "",
        asked=asked,
        plan=plan,
        asks_plan=asks_plan,
        on_subject=on_subject,
        carried=carried,
        carried_facets=frozenset(carried_facets),
        asks_action=any(
            set(plan.when) & set(asked.get("topic", ())) for plan in library.vocabulary.plans
        ),
        asks_dose=asks_dose,
        asks_limit=_limit_asked_for(turn.kind),
        age_years=age,
        weight_kg=question.patient.weight_kg,
        clearance=clearance_of(question),
        foreign=foreign,
        narrow_subtypes=narrow,
        unknown_drugs=tuple(
            drug for drug in asked.get("drug", ()) if drug not in library.drugs_covered
        ),
    )


def asked_without(understanding: Understanding, values: Iterable[str]) -> Understanding:
    """The same, searched without the patient's laboratory values where treatment is asked for.

    "Ferritin 4200, what do I give?" asks for the treatment, not for what ferritin decides.
    """
    if not (understanding.asks_action or understanding.asks_dose):
        return understanding

    def without(query: str) -> str:
        for value in values:
            query = query.replace(value, " ")
        return query if query.strip() else understanding.query

    return replace(
        understanding,
        query=without(understanding.query),
        keyword_query=without(understanding.keyword_query),
    )


def _named(text: str, library: Library) -> dict[str, tuple[str, ...]]:
    text = _expand(text, library)
    # "prophylaxis during treatment" asks about prophylaxis: the treatment is its setting.
    asked = {"topic": _SETTING.sub(" ", text)}
    named = {
        facet: tuple(
            term.id
            for term in library.vocabulary.terms[facet].values()
            if mentions(asked.get(facet, text), _words_of(facet, term))
        )
        for facet in FACETS
    }
    found = library.drugs.find(text, lax=True)
    drugs = dict.fromkeys(mention.drug_id for mention in found)
    named["drug"] = tuple(d for d in drugs if not _only_a_state(d, library))
    return named


def _only_a_state(drug: str, library: Library) -> bool:
    """Whether a drug says how ill somebody is: "on noradrenaline" does not ask for its dose."""
    states = (*library.vocabulary.terms["severity"].values(),)
    name = library.drugs[drug].name.lower()
    return drug not in library.drugs_covered and any(name in term.words for term in states)


def _words_of(facet: str, term: Term) -> tuple[str, ...]:
    """A topic is named by its title too: suggestions name it so."""
    return (*term.words, term.title.lower()) if facet == "topic" else term.words


def _others(text: str, library: Library) -> tuple[str, ...]:
    """The subjects that a text names and that the library only mentions."""
    return tuple(w for w in library.vocabulary.mentioned_only if mentions(text, (w,)))


def _foreign(text: str, library: Library, narrow: tuple[str, ...]) -> tuple[str, ...]:
    """What a question that does not name the subject names instead."""
    others = _others(text, library)
    drugs = {
        word
        for mention in library.drugs.find(text, lax=True)
        for word in re.findall(r"[^\W\d_]+", mention.text.lower())
    }
    words = [w for w in foreign_words(text, library) if w not in drugs]
    # A place or a name beside a disease of the library ("tick bite missouri") is no other one.
    if len(words) == 1 and narrow and not others:
        return ()
    return (*others, *(w for w in words if not any(w in other for other in others)))


def _limit_asked_for(text: str) -> DoseRole | None:
    """Which limit a question asks for: of a dose, of the total, or none."""
    if not _LIMIT_WORDS.search(text):
        return None
    return DoseRole.CUMULATIVE_LIMIT if _TOTAL_WORDS.search(text) else DoseRole.MAXIMUM


def _groups_of(question: Question, library: Library) -> tuple[str, ...]:
    """The groups into which the patient falls: by age, by a weight only children have."""
    patient, terms = question.patient, library.vocabulary.terms["population"]
    found = ["pregnancy"] if patient.pregnant and "pregnancy" in terms else []
    age, weight = patient.age_years, patient.weight_kg
    for term in terms.values():
        low, below = term.age_from_years, term.age_below_years
        if low is None and below is None:
            continue
        if age is not None and (low is None or age >= low) and (below is None or age < below):
            found.append(term.id)
        if age is None and weight is not None and weight <= A_CHILDS_WEIGHT and below == GROWN_UP:
            found.append(term.id)
    return tuple(found)


def _expand(query: str, library: Library) -> str:
    """The query with the library's abbreviations spelled out and drugs in full names."""
    words = _WORD.findall(spelled(query))
    words += [part for word in words for part in word.split("/") if part != word]  # "etop/dex"
    extra = [
        library.vocabulary.abbreviations[word]
        for word in dict.fromkeys(words)
        if word in library.vocabulary.abbreviations
        and (word not in _PLAIN_WORDS or _is_abbreviated(query, word, library))
    ]
    extra += [
        library.drugs[mention.drug_id].name
        for mention in library.drugs.find(query, lax=True)
        if mention.text.lower() != library.drugs[mention.drug_id].name
    ]
    extra += _meant_drugs(query, library)
    return " ".join([query, *dict.fromkeys(extra)])


def _meant_drugs(query: str, library: Library) -> list[str]:
    """The drugs of the library that a question names with a slip of the keys ("etoposid")."""
    named = {mention.text.lower() for mention in library.drugs.find(query, lax=True)}
    names = {library.drugs[drug].name: drug for drug in library.drugs_covered}
    return [
        close[0]
        for word in dict.fromkeys(_WORD.findall(spelled(query)))
        if len(word) >= A_LONG_WORD
        and not any(word in name for name in named)
        and word not in names
        and (close := get_close_matches(word, list(names), n=1, cutoff=A_SLIP))
    ]


def _is_abbreviated(query: str, word: str, library: Library) -> bool:
    """Whether a plain word is meant as an abbreviation: "IT" in capitals, or "it mtx"."""
    if re.search(rf"\b{word.upper()}\b", query) and not query.isupper():
        return True
    before = (query[: mention.start].lower() for mention in library.drugs.find(query, lax=True))
    return any(re.search(rf"\b{word}\s\Z", text) for text in before)


def _with_drugs(text: str, drugs: Sequence[str], library: Library) -> str:
    """A text and the names of the drugs that are meant and not in it."""
    names = (library.drugs[drug].name for drug in drugs)
    return " ".join((text, *(name for name in names if name.lower() not in text.lower())))


def _plan(
    text: str,
    asked: Mapping[str, tuple[str, ...]],
    current: Mapping[str, tuple[str, ...]],
    vocabulary: Vocabulary,
    on_subject: bool,
) -> tuple[str | None, bool]:
    """The plan that answers a broad question on the subject, and whether it asks for one in words.

    One that names a drug or a subtype treated apart is broad only when it does.
    """
    terms = vocabulary.terms["subtype"]
    narrow = bool(current["drug"]) or not all(terms[t].broad for t in asked["subtype"])
    if not on_subject:
        return None, False
    # A turn that names no topic of its own ("what about a child?") keeps the earlier one.
    topics, people = set(current["topic"] or asked["topic"]), set(asked["population"])
    for plan in vocabulary.plans:
        if plan.population and not people & set(plan.population):
            continue
        if set(plan.about) & topics and mentions(text, plan.asks):
            return plan.id, True
        if set(plan.when) & topics and not narrow:
            return plan.id, False
    return None, False
