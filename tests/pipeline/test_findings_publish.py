"""Documents are written once, the same bytes everywhere, and a run goes on where it stopped."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.storage.filesystem import FilesystemStorage
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.errors import LibraryFullError, NotFoundError
from kith.pipeline.findings.document import document_bytes
from kith.pipeline.findings.publish import PublishReport, publish
from kith.ports.storage import ObjectStorage

if TYPE_CHECKING:
    from buckets import Bucket

COUNT = 40


def documents(*, said: str = "nothing") -> list[dict[str, Any]]:
    """Documents of some photos."""
    ids = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(COUNT)]
    return [{"photo_id": photo_id, "text": said, "file": "\udce9 né.jpg"} for photo_id in ids]


def content(storage: ObjectStorage) -> dict[str, bytes]:
    """All that lies in a storage."""
    return {one.key: storage.read(one.key) for one in storage.list()}


@pytest.fixture(
    params=[
        "memory",
        "folder",
        pytest.param("moto_bucket", marks=pytest.mark.emulators),
        pytest.param("ministack_bucket", marks=pytest.mark.emulators),
    ]
)
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[ObjectStorage]:
    """Wherever documents may go, empty."""
    if request.param == "memory":
        yield MemoryStorage()
    elif request.param == "folder":
        yield FilesystemStorage(tmp_path / "out")
    else:
        bucket: Bucket = request.getfixturevalue(request.param)
        yield bucket.storage("some/where")


def test_the_same_bytes_are_written_everywhere(storage: ObjectStorage) -> None:
    """Each document under its photo's id, as it is told by ``document_bytes``."""
    expected = {f"{one['photo_id']}.json": document_bytes(one) for one in documents()}

    assert publish(documents(), storage) == PublishReport(written=COUNT)
    assert content(storage) == expected


def test_what_is_there_as_it_is_stays(storage: ObjectStorage) -> None:
    """Only what is new, gone or other is written."""
    publish(documents(), storage)
    changed, *_, gone = documents()
    storage.delete(f"{gone['photo_id']}.json")
    storage.write(f"{changed['photo_id']}.json", b"other")
    before = {one.key: one.modified_ns for one in storage.list()}

    assert publish(documents(), storage) == PublishReport(written=2, unchanged=COUNT - 2)
    after = {one.key: one.modified_ns for one in storage.list()}
    names = {f"{one['photo_id']}.json" for one in (changed, gone)}
    assert {key for key in after if key not in names and after[key] != before[key]} == set()
    assert publish(documents(said="more"), storage).written == COUNT


def test_progress_is_told_for_each() -> None:
    """Whether it was written or was there."""
    storage, told = MemoryStorage(), list[int]()
    publish(documents()[:7], storage)
    publish(documents(), storage, told.append)
    assert told == list(range(1, COUNT + 1))


def test_an_interrupted_run_is_continued() -> None:
    """What was written before it ended is not written again."""
    storage = MemoryStorage()

    def interrupted() -> Iterator[dict[str, Any]]:
        yield from documents()[: COUNT // 2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        publish(interrupted(), storage)
    there = len(content(storage))
    assert 0 < there <= COUNT // 2
    assert publish(documents(), storage) == PublishReport(COUNT - there, there)


class FullStorage(MemoryStorage):
    """One that has room for nothing."""

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:  # noqa: ARG002 - as its base
        """Refuse."""
        raise LibraryFullError(f"No room for {key}")


def test_a_storage_that_is_full_ends_the_run() -> None:
    """With what it says."""
    with pytest.raises(LibraryFullError):
        publish(documents(), FullStorage())


@pytest.mark.emulators
def test_a_bucket_that_is_not_there_is_said(moto_bucket: Bucket) -> None:
    """Nothing is taken for written."""
    moto_bucket.client.delete_bucket(Bucket=moto_bucket.name)
    with pytest.raises(NotFoundError, match="no bucket"):
        publish(documents(), moto_bucket.storage())
