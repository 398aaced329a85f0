"""What taking in photos promises, whoever announces them, how often, and whoever is stopped."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

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
from kith.compose.cloud_engine import CloudUpkeep
from kith.database.open import open_database
from kith.domain.errors import LibraryBusyError, NotFoundError, StaleError, StoreError
from kith.domain.face import Box
from kith.domain.photo import Place
from kith.imaging.picture import PictureLimits
from kith.pipeline.ingest import Became, ingest, patiently
from kith.pipeline.library import Library
from kith.ports.catalog import Catalog

LEFT, RIGHT = Box(0.05, 0.1, 0.3, 0.6), Box(0.55, 0.1, 0.25, 0.5)


@dataclass
class Bucket:
    """Objects in memory, as ``PhotoSource``; ``out_of_order`` is said instead of reading."""

    objects: dict[str, tuple[Place, bytes]] = field(default_factory=dict[str, tuple[Place, bytes]])
    out_of_order: StoreError | None = None
    writes: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def put(self, name: str, data: bytes) -> str:
        """Write an object; answers its address."""
        address = f"s3://photos/{name}"
        self.objects[address] = Place(address, len(data), next(self.writes)), data
        return address

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """See ``PhotoSource.list``."""
        found = sorted(self.objects)
        return (self.objects[at][0] for at in found if at.startswith(under) and at > after)

    def look(self, address: str, /) -> Place:
        """See ``PhotoSource.look``."""
        if address not in self.objects:
            raise NotFoundError(f"There is no object {address}")
        return self.objects[address][0]

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """See ``PhotoSource.read``."""
        if self.out_of_order:
            raise self.out_of_order
        place, data = self.objects[address]
        return place, data[:most]


@dataclass(frozen=True, slots=True)
class World:
    """A library, and the bucket whose photos it takes in."""

    library: Library
    bucket: Bucket

    def ingest(self, address: str) -> Became:
        """Take in what lies there now."""
        return ingest(self.library, self.bucket, address).became

    def content(self) -> dict[str, Any]:
        """All that the library holds, but for ids that are made by chance."""
        catalog = self.library.catalog
        names = {
            each.id: [place.path for place in catalog.places_of([each.id])[each.id]]
            for each in catalog.photos()
        }
        faces = {each.id: each for each in catalog.faces()}
        return {
            "photos": sorted(map(str, names.values())),
            "faces": sorted((str(names[each.photo_id]), str(each.box)) for each in faces.values()),
            "people": sorted(
                sorted(
                    str(names[faces[one.face_id].photo_id])
                    for one in catalog.appearances([each.person.id])
                )
                for each in catalog.people()
            ),
            "searchable": {each.id for each in self.library.collection.faces()} == faces.keys(),
            "derived": len([*self.library.derived.list()]),
            "problems": [each.place.path for each in catalog.problems()],
        }


def photo(*people: int, gray: int = 200) -> bytes:
    """A photo that shows one or two people; another gray is another photo."""
    hues = map(hue_of_person, people)
    return draw_picture(
        [DrawnFace(hue, box) for hue, box in zip(hues, (LEFT, RIGHT), strict=False)], gray=gray
    )


def world_over(catalog: Catalog) -> World:
    """An empty library over a catalog, and an empty bucket."""
    bucket = Bucket()
    return World(
        Library(
            catalog=catalog,
            collection=MemoryFaceCollection(),
            recognizer=MemoryRecognizer(),
            derived=MemoryStorage(),
            upkeep=CloudUpkeep(),
            limits=PictureLimits(byte_size=1_000_000),
            source=bucket,
        ),
        bucket,
    )


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[World]:
    """An empty library over every catalog that needs no server, and an empty bucket."""
    if request.param == "memory":
        yield world_over(MemoryCatalog())
        return
    database = open_database(tmp_path / "library.db")
    yield world_over(SqlCatalog(database))
    database.close()


def test_an_announcement_that_comes_again_changes_nothing(world: World) -> None:
    """The edition of the catalog stays as it is, and nothing is written twice."""
    address = world.bucket.put("a.png", photo(0, 1))
    assert world.ingest(address) is Became.ADDED
    edition, content = world.library.catalog.edition(), world.content()
    assert content["derived"] == 3  # a thumbnail, and a crop of each face
    assert [world.ingest(address) for _ in range(3)] == [Became.UNCHANGED] * 3
    assert (world.library.catalog.edition(), world.content()) == (edition, content)


def test_announcements_may_come_in_any_order(world: World) -> None:
    """What lies there now counts, whichever of its versions is announced last."""
    world.bucket.put("a.png", photo(0))
    address = world.bucket.put("a.png", photo(1))
    assert world.ingest(address) is Became.ADDED  # the second is announced
    assert world.ingest(address) is Became.UNCHANGED  # and now the first
    assert world.library.catalog.counts().photos == 1


def test_a_photo_that_is_written_over_is_another_photo(world: World) -> None:
    """The library then has both, the first without a place; the same bytes again are known."""
    first = photo(0)
    address = world.bucket.put("a.png", first)
    assert world.ingest(address) is Became.ADDED
    world.bucket.put("a.png", photo(1))
    assert world.ingest(address) is Became.ADDED
    world.bucket.put("a.png", first)
    assert world.ingest(address) is Became.COPY
    assert world.ingest(world.bucket.put("b.png", first)) is Became.COPY
    assert world.library.catalog.counts().photos == 2
    assert world.library.catalog.counts().places == 2


def test_an_object_that_is_gone_has_no_place(world: World) -> None:
    """An announcement that comes after the deletion takes the place away; the photo stays."""
    address = world.bucket.put("a.png", photo(0))
    world.ingest(address)
    del world.bucket.objects[address]
    assert world.ingest(address) is Became.GONE
    assert world.ingest(address) is Became.GONE
    counts = world.library.catalog.counts()
    assert (counts.photos, counts.places, counts.people) == (1, 0, 1)


@pytest.mark.parametrize("name", ["a.txt", "folder/", ".a.jpg", "film.mp4", "2024/.DS_Store"])
def test_what_is_no_picture_by_its_name_is_left_alone(world: World, name: str) -> None:
    """As in a folder of one's own: it is not read, and no problem."""
    assert world.ingest(world.bucket.put(name, b"something")) is Became.NO_PICTURE
    assert world.library.catalog.counts().problems == 0


