"""SQLite: how its files are opened, told apart and copied."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kith.domain.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

MEMORY: Final = ":memory:"

_WRITER_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    # A write is durable when the call returns, also after a power cut.
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # What is deleted is overwritten with zeros: faces are biometric data.
    "PRAGMA secure_delete=ON",
)

FORGET_WORDS: Final = "INSERT INTO photo_words (photo_words) VALUES ('rebuild')"
"""Makes the index of words anew from the photos that there are: FTS5 only marks words as deleted,
and keeps them until it happens to write their part of the index again."""

_PAUSE_SECONDS: Final = 0.02
"""Between two tries to do what SQLite does not wait for by itself."""

Connect = Callable[[], sqlite3.Connection]


def connector(where: str, *, read_only: bool, busy_seconds: float) -> Connect:
    """How connections to this file are made; the file is made where there is none."""
    if where == MEMORY:
        return lambda: _connect(MEMORY, busy_seconds, _WRITER_PRAGMAS)
    path = Path(where).absolute()
    if read_only:
        uri = _readable_uri(path)
        return lambda: _connect(uri, busy_seconds, ())
    _make_private_file(path)
    _see_that_it_can_be_written(path)
    uri = _uri(path, "rw")
    return lambda: _connect(uri, busy_seconds, _WRITER_PRAGMAS)


def back_up(source: Path, target: Path) -> None:
    """Copy the database as last committed; ``target`` appears as a whole or not at all."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    _make_private_file(partial)
    try:
        with (
            closing(sqlite3.connect(_uri(source, "ro"), uri=True)) as original,
            closing(sqlite3.connect(partial)) as copy,
        ):
            original.backup(copy)
        _sync(partial)
        partial.replace(target)
        _sync(target.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def empty_log(execute: Callable[[str], sa.CursorResult[Any]], busy_seconds: float) -> None:
    """Write SQLite's log into the database, and cut it to nothing.

    Raises:
        LibraryBusyError: somebody kept reading what the log holds.
    """
    patient_until = time.monotonic() + busy_seconds
    while execute("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one():
        if time.monotonic() > patient_until:
            raise LibraryBusyError(
                "The library's log could not be emptied, because another program is reading it",
                "Close the other program and run the command again.",
            )
        time.sleep(_PAUSE_SECONDS)


def _connect(uri: str, busy_seconds: float, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    # isolation_level None: Kith says itself where transactions begin. The pool hands a connection
    # to one thread at a time, so SQLite need not check which.
    connection = sqlite3.connect(
        uri, timeout=busy_seconds, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        for pragma in pragmas:
            _execute_patiently(connection, pragma, busy_seconds)
    except BaseException:
        connection.close()
        raise
    return connection


def _execute_patiently(connection: sqlite3.Connection, pragma: str, busy_seconds: float) -> None:
    """Run a pragma; wait as a write would.

    Of two processes that make one library, SQLite tells the second at once that the file is locked
    when it asks for WAL: its own timeout does not count there.
    """
    patient_until = time.monotonic() + busy_seconds
    while True:
        try:
            connection.execute(pragma).close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            if time.monotonic() > patient_until:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _readable_uri(path: Path) -> str:
    """The file for reading, also where the folder is read-only.

    A WAL database needs two helper files beside it, even for reading. Where they can neither be
    found nor made, the file is opened as one that nobody changes.
    """
    if not path.exists():
        raise LibraryError(f"there is no library at {path}", "Make one with `kith add`.")
    uri = _uri(path, "ro")
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CANTOPEN:
                raise
            _see_that_nothing_is_pending(path)
            return uri + "&immutable=1"
    return uri


def _see_that_nothing_is_pending(path: Path) -> None:
    """A file opened as one that nobody changes would lack what still stands in its log."""
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise LibraryReadOnlyError(
            f"{path} was not closed properly, and its last changes cannot be read from {log}",
            "Make its folder writable and run the command again.",
        )


def _uri(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


def _make_private_file(path: Path) -> None:
    """Make the file if there is none, for its owner's eyes only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise _not_made(error, path) from error


def _see_that_it_can_be_written(path: Path) -> None:
    """SQLite itself would say of a read-only folder only that it cannot open the file."""
    for part in (path, path.parent):
        if not os.access(part, os.W_OK):
            raise LibraryReadOnlyError(
                f"{path} may not be written to: {part} is read-only",
                "Make the file and its folder writable, or name another library.",
            )


def _not_made(error: OSError, path: Path) -> LibraryError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return LibraryFullError(f"there is no room left to make {path}", "Free some space.")
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return LibraryReadOnlyError(
            f"{path} cannot be made: {error.strerror}", "Name another folder for the library."
        )
    return LibraryError(f"{path} cannot be made: {error.strerror}", "Check the path.")


def _sync(path: Path) -> None:
    if os.name == "nt" and path.is_dir():
        return  # Windows has no way to sync a folder.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
