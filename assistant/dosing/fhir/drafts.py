"""FHIR doses as drafts of rules: nobody has reviewed them, so none of them decides anything.

Reads ``MedicationKnowledge`` of R4 and R5, ``ActivityDefinition``, and a Bundle of them. What
has no place in a rule is reported, line by line; expressions are listed and never executed; an
element that modifies the meaning of others and isn't understood stops the import.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from assistant.dosing.fhir.bundle import dosages_of, guidelines_of, indications
from assistant.dosing.fhir.codes import DRUG_SYSTEM, UCUM
from assistant.dosing.fhir.elements import (
    beyond,
    concept_words,
    number,
    objects,
    refuse_modifiers,
    single,
    walk,
    words,
)
from assistant.dosing.fhir.errors import NotImportable
from assistant.dosing.fhir.limits import place_limits
from assistant.dosing.fhir.read import ReadDosage, read_dosage
from assistant.dosing.model import Bound, Dose
from assistant.dosing.table.model import (
    Context,
    DoseKind,
    DoseRange,
    Population,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Status,
)
from assistant.dosing.table.parse_rule import AGE_GROUPS, CONDITION_GROUPS
from assistant.dosing.table.quantities import AMOUNT_UNITS, DURATION_UNITS, FREQUENCY_UNITS
from corpus.drugs import DrugTable
from corpus.model import Verification

_KNOWLEDGE = frozenset(
    {"resourceType", "status", "code", "administrationGuidelines", "indicationGuideline"}
    | {"meta", "text"}
)
_ACTIVITY = frozenset(
    {"resourceType", "status", "productCodeableConcept", "dosage", "dynamicValue", "library"}
    | {"meta", "text", "url", "doNotPerform"}
)
_IN_FORCE = frozenset({"", "active", "draft", "unknown"})
_YEARS = {"a": Fraction(1), "mo": Fraction(1, 12)}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The drafts, what was left out of them, and the expressions that were found."""

    rules: tuple[Rule, ...]
    reported: tuple[str, ...]
    listed_expressions: tuple[str, ...]


@dataclass(slots=True)
class _Import:
    """One import under way."""

    drugs: DrugTable
    source: RuleSource
    effective_from: date
    review_due: date
    verification: Verification
    rules: list[Rule] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Setting:
    """What surrounds a Dosage: for which disease, for whom, within which treatment."""

    indications: tuple[str, ...] = ()
    population: Population = field(default_factory=Population)
    who: tuple[str, ...] = ()
    treatment: str = ""


def import_drafts(
    resource: Mapping[str, Any],
    *,
    drugs: DrugTable,
    source: RuleSource,
    effective_from: date,
    review_due: date,
    verification: Verification = Verification.SECOND_HAND,
) -> ImportReport:
    """The doses of a resource as draft rules, with nobody in ``reviewed_by``.

    ``drugs`` knows the names; ``source`` is where the rules say that they come from, and a
    passage named by an exported dose is not taken over. Raises NotImportable for a modifier, a
    withdrawn resource, and a resource of another kind or shape.
    """
    source = replace(source, id=source.id or "s1")
    state = _Import(drugs, source, effective_from, review_due, verification)
    kind = _kind(resource, "(resource)")
    refuse_modifiers(resource, kind)
    _resource(resource, kind, state)
    return ImportReport(tuple(state.rules), tuple(state.reported), _expressions(resource, kind))


def _kind(resource: Mapping[str, Any], path: str) -> str:
    return words(resource, "resourceType", path)


def _resource(resource: Mapping[str, Any], path: str, state: _Import) -> None:
    kind = _kind(resource, path)
    if kind == "Bundle":
        for entry, at in objects(resource, "entry", path):
            _resource(single(entry, "resource", at), f"{at}.resource", state)
    elif kind == "MedicationKnowledge":
        _refuse_withdrawn(resource, path)
        state.reported += beyond(resource, _KNOWLEDGE, path)
        drug = _drug(single(resource, "code", path), f"{path}.code", state)
        for guideline, at in guidelines_of(resource, path):
            _guideline(guideline, at, drug, state)
    elif kind == "ActivityDefinition":
        _refuse_withdrawn(resource, path)
        state.reported += beyond(resource, _ACTIVITY, path)
        product = single(resource, "productCodeableConcept", path)
        drug = _drug(product, f"{path}.productCodeableConcept", state)
        for element, at in objects(resource, "dosage", path):
            _draft(read_dosage(element, at), drug, _Setting(), state)
    elif kind == "Provenance":
        state.reported.append(f"{path}: a record of the export, and no rule.")
    else:
        raise NotImportable(
            path,
            f"“{kind or 'A resource without resourceType'}” holds no dose of a guideline.",
            "Send a MedicationKnowledge, an ActivityDefinition, or a Bundle of them.",
        )


