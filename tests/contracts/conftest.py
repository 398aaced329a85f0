"""Databases to run the contracts on: SQLite in a file and in memory, and a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from databases import fresh_database
from dynamo_tables import dynamo_of
from made_photos import Filled, in_database, in_memory, in_tiny_dynamo
from outbox_rooms import Room
from receivers import Certificate, make_certificate

from kith.adapters.catalog.dynamo.catalog import DynamoCatalog
from kith.adapters.catalog.dynamo.outbox import DynamoOutbox
from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.database.open import Database
from kith.ports.catalog import Catalog


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what takes thousands of requests to servers that are not emulators."""
    items[:] = [
        one
        for one in items
        if not (one.get_closest_marker("many") and one.get_closest_marker("emulators"))
    ]


SQL_DATABASES = [
    "sqlite-file",
    "sqlite-memory",
    pytest.param("postgresql", marks=pytest.mark.postgres),
]


DYNAMO_TABLES = [
    pytest.param("tiny", id="dynamodb-tiny"),
    pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
    pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
]

ADAPTERS = ["memory", *SQL_DATABASES, *DYNAMO_TABLES]


@pytest.fixture(params=SQL_DATABASES)
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a database can be opened, of every kind that Kith knows."""
    return _address(request, tmp_path)


@pytest.fixture(params=ADAPTERS)
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Catalog]:
    """An empty catalog by every adapter of the port."""
    if request.param == "memory":
        yield MemoryCatalog()
        return
    if request.param == "tiny" or request.param.endswith("_endpoint"):
        with dynamo_of(request) as table:
            yield DynamoCatalog(table)
        return
    database = fresh_database(_address(request, tmp_path))
    yield SqlCatalog(database)
    database.close()


def _address(request: pytest.FixtureRequest, folder: Path) -> str:
    match request.param:
        case "sqlite-file":
            return str(folder / "library.db")
        case "sqlite-memory":
            return ":memory:"
        case _:
            return request.getfixturevalue("postgres_url")


@pytest.fixture
def database(database_address: str) -> Generator[Database]:
    """An open, empty database of every kind that Kith knows."""
    database = fresh_database(database_address)
    yield database
    database.close()


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        "dynamodb-tiny",
    ]
)
def filled(request: pytest.FixtureRequest) -> Generator[Filled]:
    """Makes that library anew, by every adapter of the port for queries."""
    if request.param == "memory":
        yield in_memory
        return
    if request.param == "dynamodb-tiny":
        yield in_tiny_dynamo
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(fresh_database(where)) as database:
        yield lambda made: in_database(database, made)


@pytest.fixture(
    params=[
        "memory",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgres),
        pytest.param("tiny", id="dynamodb-tiny"),
        pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
    ]
)
def outbox_room(request: pytest.FixtureRequest) -> Generator[Room]:
    """An empty library by every adapter of the port."""
    if request.param == "memory":
        catalog = MemoryCatalog()
        yield Room(catalog, catalog.outbox)
        return
    if request.param == "tiny" or request.param.endswith("_endpoint"):
        with dynamo_of(request) as table:
            yield Room(DynamoCatalog(table), DynamoOutbox(table))
        return
    where = ":memory:" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with closing(fresh_database(where)) as database:
        yield Room(SqlCatalog(database), SqlOutbox(database))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Of the mail servers."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))
