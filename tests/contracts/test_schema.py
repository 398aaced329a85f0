"""The migrations make the tables that the code declares, and keep what older tables held."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Callable, Generator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import kith.database
from kith.adapters.catalog.sql import SqlCatalog
from kith.database.faces import DETAIL_COLUMNS
from kith.database.findings import SEARCHED
from kith.database.metadata import metadata
from kith.database.migrate import SHIPPED, Migrations
from kith.database.open import Database, open_database
from kith.domain.decision import Anchor, Decision, Name, PersonRef
from kith.domain.face import Box, FaceId
from kith.domain.grouping import GroupId, Reunion, Seat
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import Counts

PHOTOS = [PhotoId(f"{number:064x}") for number in range(2)]
FACES = [FaceId(f"00000000-0000-4000-8000-00000000000{number}") for number in range(6)]
ANN, GONE, CAT, DAN = (
    PersonId(f"10000000-0000-4000-8000-00000000000{number}") for number in range(4)
)
SAID_AT = datetime(2026, 5, 1, 12, 30, tzinfo=UTC)
NAMINGS: list[dict[str, object]] = [
    {
        "person_id": GONE,
        "name": "Änn",
        "anchors": [{"photo_id": PHOTOS[1], "box": [0.1, 0.2, 0.3, 0.4]}],
    },
    {"person_id": CAT, "name": None, "anchors": []},
]


@pytest.fixture
def first_library(database_address: str) -> Generator[Database]:
    """A library as the first version left it, filled without the code of today."""
    database = open_database(
        database_address, migrations=Migrations(SHIPPED.folder, SHIPPED.revisions[:1])
    )
    with database.write() as connection:
        _fill(connection)
    yield database
    database.close()


def test_the_migrations_make_the_declared_tables(database: Database) -> None:
    """Alembic finds no difference between what the migrations made and the metadata."""
    # Every module that declares tables must have been imported.
    for module in pkgutil.iter_modules(kith.database.__path__):
        importlib.import_module(f"kith.database.{module.name}")

    with database.read() as connection:
        options = {"compare_type": True, "include_object": _is_on(connection.dialect.name)}
        context = MigrationContext.configure(connection, opts=options)

        assert compare_metadata(context, metadata) == []


def _is_on(dialect: str) -> Callable[..., bool]:
    """What may differ: words are searched by an index here, and by a virtual table there.

    Virtual tables, and those in which they keep themselves, are declared nowhere.
    """

    def counts(_object: object, name: str | None, *_: object) -> bool:
        return dialect != "sqlite" or not (name or "").startswith((SEARCHED, "ix_findings_words"))

    return counts


def test_the_people_of_the_first_version_become_groups(first_library: Database) -> None:
    """Everyone stays who they are; their faces are one group, in the order of their coming.

    Similarities are restated: 80 % is stricter than it was then.
    """
    with first_library.write() as connection:
        SHIPPED.apply(connection)
    catalog = SqlCatalog(first_library)
    groups = GroupId(ANN), GroupId(CAT)

    assert catalog.counts() == Counts(2, 0, 6, 2, 1, 2, 0)
    assert catalog.person(GONE) == catalog.person(ANN) == Person(ANN, "Änn")
    assert catalog.person(DAN) == Person(DAN, "Dan")
    assert list(catalog.appearances([ANN])) == [
        Appearance(FACES[3], ANN, 93.125, confirmed=True),
        Appearance(FACES[0], ANN, 90.0),
        Appearance(FACES[5], ANN, 82.0),
    ]
    assert list(catalog.steps()) == [
        Seat(FACES[0], groups[0], 90.0),
        Seat(FACES[1], groups[1], 100.0),
        Seat(FACES[3], groups[0], 93.125, (FACES[0],)),
        Seat(FACES[5], groups[0], 82.0, (FACES[0],)),
    ]
    assert catalog.homes(groups) == {GroupId(ANN): ANN, GroupId(CAT): CAT}


def test_the_names_of_the_first_version_stay_said(first_library: Database) -> None:
    """The journal of before is read as it was written, and found by whom and what it mentions."""
    with first_library.write() as connection:
        SHIPPED.apply(connection)
    catalog = SqlCatalog(first_library)
    anchor = Anchor(PHOTOS[1], Box(0.1, 0.2, 0.3, 0.4))

    naming, taking_back = journal = list(catalog.decisions())

    assert journal == [
        Decision("said-0", SAID_AT, "me", Name(PersonRef(GONE, (anchor,)), "Änn")),
        Decision("said-1", SAID_AT, "me", Name(PersonRef(CAT, ()), None)),
    ]
    assert list(catalog.decisions([GONE])) == list(catalog.decisions([PHOTOS[1]])) == [naming]
    assert list(catalog.decisions([CAT])) == [taking_back]


def test_a_migrated_library_goes_on(first_library: Database) -> None:
    """Grouping, decisions and changes of people work on what was migrated."""
    with first_library.write() as connection:
        SHIPPED.apply(connection)
    catalog = SqlCatalog(first_library)
    change = PeopleChange(became=((CAT, ANN),))
    reunion = Reunion(GroupId(CAT), GroupId(ANN), ((FACES[1], FACES[0]),))
    late = Seat(FACES[2], GroupId(CAT), 90.0, (FACES[1],))

    catalog.store([], [reunion, late], change, catalog.edition())

    assert catalog.groups_of(FACES[1:3]) == dict.fromkeys(FACES[1:3], GroupId(ANN))
    assert list(catalog.steps([GroupId(ANN)]))[-2:] == [reunion, late]
    assert catalog.person(CAT) == catalog.person(GONE) == Person(ANN, "Änn")
    assert catalog.homes([GroupId(ANN)]) == {GroupId(ANN): ANN}


def _fill(connection: sa.Connection) -> None:
    photo = "INSERT INTO photos (photo_id, format, width, height, byte_size) VALUES"
    details = ", ".join(DETAIL_COLUMNS)
    figures = ", ".join("0.5" for _ in DETAIL_COLUMNS)
    for statement in (
        f"{photo} ('{PHOTOS[0]}', 'JPEG', 4, 3, 12), ('{PHOTOS[1]}', 'JPEG', 4, 3, 12)",
        *(
            f"INSERT INTO faces (face_id, photo, {details}) "
            f"VALUES ('{face_id}', {1 + number // 3}, {figures})"
            for number, face_id in enumerate(FACES)
        ),
        f"INSERT INTO people (person_id, name, merged_into) VALUES ('{ANN}', 'Änn', NULL), "
        f"('{GONE}', NULL, 1), ('{CAT}', NULL, NULL), ('{DAN}', 'Dan', NULL)",
        "INSERT INTO appearances (face, person, similarity, confirmed) VALUES "
        "(4, 1, 97.5, true), (1, 1, 95.0, false), (6, 1, 91.0, false), (2, 3, 100.0, false)",
    ):
        connection.execute(sa.text(statement))
    for number, said in enumerate(NAMINGS):
        connection.execute(
            sa.text(
                "INSERT INTO decisions (decision_id, decided_at, decided_by, kind, payload) "
                "VALUES (:id, :at, 'me', 'name', :payload)"
            ),
            {"id": f"said-{number}", "at": SAID_AT.isoformat(), "payload": json.dumps(said)},
        )
