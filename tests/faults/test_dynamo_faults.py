"""A library in DynamoDB is whole, wherever its writers die, and however many write at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from catalog_records import (
    a_naming,
    a_place,
    a_record,
    everything,
    founding,
    group_of,
    person_of,
    regroup,
    say,
    seats,
    store,
)
from dynamo_tables import empty_table
from emulators import Endpoint
from tiny_dynamo import DiedError, TinyDynamo

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryReadOnlyError,
    StaleError,
)
from kith.domain.grouping import Reunion
from kith.domain.person import Appearance, PeopleChange
from kith.ports.catalog import Catalog, PhotoRecord

MANY: Sequence[PhotoRecord] = [a_record(f"many {number}", faces=2) for number in range(20)]
"""Of which a change needs several pages."""

SAID = [a_naming(person_of(one.faces[0]), "Ann", one.photo.id) for one in MANY for _ in (1, 2)]

DEEDS: dict[str, Callable[[Catalog], None]] = {
    "store one": lambda catalog: store(
        catalog, MANY[:1], seats(*MANY[0].faces), founding(*MANY[0].faces)
    ),
    "store many": lambda catalog: store(
        catalog,
        MANY,
        [step for record in MANY for step in seats(*record.faces)],
        founding(*(face for record in MANY for face in record.faces)),
    ),
    "regroup": lambda catalog: regroup(
        catalog, steps=[step for record in MANY for step in seats(*record.faces[::-1])]
    ),
    "merge": lambda catalog: regroup(
        catalog,
        PeopleChange(
            became=tuple(
                (person_of(record.faces[0]), person_of(MANY[0].faces[1])) for record in MANY
            )
        ),
    ),
    "remove": lambda catalog: catalog.remove_photos([record.photo.id for record in MANY]),
    "erase": lambda catalog: catalog.erase(
        [face.id for record in MANY for face in record.faces],
        [person_of(MANY[0].faces[0])],
        {},
        catalog.edition(),
    ),
    "say": lambda catalog: say(catalog, *SAID),
    "forget": lambda catalog: catalog.remove_places([record.place.path for record in MANY]),
}


@pytest.mark.parametrize("name", DEEDS)
def test_killed_before_any_write_it_is_whole_or_absent(name: str) -> None:
    """Whoever looks next finds all of a change or nothing, and doing it again completes it."""
    deed = DEEDS[name]
    writes = 0
    while _dies(deed, name, writes):
        writes += 1

    assert writes >= (1 if name in {"store one", "forget"} else 5)


def test_who_applies_a_change_may_be_killed_as_well() -> None:
    """Each reader dies after one page; the change is whole in the end."""
    client = TinyDynamo()
    client.dies_at = 6
    with pytest.raises(DiedError):
        DEEDS["store many"](_catalog(client))

    for _ in range(50):
        client.dies_at = client.asked["TransactWriteItems"] + 1
        try:
            _catalog(client).edition()
        except DiedError:
            continue
        break

    client.dies_at = None
    expected = _catalog(TinyDynamo())
    DEEDS["store many"](expected)
    assert everything(_catalog(client)) == everything(expected)


@pytest.mark.parametrize("page", range(5))
def test_a_writer_that_was_taken_for_dead_does_no_harm(page: int) -> None:
    """Others complete his change and make more; when he wakes up, his pages do nothing."""
    client, undisturbed = TinyDynamo(), TinyDynamo()

    def meanwhile() -> None:
        DEEDS["remove"](_catalog(client))
        DEEDS["store one"](_catalog(client))

    begun = 4
    client.meanwhile = (begun + page, meanwhile)
    with suppress(StaleError):
        DEEDS["store many"](_catalog(client))
    assert client.meanwhile is None

    for deed in ("store many", "remove", "store one"):
        DEEDS[deed](_catalog(undisturbed))
    assert everything(_catalog(client)) == everything(_catalog(undisturbed))


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ProvisionedThroughputExceededException", LibraryBusyError),
        ("ThrottlingException", LibraryBusyError),
        ("AccessDeniedException", LibraryReadOnlyError),
        ("ResourceNotFoundException", LibraryError),
    ],
)
def test_what_dynamodb_refuses_is_an_error_of_the_library(
    code: str, error: type[LibraryError]
) -> None:
    """What is left when the client has tried often enough, says what it is and changes nothing."""
    client = TinyDynamo()
    catalog = _catalog(client)
    client.refuses = code
    with pytest.raises(error, match=code):
        catalog.store(MANY[:1], [], PeopleChange(), 1)
    client.refuses = None

    assert catalog.edition() == 1


def test_a_log_that_was_written_for_nothing_is_cleared_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The next large change, a day later, takes the pages of one that never happened with it."""
    client = TinyDynamo()
    client.dies_at = 4
    with pytest.raises(DiedError):
        DEEDS["store many"](_catalog(client))
    client.dies_at = None
    assert [pk for pk, items in client.items.items() if pk.startswith("LOG") and items]

    tomorrow = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    DEEDS["store many"](_catalog(client))

    assert not [pk for pk, items in client.items.items() if pk.startswith("LOG") and items]


