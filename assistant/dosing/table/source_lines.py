"""Where a rule comes from, as lines of its document: reference, level, passage, mark and hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from assistant.dosing.table.model import Level, RuleSource, Table
from assistant.dosing.table.rule_lines import CHECKED
from corpus.bibliography import vancouver
from corpus.library import Library
from corpus.model import Passage

_LEVELS = {
    Level.PRIMARY: "primary source",
    Level.LABEL: "product label",
    Level.SECONDARY: "secondary source",
}


def reference_numbers(table: Table) -> dict[str, int]:
    """Bibliography keys of a table, numbered in their alphabetical order."""
    sources = [source for rule in table.rules.values() for source in rule.sources]
    sources += [regimen.source for regimen in table.regimens.values()]
    keys = {key for source in sources for key in (source.key, source.via) if key}
    return {key: number for number, key in enumerate(sorted(keys, key=str.lower), start=1)}


def reference_lines(library: Library, numbers: Mapping[str, int]) -> Iterator[str]:
    """The numbered references in full."""
    for key, number in numbers.items():
        source = library.bibliography.get(key)
        yield f"{number}. {key}: {vancouver(source) if source else key}"


def source_lines(
    sources: Sequence[RuleSource], library: Library, numbers: Mapping[str, int]
) -> Iterator[str]:
    """Each source and below it its passage: how far it was checked, its hash, its own words.

    A passage that two sources share is quoted under the first.
    """
    quoted: set[str] = set()
    for source in sources:
        yield f"- Source{f' {source.id}' if source.id else ''}: {'; '.join(_said(source, numbers))}"
        passage = library.all_passages.get(source.passage_id)
        if passage is None:
            continue
        if passage.id in quoted:
            yield f"  - Passage {passage.id}, quoted above"
        else:
            quoted.add(passage.id)
            yield f"  - Passage {passage.id} ({CHECKED[passage.statement.verification]}): " + (
                f"“{' '.join(passage.text.split())}”"
            )
            yield f"  - Hash: `{passage.sha256}` ({hash_state(source, passage)})"


def hash_state(source: RuleSource, passage: Passage) -> str:
    """Whether a passage is the one that was reviewed."""
    if not source.quote_sha256:
        return "not recorded"
    return "unchanged" if source.quote_sha256 == passage.sha256 else "changed since the review"


def _said(source: RuleSource, numbers: Mapping[str, int]) -> Iterator[str]:
    yield f"{source.key} [{numbers[source.key]}], {_LEVELS[source.level]}"
    if source.via:
        yield f"as reported by {source.via} [{numbers[source.via]}]"
    if source.citation:
        yield source.citation.rstrip(".")
    if source.checked_against_primary:
        yield "checked against the primary text"
