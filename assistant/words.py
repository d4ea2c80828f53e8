"""Which words of a question are the library's, and which belong to something else."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from corpus.library import Library
from index.keyword import tokens
from index.model import indexed_text

# Words of everyday questions that say nothing about the subject.
_EVERYDAY = """
    cant couldnt didnt doesnt dont hasnt havent isnt shouldnt wasnt wont wouldnt
    about actually advice after again age aged agree all also already always am amount and
    another answer any anything are aren ask at available avoid away back bad based
    basically be because been before best better between bit both but by bye call can cannot
    care case cases change check choose clear come compare correct could current day days
    dear did differ difference different do does doctor does doing done dont down due each
    early either else empiric empirical enough even ever every exact exactly explain few
    find first following for found from full further get gets getting give given gives
    giving go goes going good got great guess guideline guidelines had has have having he
    hello help her here hers hey hi high him his hit how however i if in info into is it its
    just keep kid kids know last late later least less let like likely list little long look
    looking lot low make man many may maybe me mean means might more most much must my need
    needed needs never new next no none normal not note now number of off often ok okay old
    on once one only onto or order other our out over own part patient patients per perhaps
    please plus point possible pt pts put question quick quickly quite rather re read really
    reason reasons recommend recommended regarding right role run said same say says see
    seen send sense she short should show since so some someone something somewhat soon
    sorry source sources start started starting starts still stop stopped such summary sure
    take taken takes taking tell than thank thanks that the their them then there these they
    thing things think this those though three through time times to today together tomorrow
    too total toward try trying two under until up upon us use used useful uses using usual
    usually value values versus very via vs wait want ward was way we week weeks well went
    were what when where whether which while who whole whom why will with within without wk
    wks women woman wonder word work worked works would wrong year years yes yesterday yet
    you your bd bid tds qds prn stat poss approx hx rx sx ix mx fu f u w wo cf eg ie etc
    mmol mol mcg mg kg ml pos neg incl pls big saw beat wont happen happens happened hunt
    itu shd allergic allergy hunting male female boy girl mum dad parent son daughter weight
    height bmi bw cm inch lb lbs
    switch switched switching swap swapped convert converting problem problems issue issues trouble
    bother matter option alternative okay fine happy allowed really actually still then bit thing
    absorb absorbing swallow started restart restarting resume hold holding continue continuing
    abt hes shes theyre wat whats tmrw tonight thx ty pls plz gonna wanna still instead
    highest lowest biggest smallest evidence proof reference extra anything worry concern concerns
"""
EVERYDAY = frozenset(_EVERYDAY.split())
_WORD = re.compile(r"[^\W\d_]{3,}")
CLOSE = 0.82  # a word this like one of the library's is taken as a slip of the keys


def foreign_words(text: str, library: Library) -> tuple[str, ...]:
    """The words of a question that neither the library nor everyday speech uses.

    A slip of the keys ("etopside") is not foreign.
    """
    known, spelled = _known_words(library)
    found = []
    for word in dict.fromkeys(_WORD.findall(text.lower())):
        if word in EVERYDAY or word in spelled or known.issuperset(tokens(word)):
            continue
        alike = [other for other in spelled if other[0] == word[0]]
        if len(word) > 4 and get_close_matches(word, alike, n=1, cutoff=CLOSE):
            continue
        found.append(word)
    return tuple(found)


@lru_cache(maxsize=4)
def _known_words(library: Library) -> tuple[frozenset[str], tuple[str, ...]]:
    """Stems for comparing, and whole words for telling slips of the keys."""
    vocabulary = library.vocabulary
    texts = [indexed_text(passage) for passage in library.passages.values()]
    texts += [document.title for document in library.documents.values()]
    texts += [*vocabulary.subject_words, *vocabulary.abbreviations]
    texts += [*vocabulary.abbreviations.values()]
    texts += [w for terms in vocabulary.terms.values() for t in terms.values() for w in t.words]
    for drug_id in library.drugs_covered:
        drug = library.drugs[drug_id]
        texts += [drug.name, *drug.aliases, *drug.exact]
    joined = "\n".join(texts).lower()
    return frozenset(tokens(joined)), tuple(sorted(set(_WORD.findall(joined))))
