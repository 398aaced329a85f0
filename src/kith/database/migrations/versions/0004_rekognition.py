"""What clients of the Rekognition server say of collections: pictures, users, tags, tokens.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables of the Rekognition server."""
    _make_collections()
    _make_users()
    _make_tags_and_tokens()


def _make_collections() -> None:
    op.create_table(
        "named_collections",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_named_collections"),
        sa.UniqueConstraint("collection_id", name="uq_named_collections_collection_id"),
        _of_collection("named_collections"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "collection_filings",
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("photo_id", sa.Text, nullable=False),
        sa.Column("picture_id", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.PrimaryKeyConstraint("collection_id", "photo_id", name="pk_collection_filings"),
        _of_collection("collection_filings"),
    )


def _make_users() -> None:
    op.create_table(
        "collection_users",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_collection_users"),
        sa.UniqueConstraint(
            "collection_id", "user_id", name="uq_collection_users_collection_id_user_id"
        ),
        _of_collection("collection_users"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "collection_user_faces",
        sa.Column("face", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("user", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("face", name="pk_collection_user_faces"),
        sa.ForeignKeyConstraint(
            ["face"],
            ["collection_faces.number"],
            name="fk_collection_user_faces_face",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user"],
            ["collection_users.number"],
            name="fk_collection_user_faces_user",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_collection_user_faces_user", "collection_user_faces", ["user"])


def _make_tags_and_tokens() -> None:
    op.create_table(
        "collection_tags",
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "key", name="pk_collection_tags"),
        _of_collection("collection_tags"),
    )
    op.create_table(
        "collection_tokens",
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "token", name="pk_collection_tokens"),
        _of_collection("collection_tokens"),
    )
    op.create_index("ix_collection_tokens_at", "collection_tokens", ["at"])


def _of_collection(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["collection_id"],
        ["collections.id"],
        name=f"fk_{table}_collection_id",
        ondelete="CASCADE",
    )
