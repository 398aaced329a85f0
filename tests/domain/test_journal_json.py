"""Decisions travel as JSON and come back as they were said."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from kith.domain.journal import KINDS, from_json, to_json
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId

FIGURES = st.floats(allow_nan=False, allow_infinity=False)
ANCHORS = st.builds(
    Anchor,
    st.text("0123456789abcdef", min_size=64, max_size=64).map(PhotoId),
    st.builds(Box, FIGURES, FIGURES, FIGURES, FIGURES),
)
FACES = st.lists(ANCHORS, max_size=3).map(tuple)
PERSON_IDS = st.uuids().map(str).map(PersonId)
PEOPLE = st.builds(PersonRef, PERSON_IDS, FACES)
MAYBE = st.none() | st.booleans()
STATEMENTS: dict[type[Statement], st.SearchStrategy[Statement]] = {
    Name: st.builds(Name, PEOPLE, st.none() | st.text(max_size=20)),
    Merge: st.builds(Merge, PEOPLE, PEOPLE),
    SamePerson: st.builds(SamePerson, PEOPLE, PEOPLE),
    DifferentPeople: st.builds(DifferentPeople, PEOPLE, PEOPLE),
    Split: st.builds(Split, FACES, PEOPLE, PERSON_IDS),
    NotThisPerson: st.builds(NotThisPerson, FACES, PEOPLE),
    Confirm: st.builds(Confirm, FACES, PEOPLE),
    Hide: st.builds(Hide, PEOPLE, st.booleans()),
    NotAFace: st.builds(NotAFace, FACES),
    Strangers: st.builds(Strangers, FACES),
    MissedFace: st.builds(MissedFace, ANCHORS),
    Cover: st.builds(Cover, PEOPLE, ANCHORS),
    BirthDate: st.builds(BirthDate, PEOPLE, st.none() | st.dates()),
    Repeats: st.builds(Repeats, ANCHORS.map(lambda anchor: anchor.photo_id), st.booleans()),
    Consent: st.builds(Consent, PEOPLE, MAYBE),
    Reset: st.builds(Reset, st.none() | PERSON_IDS),
    Undo: st.builds(Undo, st.uuids().map(str)),
}
DECISIONS = st.builds(
    Decision,
    st.uuids().map(str),
    st.datetimes(timezones=st.just(UTC)),
    st.text(max_size=20),
    st.one_of(*STATEMENTS.values()),
)
ANN = PersonRef(
    PersonId("00000000-0000-4000-8000-000000000000"),
    (Anchor(PhotoId("ab" * 32), Box(0.1, 0.2, 0.3, 0.4)),),
)


def test_every_kind_of_statement_has_a_name_and_an_example() -> None:
    """What can be said can be written; this suite tries all of it."""
    said = {kind for union in get_args(Statement) for kind in get_args(union) or (union,)}

    assert set(KINDS.values()) == said == STATEMENTS.keys()


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda kind: kind.__name__)
def test_a_decision_comes_back_as_it_was_said(statement: type[Statement]) -> None:
    """Through JSON and back, every kind of decision is equal to itself."""

    @given(
        st.uuids().map(str),
        st.datetimes(timezones=st.just(UTC)),
        st.text(max_size=20),
        STATEMENTS[statement],
    )
    def comes_back(decision_id: str, at: datetime, by: str, said: Statement) -> None:
        decision = Decision(decision_id, at, by, said)

        assert from_json(json.loads(json.dumps(to_json(decision)))) == decision

    comes_back()


def test_the_format_stays() -> None:
    """A decision is written as earlier versions wrote and read it."""
    said = Split(ANN.anchors, ANN, PersonId("11111111-1111-4111-8111-111111111111"))
    decision = Decision("some-id", datetime(2026, 5, 1, 12, 30, tzinfo=UTC), "me", said)
    anchor = {"photo_id": "ab" * 32, "box": [0.1, 0.2, 0.3, 0.4]}

    assert to_json(decision) == {
        "id": "some-id",
        "at": "2026-05-01T12:30:00+00:00",
        "by": "me",
        "kind": "split",
        "faces": [anchor],
        "person": {"person_id": ANN.person_id, "anchors": [anchor]},
        "into": "11111111-1111-4111-8111-111111111111",
    }


def test_times_of_other_zones_are_read_as_utc() -> None:
    """An offset, or Z, is understood; the time is the same moment in UTC."""
    values = {"id": "x", "by": "me", "kind": "undo", "decision_id": "y"}

    for text in ("2026-05-01T14:30:00+02:00", "2026-05-01T12:30:00Z"):
        at = from_json({**values, "at": text, "note": "unknown keys are left alone"}).at
        assert (at, at.tzinfo) == (datetime(2026, 5, 1, 12, 30, tzinfo=UTC), UTC)


FULL = to_json(
    Decision("some-id", datetime(2026, 5, 1, tzinfo=UTC), "me", Cover(ANN, ANN.anchors[0]))
)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("id", 7, '"id" is a number, not a text'),
        ("id", "", "not an id"),
        ("id", "x" * 65, "not an id"),
        ("at", "yesterday", "not a time"),
        ("at", "2026-05-01T12:30:00", "not a time with its offset"),
        ("at", "0001-01-01T00:00:00+23:00", "not a time"),
        ("by", None, '"by" is null, not a text'),
        ("kind", "enchant", "no kind of decision"),
        ("kind", ["name"], '"kind" is a list'),
        ("person", [], '"person" is a list, not an object'),
        ("person.person_id", None, '"person.person_id" is null'),
        ("person.anchors", {}, '"person.anchors" is an object, not a list'),
        ("person.anchors.0.box", [1, 2, 3], r'"person.anchors\[0\].box" is a list of 3'),
        ("face.photo_id", "ä", '"face.photo_id" is .*not an id'),
        ("face.box.2", True, r'"face.box\[2\]" is true or false, not a number'),
        ("face.box.2", float("nan"), r'"face.box\[2\]" is no finite number'),
        ("face.box.2", 10**400, r'"face.box\[2\]" is no finite number'),
    ],
)
def test_a_malformed_value_is_named(key: str, value: object, words: str) -> None:
    """What cannot be read is refused with the key and what is wrong with it."""
    with pytest.raises(UsageError, match=words):
        from_json(_with(FULL, key, value))


@pytest.mark.parametrize(
    "key", ["id", "at", "by", "kind", "person", "person.anchors", "face", "face.box"]
)
def test_a_missing_key_is_named(key: str) -> None:
    """A decision that lacks a key is refused with the key's name."""
    with pytest.raises(UsageError, match=f'the key "{key}" is missing'):
        from_json(_without(FULL, key))


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [("hide", "hidden", 1), ("birth_date", "born", "1990-13-01"), ("consent", "given", "yes")],
)
def test_the_values_of_a_kind_are_checked(kind: str, key: str, value: object) -> None:
    """Truth, days and consent are read strictly."""
    values = {**FULL, "kind": kind, key: value}

    with pytest.raises(UsageError, match=f'the key "{key}" is'):
        from_json(values)


