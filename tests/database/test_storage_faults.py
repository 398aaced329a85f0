"""What a storage on a full or read-only disk says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kith.adapters.storage.filesystem import FilesystemStorage
from kith.domain.errors import LibraryFullError, LibraryReadOnlyError


def test_without_room_the_earlier_object_stays(small_disk: Path) -> None:
    """Where the new bytes cannot be kept, the old ones still are, and nothing half-written."""
    storage = FilesystemStorage(small_disk)
    storage.write("a", b"old")

    with pytest.raises(LibraryFullError):
        storage.write("a", bytes(2_000_000))

    assert storage.read("a") == b"old"
    assert list((small_disk / ".partial").iterdir()) == []


def test_a_read_only_folder_can_be_read(tmp_path: Path, sealed: Callable[[Path], None]) -> None:
    """Objects on a read-only disk can be read and listed, and neither written nor deleted."""
    folder = tmp_path / "sealed"
    FilesystemStorage(folder).write("a", b"old")
    sealed(folder)
    storage = FilesystemStorage(folder)

    with pytest.raises(LibraryReadOnlyError):
        storage.write("a", b"new")
    with pytest.raises(LibraryReadOnlyError):
        storage.delete("a")

    assert storage.read("a") == b"old"
    assert [each.key for each in storage.list()] == ["a"]
