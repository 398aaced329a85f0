"""Links for guests, in a relational database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from kith.database.access import links
from kith.database.open import Database
from kith.domain.access import Link
from kith.domain.errors import NotFoundError


class SqlLinks:
    """The links of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Link]:
        """Every link, in the order in which they were added."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).order_by(links.c.number)).mappings()
            return [Link(**row) for row in rows]

    def find(self, link_id: str, /) -> Link | None:
        """The link of that id."""
        query = sa.select(*_COLUMNS).where(links.c.id == link_id)
        with self._database.read() as connection:
            row = connection.execute(query).mappings().first()
        return Link(**row) if row else None

    def add(self, link: Link, /) -> None:
        """Keep a new link."""
        with self._database.write() as connection:
            connection.execute(sa.insert(links), asdict(link))

    def change(self, link: Link, /) -> None:
        """Give the link of this id the other values, except how often it was opened."""
        values = asdict(link)
        del values["opened"], values["last_opened"]
        with self._database.write() as connection:
            changed = connection.execute(
                sa.update(links).where(links.c.id == link.id).values(values)
            )
            if not changed.rowcount:
                raise NotFoundError(f"There is no link {link.id}")

    def opened(self, link_id: str, at: float, /) -> None:
        """Count that guests opened a link."""
        values: dict[str, Any] = {"opened": links.c.opened + 1, "last_opened": at}
        with self._database.write() as connection:
            connection.execute(sa.update(links).where(links.c.id == link_id).values(values))


_COLUMNS = [column for column in links.c if column.name != "number"]
