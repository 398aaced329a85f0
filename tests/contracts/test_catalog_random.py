"""Whatever happens to it, a catalog in a database answers as the one in memory does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.table import Table
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.sql import SqlCatalog
from kith.database.metadata import metadata
from kith.database.open import Database
from kith.database.tables import edition
from kith.domain.decision import (
    Anchor,
    Decision,
    Merge,
    Name,
    PersonRef,
    Repeats,
    Reset,
    Split,
    Statement,
    Undo,
)
from kith.domain.errors import NotFoundError, StaleError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.grouping import GroupId, Reunion, Seat
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Catalog, PhotoRecord

T = TypeVar("T")

PHOTO_IDS = [PhotoId(f"{number:064x}") for number in range(5)]
PEOPLE = [PersonId(str(uuid.UUID(int=number))) for number in range(5)]
GROUPS = [GroupId(person_id) for person_id in PEOPLE]
PATHS = ["/a", "/a/b", "/a/b/c", "/a/b0", "/a!", "/d"]


def _face(photo_id: PhotoId, rank: int) -> Face:
    number = PHOTO_IDS.index(photo_id) * 3 + rank
    point = Point(0.5, 0.5)
    return Face(
        FaceId(str(uuid.UUID(int=number))),
        photo_id,
        FaceDetail(
            # Some boxes and qualities are equal, so that ties are met.
            Box(0.1, 0.1, 0.1 + rank // 2, 0.2),
            99.0,
            Landmarks(point, point, point, point, point),
            Pose(0.0, 0.0, 0.0),
            Quality(50.0, 50.0, 100.0, 50.0 + number % 2),
        ),
    )


def _record(photo_id: PhotoId, place: Place) -> PhotoRecord:
    faces = tuple(_face(photo_id, rank) for rank in range(3))
    return PhotoRecord(Photo(photo_id, "JPEG", 4, 3, 12), place, faces)


FACE_IDS = [_face(photo_id, rank).id for photo_id in PHOTO_IDS for rank in range(3)]

places = st.builds(Place, st.sampled_from(PATHS), st.just(1), st.integers(0, 3))
photo_ids = st.sampled_from(PHOTO_IDS)
people = st.sampled_from(PEOPLE)
records = st.builds(_record, photo_ids, places)
faces = st.sampled_from(FACE_IDS)
groups = st.sampled_from(GROUPS)


def _few(values: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(values, max_size=most).map(tuple)


similarities = st.sampled_from([90.0, 95.0, 100.0])
steps = st.one_of(
    st.builds(Seat, faces, groups, similarities, _few(faces)),
    st.builds(Seat, faces, groups, similarities, _few(faces)),
    st.builds(Reunion, groups, groups, _few(st.tuples(faces, faces))),
)
_any_changes = st.builds(
    PeopleChange,
    people=_few(
        st.builds(
            Person,
            people,
            st.sampled_from([None, "Ann"]),
            st.booleans(),
            st.sampled_from([None, date(1990, 2, 28)]),
            st.none() | faces,
            st.sampled_from([None, False, True]),
        )
    ),
    appearances=_few(st.builds(Appearance, faces, people, similarities, st.booleans()), 4),
    nobody=_few(faces),
    standings=_few(st.tuples(faces, st.none() | st.sampled_from(Standing))),
    became=_few(st.tuples(people, people), 3),
    homes=_few(st.tuples(groups, st.none() | people)),
)
# Nobody is given a face by the change by which he becomes part of another.
changes = _any_changes.filter(
    lambda change: {each.person_id for each in change.appearances}.isdisjoint(
        gone for gone, _ in change.became
    )
)


@dataclass(frozen=True)
class Deed:
    """One thing that is done to a catalog.

    Attributes:
        name: the method.
        arguments: its arguments, without the edition.
        late: how many editions behind the catalog is; ``None`` where the method takes no edition.
    """

    name: str
    arguments: tuple[object, ...]
    late: int | None = None

    def do(self, catalog: Catalog) -> None:
        """Do it."""
        edition = () if self.late is None else (catalog.edition() - self.late,)
        getattr(catalog, self.name)(*self.arguments, *edition)


def _deeds(name: str, *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Deed]:
    return st.tuples(*arguments).map(lambda values: Deed(name, values))


def _changes(name: str, *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Deed]:
    late = st.sampled_from([0, 0, 0, 0, 1])
    return st.tuples(st.tuples(*arguments), late).map(lambda drawn: Deed(name, *drawn))


problems = st.builds(Problem, places, st.just("broken"), st.just(""))
anchors = st.builds(Anchor, photo_ids, st.just(Box(0.1, 0.2, 0.3, 0.4)))
refs = st.builds(PersonRef, people, _few(anchors))
statements: st.SearchStrategy[Statement] = st.one_of(
    st.builds(Name, refs, st.sampled_from([None, "Bob", ""])),
    st.builds(Merge, refs, refs),
    st.builds(Split, _few(anchors), refs, people),
    st.builds(Repeats, photo_ids, st.booleans()),
    st.builds(Reset, st.none() | people),
    st.builds(Undo, st.sampled_from(PEOPLE)),
)
decisions = st.builds(
    Decision,
    # Few ids, so that some are met again.
    st.integers(0, 20).map(lambda number: str(uuid.UUID(int=number))),
    st.just(datetime(2026, 1, 1, tzinfo=UTC)),
    st.just("me"),
    statements,
)
deeds = st.one_of(
    _changes("store", st.lists(records, max_size=3), _few(steps, 6), changes),
    _changes("store", st.lists(records, max_size=3), _few(steps, 6), changes),
    _changes("regroup", st.none() | _few(steps, 9), changes),
    _changes("record", _few(decisions, 3), changes),
    _deeds("note_problems", st.lists(problems, max_size=2)),
    _deeds("add_places", st.lists(st.tuples(photo_ids, places), max_size=2)),
    _deeds("remove_places", st.lists(st.sampled_from(PATHS), max_size=2)),
    _deeds("remove_photos", st.lists(photo_ids, max_size=2)),
)


def _may_be_repeated(deed: Deed) -> bool:
    """Whether nobody becomes part of somebody who moves on by the same change.

    Whom he becomes part of hangs on where that one was before, which is another place afterwards.
    """
    moves = [
        pair for each in deed.arguments if isinstance(each, PeopleChange) for pair in each.became
    ]
    return {gone for gone, _ in moves}.isdisjoint(into for _, into in moves)


@pytest.fixture
def emptied(database: Database) -> Callable[[], SqlCatalog]:
    """Empties the database and returns a catalog in it."""

    def empty() -> SqlCatalog:
        with database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                if table is not edition:
                    connection.execute(table.delete())
        return SqlCatalog(database)

    return empty


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(deeds, max_size=8))
def test_a_database_answers_as_memory_does(
    emptied: Callable[[], SqlCatalog], done: list[Deed]
) -> None:
    """The same deeds, some of them refused, leave the same answers to every question."""
    expected, actual = MemoryCatalog(), emptied()

    for deed in done:
        assert _growth(deed, actual) == _growth(deed, expected)

    assert _answers(actual) == _answers(expected)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(done=st.lists(deeds, min_size=3, max_size=12))
def test_a_table_of_dynamodb_answers_as_memory_does(done: list[Deed]) -> None:
    """The same deeds leave the same answers; and the last one, done again, changes nothing."""
    expected, actual = MemoryCatalog(), DynamoCatalog(Table(TinyDynamo(), "kith"))

    for deed in done:
        assert _growth(deed, actual) == _growth(deed, expected)

    assert _answers(actual) == _answers(expected)
    assume(_may_be_repeated(done[-1]))
    _growth(done[-1], actual)
    assert _answers(actual) == _answers(expected)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(deeds, max_size=4), last=deeds)
def test_the_last_deed_may_be_repeated(
    emptied: Callable[[], SqlCatalog], done: list[Deed], last: Deed
) -> None:
    """Doing the same a second time changes nothing."""
    assume(_may_be_repeated(last))
    catalog = emptied()
    for deed in [*done, last]:
        _growth(deed, catalog)
    once = _answers(catalog)

    _growth(last, catalog)

    assert _answers(catalog) == once


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(deeds, max_size=4), last=deeds)
def test_who_sees_the_same_edition_sees_the_same(
    emptied: Callable[[], SqlCatalog], done: list[Deed], last: Deed
) -> None:
    """As long as the edition stays, nothing changes."""
    catalog = emptied()
    for deed in done:
        _growth(deed, catalog)
    before = _answers(catalog)

    grown = _growth(last, catalog)

    if not grown:
        assert _answers(catalog) == before


def _growth(deed: Deed, catalog: Catalog) -> int | None:
    """By how much the edition grew; ``None`` where the catalog refused."""
    before = catalog.edition()
    try:
        deed.do(catalog)
    except (NotFoundError, StaleError):
        assert catalog.edition() == before
        return None
    return catalog.edition() - before


def _answers(catalog: Catalog) -> dict[str, object]:
    return {
        "counts": catalog.counts(),
        "photos": list(catalog.photos()),
        "some photos": list(catalog.photos(PHOTO_IDS[3:0:-1])),
        "has": catalog.has_photos(PHOTO_IDS),
        "places": {under: list(catalog.places(under)) for under in ("", "/", *PATHS)},
        "problems": {under: list(catalog.problems(under)) for under in ("", *PATHS)},
        "places of": dict(catalog.places_of(PHOTO_IDS)),
        "faces": list(catalog.faces()),
        "some faces": list(catalog.faces(PHOTO_IDS[:2])),
        "by id": dict(catalog.faces_by_id(FACE_IDS)),
        "people": list(catalog.people()),
        "each": {id_: _person(catalog, id_) for id_ in PEOPLE},
        "appearances": list(catalog.appearances()),
        "some appearances": list(catalog.appearances(PEOPLE[:2])),
        "appearances of": dict(catalog.appearances_of(FACE_IDS)),
        "standings": dict(catalog.standings()),
        "some standings": dict(catalog.standings(FACE_IDS[:4])),
        "groups": dict(catalog.groups_of(FACE_IDS)),
        "current": dict(catalog.current_groups(GROUPS)),
        "group faces": {id_: set(all_) for id_, all_ in catalog.group_faces(GROUPS).items()},
        "homes": dict(catalog.homes(GROUPS)),
        "steps": list(catalog.steps()),
        "some steps": [list(catalog.steps([group_id])) for group_id in GROUPS],
        "decisions": list(catalog.decisions()),
        "some decisions": [list(catalog.decisions([id_])) for id_ in (*PHOTO_IDS, *PEOPLE)],
    }


def _person(catalog: Catalog, person_id: PersonId) -> Person | None:
    try:
        return catalog.person(person_id)
    except NotFoundError:
        return None
