"""How many single errors the comparison catches over a whole library, and how often it errs.

Every dose statement that is clean against its own passage is mutated at every site, and
rewritten without a change of meaning at every site. ``python -m eval dosing`` prints the scores.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.dosing import Finding, Verdict, compare, parse
from assistant.dosing.model import Dose, Parsed
from assistant.dosing.use import UseTerms, check_use
from assistant.readings import Readings
from corpus.library import Library
from corpus.model import Passage
from eval.dose_operators import USE_SWAPPED, Mutant, mutants
from eval.dose_rewrites import rewrites

MOVED = "citation moved"
WITHIN = "inside the cited range, which is shown beside it"
_PER = frozenset({"per dropped", "per day to per dose", "per dose to per day"})


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that was shown, and why that is right; no reason means that it is an error."""

    operator: str
    passage_id: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class MutationScore:
    """Mutants by operator: made and caught; and every survivor."""

    made: Mapping[str, int]
    caught: Mapping[str, int]
    survivors: tuple[Survivor, ...]

    @property
    def missed(self) -> tuple[Survivor, ...]:
        """Survivors that nothing explains."""
        return tuple(s for s in self.survivors if not s.reason)

    @property
    def share_caught(self) -> float:
        """Caught over all that change the meaning, 0..1; 1 when none was made."""
        caught = sum(self.caught.values())
        total = caught + len(self.missed)
        return caught / total if total else 1.0


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """A rewrite that keeps the meaning and was not shown as right, with the first reason."""

    rewrite: str
    passage_id: str
    text: str
    why: str
    typography: bool


@dataclass(frozen=True, slots=True)
class RewriteScore:
    """Rewrites made, those of type alone among them, and every false alarm."""

    made: int
    typography: int
    alarms: tuple[FalseAlarm, ...]

    @property
    def share_of_alarms(self) -> float:
        """False alarms over all rewrites, 0..1."""
        return len(self.alarms) / self.made if self.made else 0.0

    @property
    def typography_alarms(self) -> tuple[FalseAlarm, ...]:
        """False alarms at rewrites that change the type alone."""
        return tuple(a for a in self.alarms if a.typography)


@dataclass(frozen=True, slots=True)
class WithheldScore:
    """Doses of the library's own statements, and those withheld when quoted word for word."""

    doses: int
    numbers: int
    withheld: tuple[tuple[str, str, str], ...]  # passage id, text, why

    @property
    def share(self) -> float:
        """Withheld over all doses, 0..1."""
        return len(self.withheld) / self.doses if self.doses else 0.0


def is_alarm(finding: Finding) -> bool:
    """Whether a finding hides its number or says that something is missing."""
    return not finding.shown or finding.verdict is Verdict.INCOMPLETE


def dose_statements(library: Library) -> Iterator[tuple[Passage, Parsed]]:
    """Every statement with a dose that is clean against itself, as it was read."""
    for passage in library.passages.values():
        read = parse(passage.text, context_drugs=passage.statement.facets.drugs)
        if read.doses and not any(map(is_alarm, compare(read, read))):
            yield passage, read


def run_mutations(library: Library, *, every: int = 1) -> MutationScore:
    """Mutate every n-th dose statement at every site and compare with its passage."""
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    survivors: list[Survivor] = []
    statements = list(dose_statements(library))
    readings = Readings(library)
    uses = _words_of_uses(readings.terms)
    for position, (passage, source) in enumerate(statements):
        if position % every:
            continue
        for mutant in mutants(passage.text, library.drugs, uses):
            made[mutant.operator] += 1
            claim = parse(mutant.text)
            findings = _checked(claim, source, readings, passage)
            if any(map(is_alarm, findings)):
                caught[mutant.operator] += 1
            else:
                reason = _reason(mutant, claim, source, findings)
                if mutant.operator == USE_SWAPPED:
                    reason = _same_uses(mutant.text, passage, readings.terms)
                survivors.append(Survivor(mutant.operator, passage.id, mutant.text, reason))
        _move(passage, source, statements, readings, made, caught, survivors)
    return MutationScore(dict(made), dict(caught), tuple(survivors))


def _words_of_uses(terms: UseTerms) -> dict[str, list[tuple[str, ...]]]:
    """The words of each value by its facet; a broad value leaves nobody out and stays away."""
    words: dict[str, list[tuple[str, ...]]] = {}
    for term in terms.terms:
        if not term.broad:
            words.setdefault(term.use[0], []).append(term.words)
    return words


def _move(
    passage: Passage,
    source: Parsed,
    statements: Sequence[tuple[Passage, Parsed]],
    readings: Readings,
    made: Counter[str],
    caught: Counter[str],
    survivors: list[Survivor],
) -> None:
    """The statement cited to every other passage that doses one of its drugs."""
    drugs = {d.drug for d in source.doses}
    claim = parse(passage.text)
    for other, read in statements:
        if other.id == passage.id or not drugs & {d.drug for d in read.doses}:
            continue
        made[MOVED] += 1
        findings = _checked(claim, readings[other.id].parsed, readings, other)
        if any(map(is_alarm, findings)):
            caught[MOVED] += 1
        else:
            reason = _other_supports(passage, other, findings)
            survivors.append(Survivor(MOVED, passage.id, f"{passage.text} [{other.id}]", reason))


