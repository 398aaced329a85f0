"""The service's shapes, out of the description that every AWS SDK is generated from.

The description is botocore's ``service-2.json``, already parsed; where it lies is the caller's
matter. What this module leaves out (documentation, paginators) is nothing the wire needs.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Final


@dataclass(frozen=True)
class Text:
    """A string.

    Attributes:
        least: characters that it must have at least, if there is such a limit.
        most: characters that it may have at most, if there is such a limit.
        pattern: regular expression in Java's dialect that all of it must match; may be empty.
        choices: the values that it may have; empty where any is right.
    """

    least: int | None = None
    most: int | None = None
    pattern: str = ""
    choices: tuple[str, ...] = ()

    @cached_property
    def regex(self) -> re.Pattern[str] | None:
        """The pattern as Python's; compiled when it is first needed, for few are."""
        return re.compile(_CATEGORY.sub(_characters, self.pattern)) if self.pattern else None


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of 32 or 64 bits, with the limits that the model sets, if any."""

    bits: int
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Real:
    """A number of 32 bits on the wire, with the limits that the model sets, if any."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time: seconds since 1970 as a number on the wire."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes, base64 on the wire; limits count bytes."""

    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; limits count its items."""

    item: Shape
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map of strings to values; limits count its entries."""

    key: Text
    value: Shape
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """Named members.

    Attributes:
        name: of the structure in the model; shown in messages.
        members: by their name on the wire, in the model's order.
        required: the names that must be there.
    """

    name: str = ""
    members: Mapping[str, Shape] = field(default_factory=dict[str, "Shape"])
    required: frozenset[str] = frozenset()


Shape = Text | Whole | Real | Flag | Moment | Blob | ListOf | MapOf | Structure


@dataclass(frozen=True, slots=True)
class Service:
    """The service: what its operations take and give.

    Attributes:
        target: what stands before the operation's name in ``X-Amz-Target``.
        signing_name: the service's name in the scope of signatures.
        operations: the name of every operation, in alphabetical order.
    """

    target: str
    signing_name: str
    operations: tuple[str, ...]
    _described: Mapping[str, Mapping[str, Any]]
    _shapes: Mapping[str, Mapping[str, Any]]

    def takes(self, operation: str) -> Structure:
        """The shape of an operation's request."""
        return self._structure(operation, "input")

    def gives(self, operation: str) -> Structure:
        """The shape of an operation's answer."""
        return self._structure(operation, "output")

    def _structure(self, operation: str, side: str) -> Structure:
        if side not in self._described[operation]:
            return Structure()
        shape = _shape(self._described[operation][side]["shape"], self._shapes)
        assert isinstance(shape, Structure)
        return shape


def service_of(description: Mapping[str, Any]) -> Service:
    """The service that botocore's description, parsed from its JSON, tells of."""
    metadata = description["metadata"]
    return Service(
        target=metadata["targetPrefix"],
        signing_name=metadata.get("signingName", metadata["endpointPrefix"]),
        operations=tuple(sorted(description["operations"])),
        _described=description["operations"],
        _shapes=description["shapes"],
    )


def _shape(name: str, shapes: Mapping[str, Mapping[str, Any]]) -> Shape:
    """The shape of that name, with all it is made of; no shape of Rekognition contains itself."""
    told = shapes[name]
    limits = {"least": told.get("min"), "most": told.get("max")}
    match told["type"]:
        case "structure":
            members = {
                member: _shape(of["shape"], shapes) for member, of in told["members"].items()
            }
            return Structure(name, members, frozenset(told.get("required", ())))
        case "list":
            return ListOf(_shape(told["member"]["shape"], shapes), **limits)
        case "map":
            key = _shape(told["key"]["shape"], shapes)
            assert isinstance(key, Text)
            return MapOf(key, _shape(told["value"]["shape"], shapes), **limits)
        case "string":
            choices = tuple(told.get("enum", ()))
            return Text(**limits, pattern=told.get("pattern", ""), choices=choices)
        case other:
            return _plain(other, limits)


def _plain(kind: str, limits: Mapping[str, Any]) -> Shape:
    match kind:
        case "integer" | "long":
            return Whole(64 if kind == "long" else 32, **limits)
        case "float" | "double":
            return Real(**limits)
        case "blob":
            return Blob(**limits)
        case "boolean":
            return Flag()
        case "timestamp":
            return Moment()
        case _:
            raise ValueError(f"the service's model has a shape of an unknown kind, {kind!r}")


_CATEGORY: Final = re.compile(r"\\p\{(\w)\}")
"""Java's ``\\p{L}`` within a character class, which Python's expressions lack."""


def _characters(category: re.Match[str]) -> str:
    return _ranges()[category[1]]


@cache
def _ranges() -> Mapping[str, str]:
    """The characters of each general category (L, Z, N, ...), as the inside of a class."""
    ranges: dict[str, list[str]] = {}
    start, current = 0, ""
    for code in range(sys.maxunicode + 2):
        category = unicodedata.category(chr(code))[0] if code <= sys.maxunicode else ""
        if category != current:
            if current:
                ranges.setdefault(current, []).append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start, current = code, category
    return {category: "".join(parts) for category, parts in ranges.items()}
