"""The formulas that belong to no one disease: body size and kidney function, for a form.

Each reads its answers, refuses what lies outside the bounds, and shows formula, inputs,
unrounded result and source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from assistant.dosing.calculators.body import (
    Sex,
    Surface,
    adjusted_weight,
    body_mass_index,
    ideal_weight,
    surface,
)
from assistant.dosing.calculators.bounds import (
    check_age,
    check_age_weight,
    check_body,
    check_creatinine,
    check_height,
    check_rate,
    check_surface,
    check_weight,
)
from assistant.dosing.calculators.convert import Analyte
from assistant.dosing.calculators.decimals import display, exact_enough
from assistant.dosing.calculators.errors import CalculationRefused, Refusal, RefusalCode
from assistant.dosing.calculators.inputs import Answers, Input, InputKind, read_answers
from assistant.dosing.calculators.kidney import (
    bedside_schwartz,
    ckd_epi_2021,
    clearance_by_weight,
    cockcroft_gault,
    deindexed,
)
from assistant.dosing.calculators.result import Line, Result, SourceMark

UNSTABLE_NOTE = "Not valid while the creatinine is changing quickly."
OBESE_PERCENT = Decimal(120)  # of ideal weight; source: CrClNet-AjBW
SURFACES_DIFFER_PERCENT = Decimal(5)  # section 10 of the dosing specification


@dataclass(frozen=True, slots=True)
class Worked:
    """What a formula found."""

    lines: tuple[Line, ...] = ()
    value: Decimal | None = None
    conclusion: str = ""
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One formula with what it asks for; ``run`` never raises."""

    id: str
    label: str
    formula: tuple[str, ...]
    inputs: tuple[Input, ...]
    sources: tuple[SourceMark, ...]
    places: int
    unit: str
    work: Callable[[Answers], Worked]
    population: str = ""
    caveats: tuple[str, ...] = ()

    def run(self, given: Mapping[str, str]) -> Result | Refusal:
        """The result of the answers, or why there is none."""
        answers = read_answers(self.inputs, given)
        if isinstance(answers, Refusal):
            return answers
        try:
            worked = self.work(answers)
        except CalculationRefused as refused:
            return refused.refusal
        return Result(
            calculator=self.id,
            label=self.label,
            formula=self.formula,
            inputs=answers.written(),
            lines=worked.lines,
            value=worked.value,
            places=self.places,
            unit=self.unit,
            conclusion=worked.conclusion,
            sources=self.sources,
            caveats=(*worked.caveats, *self.caveats),
        )


def _measured(name: str, label: str, analyte: Analyte, *, optional: bool = False) -> Input:
    return Input(id=name, label=label, kind=InputKind.MEASURED, analyte=analyte, optional=optional)


_HEIGHT = _measured("height", "Height", Analyte.HEIGHT)
_WEIGHT = _measured("weight", "Weight", Analyte.WEIGHT)
_AGE = _measured("age", "Age", Analyte.AGE)
_AGE_OPTIONAL = _measured("age", "Age", Analyte.AGE, optional=True)
_CREATININE = _measured("creatinine", "Creatinine", Analyte.CREATININE)
_SEX = Input(id="sex", label="Sex", kind=InputKind.CHOICE, choices=("female", "male"))


