"""Every adapter tells of people what someone would find who looks at each face."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

import pytest
from catalog_records import a_face, a_record, store
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.people_queries import DynamoPeopleQueries
from kith.adapters.catalog.dynamo.table import Table
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.memory_people_queries import MemoryPeopleQueries
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.people_queries import SqlPeopleQueries
from kith.database.open import open_database
from kith.domain.face import FaceId
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import Catalog, PhotoRecord
from kith.ports.people import Companion, InYear, Order, PeopleQueries, Seen, YearOfPhotos

PEOPLE = [PersonId(str(uuid.UUID(int=(number + 10) << 124 | number))) for number in range(4)]
NOON = datetime(2020, 6, 15, 12)  # noqa: DTZ001 - as a camera says it


@dataclass(frozen=True)
class Room:
    """A catalog, and who answers of its people."""

    catalog: Catalog
    queries: PeopleQueries


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        "dynamodb-tiny",
    ]
)
def room(request: pytest.FixtureRequest) -> Generator[Room]:
    """An empty library of every kind."""
    if request.param == "memory":
        catalog = MemoryCatalog()
        yield Room(catalog, MemoryPeopleQueries(catalog))
        return
    if request.param == "dynamodb-tiny":
        table = Table(TinyDynamo(), "kith")
        yield Room(DynamoCatalog(table), DynamoPeopleQueries(table))
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(open_database(where)) as database:
        yield Room(SqlCatalog(database), SqlPeopleQueries(database))


Made = Sequence[tuple[datetime | None, Sequence[tuple[int, float]]]]
"""Photos: when they were taken, and whose each face is (a number of ``PEOPLE``), how similar."""


def fill(catalog: Catalog, made: Made, people: Sequence[Person] = ()) -> list[PhotoRecord]:
    """Store made photos, with everybody who appears in them."""
    records: list[PhotoRecord] = []
    appearances: list[Appearance] = []
    for number, (taken_at, faces) in enumerate(made):
        record = a_record(f"photo {number}")
        found = tuple(a_face(record.photo.id, rank) for rank in range(len(faces)))
        photo = replace(record.photo, taken_at=taken_at)
        records.append(replace(record, photo=photo, faces=found))
        appearances += [
            Appearance(face.id, PEOPLE[who], similarity)
            for face, (who, similarity) in zip(found, faces, strict=True)
            if who < len(PEOPLE)
        ]
    known = {person.id: person for person in map(Person, PEOPLE)}
    known |= {person.id: person for person in people}
    change = PeopleChange(people=tuple(known.values()), appearances=tuple(appearances))
    store(catalog, records, change=change)
    return records


# -- laws ------------------------------------------------------------------------------------------


def test_people_are_answered_all_at_once(room: Room) -> None:
    """Known people are answered, appearing or not; unknown and merged ones are left out."""
    ana = Person(PEOPLE[0], "Ana", born=None, consent=True)
    fill(room.catalog, [(NOON, [(0, 100.0), (1, 90.0)])], [ana])
    gone = PeopleChange(became=((PEOPLE[3], PEOPLE[1]),))
    room.catalog.regroup(None, gone, room.catalog.edition())
    found = room.queries.people([*PEOPLE, PersonId("none")])
    assert found == {ana.id: ana} | {id_: Person(id_) for id_ in PEOPLE[1:3]}
    assert room.queries.people([]) == {}


def test_summaries_are_those_of_the_list(room: Room) -> None:
    """Summaries of some people are those of the whole list, in its order."""
    made = [(NOON, [(0, 100.0), (1, 90.0)]), (None, [(1, 80.0)]), (NOON, [(2, 70.0)])]
    fill(room.catalog, made, [Person(PEOPLE[2], "Ana")])
    everyone = room.catalog.people()
    assert room.queries.summaries(PEOPLE) == everyone
    some = [each for each in everyone if each.person.id != PEOPLE[1]]
    assert room.queries.summaries([PEOPLE[0], PEOPLE[2], PEOPLE[3]]) == some
    assert room.queries.summaries([]) == []


def test_years_count_photos_once(room: Room) -> None:
    """A year has as many photos as show the person, however often; never known comes last."""
    other = NOON.replace(year=1999)
    made = [(NOON, [(0, 99.0), (0, 98.0)]), (None, [(0, 97.0)]), (other, [(0, 96.0), (1, 9.0)])]
    fill(room.catalog, made)
    assert list(room.queries.years(PEOPLE[0])) == [
        YearOfPhotos(2020, 1), YearOfPhotos(1999, 1), YearOfPhotos(None, 1),
    ]  # fmt: skip
    assert list(room.queries.years(PersonId("none"))) == []


def test_a_span_is_what_the_cameras_said(room: Room) -> None:
    """First and last second are by the cameras' own clocks, wherever they were."""
    east = NOON.replace(tzinfo=timezone(timedelta(hours=9)))
    made = [(east, [(0, 99.0)]), (NOON.replace(microsecond=7), [(0, 9.0)]), (None, [(1, 97.0)])]
    fill(room.catalog, made)
    assert room.queries.span(PEOPLE[0]) == ("2020-06-15T12:00:00", "2020-06-15T12:00:00")
    assert room.queries.span(PEOPLE[1]) is None
    assert room.queries.span(PersonId("none")) is None