def _refuse_withdrawn(resource: Mapping[str, Any], path: str) -> None:
    status = words(resource, "status", path)
    if status not in _IN_FORCE:
        raise NotImportable(
            f"{path}.status", f"The resource is {status}.", "Import the one in force."
        )


def _drug(concept: Mapping[str, Any], path: str, state: _Import) -> str | None:
    """The id of the drug that a concept names, or None, reported."""
    for coding, at in objects(concept, "coding", path):
        code = words(coding, "code", at)
        if coding.get("system") == DRUG_SYSTEM and code in state.drugs:
            return code
    name = concept_words(concept, path)
    found = {mention.drug_id for mention in state.drugs.find(name)}
    if len(found) == 1:
        return found.pop()
    state.reported.append(
        f"{path}: “{name}” isn't one drug of the drug table; its doses were left out."
    )
    return None


def _guideline(guideline: Mapping[str, Any], path: str, drug: str | None, state: _Import) -> None:
    known = frozenset(
        {"dosage", "indication", "indicationCodeableConcept", "dosingGuideline"}
        | {"patientCharacteristics"}
    )
    state.reported += beyond(guideline, known, path)
    names = tuple(indications(guideline, path))
    for holder, at in [*objects(guideline, "dosingGuideline", path), (guideline, path)]:
        if "dosage" not in holder:
            continue
        population, who = _population(holder, at, state)
        if holder is not guideline:
            state.reported += beyond(
                holder,
                frozenset({"dosage", "patientCharacteristic", "administrationTreatment"}),
                at,
            )
        treatment = _said(holder, "administrationTreatment", at)
        setting = _Setting(names, population, who, treatment)
        for element, where in dosages_of({"dosage": holder["dosage"]}, at):
            _draft(read_dosage(element, where), drug, setting, state)


def _population(
    holder: Mapping[str, Any], path: str, state: _Import
) -> tuple[Population, tuple[str, ...]]:
    """For whom, as bounds where the rule has them; the rest as words that narrow its setting."""
    groups: list[str] = []
    who: list[str] = []
    bounds: dict[str, Fraction] = {}
    for item, at in objects(holder, "patientCharacteristic", path):
        topic = _said(item, "type", at)
        if "valueCodeableConcept" in item:
            _word(_said(item, "valueCodeableConcept", at), groups, who)
        elif "valueRange" in item:
            _range(topic, single(item, "valueRange", at), f"{at}.valueRange", bounds, who)
        else:
            who.append(topic)
            state.reported.append(f"{at}: only its topic “{topic}” was kept, in the setting.")
    for item, at in objects(holder, "patientCharacteristics", path):
        _word(_said(item, "characteristicCodeableConcept", at), groups, who)
        values = item.get("value", [])
        if "characteristicQuantity" in item or values:
            who += [str(value) for value in values] if isinstance(values, list) else []
            state.reported.append(f"{at}: its value was kept as words in the setting, at most.")
    return Population(groups=tuple(dict.fromkeys(groups)), **bounds), tuple(who)


def _said(element: Mapping[str, Any], name: str, path: str) -> str:
    """The words of a concept that an element may have."""
    return concept_words(single(element, name, path), f"{path}.{name}")


def _word(text: str, groups: list[str], who: list[str]) -> None:
    if text in AGE_GROUPS + CONDITION_GROUPS:
        groups.append(text)
    elif text:
        who.append(text)


def _range(
    topic: str, value: Mapping[str, Any], path: str, bounds: dict[str, Fraction], who: list[str]
) -> None:
    """An age or a weight from a lower end on; an upper end includes itself and stays words."""
    for end in ("low", "high"):
        quantity = single(value, end, path)
        if not quantity:
            continue
        amount, code = number(quantity, "value", path), words(quantity, "code", path)
        ours = quantity.get("system") == UCUM and amount is not None
        if ours and end == "low" and topic == "age" and code in _YEARS:
            bounds["age_min"] = (amount or Fraction(0)) * _YEARS[code]
        elif ours and end == "low" and topic == "weight" and code == "kg":
            bounds["weight_min"] = amount or Fraction(0)
        else:
            limit = "at least" if end == "low" else "at most"
            who.append(f"{topic} {limit} {quantity.get('value')} {code}".strip())


