r"""The JSON of a request → its members, checked against the model as the real service checks them.

What has the wrong type is a ``SerializationException``, and ends the reading. What breaks a
constraint is gathered, and told in one ``ValidationException``::

    2 validation errors detected: Value 'a b' at 'collectionId' failed to satisfy constraint: Member
    must satisfy regular expression pattern: [a-zA-Z0-9_.\-]+; Value null at 'image' failed to
    satisfy constraint: Member must not be null

The words are those of recorded answers of Rekognition and of its sibling services, which share the
layer that says them. Items of a list that are structures have paths (``tags.1.member.key``); where
items are plain values, the list as a whole fails.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NoReturn, cast

import pybase64

from kith.rekognition.constraints import complaints_about, lower_camel, missing, too_many
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Members
from kith.rekognition.model import (
    Blob,
    Flag,
    ListOf,
    MapOf,
    Moment,
    Real,
    Shape,
    Structure,
    Text,
    Whole,
)


def read(shape: Structure, document: Any) -> Members:
    """The members of a request.

    Args:
        shape: what the operation takes.
        document: the request's body, parsed.

    Raises:
        RekognitionError: ``SerializationException`` where a type is wrong, ``ValidationException``
            where a constraint does not hold.
    """
    complaints: list[str] = []
    members = _structure(shape, document, "", complaints)
    if complaints:
        count = f"{len(complaints)} validation error{'s' if len(complaints) > 1 else ''}"
        raise RekognitionError(Kind.VALIDATION, f"{count} detected: {'; '.join(complaints)}")
    return members


def _structure(shape: Structure, value: Any, path: str, complaints: list[str]) -> dict[str, Any]:
    given = _mapping(value)
    members: dict[str, Any] = {}
    for name, member in shape.members.items():
        below = f"{path}.{lower_camel(name)}" if path else lower_camel(name)
        if given.get(name) is not None:
            members[name] = _value(member, given[name], below, complaints)
        elif name in shape.required:
            complaints.append(missing(below))
    return members


def _value(shape: Shape, value: Any, path: str, complaints: list[str]) -> Any:
    """A value as its shape's type; what is wrong with it is added to ``complaints``."""
    match shape:
        case Structure():
            return _structure(shape, value, path, complaints)
        case ListOf(Structure()):
            return _structures(shape, _list(value), path, complaints)
        case ListOf():
            value = [_plain(shape.item, item) for item in _list(value)]
        case MapOf(key, of):
            value = {_plain(key, name): _plain(of, at) for name, at in _mapping(value).items()}
        case _:
            value = _plain(shape, value)
    complaints += complaints_about(shape, value, path)
    return value


def _structures(
    shape: ListOf, given: list[Any], path: str, complaints: list[str]
) -> list[dict[str, Any]]:
    assert isinstance(shape.item, Structure)
    items: list[dict[str, Any]] = []
    # Past the limit nothing is looked at: a request must not make us write a long answer.
    for number, one in enumerate(given[: shape.most], 1):
        items.append(_structure(shape.item, one, f"{path}.{number}.member", complaints))
    if len(given) > len(items):
        complaints.append(too_many(shape, items, path))
    else:
        complaints += complaints_about(shape, items, path)
    return items


# -- types -----------------------------------------------------------------------------------------


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _mistyped(value, "structure or map")
    return cast("dict[str, Any]", value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        _mistyped(value, "list")
    return cast("list[Any]", value)


def _plain(shape: Shape, value: Any) -> Any:
    """A value that has no members, as its shape's type."""
    match shape:
        case Text():
            return _text(value)
        case Blob():
            return _blob(value)
        case Whole(bits):
            return _whole(value, bits)
        case Real() | Moment():
            return _real(value)
        case Flag():
            return _flag(value)
        case _:
            raise TypeError(f"{shape} within a list or map is not in Rekognition's model")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        _mistyped(value, "String")
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise RekognitionError(
                Kind.SERIALIZATION, "A String has half a surrogate pair"
            ) from None
    return value


def _blob(value: Any) -> bytes:
    if not isinstance(value, str):
        _mistyped(value, "Blob")
    try:
        return pybase64.b64decode(value, validate=True)
    except ValueError:
        raise RekognitionError(Kind.SERIALIZATION, "A Blob is not valid base64") from None


def _whole(value: Any, bits: int) -> int:
    name = "Long" if bits == 64 else "Integer"
    if isinstance(value, bool) or not isinstance(value, int | float):
        _mistyped(value, name)
    # Some programs write 5.0 and mean 5; what has no whole value, or not so many bits, is refused.
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1) or int(value) != value:
        _mistyped(value, name)
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _mistyped(value, "Float")
    try:
        number = float(value)
    except OverflowError:
        _mistyped(value, "Float")
    if not math.isfinite(number):
        _mistyped(value, "Float")
    return number


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        _mistyped(value, "Boolean")
    return value


def _mistyped(value: Any, wanted: str) -> NoReturn:
    match value:
        case dict():
            told = "Start of structure or map found where not expected."
        case list():
            told = "Start of list found where not expected"
        case _:
            article = "an" if wanted[0] in "AEIOU" else "a"
            told = f"{_token(value)} can not be converted to {article} {wanted}"
    raise RekognitionError(Kind.SERIALIZATION, told)


def _token(value: Any) -> str:
    """The kind of JSON token, in the words of the parser that the service uses."""
    match value:
        case None:
            return "NULL_VALUE"
        case bool():
            return "TRUE_VALUE" if value else "FALSE_VALUE"
        case str():
            return "STRING_VALUE"
        case _:
            return "NUMBER_VALUE"
