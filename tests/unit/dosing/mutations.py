"""Ways in which an answer goes wrong, one at a time, and ways in which it stays right.

Each mutation rewrites one site of a sentence; ``mutants`` yields every site of every operator.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

UNIT = r"(?:mg|g|µg|micrograms|units|U)"
AMOUNT = rf"(?<![\w.])(\d+(?:\.\d+)?)(?=(?:-\d+(?:\.\d+)?)?\s?{UNIT}\b)"
HIGH = rf"(?<=\d-)(\d+(?:\.\d+)?)(?=\s?{UNIT}\b)"


@dataclass(frozen=True)
class Operator:
    """A named rewriting of one regular expression match."""

    name: str
    pattern: str
    change: Callable[[re.Match[str]], str]


def times(factor: str) -> Callable[[re.Match[str]], str]:
    """Scale the matched number by shifting its decimal point."""

    def change(match: re.Match[str]) -> str:
        value = float(match.group(1)) * float(factor)
        return f"{value:.6f}".rstrip("0").rstrip(".")

    return change


def words(*pairs: tuple[str, str]) -> Callable[[re.Match[str]], str]:
    """Swap words by a fixed table, in both directions."""
    table = dict(pairs) | {b: a for a, b in pairs}
    return lambda match: table[match.group()]


OPERATORS = (
    Operator("x10", AMOUNT, times("10")),
    Operator("/10", AMOUNT, times("0.1")),
    Operator("high x10", HIGH, times("10")),
    Operator("high + half", HIGH, times("1.5")),
    Operator("digit changed", AMOUNT, lambda m: m.group(1) + "7"),
    Operator("mg-g", r"(?<=\d )(?:mg|g)(?=\b)", words(("mg", "g"))),
    Operator("mg-µg", r"(?<=\d )mg\b", lambda m: "µg"),
    Operator("basis", r"(?<=/)(?:kg|m2)\b", words(("kg", "m2"))),
    Operator("basis dropped", r"/(?:kg|m2)\b", lambda m: ""),
    Operator("per changed", r"/(?:day|dose)\b", words(("/day", "/dose"))),
    Operator("day to week", r"/day\b", lambda m: "/week"),
    Operator("per dropped", r"/(?:day|h)\b", lambda m: ""),
    Operator("weekly-daily", r"\b(?:weekly|daily)\b", words(("weekly", "daily"))),
    Operator("once-twice", r"\b(?:once|twice)\b", words(("once", "twice"))),
    Operator("interval", r"(?<=every )(\d+)(?!\d)", lambda m: str(int(m.group(1)) + 2)),
    Operator("duration", r"(?<=for )(\d+)(?=[ -].{0,4}(?:day|week|month))", times("4")),
    Operator("duration unit", r"\b(?:days|weeks)(?= of| as|,|;|\.|$)", words(("days", "weeks"))),
    Operator("split", r"(?<=over )(\d+)", times("6")),
    Operator("count", r"(\d+)(?= doses)", lambda m: str(int(m.group(1)) + 3)),
    Operator("day", r"(?<=day )(\d+)", lambda m: str(int(m.group(1)) + 1)),
    Operator("days", r"(?<=days )(\d+)", lambda m: str(int(m.group(1)) + 1)),
    Operator("weeks", r"(?<=weeks )(\d+)", lambda m: str(int(m.group(1)) + 1)),
    Operator("route", r"\b(?:IV|SC|by mouth)\b", lambda m: "intrathecally"),
    Operator("limit reversed", 
        r"\b(?:maximum|up to|below)\b(?= [\d-]+(?:\.\d+)? )", lambda m: "at least"),
    Operator("limit lost", r"\b(?:maximum|up to|below|not exceeding)\s(?=\d)", lambda m: ""),
    Operator("rejection lost", r"\binstead of\b", lambda m: "or"),
    Operator("rejection made", 
        r"(?<=\w)(?<!instead of)(?<!maximum)(?<!exceeding) (?=\d+(?:-\d+)? mg)", lambda m: " not "),
    Operator("cap removed", r" \((?:maximum|not exceeding) [^)]*\)", lambda m: ""),
    Operator("percent", r"(\d+(?:\.\d+)?)(?=%)", lambda m: "9" + m.group(1)),
    Operator("pair swapped", 
        r"(\d+\.\d%) against (\d+\.\d%)", lambda m: f"{m.group(2)} against {m.group(1)}"),
    Operator("comparator", r"\b(?:above|below)\b(?= \d+ (?:ng|x10|mL))", words(("above", "below"))),
    Operator("threshold", r"(?:(?<=above )|(?<=below ))(\d+)", times("10")),
    Operator("age", r"(?<=under )(\d+)(?= years)", lambda m: str(int(m.group(1)) + 6)),
    Operator("group", r"\b(?:adults|children)\b", words(("adults", "children"))),
    Operator("amounts swapped", 
        r"(\d+ mg(?:/kg)?)(\D.* )(\d+ mg(?:/kg)?)(?=.* (?:kg"
        r"|children)\.)", lambda m: m[3] + m[2] + m[1]),
    Operator("dose added", r"\Z", lambda m: " Also give 35 mg."),
)  # fmt: skip


def mutants(text: str, drugs: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every single mutation of a sentence, with the name of its operator."""
    for operator in OPERATORS:
        for match in re.finditer(operator.pattern, text):
            changed = text[: match.start()] + operator.change(match) + text[match.end() :]
            if changed != text:
                yield operator.name, changed
    for drug, other in drugs.items():
        if drug in text and other not in text:
            yield "drug", text.replace(drug, other)


