"""What clients of the Rekognition server say of collections: pictures, users, tags, tokens.

The faces lie in ``kith.database.faces``. A collection without a row in ``named_collections`` is a
library's own: its faces are those of the catalog's photos.
"""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber
from kith.database.metadata import metadata


def _collection(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "collection_id",
        sa.Text,
        sa.ForeignKey("collections.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


named_collections = sa.Table(
    "named_collections",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column(
        "collection_id",
        sa.Text,
        sa.ForeignKey("collections.id", ondelete="CASCADE"),
        nullable=False,
        unique=True,
    ),
    sa.Column("created", sa.Double, nullable=False),
    sqlite_autoincrement=True,
)
"""The collections that a client made; ``number`` is their order and never used twice. ``created``
is in seconds since 1970."""

collection_filings = sa.Table(
    "collection_filings",
    metadata,
    _collection(primary_key=True),
    sa.Column("photo_id", sa.Text, primary_key=True),
    sa.Column("picture_id", sa.Text, nullable=False),
    sa.Column("external_id", AnyText),
)
"""Under what the pictures of ``collection_photos`` were filed: the SHA-256 of their bytes, and the
client's own id for them. A photo without a row is filed under its own id."""

collection_users = sa.Table(
    "collection_users",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    _collection(),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.UniqueConstraint("collection_id", "user_id"),
    sqlite_autoincrement=True,
)
"""The users; ``number`` is their order and never used twice."""

collection_user_faces = sa.Table(
    "collection_user_faces",
    metadata,
    sa.Column(
        "face",
        BigNumber,
        sa.ForeignKey("collection_faces.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column(
        "user",
        BigNumber,
        sa.ForeignKey("collection_users.number", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)
"""Which user a face was associated with, by their numbers."""

collection_tags = sa.Table(
    "collection_tags",
    metadata,
    _collection(primary_key=True),
    sa.Column("key", AnyText, primary_key=True),
    sa.Column("value", AnyText, nullable=False),
)
"""The tags of collections."""

collection_tokens = sa.Table(
    "collection_tokens",
    metadata,
    _collection(primary_key=True),
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("answer", AnyText, nullable=False),
    sa.Column("at", sa.Double, nullable=False, index=True),
)
"""The tokens by which clients repeat a request: what was asked (a hash) and what was answered
(JSON), and when, in seconds since 1970."""
