"""The constraints of the model, and the words in which the service says that one does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from kith.rekognition.model import (
    Blob,
    Flag,
    ListOf,
    MapOf,
    Real,
    Shape,
    Structure,
    Text,
    Whole,
)

_SHOWN: Final = 1024
"""Characters of a refused value that are repeated in the message."""

_Bounded = Text | Blob | Whole | Real | ListOf | MapOf


def complaints_about(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """What is wrong with a value, not with the structures in it.

    Args:
        shape: what it should be.
        value: of the type that the shape says.
        path: where it stands, such as ``image.bytes``.
    """
    for constraint in _broken(shape, value):
        yield _complaint(f"'{_shown(shape, value)}'", path, constraint)


def missing(path: str) -> str:
    """A required member is not there."""
    return _complaint("null", path, "Member must not be null")


def too_many(shape: ListOf, first: list[Any], path: str) -> str:
    """A list has more items than it may have; of those, only the first were read."""
    assert shape.most is not None
    constraint = _bound("have length", "less", shape.most)
    return _complaint(f"'{_shown(shape, first)}'", path, constraint)


def lower_camel(name: str) -> str:
    """A member's name as messages have it."""
    return name[0].lower() + name[1:]


def _complaint(value: str, path: str, constraint: str) -> str:
    return f"Value {value} at '{path}' failed to satisfy constraint: {constraint}"


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    """The constraints that a value breaks."""
    match shape:
        case Text():
            yield from _out_of_bounds(shape, len(value), "have length")
            if shape.regex and not shape.regex.fullmatch(value):
                yield _pattern(shape)
            if shape.choices and value not in shape.choices:
                yield _enumeration(shape)
        case Blob():
            yield from _out_of_bounds(shape, len(value), "have length")
        case Whole() | Real():
            yield from _out_of_bounds(shape, value, "have value")
        case ListOf(item):
            yield from _out_of_bounds(shape, len(value), "have length")
            yield from _broken_within(item, value, "Member")
        case MapOf(key, of):
            yield from _out_of_bounds(shape, len(value), "have length")
            yield from _broken_within(key, value, "Map keys")
            yield from _broken_within(of, value.values(), "Map value")
        case _:
            return


def _broken_within(shape: Shape, values: Iterable[Any], which: str) -> Iterator[str]:
    """Plain values of a list or map fail together, with all that is asked of each."""
    if any(True for value in values for _ in _broken(shape, value)):
        yield f"{which} must satisfy constraint: [{', '.join(_constraints(shape))}]"


def _constraints(shape: Shape) -> Iterator[str]:
    match shape:
        case Text() | Blob():
            yield from _bounds(shape, "have length")
        case Whole() | Real():
            yield from _bounds(shape, "have value")
        case _:
            return
    if isinstance(shape, Text):
        if shape.pattern:
            yield _pattern(shape)
        if shape.choices:
            yield _enumeration(shape)


def _out_of_bounds(shape: _Bounded, size: float, verb: str) -> Iterator[str]:
    if shape.most is not None and size > shape.most:
        yield _bound(verb, "less", shape.most)
    if shape.least is not None and size < shape.least:
        yield _bound(verb, "greater", shape.least)


def _bounds(shape: _Bounded, verb: str) -> Iterator[str]:
    if shape.most is not None:
        yield _bound(verb, "less", shape.most)
    if shape.least is not None:
        yield _bound(verb, "greater", shape.least)


def _bound(verb: str, way: str, limit: float) -> str:
    return f"Member must {verb} {way} than or equal to {limit}"


def _pattern(shape: Text) -> str:
    return f"Member must satisfy regular expression pattern: {shape.pattern}"


def _enumeration(shape: Text) -> str:
    return f"Member must satisfy enum value set: [{', '.join(shape.choices)}]"


def _shown(shape: Shape, value: Any) -> str:
    text = _written(shape, value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _written(shape: Shape, value: Any) -> str:
    """A value as Java writes it; of a blob, only how long it is."""
    match shape:
        case Blob():
            return f"java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]"
        case ListOf(item):
            return f"[{', '.join(_written(item, of) for of in value)}]"
        case MapOf(_, of):
            entries = (f"{key}={_written(of, entry)}" for key, entry in value.items())
            return f"{{{', '.join(entries)}}}"
        case Structure():
            members = (
                f"{lower_camel(name)}={_written(shape.members[name], of)}"
                for name, of in value.items()
            )
            return f"{shape.name}({', '.join(members)})"
        case Flag():
            return str(value).lower()
        case _:
            return str(value)
