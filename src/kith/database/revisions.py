"""The revisions of the database's shape, oldest first; a test compares them with the scripts."""

from __future__ import annotations

from typing import Final

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009")
HEAD: Final = REVISIONS[-1]
"""The revision that this version of Kith works with."""
