"""How a library's file is opened, and what is said of one that cannot be used."""

from __future__ import annotations

import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from io import FileIO
from pathlib import Path

import pytest
from processes import ended, running

from kith.database.open import Database, open_database
from kith.domain.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
    SettingError,
)

WRITER = """
import sys
from kith.database.open import open_database
database = open_database(sys.argv[1])
for number in range(50):
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO people (person_id) VALUES (?)", (f"{sys.argv[2]}-{number}",)
        )
database.close()
"""


def test_a_library_is_made_where_there_is_none(tmp_path: Path) -> None:
    """Opening makes the file and its folders, for the owner's eyes only, and one file is left."""
    path = tmp_path / "new" / "library.db"

    open_database(path).close()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["library.db"]


def test_what_a_block_wrote_is_kept_or_not_as_a_whole(tmp_path: Path) -> None:
    """A block that raises leaves nothing behind; one that ends is there for the next opening."""
    with closing(open_database(tmp_path / "library.db")) as database:
        _name(database, "kept")
        with pytest.raises(ZeroDivisionError):
            _name_and_fail(database, "lost")

    with closing(open_database(tmp_path / "library.db")) as database:
        assert _names(database) == ["kept"]


def test_nothing_but_a_library_is_opened(tmp_path: Path) -> None:
    """A file that is no database, or another program's, is refused and left as it is."""
    text, foreign = tmp_path / "text.db", tmp_path / "foreign.db"
    text.write_bytes(b"not a database at all " * 100)
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    before = foreign.read_bytes()

    for path in (text, foreign):
        with pytest.raises(LibraryDamagedError, match=path.name):
            open_database(path)

    assert text.read_bytes().startswith(b"not a database")
    assert b"theirs" in before
    with closing(sqlite3.connect(foreign)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


def test_a_damaged_library_is_named(tmp_path: Path) -> None:
    """A library whose pages were overwritten says so, and what to do."""
    path = tmp_path / "library.db"
    open_database(path).close()
    data = bytearray(path.read_bytes())
    data[100:] = b"\xa5" * (len(data) - 100)
    path.write_bytes(data)

    with pytest.raises(LibraryDamagedError, match=r"library\.db.*backup"):
        open_database(path)


def test_two_processes_take_turns(tmp_path: Path) -> None:
    """Two processes that write at once both succeed, also when both make the library."""
    path = tmp_path / "library.db"
    with (
        running(sys.executable, "-c", WRITER, path, "a") as one,
        running(sys.executable, "-c", WRITER, path, "b") as other,
    ):
        told = [ended(one), ended(other)]

    assert [one.returncode, other.returncode] == [0, 0], told
    with closing(open_database(path)) as database:
        assert len(_names(database)) == 100


def test_who_waits_too_long_is_told_why(tmp_path: Path) -> None:
    """While another process writes, a write waits, then says that the library is busy."""
    path = tmp_path / "library.db"
    with (
        closing(open_database(path)) as holder,
        closing(open_database(path, busy_seconds=0.05)) as waiter,
    ):
        with holder.write(), pytest.raises(LibraryBusyError, match=r"library\.db"):
            _name(waiter, "impatient")

        _name(waiter, "patient")
        assert _names(holder) == ["patient"]


def test_threads_take_turns(tmp_path: Path) -> None:
    """Threads of one process wait for each other, however little patience they have."""
    with closing(open_database(tmp_path / "library.db", busy_seconds=0.0)) as database:
        threads = [
            threading.Thread(target=_name, args=(database, f"{number}")) for number in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(_names(database)) == 20


def test_a_database_without_room_changes_nothing(tmp_path: Path) -> None:
    """A write for which there is no page left raises, and what was there stays."""
    with closing(open_database(tmp_path / "library.db")) as database:
        _name(database, "kept")
        with database.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

        with pytest.raises(LibraryFullError, match=r"library\.db"):
            _name(database, "x" * 100_000)

        assert _names(database) == ["kept"]


def test_a_full_disk_changes_nothing(small_disk: Path) -> None:
    """The same where the disk itself is full; with room again, writing goes on."""
    path = small_disk / "library.db"
    filler = small_disk / "filler"
    with closing(open_database(path)) as database:
        _name(database, "kept")
        _fill(filler)

        with pytest.raises(LibraryFullError, match=r"library\.db"):
            _name(database, "x" * 300_000)
        assert _names(database) == ["kept"]

        filler.unlink()
        _name(database, "later")
        assert _names(database) == ["kept", "later"]


def test_no_room_for_a_new_library(small_disk: Path) -> None:
    """A library cannot be made on a full disk, and the message says so."""
    _fill(small_disk / "filler")

    with pytest.raises(LibraryFullError, match=r"library\.db"):
        open_database(small_disk / "library.db")


def test_a_read_only_folder(tmp_path: Path, sealed: Callable[[Path], None]) -> None:
    """A library in a read-only folder can be read, not written to, and not made there."""
    folder = tmp_path / "sealed"
    with closing(open_database(folder / "library.db")) as database:
        _name(database, "kept")
    sealed(folder)

    with pytest.raises(LibraryReadOnlyError, match=r"library\.db"):
        open_database(folder / "library.db")
    with pytest.raises(LibraryReadOnlyError, match=r"other\.db"):
        open_database(folder / "other.db")
    with closing(open_database(folder / "library.db", read_only=True)) as database:
        assert _names(database) == ["kept"]
        with pytest.raises(LibraryReadOnlyError):
            _name(database, "refused")


def test_a_library_that_was_not_closed_is_not_read_in_part(
    tmp_path: Path, sealed: Callable[[Path], None]
) -> None:
    """Where the last changes stand in a log that cannot be read, the library is refused."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    with closing(open_database(tmp_path / "library.db")) as database:
        _name(database, "in the log")
        for name in ("library.db", "library.db-wal"):
            (folder / name).write_bytes((tmp_path / name).read_bytes())
    sealed(folder)

    with pytest.raises(LibraryReadOnlyError, match="not closed"):
        open_database(folder / "library.db", read_only=True)


def test_a_library_opened_for_reading_sees_what_others_write(tmp_path: Path) -> None:
    """Reading and writing go on side by side."""
    path = tmp_path / "library.db"
    with (
        closing(open_database(path)) as writer,
        closing(open_database(path, read_only=True)) as reader,
    ):
        _name(writer, "new")
        assert _names(reader) == ["new"]


def test_reading_needs_a_library(tmp_path: Path) -> None:
    """Opening for reading makes nothing."""
    with pytest.raises(LibraryError, match="no library"):
        open_database(tmp_path / "library.db", read_only=True)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["mysql://host/db", "postgresql://host:port/db", "://"])
def test_addresses_that_mean_nothing(where: str) -> None:
    """An address of a server that Kith cannot use is a setting to correct."""
    with pytest.raises(SettingError):
        open_database(where)


def _name(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO people (person_id, name) VALUES (?, ?)", (name[:10], name)
        )


def _name_and_fail(database: Database, name: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("INSERT INTO people (person_id) VALUES (?)", (name,))
        raise ZeroDivisionError


def _names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.exec_driver_sql("SELECT person_id FROM people").scalars())


def _fill(path: Path) -> None:
    with pytest.raises(OSError, match="No space"), path.open("wb", buffering=0) as file:
        _write_for_ever(file)


def _write_for_ever(file: FileIO) -> None:
    while True:
        file.write(bytes(4096))
