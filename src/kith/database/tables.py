"""The tables of the catalog.

Photos, faces and people are known outside by their ids and inside by numbers, which keeps the
tables that point at them, and their indexes, small.
"""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Id, PathBytes
from kith.database.faces import DETAIL_COLUMNS
from kith.database.metadata import metadata

photos = sa.Table(
    "photos",
    metadata,
    sa.Column("arrival", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("photo_id", Id, nullable=False, unique=True),
    sa.Column("format", AnyText, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("byte_size", sa.BigInteger, nullable=False),
    sa.Column("taken_at", sa.Text),
    sa.Column("camera", AnyText),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("altitude", sa.Double),
    sqlite_autoincrement=True,
)
"""The photos; ``arrival`` is their order and never used twice. ``taken_at`` is ISO 8601 with the
offset that the camera recorded, or without one."""

places = sa.Table(
    "places",
    metadata,
    sa.Column("path", PathBytes, primary_key=True),
    sa.Column("photo", BigNumber, sa.ForeignKey(photos.c.arrival, ondelete="CASCADE"), index=True),
    sa.Column("byte_size", sa.BigInteger, nullable=False),
    sa.Column("modified_ns", sa.BigInteger, nullable=False),
    sa.Column("reason", AnyText),
    sa.Column("advice", AnyText),
    sa.CheckConstraint(
        "(photo IS NULL) = (reason IS NOT NULL) AND (photo IS NULL) = (advice IS NOT NULL)",
        name="photo_or_problem",
    ),
    sqlite_with_rowid=False,
)
"""The files: each holds a photo, or has the reason why it does not."""

faces = sa.Table(
    "faces",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("face_id", Id, nullable=False, unique=True),
    sa.Column(
        "photo",
        BigNumber,
        sa.ForeignKey(photos.c.arrival, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    *(sa.Column(name, sa.Double, nullable=False) for name in DETAIL_COLUMNS),
)
"""The faces in the photos; ``overall`` is the quality that chooses a person's cover."""

people = sa.Table(
    "people",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("person_id", Id, nullable=False, unique=True),
    sa.Column("name", AnyText),
    sa.Column(
        "merged_into", BigNumber, sa.ForeignKey("people.number", ondelete="CASCADE"), index=True
    ),
)
"""The people; one that was merged away points at the one it became part of."""

appearances = sa.Table(
    "appearances",
    metadata,
    sa.Column(
        "face",
        BigNumber,
        sa.ForeignKey(faces.c.number, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("person", BigNumber, sa.ForeignKey(people.c.number), nullable=False, index=True),
    sa.Column("similarity", sa.Double, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
)
"""Which person each face is attributed to."""

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("sequence", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("decision_id", Id, nullable=False, unique=True),
    sa.Column("decided_at", sa.Text, nullable=False),
    sa.Column("decided_by", AnyText, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The journal: only ever appended to. ``payload`` is JSON in ASCII, by kind."""
