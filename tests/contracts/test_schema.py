"""The migrations make the tables that the code declares, in every kind of database."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import kith.database.faces
import kith.database.tables
from kith.database.metadata import metadata
from kith.database.open import Database


def test_the_migrations_make_the_declared_tables(database: Database) -> None:
    """Alembic finds no difference between what the migrations made and the metadata."""
    assert kith.database.faces.metadata is kith.database.tables.metadata is metadata

    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []
