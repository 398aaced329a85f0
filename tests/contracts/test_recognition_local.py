"""What the local collection promises beyond the port: the index is but a copy."""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kith.adapters.recognition.local import LocalFaceCollection
from kith.adapters.recognition.local.store import FaceStore, NewFace, Pin
from kith.database.open import Database, open_database
from kith.database.sqlite import back_up
from kith.domain.errors import LibraryReadOnlyError, PackMismatchError
from kith.domain.face import (
    Box,
    Face,
    FaceDetail,
    FaceId,
    Landmarks,
    Match,
    Point,
    Pose,
    Quality,
)
from kith.domain.photo import PhotoId, photo_id_of
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.imaging.picture import Picture
from kith.ports.recognition import IndexEntry

FACES = 3000
"""More than an index keeps to itself before it is worth a file."""

OTHER_PROCESS = """
import sys, time
from pathlib import Path
from kith.adapters.recognition.local import LocalFaceCollection
from kith.database.open import open_database
from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.imaging.picture import Picture
from kith.ports.recognition import IndexEntry

library, index, weights, *pictures = map(Path, sys.argv[1:])
engine = Engine(load_pack("open"), lambda path: weights / path)
collection = LocalFaceCollection(engine, open_database(library), index_folder=index)
pictures = [Picture.open(path) for path in pictures]
rows = collection.index([IndexEntry(picture.photo_id, picture) for picture in pictures])
print(*[face.id for row in rows for face in row.faces], flush=True)
time.sleep(60)
"""


class Library:
    """A library on a disk, and the doors to it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "library.db"
        self.folder = folder / "index"
        self.index_file = self.folder / "library.vectors"
        self.database = open_database(self.file)

    def open(self, engine: Engine) -> LocalFaceCollection:
        """The collection as a process that starts now finds it."""
        return LocalFaceCollection(engine, self.database, index_folder=self.folder)


@pytest.fixture
def library(tmp_path: Path) -> Generator[Library]:
    """An empty library."""
    library = Library(tmp_path)
    yield library
    library.database.close()


@pytest.fixture
def engine() -> Engine:
    """An engine that knows what cosines mean; it needs no model for that."""
    return Engine(load_pack("open"), Path)


@pytest.fixture
def filled(library: Library, engine: Engine) -> list[FaceId]:
    """The library's faces: a thousand people with three each, in an index that has its file."""
    ids = _fill(library.database, engine, FACES)
    collection = library.open(engine)
    collection.search(ids[:1])
    collection.close()
    assert library.index_file.exists()
    return ids


