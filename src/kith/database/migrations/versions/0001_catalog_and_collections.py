"""The catalog, and the collections of faces.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")


def upgrade() -> None:
    """Make every table."""
    _make_photos()
    _make_places()
    _make_faces()
    _make_people()
    _make_decisions()
    _make_collections()
    _make_collection_faces()


def _make_photos() -> None:
    op.create_table(
        "photos",
        sa.Column("arrival", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("photo_id", _ID, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("taken_at", sa.Text),
        sa.Column("camera", sa.Text),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("altitude", sa.Double),
        sa.PrimaryKeyConstraint("arrival", name="pk_photos"),
        sa.UniqueConstraint("photo_id", name="uq_photos_photo_id"),
        sqlite_autoincrement=True,
    )


def _make_places() -> None:
    op.create_table(
        "places",
        sa.Column("path", sa.LargeBinary, nullable=False),
        sa.Column("photo", _NUMBER),
        sa.Column("byte_size", sa.BigInteger, nullable=False),
        sa.Column("modified_ns", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("advice", sa.Text),
        sa.PrimaryKeyConstraint("path", name="pk_places"),
        sa.ForeignKeyConstraint(
            ["photo"], ["photos.arrival"], name="fk_places_photo", ondelete="CASCADE"
        ),
        sa.CheckConstraint(
            "(photo IS NULL) = (reason IS NOT NULL) AND (photo IS NULL) = (advice IS NOT NULL)",
            name=op.f("ck_places_photo_or_problem"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_places_photo", "places", ["photo"])


def _make_faces() -> None:
    op.create_table(
        "faces",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("face_id", _ID, nullable=False),
        sa.Column("photo", _NUMBER, nullable=False),
        *_detail_columns(),
        sa.PrimaryKeyConstraint("number", name="pk_faces"),
        sa.UniqueConstraint("face_id", name="uq_faces_face_id"),
        sa.ForeignKeyConstraint(
            ["photo"], ["photos.arrival"], name="fk_faces_photo", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_faces_photo", "faces", ["photo"])


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("name", sa.Text),
        sa.Column("merged_into", _NUMBER),
        sa.PrimaryKeyConstraint("number", name="pk_people"),
        sa.UniqueConstraint("person_id", name="uq_people_person_id"),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["people.number"], name="fk_people_merged_into", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_people_merged_into", "people", ["merged_into"])
    op.create_table(
        "appearances",
        sa.Column("face", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", _NUMBER, nullable=False),
        sa.Column("similarity", sa.Double, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("face", name="pk_appearances"),
        sa.ForeignKeyConstraint(
            ["face"], ["faces.number"], name="fk_appearances_face", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.number"], name="fk_appearances_person"),
    )
    op.create_index("ix_appearances_person", "appearances", ["person"])


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("sequence", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("decision_id", _ID, nullable=False),
        sa.Column("decided_at", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_decisions"),
        sa.UniqueConstraint("decision_id", name="uq_decisions_decision_id"),
        sqlite_autoincrement=True,
    )


def _make_collections() -> None:
    op.create_table(
        "collections",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("pack_version", sa.Text, nullable=False),
        sa.Column("dimensions", sa.Integer, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_collections"),
    )
    op.create_table(
        "collection_photos",
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("photo_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("collection_id", "photo_id", name="pk_collection_photos"),
        _in_collection("collection_photos"),
    )
    op.create_table(
        "collection_removals",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_collection_removals"),
        _in_collection("collection_removals"),
    )
    op.create_index(
        "ix_collection_removals_collection_id_version",
        "collection_removals",
        ["collection_id", "version"],
    )


def _make_collection_faces() -> None:
    op.create_table(
        "collection_faces",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("collection_id", sa.Text, nullable=False),
        sa.Column("face_id", sa.Text, nullable=False),
        sa.Column("photo_id", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        *_detail_columns(),
        sa.PrimaryKeyConstraint("number", name="pk_collection_faces"),
        sa.UniqueConstraint(
            "collection_id", "face_id", name="uq_collection_faces_collection_id_face_id"
        ),
        _in_collection("collection_faces"),
        sqlite_autoincrement=True,
    )
    for columns in (("collection_id", "photo_id", "rank"), ("collection_id", "version")):
        op.create_index(f"ix_collection_faces_{'_'.join(columns)}", "collection_faces", [*columns])
    op.create_table(
        "collection_vectors",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_collection_vectors"),
        sa.ForeignKeyConstraint(
            ["number"],
            ["collection_faces.number"],
            name="fk_collection_vectors_number",
            ondelete="CASCADE",
        ),
    )


def _in_collection(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["collection_id"], ["collections.id"], name=f"fk_{table}_collection_id"
    )


def _detail_columns() -> list[sa.Column[float]]:
    names = (
        *("box_left", "box_top", "box_width", "box_height", "confidence"),
        *("left_eye_x", "left_eye_y", "right_eye_x", "right_eye_y", "nose_x", "nose_y"),
        *("mouth_left_x", "mouth_left_y", "mouth_right_x", "mouth_right_y"),
        *("yaw", "pitch", "roll"),
        *("brightness", "sharpness", "pixels", "overall"),
    )
    return [sa.Column(name, sa.Double, nullable=False) for name in names]
