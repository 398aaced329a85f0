"""Labels, text and looks of photos; searchable words.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
_WORDS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")

_SEARCH_ON_SQLITE = (
    # The words are kept once, in the table of findings; this holds the index alone. All that is not
    # ASCII is part of a word for this tokenizer, and what parts words was taken out before.
    "CREATE VIRTUAL TABLE photo_words USING fts5("
    "words, content='findings', content_rowid='photo', tokenize='ascii')",
    "CREATE TRIGGER photo_words_kept AFTER INSERT ON findings WHEN new.words IS NOT NULL BEGIN "
    "INSERT INTO photo_words (rowid, words) VALUES (new.photo, new.words); END",
    "CREATE TRIGGER photo_words_gone AFTER DELETE ON findings WHEN old.words IS NOT NULL BEGIN "
    "INSERT INTO photo_words (photo_words, rowid, words) "
    "VALUES ('delete', old.photo, old.words); END",
    "CREATE TRIGGER photo_words_left AFTER UPDATE OF words ON findings "
    "WHEN old.words IS NOT NULL BEGIN INSERT INTO photo_words (photo_words, rowid, words) "
    "VALUES ('delete', old.photo, old.words); END",
    "CREATE TRIGGER photo_words_came AFTER UPDATE OF words ON findings "
    "WHEN new.words IS NOT NULL BEGIN "
    "INSERT INTO photo_words (rowid, words) VALUES (new.photo, new.words); END",
)


def upgrade() -> None:
    """Make the tables; no photo was looked at yet."""
    op.create_table(
        "findings",
        sa.Column("photo", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("label_version", sa.Text),
        sa.Column("text_version", sa.Text),
        sa.Column("lines", sa.Text),
        sa.Column("words", _WORDS),
        sa.Column("look", sa.Text),
        sa.PrimaryKeyConstraint("photo", name="pk_findings"),
        sa.ForeignKeyConstraint(
            ["photo"], ["photos.arrival"], name="fk_findings_photo", ondelete="CASCADE"
        ),
    )
    # Rows are long; what is counted, and what lacks, is told by this alone.
    op.create_index("ix_findings_versions", "findings", ["label_version", "text_version"])
    op.create_table(
        "label_kinds",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("kind_key", _ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("family", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_label_kinds"),
        sa.UniqueConstraint("kind_key", name="uq_label_kinds_kind_key"),
    )
    op.create_index("ix_label_kinds_name", "label_kinds", ["name"])
    op.create_table(
        "labels",
        sa.Column("photo", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("rank", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("kind", _NUMBER, nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("instances", sa.Text),
        sa.PrimaryKeyConstraint("photo", "rank", name="pk_labels"),
        sa.ForeignKeyConstraint(
            ["photo"], ["findings.photo"], name="fk_labels_photo", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["kind"], ["label_kinds.number"], name="fk_labels_kind"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_labels_kind", "labels", ["kind", "confidence", "photo"])
    # Beside the library's edition, which writers compare: what was found changes no people.
    op.execute("INSERT INTO edition (id, number) VALUES (2, 0)")
    if op.get_context().dialect.name == "postgresql":
        op.create_index("ix_findings_words", "findings", ["words"], postgresql_using="gin")
    else:
        for statement in _SEARCH_ON_SQLITE:
            op.execute(statement)
