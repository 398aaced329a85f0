"""The border at which a database's errors become Kith's."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from kith.domain.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
)


@contextmanager
def translated(name: str) -> Generator[None]:
    """Turn what the database of this name raises into a ``LibraryError`` that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise library_error(error.orig or error, name) from error
    except sqlite3.Error as error:
        raise library_error(error, name) from error


def library_error(error: BaseException, name: str) -> LibraryError:
    """The error of Kith's that says what this error of SQLite's or PostgreSQL's means."""
    kind = _kind_of(error)
    reason = str(error).strip().partition("\n")[0].rstrip(".")
    message, advice = _WORDS[kind]
    return kind(message.format(name=name, reason=reason), advice)


_WORDS: dict[type[LibraryError], tuple[str, str]] = {
    LibraryFullError: (
        "there is no room left for {name}; nothing was changed",
        "Free some space on its disk and run the command again.",
    ),
    LibraryReadOnlyError: (
        "{name} may not be written to; nothing was changed",
        "Make the file and its folder writable, or name another library.",
    ),
    LibraryBusyError: (
        "{name} is being written to by another process; nothing was changed",
        "Wait until the other process has finished and run the command again.",
    ),
    LibraryDamagedError: (
        "{name} cannot be read ({reason})",
        "Restore it from a backup, or move it away and index the photos again.",
    ),
    LibraryError: (
        "{name} cannot be used ({reason})",
        "Check that the path or the address is right and that you may read it.",
    ),
}

_SQLITE_KINDS: dict[int, type[LibraryError]] = {
    sqlite3.SQLITE_FULL: LibraryFullError,
    sqlite3.SQLITE_READONLY: LibraryReadOnlyError,
    sqlite3.SQLITE_BUSY: LibraryBusyError,
    sqlite3.SQLITE_LOCKED: LibraryBusyError,
    sqlite3.SQLITE_CORRUPT: LibraryDamagedError,
    sqlite3.SQLITE_NOTADB: LibraryDamagedError,
    sqlite3.SQLITE_IOERR_SHMSIZE: LibraryFullError,
}
"""By primary result code, or by extended code where that says more: https://sqlite.org/rescode.html.
Growing the shared-memory file fails with IOERR_SHMSIZE where the disk is full."""

_POSTGRES_KINDS: dict[str, type[LibraryError]] = {
    "53100": LibraryFullError,
    "25006": LibraryReadOnlyError,
    "42501": LibraryReadOnlyError,
    "55P03": LibraryBusyError,
    "40P01": LibraryBusyError,
    "40001": LibraryBusyError,
    "53300": LibraryBusyError,
    "XX001": LibraryDamagedError,
    "XX002": LibraryDamagedError,
}
"""By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def _kind_of(error: BaseException) -> type[LibraryError]:
    if isinstance(error, sqlite3.Error):
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return _SQLITE_KINDS.get(code) or _SQLITE_KINDS.get(code & 0xFF, LibraryError)
    return _POSTGRES_KINDS.get(getattr(error, "sqlstate", None) or "", LibraryError)
