"""What a grid of photos needs: an order to page through, and tiny pictures to show at once.

Written out rather than taken from the tables of today: a migration never changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CLOCK = sa.String(19).with_variant(sa.String(19, collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns, and the index; photos of before have no placeholder yet."""
    op.add_column("photos", sa.Column("clock", _CLOCK))
    op.add_column("photos", sa.Column("placeholder", sa.LargeBinary))
    op.execute("UPDATE photos SET clock = substr(taken_at, 1, 19) WHERE taken_at IS NOT NULL")
    op.create_index("ix_photos_clock", "photos", ["clock", "arrival"])
