"""Every value of the catalog survives its way through a relational database."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.catalog.sql import SqlCatalog
from kith.database.open import Database
from kith.database.tables import decision_subjects, decisions
from kith.domain.decision import Anchor, Decision, Name, PersonRef
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.grouping import GroupId, Reunion, Seat
from kith.domain.person import Appearance, PeopleChange, Person, PersonId, Standing
from kith.domain.photo import Location, Photo, PhotoId, Place, Problem
from kith.ports.catalog import KnownPlace, PhotoRecord

FIGURES = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
PIXELS = st.integers(0, 2**31 - 1)
TEXTS = st.text(max_size=20)
"""Every character that Python knows: NUL, controls, lone surrogates and all."""

OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
"""Cameras record whole minutes."""

ZONES = st.none() | st.just(UTC) | OFFSETS
TIMES = st.datetimes(timezones=ZONES)
PHOTO_IDS = st.text("0123456789abcdef", min_size=64, max_size=64).map(PhotoId)
FACE_IDS = st.uuids().map(str).map(FaceId)
PERSON_IDS = st.uuids().map(str).map(PersonId)
LOCATIONS = st.builds(Location, FIGURES, FIGURES, st.none() | FIGURES)
PHOTOS = st.builds(
    Photo,
    PHOTO_IDS,
    st.text(string.ascii_uppercase),
    PIXELS,
    PIXELS,
    NUMBERS,
    st.none() | TIMES,
    st.none() | TEXTS,
    st.none() | LOCATIONS,
)
PLACES = st.builds(Place, TEXTS, NUMBERS, NUMBERS)
PROBLEMS = st.builds(Problem, PLACES, TEXTS, TEXTS)
POINTS = st.builds(Point, FIGURES, FIGURES)
RATIOS = st.floats(-1e3, 1e3).map(lambda ratio: round(ratio, 9))
"""PostgreSQL refuses to multiply figures whose product is too small for it."""

BOXES = st.builds(Box, RATIOS, RATIOS, RATIOS, RATIOS)
DETAILS = st.builds(
    FaceDetail,
    BOXES,
    FIGURES,
    st.builds(Landmarks, POINTS, POINTS, POINTS, POINTS, POINTS),
    st.builds(Pose, FIGURES, FIGURES, FIGURES),
    st.builds(Quality, FIGURES, FIGURES, FIGURES, FIGURES),
)
ANCHORS = st.lists(st.builds(Anchor, PHOTO_IDS, BOXES), max_size=3).map(tuple)

many = settings(
    max_examples=40,
    deadline=None,
    # The database is the same for every example: each removes what it added, or adds new ids.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def sql_catalog(database: Database) -> SqlCatalog:
    """A catalog in every kind of database."""
    return SqlCatalog(database)


@many
@given(photo=PHOTOS, place=PLACES, face_id=FACE_IDS, detail=DETAILS)
def test_photos_places_and_faces(
    sql_catalog: SqlCatalog, photo: Photo, place: Place, face_id: FaceId, detail: FaceDetail
) -> None:
    """A photo, its place and its face come back equal, and with the camera's own time zone."""
    face = Face(face_id, photo.id, detail)

    _store(sql_catalog, PhotoRecord(photo, place, (face,)))
    found = list(sql_catalog.photos())
    faces, places = list(sql_catalog.faces()), list(sql_catalog.places())
    sql_catalog.remove_photos([photo.id])

    assert found == [photo]
    assert [_offset(each.taken_at) for each in found] == [_offset(photo.taken_at)]
    assert faces == [face]
    assert places == [KnownPlace(place, photo.id)]


@many
@given(problem=PROBLEMS)
def test_problems(sql_catalog: SqlCatalog, problem: Problem) -> None:
    """A problem comes back equal."""
    sql_catalog.note_problems([problem])
    found = list(sql_catalog.problems())
    sql_catalog.remove_places([problem.place.path])

    assert found == [problem]


@many
@given(
    decision=st.builds(
        Decision,
        st.uuids().map(str),
        st.datetimes(timezones=st.just(UTC)),
        TEXTS,
        st.builds(Name, st.builds(PersonRef, PERSON_IDS, ANCHORS), st.none() | TEXTS),
    )
)
def test_decisions(database: Database, decision: Decision) -> None:
    """A decision comes back equal."""
    with database.write() as connection:
        connection.execute(decision_subjects.delete())
        connection.execute(decisions.delete())
    sql_catalog = SqlCatalog(database)

    sql_catalog.record([decision], PeopleChange(), sql_catalog.edition())

    assert list(sql_catalog.decisions()) == [decision]


@many
@given(
    person=st.builds(
        Person,
        PERSON_IDS,
        st.none() | TEXTS,
        st.booleans(),
        st.none() | st.dates(),
        st.none() | FACE_IDS,
        st.none() | st.booleans(),
    )
)
def test_people(sql_catalog: SqlCatalog, person: Person) -> None:
    """A person comes back equal."""
    sql_catalog.regroup(None, PeopleChange(people=(person,)), sql_catalog.edition())

    assert sql_catalog.person(person.id) == person


@many
@given(
    photo=PHOTOS,
    place=PLACES,
    faces=st.lists(st.tuples(FACE_IDS, DETAILS), min_size=2, max_size=2, unique_by=lambda f: f[0]),
    groups=st.lists(PERSON_IDS.map(GroupId), min_size=2, max_size=2, unique=True),
    figures=st.tuples(FIGURES, FIGURES, FIGURES),
    said=st.tuples(st.booleans(), st.sampled_from(Standing)),
)
def test_steps_appearances_and_standings(  # noqa: PLR0917 - what is drawn are arguments
    sql_catalog: SqlCatalog,
    photo: Photo,
    place: Place,
    faces: list[tuple[FaceId, FaceDetail]],
    groups: list[GroupId],
    figures: tuple[float, float, float],
    said: tuple[bool, Standing],
) -> None:
    """What was made of a face comes back equal."""
    (one, other), (stays, gone) = [face_id for face_id, _ in faces], groups
    found = tuple(Face(face_id, photo.id, detail) for face_id, detail in faces)
    steps = [
        Seat(one, stays, figures[0]),
        Seat(other, gone, figures[1], (one,)),
        Reunion(gone, stays, ((other, one),)),
    ]
    appearance = Appearance(one, PersonId(gone), figures[2], said[0])
    change = PeopleChange(appearances=(appearance,), standings=((other, said[1]),))

    _store(sql_catalog, PhotoRecord(photo, place, found))
    sql_catalog.regroup(steps, change, sql_catalog.edition())
    answers = (
        list(sql_catalog.steps()),
        dict(sql_catalog.appearances_of([one, other])),
        dict(sql_catalog.standings()),
    )
    sql_catalog.remove_photos([photo.id])

    assert answers == (steps, {one: appearance}, {other: said[1]})


@many
@given(paths=st.sets(TEXTS, min_size=2, max_size=8))
def test_paths_sort_as_python_sorts_them(sql_catalog: SqlCatalog, paths: set[str]) -> None:
    """Files are listed in the order of their paths' code points, whatever the paths are."""
    sql_catalog.note_problems([Problem(Place(path, 1, 1), "", "") for path in paths])
    found = [each.place.path for each in sql_catalog.places()]
    sql_catalog.remove_places(paths)

    assert found == sorted(paths)


def _store(sql_catalog: SqlCatalog, record: PhotoRecord) -> None:
    sql_catalog.store([record], [], PeopleChange(), sql_catalog.edition())


def _offset(at: datetime | None) -> timedelta | None:
    return None if at is None else at.utcoffset()
