"""Moving a library of real faces between two packs: nothing that a human said is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image

from kith.compose import count, open_library, open_migration, open_sorter
from kith.config import Settings
from kith.domain.decision import (
    Anchor,
    Confirm,
    Hide,
    Merge,
    MissedFace,
    Name,
    NotAFace,
    PersonRef,
    Split,
    Statement,
    Undo,
)
from kith.domain.face import Box, Face, FaceId
from kith.domain.grouping import Step
from kith.domain.person import Appearance, Person, PersonId, Standing
from kith.domain.photo import PhotoId
from kith.pipeline.add import add
from kith.pipeline.decisions.decide import decide
from kith.pipeline.doctor import examine
from kith.pipeline.drawn_faces import add_drawn_faces
from kith.pipeline.library import Library
from kith.pipeline.migration.migrate import Migration, migrate, plan
from kith.pipeline.migration.reembed import find_faces, survey

pytestmark = [pytest.mark.weights, pytest.mark.photos]

_PEOPLE = 6
_PACK = Path(__file__).resolve().parents[1] / "support" / "packs" / "mobilefacenet.toml"
_OWN = PersonId("00000000-0000-4000-8000-000000000001")

_KILLED = """
import os, signal, sys
from pathlib import Path
from kith.compose import open_migration
from kith.config import Settings
from kith.pipeline.migration.migrate import migrate

def listener(phase, done, total):
    if phase == sys.argv[3] and done >= total * float(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)

settings = Settings(library=Path(sys.argv[1]), models=Path(sys.argv[2]), workers=1)
with open_migration(settings, "mobilefacenet", writing=True) as work:
    migrate(work, listener)
"""


@dataclass(frozen=True)
class Known:
    """All that a library says of its faces."""

    pack: str | None
    faces: Mapping[FaceId, Face]
    steps: tuple[Step, ...]
    appearances: Mapping[FaceId, Appearance]
    standings: Mapping[FaceId, Standing]
    people: frozenset[Person]
    near: Mapping[FaceId, frozenset[FaceId]]

    def whose(self) -> Mapping[PhotoId, PersonId]:
        """Who is in each photo; every photo shows one face."""
        return {
            self.faces[face_id].photo_id: one.person_id for face_id, one in self.appearances.items()
        }


@dataclass(frozen=True)
class Room:
    """A library, and its album of portraits: two pictures each of some people."""

    settings: Settings
    album: Path

    def migrate(self, pack: str, *, accept_missing: bool = False) -> Migration:
        """Move the library."""
        with open_migration(self.settings, pack, writing=True) as work:
            return migrate(work, _ignore, accept_missing=accept_missing)

    def add(self, *folders: Path) -> None:
        """Add these folders, one after the other."""
        with open_library(self.settings, writing=True) as library:
            for folder in folders:
                add(library, [folder])

    def say(self, *statements: Statement) -> None:
        """What a human says."""
        with open_library(self.settings, writing=True) as library:
            decide(library.catalog, statements, by="Ida")

    def known(self) -> Known:
        """What the library says now."""
        with open_library(self.settings) as library:
            return _known(library, count(self.settings)[1])

    def person(self, name: str) -> PersonRef:
        """Who is in the album's picture of that name."""
        with open_library(self.settings) as library:
            face = _face_in(library, self.album / name)
            person_id = library.catalog.appearances_of([face.id])[face.id].person_id
            ids = [one.face_id for one in library.catalog.appearances([person_id])]
            faces = library.catalog.faces_by_id(ids).values()
            return PersonRef(person_id, tuple(map(Anchor.of, faces)))

    def anchor(self, name: str) -> Anchor:
        """The face in the album's picture of that name."""
        with open_library(self.settings) as library:
            return Anchor.of(_face_in(library, self.album / name))

    def killed(self, phase: str, part: float) -> None:
        """Begin to move the library to the second pack, and be killed on the way."""
        arguments = [str(self.settings.library), str(self.settings.models), phase, str(part)]
        child = subprocess.run(
            [sys.executable, "-c", _KILLED, *arguments], check=False, env={**os.environ}
        )
        assert child.returncode == -signal.SIGKILL


