"""One slip in plain data, such as a file or a resource that was read: for tests of bad input."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

LEFT_OUT = object()
"""The slip of an entry that isn't there."""


def at_path(data: Any, path: tuple[str | int, ...]) -> Any:
    """What stands at a path of keys and positions."""
    for step in path:
        data = data[step]
    return data


def slipped(data: Mapping[str, Any], path: tuple[str | int, ...], slip: object) -> dict[str, Any]:
    """A copy with another value at a path, or with nothing there."""
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    inside = at_path(changed, path[:-1])
    if slip is LEFT_OUT:
        del inside[path[-1]]
    else:
        inside[path[-1]] = slip
    return changed