def test_who_is_together_leaves_out_the_hidden_and_those_who_refused(room: Room) -> None:
    """Companions come by photos in common; who is hidden or refused is not among them."""
    made = [
        (NOON, [(0, 9.0), (1, 9.0), (2, 9.0), (3, 9.0)]),
        (NOON, [(0, 9.0), (1, 9.0), (1, 8.0)]),
    ]
    hidden, refused = Person(PEOPLE[2], hidden=True), Person(PEOPLE[3], consent=False)
    fill(room.catalog, made, [hidden, refused])
    assert list(room.queries.together(PEOPLE[0], 10)) == [Companion(PEOPLE[1], 2)]
    assert list(room.queries.together(PEOPLE[2], 10)) == [
        Companion(PEOPLE[0], 1), Companion(PEOPLE[1], 1),
    ]  # fmt: skip
    assert len(room.queries.together(PEOPLE[2], 1)) == 1


def test_a_place_that_is_gone_is_still_a_place(room: Room) -> None:
    """A page goes on behind an appearance that is not there any more."""
    records = fill(room.catalog, [(NOON, [(0, 90.0)]), (NOON, [(0, 80.0)]), (NOON, [(0, 70.0)])])
    gone = Seen(FaceId("x"), PhotoId("x"), 80.0, "2020-06-15T12:00:00")
    found = room.queries.appearances(PEOPLE[0], order=Order.SIMILARITY, after=gone, limit=9)
    assert [each.photo_id for each in found] == [records[2].photo.id]


# -- against plain looking -------------------------------------------------------------------------

moments = (
    st.none()
    | st.sampled_from(
        [NOON, NOON.replace(tzinfo=timezone(timedelta(hours=-5))), NOON - timedelta(days=400)]
    )
    | st.datetimes()
)
photos = st.tuples(
    moments,
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0.0, 33.3, 1 / 3, 100.0])), max_size=3),
)


@given(made=st.lists(photos, max_size=8), limit=st.integers(1, 3))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_database_answers_as_plain_looking_does(made: Made, limit: int) -> None:
    """Both adapters give the same answers, and pages of appearances make up the whole."""
    catalog = MemoryCatalog()
    plain = MemoryPeopleQueries(catalog)
    fill(catalog, made)
    with closing(open_database(":memory:")) as database:
        fill(SqlCatalog(database), made)
        queries = SqlPeopleQueries(database)
        for who in PEOPLE:
            assert list(queries.years(who)) == list(plain.years(who))
            assert queries.span(who) == plain.span(who)
            assert list(queries.together(who, 2)) == list(plain.together(who, 2))
            for order in Order:
                whole = list(plain.appearances(who, order=order, limit=99))
                assert _paged(queries, who, order, limit) == whole
                for within in {InYear(year.year) for year in plain.years(who)} | {InYear(1999)}:
                    some = plain.appearances(who, order=order, within=within, limit=99)
                    assert queries.appearances(who, order=order, within=within, limit=99) == some


def _paged(queries: PeopleQueries, who: PersonId, order: Order, limit: int) -> list[Seen]:
    found: list[Seen] = []
    while some := queries.appearances(
        who, order=order, after=found[-1] if found else None, limit=limit
    ):
        found += some
    return found
