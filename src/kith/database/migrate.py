"""The revisions of the database's shape, and the steps from one to the next.

Alembic takes longer to import than a short command may run, so it is imported only where there is
something to migrate; the revisions are known without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from kith.database.revisions import REVISIONS
from kith.domain.errors import LibraryDamagedError, LibraryTooNewError


@dataclass(frozen=True, slots=True)
class Migrations:
    """Alembic's scripts in a folder, and the revisions they lead to, oldest first."""

    folder: Path
    revisions: tuple[str, ...]

    @property
    def head(self) -> str:
        """The revision that this version of Kith works with."""
        return self.revisions[-1]

    def are_due(self, revision: str | None, name: str) -> bool:
        """Whether a database of this revision must be migrated before it is used.

        Raises:
            LibraryTooNewError: the revision is not among those known here.
        """
        if revision is not None and revision not in self.revisions:
            raise LibraryTooNewError(
                f"{name} was written by a newer version of Kith (its database is at {revision}, "
                f"this version knows up to {self.head})",
                "Update Kith.",
            )
        return revision != self.head

    def apply(self, connection: sa.Connection) -> None:
        """Migrate to the head within the connection's transaction."""
        from alembic import command  # noqa: PLC0415 - 0.1 s, and seldom needed
        from alembic.config import Config  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(self.folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, self.head)


SHIPPED: Final = Migrations(Path(__file__).with_name("migrations"), REVISIONS)
"""The migrations of this version; a test holds them and the scripts together."""


def revision_of(connection: sa.Connection, name: str) -> str | None:
    """The revision that a database is at, or ``None`` if it is empty.

    Raises:
        LibraryDamagedError: it holds something else than a library.
    """
    tables = set(connection.exec_driver_sql(_TABLES[connection.dialect.name]).scalars())
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise LibraryDamagedError(
            f"{name} is a database, but not one of Kith's", "Name another file for the library."
        )
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}
