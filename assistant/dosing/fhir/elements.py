"""Reads the elements of a FHIR resource: typed, with the path in every complaint.

A modifier that isn't understood changes the meaning of what surrounds it, so it stops the
reading; anything else that has no place is collected to be reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from assistant.dosing.fhir.codes import CHECK_URL
from assistant.dosing.fhir.errors import NotImportable

_SHAPE = "Correct the resource, and validate it before it is imported."
_MODIFIER = "Remove the element if its meaning allows it, or write the rule by hand."
# "comparator" turns a value into a bound; "implicitRules" changes the meaning of all content.
_MODIFIERS = frozenset({"modifierExtension", "implicitRules", "comparator"})


def refuse_modifiers(element: Any, path: str) -> None:
    """Raise NotImportable for the first modifier in an element, however deep."""
    for found, at in walk(element, path):
        for name in sorted(_MODIFIERS.intersection(found)):
            if found[name]:
                raise NotImportable(f"{at}.{name}", "It modifies what is said here.", _MODIFIER)
        if found.get("doNotPerform"):
            raise NotImportable(f"{at}.doNotPerform", "It says what not to do.", _MODIFIER)


def walk(element: Any, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Every object in an element with its path, itself first."""
    if isinstance(element, Mapping):
        yield element, path
        for name, value in element.items():
            yield from walk(value, f"{path}.{name}")
    elif isinstance(element, Sequence) and not isinstance(element, str):
        for number, value in enumerate(element):
            yield from walk(value, f"{path}[{number}]")


def objects(
    element: Mapping[str, Any], name: str, path: str
) -> list[tuple[Mapping[str, Any], str]]:
    """The objects of a repeating element, each with its path; empty when absent."""
    value = element.get(name, [])
    at = f"{path}.{name}"
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise NotImportable(at, "It should be a list of objects.", _SHAPE)
    return [(item, f"{at}[{number}]") for number, item in enumerate(value)]


def single(element: Mapping[str, Any], name: str, path: str) -> Mapping[str, Any]:
    """The object of an element that occurs once; empty when absent."""
    value = element.get(name, {})
    if not isinstance(value, Mapping):
        raise NotImportable(f"{path}.{name}", "It should be an object.", _SHAPE)
    return value


def words(element: Mapping[str, Any], name: str, path: str) -> str:
    """The text of an element; empty when absent."""
    value = element.get(name, "")
    if not isinstance(value, str):
        raise NotImportable(f"{path}.{name}", "It should be a text.", _SHAPE)
    return value


def whole(element: Mapping[str, Any], name: str, path: str) -> int | None:
    """A positive whole number, or None when absent."""
    value = element.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise NotImportable(f"{path}.{name}", "It should be a whole number above 0.", _SHAPE)
    return value


def number(element: Mapping[str, Any], name: str, path: str) -> Fraction | None:
    """An exact number, or None when absent; a binary float is refused."""
    value = element.get(name)
    if value is None:
        return None
    if isinstance(value, float):
        raise NotImportable(
            f"{path}.{name}",
            "It was read as a binary float.",
            "Read the file with read_json, which keeps decimals exact.",
        )
    finite = isinstance(value, Decimal) and value.is_finite()
    if isinstance(value, bool) or not (finite or isinstance(value, int)):
        raise NotImportable(f"{path}.{name}", "It should be a number.", _SHAPE)
    return Fraction(value)


def concept_words(concept: Mapping[str, Any], path: str) -> str:
    """The words of a CodeableConcept: its text, else the first display or code."""
    text = words(concept, "text", path)
    for coding, at in objects(concept, "coding", path):
        text = text or words(coding, "display", at) or words(coding, "code", at)
    return text


def beyond(element: Mapping[str, Any], known: frozenset[str], path: str) -> list[str]:
    """A sentence for every element that isn't among the known ones."""
    return [
        f"{path}.{name}: has no place in a rule and was left out."
        for name in element
        if name not in known and name not in {"id", "extension"}
    ] + [
        f"{at}: an unknown extension was left out."
        for extension, at in objects(element, "extension", path)
        if words(extension, "url", at) != CHECK_URL
    ]
