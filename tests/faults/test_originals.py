"""Originals that vanish or change at the worst moment, and stay as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.face import Box
from kith.domain.photo import photo_id_of
from kith.imaging.picture import PictureLimits
from kith.pipeline.add import add
from kith.pipeline.doctor import examine
from kith.pipeline.library import Library

Act = Callable[[], None]


@dataclass(frozen=True, slots=True)
class _Sound:
    def damages(self) -> tuple[str, ...]:
        return ()

    def rebuild_index(self) -> None:
        pass

    def scrub(self) -> list[str]:
        return []


@dataclass(frozen=True)
class ActingLimits(PictureLimits):
    """Limits by whose being asked a test knows that a file is being read, and acts.

    ``Picture`` compares a file's length with them after it has opened the file and before it reads
    it; so this is a moment in the middle of reading, in the thread that reads.
    """

    acts: list[Act] = field(default_factory=list[Act])

    def __getattribute__(self, name: str) -> object:
        if name == "byte_size" and object.__getattribute__(self, "acts"):
            object.__getattribute__(self, "acts").pop(0)()
        return object.__getattribute__(self, name)


class ActingStorage(MemoryStorage):
    """A storage during whose first write something happens: by then the photo has been read."""

    def __init__(self, act: Act) -> None:
        super().__init__()
        self._acts = [act]

    def write(self, key: str, data: bytes, /, *, durable: bool = True) -> None:
        """See ``ObjectStorage.write``."""
        super().write(key, data, durable=durable)
        if key.startswith("thumbnails/") and self._acts:
            self._acts.pop()()


def library_with(
    limits: PictureLimits | None = None, derived: MemoryStorage | None = None
) -> Library:
    """An empty library of drawn faces, one worker."""
    return Library(
        catalog=MemoryCatalog(),
        collection=MemoryFaceCollection(),
        recognizer=MemoryRecognizer(),
        derived=derived or MemoryStorage(),
        upkeep=_Sound(),
        limits=limits or PictureLimits(),
    )


def drawn(person: int, gray: int = 200) -> bytes:
    """A photo of this person."""
    return draw_picture([DrawnFace(hue_of_person(person), Box(0.2, 0.2, 0.3, 0.4))], gray=gray)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three photos of three people."""
    (tmp_path / "photos").mkdir()
    for number, name in enumerate(("a.png", "b.png", "c.png")):
        (tmp_path / "photos" / name).write_bytes(drawn(number))
    return tmp_path / "photos"


def photos_by_name(library: Library) -> dict[str, str]:
    """The id of the photo at each place."""
    return {
        Path(one.place.path).name: one.photo_id for one in library.catalog.places() if one.photo_id
    }


def test_a_file_that_vanishes_before_it_is_read_is_a_row(folder: Path) -> None:
    """It is named; the others are added; next time it is simply gone."""
    library = library_with(ActingLimits(acts=[(folder / "b.png").unlink]))

    report = add(library, [folder])

    assert report.added == 2
    (row,) = report.refused
    assert row.place.path == str(folder / "b.png")
    assert "There is no file" in row.reason
    later = add(library, [folder])
    assert (later.unchanged, later.refused) == (2, [])


def test_a_file_that_vanishes_while_it_is_read_is_a_row(folder: Path) -> None:
    """A photo that cannot be found again is not added by halves."""
    library = library_with(ActingLimits(acts=[(folder / "a.png").unlink]))

    report = add(library, [folder])

    assert report.added == 2
    assert "vanished while it was read" in report.refused[0].reason
    assert examine(library) == []
    (folder / "a.png").write_bytes(drawn(0))
    assert add(library, [folder]).added == 1


def test_a_file_that_changes_while_it_is_read_is_read_again(folder: Path) -> None:
    """What is kept is one state of the file, and the place says which."""
    changed = drawn(5, gray=90)
    library = library_with(ActingLimits(acts=[lambda: write(folder / "a.png", changed)]))

    report = add(library, [folder])

    assert (report.added, report.refused) == (3, [])
    assert photos_by_name(library)["a.png"] == photo_id_of(changed)
    assert add(library, [folder]).unchanged == 3


def test_a_file_that_keeps_changing_is_a_row_and_is_added_when_it_rests(folder: Path) -> None:
    """Its reading is not tried for ever."""
    acts: list[Act] = [
        lambda gray=gray: write(folder / "a.png", drawn(0, gray)) for gray in range(40, 60)
    ]
    library = library_with(ActingLimits(acts=acts))
    (folder / "b.png").unlink()
    (folder / "c.png").unlink()

    report = add(library, [folder])

    assert "changes while it is read" in report.refused[0].reason
    acts.clear()
    later = add(library, [folder])
    assert (later.added, later.refused) == (1, [])
    assert examine(library) == []


def test_a_file_that_changes_after_it_was_read_is_noticed_next_time(folder: Path) -> None:
    """The place keeps the size and time of what was read, so the change shows."""
    changed = drawn(6, gray=70)
    library = library_with(derived=ActingStorage(lambda: write(folder / "a.png", changed)))

    add(library, [folder])
    assert photos_by_name(library)["a.png"] == photo_id_of(drawn(0))
    report = add(library, [folder])

    assert report.added == 1
    assert photos_by_name(library)["a.png"] == photo_id_of(changed)


def test_originals_are_never_touched(folder: Path) -> None:
    """Bytes, times and names are what they were after adding, examining and mending."""
    before = state_of(folder)
    library = library_with()

    add(library, [folder])
    examine(library, fix=True)

    assert state_of(folder) == before


def write(path: Path, data: bytes) -> None:
    """Put other bytes in a file."""
    path.write_bytes(data)


def state_of(folder: Path) -> dict[str, tuple[int, str]]:
    """What can be seen of every file but its time of access."""
    return {
        path.name: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.iterdir()
    }
