"""Notices: rules, and the outbox.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables of the notices."""
    op.create_table(
        "notice_rules",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_notice_rules"),
        sa.UniqueConstraint("rule_id", name="uq_notice_rules_rule_id"),
    )
    op.create_table(
        "outbox",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("notice_id", _ID, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("rule_id", _ID, nullable=False),
        sa.Column("rule_name", sa.Text, nullable=False),
        sa.Column("photo", _NUMBER, nullable=False),
        sa.Column("face_ids", sa.Text, nullable=False),
        sa.Column("labels", sa.Text, nullable=False),
        sa.Column("created", sa.Double, nullable=False),
        sa.Column("due", sa.Double, nullable=False),
        sa.Column("bundle", _ID),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("message_id", _ID),
        sa.Column("claim", _ID),
        sa.Column("until", sa.Double),
        sa.Column("sent", sa.Double),
        sa.PrimaryKeyConstraint("number", name="pk_outbox"),
        sa.ForeignKeyConstraint(
            ["photo"], ["photos.arrival"], name="fk_outbox_photo", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("notice_id", "channel", name="uq_outbox_notice_id_channel"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due"])
    op.create_index("ix_outbox_photo", "outbox", ["photo"])
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