def test_a_photo_that_cannot_be_decoded_is_a_row_in_the_report(world: World) -> None:
    """It is not tried again until another object lies there, and is no error."""
    address = world.bucket.put("a.jpg", b"\xff\xd8\xff\xe0 no picture")
    told = ingest(world.library, world.bucket, address)
    assert (told.became, bool(told.reason)) == (Became.REFUSED, True)
    assert [each.place.path for each in world.library.catalog.problems()] == [address]
    assert world.ingest(address) is Became.UNCHANGED
    world.bucket.put("a.jpg", photo(0))
    assert world.ingest(address) is Became.ADDED
    assert world.library.catalog.counts().problems == 0


def test_a_photo_that_cannot_be_read_now_must_be_announced_again(world: World) -> None:
    """Nothing is remembered of it: it says nothing of the photo."""
    address = world.bucket.put("a.png", photo(0))
    world.bucket.out_of_order = StoreError("s3://photos/a.png cannot be reached")
    with pytest.raises(StoreError, match="cannot be reached"):
        world.ingest(address)
    assert world.library.catalog.counts().problems == 0
    world.bucket.out_of_order = None
    assert world.ingest(address) is Became.ADDED


class Killed(BaseException):
    """The container is ended here and now; no handler of errors sees it."""


@dataclass
class Life:
    """How many steps are left."""

    left: int

    def step(self) -> None:
        """Take one, unless it is the last."""
        if not self.left:
            raise Killed
        self.left -= 1

    def of(self, part: Any) -> Any:
        """A part of a library of which each call is a step."""
        return _Mortal(part, self)


class _Mortal:
    def __init__(self, part: Any, life: Life) -> None:
        self._part = part
        self._life = life

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._part, name)

        def call(*arguments: Any, **named: Any) -> Any:
            self._life.step()
            return method(*arguments, **named)

        return call


def mortal(world: World, steps: int) -> World:
    """The same world, in which somebody can take so many steps."""
    life = Life(steps)
    library = replace(
        world.library,
        catalog=life.of(world.library.catalog),
        collection=life.of(world.library.collection),
        derived=life.of(world.library.derived),
        source=life.of(world.bucket),
    )
    return World(library, cast("Bucket", life.of(world.bucket)))


def test_killed_between_any_two_steps_the_next_try_completes() -> None:
    """No photo is lost, none is there twice, no face is left over: as if nothing had happened."""
    undisturbed = world_over(MemoryCatalog())
    for name, data in (("a.png", photo(0)), ("b.png", photo(0, 1, gray=90))):
        undisturbed.ingest(undisturbed.bucket.put(name, data))
    for steps in itertools.count():
        world = world_over(MemoryCatalog())
        world.ingest(world.bucket.put("a.png", photo(0)))
        address = world.bucket.put("b.png", photo(0, 1, gray=90))
        try:
            mortal(world, steps).ingest(address)
        except Killed:
            world.ingest(address)
            assert world.content() == undisturbed.content(), f"killed after {steps} steps"
        else:
            assert steps > 15
            break


def test_ten_at_once_find_one_person(world: World) -> None:
    """Each is grouped with what the others stored meanwhile: no photo lost, none twice."""
    addresses = [
        world.bucket.put(f"{number:02}.png", photo(0, gray=60 + 5 * number)) for number in range(30)
    ]
    together = threading.Barrier(10)

    def work(mine: int) -> list[Became]:
        together.wait()
        return [world.ingest(address) for address in addresses[mine::10]]

    with ThreadPoolExecutor(10) as pool:
        became = [each for some in pool.map(work, range(10)) for each in some]
    assert became == [Became.ADDED] * 30
    content = world.content()
    assert len(content["photos"]) == len(set(content["photos"])) == 30
    assert [len(each) for each in content["people"]] == [30]


def test_the_same_announcement_at_ten_at_once_is_one_photo(world: World) -> None:
    """Duplicates may overtake each other."""
    address = world.bucket.put("a.png", photo(0, 1))
    together = threading.Barrier(10)

    def work(_: int) -> Became:
        together.wait()
        return world.ingest(address)

    with ThreadPoolExecutor(10) as pool:
        became = set(pool.map(work, range(10)))
    assert became <= {Became.ADDED, Became.COPY, Became.UNCHANGED}
    content = world.content()
    assert (len(content["photos"]), len(content["faces"]), len(content["people"])) == (1, 2, 2)
    assert content["searchable"]


def test_patience_ends() -> None:
    """A library that changes without end is given back to the queue, with the reason."""
    tries: list[float] = []

    def attempt() -> None:
        tries.append(time.monotonic())
        raise StaleError("it changed")

    with pytest.raises(StaleError):
        patiently(attempt, seconds=0.2)
    assert len(tries) > 2


def test_a_busy_library_is_no_reason_for_patience() -> None:
    """Whoever asks again later does not hold a function that is paid for by the second."""
    tries: list[float] = []

    def attempt() -> None:
        tries.append(time.monotonic())
        raise LibraryBusyError("it is busy")

    with pytest.raises(LibraryBusyError):
        patiently(attempt)
    assert len(tries) == 1