def test_others_who_write_there_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that meets another one's request is tried again, until that is too often."""
    monkeypatch.setattr(time, "sleep", _at_once)
    client = TinyDynamo()
    catalog = _catalog(client)

    client.busy = 3
    DEEDS["store one"](catalog)
    assert catalog.counts().photos == 1

    client.busy = 1000
    with pytest.raises(LibraryBusyError):
        DEEDS["remove"](catalog)
    client.busy = 0
    assert catalog.counts().photos == 1


def test_what_is_too_long_for_an_item_comes_back() -> None:
    """A photo may lie at thousands of places; those of before are not left behind."""
    client = TinyDynamo()
    catalog = _catalog(client)
    record = a_record("a", faces=1)
    store(catalog, [record])
    places = [a_place(f"/{'deep/' * 30}{number}") for number in range(3000)]

    for some in (places, places[:2000]):
        catalog.add_places([(record.photo.id, place) for place in some])
        assert len(catalog.places_of([record.photo.id])[record.photo.id]) == 3001
    catalog.remove_places([place.path for place in places])

    assert catalog.places_of([record.photo.id]) == {record.photo.id: (record.place,)}
    assert not [pk for pk, items in client.items.items() if pk.startswith("LONG") and items]


def test_a_person_and_a_group_of_a_thousand_faces() -> None:
    """They are listed, merged and reunited, whatever their size; no item grows with them."""
    client = TinyDynamo()
    catalog = _catalog(client)
    records = [a_record(f"{number}", faces=1) for number in range(1000)]
    one, other = records[0].faces[0], records[1].faces[0]
    change = replace(
        founding(one, other),
        appearances=tuple(
            Appearance(record.faces[0].id, person_of((one, other)[number % 2]), 90.0)
            for number, record in enumerate(records)
        ),
    )
    steps = [*seats(*(record.faces[0] for record in records[::2]))]
    steps += seats(*(record.faces[0] for record in records[1::2]))
    store(catalog, records, steps, change)

    store(
        catalog,
        [],
        [Reunion(group_of(other), group_of(one))],
        PeopleChange(became=((person_of(other), person_of(one)),)),
    )

    (summary,) = catalog.people()
    assert (summary.photo_count, summary.face_count) == (1000, 1000)
    assert len(catalog.group_faces([group_of(one)])[group_of(one)]) == 1000
    assert len(list(catalog.appearances([person_of(one)]))) == 1000
    longest = max(len(repr(item)) for items in client.items.values() for item in items.values())
    assert longest < 4000


def test_a_photo_is_stored_by_three_requests() -> None:
    """The head and what is known of all that is named are read, and one transaction is written."""
    client = TinyDynamo()
    catalog = _catalog(client)
    store(catalog, MANY[1:], [], founding(*(face for one in MANY[1:] for face in one.faces)))
    edition = catalog.edition()
    client.asked.clear()
    client.units.clear()

    record = MANY[0]
    known = [person_of(face) for face in MANY[1].faces]
    change = PeopleChange(
        appearances=tuple(
            Appearance(face.id, who, 95.0) for face, who in zip(record.faces, known, strict=True)
        )
    )
    catalog.store([record], seats(*record.faces), change, edition)

    assert dict(client.asked) == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    assert dict(client.units) == {"read": 12, "write": 2 * 17}


@pytest.mark.emulators
@pytest.mark.parametrize("endpoint", ["moto_endpoint", "ministack_endpoint"])
def test_emulators_agree_on_a_change_of_several_pages(
    endpoint: str, request: pytest.FixtureRequest
) -> None:
    """Large changes leave the same on every server as in this process."""
    server: Endpoint = request.getfixturevalue(endpoint)
    expected = _catalog(TinyDynamo())
    with empty_table(server) as table:
        actual = DynamoCatalog(table)
        for deed in ("store many", "merge", "regroup", "forget"):
            DEEDS[deed](expected)
            DEEDS[deed](actual)

        assert everything(actual) == everything(expected)


def _dies(deed: Callable[[Catalog], None], name: str, writes: int) -> bool:
    """Have a writer die before so many writes, and look what is left; false where it lived."""
    client, undisturbed = TinyDynamo(), TinyDynamo()
    for each in (client, undisturbed):
        if not name.startswith("store"):
            DEEDS["store many"](_catalog(each))
    before = everything(_catalog(undisturbed))
    deed(_catalog(undisturbed))
    after = everything(_catalog(undisturbed))

    client.dies_at = client.asked["TransactWriteItems"] + writes
    try:
        deed(_catalog(client))
        died = False
    except DiedError:
        died = True
    client.dies_at = None
    assert everything(_catalog(client)) in ((before, after) if died else (after,))
    deed(_catalog(client))
    assert everything(_catalog(client)) == after
    return died


def _at_once(_seconds: float) -> None:
    """Wait for nothing: nobody else is there."""


def _catalog(client: TinyDynamo) -> DynamoCatalog:
    """Another process's, which waits for nobody."""
    table = Table(client, "kith")
    return DynamoCatalog(table, Ledger(table, patience=0.0))