def test_index_file_is_used(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """The file gives the answers that the database gives without it."""
    expected = _answers(LocalFaceCollection(engine, library.database), filled)
    written = library.index_file.stat().st_mtime_ns

    assert _answers(library.open(engine), filled) == expected

    assert [len(matches) for matches in expected] == [2] * 20
    assert library.index_file.stat().st_mtime_ns == written


@pytest.mark.parametrize("damage", ["deleted", "emptied", "cut", "header", "codes", "vectors"])
def test_damaged_index_file(
    library: Library, engine: Engine, filled: list[FaceId], damage: str
) -> None:
    """A deleted or damaged index file changes no answer, and is put right."""
    expected = _answers(library.open(engine), filled)
    intact = library.index_file.read_bytes()

    _damage(library.index_file, damage)

    assert _answers(library.open(engine), filled) == expected
    assert library.index_file.read_bytes() == intact


def test_index_of_another_library(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """An index file that another library left behind changes no answer."""
    library.database.close()
    for file in library.file.parent.glob("library.db*"):
        file.unlink()
    library.database = open_database(library.file)

    ids = _fill(library.database, engine, FACES, seed=2)

    assert not set(ids) & set(filled)
    assert _answers(library.open(engine), ids) == _answers(
        LocalFaceCollection(engine, library.database), ids
    )


def test_index_newer_than_the_database(
    library: Library, engine: Engine, filled: list[FaceId], tmp_path: Path
) -> None:
    """A database that was put back from a backup is believed, not the newer index."""
    copy = Library(tmp_path / "copy")
    copy.database.close()
    back_up(library.file, copy.file)
    copy.database = open_database(copy.file)
    library.open(engine).forget(filled[:3])
    collection = library.open(engine)
    collection.search(filled[3:4])
    collection.close()
    copy.folder.mkdir()
    library.index_file.rename(copy.index_file)

    assert _answers(copy.open(engine), filled[:3]) == _answers(
        LocalFaceCollection(engine, copy.database), filled[:3]
    )
    copy.database.close()


def test_forgotten_faces_leave_the_file(
    library: Library, engine: Engine, filled: list[FaceId]
) -> None:
    """When forget returns, no embedding of the face is in the index file or the database."""
    collection = library.open(engine)
    with library.database.read() as connection:
        vector = FaceStore("library", _pin(engine)).vectors(connection, filled[:1])[filled[0]]
    assert vector.tobytes() in library.index_file.read_bytes()

    collection.forget(filled[:1])

    assert not library.index_file.exists()
    collection.search(filled[1:2])
    collection.close()
    assert vector.tobytes() not in library.index_file.read_bytes()
    library.database.close()
    assert vector.tobytes() not in library.file.read_bytes()


def test_unwritable_index_folder(library: Library, engine: Engine) -> None:
    """Where the index cannot be kept, searches answer all the same."""
    library.folder.write_text("a file where the folder should be")
    ids = _fill(library.database, engine, FACES)

    assert _answers(library.open(engine), ids) == _answers(
        LocalFaceCollection(engine, library.database), ids
    )


def test_changes_through_another_door(
    library: Library, engine: Engine, filled: list[FaceId]
) -> None:
    """A collection that is open sees what another one added and forgot."""
    mine, other = library.open(engine), library.open(engine)
    assert len(mine.search(filled[:1])[0]) == 2

    other.forget([filled[1]])
    assert [match.face_id for match in mine.search(filled[:1])[0]] == [filled[2]]

    added = _fill(library.database, engine, 3, seed=5)
    assert {match.face_id for match in mine.search(added[:1])[0]} == set(added[1:])


def test_pinned_to_a_pack(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """A collection that holds faces of one pack cannot be opened with another, or its successor."""
    for other in (replace(engine.pack, name="other"), replace(engine.pack, version="99")):
        with pytest.raises(PackMismatchError, match=engine.pack.name):
            library.open(Engine(other, Path))
    assert len(filled) == FACES


def test_collections_are_apart(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """Two collections of one database share neither faces nor index file."""
    other = LocalFaceCollection(
        engine, library.database, collection_id="../b", index_folder=library.folder
    )

    assert list(other.faces()) == []
    assert other.forget(filled[:1]) == frozenset()
    assert len(list(library.open(engine).faces())) == FACES


def test_faces_come_in_order(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """All faces come by photo id, over several pages, each once."""
    _fill(library.database, engine, 6000, seed=3)

    faces = list(library.open(engine).faces())

    assert [face.photo_id for face in faces] == sorted(face.photo_id for face in faces)
    assert len({face.id for face in faces}) == len(faces) == FACES + 6000
    assert set(filled) < {face.id for face in faces}


def test_read_only_library(library: Library, engine: Engine, filled: list[FaceId]) -> None:
    """A library that may not be written to can be searched, and says so where it is to change."""
    database = open_database(library.file, read_only=True)
    collection = LocalFaceCollection(engine, database)

    assert len(collection.search(filled[:1])[0]) == 2
    with pytest.raises(LibraryReadOnlyError):
        collection.forget(filled[:1])
    database.close()


@pytest.mark.weights
@pytest.mark.photos
def test_killed_and_other_processes(library: Library, weights: Path, photos: Path) -> None:
    """What another process indexed is found at once, and still there after kill -9."""
    engine = Engine(load_pack("open"), lambda path: weights / path)
    people = photos / "portraits"
    mine = library.open(engine)
    (own,) = mine.index([_entry(people / "001" / "neutral.jpg")])

    theirs = _killed_process(
        library, weights, people / "001" / "smiling.jpg", people / "003" / "neutral.jpg"
    )

    assert [match.face_id for match in mine.search([own.faces[0].id])[0]] == theirs[:1]
    reopened = library.open(engine)
    assert {face.id for face in reopened.faces()} == {own.faces[0].id, *theirs}
    (again,) = reopened.index([_entry(people / "003" / "neutral.jpg")])
    assert [face.id for face in again.faces] == theirs[1:]


@pytest.mark.weights
def test_faceless_photos_are_remembered(library: Library, weights: Path, tmp_path: Path) -> None:
    """A photo that was indexed without a face is not looked at again: no model is needed then."""
    entry = IndexEntry(PhotoId("0" * 64), Picture(_gray_picture(tmp_path)))
    library.open(Engine(load_pack("open"), lambda path: weights / path)).index([entry])

    (row,) = library.open(Engine(load_pack("open"), Path)).index(
        [IndexEntry(entry.photo_id, Picture(b"never decoded"))]
    )

    assert (row.faces, row.error) == ((), None)


# -- helpers ---------------------------------------------------------------------------------------


def _fill(database: Database, engine: Engine, count: int, *, seed: int = 1) -> list[FaceId]:
    """Keep faces of people with three each, as ``index`` would, and return their ids."""
    random = np.random.default_rng(seed)
    dimensions = engine.pack.embedder.dimensions
    people = np.repeat(random.standard_normal((count // 3, dimensions)), 3, axis=0)
    vectors = people + 0.3 * random.standard_normal(people.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    faces = [
        NewFace(_face(uuid.UUID(bytes=random.bytes(16))), 0, vector.astype(np.float32))
        for vector in vectors
    ]
    store = FaceStore("library", _pin(engine))
    with database.write() as connection:
        version = store.begin_change(connection)
        store.add(connection, version, {new.face.photo_id for new in faces}, faces)
    return [new.face.id for new in faces]


def _pin(engine: Engine) -> Pin:
    return Pin(engine.pack.name, engine.pack.version, engine.pack.embedder.dimensions)


def _face(number: uuid.UUID) -> Face:
    middle = Point(0.5, 0.5)
    detail = FaceDetail(
        Box(0.25, 0.25, 0.5, 0.5),
        99.0,
        Landmarks(middle, middle, middle, middle, middle),
        Pose(0.0, 0.0, 0.0),
        Quality(50.0, 50.0, 100.0, 50.0),
    )
    return Face(FaceId(str(number)), photo_id_of(number.bytes), detail)


def _answers(collection: LocalFaceCollection, ids: list[FaceId]) -> list[tuple[Match, ...]]:
    answers = list(collection.search(ids[:20]))
    collection.close()  # whatever is still being written is there then
    return answers


def _damage(file: Path, damage: str) -> None:
    content = bytearray(file.read_bytes())
    match damage:
        case "deleted":
            file.unlink()
            return
        case "emptied":
            content.clear()
        case "cut":
            del content[len(content) // 2 :]
        case "header":
            content[20] ^= 1
        case "codes":
            content[4096 + FACES * 40] ^= 1
        case _:
            content[-FACES * 1024 :] = bytes(FACES * 1024)
    file.write_bytes(content)


def _killed_process(library: Library, weights: Path, *pictures: Path) -> list[FaceId]:
    """Index pictures in a process that is killed as soon as it has; returns the faces' ids."""
    arguments = [library.file, library.folder, weights, *pictures]
    with subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ids = process.stdout.readline().split()
        process.send_signal(signal.SIGKILL)
    return [FaceId(face_id) for face_id in ids]


def _entry(path: Path) -> IndexEntry:
    picture = Picture.open(path)
    return IndexEntry(picture.photo_id, picture)


def _gray_picture(folder: Path) -> bytes:
    Image.new("RGB", (64, 64), "gray").save(folder / "gray.png")
    return (folder / "gray.png").read_bytes()
