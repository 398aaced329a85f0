"""Decisions as JSON: how the journal is stored, and how it travels from one library to another.

A decision is one object: ``id``, ``at`` (ISO 8601, in UTC), ``by``, ``kind`` and what was said. A
journal is a file of JSON Lines, one decision a line. Unknown keys are left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final, NoReturn, cast

from kith.domain.decision import (
    Anchor,
    BirthDate,
    Confirm,
    Consent,
    Cover,
    Decision,
    DifferentPeople,
    Hide,
    Merge,
    MissedFace,
    Name,
    NotAFace,
    NotThisPerson,
    PersonRef,
    Repeats,
    Reset,
    SamePerson,
    Split,
    Statement,
    Strangers,
    Undo,
)
from kith.domain.errors import UsageError
from kith.domain.face import Box
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

KINDS: Final[Mapping[str, Callable[..., Statement]]] = MappingProxyType(
    {
        "name": Name,
        "merge": Merge,
        "same_person": SamePerson,
        "different_people": DifferentPeople,
        "split": Split,
        "not_this_person": NotThisPerson,
        "confirm": Confirm,
        "hide": Hide,
        "not_a_face": NotAFace,
        "strangers": Strangers,
        "missed_face": MissedFace,
        "cover": Cover,
        "birth_date": BirthDate,
        "repeats": Repeats,
        "consent": Consent,
        "reset": Reset,
        "undo": Undo,
    }
)
"""What can be said, by the name that it has for good."""

_KIND_OF: Final = {statement: kind for kind, statement in KINDS.items()}


# -- writing ---------------------------------------------------------------------------------------


def to_json(decision: Decision) -> dict[str, Any]:
    """The decision as an object of JSON."""
    said = decision.said
    return {
        "id": decision.id,
        "at": decision.at.astimezone(UTC).isoformat(),
        "by": decision.by,
        "kind": kind_of(said),
        **{field.name: _written(getattr(said, field.name)) for field in fields(said)},
    }


def kind_of(said: Statement) -> str:
    """The name of what was said, one of ``KINDS``."""
    return _KIND_OF[type(said)]


def _written(value: object) -> object:
    match value:
        case PersonRef(person_id, anchors):
            return {"person_id": person_id, "anchors": _written(anchors)}
        case Anchor(photo_id, box):
            return {"photo_id": photo_id, "box": [box.left, box.top, box.width, box.height]}
        case tuple():
            return [_written(each) for each in cast("tuple[object, ...]", value)]
        case date():
            return value.isoformat()
        case _:
            return value


# -- reading ---------------------------------------------------------------------------------------


def from_json(value: object) -> Decision:
    """The decision that this object of JSON stands for; the inverse of ``to_json``.

    Raises:
        UsageError: it stands for none; the message names the key at fault.
    """
    values = _object(value, "")
    kind = _text(_at(values, "", "kind"), "kind")
    if kind not in KINDS:
        _refuse("kind", f"{kind!r}, which is no kind of decision; Kith may be too old for it")
    return Decision(
        id=_id(_at(values, "", "id"), "id"),
        at=_time(_at(values, "", "at"), "at"),
        by=_text(_at(values, "", "by"), "by"),
        said=_statement(KINDS[kind], values),
    )


def _statement(statement: Callable[..., Statement], values: Mapping[str, object]) -> Statement:
    # Every statement is a dataclass, and a field of one name means the same in all of them.
    names = [field.name for field in fields(cast("Any", statement))]
    return statement(**{name: _READERS[name](_at(values, "", name), name) for name in names})


def _person(value: object, key: str) -> PersonRef:
    values = _object(value, key)
    return PersonRef(
        PersonId(_id(_at(values, key, "person_id"), f"{key}.person_id")),
        _anchors(_at(values, key, "anchors"), f"{key}.anchors"),
    )


def _anchors(value: object, key: str) -> tuple[Anchor, ...]:
    return tuple(_anchor(each, f"{key}[{number}]") for number, each in enumerate(_list(value, key)))


def _anchor(value: object, key: str) -> Anchor:
    values = _object(value, key)
    return Anchor(
        PhotoId(_id(_at(values, key, "photo_id"), f"{key}.photo_id")),
        _box(_at(values, key, "box"), f"{key}.box"),
    )


def _box(value: object, key: str) -> Box:
    figures = _list(value, key)
    if len(figures) != 4:
        _refuse(key, f"a list of {len(figures)}, not [left, top, width, height]")
    left, top, width, height = (
        _figure(each, f"{key}[{number}]") for number, each in enumerate(figures)
    )
    return Box(left, top, width, height)


def _figure(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(key, f"{_named(value)}, not a number")
    try:
        figure = float(value)
    except OverflowError:
        figure = math.inf
    if not math.isfinite(figure):
        _refuse(key, "no finite number")
    return figure


def _time(value: object, key: str) -> datetime:
    text = _text(value, key)
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return _refuse(key, f"{text!r}, not a time with its offset, such as 2026-05-01T12:30:00+00:00")


def _day(value: object, key: str) -> date:
    text = _text(value, key)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return _refuse(key, f"{text!r}, not a day such as 1990-05-01")


_AN_ID: Final = re.compile("[!-~]{1,64}")
"""Ids are hex and hyphens; others are let pass where the database can hold them."""


def _id(value: object, key: str) -> str:
    text = _text(value, key)
    if not _AN_ID.fullmatch(text):
        _refuse(key, f"{text!r}, not an id")
    return text


def _text(value: object, key: str) -> str:
    return value if isinstance(value, str) else _refuse(key, f"{_named(value)}, not a text")


def _truth(value: object, key: str) -> bool:
    return value if isinstance(value, bool) else _refuse(key, f"{_named(value)}, not true or false")


def _list(value: object, key: str) -> list[object]:
    if not isinstance(value, list):
        _refuse(key, f"{_named(value)}, not a list")
    return cast("list[object]", value)


def _object(value: object, key: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        _refuse(key, f"{_named(value)}, not an object")
    return cast("dict[str, object]", value)


def _at(values: Mapping[str, object], key: str, name: str) -> object:
    if name not in values:
        whole = f"{key}.{name}" if key else name
        raise UsageError(f'no decision can be read from this: the key "{whole}" is missing')
    return values[name]


def _or_none(read: Callable[[object, str], object]) -> Callable[[object, str], object]:
    return lambda value, key: None if value is None else read(value, key)


_READERS: Final[Mapping[str, Callable[[object, str], object]]] = MappingProxyType(
    {
        **dict.fromkeys(("person", "gone", "stays", "one", "other"), _person),
        "faces": _anchors,
        "face": _anchor,
        "name": _or_none(_text),
        "born": _or_none(_day),
        **dict.fromkeys(("hidden", "allowed"), _truth),
        "given": _or_none(_truth),
        **dict.fromkeys(("into", "photo_id", "decision_id"), _id),
        "person_id": _or_none(_id),
    }
)
"""How each field of a statement is read."""


def _refuse(key: str, what: str) -> NoReturn:
    subject = f'the key "{key}"' if key else "it"
    raise UsageError(f"no decision can be read from this: {subject} is {what}")


def _named(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"
