"""The tables of the notices: the rules, and the outbox."""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Id
from kith.database.metadata import metadata
from kith.database.tables import photos

notice_rules = sa.Table(
    "notice_rules",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("rule_id", Id, nullable=False, unique=True),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("rule", sa.Text),
)
"""The rules: ``rule`` is JSON in ASCII, absent for those of the settings file. Photos that arrived
up to ``since`` were there before."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("notice_id", Id, nullable=False),
    sa.Column("channel", AnyText, nullable=False),
    sa.Column("rule_id", Id, nullable=False),
    sa.Column("rule_name", AnyText, nullable=False),
    sa.Column(
        "photo",
        BigNumber,
        sa.ForeignKey(photos.c.arrival, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("face_ids", sa.Text, nullable=False),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("created", sa.Double, nullable=False),
    sa.Column("due", sa.Double, nullable=False),
    sa.Column("bundle", Id),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("error", AnyText, nullable=False),
    sa.Column("message_id", Id, index=True),
    sa.Column("claim", Id),
    sa.Column("until", sa.Double),
    sa.Column("sent", sa.Double),
    sa.UniqueConstraint("notice_id", "channel"),
    sa.Index("ix_outbox_state", "state", "due"),
    sqlite_autoincrement=True,
)
"""Notices on their way: one row for each and each channel. ``face_ids`` and ``labels`` are JSON in
ASCII. ``claim`` and ``until`` are of whoever took it last; ``message_id`` was settled by the first.
"""
