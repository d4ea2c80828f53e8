"""Every formula and score once more, written from the dossier in another way.

Formulas in floats with other algebra (logarithms); scores as plain chains of comparisons on
floats. Nothing here looks at the library's score files.
"""

from __future__ import annotations

import math
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing.calculators.body import (
    Sex,
    adjusted_weight,
    body_mass_index,
    dubois,
    haycock,
    ideal_weight,
    mosteller,
)
from assistant.dosing.calculators.catalogue import calculators
from assistant.dosing.calculators.kidney import (
    bedside_schwartz,
    calvert,
    ckd_epi_2021,
    cockcroft_gault,
    deindexed,
)
from assistant.dosing.calculators.result import Result
from corpus.library import BUNDLED

RUN = {c.id: c.run for c in calculators(BUNDLED)}


def tenths(low: int, high: int, places: int = 1) -> st.SearchStrategy[Decimal]:
    return st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


HEIGHTS, WEIGHTS = tenths(25, 250), tenths(1, 350)
AGES, CREATININES = tenths(18, 110, 0), st.decimals("0.1", 30, places=2)
SEXES = st.sampled_from(Sex)


def close(ours: Decimal, theirs: float) -> bool:
    return math.isclose(float(ours), theirs, rel_tol=1e-11)


@given(HEIGHTS, WEIGHTS)
def test_surfaces_and_index(height: Decimal, weight: Decimal) -> None:
    h, w = float(height), float(weight)

    assert close(mosteller(height, weight), math.sqrt(h) * math.sqrt(w) / 60)
    assert close(
        dubois(height, weight), 71.84e-4 * math.exp(0.725 * math.log(h) + 0.425 * math.log(w))
    )
    assert close(
        haycock(height, weight), math.exp(math.log(0.024265) + math.log(h**0.3964 * w**0.5378))
    )
    assert close(body_mass_index(height, weight), 10000 * w / h**2)


@given(tenths(153, 250), WEIGHTS, SEXES)
def test_ideal_and_adjusted(height: Decimal, weight: Decimal, sex: Sex) -> None:
    base = {"male": 50.0, "female": 45.5}[sex]
    ideal = base + 2.3 * (float(height) - 152.4) / 2.54

    assert close(ideal_weight(height, sex), ideal)
    assert close(
        adjusted_weight(ideal_weight(height, sex), weight), 0.6 * ideal + 0.4 * float(weight)
    )


@given(AGES, WEIGHTS, CREATININES, SEXES)
def test_cockcroft_gault(age: Decimal, weight: Decimal, creatinine: Decimal, sex: Sex) -> None:
    a, w, c = float(age), float(weight), float(creatinine)
    theirs = (140 * w - a * w) / 72 / c
    if sex == "female":
        theirs -= 0.15 * theirs

    assert close(cockcroft_gault(age, weight, creatinine, sex), theirs)


@given(AGES, CREATININES, SEXES)
def test_ckd_epi(age: Decimal, creatinine: Decimal, sex: Sex) -> None:
    a, c = float(age), float(creatinine)
    if sex == "female":
        exponent = -0.241 if c <= 0.7 else -1.2
        theirs = 142 * 1.012 * (c / 0.7) ** exponent * math.exp(a * math.log(0.9938))
    else:
        exponent = -0.302 if c <= 0.9 else -1.2
        theirs = 142 * (c / 0.9) ** exponent * math.exp(a * math.log(0.9938))

    assert close(ckd_epi_2021(age, creatinine, sex), theirs)


@given(tenths(1, 18), HEIGHTS, CREATININES, tenths(1, 3, 2))
def test_schwartz_deindexing_and_auc(
    age: Decimal, height: Decimal, creatinine: Decimal, surface: Decimal
) -> None:
    rate = bedside_schwartz(age, height, creatinine)
    theirs = float(height) * 413 / (1000 * float(creatinine))

    assert close(rate, theirs)
    assert close(deindexed(rate, surface), theirs / 1.73 * float(surface))
    capped = 125.0 if theirs > 125 else theirs
    assert close(calvert(Decimal(5), rate), 5 * capped + 125)


def near(*limits: str, most: int) -> st.SearchStrategy[Decimal]:
    """Values at and just around the limits, and any others."""
    steps = [Decimal(limit) + Decimal(step) / 100 for limit in limits for step in (-1, 0, 1)]
    return st.sampled_from(steps) | st.decimals(1, most, places=2)