SENTENCES = (
    "Give etoposide 50-100 mg/m2 IV once weekly instead of 150 mg/m2 twice weekly.",
    "Prednisolone 1-2 mg/kg/day or dexamethasone 5-10 mg/m2/day is given first.",
    "Methylprednisolone 30 mg/kg/dose (maximum 1 g) IV daily for 3 doses, "
    "then 1 mg/kg/dose every 12 h.",
    "Methylprednisolone 1 g/day IV for 3-5 days is the first step.",
    "Keep cumulative etoposide below 2-3 g/m2.",
    "Immunoglobulin up to 1.6 g/kg in total, over 2-3 days, may be added.",
    "Ciclosporin 3 mg/kg/dose by mouth twice daily is continued.",
    "Rituximab 375 mg/m2 once weekly for 2-4 doses clears the reservoir.",
    "Anakinra 2-4 mg/kg/dose (maximum 100 mg) SC every 12 h is an option.",
    "Emapalumab 6 mg/kg on day 1, then 3 mg/kg every 3 days for 5 doses.",
    "Liposomal amphotericin B 3 mg/kg/day IV on days 1-5, 14 and 21.",
    "Dexamethasone 10 mg/m2/day in weeks 1-2, 5 mg/m2/day in weeks 3-4.",
    "Vincristine 1.4 mg/m2 (not exceeding 2 mg) is given on day 1.",
    "In adults ruxolitinib 15 mg by mouth twice daily was used.",
    "Filgrastim 5 micrograms/kg/day SC is stopped when counts recover.",
    "Heparin 18 units/kg/h IV is started.",
    "Aciclovir 20 mg/kg IV every 8 h for 21 days is given.",
    "Methotrexate 15 mg once weekly is the usual dose.",
    "Survival was 90.2% against 56.5% when treatment started early.",
    "Ferritin above 500 ng/mL and platelets below 100 x10^9/L are criteria.",
    "Tocilizumab 8 mg/kg IV over 60 minutes (maximum 800 mg) may be repeated.",
    "Tocilizumab 12 mg/kg is given under 30 kg, and 8 mg/kg from 30 kg.",
    "Dapsone 100 mg daily for adults and 2 mg/kg daily for children.",
)
SWAPS = {
    "etoposide": "cyclophosphamide",
    "Prednisolone": "Methylprednisolone",
    "dexamethasone": "prednisone",
    "Methylprednisolone": "Hydrocortisone",
    "Immunoglobulin": "Alemtuzumab",
    "Ciclosporin": "Tacrolimus",
    "Rituximab": "Infliximab",
    "Anakinra": "Canakinumab",
    "Emapalumab": "Tocilizumab",
    "Vincristine": "Vinblastine",
    "ruxolitinib": "baricitinib",
    "Methotrexate": "Mercaptopurine",
    "Tocilizumab": "Rituximab",
    "Heparin": "Insulin",
}
REWRITES = (
    ("mg/m2", "mg/m²"),
    ("mg/m2", "mg per square metre"),
    ("mg/kg", "mg per kg"),
    ("-", "–"),
    ("/day", " per day"),
    ("/day", " daily"),
    ("once weekly", "weekly"),
    ("once weekly", "every 7 days"),
    ("twice daily", "BID"),
    ("twice daily", "2 times a day"),
    ("every 12 h", "q12h"),
    ("every 8 h", "three times a day"),
    ("by mouth", "orally"),
    ("IV", "intravenously"),
    ("SC", "subcutaneously"),
    ("1 g", "1000 mg"),
    ("maximum", "max."),
    ("not exceeding", "maximum"),
    ("Methylprednisolone", "Solu-Medrol"),
    ("Ciclosporin", "Cyclosporine"),
    ("Immunoglobulin", "IVIG"),
    ("etoposide", "VP-16"),
    ("days 1-5, 14 and 21", "days 1, 2, 3, 4, 5, 14, 21"),
    ("21 days", "3 weeks"),
    ("units", "U"),
    ("micrograms", "mcg"),
    ("60 minutes", "1 hour"),
    ("is given", "should be given"),
    ("Give", "Consider"),
)