def _draft(read: ReadDosage, drug: str | None, setting: _Setting, state: _Import) -> None:
    """Add the rule of one Dosage, or a line that says why there is none."""
    state.reported += read.left_out
    if drug is None:
        return
    if read.as_needed or read.as_needed_for:
        raise NotImportable(
            f"{read.path}.asNeeded",
            "A dose to be given as needed would become a dose to be given.",
            "Write the rule by hand.",
        )
    if read.calculated:
        state.reported.append(f"{read.path}: calculated for one patient, so it is no rule.")
        return
    dose, kind = read.dose, _dose_kind(read.dose)
    if kind is None or dose.high is None:
        state.reported.append(f"{read.path}: no amount that a rule can hold: “{read.text}”.")
        return
    notes = [f"Imported from FHIR: {read.text}"] if read.text else ["Imported from FHIR."]
    hard_max, cumulative, unplaced = place_limits(read, kind)
    if cumulative is not None:
        cumulative = replace(cumulative, verification=state.verification, source=state.source.id)
    notes += unplaced
    state.reported += [f"{read.path}: {line}" for line in unplaced]
    if read.events:
        state.reported.append(f"{read.path}.timing.event: dates of one plan were left out.")
    if dose.divided is not None:
        state.reported.append(f"{read.path}: “in divided doses” stays in the note.")
    who = tuple(dict.fromkeys((*setting.who, *_who(dose))))
    groups = tuple(
        dict.fromkeys(
            (*setting.population.groups, *(g for g in (dose.population,) if g in _GROUPS))
        )
    )
    state.rules.append(
        Rule(
            id=f"{drug}.imported.{len(state.rules) + 1}",
            drug=drug,
            version=1,
            status=Status.DRAFT,
            kind=RuleKind.DOSE,
            effective_from=state.effective_from,
            review_due=state.review_due,
            context=Context(
                indications=setting.indications,
                population=Population(
                    groups=groups,
                    age_min=setting.population.age_min,
                    weight_min=setting.population.weight_min,
                ),
                phase=f"step {read.sequence}" if read.sequence else "",
                setting="; ".join(who),
                variant="; ".join(
                    w for w in (setting.treatment, f"imported {len(state.rules) + 1}") if w
                ),
            ),
            sources=(state.source,),
            verification=state.verification,
            dose=DoseRange(
                kind=kind,
                unit=dose.unit,
                basis=dose.basis,
                low=dose.low,
                high=dose.high,
                hard_max=hard_max,
                per=dose.per if kind is DoseKind.RATE else "",
            ),
            schedule=_schedule(read, state),
            cumulative=cumulative,
            note=re.sub(r"\s+", " ", " ".join(notes)),
        )
    )


_GROUPS = frozenset(AGE_GROUPS + CONDITION_GROUPS)


def _who(dose: Dose) -> tuple[str, ...]:
    words_of = () if dose.population in _GROUPS or not dose.population else (dose.population,)
    return (*words_of, *dose.conditions)


def _dose_kind(dose: Dose) -> DoseKind | None:
    """What the amount counts for, or None where a rule can't hold it."""
    several = dose.units_per_dose is not None and dose.units_per_dose.high != 1
    if dose.role.is_limit or dose.cmp != "=" or several or dose.unit not in AMOUNT_UNITS:
        return None
    if dose.cumulative or (dose.over is not None and dose.over.unit not in {"min", "h"}):
        return DoseKind.PER_COURSE if dose.per in {"", "course"} else None
    if dose.divided is not None and dose.per != "d":
        return None
    kinds = {"": DoseKind.PER_ADMINISTRATION, "dose": DoseKind.PER_ADMINISTRATION}
    kinds |= {"d": DoseKind.PER_DAY, "h": DoseKind.RATE, "min": DoseKind.RATE}
    return kinds.get(dose.per)


def _schedule(read: ReadDosage, state: _Import) -> Schedule:
    dose = read.dose
    frequencies = tuple(f for f in (dose.freq, *dose.phases) if f is not None)
    fit = tuple(f for f in frequencies if f.unit in FREQUENCY_UNITS)
    if fit != frequencies:
        state.reported.append(f"{read.path}.timing: a frequency has no place in a rule.")
    split = dose.over is not None and dose.over.unit not in {"min", "h"}
    duration = dose.duration
    if duration is not None and not _holds(duration):
        state.reported.append(f"{read.path}.timing: the length of treatment has no place.")
        duration = None
    return Schedule(
        frequencies=fit,
        routes=dose.routes,
        duration=duration,
        split_over=dose.over if split else None,
        infuse_over=None if split else dose.over,
        counts=dose.count,
        days=dose.days,
        weeks=dose.weeks,
    )


def _holds(bound: Bound) -> bool:
    return bound.unit in DURATION_UNITS and bound.high is not None


def _expressions(resource: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """Every expression of a resource and every logic library it names, as text."""
    found: list[str] = []
    for element, at in walk(resource, path):
        for name in ("expression", "valueExpression"):
            value = element.get(name)
            if isinstance(value, Mapping):
                said = value.get("expression") or value.get("reference") or "(no text)"
                language = value.get("language", "no language")
                target = element.get("path")
                on = f" for “{target}”" if target else ""
                found.append(f"{at}.{name}{on}: {said} ({language}); not executed.")
        libraries = element.get("library")
        if isinstance(libraries, list):
            found += [f"{at}.library: {item}; not loaded." for item in libraries]
    return tuple(found)
