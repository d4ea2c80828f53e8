"""A folder of rule files -> Table, checked whole: one start shows every mistake."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from assistant.dosing.table.checks import (
    changed_passages,
    check_regimen,
    check_rule,
    check_source,
    check_together,
)
from assistant.dosing.table.errors import Problems, TableError
from assistant.dosing.table.model import DrugEntry, Fallback, Regimen, Rule, Status, Table
from assistant.dosing.table.parse_rule import parse_rule
from assistant.dosing.table.parse_table import (
    Header,
    Site,
    parse_drug,
    parse_header,
    parse_regimen,
    parse_site,
)
from assistant.dosing.table.sites import apply_site, check_precedence
from assistant.dosing.table.toml_fields import Fields
from corpus.drugs import DrugTable
from corpus.model import sha256

SCHEMA = "dosing-rules/1"
HEADER = "table.toml"
FOLDERS = ("drugs", "rules", "sites")

Entry = TypeVar("Entry", DrugEntry, Rule, Regimen)
Raw = Mapping[str, dict[str, object]]  # a file's path within the folder -> its content


def load_table(
    folder: Path,
    *,
    drugs: DrugTable | None,
    passages: Mapping[str, str],
    sources: Container[str],
) -> Table:
    """Read a rules table; without the folder it is empty and its version is "none".

    ``passages`` maps the id of each passage of the library to the SHA-256 of its text;
    ``sources`` holds the keys of the bibliography; ``drugs`` is the table of drug names, None to
    leave the names unchecked. A reviewed rule whose passage has changed counts as a draft again
    (``fallbacks``). Raises TableError with every mistake: file, key, reason, remedy.
    """
    if not folder.is_dir():
        header = Header()
        return _table(header, {}, {}, {}, fingerprint=sha256(""))
    problems = Problems()
    files = _read_files(folder, problems)
    header = _header(files, problems)
    entries = _all(files, "drugs", "drug", parse_drug, problems)
    rules = _all(files, "rules", "rule", parse_rule, problems)
    regimens = _all(files, "rules", "regimen", parse_regimen, problems)
    sites = _sites(files, problems)
    _close(files, problems)
    drug_entries = _by_id("drug", entries, problems)
    by_id = _by_id("rule", rules, problems)
    regimens_by_id = _by_id("regimen", regimens, problems)
    if drugs is not None:
        for file, entry in entries:
            if entry.id and entry.id not in drugs:
                what = f"'{entry.id}' is not in the table of drug names."
                problems.add(file, entry.id, what, "Correct the id, or add the drug there.")
    for file, rule in rules:
        check_rule(rule, drug_entries, problems)
        for at, source in enumerate(rule.sources, start=1):
            key = f"{rule.id}.source[{at}]"
            check_source(source, file, key, passages, sources, problems)
    check_together([rule for _, rule in rules], problems)
    for file, regimen in regimens:
        check_regimen(regimen, file, by_id, problems)
        key = f"{regimen.id}.source"
        check_source(regimen.source, file, key, passages, sources, problems)
    for site in sites:
        by_id = apply_site(site, by_id)
        for wish in site.precedence:
            check_precedence(wish, by_id)
    if problems.found:
        raise TableError(sorted(problems.found))
    by_id, fallbacks = _fall_back(by_id, passages)
    return _table(
        header,
        drug_entries,
        by_id,
        regimens_by_id,
        fingerprint=_fingerprint(files),
        fallbacks=fallbacks,
        sites=sites,
    )


def _table(
    header: Header,
    drugs: Mapping[str, DrugEntry],
    rules: Mapping[str, Rule],
    regimens: Mapping[str, Regimen],
    *,
    fingerprint: str,
    fallbacks: tuple[Fallback, ...] = (),
    sites: Iterable[Site] = (),
) -> Table:
    sites = tuple(sites)
    return Table(
        id=header.id,
        version=header.version,
        effective_from=header.effective_from,
        review_due=header.review_due,
        drugs=drugs,
        rules=rules,
        regimens=regimens,
        fingerprint=fingerprint,
        fallbacks=fallbacks,
        precedence={wish.drug: wish.rules for site in sites for wish in site.precedence},
        sites=tuple(site.name for site in sites),
    )


def _read_files(folder: Path, problems: Problems) -> dict[str, dict[str, object]]:
    files: dict[str, dict[str, object]] = {}
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        if name != HEADER and name.rpartition("/")[0] not in FOLDERS:
            what = "The file would not be read here."
            problems.add(name, "", what, f"Move it into {', '.join(FOLDERS)}, or remove it.")
            continue
        try:
            text = path.read_bytes().decode("utf-8")
            files[name] = tomllib.loads(text, parse_float=Decimal)
        except UnicodeDecodeError as error:
            what = f"The file is not UTF-8 text (byte {error.start})."
            problems.add(name, "", what, "Save it again as UTF-8.")
        except tomllib.TOMLDecodeError as error:
            problems.add(name, "", f"The file is not valid TOML: {error}.", "Correct that line.")
        except OSError as error:
            what = f"The file can't be read: {error.strerror}."
            problems.add(name, "", what, "Correct its permissions.")
    for name, raw in files.items():
        if raw.get("schema") != SCHEMA:
            what = f"The schema is not {SCHEMA}."
            problems.add(name, "schema", what, f'Begin the file with schema = "{SCHEMA}".')
    return files


_KNOWN = {
    "": {"schema", "table"},
    "drugs": {"schema", "drug"},
    "rules": {"schema", "rule", "regimen"},
    "sites": {"schema", "site", "override", "precedence"},
}


def _close(files: Raw, problems: Problems) -> None:
    for name, raw in files.items():
        known = _KNOWN[name.rpartition("/")[0]]
        for key in sorted(raw.keys() - known):
            problems.add(name, key, "This key is not known here.", "Remove it.")


def _header(files: Raw, problems: Problems) -> Header:
    raw = files.get(HEADER)
    if raw is None:
        problems.add(HEADER, "", "The file is missing or unreadable.", "Add it, with [table].")
        return Header()
    header = parse_header(Fields(raw, HEADER, "", problems))
    if header.review_due < header.effective_from:
        what = "It is due before the table begins."
        problems.add(HEADER, "table.review_due", what, "Correct a date.")
    return header


def _all(
    files: Raw, folder: str, key: str, parse: Callable[[Fields], Entry], problems: Problems
) -> list[tuple[str, Entry]]:
    found = []
    for name, raw in files.items():
        if name.startswith(f"{folder}/"):
            tables = Fields(raw, name, "", problems).tables(key)
            found += [(name, parse(table)) for table in tables]
    return found


def _sites(files: Raw, problems: Problems) -> list[Site]:
    return [
        parse_site(Fields(raw, name, "", problems))
        for name, raw in files.items()
        if name.startswith("sites/")
    ]


def _by_id(noun: str, entries: Iterable[tuple[str, Entry]], problems: Problems) -> dict[str, Entry]:
    by_id: dict[str, Entry] = {}
    first: dict[str, str] = {}
    for file, entry in entries:
        if entry.id in by_id:
            what = f"The {noun} id is already used in {first[entry.id]}."
            problems.add(file, entry.id, what, "Give this one its own id, or merge the two.")
            continue
        by_id[entry.id] = entry
        first[entry.id] = file
    return by_id


def _fall_back(
    rules: Mapping[str, Rule], passages: Mapping[str, str]
) -> tuple[dict[str, Rule], tuple[Fallback, ...]]:
    """Reviewed rules whose passage reads otherwise today become drafts, and say why."""
    now, fallbacks = dict(rules), []
    for rule in rules.values():
        changed = list(changed_passages(rule, passages))
        if rule.status is Status.REVIEWED and changed:
            reason = f"The text of {', '.join(changed)} has changed since the review."
            fallbacks.append(Fallback(rule.id, reason))
            now[rule.id] = replace(rule, status=Status.DRAFT)
    return now, tuple(fallbacks)


def _fingerprint(files: Raw) -> str:
    """Hex SHA-256 of what the files say: comments, spacing and key order don't count."""
    return sha256(json.dumps(files, sort_keys=True, ensure_ascii=False, default=str))
