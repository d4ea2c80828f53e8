"""The result of a calculation with all that is needed to check it, and its printed form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.dosing.calculators.decimals import display, plain
from corpus.model import Verification

_MARKS = {
    Verification.READ: "read in the source",
    Verification.SECOND_HAND: "second-hand: reported by another text",
    Verification.BACKGROUND: "general knowledge, read in no source",
}


@dataclass(frozen=True, slots=True)
class SourceMark:
    """A bibliography key, the text in which it was read, and how far it was checked."""

    key: str
    via: str = ""
    verification: Verification = Verification.READ
    part: str = ""  # the part of the calculation that it carries; empty: all of it

    def __str__(self) -> str:
        via = f" via {self.via}" if self.via else ""
        part = f" for {self.part}" if self.part else ""
        return f"[{self.key}{via}]{part} ({_MARKS[self.verification]})"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: a criterion, a category, or an intermediate value."""

    label: str
    value: str

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was calculated, from what, by which formula, and where that comes from.

    ``value`` is unrounded; None where the result is words alone. ``conclusion`` repeats the
    words of the source and is never more than what the source says.
    """

    calculator: str
    label: str
    formula: tuple[str, ...]
    inputs: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    value: Decimal | None
    places: int
    unit: str
    conclusion: str
    sources: tuple[SourceMark, ...]
    caveats: tuple[str, ...] = ()

    @property
    def value_text(self) -> str:
        """The rounded value with its unit; empty where there is none."""
        if self.value is None:
            return ""
        return f"{display(self.value, self.places)} {self.unit}".rstrip()

    @property
    def verification(self) -> Verification:
        """The weakest mark among the sources; background where there is none."""
        order = list(Verification)
        marks = (source.verification for source in self.sources)
        return max(marks, key=order.index, default=Verification.BACKGROUND)


def render_result(result: Result) -> str:
    """The result as plain lines: result first, then formula, inputs, working, sources."""
    rows = [result.label]
    if result.value is not None:
        shown = f"Result: {result.value_text}"
        if Decimal(display(result.value, result.places)) != result.value:
            shown += f" (unrounded {plain(result.value)})"
        rows.append(shown)
    if result.conclusion:
        rows.append(f"Conclusion: {result.conclusion}")
    rows += [f"Formula: {formula}" for formula in result.formula]
    rows += [f"Given: {label}: {value}" for label, value in result.inputs]
    rows += [f"  {line}" for line in result.lines]
    rows += [f"Source: {source}" for source in result.sources]
    rows += [f"Note: {caveat}" for caveat in result.caveats]
    return "\n".join(rows)
