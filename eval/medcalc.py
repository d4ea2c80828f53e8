"""The calculators on MedCalc-Bench items: are their results inside the corrected bounds?

The inputs are those that the data set extracted, written with their units and read by the
calculators as anyone would type them. Items without a settled label are counted and left out.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from assistant.dosing.calculators.catalogue import Calculator, calculators
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.calculators.result import Result
from corpus.library import BUNDLED

OVERWEIGHT, UNDERWEIGHT = Decimal(25), Decimal("18.5")  # body-mass index, as the items ask


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One item whose result lies outside its bounds, or was refused."""

    item: str
    calculator: str
    inputs: str
    ours: str
    label: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The items of one calculator."""

    calculator: str
    labelled: int
    within: int
    unlabelled: int


@dataclass(frozen=True, slots=True)
class MedcalcReport:
    """All calculators; ``note`` says why nothing was measured."""

    tallies: tuple[Tally, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    note: str = ""

    @property
    def labelled(self) -> int:
        """Items with a settled label."""
        return sum(t.labelled for t in self.tallies)

    @property
    def within(self) -> int:
        """Those whose result lies inside the bounds, ends included."""
        return sum(t.within for t in self.tallies)


def score_medcalc(path: Path) -> MedcalcReport:
    """Run every item of a calculator that we have; a missing file is said, not raised."""
    if not path.exists():
        return MedcalcReport(note=f"{path.name} is not there: MedCalc-Bench was not measured.")
    ours = {c.id: c for c in calculators(BUNDLED)}
    labelled: Counter[str] = Counter()
    within: Counter[str] = Counter()
    unlabelled: Counter[str] = Counter()
    disagreements = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            name = item["calculator"]
            if name not in WORK:
                continue
            bounds = _bounds(item)
            if bounds is None:
                unlabelled[name] += 1
                continue
            labelled[name] += 1
            found = WORK[name](ours, item["entities"])
            if isinstance(found, Decimal) and bounds[0] <= found <= bounds[1]:
                within[name] += 1
                continue
            inputs = json.dumps(item["entities"], ensure_ascii=False)
            disagreements.append(
                Disagreement(item["_id"], name, inputs, str(found), str(item["answer"]))
            )
    return MedcalcReport(
        tuple(Tally(n, labelled[n], within[n], unlabelled[n]) for n in WORK),
        tuple(disagreements),
    )


def render_medcalc(report: MedcalcReport) -> str:
    """A table of counts and every disagreement, as plain lines."""
    if report.note:
        return report.note
    rows = [f"MedCalc-Bench: {report.within} of {report.labelled} within the corrected bounds"]
    rows += [
        f"  {t.calculator}: {t.within} of {t.labelled}; {t.unlabelled} without a settled label"
        for t in report.tallies
    ]
    rows += [
        f"  item {d.item} ({d.calculator}): ours {d.ours}, label {d.label}, from {d.inputs}"
        for d in report.disagreements
    ]
    return "\n".join(rows)


Entities = Mapping[str, Any]
Ours = Mapping[str, Calculator]


def _bounds(item: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
    try:
        return Decimal(str(item["low"])), Decimal(str(item["high"]))
    except InvalidOperation:  # null, or "N/A": the note lacks the data
        return None


def _text(entities: Entities, name: str) -> str:
    value = entities[name]
    return f"{value[0]} {value[1]}" if isinstance(value, list) else str(value).lower()


def _run(calculator: Calculator, entities: Entities, *names: str) -> Result | Refusal:
    return calculator.run({name: _text(entities, name) for name in names})


def _value(found: Result | Refusal) -> Decimal | Refusal:
    if isinstance(found, Refusal):
        return found
    assert found.value is not None  # of the formulas that are asked here
    return found.value


def _surface(ours: Ours, entities: Entities) -> Decimal | Refusal:
    return _value(_run(ours["body-surface"], entities, "height", "weight"))


def _body_mass_index(ours: Ours, entities: Entities) -> Decimal | Refusal:
    return _value(_run(ours["body-mass-index"], entities, "height", "weight"))


def _ideal(ours: Ours, entities: Entities) -> Decimal | Refusal:
    return _value(_run(ours["ideal-weight"], entities, "height", "sex"))


def _adjusted(ours: Ours, entities: Entities) -> Decimal | Refusal:
    found = _run(ours["ideal-weight"], entities, "height", "sex", "weight")
    if isinstance(found, Refusal):
        return found
    line = next(line for line in found.lines if line.label == "adjusted weight")
    return Decimal(line.value.removesuffix(" kg"))


def _ckd_epi(ours: Ours, entities: Entities) -> Decimal | Refusal:
    return _value(_run(ours["ckd-epi-2021"], entities, "age", "sex", "creatinine"))


def _clearance(ours: Ours, entities: Entities) -> Decimal | Refusal:
    """The weight that the items ask for: adjusted when overweight, else the least that fits."""
    index = _body_mass_index(ours, entities)
    ideal, actual = _ideal(ours, entities), Decimal(str(entities["weight"][0]))
    adjusted = _adjusted(ours, entities)
    for value in (index, ideal, adjusted):
        if isinstance(value, Refusal):
            return value
    assert isinstance(index, Decimal)
    assert isinstance(ideal, Decimal)
    assert isinstance(adjusted, Decimal)
    weight = actual
    if index >= OVERWEIGHT:
        weight = adjusted
    elif index >= UNDERWEIGHT:
        weight = min(ideal, actual)
    used = {**entities, "weight": [weight, "kg"]}
    return _value(_run(ours["cockcroft-gault"], used, "age", "sex", "weight", "creatinine"))


def _steroid(ours: Ours, entities: Entities) -> Decimal | Refusal:
    name, amount, unit = entities["input steroid"]
    drug, target = (word.split()[0].lower() for word in (name, entities["target steroid"]))
    if drug == target:
        return Decimal(str(amount))
    found = ours["glucocorticoids"].run({"drug": drug, "amount": f"{amount} {unit}"})
    if isinstance(found, Refusal):
        return found
    lines = {line.label: line.value for line in found.lines}
    line = lines.get(f"about as much {target}")
    if line is None:
        return Refusal(RefusalCode.CONTEXT, f"The comparison does not list {target}.")
    return Decimal(line.removesuffix(" mg"))


WORK: Mapping[str, Callable[[Ours, Entities], Decimal | Refusal]] = {
    "Body Surface Area Calculator": _surface,
    "Body Mass Index (BMI)": _body_mass_index,
    "Ideal Body Weight": _ideal,
    "Adjusted Body Weight": _adjusted,
    "Creatinine Clearance (Cockcroft-Gault Equation)": _clearance,
    "CKD-EPI Equations for Glomerular Filtration Rate": _ckd_epi,
    "Steroid Conversion Calculator": _steroid,
}