@pytest.mark.parametrize("value", [None, 1, "text", [], [{}]])
def test_what_is_no_object_is_refused(value: object) -> None:
    """A line that is JSON but no object is no decision."""
    with pytest.raises(UsageError, match="not an object"):
        from_json(value)


@given(DECISIONS, st.data())
def test_nothing_but_a_usage_error_comes_of_a_spoilt_decision(
    decision: Decision, data: st.DataObject
) -> None:
    """Whatever stands in place of one of its values, a decision is read or refused."""
    values = to_json(decision)
    names = [field.name for field in fields(cast("Any", decision.said))]
    key = data.draw(st.sampled_from(["id", "at", "by", "kind", *names]))
    junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    values[key] = data.draw(st.recursive(junk, lambda inner: st.lists(inner) | _objects(inner)))

    try:
        read = to_json(from_json(values))
    except UsageError as error:
        words = str(error)
    else:
        words = str(read.keys())

    assert key in words


def _objects(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.sampled_from(["person_id", "anchors", "photo_id", "box"]) | st.text(max_size=3)
    return st.dictionaries(keys, values, max_size=3)


def _with(values: dict[str, Any], key: str, value: object) -> object:
    spoilt, inner, last = _down_to(values, key)
    inner[last] = value
    return spoilt


def _without(values: dict[str, Any], key: str) -> object:
    spoilt, inner, last = _down_to(values, key)
    del inner[last]
    return spoilt


def _down_to(values: dict[str, Any], key: str) -> tuple[object, Any, Any]:
    """A copy of the values, what in it holds the key's last part, and that part."""
    spoilt = json.loads(json.dumps(values))
    parts = [int(part) if part.isdigit() else part for part in key.split(".")]
    inner = spoilt
    for part in parts[:-1]:
        inner = inner[part]
    return spoilt, inner, parts[-1]
