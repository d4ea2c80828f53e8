"""Answer -> HTML: the card of one answer, and the frame of the page around it.

A card says exactly what ``render(answer)`` says, in the same order: the Markdown is parsed,
its headings become sections, its ``[n]`` and the questions that could follow become buttons,
and nothing is added but the sources that those buttons open, which stay hidden until then, and
what offers to ask better (``page.offers``). The last step removes every tag and attribute that
is not on a closed list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.answer import Answer, Reference
from assistant.drafting.beside import SOURCES_DIFFER
from assistant.drafting.plan import BOTTOM_LINE
from assistant.model import Outcome
from assistant.page import offers
from assistant.render import ALSO, FOLLOW_UPS, VERDICT_WORDS, render

NAME = "Guideline Assistant"
NOTICE = "Not for emergencies. The library is not reviewed by a clinician."
READY = "Getting ready…"
SEARCHING = "Searching the library…"
DOSES = "Doses in this answer"  # as render() heads them
REFERENCES = "References"

_TRAILING_CITATIONS = re.compile(r"(?: ?\[\d+\])+ ?$")
_ONE_CITATION = re.compile(r"\[(\d+)\]")
_SAME_SOURCE = re.compile(r"(Same source as )\[(\d+)\]")
_WEB = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;)\]]")
_PMID = re.compile(r"\bPMID: (\d{1,8})\b")
# An amount that a line break must not cut: a range, or a number with its unit.
_NUMBER_WITH_UNIT = (
    r"\d[\d.,]*(?:[–-]\d[\d.,]*)?"
    r"(?: ?(?:mg|g|kg|mcg|µg|micrograms?|mL|L|units?|IU|mmol|µmol|%|× ?10)[^\s,;:.()]*)?"
)
_AMOUNT = re.compile(_NUMBER_WITH_UNIT)
_LAST_WORD = re.compile(rf"(?:{_NUMBER_WITH_UNIT}|\S+)[.,;:)]*$")
_VERDICTS = {"✓": "good", "△": "caution", "✗": "bad"}

_TAGS = {
    *("article", "blockquote", "div", "footer", "h2", "h3", "h4", "hr", "p", "pre", "section"),
    *("dd", "dl", "dt", "li", "ol", "ul"),
    *("caption", "table", "tbody", "td", "th", "thead", "tr"),
    *("a", "button", "code", "details", "em", "span", "strong", "summary"),
}
_ATTRIBUTES = {
    "*": {"class", "id", "role", "hidden", "aria-labelledby", "aria-label", "tabindex"},
    "a": {"href", "target"},
    "article": {"data-outcome"},
    "button": {"type", "data-source", "aria-haspopup"},
    "ol": {"start"},
    "th": {"scope"},
}


def card(answer: Answer, turn: int, *, in_full: bool = False) -> str:
    """One answer as an article; ``turn`` keeps its ids apart from those of other turns.

    ``in_full``: this is the full answer, so that no fuller one is offered.
    """
    markdown = _markdown()
    tokens = markdown.parse(render(answer))
    titles = {ref.n: source_label(ref) for ref in answer.references}
    preamble, sections, notice = _split(tokens)
    parts = []
    if answer.understood:
        about, preamble = preamble[:3], preamble[3:]  # one paragraph, as render() begins
        parts.append(offers.understood(_html(markdown, about)))
    if preamble:
        parts.append(f'<div class="lead">{_html(markdown, preamble)}</div>')
    for number, (title, heading, body) in enumerate(sections, start=1):
        body, words, listed = _without_also(body)
        id_ = f"t{turn}-h{number}"
        parts.append(_section(markdown, _kind(title), heading, body, id_, titles, turn))
        if listed:
            beside = _html(markdown, words), _html(markdown, listed)
            parts.append(offers.also(*beside, f"t{turn}-also", in_full))
    if notice:
        parts.append(f'<footer class="card-notice">{_html(markdown, notice)}</footer>')
    hidden = "".join(_source(reference, turn) for reference in answer.references)
    outcome = escape(str(answer.outcome), quote=True)
    return _clean(
        f'<article class="card {outcome}" data-outcome="{outcome}" tabindex="-1" '
        f'aria-labelledby="t{turn}-question">{"".join(parts)}'
        f'<div class="sources" hidden="">{hidden}</div></article>'
    )


def alert(sentence: str) -> str:
    """A failure in one plain sentence."""
    return _clean(
        '<article class="card alert" data-outcome="error" tabindex="-1">'
        f"<p><strong>This question could not be answered.</strong> {escape(sentence)}</p></article>"
    )


def announcement(answer: Answer) -> str:
    """What a screen reader says, once, when an answer has arrived."""
    if answer.outcome is Outcome.DECLINED:
        return "No answer from the library. The reason is shown."
    ready = "Answer ready." if answer.outcome is Outcome.ANSWERED else "Limited answer ready."
    sources, doses = len(answer.references), len(answer.doses)
    counted = f"{sources} source{'' if sources == 1 else 's'}."
    if doses:
        counted += f" {doses} dose{'' if doses == 1 else 's'} checked."
    return f"{ready} {counted}"


def source_label(reference: Reference) -> str:
    """What a citation is called: "Source 2, <title>, <year>", the year where one is known."""
    named = f"Source {reference.n}, {reference.title}"
    return f"{named}, {reference.year}" if reference.year else named


def shell(library_title: str, examples: Sequence[str], mark: str) -> str:
    """The page around the conversation: header, notice, empty state, log and source drawer.

    ``mark`` is our own SVG, put in as it stands.
    """
    chips = "".join(
        f'<li><button type="button" class="example">{escape(text)}</button></li>'
        for text in examples[:3]
    )
    chips = f'<h3>Examples</h3><ul role="list" class="examples">{chips}</ul>' if chips else ""
    return (
        '<div id="page">'
        '<a class="skip" href="#composer" data-skip="question">Skip to the question box</a>'
        f'<header class="masthead"><span class="mark">{mark}</span>'
        f'<div><h1>{NAME}</h1><p class="library">{escape(library_title)}</p></div></header>'
        f'<p class="notice" role="note"><span aria-hidden="true">⚠ </span>{NOTICE}</p>'
        '<main id="main">'
        '<section id="empty" aria-labelledby="empty-title">'
        '<h2 id="empty-title">Ask the library</h2>'
        "<p>Each sentence of an answer is quoted from the library and names its source. "
        "Each dose is compared with its source before it is shown.</p>"
        f"{chips}</section>"
        '<div id="log" role="log" aria-live="off" aria-label="Conversation" aria-busy="false" '
        'tabindex="-1"></div>'
        "</main>"
        '<div id="announce" role="status" aria-live="polite" class="unseen"></div>'
        '<dialog id="drawer" aria-labelledby="drawer-title">'
        '<div class="drawer-head"><p class="drawer-kicker">Source</p>'
        '<button type="button" class="close">Close</button></div>'
        '<div class="drawer-body"></div></dialog>'
        # Just before the question box: one step back from it leads to the answer.
        '<a class="skip" href="#log" data-skip="answer">Go to the latest answer</a>'
        "</div>"
    )


# ------------------------------------------------------------------------- the card


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


_Section = tuple[str, list[Token], list[Token]]


def _split(tokens: Sequence[Token]) -> tuple[list[Token], list[_Section], list[Token]]:
    """What stands before the first heading, each heading with its body, and the notice."""
    preamble: list[Token] = []
    sections: list[_Section] = []
    notice: list[Token] = []
    rule = max((i for i, t in enumerate(tokens) if t.type == "hr"), default=len(tokens))
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if i > rule:
            notice.append(token)
        elif i == rule:
            pass
        elif token.type == "heading_open" and token.level == 0:
            sections.append((tokens[i + 1].content, list(tokens[i : i + 3]), []))
            i += 2
        else:
            (sections[-1][2] if sections else preamble).append(token)
        i += 1
    return preamble, sections, notice


def _kind(title: str) -> str:
    if title == BOTTOM_LINE:
        return "bottom-line"
    if title.startswith(SOURCES_DIFFER.strip()):
        return "differ"
    kinds = {DOSES: "doses", REFERENCES: "references", FOLLOW_UPS: "follow-ups"}
    return kinds.get(title, "topic")


def _section(
    markdown: MarkdownIt,
    kind: str,
    heading: list[Token],
    body: list[Token],
    id_: str,
    titles: Mapping[int, str],
    turn: int,
) -> str:
    heading[0].attrSet("id", id_)
    head = _html(markdown, heading)
    if kind == "references":
        _link_references(body, titles, turn)
    elif kind != "follow-ups":
        _citations_to_buttons(body, titles, turn)
    if kind == "doses":
        _mark_up_ledger(body)
    inner = _html(markdown, body)
    if kind == "doses":
        inner = inner.replace("<table", '<table role="table"', 1)
        inner = re.sub(r"(<table[^>]*>)", rf"\1<caption>{head}</caption>", inner, count=1)
        head = ""
    elif kind == "follow-ups":
        inner = offers.follow_ups(inner)
    inner = inner.replace("<ul>", '<ul role="list">').replace("<ol", '<ol role="list"')
    return (
        f'<section class="{kind}" aria-labelledby="{id_}">{head}'
        f'<div class="body">{inner}</div></section>'
    )


def _without_also(body: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """The body of a section; what it ends with of the library: the paragraph, and its list."""
    for i, token in enumerate(body):
        if token.type == "inline" and token.content == ALSO:
            return body[: i - 1], body[i - 1 : i + 2], body[i + 2 :]
    return body, [], []


def _citations_to_buttons(body: list[Token], titles: Mapping[int, str], turn: int) -> None:
    """Turns the ``[n]`` that end a sentence or a cell into buttons that open source n."""
    for token in body:
        for child in token.children or []:
            if child.type != "text":
                continue
            found = _TRAILING_CITATIONS.search(child.content)
            if found is None:
                child.type, child.content = "html_inline", _unbroken(child.content)
                continue
            cited = _ONE_CITATION.sub(
                lambda match: _button(int(match[1]), titles, turn), escape(found[0])
            )
            # The last word and its citations stay on one line.
            text = child.content[: found.start()]
            last = _LAST_WORD.search(text)
            cut = last.start() if last else len(text)
            child.type = "html_inline"
            child.content = (
                f'{_unbroken(text[:cut])}<span class="keep">{escape(text[cut:])}{cited}</span>'
            )


def _unbroken(text: str) -> str:
    """Escaped text in which "5–10 mg/m²" stays on one line."""
    out = []
    end = 0
    for match in _AMOUNT.finditer(text):
        if match[0].isdigit():
            continue
        out += [escape(text[end : match.start()]), f'<span class="keep">{escape(match[0])}</span>']
        end = match.end()
    return "".join([*out, escape(text[end:])])


def _button(n: int, titles: Mapping[int, str], turn: int) -> str:
    if n not in titles:
        return f"[{n}]"
    return (
        f'<button type="button" class="cite" data-source="t{turn}-s{n}" aria-haspopup="dialog" '
        f'aria-label="{escape(titles[n], quote=True)}"><span class="bracket">[</span>{n}'
        '<span class="bracket">]</span></button>'
    )


def _mark_up_ledger(body: list[Token]) -> None:
    """Header cells for columns and rows, and the verdict's class on its cell."""
    column = 0
    row_head = False
    for i, token in enumerate(body):
        token.attrs.pop("style", None)
        match token.type:
            case "tr_open":
                column = 0
                token.attrSet("role", "row")
            case "th_open":
                token.attrSet("scope", "col")
                token.attrSet("role", "columnheader")
            case "thead_open" | "tbody_open":
                token.attrSet("role", "rowgroup")
            case "td_open":
                column += 1
                token.attrSet("role", "cell")
                if column == 1:
                    row_head = True
                    token.tag = "th"
                    token.attrSet("scope", "row")
                    token.attrSet("role", "rowheader")
                elif column == 3:
                    token.attrSet("class", f"verdict {_verdict(body[i + 1].content)}")
            case "td_close" if row_head:
                row_head = False
                token.tag = "th"


