"""The tables of the catalog.

Photos, faces and people are known outside by their ids and inside by numbers, which keeps the
tables that point at them, and their indexes, small.
"""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.columns import AnyText, BigNumber, Clock, Id, PathBytes
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
    sa.Column("clock", Clock),
    sa.Column("placeholder", sa.LargeBinary),
    sa.Index("ix_photos_clock", "clock", "arrival"),
    sqlite_autoincrement=True,
)
"""The photos; ``arrival`` is their order and never used twice. ``taken_at`` is ISO 8601 with the
offset that the camera recorded, or without one; ``clock`` is its beginning, to the second, by which
photos are shown. ``placeholder`` is a tiny picture."""

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
    sa.Column("standing", sa.Text),
)
"""The faces in the photos; ``overall`` is the quality that chooses a person's cover. ``standing``
is what a human said of a face that is to be nobody's."""

sa.Index(
    "ix_faces_standing",
    faces.c.standing,
    sqlite_where=faces.c.standing.is_not(None),
    postgresql_where=faces.c.standing.is_not(None),
)

people = sa.Table(
    "people",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("person_id", Id, nullable=False, unique=True),
    sa.Column("name", AnyText),
    sa.Column(
        "merged_into", BigNumber, sa.ForeignKey("people.number", ondelete="CASCADE"), index=True
    ),
    sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("born", sa.Text),
    sa.Column("cover", Id),
    sa.Column("consent", sa.Boolean),
)
"""The people; one that was merged away points at the one it is part of now. ``born`` is a day in
ISO 8601, ``cover`` the id of the face that a human chose, which may be another's by now."""

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

groups = sa.Table(
    "groups",
    metadata,
    sa.Column("number", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("group_id", Id, nullable=False, unique=True),
    sa.Column("part_of", BigNumber, sa.ForeignKey("groups.number"), index=True),
    sa.Column("home", BigNumber, sa.ForeignKey(people.c.number, ondelete="SET NULL"), index=True),
)
"""What the machine made of the faces; one that became part of another points at the one that both
are part of now, never at one that is itself a part. ``home`` is whose the group is."""

steps = sa.Table(
    "steps",
    metadata,
    sa.Column("sequence", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("face", BigNumber, sa.ForeignKey(faces.c.number, ondelete="CASCADE"), unique=True),
    sa.Column("group", BigNumber, sa.ForeignKey(groups.c.number), nullable=False, index=True),
    sa.Column("stays", BigNumber, sa.ForeignKey(groups.c.number)),
    sa.Column("similarity", sa.Double),
    sa.Column("support", sa.Text, nullable=False),
    sa.CheckConstraint(
        "(face IS NULL) = (stays IS NOT NULL) AND (face IS NULL) = (similarity IS NULL)",
        name="seat_or_reunion",
    ),
    sqlite_autoincrement=True,
)
"""How the groups came to be: ``face`` found a seat in ``group``, or ``group`` became part of
``stays``. ``support`` is JSON: face ids, or pairs of them. Ids, as numbers of faces that are gone
may be used again."""

# PostgreSQL looks here for each group that is taken away.
sa.Index(
    "ix_steps_stays",
    steps.c.stays,
    sqlite_where=steps.c.stays.is_not(None),
    postgresql_where=steps.c.stays.is_not(None),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("sequence", BigNumber, primary_key=True, autoincrement=True),
    sa.Column("decision_id", Id, nullable=False, unique=True),
    sa.Column("decided_at", sa.Text, nullable=False),
    sa.Column("decided_by", AnyText, nullable=False),
    sa.Column("kind", sa.Text, nullable=False, index=True),
    sa.Column("payload", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The journal: only ever appended to. ``payload`` is JSON in ASCII: what was said, by kind."""

decision_subjects = sa.Table(
    "decision_subjects",
    metadata,
    sa.Column("subject", Id, primary_key=True),
    sa.Column("decision", BigNumber, sa.ForeignKey(decisions.c.sequence), primary_key=True),
    sqlite_with_rowid=False,
)
"""The ids of the photos and people that each decision mentions."""

edition = sa.Table(
    "edition",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
)
"""Two rows. The number of row 1 grows with each change of photos, places, groups, people or
journal; that of row 2 with what is found in the photos besides."""
