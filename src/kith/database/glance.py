"""A quick look at a library's numbers, without what a longer stay needs.

SQLAlchemy takes 0.2 s to import, more than all else that ``kith status`` does; the standard
library's SQLite is there at once. Both count with the same statement.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

COUNTS: Final = """
WITH shown AS (SELECT DISTINCT person FROM appearances)
SELECT
  (SELECT count(*) FROM photos),
  (SELECT count(photo) FROM places),
  (SELECT count(*) FROM faces),
  (SELECT count(*) FROM shown),
  (SELECT count(people.name) FROM shown JOIN people ON people.number = shown.person),
  (SELECT count(*) FROM faces) - (SELECT count(*) FROM appearances) - (
    SELECT count(*) FROM faces
    WHERE standing IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM appearances WHERE face = faces.number)
  ),
  (SELECT count(*) FROM places) - (SELECT count(photo) FROM places),
  (SELECT count(label_version) FROM findings),
  (SELECT count(text_version) FROM findings)
"""
"""The figures of ``Counts`` in the order of its fields, each counted over an index."""

PACK: Final = "SELECT pack FROM collections WHERE id = 'library'"


def glance(file: Path, revision: str) -> tuple[tuple[int, ...], str | None] | None:
    """The counts and the pack of a library file.

    Returns ``None`` where this quick way does not lead to the answer - the file is of another
    revision, damaged, or on a medium where SQLite needs more care - so that the long way can give
    the answer, or say what is wrong.
    """
    try:
        with closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            (found,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if found != revision:
                return None
            pack = connection.execute(PACK).fetchone()
            return tuple(connection.execute(COUNTS).fetchone()), pack[0] if pack else None
    except (sqlite3.Error, TypeError):
        return None
