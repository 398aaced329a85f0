"""Emulators of DynamoDB sort and page as the adapters believe that it does."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest
from dynamo_tables import dynamo_of
from made_photos import LABELS, LINES, PEOPLE, Made, MadeFace, MadePhoto, fill, in_memory

from kith.adapters.catalog.dynamo.albums import DynamoAlbums
from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.findings import DynamoFindings
from kith.adapters.catalog.dynamo.people_queries import DynamoPeopleQueries
from kith.adapters.catalog.dynamo.queries import DynamoPhotoQueries
from kith.adapters.catalog.dynamo.table import Table
from kith.adapters.catalog.memory_people_queries import MemoryPeopleQueries
from kith.domain.label import SeenLabels
from kith.domain.person import Person
from kith.domain.query import HasFaces, ShowsText, ShowsUnnamed, TakenOn
from kith.domain.selection import (
    Condition,
    InFolder,
    Labelled,
    Picked,
    Selection,
    Shows,
    Under,
    Wanted,
)
from kith.domain.text import ReadText
from kith.pipeline.albums.records import Records
from kith.ports.people import InYear, PeopleQueries, Seen
from kith.ports.people import Order as PeopleOrder
from kith.ports.queries import Order, Position

FIRST = datetime(2023, 12, 31, 23, 59, 58, tzinfo=UTC)
MADE = Made(
    photos=tuple(
        MadePhoto(
            None if number == 3 else FIRST + timedelta(seconds=number // 2 * 2),
            "Camera",
            (MadeFace(PEOPLE[0], 80.0 + number % 3), MadeFace(PEOPLE[number % 3], 90.0)),
            SeenLabels((LABELS[number % 3],), "1"),
            ReadText((LINES[number % 3],), "1"),
        )
        for number in range(5)
    ),
    holders=(0, 1, 2, 3, -1, 4, 0),
    people=(Person(PEOPLE[0], "Ana"), Person(PEOPLE[1]), Person(PEOPLE[2], hidden=True)),
    picked=frozenset({1, 3}),
)
ASKED: list[Wanted] = [
    Shows(frozenset({PEOPLE[1], PEOPLE[2]})),
    ShowsUnnamed(),
    HasFaces(1, 1),
    TakenOn(FIRST.date(), FIRST.date()),
    Under("/a"),
    InFolder("/a/b"),
    Picked("best"),
    Labelled(frozenset({LABELS[1].name})),
    ShowsText("gate"),
]


@pytest.fixture(
    params=[
        pytest.param("tiny", id="tiny"),
        pytest.param("moto_endpoint", id="moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="ministack", marks=pytest.mark.emulators),
        pytest.param("dynalite_endpoint", id="dynalite", marks=pytest.mark.emulators),
    ]
)
def table(request: pytest.FixtureRequest) -> Generator[Table]:
    """An empty table."""
    with dynamo_of(request) as table:
        yield table


def test_emulators_answer_questions_as_memory_does(table: Table) -> None:
    """Every kind of question, page by page, in every order."""
    expected = in_memory(MADE)
    actual = Records(
        DynamoCatalog(table), DynamoPhotoQueries(table), DynamoAlbums(table), DynamoFindings(table)
    )
    fill(actual, MADE)

    for wanted in ASKED:
        for negated in (False, True):
            selection = Selection((Condition(wanted, negated),))
            assert actual.queries.matching(selection) == expected.queries.matching(selection)
    for order in Order:
        assert _pages(actual, order) == _pages(expected, order)
    assert actual.queries.months(Selection()) == expected.queries.months(Selection())
    assert actual.queries.folder_spans() == expected.queries.folder_spans()
    assert actual.findings.labels() == expected.findings.labels()
    assert _people(DynamoPeopleQueries(table)) == _people(MemoryPeopleQueries(expected.catalog))


def _pages(records: Records, order: Order) -> list[str]:
    """All photos, two a page."""
    found: list[str] = []
    after: Position | None = None
    while True:
        page = records.queries.page(Selection(), order=order, after=after, limit=2)
        found += page.photo_ids
        if page.end is None:
            return found
        after = page.end


def _people(queries: PeopleQueries) -> list[object]:
    """All that can be asked of people."""
    found: list[object] = [queries.summaries(PEOPLE), queries.people(PEOPLE)]
    for person in PEOPLE:
        found += [queries.years(person), queries.span(person), queries.together(person, 9)]
        for order in PeopleOrder:
            for within in (None, InYear(2023), InYear(None)):
                seen: list[Seen] = []
                while more := queries.appearances(
                    person, order=order, within=within, after=seen[-1] if seen else None, limit=2
                ):
                    seen += more
                found.append(seen)
    return found
