"""A number that is no dose against the numbers of the source: literal, after normalisation."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dosing.model import Kind, Number, Parsed
from assistant.dosing.verdict import Detail, Finding, Verdict

_UNCHECKED = {
    Kind.NAME: "Part of a name, not an amount.",
    Kind.CITATION: "A citation marker.",
    Kind.REFERENCE: "A date or a reference, not an amount.",
}
_WITH_COMPARATOR = frozenset(
    {Kind.LAB, Kind.AGE, Kind.SCORE, Kind.BODY_SIZE, Kind.DURATION, Kind.PERCENTAGE}
)
_WORDS = {
    Kind.LAB: "laboratory value",
    Kind.AGE: "age",
    Kind.SCORE: "score",
    Kind.PERCENTAGE: "percentage",
    Kind.STATISTIC: "statistic",
    Kind.COUNT: "count",
    Kind.TIME_WINDOW: "time",
    Kind.DURATION: "duration",
    Kind.FREQUENCY: "frequency",
    Kind.SCHEDULE: "day or week",
    Kind.BODY_SIZE: "body size",
    Kind.CONCENTRATION: "concentration",
    Kind.STRENGTH: "strength",
    Kind.VOLUME: "volume",
}


def compare_number(number: Number, source: Parsed) -> Finding:
    """Supported when the source holds the same number with the same meaning."""
    if number.kind in _UNCHECKED:
        return _finding(number, Verdict.SOURCE_ONLY, _UNCHECKED[number.kind])
    word = _WORDS.get(number.kind, "number")
    same = [n for n in source.numbers if n.key == number.key and _compatible(number, n)]
    if not same:
        alike = [n for n in source.numbers if n.kind is number.kind]
        if alike:
            why = f"The source gives no such {word}; it says {_listed(alike)}."
            return _finding(number, Verdict.MISMATCH, why, Detail.VALUE)
        return _finding(number, Verdict.NOT_IN_SOURCE, f"The source holds no such {word}.")
    about = [n for n in same if not _subjects_differ(number, n)]
    if not about:
        why = f"In the source {same[0].text} is the {same[0].subject}, not the {number.subject}."
        return _finding(number, Verdict.MISMATCH, why, Detail.DRUG, same[0].text)
    agreeing = [n for n in about if _comparators_agree(number, n)]
    if not agreeing:
        said = _SAID.get(about[0].cmp, "exactly")
        why = f"The source says {said} {about[0].text}."
        return _finding(number, Verdict.MISMATCH, why, Detail.COMPARATOR, about[0].text)
    if number.pair and not any(n.pair == number.pair for n in agreeing):
        left, _, right = number.pair.partition(">")
        if any(n.pair == f"{right}>{left}" for n in source.numbers) and left != right:
            why = "The source gives these two numbers the other way round."
            return _finding(number, Verdict.MISMATCH, why, Detail.ORDER, agreeing[0].text)
    why = f"Matches the source: {agreeing[0].text}."
    return _finding(number, Verdict.SOURCE_ONLY, why, source=agreeing[0].text)


_SAID = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}


def _listed(numbers: Sequence[Number]) -> str:
    texts = list(dict.fromkeys(n.text for n in numbers))
    return ", ".join(texts[:3])


def _compatible(number: Number, other: Number) -> bool:
    if other.kind in _UNCHECKED:
        return False
    if number.leftover or other.leftover or Kind.UNKNOWN in {number.kind, other.kind}:
        return bool(
            (number.before and number.before == other.before)
            or (number.after and number.after == other.after)
            or (number.text == other.text == number.key and number.before == other.before)
        )
    return True


def _subjects_differ(number: Number, other: Number) -> bool:
    if number.kind not in {Kind.LAB, Kind.SCORE} or not number.subject or not other.subject:
        return False
    return _stem(number.subject) != _stem(other.subject)


def _stem(subject: str) -> str:
    plain = subject.lower().replace("haem", "hem").replace("-", "").replace(" ", "")
    same = {"hb": "hemoglobin", "hgb": "hemoglobin", "plt": "platelet", "plts": "platelet"}
    same |= {"crcl": "creatinineclearance", "clcr": "creatinineclearance", "anc": "neutrophil"}
    same |= {"scd25": "cd25", "sil2r": "cd25", "solublecd25": "cd25", "il2r": "cd25"}
    same |= {"solubleil2receptor": "cd25", "solubleinterleukin2receptor": "cd25"}
    return same.get(plain, plain.rstrip("s"))


def _comparators_agree(number: Number, other: Number) -> bool:
    if number.cmp == other.cmp:
        return True
    if number.kind in _WITH_COMPARATOR:
        return False
    return not number.cmp or not other.cmp or number.cmp[0] == other.cmp[0]


def _finding(
    number: Number, verdict: Verdict, why: str, detail: Detail = Detail.NONE, source: str = ""
) -> Finding:
    return Finding(
        start=number.start,
        end=number.end,
        text=number.text,
        drug=None,
        verdict=verdict,
        why=why,
        detail=detail,
        source=source,
        kind=str(number.kind),
    )
