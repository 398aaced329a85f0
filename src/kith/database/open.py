"""Opening a library's database: a file of SQLite's, or a PostgreSQL server."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

from kith.database import sqlite
from kith.database.failures import translated
from kith.database.migrate import SHIPPED, Migrations, revision_of
from kith.domain.errors import LibraryOldError, LibraryReadOnlyError, SettingError

BUSY_SECONDS: Final = 30.0
"""How long a write waits for another process's: far longer than any write of Kith's takes."""


class Database:
    """An open database. May be used from several threads.

    Attributes:
        engine: SQLAlchemy's engine; use ``read`` and ``write`` instead where you can.
        name: the file or address, for messages.
        file: the file, if it is one of SQLite's.
        read_only: whether writing is refused.
    """

    def __init__(
        self, engine: sa.Engine, name: str, file: Path | None = None, *, read_only: bool = False
    ) -> None:
        self.engine = engine
        self.name = name
        self.file = file
        self.read_only = read_only
        self._writing = threading.RLock()
        # A database in memory is one connection, which its readers share with the writer.
        shared = isinstance(engine.pool, sa.StaticPool)
        self._reading = self._writing if shared else nullcontext()

    @contextmanager
    def read(self) -> Generator[sa.Connection]:
        """A connection for reading; it sees what was committed, as one moment left it.

        Raises:
            LibraryDamagedError: the database cannot be read.
        """
        with self._reading, translated(self.name), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def write(self) -> Generator[sa.Connection]:
        """A connection whose changes are kept as a whole, and durably, when the block ends.

        If the block raises, or the changes cannot be kept, nothing is changed. Writers take turns.

        Raises:
            LibraryReadOnlyError: the database may not be written to.
            LibraryFullError: there is no room left.
            LibraryBusyError: another process kept writing for ``busy_seconds``.
            LibraryDamagedError: the database cannot be read.
        """
        if self.read_only:
            raise LibraryReadOnlyError(f"{self.name} was opened for reading only")
        with self._writing, translated(self.name), self.engine.connect() as connection:
            connection.exec_driver_sql(_TAKE_TURN[self.engine.dialect.name])
            yield connection
            connection.commit()

    def damages(self) -> tuple[str, ...]:
        """What the database itself finds wrong with its pages and tables, a sentence each."""
        if self.engine.dialect.name != "sqlite":
            return ()
        with self.read() as connection:
            rows = connection.exec_driver_sql("PRAGMA quick_check(20)").scalars().all()
        return tuple(str(row) for row in rows if row != "ok")

    def scrub(self) -> list[Path]:
        """See that nothing that was deleted is left in the database's files.

        SQLite overwrites deleted rows with zeros, but its log keeps the pages as they were until it
        is emptied, and its index of words keeps words until it is made anew; PostgreSQL keeps the
        rows until the tables are written anew. Copies made before migrations hold everything: they
        are removed, and returned.
        """
        if self.engine.dialect.name == "postgresql":
            with translated(self.name), self.engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("VACUUM FULL")
            return []
        with self.write() as connection:
            connection.exec_driver_sql(sqlite.FORGET_WORDS)
        with self._writing, translated(self.name), self.engine.connect() as connection:
            sqlite.empty_log(connection.exec_driver_sql, BUSY_SECONDS)
        copies = sorted(self.file.parent.glob(f"{self.file.name}.before-*")) if self.file else []
        for copy in copies:
            copy.unlink()
        return copies

    def close(self) -> None:
        """Give every connection back; SQLite's helper files vanish with the last one."""
        with translated(self.name):
            self.engine.dispose()


_TAKE_TURN: Final = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "SELECT pg_advisory_xact_lock(hashtext('kith in ' || current_schema()))",
}


def open_database(
    where: str | Path,
    *,
    read_only: bool = False,
    busy_seconds: float = BUSY_SECONDS,
    migrations: Migrations = SHIPPED,
) -> Database:
    """Open a library's database, make it where there is none, migrate it where it is older.

    Before a migration, a file ``library.db`` is copied to ``library.db.before-0002`` beside it,
    where 0002 is the revision it goes to. The copy is kept. A migration killed half-way leaves the
    database as it was.

    Args:
        where: a file, ``:memory:``, or an address such as ``postgresql://user@host/database``.
        read_only: for reading alone, also from a medium that cannot be written to.
        busy_seconds: how long a write waits for another process.
        migrations: the steps to the present shape.

    Raises:
        LibraryTooNewError: the database was written by a newer Kith.
        LibraryReadOnlyError: it must be made or migrated, but may not be written to.
        LibraryFullError: there is no room to make, copy or migrate it.
        LibraryBusyError: another process kept writing to it.
        LibraryDamagedError: the file is no database, or not one of Kith's.
        LibraryError: there is no such library to read, or the server does not answer.
        SettingError: the address cannot be understood.
    """
    database = _connect(str(where), read_only=read_only, busy_seconds=busy_seconds)
    try:
        _bring_up_to_date(database, migrations)
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _connect(where: str, *, read_only: bool, busy_seconds: float) -> Database:
    if "://" in where:
        return _connect_to_server(where, read_only=read_only, busy_seconds=busy_seconds)
    in_memory = where == sqlite.MEMORY
    name = "the library in memory" if in_memory else where
    with translated(name):
        connect = sqlite.connector(where, read_only=read_only, busy_seconds=busy_seconds)
    if in_memory:
        engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.StaticPool)
        return Database(engine, name, read_only=read_only)
    engine = sa.create_engine("sqlite://", creator=connect, poolclass=sa.QueuePool, max_overflow=-1)
    return Database(engine, name, Path(where).absolute(), read_only=read_only)


def _connect_to_server(where: str, *, read_only: bool, busy_seconds: float) -> Database:
    try:
        url = sa.make_url(where)
    except (ArgumentError, ValueError) as error:
        raise SettingError(f"{where} is no address of a database") from error
    if url.get_backend_name() != "postgresql":
        raise SettingError(
            f"Kith cannot use a database of the kind {url.get_backend_name()}",
            "Name a file, or an address that begins with postgresql://.",
        )
    options = f"-c lock_timeout={round(busy_seconds * 1000)}"
    if read_only:
        options += " -c default_transaction_read_only=on"
    options = f"{url.query.get('options', '')} {options}".strip()
    try:
        engine = sa.create_engine(
            url.set(drivername="postgresql+psycopg"), connect_args={"options": options}
        )
    except ModuleNotFoundError as error:
        raise SettingError(
            "Kith was installed without PostgreSQL",
            "Install it with: pip install 'kith[postgresql]'",
        ) from error
    return Database(engine, url.render_as_string(hide_password=True), read_only=read_only)


def _bring_up_to_date(database: Database, migrations: Migrations) -> None:
    with database.read() as connection:
        revision = revision_of(connection, database.name)
    if not migrations.are_due(revision, database.name):
        return
    if database.read_only:
        raise LibraryOldError(
            f"{database.name} is from an older version of Kith and was opened for reading only",
            "Run a command that writes to it once, such as `kith add`.",
        )
    with database.write() as connection:
        # Another process may have migrated it while this one waited for its turn.
        revision = revision_of(connection, database.name)
        if migrations.are_due(revision, database.name):
            if revision is not None and database.file is not None:
                _back_up(database.file, migrations.head)
            migrations.apply(connection)


def _back_up(file: Path, revision: str) -> None:
    sqlite.back_up(file, file.with_name(f"{file.name}.before-{revision}"))
