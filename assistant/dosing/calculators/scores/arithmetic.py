"""The part of a score file that belongs to its kind -> Points, Criteria, Linear, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from assistant.dosing.calculators.convert import Analyte, Measured, find_unit, read_value
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.calculators.inputs import Input, InputKind
from assistant.dosing.calculators.scores.conditions import (
    Comparator,
    Condition,
    Count,
    Is,
    Limit,
    Within,
)
from assistant.dosing.calculators.scores.model import (
    Arithmetic,
    Category,
    Criteria,
    Criterion,
    Cumulative,
    Cutoff,
    Equivalents,
    Item,
    Level,
    Linear,
    Points,
    PrintedTable,
    Ratio,
    Term,
    Thresholds,
    Words,
)
from assistant.dosing.calculators.scores.reading import TableReader

Inputs = Mapping[str, Input]


def read_arithmetic(kind: str, reader: TableReader, inputs: Inputs) -> Arithmetic:
    """The arithmetic of one kind; raises ScoreError. ``kind`` is one of KINDS."""
    return KINDS[kind](reader, inputs)


def read_condition(reader: TableReader, inputs: Inputs) -> Condition:
    """One condition: on an input, or ``any``, ``all``, ``of`` (``from`` to ``to``) of several."""
    condition = _count(reader, inputs) or _on_input(reader, inputs)
    reader.close()
    return condition


def _count(reader: TableReader, inputs: Inputs) -> Count | None:
    for key in ("any", "all", "of"):
        if reader.has(key):
            parts = tuple(read_condition(t, inputs) for t in reader.tables(key, required=True))
            if key == "any":
                return Count(parts, 1, len(parts))
            if key == "all":
                return Count(parts, len(parts), len(parts))
            low, high = reader.whole("from", 0), reader.whole("to", len(parts))
            if not 0 <= low <= high <= len(parts):
                raise reader.error("from", f"{low} to {high} of {len(parts)} can't be.")
            return Count(parts, low, high)
    return None


def _on_input(reader: TableReader, inputs: Inputs) -> Within | Is:
    item = _known(reader, "input", inputs)
    if item.kind is InputKind.YES_NO:
        word = reader.text("is")
        if word not in {"yes", "no"}:
            raise reader.error("is", "'yes' or 'no' is expected.")
        return Is(item.id, word == "yes")
    if item.kind is InputKind.CHOICE:
        word = reader.text("is")
        if word not in item.choices:
            raise reader.error("is", f"'{word}' is not a choice of '{item.id}'.")
        return Is(item.id, word)
    if item.analyte is None:
        raise reader.error("input", f"'{item.id}' can't stand in a condition.")
    limits = tuple(
        Limit(c, tuple(_measured(reader, c, text, item.analyte) for text in reader.texts(c)))
        for c in Comparator
        if reader.has(c)
    )
    if not limits:
        raise reader.error("input", f"'{item.id}' is compared with nothing.")
    return Within(item.id, limits)


def _known(reader: TableReader, key: str, inputs: Inputs) -> Input:
    name = reader.text(key)
    if name not in inputs:
        raise reader.error(key, f"There is no input '{name}'.")
    return inputs[name]


def _measured(reader: TableReader, key: str, text: str, analyte: Analyte) -> Measured:
    value = read_value(text, analyte)
    if isinstance(value, Refusal):
        raise reader.error(key, value.message)
    return value


def _points(reader: TableReader, inputs: Inputs) -> Points:
    return Points(
        items=tuple(_item(t, inputs) for t in reader.tables("item", required=True)),
        cutoff=_cutoff(reader.table("cutoff")) if reader.has("cutoff") else None,
        printed=_printed(reader.table("printed")) if reader.has("printed") else None,
    )


def _item(reader: TableReader, inputs: Inputs) -> Item:
    item = Item(
        label=reader.text("label"),
        categories=tuple(_category(t, inputs) for t in reader.tables("category", required=True)),
        may_be_unknown=reader.flag("may_be_unknown"),
        without=reader.text("without", ""),
        ask=reader.text("ask", ""),
    )
    if item.may_be_unknown != bool(item.without):
        raise reader.error("without", "It goes with 'may_be_unknown = true', and only with it.")
    reader.close()
    return item


def _category(reader: TableReader, inputs: Inputs) -> Category:
    category = Category(
        reader.text("label"),
        reader.whole("points"),
        read_condition(reader.table("when"), inputs),
    )
    reader.close()
    return category


def _cutoff(reader: TableReader) -> Cutoff:
    cutoff = Cutoff(
        reader.number("at_least"),
        reader.text("reached"),
        reader.text("not_reached"),
        reader.text("note", ""),
    )
    reader.close()
    return cutoff


def _printed(reader: TableReader) -> PrintedTable:
    table = PrintedTable(
        reader.text("label"),
        reader.numbers("scores"),
        reader.texts("values", required=True),
    )
    if len(table.scores) != len(table.values) or list(table.scores) != sorted(set(table.scores)):
        raise reader.error("scores", "Rising scores are expected, as many as values.")
    reader.close()
    return table


def _criteria(reader: TableReader, inputs: Inputs) -> Criteria:
    criteria = Criteria(
        criteria=_criterion_list(reader, "criterion", inputs, required=True),
        needed=reader.whole("needed"),
        words=_words(reader.table("words")),
        entry=_criterion_list(reader, "entry", inputs),
        required=_criterion_list(reader, "required", inputs),
        alternatives=_criterion_list(reader, "alternative", inputs),
    )
    if not 1 <= criteria.needed <= len(criteria.criteria):
        raise reader.error("needed", f"It lies outside 1 to {len(criteria.criteria)}.")
    if not criteria.words.open:
        raise reader.error("words.open", "This key is missing.")
    return criteria


def _classification(reader: TableReader, inputs: Inputs) -> Criteria:
    criteria = _criteria(reader, inputs)
    if not criteria.entry or not criteria.words.not_applicable:
        raise reader.error("entry", "A classification has entry conditions and the words for it.")
    return criteria


def _criterion_list(
    reader: TableReader, key: str, inputs: Inputs, *, required: bool = False
) -> tuple[Criterion, ...]:
    found = []
    for table in reader.tables(key, required=required):
        found.append(Criterion(table.text("label"), read_condition(table.table("when"), inputs)))
        table.close()
    return tuple(found)


def _words(reader: TableReader) -> Words:
    words = Words(
        reader.text("yes"),
        reader.text("no"),
        reader.text("open", ""),
        reader.text("not_applicable", ""),
    )
    reader.close()
    return words


def _linear(reader: TableReader, inputs: Inputs) -> Linear:
    return Linear(
        constant=reader.number("constant", "0"),
        terms=tuple(_term(t, inputs) for t in reader.tables("term", required=True)),
        cutoff=_cutoff(reader.table("cutoff")),
    )


def _term(reader: TableReader, inputs: Inputs) -> Term:
    item = _known(reader, "input", inputs)
    coefficient = reader.number("coefficient")
    if item.kind is InputKind.YES_NO:
        term = Term(item.id, coefficient)
    elif item.analyte is None:
        raise reader.error("input", f"'{item.id}' is no measured value.")
    else:
        spelling = reader.text("unit")
        unit = find_unit(spelling, item.analyte)
        if unit is None or unit.offset:
            raise reader.error("unit", f"'{spelling}' is no unit of '{item.id}'.")
        term = Term(item.id, coefficient, 1 / unit.factor, unit.name)
    reader.close()
    return term


def _thresholds(reader: TableReader, inputs: Inputs) -> Thresholds:
    thresholds = Thresholds(
        applies=_criterion_list(reader, "applies", inputs, required=True),
        conditions=_criterion_list(reader, "condition", inputs, required=True),
        words=_words(reader.table("words")),
    )
    if not thresholds.words.not_applicable:
        raise reader.error("words.not_applicable", "This key is missing.")
    return thresholds


def _ratio(reader: TableReader, inputs: Inputs) -> Ratio:
    return Ratio(
        _known(reader, "numerator", inputs).id,
        _known(reader, "denominator", inputs).id,
        reader.texts("context"),
    )


def _cumulative(reader: TableReader, inputs: Inputs) -> Cumulative:
    levels = []
    for table in reader.tables("level", required=True):
        levels.append(Level(table.number("at_least"), table.text("name")))
        table.close()
    if levels != sorted(levels, key=lambda level: level.at_least):
        raise reader.error("level", "The levels have to rise.")
    return Cumulative(
        doses=_known(reader, "doses", inputs).id,
        planned=_known(reader, "planned", inputs).id,
        levels=tuple(levels),
        below=reader.text("below"),
    )


def _equivalents(reader: TableReader, inputs: Inputs) -> Equivalents:
    drug = _known(reader, "drug", inputs)
    rows = []
    for table in reader.tables("equal", required=True):
        amount = _measured(table, "amount", table.text("amount"), Analyte.DOSE)
        rows.append((table.text("drug"), amount))
        table.close()
    if sorted(name for name, _ in rows) != sorted(drug.choices):
        raise reader.error("equal", f"It needs exactly the choices of '{drug.id}'.")
    return Equivalents(drug.id, _known(reader, "amount", inputs).id, tuple(rows))


KINDS: Mapping[str, Callable[[TableReader, Inputs], Arithmetic]] = MappingProxyType(
    {
        "points": _points,
        "criteria": _criteria,
        "classification": _classification,
        "linear": _linear,
        "thresholds": _thresholds,
        "ratio": _ratio,
        "cumulative": _cumulative,
        "equivalents": _equivalents,
    }
)