def _verdict(words: str) -> str:
    """The colour of a verdict; green only where more than the quote itself was compared."""
    if words.startswith(VERDICT_WORDS["SOURCE_ONLY"]):
        return "quoted"
    return _VERDICTS.get(words[:1], "caution")


def _link_references(body: list[Token], titles: Mapping[int, str], turn: int) -> None:
    """Addresses open in a new tab; "Same source as [1]" opens source 1."""
    for token in body:
        for child in token.children or []:
            if child.type == "text":
                child.type = "html_inline"
                child.content = _SAME_SOURCE.sub(
                    lambda match: match[1] + _button(int(match[2]), titles, turn),
                    _linked(child.content),
                )


def _linked(text: str) -> str:
    """Escaped text whose web addresses and PubMed numbers are links to a new tab."""
    out = []
    end = 0
    for match in sorted([*_WEB.finditer(text), *_PMID.finditer(text)], key=lambda m: m.start()):
        if match.start() < end:
            continue
        address = match[0] if match.re is _WEB else f"https://pubmed.ncbi.nlm.nih.gov/{match[1]}/"
        out.append(escape(text[end : match.start()]))
        out.append(
            f'<a href="{escape(address, quote=True)}" target="_blank">{escape(match[0])}</a>'
        )
        end = match.end()
    out.append(escape(text[end:]))
    return "".join(out)


