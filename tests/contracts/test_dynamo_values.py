"""Every value of the catalog survives its way through DynamoDB, and keys sort as values do."""

from __future__ import annotations

import string
from datetime import timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.sorting import falling, text_beginning, text_key
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import Location, Photo, PhotoId, Place, Problem
from kith.ports.catalog import KnownPlace, PhotoRecord

FIGURES = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.text(st.characters() | st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF))
"""Every character that Python knows, and what names of files hold that are no text."""

LONG = st.builds(str.__mul__, st.sampled_from(["a", "é", "\udcff", "日"]), st.integers(0, 1200))
PATHS = st.builds(str.__add__, TEXTS, LONG)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
PHOTO_IDS = st.text("0123456789abcdef", min_size=64, max_size=64).map(PhotoId)
FACE_IDS = st.uuids().map(str).map(FaceId)
PHOTOS = st.builds(
    Photo,
    PHOTO_IDS,
    st.text(string.ascii_uppercase),
    st.integers(0, 2**31),
    st.integers(0, 2**31),
    NUMBERS,
    st.none() | st.datetimes(timezones=st.none() | OFFSETS),
    st.none() | TEXTS,
    st.none() | st.builds(Location, FIGURES, FIGURES, st.none() | FIGURES),
)
PLACES = st.builds(Place, PATHS, NUMBERS, NUMBERS)
POINTS = st.builds(Point, FIGURES, FIGURES)
DETAILS = st.builds(
    FaceDetail,
    st.builds(Box, FIGURES, FIGURES, st.floats(-1e100, 1e100), st.floats(-1e100, 1e100)),
    FIGURES,
    st.builds(Landmarks, POINTS, POINTS, POINTS, POINTS, POINTS),
    st.builds(Pose, FIGURES, FIGURES, FIGURES),
    st.builds(Quality, FIGURES, FIGURES, FIGURES, FIGURES),
)
PEOPLE = st.builds(
    Person,
    st.uuids().map(str).map(PersonId),
    st.none() | TEXTS,
    st.booleans(),
    st.none() | st.dates(),
    st.none() | FACE_IDS,
    st.none() | st.booleans(),
)


@settings(max_examples=50, deadline=None)
@given(
    photo=PHOTOS,
    place=PLACES,
    face_id=FACE_IDS,
    detail=DETAILS,
    person=PEOPLE,
    figure=FIGURES,
    placeholder=st.none() | st.binary(),
)
def test_what_is_stored_comes_back(  # noqa: PLR0917 - what is drawn are arguments
    photo: Photo,
    place: Place,
    face_id: FaceId,
    detail: FaceDetail,
    person: Person,
    figure: float,
    placeholder: bytes | None,
) -> None:
    """Photos, places, faces, people and appearances come back equal, to the bit."""
    catalog = DynamoCatalog(Table(TinyDynamo(), "kith"))
    face = Face(face_id, photo.id, detail)
    appearance = Appearance(face_id, person.id, figure)
    record = PhotoRecord(photo, place, (face,), placeholder)

    catalog.store([record], [], PeopleChange((person,), (appearance,)), catalog.edition())

    assert list(catalog.photos()) == [photo]
    assert [one.taken_at and one.taken_at.utcoffset() for one in catalog.photos()] == [
        photo.taken_at and photo.taken_at.utcoffset()
    ]
    assert list(catalog.places()) == [KnownPlace(place, photo.id)]
    assert list(catalog.faces()) == [face]
    assert list(catalog.appearances()) == [appearance]
    assert catalog.person(person.id) == person
    assert dict(catalog.placeholders([photo.id])) == (
        {} if placeholder is None else {photo.id: placeholder}
    )


@settings(max_examples=50, deadline=None)
@given(paths=st.sets(PATHS, min_size=2, max_size=8))
def test_files_are_listed_as_python_sorts_their_paths(paths: set[str]) -> None:
    """However long they are, and whatever they hold."""
    catalog = DynamoCatalog(Table(TinyDynamo(), "kith"))

    catalog.note_problems([Problem(Place(path, 1, 1), path, "") for path in paths])

    assert [each.place.path for each in catalog.places()] == sorted(paths)
    assert [each.reason for each in catalog.problems()] == sorted(paths)
    middle = sorted(paths)[len(paths) // 2]
    assert [each.reason for each in catalog.problems(after=middle)] == [
        path for path in sorted(paths) if path > middle
    ]


@given(one=PATHS, other=PATHS)
def test_keys_of_texts_sort_as_the_texts_do(one: str, other: str) -> None:
    """They differ where the texts do, fit into a sort key, and begin as the texts do."""
    keys = text_key(one), text_key(other)

    assert (keys[0] == keys[1]) == (one == other)
    assert all(len(key.encode()) <= 1024 for key in keys)
    assert text_key(one + other).startswith(text_beginning(one))
    if len(one) + len(other) < 200 and one < other:
        assert keys[0].encode() < keys[1].encode()


@given(one=FIGURES, other=FIGURES)
def test_keys_of_figures_sort_the_highest_first(one: float, other: float) -> None:
    """Also where they are negative, or hardly differ; the two zeros are one."""
    assert (falling(one) < falling(other)) == (one > other)
    assert (falling(one) == falling(other)) == (one == other)
