"""Ways of saying the same dose in other words or other type: none of them may raise an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.drugs import DrugTable, find_drugs
from eval.dose_sites import DASH, NUM, Change, Changes, plain, removed, replaced, swapped, value_of


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A named change that keeps the meaning; ``typography``: only the type changes."""

    name: str
    changes: Changes
    typography: bool = False


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A sentence in other words, and the rewrite that made it."""

    rewrite: str
    text: str
    typography: bool


def converted(unit: str, other: str, factor: str) -> Changes:
    """Every amount of one mass unit in another; a range keeps both ends."""
    pattern = re.compile(
        rf"(?<![\w.,–/-])(?P<low>{NUM})(?:(?P<dash>{DASH})(?P<high>{NUM}))?\s{re.escape(unit)}\b"
    )

    def changes(text: str) -> Iterator[Change]:
        for match in pattern.finditer(text):
            low = plain(value_of(match["low"]) * Decimal(factor))
            high = match["high"] and plain(value_of(match["high"]) * Decimal(factor))
            amount = f"{low}{match['dash']}{high}" if high else low
            yield *match.span(), f"{amount} {other}"

    return changes


def time_converted(unit: str, other: str, factor: int) -> Changes:
    """``for 3 weeks`` as ``for 21 days``: durations and intervals, whole numbers only."""
    pattern = re.compile(
        rf"(?<=for |ver )(?P<low>\d+)(?:(?P<dash>{DASH})(?P<high>\d+))?\s{unit}s?\b"
        r"(?!\sof\sage|\sto)"
    )

    def changes(text: str) -> Iterator[Change]:
        for match in pattern.finditer(text):
            numbers = [int(match[name]) for name in ("low", "high") if match[name]]
            scaled = [n * factor if factor > 0 else n // -factor for n in numbers]
            if factor < 0 and any(n % -factor for n in numbers):
                continue
            yield *match.span(), f"{(match['dash'] or '').join(map(str, scaled))} {other}"

    return changes


_ENUMERATION = re.compile(rf"\bdays (?P<first>\d+){DASH}(?P<last>\d+)(?P<rest>(?:, \d+)*)")


def _days_enumerated(text: str) -> Iterator[Change]:
    for match in _ENUMERATION.finditer(text):
        days = ", ".join(str(d) for d in range(int(match["first"]), int(match["last"]) + 1))
        yield match.start(), match.end("last"), f"days {days}"


_CLAUSE_DOSE = re.compile(
    r"(?P<drug>(?<![\w-])[a-z]{6,})\s(?P<amount>\d[\d.,–-]*\s(?:mg|g|µg)(?:/[\w²]+)*(?:\sper\sdose)?)(?![\w/])"
)


_NO_DRUG = frozenset({"maximum", "steroid", "another", "weekly", "cumulative", "trimethoprim"})


def _amount_of_drug(text: str) -> Iterator[Change]:
    """``etoposide 150 mg/m²`` as ``150 mg/m² of etoposide``."""
    for match in _CLAUSE_DOSE.finditer(text):
        if match["drug"] not in _NO_DRUG:
            yield *match.span(), f"{match['amount']} of {match['drug']}"


def _drug_verb(verb: str) -> Changes:
    """``etoposide 150 mg/m²`` as ``etoposide is given at 150 mg/m²``."""

    def changes(text: str) -> Iterator[Change]:
        for match in _CLAUSE_DOSE.finditer(text):
            before = text[max(0, match.start() - 14) : match.start()]
            if match["drug"] in _NO_DRUG:
                continue
            if re.search(r"(?:or|with|of|gives|uses|give|as|to|is|are)\s\Z", before):
                continue
            yield match.end("drug"), match.end("drug"), verb

    return changes


def _thousands(text: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<![\d.,–-])\d,\d{3}\b", text):
        yield *match.span(), match.group().replace(",", "")


def _thousands_added(text: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<![\d.,–-])[1-9]\d{3}(?= mg)", text):
        yield *match.span(), f"{match.group()[0]},{match.group()[1:]}"


def _bold(text: str) -> Iterator[Change]:
    for match in re.finditer(r"(?<![\w.,–/-])\d[\d.,–]*\s(?:mg|g|µg)(?:/[\w²]+)*", text):
        yield *match.span(), f"**{match.group()}**"


_LIMIT_BEFORE = re.compile(r"(?:up to|at most|at least|maximum|as much as)\s[\d.,–]+\s\S+\Z")
_TIMED_AFTER = re.compile(r"\b(?:once|divided|in two doses|in 2 doses|or more|every)\b")


def _day_as(words: str) -> Changes:
    """``/day`` in words; a limit "8 mg daily" could be read as the frequency of the dose."""

    def changes(text: str) -> Iterator[Change]:
        for match in re.finditer(r"(?<=[gk²])/day\b", text):
            after = re.split(r"[;.]\s", text[match.end() :])[0][:45]
            if _LIMIT_BEFORE.search(text[: match.start()]) or _TIMED_AFTER.search(after):
                continue
            yield *match.span(), words

    return changes


def _iv_in_words(text: str) -> Iterator[Change]:
    """``IV`` as an adverb, or as an adjective before a drug or the word infusion."""
    for match in re.finditer(r"\bIV\b(?=[ ,.;:])", text):
        after = text[match.end() + 1 :]
        named = any(mention.start == 0 for mention in find_drugs(after))
        adjective = named or after.startswith("infusion")
        yield *match.span(), "intravenous" if adjective else "intravenously"


def everywhere(pattern: str, other: str) -> Changes:
    """All matches at once, as a typesetter would."""
    compiled = re.compile(pattern)

    def changes(text: str) -> Iterator[Change]:
        if compiled.search(text):
            yield 0, len(text), compiled.sub(other, text)

    return changes


_HOURS = re.compile(rf"\bevery (?P<n>\d+(?:{DASH}\d+)?) (?:h|hours)\b")


def _q_hours(text: str) -> Iterator[Change]:
    for match in _HOURS.finditer(text):
        yield *match.span(), f"q{match['n']}h"


_SPELLED = {"2": "two", "3": "three", "4": "four", "5": "five", "10": "ten"}
_AND_MORE = r"(?= (?:days|doses|weeks)\b)"

REWRITES: tuple[Rewrite, ...] = (
    Rewrite("hyphen for dash", replaced(r"(?<=\d)–(?=\d)", "-"), typography=True),
    Rewrite("hyphens everywhere", everywhere(r"(?<=\d)–(?=\d)", "-"), typography=True),
    Rewrite("minus for dash", replaced(r"(?<=\d)–(?=\d)", "\u2212"), typography=True),
    Rewrite("spaced dash", replaced(r"(?<=\d)–(?=\d)", " – "), typography=True),
    Rewrite("m2", replaced("m²", "m2"), typography=True),
    Rewrite("m^2", replaced("m²", "m^2"), typography=True),
    Rewrite("m<sup>2</sup>", replaced("m²", "m<sup>2</sup>"), typography=True),
    Rewrite("no-break space", everywhere(r"(?<=\d) (?=[a-zµ])", "\u00a0"), typography=True),
    Rewrite("thin space", everywhere(r"(?<=\d) (?=[a-zµ])", "\u2009"), typography=True),
    Rewrite("double space", everywhere(" ", "  "), typography=True),
    Rewrite("line break", replaced(r"(?<=[a-z]) (?=[a-z])", "\u2028"), typography=True),
    Rewrite("other micro sign", replaced("µ", "\u03bc"), typography=True),
    Rewrite("no thousands comma", _thousands, typography=True),
    Rewrite("thousands comma", _thousands_added, typography=True),
    Rewrite("bold amount", _bold, typography=True),
    Rewrite("italic sentence", everywhere(r"\A(.*)\Z", r"*\1*"), typography=True),
    Rewrite("soft hyphen", everywhere(r"mg", "m\u00adg"), typography=True),
    Rewrite("to for dash", replaced(r"(?<=\d)–(?=\d)", " to ")),
    Rewrite("per square metre", replaced(r"(?<=g)/m²", " per square metre")),
    Rewrite("per m²", replaced(r"(?<=g)/m²", " per m²")),
    Rewrite("per kg", replaced(r"(?<=g)/kg", " per kg")),
    Rewrite("per day", replaced(r"(?<=[gk²])/day\b", " per day")),
    Rewrite("a day", replaced(r"(?<=[gk²])/day\b", " a day")),
    Rewrite("day as d", replaced(r"(?<=[gk²])/day\b", "/d")),
    Rewrite("day as daily", _day_as(" daily")),
    Rewrite("day as once daily", _day_as(" once daily")),
    Rewrite("dose with a slash", replaced(r"(?<=[gk²]) per dose\b", "/dose")),
    Rewrite("orally", replaced(r"\bby mouth\b", "orally")),
    Rewrite("PO", replaced(r"\bby mouth\b", "PO")),
    Rewrite("per os", replaced(r"\boral (?=[a-z]+ \d)", "")),
    Rewrite("IV in words", _iv_in_words),
    Rewrite("subcutaneously", replaced(r"\bSC\b", "subcutaneously")),
    Rewrite("once weekly as weekly", replaced(r"\bonce weekly\b", "weekly")),
    Rewrite("once weekly as every week", replaced(r"\bonce weekly\b", "every week")),
    Rewrite("once weekly as every 7 days", replaced(r"\bonce weekly\b", "every 7 days")),
    Rewrite("once weekly as q1w", replaced(r"\bonce weekly\b", "q1w")),
    Rewrite("weekly as once a week", replaced(
        r"(?<!once )(?<!twice )\bweekly\b(?= until|\.|,)", "once a week")),
    Rewrite("twice weekly as 2x a week", replaced(r"\btwice weekly\b", "two times a week")),
    Rewrite("twice weekly as 2x/week", replaced(r"\btwice weekly\b", "2x/week")),
    Rewrite("twice daily as BID", replaced(r"\btwice daily\b", "BID")),
    Rewrite("twice daily as two times a day", replaced(r"\btwice daily\b", "two times a day")),
    Rewrite("twice daily as q12h", replaced(r"\btwice daily\b", "q12h")),
    Rewrite("once daily as daily", replaced(r"\bonce daily\b", "daily")),
    Rewrite("once daily as every day", replaced(r"\bonce daily\b", "every day")),
    Rewrite("once daily as q24h", replaced(r"\bonce daily\b", "q24h")),
    Rewrite("three times daily as TID", replaced(r"\bthree times daily\b", "TID")),
    Rewrite("three times daily as q8h", replaced(r"\bthree times daily\b", "every 8 hours")),
    Rewrite("every n h as qnh", _q_hours),
    Rewrite("every 12 h as BID", replaced(r"\bevery 12 (?:h|hours)\b(?! instead)", "twice daily")),
    Rewrite("every 8 h as TID", replaced(r"(?<!of )\bevery 8 (?:h|hours)\b", "three times a day")),
    Rewrite("every second week in digits", replaced(r"\bevery second week\b", "every 2 weeks")),
    Rewrite("every second week as fortnightly", replaced(r"\bevery second week\b", "fortnightly")),
    Rewrite("every second week as q14d", replaced(r"\bevery second week\b", "every 14 days")),
    Rewrite("monthly as every month", replaced(r"(?<=mg )\bmonthly\b", "every month")),
    Rewrite("monthly as every 4 weeks", replaced(r"(?<=mg )\bmonthly\b", "every 4 weeks")),
    Rewrite("every 4 weeks as monthly", replaced(r"\bevery 4 weeks\b", "monthly")),
    Rewrite("g as mg", converted("g", "mg", "1000")),
    Rewrite("mg as g", converted("mg", "g", "0.001")),
    Rewrite("mg as µg", converted("mg", "µg", "1000")),
    Rewrite("µg as mcg", replaced(r"(?<=\d )µg\b", "mcg")),
    Rewrite("µg as micrograms", replaced(r"(?<=\d )µg\b", "micrograms")),
    Rewrite("mg as milligrams", replaced(r"(?<=\d )mg\b(?!/)", "milligrams")),
    Rewrite("weeks as days", time_converted("week", "days", 7)),
    Rewrite("days as weeks", time_converted("day", "weeks", -7)),
    Rewrite("hours as days", time_converted("hour", "days", -24)),
    Rewrite("hour as minutes", replaced(r"\bover 1 hour\b", "over 60 minutes")),
    Rewrite("minutes as hour", replaced(r"\bover 60 minutes\b", "over 1 hour")),
    Rewrite("days enumerated", _days_enumerated),
    Rewrite("numbers in words", swapped(_SPELLED, r"(?<=for )", _AND_MORE)),
    Rewrite("maximum as max", replaced(r"\bmaximum(?= \d)", "max")),
    Rewrite("maximum as max.", replaced(r"\bmaximum(?= \d)", "max.")),
    Rewrite("maximum as not exceeding", replaced(r"\bmaximum(?= \d)", "not exceeding")),
    Rewrite("at most as no more than", replaced(r"\bat most(?= \d)", "no more than")),
    Rewrite("up to as a maximum of", replaced(
        r"\bup to(?= \d[\d.,]* ?(?:mg|g)\b)", "a maximum of")),
    Rewrite("dosed as amount of drug", _amount_of_drug),
    Rewrite("is given at", _drug_verb(" is given at")),
    Rewrite("at a dose of", _drug_verb(" at a dose of")),
    Rewrite("with a colon", _drug_verb(":")),
    Rewrite("is given as should be given", replaced(r"\bis given\b", "should be given")),
    Rewrite("give as consider", replaced(r"\bgive\b(?= [a-z])", "consider")),
    Rewrite("prefix", everywhere(r"\A", "In summary: ")),
    Rewrite("second sentence", everywhere(r"\Z", " Follow the local protocol.")),
    Rewrite("without the source's year", removed(re.compile(r" \(label 20\d\d\)"))),
)  # fmt: skip


def rewrites(text: str, table: DrugTable) -> Iterator[Rewritten]:
    """Every rewrite at every site, each text once, in a fixed order."""
    seen = {text}
    for rewrite in REWRITES:
        for start, end, other in rewrite.changes(text):
            new = text[:start] + other + text[end:]
            if new not in seen:
                seen.add(new)
                yield Rewritten(rewrite.name, new, rewrite.typography)
    for new in _aliases(text, table):
        if new not in seen:
            seen.add(new)
            yield Rewritten("alias", new, typography=False)


def _aliases(text: str, table: DrugTable) -> Iterator[str]:
    """Each drug under its other full names, and in tall-man capitals."""
    for mention in table.find(text):
        drug = table[mention.drug_id]
        if mention.ambiguous or mention.text.lower() != drug.name.lower():
            continue
        names = [n for n in drug.aliases if n not in drug.ambiguous_with]
        for name in (*names, drug.name.upper(), drug.name.capitalize()):
            yield text[: mention.start] + name + text[mention.end :]