def _source(reference: Reference, turn: int) -> str:
    """What the drawer shows of one reference."""
    more = "".join(f"<li>{_linked(text)}</li>" for text in reference.sources[1:])
    verified = reference.verification or "read in the source named"
    rows = [
        ("Section", escape(reference.section)),
        ("Primary source", _linked(reference.primary)),
        ("Read in", escape(reference.report[:1].upper() + reference.report[1:])),
        ("Also stated in", f'<ul role="list">{more}</ul>' if more else ""),
        ("Year", str(reference.year or "")),
        ("Kind", escape(reference.kind.capitalize())),
        ("Verification", escape(verified[:1].upper() + verified[1:])),
        ("Review", escape(reference.review_status[:1].upper() + reference.review_status[1:])),
        ("Edition", escape(reference.edition)),
        ("Passage", f"<code>{escape(reference.passage_id)}</code>"),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows if value)
    return (
        f'<div id="t{turn}-s{reference.n}" class="source">'
        f'<p class="source-number">Source {reference.n}</p>'
        f'<h2 class="source-title" tabindex="-1">{escape(reference.title)}</h2>'
        f"<h3>Quoted passage</h3><blockquote>{_unbroken(reference.quote)}</blockquote>"
        f"<dl>{listed}</dl></div>"
    )


def _html(markdown: MarkdownIt, tokens: Sequence[Token]) -> str:
    return str(markdown.renderer.render(list(tokens), markdown.options, {}))


def _clean(markup: str) -> str:
    return nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )
