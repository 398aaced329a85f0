"""A library over real parts in memory or SQLite, and folders of drawn photos."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from cast import Cast, gather
from databases import fresh_database

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    MemoryRecognizer,
    draw_picture,
    hue_of_person,
)
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.face import Box
from kith.domain.person import PersonId
from kith.imaging.picture import PictureLimits
from kith.pipeline.add import AddReport, add
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog

_PLACES = (Box(0.05, 0.1, 0.25, 0.5), Box(0.4, 0.1, 0.22, 0.45), Box(0.7, 0.1, 0.2, 0.4))


class _Sound:
    """The upkeep of a library in memory, where nothing decays."""

    def damages(self) -> tuple[str, ...]:
        return ()

    def rebuild_index(self) -> None:
        pass

    def scrub(self) -> list[str]:
        return []


@dataclass(frozen=True, slots=True)
class World:
    """A library, and a folder of photos that may be added to it."""

    library: Library
    root: Path

    def draw(self, name: str, *people: int, gray: int = 200) -> Path:
        """A photo that shows these people, the first one largest; another gray is another photo."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        faces = [
            DrawnFace(hue_of_person(person), box)
            for person, box in zip(people, _PLACES, strict=False)
        ]
        path.write_bytes(draw_picture(faces, gray=gray))
        return path

    def add(self, *paths: Path) -> AddReport:
        """Add these paths, or all."""
        return add(self.library, paths or [self.root])

    def groups(self) -> Mapping[PersonId, frozenset[str]]:
        """The files that show each person, below the root."""
        catalog = self.library.catalog
        groups: dict[PersonId, frozenset[str]] = {}
        for summary in catalog.people():
            faces = [one.face_id for one in catalog.appearances([summary.person.id])]
            photo_ids = {face.photo_id for face in catalog.faces_by_id(faces).values()}
            groups[summary.person.id] = frozenset(
                Path(place.path).relative_to(self.root).as_posix()
                for places in catalog.places_of(photo_ids).values()
                for place in places
            )
        return groups

    def person_in(self, name: str) -> PersonId:
        """Who is alone in this photo."""
        (person,) = (who for who, files in self.groups().items() if name in files)
        return person

    def paths(self) -> set[str]:
        """The files that hold photos, as the catalog knows them."""
        known = self.library.catalog.places()
        return {
            Path(one.place.path).relative_to(self.root).as_posix() for one in known if one.photo_id
        }


@pytest.fixture(params=["memory", "sqlite"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Catalog]:
    """Every catalog that needs no server."""
    if request.param == "memory":
        yield MemoryCatalog()
        return
    database = fresh_database(tmp_path / "library.db")
    yield SqlCatalog(database)
    database.close()


@pytest.fixture
def library_of() -> Callable[[Catalog], Library]:
    """Makes a library of drawn faces over a catalog."""

    def make(catalog: Catalog) -> Library:
        return Library(
            catalog=catalog,
            collection=MemoryFaceCollection(),
            recognizer=MemoryRecognizer(),
            derived=MemoryStorage(),
            upkeep=_Sound(),
            limits=PictureLimits(byte_size=1_000_000),
            workers=2,
        )

    return make


@pytest.fixture
def world(catalog: Catalog, library_of: Callable[[Catalog], Library], tmp_path: Path) -> World:
    """An empty library and an empty folder."""
    (tmp_path / "photos").mkdir()
    return World(library_of(catalog), tmp_path / "photos")


@pytest.fixture
def cast(world: World) -> Cast:
    """Anna, Bert and Carl."""
    return gather(world)


@pytest.fixture
def twin(cast: Cast, library_of: Callable[[Catalog], Library]) -> Cast:
    """The same photos in another library, in which nothing was said."""
    world = type(cast.world)(library_of(MemoryCatalog()), cast.world.root)
    world.add()
    return Cast(world)
