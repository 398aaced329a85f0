"""Adding what lies in a store elsewhere: once, in order, and on from where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from kith.domain.errors import KithError, NotFoundError, SettingError, StoreError
from kith.domain.photo import Place
from kith.pipeline import backfill
from kith.pipeline.add import AddReport, Step, add
from kith.pipeline.crops import open_original
from kith.pipeline.doctor import examine
from kith.pipeline.library import Library
from kith.pipeline.serving.files import OriginalFile, OriginalObject, original_of

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

ROOT = "s3://photos"


@dataclass
class Store:
    """A store in memory that counts what is asked of it.

    Attributes:
        objects: their bytes by address.
        refused: addresses that may not be read.
        listed: how many addresses were told.
        read_: the addresses that were read.
    """

    objects: dict[str, bytes] = field(default_factory=dict[str, bytes])
    refused: set[str] = field(default_factory=set[str])
    listed: int = 0
    read_: list[str] = field(default_factory=list[str])

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """See ``PhotoSource``."""
        for address in sorted(self.objects):
            if address > after and (address == under or address.startswith(f"{under}/")):
                self.listed += 1
                yield self.look(address)

    def look(self, address: str, /) -> Place:
        """See ``PhotoSource``."""
        if address not in self.objects:
            raise NotFoundError(f"There is no object {address}")
        data = self.objects[address]
        return Place(address, len(data), hash(data) % 10**9)

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """See ``PhotoSource``."""
        self.read_.append(address)
        if address in self.refused:
            raise StoreError(f"{address} may not be used")
        return self.look(address), self.objects[address][:most]


class Killed(BaseException):
    """The program ends here."""


@dataclass(frozen=True)
class Remote:
    """A world, and a store elsewhere."""

    world: World
    store: Store
    library: Library

    def draw(self, key: str, *people: int, gray: int = 200) -> str:
        """An object that shows these people; answers its address."""
        address = f"{ROOT}/{key}"
        self.store.objects[address] = self.world.draw(
            "../drawn.png", *people, gray=gray
        ).read_bytes()
        return address

    def add(
        self, under: str = ROOT, listener: Callable[[Step], None] = lambda _: None
    ) -> AddReport:
        """Add what lies there."""
        self.store.read_.clear()
        return add(self.library, [under], listener)

    def known(self) -> list[str]:
        """Where the library's photos lie."""
        places = self.library.catalog.places()
        return [one.place.path for one in places if one.photo_id]


@pytest.fixture
def remote(world: World) -> Remote:
    """An empty library and an empty store."""
    store = Store()
    return Remote(world, store, replace(world.library, source=store))


def test_objects_are_photos_and_known_ones_are_not_fetched(remote: Remote) -> None:
    """Their place is their address; what changed is fetched again, what is gone is reported."""
    one, other = remote.draw("2024/a.png", 0), remote.draw("2024/sub/b.png", 1, gray=90)
    copy = remote.draw("2025/ä c.png", 0)

    first = remote.add()
    assert (first.added, first.copies, first.seen) == (2, 1, 3)
    assert remote.known() == sorted([one, other, copy])

    again = remote.add()
    assert (again.added, again.unchanged, remote.store.read_) == (0, 3, [])

    remote.draw("2024/a.png", 0, gray=50)
    del remote.store.objects[copy]
    later = remote.add()
    assert (later.added, later.gone, remote.store.read_) == (1, 1, [one])
    assert remote.known() == [one, other]


def test_only_what_lies_below_is_looked_at(remote: Remote) -> None:
    """By whole parts of the address; the rest stays as it is known."""
    a, b = remote.draw("in/a.png", 0), remote.draw("inner/b.png", 1)
    remote.add()
    del remote.store.objects[b]
    remote.draw("in/c.png", 0, gray=80)

    report = remote.add(f"{ROOT}/in/")

    assert (report.added, report.unchanged, report.gone) == (1, 1, 0)
    assert remote.known() == [a, f"{ROOT}/in/c.png", b]


def test_files_and_objects_live_in_one_library(remote: Remote) -> None:
    """One photo with a place on the disk and one in a store; each goes for itself."""
    file = remote.world.draw("a.png", 0)
    address = remote.draw("a.png", 0)
    report = add(remote.library, [remote.world.root, address])
    assert (report.added, report.copies) == (1, 1)
    (photo,) = remote.library.catalog.photos()
    catalog, originals = remote.library.catalog, remote.library.originals

    assert isinstance(original_of(catalog, originals, photo.id), OriginalFile)
    file.unlink()
    found = original_of(catalog, originals, photo.id)

    assert isinstance(found, OriginalObject)
    assert (found.read(), found.name) == (remote.store.objects[address], "a.png")
    assert open_original(catalog, originals, photo.id) is not None
    missing = [one for one in examine(remote.library, fix=True) if one.what == "missing files"]
    assert [one.items for one in missing] == [(str(file),)]
    assert remote.known() == [address]


