"""Does a question say how something is, and ask for a yes or for what follows?

A logistic model over the wording: runs of up to three everyday words, signs and figures, where any
other word is one and the same, so that it knows no subject. Its weights stand in ``granted.toml``;
``python -m eval fit`` fits them on the development questions.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.drafting.asserted import ASSERTED
from assistant.words import EVERYDAY

WEIGHTS = Path(__file__).with_name("granted.toml")
LONGEST = 3  # words of a run
WORDING, WORDS = "(wording)", "(words)"  # features beside the runs: no run has a bracket
_ANY, _FIGURE, _EDGES = "*", "#", ("^", "$")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+(?:'[a-z]+)?|[?.,:;=<>%/–-]")
_MANY = 20.0  # words
_PRESUPPOSED = re.compile(
    r"\bwhy (?:is|are|was|were|do|does|did|would|must|should)\b|\bbeing (?:an?|the)\b"
    r"|\b(?:guid\w+|recs|recommendations?|sources?|labels?|protocols?|consensus|tables?|papers?"
    r"|everyone|they) (?:all )?(?:say|recommend|tell|state|give|list|want|agree|advise|require)s?\b"
    r"|\bsign(?:ed)? off\b|\bi'?(?:d| would|'?ll) (?:start|give|use|stop|go)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Granted:
    """The model; ``weights`` are by feature, in logits."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Granted:
        """The model whose weights stand in a file."""
        content = tomllib.loads(path.read_text("utf-8"))
        return cls(content["weights"], content["intercept"], content["threshold"])

    def logit(self, text: str) -> float:
        """How likely a question takes something for granted, in logits."""
        values = features(text).items()
        return self.intercept + sum(self.weights.get(name, 0.0) * v for name, v in values)


def takes_for_granted(text: str) -> bool:
    """Whether a question says how something is, and asks for a yes or for what follows."""
    model = _model()
    return bool(_PRESUPPOSED.search(text)) or model.logit(text) >= model.threshold


def features(text: str) -> dict[str, float]:
    """The runs of a question, whether a wording that asks for a yes is in it, and its length."""
    tokens = [_EDGES[0], *map(_plain, _TOKEN.findall(_straight(text))), _EDGES[1]]
    runs = {
        " ".join(run)
        for length in range(1, LONGEST + 1)
        for start in range(len(tokens) - length + 1)
        if (run := tokens[start : start + length]) and set(run) - {_ANY, *_EDGES}
    }
    wording = bool(ASSERTED.search(text) or _PRESUPPOSED.search(text))
    length = min(3 * _MANY, len(text.split())) / _MANY
    return dict.fromkeys(sorted(runs), 1.0) | {WORDING: float(wording), WORDS: length}


def _straight(text: str) -> str:
    return text.lower().replace("’", "'")


def _plain(token: str) -> str:
    if token[0].isdigit():
        return _FIGURE
    known = not token[0].isalpha() or token.replace("'", "") in EVERYDAY
    return token if known else _ANY


@cache
def _model() -> Granted:
    return Granted.load()