def yes(flag: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[flag]


@settings(max_examples=300)
@given(
    immune=st.booleans(),
    temperature=near("38.4", "39.4", most=40).filter(lambda t: t > 20),
    organs=st.integers(0, 2),
    hb=near("9.2", most=20),
    leucocytes=near("5.0", most=50),
    platelets=near("110", most=900),
    ferritin=near("2000", "6000", most=90_000),
    triglycerides=near("1.5", "4", most=50),
    fibrinogen=near("2.5", most=20),
    ast=near("30", most=5_000),
    marrow=st.sampled_from([True, False, None]),
)
def test_hscore(
    immune: bool,
    temperature: Decimal,
    organs: int,
    hb: Decimal,
    leucocytes: Decimal,
    platelets: Decimal,
    ferritin: Decimal,
    triglycerides: Decimal,
    fibrinogen: Decimal,
    ast: Decimal,
    marrow: bool | None,
) -> None:
    low = int(hb <= Decimal("9.2")) + int(leucocytes <= 5) + int(platelets <= 110)
    expected = 18 if immune else 0
    expected += 0 if temperature < Decimal("38.4") else 33 if temperature <= Decimal("39.4") else 49
    expected += [0, 23, 38][organs] + [0, 0, 24, 34][low]
    expected += 0 if ferritin < 2000 else 50 if ferritin > 6000 else 35
    expected += 0 if triglycerides < Decimal("1.5") else 64 if triglycerides > 4 else 44
    expected += 30 if fibrinogen <= Decimal("2.5") else 0
    expected += 19 if ast >= 30 else 0
    expected += 35 if marrow else 0

    result = RUN["hscore"](
        {
            "immunosuppression": yes(immune),
            "temperature": f"{temperature} °C",
            "organomegaly": ["none", "liver or spleen", "liver and spleen"][organs],
            "haemoglobin": f"{hb} g/dL",
            "leucocytes": f"{leucocytes} x10^9/L",
            "platelets": f"{platelets} x10^9/L",
            "ferritin": f"{ferritin} ng/mL",
            "triglycerides": f"{triglycerides} mmol/L",
            "fibrinogen": f"{fibrinogen} g/L",
            "ast": f"{ast} U/L",
            "marrow": yes(marrow),
        }
    )

    assert isinstance(result, Result), result
    assert result.value == expected
    assert 0 <= result.value <= 337
    assert ("of possible 35 points" in result.conclusion) == (marrow is None)
    assert ("169 is reached" in result.conclusion.split(". ")[0]) == (expected >= 169)


def maybe(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Decimal | None]:
    return st.none() | values


def written(value: Decimal | None, unit: str) -> str:
    return "not done" if value is None else f"{value} {unit}"


@settings(max_examples=300)
@given(
    temperature=maybe(near("38.5", most=45).filter(lambda t: t > 20)),
    spleen=st.sampled_from([True, False, None]),
    hb=maybe(near("90", "100", most=200).filter(lambda h: h > 10)),
    days=st.none() | st.integers(0, 60),
    platelets=maybe(near("100", most=900)),
    neutrophils=maybe(near("1.0", most=50)),
    triglycerides=maybe(near("265", most=900).filter(lambda t: t > 10)),
    fibrinogen=maybe(near("1.5", most=20)),
    phagocytosis=st.sampled_from([True, False, None]),
    nk=st.sampled_from([True, False, None]),
    ferritin=maybe(near("500", most=9_000)),
    receptor=maybe(near("2400", most=9_000)),
    molecular=st.sampled_from([True, False, None]),
)
def test_hlh_2004(
    temperature: Decimal | None,
    spleen: bool | None,
    hb: Decimal | None,
    days: int | None,
    platelets: Decimal | None,
    neutrophils: Decimal | None,
    triglycerides: Decimal | None,
    fibrinogen: Decimal | None,
    phagocytosis: bool | None,
    nk: bool | None,
    ferritin: Decimal | None,
    receptor: Decimal | None,
    molecular: bool | None,
) -> None:
    limit = 100 if days is not None and days < 28 else 90
    lineages = [
        None if hb is None else hb < limit,
        None if platelets is None else platelets < 100,
        None if neutrophils is None else neutrophils < 1,
    ]
    if lineages.count(True) >= 2:
        cytopenia: bool | None = True
    else:
        cytopenia = False if lineages.count(False) >= 2 else None
    if (triglycerides is not None and triglycerides >= 265) or (
        fibrinogen is not None and fibrinogen <= Decimal("1.5")
    ):
        fourth: bool | None = True
    else:
        fourth = None if triglycerides is None or fibrinogen is None else False
    eight = [
        None if temperature is None else temperature >= Decimal("38.5"),
        spleen,
        cytopenia,
        fourth,
        phagocytosis,
        nk,
        None if ferritin is None else ferritin >= 500,
        None if receptor is None else receptor >= 2400,
    ]
    met, possible = eight.count(True), eight.count(True) + eight.count(None)
    if molecular or met >= 5:
        word = "Diagnosis criteria fulfilled."
    elif possible >= 5 or molecular is None:
        word = "Not fulfilled, not excluded"
    else:
        word = "Not fulfilled."

    result = RUN["hlh-2004"](
        {
            "molecular": yes(molecular),
            "temperature": written(temperature, "°C"),
            "splenomegaly": yes(spleen),
            "haemoglobin": written(hb, "g/L"),
            "age": "" if days is None else f"{days} days",
            "platelets": written(platelets, "x10^9/L"),
            "neutrophils": written(neutrophils, "x10^9/L"),
            "triglycerides": written(triglycerides, "mg/dL"),
            "fibrinogen": written(fibrinogen, "g/L"),
            "haemophagocytosis": yes(phagocytosis),
            "nk_cells": yes(nk),
            "ferritin": written(ferritin, "µg/L"),
            "scd25": written(receptor, "U/mL"),
        }
    )

    assert isinstance(result, Result), result
    assert result.value == met
    assert word in result.conclusion
    assert (f"maximum possible {possible}" in result.conclusion) == (None in eight)


@given(
    fever=st.booleans(),
    jia=st.booleans(),
    ferritin=near("684", most=9_000),
    platelets=near("181", most=900),
    ast=near("48", most=900),
    triglycerides=near("156", most=900).filter(lambda t: t > 10),
    fibrinogen=near("360", most=900),
)
def test_mas_2016(
    fever: bool,
    jia: bool,
    ferritin: Decimal,
    platelets: Decimal,
    ast: Decimal,
    triglycerides: Decimal,
    fibrinogen: Decimal,
) -> None:
    two = (platelets <= 181) + (ast > 48) + (triglycerides > 156) + (fibrinogen <= 360)
    if not (fever and jia):
        word = "Not applicable"
    else:
        word = "Classified as MAS" if ferritin > 684 and two >= 2 else "Not classified as MAS"

    result = RUN["mas-2016"](
        {
            "fever": yes(fever),
            "systemic_jia": yes(jia),
            "ferritin": f"{ferritin} ng/mL",
            "platelets": f"{platelets} x10^9/L",
            "ast": f"{ast} U/L",
            "triglycerides": f"{triglycerides} mg/dL",
            "fibrinogen": f"{fibrinogen} mg/dL",
        }
    )

    assert isinstance(result, Result), result
    assert word in result.conclusion


@given(
    flags=st.tuples(st.booleans(), st.booleans(), st.booleans()),
    platelets=tenths(0, 900),
    ldh=tenths(0, 9_000),
    fibrinogen=tenths(0, 900),
    ferritin=st.integers(0, 90_000),
)
def test_ms_score(
    flags: tuple[bool, bool, bool],
    platelets: Decimal,
    ldh: Decimal,
    fibrinogen: Decimal,
    ferritin: int,
) -> None:
    cns, bleeding, arthritis = flags
    theirs = math.fsum(
        [
            2.44 if cns else 0,
            1.54 if bleeding else 0,
            -1.3 if arthritis else 0,
            -float(platelets) * 3 / 1000,
            float(ldh) / 1000,
            -float(fibrinogen) / 250,
            ferritin / 10_000,
        ]
    )

    result = RUN["ms-score"](
        {
            "cns": yes(cns),
            "haemorrhage": yes(bleeding),
            "arthritis": yes(arthritis),
            "platelets": f"{platelets} x10^9/L",
            "ldh": f"{ldh} U/L",
            "fibrinogen": f"{fibrinogen} mg/dL",
            "ferritin": f"{ferritin} ng/mL",
        }
    )

    assert isinstance(result, Result), result
    assert result.value is not None
    assert math.isclose(float(result.value), theirs, rel_tol=1e-9, abs_tol=1e-9)
    if abs(theirs + 2.1) > 1e-6:
        assert ("does not suggest" in result.conclusion) == (theirs < -2.1)


@given(near("3900", most=9_000), near("1000", most=9_000), st.booleans())
def test_ohi_and_the_ratio(receptor: Decimal, ferritin: Decimal, malignancy: bool) -> None:
    both = {"scd25": f"{receptor} U/mL", "ferritin": f"{ferritin} ng/mL"}

    index = RUN["ohi"]({"adult_with_malignancy": yes(malignancy), **both})
    ratio = RUN["sil2r-ferritin-ratio"](both)

    assert isinstance(index, Result)
    assert isinstance(ratio, Result)
    if malignancy:
        positive = receptor > 3900 and ferritin > 1000
        assert index.conclusion.startswith("Positive" if positive else "Negative")
    else:
        assert index.conclusion.startswith("Not applicable")
    assert ratio.value is not None
    assert close(ratio.value, float(receptor) / float(ferritin))
    assert ratio.conclusion == ""


@given(st.lists(st.tuples(st.integers(1, 20), tenths(1, 900), tenths(1, 3, 2)), min_size=1))
def test_the_total_of_doses(rows: list[tuple[int, Decimal, Decimal]]) -> None:
    theirs = sum(n * float(mg) / float(m2) for n, mg, m2 in rows)
    if sum(n for n, _, _ in rows) > 1000:
        return

    result = RUN["etoposide-cumulative"](
        {"doses": "; ".join(f"{n} x {mg} mg at {m2} m2" for n, mg, m2 in rows)}
    )

    assert isinstance(result, Result), result
    assert result.value is not None
    assert close(result.value, theirs)
    word = "alarm" if theirs >= 3000 else "warning" if theirs >= 2000 else "Below"
    if min(abs(theirs - 2000), abs(theirs - 3000)) > 1e-6:
        assert result.conclusion.startswith(word)
