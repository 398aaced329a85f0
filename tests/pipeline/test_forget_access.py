"""Forgetting reaches what was kept for clients that repeat themselves."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kith.adapters.access.sql import SqlAccess
from kith.compose import open_library
from kith.config import Settings
from kith.database.open import open_database
from kith.ports.access import Claim, Reply

pytestmark = pytest.mark.weights


def test_answers_with_names_are_forgotten(tmp_path: Path, weights: Path) -> None:
    """What was answered to changes may name who is to be forgotten."""
    settings = Settings(library=tmp_path / "library", models=weights, workers=1)
    with open_library(settings, writing=True) as library:
        file = settings.library / "library.db"
        with closing(open_database(file)) as database:
            replies = SqlAccess(database).replies
            replies.claim(Claim("1" * 64, "2" * 64, 100.0), stale_before=0.0)
            replies.answer("1" * 64, Reply(200, "application/json", b'{"text": "named Zacharias"}'))
        assert b"Zacharias" in _everything(settings.library)

        library.upkeep.scrub()

        assert b"Zacharias" not in _everything(settings.library)


def _everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("library.db*"))
