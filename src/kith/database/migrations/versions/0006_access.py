"""Accounts, sessions, keys, links, and what was answered to repeated requests.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables of access."""
    _make_accounts()
    _make_sessions()
    _make_keys()
    _make_links()
    _make_replies()


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_accounts"),
        sa.UniqueConstraint("id", name="uq_accounts_id"),
        sa.UniqueConstraint("name_key", name="uq_accounts_name_key"),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("expires", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        _of_account("sessions"),
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_index("ix_sessions_expires", "sessions", ["expires"])


def _make_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", _ID, nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("account_id", _ID),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("last_used", sa.Double),
        sa.PrimaryKeyConstraint("number", name="pk_api_keys"),
        sa.UniqueConstraint("id", name="uq_api_keys_id"),
        _of_account("api_keys"),
    )
    op.create_index("ix_api_keys_account_id", "api_keys", ["account_id"])


def _make_links() -> None:
    op.create_table(
        "links",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("expires", sa.Double),
        sa.Column("password", sa.Text),
        sa.Column("download", sa.Boolean, nullable=False),
        sa.Column("people", sa.Boolean, nullable=False),
        sa.Column("find_me", sa.Boolean, nullable=False),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("last_opened", sa.Double),
        sa.Column("revoked", sa.Double),
        sa.PrimaryKeyConstraint("number", name="pk_links"),
        sa.UniqueConstraint("id", name="uq_links_id"),
    )


def _make_replies() -> None:
    op.create_table(
        "replies",
        sa.Column("key", _ID, nullable=False),
        sa.Column("request", _ID, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("content_type", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("key", name="pk_replies"),
    )
    op.create_index("ix_replies_at", "replies", ["at"])


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["accounts.id"], name=f"fk_{table}_account_id", ondelete="CASCADE"
    )
