"""The default drafter: it has no language model, it chooses statements and quotes them.

A broad question is answered along a plan of the library (its sections in clinical order);
any other question by the statements that fit best, grouped by topic. Statements on which
sources differ bring the other positions with them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.ages import is_for
from assistant.dosing import Dose, DoseRole, parse
from assistant.dosing.fields import fits_ages
from assistant.dosing.passage import age_group, reader_groups
from assistant.drafting.asked_for import asked_for, asks_beside
from assistant.drafting.beside import (
    SOURCES_DIFFER,
    asked_differences,
    beside_doses,
    with_companions,
)
from assistant.drafting.coverage import Coverage
from assistant.drafting.length import shortened, words_allowed
from assistant.drafting.plan import (
    BOTTOM_LINE,
    NEAREST,
    Sections,
    along_plan,
    by_topic,
    with_disagreements,
    with_the_likeliest,
)
from assistant.drafting.premise import wrong_premises
from assistant.drafting.rank import fit, without_repeats
from assistant.drafting.routes import forbidden_by_route, reason
from assistant.drafting.selection import AT_LEAST, MOST, selection_of
from assistant.drafting.wanted import forbidden, roles_on_top
from assistant.model import Claim, Draft, Evidence, Length, Outcome, Refusal, Understanding
from assistant.readings import readings_of
from assistant.relevance import relevance_of
from corpus.library import Library
from corpus.model import Kind, Passage, Role, Verification
from corpus.vocabulary import Plan
from index.model import Retrieved

_WHEN = re.compile(r"\b(?:when|how soon)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:when|after|before|until|earlier|immediately|(?:day|week|month)s?)\b", re.IGNORECASE
)
_Amount = tuple[str | None, Fraction | None, str]

# So far below the best, in logits of relevance, what was asked for by name may lie.
WANTED_SPREAD = 4.0
MANY_TOPICS = 3  # of a plan, named by a question: it is broad, whatever fits best
BESIDE_PLAN = 1.5  # so much likelier, and a statement beside the plan is what was asked for
FAR_FROM_PLAN = 5.0  # the same where many topics of the plan are named: parts of one regimen
NEAR_BEST = 0.4  # the same for the bottom line
BESIDE_OTHERS = 1.5  # and for one that was read and is for the people asked about
LIKELY = 0.3  # the probability from which a statement comes before what stands beside a dose
# What an answer to "which dose" can begin with.
_ON_A_DOSE = frozenset({Role.DOSE, Role.ADJUSTMENT, Role.CONTRAINDICATION, Role.STOP_RULE})


@dataclass(frozen=True)
class QuotingDrafter:
    """Selects statements from the evidence and the library, and quotes them whole."""

    library: Library
    name: str = "quoted"

    def draft(self, evidence: Evidence) -> Draft:
        """A draft whose every claim is the whole text of the passage that it cites."""
        understanding = evidence.understanding
        coverage = Coverage(self.library)
        declined = coverage.declined(evidence)
        forbidden = forbidden_by_route(evidence, self.library)
        # However little else the library holds on it, what kills is said.
        if forbidden and (declined is None or declined.refusal is Refusal.NOT_IN_LIBRARY):
            return self._forbidden(evidence, forbidden)
        if declined is not None:
            return self._declined(evidence, declined.reason, declined.refusal)
        found = {r.passage.id: r for r in evidence.pool}
        plan = self._plan(evidence)
        places: Mapping[str, int] = {}
        chances: Mapping[str, float] = {}
        worth: Mapping[str, float] = evidence.logits
        if plan:
            model = relevance_of(self.library)
            worth = model.in_plan(understanding, evidence.pool)
            sections, places = along_plan(plan, self.library, understanding, worth, model.preferred)
            ranked = [r.passage for r in evidence.pool]
            sections = with_the_likeliest(sections, ranked, evidence.logits, self.library)
        else:
            chances = selection_of(self.library).chances(
                evidence.question.text, understanding, evidence.pool, evidence.logits
            )
            sections, places = self._by_relevance(evidence, found, chances)
        if not sections:
            return self._declined(evidence, coverage.nothing(), Refusal.NOT_IN_LIBRARY)
        sections, left_out = self._within_length(sections, places, worth, evidence, chances)
        sections, beside = with_companions(
            sections,
            self.library,
            [
                p
                for p in left_out
                if set(p.statement.facets.drugs) & set(understanding.named("drug"))
            ],
            excluded=lambda p: is_for(p.text, *understanding.measures) is False,
            apart=lambda p: self._for_another_patient(p, understanding),
            full=evidence.question.length is Length.FULL,
        )
        offered = [*beside, *left_out]
        chosen = [(title, passage) for title, passages in sections for passage in passages]
        shown = [passage for _, passage in chosen]
        limits = coverage.limits(evidence)
        lacks = limits.refusal in (Refusal.NOT_IN_LIBRARY, Refusal.DOUBTFUL)
        unsure = lacks and coverage.is_doubtful(evidence)
        headings = {BOTTOM_LINE: NEAREST} if unsure else {}
        return Draft(
            evidence=evidence,
            outcome=limits.outcome,
            reason=limits.reason,
            refusal=limits.refusal,
            unconfirmed=coverage.unconfirmed(evidence.question.text, shown),
            claims=tuple(
                Claim(section=headings.get(title, title), text=passage.text, cites=(passage.id,))
                for title, passage in chosen
            ),
            passages={p.id: p for p in (*shown, *offered)},
            nearest=tuple(dict.fromkeys(p.id for p in offered if p not in shown)),
        )

    def _forbidden(self, evidence: Evidence, forbidden: Sequence[Passage]) -> Draft:
        return Draft(
            evidence=evidence,
            outcome=Outcome.LIMITED,
            reason=reason(forbidden, self.library),
            refusal=Refusal.WRONG_PREMISE,
            claims=tuple(Claim(section=BOTTOM_LINE, text=p.text, cites=(p.id,)) for p in forbidden),
            passages={p.id: p for p in forbidden},
            nearest=(),
        )

    def _within_length(
        self,
        sections: Sections,
        places: Mapping[str, int],
        logits: Mapping[str, float],
        evidence: Evidence,
        chances: Mapping[str, float],
    ) -> tuple[Sections, tuple[Passage, ...]]:
        """What fits, with the disagreements on it beside it, and what is offered instead."""
        understanding = evidence.understanding
        found = {r.passage.id: r for r in evidence.pool}
        words = words_allowed(evidence.question, understanding)
        brief = evidence.question.length is Length.BRIEF

        def worth(passage: Passage) -> float:
            return logits.get(passage.id, -math.inf)

        first = shortened(sections, words, worth, places=places)
        beside = with_disagreements(
            first.sections,
            self.library,
            understanding,
            lambda passage: self._fit(passage, found, understanding),
            SOURCES_DIFFER,
        )
        beside, unasked = asked_differences(beside, chances)
        second = shortened(
            beside,
            words,
            worth,
            always=() if brief else self._on_the_point(beside, understanding),
            whole=[title for title, _ in beside if title.startswith(SOURCES_DIFFER)],
            places=places,
        )
        shown = {p.id for _, passages in second.sections for p in passages}
        left_out = (p for p in (*first.left_out, *second.left_out, *unasked) if p.id not in shown)
        return second.sections, tuple(left_out)

    def _on_the_point(self, sections: Sections, understanding: Understanding) -> tuple[str, ...]:
        """Titles of the disagreements of the bottom line and of the drugs asked about."""
        drugs = set(understanding.named("drug"))
        leading = {
            p.statement.disagreement
            for title, passages in sections
            if title == BOTTOM_LINE
            for p in passages
        }
        return tuple(
            title
            for title, passages in sections
            if title.startswith(SOURCES_DIFFER)
            and any(
                p.statement.disagreement in leading or drugs & set(p.statement.facets.drugs)
                for p in passages
            )
        )

    def _declined(self, evidence: Evidence, reason: str, refusal: Refusal | None) -> Draft:
        # A person in distress is not shown what the library says of something else.
        personal = refusal is Refusal.EMERGENCY
        nearest = [] if personal else [r.passage for r in evidence.pool[:3]]
        return Draft(
            evidence=evidence,
            outcome=Outcome.DECLINED,
            reason=reason,
            refusal=refusal,
            claims=(),
            passages={p.id: p for p in nearest},
            nearest=tuple(p.id for p in nearest),
        )

    # -------------------------------------------------------------------------- composing

    def _plan(self, evidence: Evidence) -> Plan | None:
        """The plan of a broad question, unless a statement on another topic answers it far better.

        "When can prophylaxis be stopped in an adult treated for it" names the treatment and
        asks for something else.
        """
        plans = self.library.vocabulary.plans
        plan = next((p for p in plans if p.id == evidence.understanding.plan), None)
        if plan is None or not evidence.pool or evidence.understanding.asks_plan:
            return plan
        covered = {topic for section in plan.sections for topic in section.topics}
        many = len(covered & set(evidence.understanding.named("topic"))) >= MANY_TOPICS
        logits = evidence.logits
        of_plan = [
            logits[r.passage.id]
            for r in evidence.pool
            if r.passage.statement.facets.topic in plan.when
        ]
        best = logits[evidence.pool[0].passage.id]
        beside = FAR_FROM_PLAN if many else BESIDE_PLAN
        return plan if max(of_plan, default=-math.inf) > best - beside else None

    def _fit(
        self, passage: Passage, found: Mapping[str, Retrieved], understanding: Understanding
    ) -> float:
        usual = self.library.vocabulary.usual_population
        return fit(passage, found.get(passage.id), understanding, usual)

    def _by_relevance(
        self,
        evidence: Evidence,
        found: Mapping[str, Retrieved],
        chances: Mapping[str, float],
    ) -> tuple[Sections, Mapping[str, int]]:
        """The sections, and the places of their statements.

        The likeliest statements stay, whatever their section; what must stand beside a dose
        comes next, before what may be a part of the answer.
        """
        understanding, logits = evidence.understanding, evidence.logits
        # "Can I give 300 mg?": the statement that rejects that dose for these people comes first,
        # and what the library says instead is chosen without it.
        named = _amounts(parse(evidence.question.text).doses)
        rejecting = [r.passage for r in evidence.pool if named and self._rejects(r.passage, named)]
        against = [p for p in rejecting if not self._for_others(p, understanding)][:1]
        ranked = [r.passage for r in evidence.pool if r.passage not in against]
        ranked = [p for p in ranked if not self._for_another_patient(p, understanding)] or ranked
        if not ranked:
            return [], {}
        best_logit = logits[ranked[0].id]
        least = AT_LEAST[evidence.question.length]
        others = max(least, LIKELY)  # a dose of a drug that was not asked for has to be likelier
        likely = [
            p
            for p in ranked
            if p is ranked[0]
            or chances[p.id] >= (others if self._doses_others(p, understanding) else least)
        ]
        best = without_repeats(likely, MOST, [])
        if wrong_premises(evidence.question.text, self.library):
            instead = (p for p in ranked if self._gives_another_dose(p, evidence))
            best += without_repeats(instead, 2, best)
        for wanted in asked_for(understanding):
            # What was asked for by name is answered, however well another thing fits.
            more = (p for p in ranked if wanted(p) and logits[p.id] >= best_logit - WANTED_SPREAD)
            best += without_repeats(more, 1 - sum(map(wanted, best)), best)
        if understanding.asks_dose and not any(self._doses_asked(p, understanding) for p in best):
            given = (
                p
                for p in ranked
                if self._doses_asked(p, understanding) and not self._for_others(p, understanding)
            )
            best += without_repeats(given, 1, best)
        # "Allergic to it": what must not be given to such a patient comes before what may.
        if not against:
            against = without_repeats(forbidden(evidence.question.text, best, self.library), 1, [])
            best = [p for p in best if p not in against]
        first = against[0] if against else self._bottom_line(evidence, best)
        rest = [p for p in best if p.id != first.id]
        question = evidence.question
        full = question.length is Length.FULL or asks_beside(question.text)
        shown = [*against, *best]
        beside = beside_doses(
            understanding,
            shown,
            self.library,
            worth=lambda p: (chances.get(p.id, 0.0), self._fit(p, found, understanding)),
            apart=lambda p: self._for_another_patient(p, understanding),
            full=full,
        )
        places = {id_: 0 if chance >= LIKELY else 2 for id_, chance in chances.items()}
        places |= {passage.id: 1 for _, passages in beside for passage in passages}
        return [(BOTTOM_LINE, [first]), *by_topic(rest, self.library), *beside], places

    def _bottom_line(self, evidence: Evidence, best: Sequence[Passage]) -> Passage:
        """Of the chosen statements, best first, the one that stands on top.

        It gives the limit or the dose that was asked for, or the library's dose where the question
        names one that no statement gives, or it says the time or speaks of the condition that was
        asked for; else it fits as well as the best. It was read in its source and is for the
        people asked about, if one such fits, and of several equal ones it is no summary.
        """
        understanding, logits = evidence.understanding, evidence.logits
        top = logits[best[0].id]
        usual = [
            p
            for p in best
            if logits[p.id] >= top - BESIDE_OTHERS
            and p.statement.verification is not Verification.BACKGROUND
            and not self._for_others(p, understanding)
        ] or best
        text = evidence.question.text
        wrong = bool(wrong_premises(text, self.library))
        when = _WHEN.search(text) is not None
        carried = "condition" in understanding.carried_facets
        conditions = set() if carried else set(understanding.named("condition"))
        drugs = understanding.named("drug")
        of_condition = [p for p in usual if conditions & set(p.statement.facets.condition)]
        floor = logits[usual[0].id] - NEAR_BEST
        near = (
            [p for p in usual if self._sets_limit(p, understanding)]
            or [p for p in best if wrong and self._gives_another_dose(p, evidence)]
            or [p for p in usual if p.statement.role in roles_on_top(text)]
            or [p for p in usual if when and _TIME.search(p.text)]
            or [p for p in of_condition if drugs and p.statement.role in _ON_A_DOSE]
            or [p for p in of_condition if not understanding.asks_dose]
            or [p for p in usual if understanding.asks_dose and self._doses_asked(p, understanding)]
            or [p for p in best if understanding.asks_dose and self._doses_asked(p, understanding)]
            or [p for p in usual if logits[p.id] >= floor]
        )
        return max(near, key=lambda p: p.kind is not Kind.SUMMARY)

    def _for_others(self, passage: Passage, understanding: Understanding) -> bool:
        """Whether a passage is for a group of patients that nobody asked about."""
        groups = set(passage.statement.facets.population)
        usual = self.library.vocabulary.usual_population
        return bool(groups) and not groups & set(understanding.named("population") or usual)

    def _for_another_patient(self, passage: Passage, understanding: Understanding) -> bool:
        """Whether it is restricted to other ages or weights than the patient's.

        Under a heading for other ages the check would withhold its dose.
        """
        if is_for(passage.text, *understanding.measures) is False:
            return True
        group = age_group(reader_groups(understanding.named("population")))
        doses = (dose for dose in self._doses(passage) if not dose.population)
        return not all(fits_ages(group, dose) for dose in doses)

    def _doses(self, passage: Passage) -> tuple[Dose, ...]:
        return readings_of(self.library)[passage.id].parsed.doses

    def _doses_asked(self, passage: Passage, understanding: Understanding) -> bool:
        """Whether a passage states a dose of a drug that was asked about, for these people."""
        drugs = understanding.named("drug")
        stated = any(d.role is DoseRole.STATED and d.drug in drugs for d in self._doses(passage))
        return stated and passage.statement.role in _ON_A_DOSE

    def _doses_others(self, passage: Passage, understanding: Understanding) -> bool:
        """Whether the dose of a drug was asked for, and a passage gives only doses of others."""
        asked = set(understanding.named("drug"))
        if not understanding.asks_dose or not asked or asked & set(passage.statement.facets.drugs):
            return False
        return any(d.role is DoseRole.STATED for d in self._doses(passage))

    def _gives_another_dose(self, passage: Passage, evidence: Evidence) -> bool:
        """Whether a passage gives these people a drug of the question, and not as it says there."""
        drugs, doses = evidence.understanding.named("drug"), self._doses(passage)
        others = self._for_others(passage, evidence.understanding)
        if passage.statement.role is Role.WARNING or others:
            return False
        if _amounts(parse(evidence.question.text).doses) & _amounts(doses):
            return False
        return any(d.role is DoseRole.STATED and d.drug in drugs for d in doses)

    def _sets_limit(self, passage: Passage, understanding: Understanding) -> bool:
        """Whether a passage gives the limit that was asked for, of a drug that was named."""
        return understanding.asks_limit is not None and any(
            dose.role is understanding.asks_limit and dose.drug in understanding.named("drug")
            for dose in self._doses(passage)
        )

    def _rejects(self, passage: Passage, named: frozenset[_Amount]) -> bool:
        """Whether a passage rejects the very dose that a question names."""
        rejected = (d for d in self._doses(passage) if d.role is DoseRole.REJECTED)
        return bool(named & _amounts(rejected))


def _amounts(doses: Iterable[Dose]) -> frozenset[_Amount]:
    return frozenset((dose.drug, dose.high, dose.unit) for dose in doses if dose.drug is not None)
