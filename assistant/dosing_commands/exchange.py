"""``python -m assistant fhir export | import``: checked doses out, draft rules in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

from assistant.dosing import Dose, Verdict, parse, worst
from assistant.dosing.axes import SourceAxis
from assistant.dosing.decide import decide
from assistant.dosing.fhir import (
    CheckedDose,
    Release,
    answer_bundle,
    fhir_json,
    import_drafts,
    read_json,
    rules_toml,
    wording,
)
from assistant.dosing.patient.cited import gives
from assistant.dosing.table.judge import judge
from assistant.dosing.table.model import Rule, RuleKind, RuleSource, Table
from assistant.dosing.table.rule_lines import CHECKED
from assistant.dosing.table.select import DoseContext
from assistant.dosing_commands.opening import by_id, write
from assistant.dosing_commands.rules import SEE
from assistant.errors import InputError
from assistant.library import open_library
from assistant.orders import LibraryChecker
from assistant.rules import open_rules
from assistant.settings import Settings
from corpus.library import Library
from corpus.model import Verification

RELEASES: tuple[Release, ...] = get_args(Release)
REVIEW_DAYS = 182  # an imported draft is looked at within half a year


def run_export(settings: Settings, arguments: argparse.Namespace) -> int:
    """A Bundle of the doses that a passage supports; exit 1 when none can leave."""
    from assistant.fhir_models import validate

    library = open_library(settings)
    table = open_rules(library)
    if arguments.rule is not None:
        rule = by_id("rule", table.rules, arguments.rule, SEE)
        if rule.kind is not RuleKind.DOSE or rule.verification is Verification.BACKGROUND:
            raise InputError(
                f"{rule.id} states no dose that may leave: it is a {rule.kind} rule, "
                f"{CHECKED[rule.verification]}. Nothing was exported. Choose another rule: {SEE}."
            )
        doses = list(_of_rule(rule, table, library))
        if not doses:
            raise InputError(
                f"No passage of {rule.id} gives exactly its dose, so nothing can be exported. "
                f"Compare them: python -m assistant rules show {rule.id}"
            )
    else:
        # Read here too: a text that is too long says so, and is no text without a dose.
        if not parse(arguments.text).doses:
            raise InputError("The text holds no dose. Write a drug and an amount with its unit.")
        doses = list(_of_text(arguments.text, library))
    export = answer_bundle(
        doses, arguments.release, recorded=datetime.now(UTC), entries=table.drugs
    )
    for checked, reason in export.left_out:
        words = f"{checked.dose.drug or 'no drug'} {checked.dose.text}"
        print(f"Left out: {words}: {reason}", file=sys.stderr)
    if len(export.left_out) == len(doses):
        raise InputError("No dose can be exported; see above.")
    validate(export.bundle, arguments.release)
    print(fhir_json(export.bundle))
    return 0


def _of_rule(rule: Rule, table: Table, library: Library) -> Iterator[CheckedDose]:
    """The dose of a rule as each passage that it was written from gives it."""
    context = DoseContext(day=date.today())
    for passage_id in dict.fromkeys(source.passage_id for source in rule.sources):
        passage = library.passages.get(passage_id)
        if passage is None or passage.statement.verification is Verification.BACKGROUND:
            continue
        read = parse(passage.text, context_drugs=passage.statement.facets.drugs)
        beside = dict(_with_limits(read.doses))
        for dose in read.doses:  # the dose of a rule may be a limit itself: "up to 25 mg"
            if dose.drug == rule.drug and gives(rule, dose):
                axis = judge(dose, context, table).axis
                yield CheckedDose(
                    dose=dose,
                    verdict=decide(SourceAxis.SAME, axis),
                    text=wording(dose, beside.get(dose, ()), passage.text),
                    rule_id=rule.id,
                    table_version=table.version,
                    passage_id=passage_id,
                    limits=beside.get(dose, ()),
                    indication="; ".join(rule.context.indications),
                )


def _of_text(text: str, library: Library) -> Iterator[CheckedDose]:
    """Each dose of a text with what the library says of it and of the limits beside it."""
    findings = {
        finding.dose: finding
        for finding in LibraryChecker(library).check(text).findings
        if finding.dose is not None
        and (finding.start, finding.end) == (finding.dose.start, finding.dose.end)
    }
    for dose, limits in _with_limits(tuple(findings)):
        verdicts = [Verdict(findings[one].verdict) for one in (dose, *limits)]
        yield CheckedDose(
            dose=dose,
            verdict=worst(verdicts),
            text=wording(dose, limits, text),
            passage_id=getattr(findings[dose], "source_id", None) or "",
            limits=limits,
        )


def _with_limits(doses: Sequence[Dose]) -> list[tuple[Dose, tuple[Dose, ...]]]:
    """Every dose with the limits of its drug that stand beside it in its sentence.

    A limit belongs to the dose before it, else to the one after it; alone it stays a dose.
    """
    owned: dict[Dose, list[Dose]] = {dose: [] for dose in doses if not dose.role.is_limit}
    for limit in doses:
        if not limit.role.is_limit:
            continue
        beside = [d for d in owned if (d.drug, d.sentence) == (limit.drug, limit.sentence)]
        stated = [d for d in beside if not d.role.is_limit]
        before = [d for d in stated if d.start < limit.start]
        if stated:
            owned[before[-1] if before else stated[0]].append(limit)
        else:
            owned[limit] = []
    ordered = sorted(owned.items(), key=lambda item: item[0].start)
    return [(dose, tuple(limits)) for dose, limits in ordered]


def run_import(settings: Settings, arguments: argparse.Namespace) -> int:
    """Draft rules as TOML; what has no place in a rule is said on stderr."""
    from assistant.fhir_models import validate

    library = open_library(settings)
    resource = read_json(_text(arguments.file))
    validate(resource, arguments.release)
    today = arguments.on or date.today()
    report = import_drafts(
        resource,
        drugs=library.drugs,
        source=RuleSource(key=arguments.source or arguments.file.stem),
        effective_from=today,
        review_due=today + timedelta(days=REVIEW_DAYS),
    )
    for line in report.reported:
        print(f"Not in the draft: {line}", file=sys.stderr)
    for line in report.listed_expressions:
        print(f"An expression, not executed: {line}", file=sys.stderr)
    if not report.rules:
        raise InputError(f"{arguments.file} holds no dose that a rule can hold; see above.")
    text = rules_toml(report.rules)
    if arguments.out is None:
        print(text, end="")
    else:
        write(arguments.out, text)
    count = len(report.rules)
    print(
        f"{count} {'draft' if count == 1 else 'drafts'}: nobody has reviewed them, and none "
        "decides anything before a pharmacist has.",
        file=sys.stderr,
    )
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text. Save it again as UTF-8.") from error