@pytest.fixture(scope="session")
def models(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder of models, with a pack of his own."""
    if not (weights / "mobilefacenet-foamliu").is_dir():
        pytest.skip(f"the second pack's model is not in {weights}")
    folder = tmp_path_factory.mktemp("models")
    for path in [*weights.iterdir(), _PACK]:
        (folder / path.name).symlink_to(path)
    return folder


@pytest.fixture(scope="session")
def portraits(photos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small pictures of some people, two of each, such as ``0-smiling.jpg``."""
    folder = tmp_path_factory.mktemp("portraits")
    for number, person in enumerate(sorted((photos / "portraits").iterdir())[:_PEOPLE]):
        for look in ("neutral", "smiling"):
            with Image.open(person / f"{look}.jpg") as picture:
                picture.thumbnail((400, 400))
                picture.save(folder / f"{number}-{look}.jpg", quality=92)
    return folder


@pytest.fixture(scope="session")
def settled(models: Path, portraits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the portraits, of pack ``open``; not to be written to."""
    library = tmp_path_factory.mktemp("settled") / "library"
    Room(Settings(library=library, models=models, workers=2), portraits).add(portraits)
    return library


@pytest.fixture
def room(models: Path, portraits: Path, settled: Path, tmp_path: Path) -> Room:
    """A library of the portraits, of pack ``open``."""
    shutil.copytree(settled, tmp_path / "library")
    return Room(Settings(library=tmp_path / "library", models=models, workers=2), portraits)


def test_there_and_back(room: Room) -> None:
    """Moved to another pack and back, the library is what it was, to the last id and figure."""
    ana = room.person("0-neutral.jpg")
    room.say(Name(ana, "Ana"))
    before = room.known()
    there = room.migrate("mobilefacenet")
    moved = room.known()
    assert there.switched
    assert moved.pack == "mobilefacenet"
    assert not moved.faces.keys() & before.faces.keys()
    assert moved.whose() == before.whose()
    assert there.change
    assert [(one.name, one.before, one.after) for one in there.change.named] == [("Ana", 2, 2)]
    assert room.migrate("open").switched
    assert room.known() == before


def test_corrections_stay(room: Room) -> None:
    """Who humans said is who, or is nobody, is so in every pack, whatever the machine thinks."""
    zoe, bob = room.person("0-neutral.jpg"), room.person("1-neutral.jpg")
    room.say(Name(zoe, "Zoë"), Merge(gone=bob, stays=zoe))
    room.say(Split((room.anchor("2-smiling.jpg"),), room.person("2-neutral.jpg"), _OWN))
    room.say(Confirm((room.anchor("3-smiling.jpg"),), room.person("2-neutral.jpg")))
    room.say(NotAFace((room.anchor("4-neutral.jpg"),)))
    room.say(Hide(room.person("5-neutral.jpg"), hidden=True))
    before = room.known()
    assert len(set(before.whose().values())) == 6
    room.migrate("mobilefacenet")
    after = room.known()
    assert after.whose() == before.whose()
    assert after.people == before.people
    assert list(after.standings.values()) == [Standing.NOT_A_FACE]


def test_a_drawn_face_stays(room: Room) -> None:
    """A face that a human drew has its very box in every pack, and is whose it was said to be."""
    found = room.anchor("0-neutral.jpg")
    corner = Box(0.01, 0.01, found.box.width / 2, found.box.height / 2)
    drawn, withdrawn = Anchor(found.photo_id, corner), Anchor(found.photo_id, _moved(corner))
    room.say(MissedFace(drawn), MissedFace(withdrawn))
    with open_library(room.settings, writing=True) as library:
        assert [face.box for face in add_drawn_faces(library)] == [drawn.box, withdrawn.box]
        last = list(library.catalog.decisions())[-1]
    room.say(Undo(last.id), Confirm((drawn,), room.person("3-neutral.jpg")))
    before = room.known()
    room.migrate("mobilefacenet")
    moved = room.known()
    assert _whose(moved, drawn) == _whose(before, drawn) is not None
    assert withdrawn.box not in {face.box for face in moved.faces.values()}
    room.migrate("open")
    back = room.known()
    assert _whose(back, drawn) == _whose(before, drawn)


def _moved(box: Box) -> Box:
    return Box(box.left + 0.7, box.top, box.width, box.height)


def _whose(known: Known, anchor: Anchor) -> PersonId | None:
    """Whose the face is that has this very box."""
    (face,) = (face for face in known.faces.values() if Anchor.of(face) == anchor)
    appearance = known.appearances.get(face.id)
    return appearance.person_id if appearance else None


@pytest.mark.parametrize(("phase", "part"), [("finding faces", 0.5), ("grouping", 1.0)])
def test_killed_and_resumed(room: Room, phase: str, part: float, tmp_path: Path) -> None:
    """Killed on the way the library is as it was; resumed, with a photo more, all of it moves."""
    room.say(Name(room.person("0-neutral.jpg"), "Ana"))
    before = room.known()
    room.killed(phase, part)
    assert room.known() == before
    late = tmp_path / "late"
    late.mkdir()
    with Image.open(room.album / "0-neutral.jpg") as picture:
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(late / "late.jpg")
    room.add(late)
    resumed = room.migrate("mobilefacenet")
    assert resumed.looked_at < resumed.photos
    settings = replace(room.settings, library=tmp_path / "fresh", pack="mobilefacenet")
    fresh = Room(settings, room.album)
    fresh.add(room.album, late)
    known, undisturbed = room.known(), fresh.known()
    assert known.faces == undisturbed.faces
    assert known.near == undisturbed.near
    assert _parties(known) == _parties(undisturbed)
    assert {person.name for person in known.people} == {"Ana", None}


def test_missing_originals(models: Path, portraits: Path, tmp_path: Path) -> None:
    """Without its originals a library moves only if told to, and then keeps their faces' people."""
    album = Path(shutil.copytree(portraits, tmp_path / "album"))
    room = Room(Settings(library=tmp_path / "library", models=models, workers=2), album)
    room.add(album)
    ana = room.person("0-neutral.jpg")
    room.say(Name(ana, "Ana"))
    before = room.known()
    lost = room.album / "0-smiling.jpg"
    data = lost.read_bytes()
    lost.unlink()
    refused = room.migrate("mobilefacenet")
    assert not refused.switched
    assert [Path(one.path).name for one in refused.unreadable] == ["0-smiling.jpg"]
    assert room.known() == before
    accepted = room.migrate("mobilefacenet", accept_missing=True)
    assert accepted.switched
    assert accepted.looked_at == 0
    assert room.known().whose() == before.whose()
    lost.write_bytes(data)
    completed = room.migrate("mobilefacenet")
    assert (completed.looked_at, completed.unreadable) == (1, ())
    assert room.known().whose() == before.whose()
    with open_library(room.settings) as library:
        assert examine(library) == []


def test_plan_changes_nothing(room: Room) -> None:
    """A plan says what there is to do, and leaves the database as it is."""
    before = (room.settings.library / "library.db").read_bytes()
    with (
        open_migration(room.settings, "mobilefacenet", writing=False) as work,
        open_sorter(replace(room.settings, pack="mobilefacenet"), library=None) as rehearsal,
    ):
        planned = plan(work, rehearsal)
    assert (planned.photos, planned.done, planned.todo) == (2 * _PEOPLE, 0, 2 * _PEOPLE)
    assert planned.seconds
    assert (room.settings.library / "library.db").read_bytes() == before


def test_forgetting_reaches_the_half_moved(room: Room) -> None:
    """Where something is forgotten, no embedding of an unfinished migration is left either."""
    with open_migration(room.settings, "mobilefacenet", writing=True) as work:
        find_faces(work, survey(work).todo[:4], _ignore)
        assert survey(work).done == 4
    with open_library(room.settings, writing=True) as library:
        library.upkeep.scrub()
    with open_migration(room.settings, "mobilefacenet", writing=False) as work:
        assert survey(work).done == 0


def test_changed_mind(room: Room) -> None:
    """Moving to the pack that the library has throws away what was begun with another."""
    before = room.known()
    with open_migration(room.settings, "mobilefacenet", writing=True) as work:
        find_faces(work, survey(work).todo[:4], _ignore)
    assert room.migrate("open").looked_at == 0
    assert room.known() == before
    with open_migration(room.settings, "mobilefacenet", writing=False) as work:
        assert survey(work).done == 0


def _ignore(phase: str, done: int, total: int) -> None:
    """Whoever does not care how far it has come."""


def _known(library: Library, pack: str | None) -> Known:
    catalog = library.catalog
    faces = {face.id: face for face in catalog.faces()}
    searchable = [face.id for face in library.collection.faces()]
    return Known(
        pack=pack,
        faces=faces,
        steps=tuple(catalog.steps()),
        appearances={one.face_id: one for one in catalog.appearances()},
        standings=catalog.standings(),
        people=frozenset(one.person for one in catalog.people()),
        near={
            face_id: frozenset(match.face_id for match in matches)
            for face_id, matches in zip(
                searchable, library.collection.search(searchable), strict=True
            )
        },
    )


def _face_in(library: Library, path: Path) -> Face:
    known = next(one for one in library.catalog.places(str(path)))
    assert known.photo_id
    (face,) = library.catalog.faces([known.photo_id])
    return face


def _parties(known: Known) -> set[frozenset[FaceId]]:
    return set(map(frozenset, _faces_by_person(known)))


def _faces_by_person(known: Known) -> Iterator[list[FaceId]]:
    for person_id in {one.person_id for one in known.appearances.values()}:
        yield [id_ for id_, one in known.appearances.items() if one.person_id == person_id]