def _refuse(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise CalculationRefused(refusal)


def _size(answers: Answers) -> tuple[Decimal, Decimal]:
    height, weight = answers.needed("height").decimal, answers.needed("weight").decimal
    _refuse(check_body(height, weight, answers.decimal("age")))
    return height, weight


def _age_and_creatinine(answers: Answers) -> tuple[Decimal, Decimal]:
    age, creatinine = answers.needed("age").decimal, answers.needed("creatinine").decimal
    _refuse(check_age(age))
    _refuse(check_creatinine(creatinine))
    return age, creatinine


def _surface(answers: Answers) -> Worked:
    height, weight = _size(answers)
    found = {formula: surface(formula, height, weight) for formula in Surface}
    chosen = Surface(answers.text("formula") or Surface.MOSTELLER)
    caveats = [f"By the formula of {_NAMES[chosen]}, with the actual weight."]
    with exact_enough():
        other = Surface.DUBOIS if chosen is not Surface.DUBOIS else Surface.MOSTELLER
        percent = abs(found[chosen] / found[other] - 1) * 100
    if percent > SURFACES_DIFFER_PERCENT:
        caveats.append(
            f"{_NAMES[chosen]} and {_NAMES[other]} differ by {display(percent, 1)}% here."
        )
    lines = tuple(Line(_NAMES[f], f"{display(value, 3)} m²") for f, value in found.items())
    return Worked(lines, found[chosen], caveats=tuple(caveats))


_NAMES = {
    Surface.MOSTELLER: "Mosteller",
    Surface.DUBOIS: "DuBois",
    Surface.HAYCOCK: "Haycock",
}


def _body_mass_index(answers: Answers) -> Worked:
    return Worked(value=body_mass_index(*_size(answers)))


def _ideal(answers: Answers) -> Worked:
    height = answers.needed("height").decimal
    _refuse(check_height(height))
    ideal = ideal_weight(height, Sex(answers.text("sex")), answers.decimal("age"))
    weight = answers.decimal("weight")
    if weight is None:
        return Worked(value=ideal)
    _size(answers)
    with exact_enough():
        percent = weight / ideal * 100
    lines = [Line("actual weight", f"{display(percent, 0)}% of ideal")]
    lines.append(Line("adjusted weight", f"{display(adjusted_weight(ideal, weight), 1)} kg"))
    if weight < ideal:
        said = "Below ideal: use the actual weight."
    elif percent >= OBESE_PERCENT:
        said = "About 120% of ideal or more: the adjusted weight is used for Cockcroft–Gault."
    else:
        said = "Near ideal: the ideal or the actual weight may be used for Cockcroft–Gault."
    return Worked(tuple(lines), ideal, said)


def _clearance(answers: Answers) -> Worked:
    age, creatinine = _age_and_creatinine(answers)
    sex, weight = Sex(answers.text("sex")), answers.needed("weight").decimal
    height = answers.decimal("height")
    actual = cockcroft_gault(age, weight, creatinine, sex)  # refuses a child before its size
    if height is None:
        _refuse(check_weight(weight) or check_age_weight(age, weight))
        return Worked(
            value=actual,
            caveats=(
                "With the actual weight. Give the height to see ideal and adjusted weight too.",
            ),
        )
    _size(answers)
    compared = clearance_by_weight(
        age_years=age,
        height_cm=height,
        weight_kg=weight,
        creatinine_mg_dl=creatinine,
        sex=sex,
        boundaries=_boundaries(answers.text("boundaries")),
    )
    kilograms = dict(compared.weights_kg)
    lines = tuple(
        Line(f"with {kind} weight, {display(kilograms[kind], 1)} kg", f"{display(v, 1)} mL/min")
        for kind, v in compared.values
    )
    if compared.crossed:
        limits = " and ".join(display(b, 0) for b in compared.crossed)
        return Worked(
            lines,
            None,
            f"The choice of weight crosses {limits} mL/min: it has to be made by a person.",
        )
    return Worked(lines, compared.actual, caveats=("The result is that of the actual weight.",))


def _boundaries(text: str) -> tuple[Decimal, ...]:
    parts = [part.strip().removesuffix("mL/min").strip() for part in text.split(";")]
    wrong = [part for part in parts if part and not part.replace(".", "", 1).isdecimal()]
    if wrong:
        raise CalculationRefused.because(
            RefusalCode.UNREADABLE,
            f"boundaries '{wrong[0]}' is no number. Write them in mL/min: 15; 50.",
        )
    return tuple(Decimal(part) for part in parts if part)


def _ckd_epi(answers: Answers) -> Worked:
    age, creatinine = _age_and_creatinine(answers)
    return Worked(value=ckd_epi_2021(age, creatinine, Sex(answers.text("sex"))))


def _schwartz(answers: Answers) -> Worked:
    age, creatinine = _age_and_creatinine(answers)
    height = answers.needed("height").decimal
    _refuse(check_height(height))
    return Worked(value=bedside_schwartz(age, height, creatinine))


def _deindexed(answers: Answers) -> Worked:
    area, rate = answers.needed("surface").decimal, answers.needed("rate").decimal
    _refuse(check_surface(area) or check_rate(rate))
    return Worked(value=deindexed(rate, area))


def _read(*keys: str) -> tuple[SourceMark, ...]:
    return tuple(SourceMark(key) for key in keys)


FORMULAS: tuple[Formula, ...] = (
    Formula(
        id="body-surface",
        label="Body surface area",
        formula=(
            "Mosteller: sqrt(height × weight / 3600)",
            "DuBois: 0.007184 × height^0.725 × weight^0.425",
            "Haycock: 0.024265 × height^0.3964 × weight^0.5378",
        ),
        inputs=(
            _HEIGHT,
            _WEIGHT,
            _AGE_OPTIONAL,
            Input(
                id="formula",
                label="Formula",
                kind=InputKind.CHOICE,
                choices=tuple(Surface),
                optional=True,
            ),
        ),
        sources=_read("GlobalRPh-BSA", "CalculatorsIm-BSA"),
        places=3,
        unit="m²",
        work=_surface,
    ),
    Formula(
        id="body-mass-index",
        label="Body-mass index",
        formula=("weight (kg) / height (m)²",),
        inputs=(_HEIGHT, _WEIGHT, _AGE_OPTIONAL),
        sources=(),
        places=1,
        unit="kg/m²",
        work=_body_mass_index,
        caveats=("The definition of the index; no source was read for it.",),
    ),
    Formula(
        id="ideal-weight",
        label="Ideal and adjusted body weight (Devine)",
        formula=(
            "ideal: 50 kg (men) or 45.5 kg (women) + 2.3 kg × inches over 60",
            "adjusted: ideal + 0.4 × (actual - ideal)",
        ),
        inputs=(
            _HEIGHT,
            _SEX,
            _measured("weight", "Actual weight", Analyte.WEIGHT, optional=True),
            _AGE_OPTIONAL,
        ),
        sources=_read("ClinCalc-IBW", "CrClNet-AjBW"),
        places=1,
        unit="kg",
        work=_ideal,
        population="adults of 152.4 cm (60 inches) or more",
    ),
    Formula(
        id="cockcroft-gault",
        label="Creatinine clearance (Cockcroft–Gault)",
        formula=("(140 - age) × weight / (72 × creatinine in mg/dL), × 0.85 if female",),
        inputs=(
            _AGE,
            _SEX,
            _WEIGHT,
            _CREATININE,
            _measured("height", "Height", Analyte.HEIGHT, optional=True),
            Input(
                id="boundaries",
                label="Limits of the dose rule in mL/min",
                kind=InputKind.TEXT,
                optional=True,
                hint="15; 50",
            ),
        ),
        sources=_read("CG-Page"),
        places=1,
        unit="mL/min",
        work=_clearance,
        population="adults",
        caveats=(UNSTABLE_NOTE,),
    ),
    Formula(
        id="ckd-epi-2021",
        label="Estimated filtration rate (CKD-EPI 2021, creatinine)",
        formula=(
            "142 × min(Scr/k, 1)^a × max(Scr/k, 1)^-1.200 × 0.9938^age, × 1.012 if female; "
            "k 0.7, a -0.241 (women), k 0.9, a -0.302 (men)",
        ),
        inputs=(_AGE, _SEX, _CREATININE),
        sources=_read("NKF-CKDEPI"),
        places=1,
        unit="mL/min/1.73 m²",
        work=_ckd_epi,
        population="18 years or more",
        caveats=(UNSTABLE_NOTE, "Per 1.73 m²: not for a dose rule in mL/min unless de-indexed."),
    ),
    Formula(
        id="bedside-schwartz",
        label="Estimated filtration rate of a child (bedside Schwartz)",
        formula=("0.413 × height (cm) / creatinine (mg/dL)",),
        inputs=(_AGE, _HEIGHT, _CREATININE),
        sources=(SourceMark("Schwartz2009", "NKF-Schwartz"),),
        places=1,
        unit="mL/min/1.73 m²",
        work=_schwartz,
        population="1 to 18 years",
        caveats=(UNSTABLE_NOTE, "Per 1.73 m²: not for a dose rule in mL/min unless de-indexed."),
    ),
    Formula(
        id="deindexed-rate",
        label="Filtration rate of this patient in mL/min",
        formula=("rate per 1.73 m² × body surface / 1.73",),
        inputs=(
            _measured("rate", "Filtration rate per 1.73 m²", Analyte.INDEXED_RATE),
            _measured("surface", "Body surface", Analyte.SURFACE),
        ),
        sources=(),
        places=1,
        unit="mL/min",
        work=_deindexed,
        caveats=("Arithmetic alone; no source was read for it.",),
    ),
)
