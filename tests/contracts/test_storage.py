"""What every adapter of the port ``ObjectStorage`` promises."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith.adapters.storage.filesystem import FilesystemStorage
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.storage import ObjectStorage

if TYPE_CHECKING:
    from buckets import Bucket

BAD_KEYS = ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/./b", "a\0b"]


@pytest.fixture(
    params=[
        "memory",
        "filesystem",
        pytest.param("moto", marks=pytest.mark.emulators),
        pytest.param("ministack", marks=pytest.mark.emulators),
    ]
)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStorage:
    """An empty storage by every adapter of the port; S3's on two emulators."""
    if request.param == "memory":
        return MemoryStorage()
    if request.param == "filesystem":
        return FilesystemStorage(tmp_path / "objects")
    bucket: Bucket = request.getfixturevalue(f"{request.param}_bucket")
    return bucket.storage()


def test_what_was_written_is_read(storage: ObjectStorage) -> None:
    """An object is read as it was written last, and described."""
    storage.write("a/b.webp", b"old")
    storage.write("a/b.webp", b"newer")

    assert storage.read("a/b.webp") == b"newer"
    assert (storage.stat("a/b.webp").key, storage.stat("a/b.webp").byte_size) == ("a/b.webp", 5)
    assert list(storage.list()) == [storage.stat("a/b.webp")]


def test_what_is_not_there_is_not_found(storage: ObjectStorage) -> None:
    """Reading an object that is not there raises; deleting it does not."""
    storage.write("a/b", b"x")

    for key in ("b", "a", "a/b/c"):
        with pytest.raises(NotFoundError):
            storage.read(key)
        with pytest.raises(NotFoundError):
            storage.stat(key)
    storage.delete("b")
    storage.delete("a/b")
    storage.delete("a/b")

    assert list(storage.list()) == []


@pytest.mark.parametrize("key", BAD_KEYS)
def test_no_key_escapes_the_storage(storage: ObjectStorage, key: str, tmp_path: Path) -> None:
    """A key that is no name is refused before anything is touched."""
    actions: list[Callable[[], object]] = [
        lambda: storage.write(key, b"x"),
        lambda: storage.read(key),
        lambda: storage.stat(key),
        lambda: storage.delete(key),
    ]
    for action in actions:
        with pytest.raises(UsageError):
            action()

    assert list(tmp_path.iterdir()) == []


def test_keys_are_listed_in_the_order_of_their_code_points(storage: ObjectStorage) -> None:
    """A slash sorts as the character that it is, not as the end of a name."""
    keys = sorted(["a/b/c", "a/b", "a.b/c", "a0", "a/ü", "a!/x", "ab", "b/a", "B"])
    keys.remove("a/b")
    for key in reversed(keys):
        storage.write(key, b"")

    assert [each.key for each in storage.list()] == keys
    for prefix in ("a", "a/", "a/b", "a/b/", "B", "x", "/", "../", "a/../a", "a!/"):
        assert [each.key for each in storage.list(prefix)] == [
            key for key in keys if key.startswith(prefix)
        ]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    parts=st.lists(st.text("a.!0", min_size=1, max_size=3), min_size=1, max_size=3),
    prefix=st.text("a.!0/", max_size=4),
)
def test_any_key_is_found_by_its_prefixes(
    storage: ObjectStorage, parts: list[str], prefix: str
) -> None:
    """An object is listed under every beginning of its key, and under nothing else."""
    key = "/".join(parts)
    try:
        storage.write(key, b"x")
    except UsageError:
        assert {".", ".."} & set(parts)
        return

    assert [each.key for each in storage.list(prefix)] == [key] * key.startswith(prefix)
    storage.delete(key)


def test_several_threads_write_whole_objects(storage: ObjectStorage) -> None:
    """Readers see one writer's bytes or the other's, never a mixture."""
    contents = [bytes([number]) * 50_000 for number in range(8)]
    threads = [threading.Thread(target=storage.write, args=("a", data)) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert storage.read("a") in contents


def test_what_a_killed_writer_left_is_never_seen_and_goes(tmp_path: Path) -> None:
    """Half-written files are no objects; the old ones go, a running writer's stay."""
    partial = tmp_path / ".partial"
    partial.mkdir()
    for name in ("old", "new"):
        (partial / name).write_bytes(b"half")
    os.utime(partial / "old", (0, 0))
    storage = FilesystemStorage(tmp_path)

    assert list(storage.list()) == []
    storage.write("a", b"x")

    assert [each.name for each in partial.iterdir()] == ["new"]
    with pytest.raises(UsageError):
        storage.read(".partial/new")


def test_an_object_is_no_folder(tmp_path: Path) -> None:
    """A key that would need an object to be a folder, or a folder an object, is refused."""
    storage = FilesystemStorage(tmp_path)
    storage.write("a", b"x")
    storage.write("b/c", b"x")

    for key in ("a/b", "b"):
        with pytest.raises(UsageError):
            storage.write(key, b"y")

    assert [each.key for each in storage.list()] == ["a", "b/c"]
