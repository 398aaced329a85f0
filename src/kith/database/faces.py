"""The tables of face collections: the truth that every search index is built from.

Every transaction that changes a collection first raises its ``version``: that orders the writers,
and stamps what they add and remove, so that an index which is at version 7 reads only what came
later. Face numbers are never used twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kith.database.metadata import metadata
from kith.domain.face import Box, FaceDetail, Landmarks, Point, Pose, Quality

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""SQLite numbers rows by itself only where the type is exactly INTEGER."""

DETAIL_COLUMNS: tuple[str, ...] = (
    *("box_left", "box_top", "box_width", "box_height", "confidence"),
    *("left_eye_x", "left_eye_y", "right_eye_x", "right_eye_y", "nose_x", "nose_y"),
    *("mouth_left_x", "mouth_left_y", "mouth_right_x", "mouth_right_y"),
    *("yaw", "pitch", "roll"),
    *("brightness", "sharpness", "pixels", "overall"),
)
"""The figures of a ``FaceDetail`` in the order that ``detail_of`` takes them."""

collections = sa.Table(
    "collections",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("pack_version", sa.Text, nullable=False),
    sa.Column("dimensions", sa.Integer, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
)
"""The collections, each pinned to one model pack."""

collection_photos = sa.Table(
    "collection_photos",
    metadata,
    sa.Column("collection_id", sa.Text, sa.ForeignKey("collections.id"), primary_key=True),
    sa.Column("photo_id", sa.Text, primary_key=True),
)
"""The photos that were indexed, those without a face included. Rekognition's external image ids."""

collection_faces = sa.Table(
    "collection_faces",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    sa.Column("collection_id", sa.Text, sa.ForeignKey("collections.id"), nullable=False),
    sa.Column("face_id", sa.Text, nullable=False),
    sa.Column("photo_id", sa.Text, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    *(sa.Column(name, sa.Double, nullable=False) for name in DETAIL_COLUMNS),
    sa.UniqueConstraint("collection_id", "face_id"),
    sa.Index(None, "collection_id", "photo_id", "rank"),
    sa.Index(None, "collection_id", "version"),
    sqlite_autoincrement=True,
)
"""The faces; ``rank`` is 0 for a photo's largest. ``version`` is the collection's that added it."""

collection_vectors = sa.Table(
    "collection_vectors",
    metadata,
    sa.Column(
        "number",
        _NUMBER,
        sa.ForeignKey("collection_faces.number", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
"""The embeddings: 32-bit floats, little-endian. A table of their own keeps lists of faces quick."""

collection_removals = sa.Table(
    "collection_removals",
    metadata,
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=False),
    sa.Column("collection_id", sa.Text, sa.ForeignKey("collections.id"), nullable=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.Index(None, "collection_id", "version"),
)
"""The numbers of faces that were removed, and when; nothing else of them remains."""


def detail_values(detail: FaceDetail) -> Mapping[str, float]:
    """The values of a face's ``DETAIL_COLUMNS``."""
    box, marks, pose, quality = detail.box, detail.landmarks, detail.pose, detail.quality
    points = (marks.left_eye, marks.right_eye, marks.nose, marks.mouth_left, marks.mouth_right)
    values = (
        *(box.left, box.top, box.width, box.height, detail.confidence),
        *(ratio for point in points for ratio in (point.x, point.y)),
        *(pose.yaw, pose.pitch, pose.roll),
        *(quality.brightness, quality.sharpness, quality.pixels, quality.overall),
    )
    return dict(zip(DETAIL_COLUMNS, values, strict=True))


def detail_of(values: Sequence[float]) -> FaceDetail:
    """The face with these values in its ``DETAIL_COLUMNS``; the inverse of ``detail_values``."""
    left, top, width, height, confidence = values[:5]
    x1, y1, x2, y2, x3, y3, x4, y4, x5, y5 = values[5:15]
    yaw, pitch, roll, brightness, sharpness, pixels, overall = values[15:]
    return FaceDetail(
        Box(left, top, width, height),
        confidence,
        Landmarks(Point(x1, y1), Point(x2, y2), Point(x3, y3), Point(x4, y4), Point(x5, y5)),
        Pose(yaw, pitch, roll),
        Quality(brightness, sharpness, pixels, overall),
    )
