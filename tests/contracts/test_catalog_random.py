"""Whatever happens to it, a catalog in a database answers as the one in memory does."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.sql import SqlCatalog
from kith.database.metadata import metadata
from kith.database.open import Database
from kith.domain.decision import NameDecision
from kith.domain.errors import NotFoundError
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, GroupingChange, Person, PersonId
from kith.domain.photo import Photo, PhotoId, Place, Problem
from kith.ports.catalog import Catalog, PhotoRecord

PHOTO_IDS = [PhotoId(f"{number:064x}") for number in range(5)]
PEOPLE = [PersonId(str(uuid.UUID(int=number))) for number in range(5)]
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
changes = st.builds(
    GroupingChange,
    st.lists(st.builds(Person, people, st.sampled_from([None, "Ann"])), max_size=2).map(tuple),
    st.lists(
        st.builds(
            Appearance,
            st.sampled_from(FACE_IDS),
            people,
            st.sampled_from([90.0, 95.0, 100.0]),
            st.booleans(),
        ),
        max_size=4,
    ).map(tuple),
    st.lists(st.tuples(people, people), max_size=2).map(tuple),
)


@dataclass(frozen=True)
class Step:
    """One thing that is done to a catalog."""

    name: str
    arguments: tuple[object, ...]

    def do(self, catalog: Catalog) -> None:
        """Do it."""
        getattr(catalog, self.name)(*self.arguments)


def _steps(name: str, *arguments: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    return st.tuples(*arguments).map(lambda values: Step(name, values))


problems = st.builds(Problem, places, st.just("broken"), st.just(""))
decisions = st.builds(
    NameDecision,
    st.uuids().map(str),
    st.just(datetime(2026, 1, 1, tzinfo=UTC)),
    st.just("me"),
    people,
    st.just(()),
    st.sampled_from([None, "Bob", ""]),
)
steps = st.one_of(
    _steps("store", st.lists(records, max_size=3), changes),
    _steps("note_problems", st.lists(problems, max_size=2)),
    _steps("add_places", st.lists(st.tuples(photo_ids, places), max_size=2)),
    _steps("remove_places", st.lists(st.sampled_from(PATHS), max_size=2)),
    _steps("remove_photos", st.lists(photo_ids, max_size=2)),
    _steps("regroup", changes),
    _steps("record", decisions),
)


@pytest.fixture
def emptied(database: Database) -> Callable[[], SqlCatalog]:
    """Empties the database and returns a catalog in it."""

    def empty() -> SqlCatalog:
        with database.write() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
        return SqlCatalog(database)

    return empty


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(steps, max_size=8))
def test_a_database_answers_as_memory_does(
    emptied: Callable[[], SqlCatalog], done: list[Step]
) -> None:
    """The same steps, some of them refused, leave the same answers to every question."""
    expected, actual = MemoryCatalog(), emptied()

    for step in done:
        assert _refused(step, actual) == _refused(step, expected)

    assert _answers(actual) == _answers(expected)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(done=st.lists(steps, max_size=4), last=steps)
def test_the_last_step_may_be_repeated(
    emptied: Callable[[], SqlCatalog], done: list[Step], last: Step
) -> None:
    """Doing the same a second time changes nothing."""
    catalog = emptied()
    for step in [*done, last]:
        _refused(step, catalog)
    once = _answers(catalog)

    _refused(last, catalog)

    assert _answers(catalog) == once


def _refused(step: Step, catalog: Catalog) -> bool:
    try:
        step.do(catalog)
    except NotFoundError:
        return True
    return False


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
        "people of": dict(catalog.people_of(FACE_IDS)),
        "decisions": list(catalog.decisions()),
    }


def _person(catalog: Catalog, person_id: PersonId) -> Person | None:
    try:
        return catalog.person(person_id)
    except NotFoundError:
        return None
