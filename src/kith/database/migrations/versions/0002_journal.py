"""The machine's groups, and every kind of decision laid over them.

Each person of before becomes a group whose faces found their seats in the order of their arrival.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ID = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
_PAGE = 1000


def upgrade() -> None:
    """Make the new tables and columns, and fill them from what is there."""
    _add_columns()
    _make_groups()
    _make_journal()
    _fill_groups()
    _rewrite_decisions()


def _add_columns() -> None:
    # Adding a column leaves the rows alone, in SQLite, too, however large the table is.
    op.add_column("faces", sa.Column("standing", sa.Text))
    set_aside = sa.text("standing IS NOT NULL")
    op.create_index(
        "ix_faces_standing",
        "faces",
        ["standing"],
        sqlite_where=set_aside,
        postgresql_where=set_aside,
    )
    hidden = sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("people", hidden)
    op.add_column("people", sa.Column("born", sa.Text))
    op.add_column("people", sa.Column("cover", _ID))
    op.add_column("people", sa.Column("consent", sa.Boolean))


def _make_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("group_id", _ID, nullable=False),
        sa.Column("part_of", _NUMBER),
        sa.Column("home", _NUMBER),
        sa.PrimaryKeyConstraint("number", name="pk_groups"),
        sa.UniqueConstraint("group_id", name="uq_groups_group_id"),
        sa.ForeignKeyConstraint(["part_of"], ["groups.number"], name="fk_groups_part_of"),
        sa.ForeignKeyConstraint(
            ["home"], ["people.number"], name="fk_groups_home", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_groups_part_of", "groups", ["part_of"])
    op.create_index("ix_groups_home", "groups", ["home"])
    op.create_table(
        "steps",
        sa.Column("sequence", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("face", _NUMBER),
        sa.Column("group", _NUMBER, nullable=False),
        sa.Column("stays", _NUMBER),
        sa.Column("similarity", sa.Double),
        sa.Column("support", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_steps"),
        sa.UniqueConstraint("face", name="uq_steps_face"),
        sa.ForeignKeyConstraint(
            ["face"], ["faces.number"], name="fk_steps_face", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["group"], ["groups.number"], name="fk_steps_group"),
        sa.ForeignKeyConstraint(["stays"], ["groups.number"], name="fk_steps_stays"),
        sa.CheckConstraint(
            "(face IS NULL) = (stays IS NOT NULL) AND (face IS NULL) = (similarity IS NULL)",
            name=op.f("ck_steps_seat_or_reunion"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steps_group", "steps", ["group"])
    reunited = sa.text("stays IS NOT NULL")
    op.create_index(
        "ix_steps_stays",
        "steps",
        ["stays"],
        sqlite_where=reunited,
        postgresql_where=reunited,
    )


def _make_journal() -> None:
    op.create_index("ix_decisions_kind", "decisions", ["kind"])
    op.create_table(
        "decision_subjects",
        sa.Column("subject", _ID, nullable=False),
        sa.Column("decision", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("subject", "decision", name="pk_decision_subjects"),
        sa.ForeignKeyConstraint(
            ["decision"], ["decisions.sequence"], name="fk_decision_subjects_decision"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_edition"),
    )
    op.execute("INSERT INTO edition (id, number) VALUES (1, 1)")


def _fill_groups() -> None:
    op.execute(
        "INSERT INTO groups (group_id, home) SELECT person_id, number FROM people "
        "WHERE number IN (SELECT person FROM appearances) ORDER BY number"
    )
    op.execute(
        """
        INSERT INTO steps (face, "group", similarity, support)
        SELECT appearances.face, groups.number, appearances.similarity,
            CASE WHEN appearances.face = founders.number THEN '[]'
                 ELSE '["' || founders.face_id || '"]' END
        FROM appearances
        JOIN people ON people.number = appearances.person
        JOIN groups ON groups.group_id = people.person_id
        JOIN (SELECT person, min(face) AS face FROM appearances GROUP BY person) AS firsts
            ON firsts.person = appearances.person
        JOIN faces AS founders ON founders.number = firsts.face
        ORDER BY appearances.face
        """
    )


def _rewrite_decisions() -> None:
    """All decisions of before gave a person a name."""
    connection = op.get_bind()
    page = sa.text(
        "SELECT sequence, payload FROM decisions WHERE sequence > :last AND kind = 'name' "
        "ORDER BY sequence LIMIT :page"
    )
    last = 0
    while rows := connection.execute(page, {"last": last, "page": _PAGE}).all():
        last = rows[-1][0]
        said = [(sequence, json.loads(payload)) for sequence, payload in rows]
        connection.execute(
            sa.text("UPDATE decisions SET payload = :payload WHERE sequence = :sequence"),
            [{"sequence": number, "payload": json.dumps(_of_today(old))} for number, old in said],
        )
        connection.execute(
            sa.text("INSERT INTO decision_subjects (subject, decision) VALUES (:subject, :number)"),
            [
                {"subject": subject, "number": number}
                for number, old in said
                for subject in sorted(_subjects(old))
            ],
        )


def _of_today(old: dict[str, Any]) -> dict[str, Any]:
    person = {"person_id": old["person_id"], "anchors": old["anchors"]}
    return {"person": person, "name": old["name"]}


def _subjects(old: dict[str, Any]) -> set[str]:
    return {old["person_id"], *(anchor["photo_id"] for anchor in old["anchors"])}
