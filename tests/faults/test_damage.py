"""Damage to a library on disk: the doctor finds it, and mends it from the photos."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kith.pipeline.add import add
from kith.pipeline.doctor import examine
from kith.pipeline.library import Library

if TYPE_CHECKING:
    from tests.faults.conftest import Content

    Opened = Callable[..., AbstractContextManager[Library]]
    ContentOf = Callable[[Library], Content]

pytestmark = [pytest.mark.weights, pytest.mark.photos]


@pytest.fixture
def folder(album: Path, opened: Opened, tmp_path: Path) -> Path:
    """A library of the family's photos."""
    with opened(tmp_path / "library", writing=True) as library:
        add(library, [album / "family"])
    return tmp_path / "library"


def test_a_face_lost_from_the_collection_is_found_again(
    folder: Path, opened: Opened, content_of: ContentOf
) -> None:
    """With the id it had, so people stay."""
    with opened(folder) as library:
        before = content_of(library)
    with closing(sqlite3.connect(folder / "library.db")) as database:
        for table in ("collection_vectors", "collection_faces"):
            database.execute(f"DELETE FROM {table} WHERE number = 2")
        database.commit()

    with opened(folder, writing=True) as library:
        (found,) = examine(library)
        (fixed,) = examine(library, fix=True)
        assert (found.what, fixed.fixed) == ("unsearchable photos", 1)
        assert examine(library) == []
        content = content_of(library)
        assert content == before
        assert content.similarities == pytest.approx(before.similarities, abs=0.01)
