"""The tables of what was found in the photos besides faces."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Id, SearchWords
from kith.database.metadata import metadata
from kith.database.tables import photos

findings = sa.Table(
    "findings",
    metadata,
    sa.Column(
        "photo",
        BigNumber,
        sa.ForeignKey(photos.c.arrival, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("label_version", AnyText),
    sa.Column("text_version", AnyText),
    sa.Column("lines", sa.Text),
    sa.Column("words", sa.Text().with_variant(SearchWords(), "postgresql")),
    sa.Column("look", sa.Text),
    sa.Index("ix_findings_versions", "label_version", "text_version"),
    sa.Index("ix_findings_words", "words", postgresql_using="gin").ddl_if(dialect="postgresql"),
)
"""The photos that were looked at. A version that is null says that this was not looked for.
``lines`` and ``look`` are JSON. ``words`` are those of ``kith.domain.text.words_of``, in their
order; on PostgreSQL with their positions, and the index is one of the column. On SQLite it is the
virtual table ``photo_words``, which triggers keep."""

label_kinds = sa.Table(
    "label_kinds",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("kind_key", Id, nullable=False, unique=True),
    sa.Column("name", AnyText, nullable=False, index=True),
    sa.Column("family", sa.Text, nullable=False),
)
"""What labels are called and what they are kinds of. ``family`` is JSON: parents, aliases and
categories. ``kind_key`` is the SHA-256 of name and family."""

labels = sa.Table(
    "labels",
    metadata,
    sa.Column(
        "photo",
        BigNumber,
        sa.ForeignKey(findings.c.photo, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("rank", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", BigNumber, sa.ForeignKey(label_kinds.c.number), nullable=False),
    sa.Column("confidence", sa.Double, nullable=False),
    sa.Column("instances", sa.Text),
    sa.Index("ix_labels_kind", "kind", "confidence", "photo"),
    sqlite_with_rowid=False,
)
"""The labels of the photos; ``rank`` is their order. ``instances`` is JSON: boxes and confidences;
null for none. Nobody asks for a box by itself, so they have no table."""

SEARCHED: Final = "photo_words"
"""SQLite's table for searching words (FTS5). It is made by a migration, and is no table of the
metadata: SQLAlchemy knows no virtual tables."""
