"""Watching folders: what arrives is added, and what came before is not missed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import nullcontext
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.domain.errors import KithError, NotFoundError, UsageError
from kith.domain.photo import PhotoId
from kith.pipeline.add_photo import Arrival
from kith.pipeline.library import Library
from kith.pipeline.watching import Station, Times, watch
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

_PATIENCE_SECONDS = 60

Watching = Callable[..., "Watcher"]


class Watcher:
    """A watch in a thread of its own, and what it told."""

    def __init__(self, library: Library, folders: list[Path], **how: Any) -> None:
        self.told: list[tuple[str, str]] = []
        self.new: list[PhotoId] = []
        self.error: KithError | None = None
        self._stop = Event()
        self._looks = 0
        station = Station(library.catalog, lambda: nullcontext(library))
        self._thread = Thread(target=self._run, args=(station, folders), kwargs=how)
        self._thread.start()

    def _run(self, station: Station, folders: list[Path], **how: Any) -> None:
        try:
            watch(station, folders, self, stop=self._stop, **how)
        except KithError as error:
            self.error = error

    def arrived(self, library: Library, arrival: Arrival, /) -> None:
        """See ``Herald``."""
        kind = "refused" if arrival.problem else "copy" if arrival.known else "added"
        self._tell("unread" if arrival.unread else kind, arrival.place.path)
        assert list(library.catalog.places(arrival.place.path)) or arrival.unread

    def left(self, path: str, /) -> None:
        """See ``Herald``."""
        self._tell("gone", path)

    def finished(self, photo_ids: Sequence[PhotoId], /) -> None:
        """See ``Herald``."""
        self.new += photo_ids

    def warned(self, text: str, /) -> None:
        """See ``Herald``."""
        self._tell("warning", text)

    def alive(self, waiting: int, /) -> None:
        """See ``Herald``."""
        assert waiting >= 0
        self._looks += 1

    def _tell(self, kind: str, what: str) -> None:
        self.told.append((kind, Path(what).name if kind != "warning" else what))

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < end, f"it never came to hold; told: {self.told}"
            assert self._thread.is_alive() or holds(), self.error
            time.sleep(0.05)

    def look_around(self) -> None:
        """Wait until it has looked at everything once more."""
        looks = self._looks
        self.until(lambda: self._looks > looks + 2)

    def ends(self) -> KithError | None:
        """Wait until it ends by itself; with which error."""
        self._thread.join(_PATIENCE_SECONDS)
        assert not self._thread.is_alive()
        return self.error

    def stop(self) -> None:
        """Stop watching; the thread ends."""
        self._stop.set()
        self.ends()


@pytest.fixture
def watching() -> Generator[Watching]:
    """Starts watchers, and stops them."""
    watchers: list[Watcher] = []

    def start(library: Library, folders: list[Path], **how: Any) -> Watcher:
        how.setdefault("times", Times(settle_seconds=0.3))
        watchers.append(Watcher(library, folders, **how))
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.stop()


@pytest.fixture
def catalog() -> Catalog:
    """One catalog is enough here, where every test has to wait."""
    return MemoryCatalog()


def test_what_arrives_changes_and_goes_is_followed(world: World, watching: Watching) -> None:
    """One after the other: a file from before, a new folder, hidden files, a moved folder."""
    world.draw("before.png", 0)
    watcher = watching(world.library, [world.root])
    watcher.until(lambda: world.paths() == {"before.png"})

    elsewhere = world.draw("../elsewhere/new.png", 1).parent
    world.draw(".hidden/x.png", 2)
    world.draw("@eaDir/x.png", 2)
    world.draw("coming.png.part", 2)
    shutil.copytree(elsewhere, world.root / "deep" / "er")
    watcher.until(lambda: world.paths() == {"before.png", "deep/er/new.png"})
    person = world.person_in("deep/er/new.png")

    (world.root / "deep").rename(world.root / "moved")
    watcher.until(lambda: world.paths() == {"before.png", "moved/er/new.png"})
    assert world.person_in("moved/er/new.png") == person

    (world.root / "before.png").unlink()
    watcher.until(lambda: world.paths() == {"moved/er/new.png"})
    assert watcher.told == [
        ("added", "before.png"),
        ("added", "new.png"),
        ("copy", "new.png"),
        ("gone", "new.png"),
        ("gone", "before.png"),
    ]
    assert watcher.new == [photo.id for photo in world.library.catalog.photos()]


def test_a_file_that_is_cut_off_is_refused_and_added_when_it_is_whole(
    world: World, watching: Watching
) -> None:
    """Whoever writes slower than the watch is patient gets his photo, and nothing half."""
    whole = world.draw("../whole.png", 3).read_bytes()
    watcher = watching(world.library, [world.root])
    with (world.root / "slow.png").open("wb") as file:
        file.write(whole[: len(whole) // 2])
        file.flush()
        watcher.until(lambda: world.library.catalog.counts().problems == 1)
        file.write(whole[len(whole) // 2 :])

    watcher.until(lambda: "slow.png" in world.paths())
    assert watcher.told == [("refused", "slow.png"), ("added", "slow.png")]
    assert world.library.catalog.counts().problems == 0
    assert world.library.catalog.counts().photos == 1


def test_folders_of_which_nothing_is_told_are_looked_through(
    world: World, watching: Watching
) -> None:
    """With ``poll_seconds``, arrivals, changes and removals are found all the same."""
    world.draw("stays.png", 0)
    path = world.draw("a.png", 0, gray=90)
    watcher = watching(
        world.library, [world.root], times=Times(settle_seconds=0.2, poll_seconds=0.1)
    )
    watcher.until(lambda: world.paths() == {"stays.png", "a.png"})

    path.rename(world.root / "b.png")
    watcher.until(lambda: world.paths() == {"stays.png", "b.png"})
    world.draw("b.png", 1)
    watcher.until(lambda: watcher.told[-1] == ("added", "b.png"))

    assert world.library.catalog.counts().photos == 3


def test_what_cannot_be_looked_at_is_told_once(world: World, watching: Watching) -> None:
    """Although it is looked at again and again; and it is added when it can be."""
    path = world.root / "link.png"
    path.symlink_to(world.root / "nothing")
    watcher = watching(world.library, [world.root], times=Times(settle_seconds=0, poll_seconds=0.1))
    watcher.until(lambda: bool(watcher.told))
    watcher.look_around()
    assert [kind for kind, _ in watcher.told] == ["warning"]

    path.unlink()
    world.draw("link.png", 0)
    watcher.until(lambda: world.paths() == {"link.png"})


def test_the_library_and_what_is_passed_over_are_never_watched(
    world: World, watching: Watching
) -> None:
    """Thumbnails of photos would come back as photos."""
    watcher = watching(world.library, [world.root], without=[world.root / "library"])
    world.draw("library/originals/a.png", 0)
    world.draw("b/.nomedia")
    world.draw("b/c.png", 0, gray=50)
    world.draw("d.png", 0, gray=100)
    watcher.until(lambda: "d.png" in world.paths())
    watcher.look_around()

    assert world.paths() == {"d.png"}
    for folder in ("library", "library/originals"):
        refused = watching(world.library, [world.root / folder], without=[world.root / "library"])
        assert isinstance(refused.ends(), UsageError)


def test_it_ends_when_a_folder_vanishes(world: World, watching: Watching) -> None:
    """Who runs it as a service is to know; nothing is forgotten, for a disk may be missing."""
    world.draw("a.png", 0)
    watcher = watching(world.library, [world.root])
    watcher.until(lambda: world.paths() == {"a.png"})

    world.root.rename(world.root.parent / "unplugged")

    assert isinstance(watcher.ends(), NotFoundError)
    assert world.paths() == {"a.png"}
    assert isinstance(watching(world.library, [world.root]).ends(), NotFoundError)


def test_a_folder_that_is_replaced_is_looked_through_again(
    world: World, watching: Watching
) -> None:
    """What a link leads to now, or was mounted there, is added, and watched from then on."""
    world.draw("one/a.png", 0)
    world.draw("other/b.png", 0, gray=50)
    (world.root / "link").symlink_to("one")
    watcher = watching(world.library, [world.root / "link"])
    watcher.until(lambda: world.paths() == {"link/a.png"})

    (world.root / "new").symlink_to("other")
    (world.root / "new").replace(world.root / "link")
    watcher.until(lambda: "link/b.png" in world.paths())
    world.draw("other/c.png", 0, gray=70)

    watcher.until(lambda: world.paths() == {"link/b.png", "link/c.png"})


def test_an_empty_folder_keeps_what_was_known(world: World, watching: Watching) -> None:
    """A disk that is not mounted looks like one that was emptied; it is said, and nothing goes."""
    world.draw("a.png", 0)
    world.add()
    (world.root / "a.png").unlink()

    watcher = watching(world.library, [world.root])
    watcher.until(lambda: bool(watcher.told))

    assert [kind for kind, _ in watcher.told] == ["warning"]
    assert world.paths() == {"a.png"}


def test_it_stops_when_it_is_told(world: World, watching: Watching) -> None:
    """Also if nothing ever happened; nothing is told then."""
    watcher = watching(world.library, [world.root])

    watcher.stop()

    assert (watcher.told, watcher.error) == ([], None)
