"""An album of real faces, a library opened in the test, and ``kith`` as a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image
from processes import KITH, ended, running

from kith.compose import open_library
from kith.config import Settings
from kith.domain.face import Face, FaceId
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.pipeline.add import add
from kith.pipeline.library import Library

_LONG_SIDE = 320
"""Pixels. Small photos are quick, and a run has as many moments at which it can be hit."""


@dataclass(frozen=True, slots=True)
class Kith:
    """The program ``kith`` with a library of its own."""

    library: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def at(self, library: Path) -> Kith:
        """The program with another library."""
        return replace(self, library=library)

    def start(self, *arguments: str | Path) -> AbstractContextManager[subprocess.Popen[str]]:
        """Run a command as another process, which ends with the block at the latest."""
        return running(*KITH, *arguments, **self.environment, KITH_LIBRARY=str(self.library))

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command, and wait for its end."""
        with self.start(*arguments) as child:
            out, err = ended(child)
        return subprocess.CompletedProcess(child.args, child.returncode, out, err)


@dataclass(frozen=True, slots=True)
class Content:
    """All that a library knows, in a form that can be compared; who is who included.

    Attributes:
        photos: the photos with their places.
        faces: what photo they are in and where, rounded.
        people: whose they are.
        similarities: how well they fit; of two contents they are compared on their own, for a face
            has the same embedding whatever other faces shared its batch, but for the last bits.
        alike: the faces that can be searched for, with those found.
        thumbnails: their keys and bytes.
        problems: the refused files.
    """

    photos: Mapping[PhotoId, tuple[str, ...]]
    faces: Mapping[FaceId, tuple[object, ...]]
    people: Mapping[FaceId, PersonId]
    similarities: Mapping[FaceId, float] = field(compare=False)
    alike: Mapping[FaceId, frozenset[FaceId]]
    thumbnails: Mapping[str, bytes]
    problems: frozenset[str]


def _content_of(library: Library) -> Content:
    """Read everything."""
    catalog = library.catalog
    photo_ids = [photo.id for photo in catalog.photos()]
    faces = list(catalog.faces())
    face_ids = [face.id for face in library.collection.faces()]
    found = library.collection.search(face_ids, min_similarity=80)
    appearances = list(catalog.appearances())
    return Content(
        photos={
            photo_id: tuple(place.path for place in places)
            for photo_id, places in catalog.places_of(photo_ids).items()
        },
        faces={face.id: _described(face) for face in faces},
        people={one.face_id: one.person_id for one in appearances},
        similarities={one.face_id: one.similarity for one in appearances},
        alike={
            face_id: frozenset(match.face_id for match in matches)
            for face_id, matches in zip(face_ids, found, strict=True)
        },
        thumbnails={
            stored.key: library.derived.read(stored.key)
            for stored in library.derived.list("thumbnails/")
        },
        problems=frozenset(problem.place.path for problem in catalog.problems()),
    )


def _described(face: Face) -> tuple[object, ...]:
    box = face.box
    return (face.photo_id, *(round(side, 5) for side in (box.left, box.top, box.width, box.height)))


@pytest.fixture(scope="session")
def album(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 45 small photos of 20 people, a copy, a photo of many, and files that are no photos."""
    root = tmp_path_factory.mktemp("album")
    for path in sorted((photos / "portraits").glob("0*/*.jpg"))[:12]:
        _shrink(path, root / "portraits" / f"{path.parent.name}-{path.name}")
    for name in ("Ai_Sugiyama", "Ana_Guevara", "Andre_Agassi", "Angela_Merkel", "Bob_Hope"):
        for path in sorted((photos / "lfw" / name).glob("*.jpg"))[:6]:
            _shrink(path, root / "press" / name / path.name)
    for path in sorted((photos / "family").glob("*.jpg")):
        _shrink(path, root / "family" / path.name, 800)
    copied = next((root / "family").glob("*.jpg"))
    (root / "copy.jpg").write_bytes(copied.read_bytes())
    (root / "broken.jpg").write_bytes(copied.read_bytes()[:2000])
    (root / "empty.png").touch()
    return root


def _shrink(source: Path, target: Path, long_side: int = _LONG_SIDE) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as image:
        image.thumbnail((long_side, long_side))
        image.save(target, quality=90)


@pytest.fixture
def opened(weights: Path) -> Callable[..., AbstractContextManager[Library]]:
    """Opens the library in a folder, with the real engine."""

    @contextmanager
    def open_(folder: Path, *, writing: bool = False) -> Generator[Library]:
        with open_library(Settings(library=folder, models=weights), writing=writing) as library:
            yield library

    return open_


@pytest.fixture
def kith(tmp_path: Path, weights: Path) -> Kith:
    """The program, with an empty library."""
    return Kith(tmp_path / "library", {"KITH_MODELS": str(weights)})


@pytest.fixture(scope="session")
def undisturbed(album: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Content:
    """What a library of the album holds if nothing went wrong."""
    settings = Settings(library=tmp_path_factory.mktemp("undisturbed") / "library", models=weights)
    with open_library(settings, writing=True) as library:
        add(library, [album])
        return _content_of(library)


@pytest.fixture(scope="session")
def content_of() -> Callable[[Library], Content]:
    """Reads all that a library knows."""
    return _content_of