def _checked(
    claim: Parsed, source: Parsed, readings: Readings, passage: Passage
) -> tuple[Finding, ...]:
    """A sentence against one passage, as the gate compares them."""
    uses = readings[passage.id].uses
    return check_use(compare(claim, source), claim, passage.text, uses, readings.terms)


def _other_supports(passage: Passage, other: Passage, findings: Sequence[Finding]) -> str:
    """Why the other passage may be cited as well; empty where its metadata name another use.

    The words of the sentence were compared: it names nobody whom the other passage leaves out.
    """
    one, two = passage.statement.facets, other.statement.facets
    pairs = (
        (one.population, two.population),
        (one.subtype, two.subtype),
        (one.severity, two.severity),
        (one.condition, two.condition),
    )
    if any(a and b and not set(a) & set(b) for a, b in pairs):
        return ""
    if any(f.verdict is Verdict.WITHIN_RANGE for f in findings):
        return WITHIN
    return "the other passage gives the same dose and names nobody else"


def _reason(mutant: Mutant, claim: Parsed, source: Parsed, findings: Sequence[Finding]) -> str:
    """Why a surviving mutant says nothing wrong; empty when no reason holds."""
    if any(f.verdict is Verdict.WITHIN_RANGE for f in findings):
        return WITHIN
    if not claim.doses:
        return "no dose is left in the sentence"
    if mutant.operator in _PER:
        return _same_amount(claim, source)
    mine, theirs = ([d.drug for d in p.doses] for p in (claim, source))
    if mutant.operator == "drug swapped" and mine == theirs:
        return "the drugs of a list stand in another order"
    return ""


def _same_uses(text: str, passage: Passage, terms: UseTerms) -> str:
    """A use that the sentence names in another place too, beside one of the editor's own facets.

    Judged by the facets and headings alone, not by what the comparison read in the passage.
    """
    facets = passage.statement.facets
    given = {
        (facet, id_)
        for facet in ("population", "subtype", "severity", "condition")
        for id_ in getattr(facets, facet)
    }
    before, after = terms.named(passage.text), terms.named(text)
    if before - after or after - before - given - terms.named(" ".join(passage.heading)):
        return ""
    return "the sentence still names its use, and the passage holds for the other one as well"


def _same_amount(claim: Parsed, source: Parsed) -> str:
    """A word for "per dose" or "per day" beside a frequency that says the same."""
    if len(claim.doses) != len(source.doses):
        return ""
    changed = [
        (new, old) for new, old in zip(claim.doses, source.doses, strict=True) if new.per != old.per
    ]
    for new, old in changed:
        single = old.per == "dose" and not new.per
        if single and (new.freq is not None or new.role.is_limit or _beside_a_single(new, claim)):
            continue
        if new.freq is not None and (new.freq.n, new.freq.period, new.freq.unit) == (1, 1, "d"):
            continue
        return ""
    if not changed:
        return ""
    return "the frequency or the dose beside it already says: of one dose, or of one day"


def _beside_a_single(limit: Dose, claim: Parsed) -> bool:
    return any(d is not limit and d.drug == limit.drug and not d.per for d in claim.doses)


def run_rewrites(library: Library, *, every: int = 1) -> RewriteScore:
    """Rewrite every n-th dose statement at every site without a change of meaning."""
    made = typography = 0
    alarms: list[FalseAlarm] = []
    readings = Readings(library)
    for position, (passage, source) in enumerate(dose_statements(library)):
        if position % every:
            continue
        for rewritten in rewrites(passage.text, library.drugs):
            made += 1
            typography += rewritten.typography
            claim = parse(rewritten.text)
            checked = _checked(claim, source, readings, passage)
            found = [f for f in checked if is_alarm(f)]
            if found:
                alarms.append(
                    FalseAlarm(
                        rewritten.rewrite,
                        passage.id,
                        rewritten.text,
                        found[0].why,
                        rewritten.typography,
                    )
                )
    return RewriteScore(made, typography, tuple(alarms))


def withheld_over_library(library: Library) -> WithheldScore:
    """Every statement quoted word for word, read without its headings: what is withheld?"""
    doses = numbers = 0
    withheld: list[tuple[str, str, str]] = []
    for passage in library.passages.values():
        drugs = passage.statement.facets.drugs
        source = parse(passage.text, context_drugs=drugs)
        claim = parse(passage.text, context_drugs=drugs)
        doses += len(claim.doses)
        numbers += len(claim.numbers)
        withheld += [(passage.id, f.text, f.why) for f in compare(claim, source) if not f.shown]
    return WithheldScore(doses, numbers, tuple(withheld))
