"""The number that grows with every change, so that a change worked out from old data is refused.

Beside it stands one for what was found in the photos, which is no such data.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from kith.database.tables import edition
from kith.domain.errors import StaleError

_LIBRARY: Final = 1
_FINDINGS: Final = 2


def read(connection: sa.Connection) -> int:
    """The edition as this connection sees it."""
    return _read(connection, _LIBRARY)


def read_findings(connection: sa.Connection) -> int:
    """How often something found was kept, as this connection sees it."""
    return _read(connection, _FINDINGS)


def expect(connection: sa.Connection, number: int) -> None:
    """See to it that nothing was changed since the edition of this number.

    Raises:
        StaleError: something was.
    """
    if read(connection) != number:
        raise StaleError(
            "the library was changed by another process in the meantime; nothing was changed",
            "Run the command again.",
        )


def grow(connection: sa.Connection) -> None:
    """Say that something changes; only within a transaction of ``Database.write``."""
    _grow(connection, _LIBRARY)


def grow_findings(connection: sa.Connection) -> None:
    """Say that something found is kept; only within a transaction of ``Database.write``."""
    _grow(connection, _FINDINGS)


def _read(connection: sa.Connection, which: int) -> int:
    query = sa.select(edition.c.number).where(edition.c.id == which)
    return connection.execute(query).scalar_one()


def _grow(connection: sa.Connection, which: int) -> None:
    grown = sa.update(edition).where(edition.c.id == which)
    connection.execute(grown.values(number=edition.c.number + 1))
