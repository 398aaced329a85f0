"""Every value of the catalog survives its way through a relational database."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.catalog.sql import SqlCatalog
from kith.database.open import Database
from kith.database.tables import decisions
from kith.domain.decision import Anchor, NameDecision
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import GroupingChange, Person, person_id_of
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

    sql_catalog.store([PhotoRecord(photo, place, (face,))], GroupingChange())
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
        NameDecision,
        st.uuids().map(str),
        st.datetimes(timezones=st.just(UTC)),
        TEXTS,
        FACE_IDS.map(person_id_of),
        ANCHORS,
        st.none() | TEXTS,
    )
)
def test_decisions(database: Database, decision: NameDecision) -> None:
    """A decision comes back equal, and so does the name that it gave."""
    with database.write() as connection:
        connection.execute(decisions.delete())
    sql_catalog = SqlCatalog(database)
    sql_catalog.regroup(GroupingChange(founded=(Person(decision.person_id),)))

    sql_catalog.record(decision)

    assert list(sql_catalog.decisions()) == [decision]
    assert sql_catalog.person(decision.person_id).name == decision.name


@many
@given(paths=st.sets(TEXTS, min_size=2, max_size=8))
def test_paths_sort_as_python_sorts_them(sql_catalog: SqlCatalog, paths: set[str]) -> None:
    """Files are listed in the order of their paths' code points, whatever the paths are."""
    sql_catalog.note_problems([Problem(Place(path, 1, 1), "", "") for path in paths])
    found = [each.place.path for each in sql_catalog.places()]
    sql_catalog.remove_places(paths)

    assert found == sorted(paths)


def _offset(at: datetime | None) -> timedelta | None:
    return None if at is None else at.utcoffset()
