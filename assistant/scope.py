"""Requests that no guideline can meet: a document, an order, a person's record, a verdict.

The words are those of any hospital; what a library covers is told elsewhere.
"""

from __future__ import annotations

import re

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r"\b(?:write|draft|compose|type|fill\s(?:in|out))\b.{0,60}\b(?:script|prescription"
            r"|letter|note|certificate|report|referral|form|e-?mail|discharge\ssummary)\b"
            r"|\b(?:sick|fit)\snote\b",
            re.IGNORECASE,
        ),
        "to write a document",
    ),
    (
        re.compile(
            r"\b(?:prescribe|order|book|send|request)\b.{0,60}\b(?:to\spharmacy|for\s(?:tmrw"
            r"|tomorrow|today|tonight|bed\s?\d+|mr|mrs|ms)|\d{1,2}\s?(?:am|pm))\b",
            re.IGNORECASE,
        ),
        "to prescribe or order something",
    ),
    (
        re.compile(
            r"\b(?:drug|medication|prescription)\schart\b|\b(?:show|open|pull\sup|find|get)\b.{0,30}"
            r"\b(?:her|his|the|my)\b.{0,30}\b(?:chart|records?|notes|file|results)\b"
            r"|\b(?:show|open|pull\sup|find|get)\b.{0,30}\b(?:mr|mrs|ms)\b"
            r"|\b(?:my|our|this)\spatient'?s?'?\s(?:last|latest|most\srecent)\b"
            r"|\bwho\sis\son\scall\b|\bbleep\s(?:no|number)\b",
            re.IGNORECASE,
        ),
        "for a record or a person of the hospital",
    ),
    (
        re.compile(
            r"\b(?:sue|lawsuit|negligen\w+|malpractice|litigation|compensation\sclaim)\b",
            re.IGNORECASE,
        ),
        "for a judgement on a person",
    ),
    (
        re.compile(
            r"\b(?:reveal|print|show|list|dump|tell)\b.{0,30}\b(?:your|ur|system|hidden|all)\b.{0,20}"
            r"\b(?:instructions|prompt|rules|files|settings|api\skey|passwords?)\b",
            re.IGNORECASE,
        ),
        "for the inside of this program",
    ),
)


def out_of_scope(text: str) -> str:
    """What a request asks for that no guideline can give, or "" for any other question."""
    return next((what for pattern, what in _PATTERNS if pattern.search(text)), "")
