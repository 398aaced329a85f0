"""The tables of access: who may come in, and what was answered to repeated requests.

Moments are in seconds since 1970. What a client shows to be recognized is never here; a digest is.
"""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Id
from kith.database.metadata import metadata


def _account(*, nullable: bool) -> sa.Column[str]:
    return sa.Column(
        "account_id",
        Id,
        sa.ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=nullable,
        index=True,
    )


accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("name", AnyText, nullable=False),
    sa.Column("name_key", AnyText, nullable=False, unique=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
)
"""Those who can log in. ``name_key`` is the name as names are compared."""

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("digest", Id, primary_key=True),
    _account(nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("expires", sa.Double, nullable=False, index=True),
)
"""Browsers that are logged in."""

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("name", AnyText, nullable=False),
    sa.Column("digest", Id, nullable=False),
    sa.Column("scopes", sa.Text, nullable=False),
    _account(nullable=True),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("last_used", sa.Double),
)
"""Keys of programs. ``scopes`` are words with spaces between."""

links = sa.Table(
    "links",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("id", Id, nullable=False, unique=True),
    sa.Column("query", AnyText, nullable=False),
    sa.Column("title", AnyText, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("by", AnyText, nullable=False),
    sa.Column("expires", sa.Double),
    sa.Column("password", sa.Text),
    sa.Column("download", sa.Boolean, nullable=False),
    sa.Column("people", sa.Boolean, nullable=False),
    sa.Column("find_me", sa.Boolean, nullable=False),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("last_opened", sa.Double),
    sa.Column("revoked", sa.Double),
)
"""Links for guests."""

replies = sa.Table(
    "replies",
    metadata,
    sa.Column("key", Id, primary_key=True),
    sa.Column("request", Id, nullable=False),
    sa.Column("at", sa.Double, nullable=False, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("content_type", AnyText),
    sa.Column("body", sa.LargeBinary),
)
"""What was answered to requests that may be repeated; no status while one is worked on."""