def test_what_cannot_be_reached_is_not_gone(remote: Remote) -> None:
    """A photo of which only a store knows says so, and nothing is forgotten for it."""
    address = remote.draw("a.png", 0)
    remote.add()
    (photo,) = remote.library.catalog.photos()
    catalog = remote.library.catalog

    remote.store.refused.add(address)
    with pytest.raises(StoreError, match="may not be used"):
        original_of(catalog, remote.library.originals, photo.id)
    with pytest.raises(NotFoundError):
        original_of(catalog, remote.world.library.originals, photo.id)
    examine(replace(remote.library, source=None), fix=True)

    assert remote.known() == [address]


def test_bad_objects_are_rows_in_the_report(remote: Remote) -> None:
    """No picture, a cut one, one that may not be read, hidden ones, and what is too large."""
    good = remote.draw("good.png", 0)
    remote.store.objects[f"{ROOT}/cut.png"] = remote.store.objects[good][:50]
    remote.store.objects[f"{ROOT}/film.mp4"] = b"film"
    remote.store.objects[f"{ROOT}/.thumbs/x.png"] = b"hidden"
    remote.store.objects[f"{ROOT}/large.png"] = bytes(remote.library.limits.byte_size + 1)
    remote.store.refused.add(remote.draw("refused.png", 1))

    report = remote.add()

    assert (report.added, report.seen, report.left_alone) == (1, 4, {".mp4": 1})
    assert [problem.place.path for problem in report.refused] == [
        f"{ROOT}/refused.png",
        f"{ROOT}/cut.png",
        f"{ROOT}/large.png",
    ]
    assert f"{ROOT}/large.png" not in remote.store.read_
    remote.store.refused.clear()
    assert remote.add().added == 1
    assert remote.store.read_ == [f"{ROOT}/refused.png"]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkpoints behind every fourth object."""
    monkeypatch.setattr(backfill, "_WINDOW", 4)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("moment", range(1, 20, 3))
def test_a_listing_goes_on_where_it_was_killed(remote: Remote, moment: int) -> None:
    """What lies before the checkpoint is not listed again; in the end all is there."""
    addresses = [remote.draw(f"{number:02}.png", number % 3, gray=number) for number in range(20)]

    def kill(step: Step) -> None:
        if step.done == moment:
            raise Killed

    with pytest.raises(Killed):
        remote.add(listener=kill)
    before, remote.store.listed = remote.known(), 0
    report = remote.add()

    assert remote.known() == addresses
    assert remote.store.listed == 20 - moment // 4 * 4 or moment % 4 == 0
    assert not set(remote.store.read_) & set(before)
    assert report.added + len(before) == 20
    assert bool(report.warnings) == (moment > 4)
    remote.store.listed = 0
    assert (remote.add().unchanged, remote.store.listed) == (20, 20)


@pytest.mark.usefixtures("small_pages")
def test_objects_that_went_behind_a_checkpoint_are_found(remote: Remote) -> None:
    """And those before it by the next run, as the report says."""
    addresses = [remote.draw(f"{number:02}.png", 0, gray=number) for number in range(12)]
    remote.add()
    new = remote.draw("05 new.png", 1)

    def kill(step: Step) -> None:
        assert step.path == new
        raise Killed

    remote.draw("00 new.png", 2)
    del remote.store.objects[f"{ROOT}/00 new.png"]
    with pytest.raises(Killed):
        remote.add(listener=kill)
    for number in (0, 11):
        del remote.store.objects[addresses[number]]

    assert remote.add().gone == 1
    assert addresses[0] in remote.known()
    assert remote.add().gone == 1
    assert remote.known() == sorted([*addresses[1:11], new])


def test_an_empty_store_keeps_what_was_known(remote: Remote) -> None:
    """It may be the wrong one; it is said, and `doctor` forgets what is meant to go."""
    address = remote.draw("a.png", 0)
    remote.add()
    remote.store.objects.clear()

    report = remote.add()

    assert (report.gone, len(report.warnings)) == (0, 1)
    assert remote.known() == [address]
    examine(remote.library, fix=True)
    assert remote.known() == []


def test_where_no_store_is_known_it_is_said(world: World) -> None:
    """Nothing is added, and nothing was asked."""
    with pytest.raises(SettingError):
        add(world.library, [ROOT])


def test_a_listing_without_order_is_refused(remote: Remote) -> None:
    """What is gone could not be told from what comes later."""

    class Unordered(Store):
        def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
            return reversed(list(super().list(under, after=after)))

    store = Unordered()
    for key in "ab":
        store.objects[remote.draw(f"{key}.png", 0)] = b"x"

    with pytest.raises(KithError, match="no order"):
        add(replace(remote.library, source=store), [ROOT])
