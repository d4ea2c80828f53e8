"""What a card offers beside its answer: a correction, a fuller answer, questions that follow.

HTML in, HTML out; what comes in was made of escaped text, and the card is cleaned at the end.
"""

from __future__ import annotations

import re

CORRECTION = "Not right? Write the correction, for example: weight 26 kg."
IN_FULL = "Show the full answer"
SHORT = 4  # documents whose parts are listed openly

_ITEM = re.compile(r"<li>(.*?)</li>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def understood(paragraph: str) -> str:
    """The line that says how the question was read, with how to put it right."""
    line = paragraph.strip().removeprefix("<p>").removesuffix("</p>")
    return (
        '<div class="lead about">'
        f'<p class="understood">{line} <span class="correction">{CORRECTION}</span></p></div>'
    )


def also(words: str, listed: str, id_: str, in_full: bool) -> str:
    """What the library has beside the answer, and the button that asks for all of it."""
    words = words.replace("<p>", f'<p id="{id_}">', 1)
    listed = listed.replace("<ul>", '<ul role="list">')
    if (parts := listed.count("<li>")) > SHORT:
        listed = f"<details><summary>From {parts} documents</summary>{listed}</details>"
    button = "" if in_full else f'<button type="button" class="full">{IN_FULL}</button>'
    return (
        f'<section class="also" aria-labelledby="{id_}">{words}'
        f'<div class="body">{listed}{button}</div></section>'
    )


def follow_ups(items: str) -> str:
    """A list in which each question is a button that asks it; nothing in it is marked up."""

    def asked(item: re.Match[str]) -> str:
        text = _TAG.sub("", item[1])
        return f'<li><button type="button" class="example follow-up">{text}</button></li>'

    return _ITEM.sub(asked, items)
