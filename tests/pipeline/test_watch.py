"""Watching folders: what arrives is added, and what came before is not missed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Generator
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from kith.adapters.catalog.memory import MemoryCatalog
from kith.pipeline.add import AddReport
from kith.pipeline.library import Library
from kith.pipeline.watch import watch_folders
from kith.ports.catalog import Catalog

if TYPE_CHECKING:
    from tests.pipeline.conftest import World

_PATIENCE_SECONDS = 30


class Watcher:
    """A watch in a thread of its own, and its reports."""

    def __init__(self, library: Library, folders: list[Path]) -> None:
        self._stop = Event()
        self._reports: Queue[AddReport] = Queue()
        self._thread = Thread(target=self._run, args=(library, folders))
        self._thread.start()

    def _run(self, library: Library, folders: list[Path]) -> None:
        for report in watch_folders(library, folders, self._stop):
            self._reports.put(report)

    def until(self, holds: Callable[[], bool]) -> list[AddReport]:
        """The reports until this holds."""
        reports: list[AddReport] = []
        end = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            assert time.monotonic() < end, f"it never came to hold; reports: {reports}"
            try:
                reports.append(self._reports.get(timeout=0.1))
            except Empty:
                continue
        return reports

    def stop(self) -> None:
        """Stop watching; the thread ends."""
        self._stop.set()
        self._thread.join(_PATIENCE_SECONDS)
        assert not self._thread.is_alive()


@pytest.fixture
def watching() -> Generator[Callable[..., Watcher]]:
    """Starts watchers, and stops them."""
    watchers: list[Watcher] = []

    def start(library: Library, folders: list[Path]) -> Watcher:
        watchers.append(Watcher(library, folders))
        return watchers[-1]

    yield start
    for watcher in watchers:
        watcher.stop()


@pytest.fixture
def catalog() -> Catalog:
    """One catalog is enough here, where every test has to wait."""
    return MemoryCatalog()


def test_what_arrives_changes_and_goes_is_followed(
    world: World, watching: Callable[..., Watcher]
) -> None:
    """One after the other: a file from before, a new folder, hidden files, a moved folder."""
    world.draw("before.png", 0)
    watcher = watching(world.library, [world.root])

    reports = watcher.until(lambda: world.paths() == {"before.png"})
    assert len(reports) <= 1

    elsewhere = world.draw("../elsewhere/new.png", 1).parent
    world.draw(".hidden/x.png", 2)
    world.draw("@eaDir/x.png", 2)
    shutil.copytree(elsewhere, world.root / "deep" / "er")
    watcher.until(lambda: world.paths() == {"before.png", "deep/er/new.png"})
    person = world.person_in("deep/er/new.png")

    (world.root / "deep").rename(world.root / "moved")
    watcher.until(lambda: world.paths() == {"before.png", "moved/er/new.png"})
    assert world.person_in("moved/er/new.png") == person

    whole = (world.root / "before.png").read_bytes()
    (world.root / "slow.png").write_bytes(whole[: len(whole) // 2])
    watcher.until(lambda: world.library.catalog.counts().problems == 1)
    world.draw("slow.png", 3)
    watcher.until(lambda: "slow.png" in world.paths())
    assert world.library.catalog.counts().problems == 0
    assert world.library.catalog.counts().photos == 3


def test_it_stops_when_it_is_told(world: World, watching: Callable[..., Watcher]) -> None:
    """Also if nothing ever happened; nothing is reported then."""
    watcher = watching(world.library, [world.root])

    watcher.stop()

    assert watcher.until(lambda: True) == []
