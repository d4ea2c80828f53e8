"""What a rule needs to know of a patient, and what each missing input would change."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.patient.amounts import listed
from assistant.dosing.patient.eligible import ADULT_YEARS, needs_age, needs_weight, refuse
from assistant.dosing.patient.kidney import (
    is_direct,
    kidney_bands,
    kidney_source,
    needs_clearance,
    only_indexed,
)
from assistant.dosing.patient.model import Dated, Patient
from assistant.dosing.patient.organ import JUDGED, is_judged, say_adjustment
from assistant.dosing.patient.total import active_limit
from assistant.dosing.table.model import Adjustment, Rule

Need = tuple[str, str]  # the input, and what it is for


def missing_inputs(rule: Rule, patient: Patient) -> tuple[str, ...]:
    """The names of the inputs that are still needed, each once, in the order of the working."""
    names = [name for name, _ in _missing(rule, patient)]
    limit = active_limit(rule)
    if limit is not None and limit.scope == "lifetime" and rule.drug not in patient.previous:
        names.append(f"previous total of {rule.drug}")
    return tuple(dict.fromkeys(names))


def check_inputs(rule: Rule, patient: Patient) -> None:
    """Raises CalculationRefused (MISSING) that names every missing input and its use."""
    uses: dict[str, list[str]] = {}
    for name, use in _missing(rule, patient):
        uses.setdefault(name, [])
        if use not in uses[name]:
            uses[name].append(use)
    if uses:
        said = "; ".join(f"{name} (for {listed(why)})" for name, why in uses.items())
        raise refuse(RefusalCode.MISSING, f"{rule.id} needs: {said}. Give it with its unit.")


def used_measurements(rule: Rule, patient: Patient) -> tuple[tuple[str, Dated], ...]:
    """What the working rests on and must be recent: "weight", and "creatinine" for any measure
    of kidney function.
    """
    kidney = kidney_source(rule, patient) if needs_clearance(rule) else None
    judged = {band.variable for band in rule.adjust if is_judged(band)}
    weighed = (
        (rule.dose is not None and rule.dose.basis != "")
        or needs_weight(rule)
        or "weight" in judged
        or (needs_clearance(rule) and not is_direct(rule, patient))
    )
    used = [("weight", patient.weight if weighed else None), ("creatinine", kidney)]
    if "creatinine" in judged:
        used.append(("creatinine", patient.creatinine))
    return tuple(dict.fromkeys((name, value) for name, value in used if value is not None))


def _missing(rule: Rule, patient: Patient) -> tuple[Need, ...]:
    have = {
        "weight": patient.weight,
        "height": patient.height,
        "age": patient.age,
        "sex": patient.sex,
        "creatinine": patient.creatinine,
        "bilirubin": patient.bilirubin,
    }
    return tuple((name, use) for name, use in _needs(rule, patient) if have.get(name) is None)


def _needs(rule: Rule, patient: Patient) -> Iterator[Need]:
    yield from _for_size(rule)
    if needs_age(rule):
        yield "age", "whether the rule is for this patient"
    if needs_weight(rule):
        yield "weight", "whether the rule is for this patient"
    yield from _for_kidney(rule, patient)
    for band in rule.adjust:
        if band.variable in JUDGED and is_judged(band):
            yield band.variable, f"the change of the dose: {say_adjustment(band)}"


def _for_size(rule: Rule) -> Iterator[Need]:
    basis = rule.dose.basis if rule.dose else ""
    if basis == "m2":
        yield "weight", "the body surface"
        yield "height", "the body surface"
    elif basis == "kg":
        yield "weight", "the dose"
        if rule.calculate and rule.calculate.weight != "actual":
            kind = f"the {rule.calculate.weight} weight"
            yield from ((name, kind) for name in ("height", "sex", "age"))


def _for_kidney(rule: Rule, patient: Patient) -> Iterator[Need]:
    if not needs_clearance(rule) or patient.clearance is not None or patient.egfr is not None:
        return  # a value per 1.73 m2 without a surface is refused as INDEXED_GFR, not here
    use = f"kidney function: {_changes(kidney_bands(rule)) or 'the dose depends on it'}"
    if only_indexed(rule):
        yield "filtration rate per 1.73 m²", use
    elif patient.age is not None and patient.age.completed_years < ADULT_YEARS:
        yield "measured clearance", use
    else:
        yield from ((name, use) for name in ("creatinine", "age", "sex", "weight", "height"))


def _changes(bands: tuple[Adjustment, ...]) -> str:
    return ", ".join(say_adjustment(band) for band in bands)
