"""The number that grows with every change, so that a change worked out from old data is refused."""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.tables import edition
from kith.domain.errors import StaleError


def read(connection: sa.Connection) -> int:
    """The edition as this connection sees it."""
    return connection.execute(sa.select(edition.c.number)).scalar_one()


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
    connection.execute(sa.update(edition).values(number=edition.c.number + 1))
