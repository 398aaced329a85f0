"""Albums.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables of the albums."""
    op.create_table(
        "albums",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("album_key", _ID, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text),
        sa.Column("feature", _ID),
        sa.PrimaryKeyConstraint("number", name="pk_albums"),
        sa.UniqueConstraint("album_key", name="uq_albums_album_key"),
    )
    op.create_table(
        "album_photos",
        sa.Column("album", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("photo_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("album", "photo_id", name="pk_album_photos"),
        sa.ForeignKeyConstraint(
            ["album"], ["albums.number"], name="fk_album_photos_album", ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
