"""The tables of the albums."""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Id
from kith.database.metadata import metadata

albums = sa.Table(
    "albums",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("album_key", Id, nullable=False, unique=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", AnyText, nullable=False),
    sa.Column("query", AnyText),
    sa.Column("feature", Id),
)
"""The albums that were saved. ``kind`` is ``folder``, ``query`` or ``picked``; a folder's name is
its path; ``feature`` is a photo's id."""

album_photos = sa.Table(
    "album_photos",
    metadata,
    sa.Column(
        "album",
        BigNumber,
        sa.ForeignKey(albums.c.number, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("photo_id", Id, primary_key=True),
    sqlite_with_rowid=False,
)
"""What was picked by hand: photos by their ids, so that one that comes back is in it again."""
