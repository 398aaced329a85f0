"""The watch itself: look through the folders, listen, wait until files are whole, add them.

What the operating system tells only makes it quick. What lies in the folders is the truth, and is
looked at when the watch begins and every so often, so that nothing depends on having been told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Final, Protocol

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.photo import PhotoId, Place
from kith.pipeline.add import add_places, recovering
from kith.pipeline.add_photo import Arrival
from kith.pipeline.library import Library
from kith.pipeline.walk import (
    FoundFile,
    absolute,
    is_gone,
    is_passed_over,
    is_picture_name,
    sentence,
    walk,
)
from kith.pipeline.watching.notices import UnwatchableError, is_silent, notices
from kith.pipeline.watching.settling import Settling, place_of
from kith.ports.catalog import Catalog

_MOST_AT_ONCE: Final = 1_000
"""Photos that are added before the library is left to others for a moment."""

_POLL_SECONDS: Final = 30.0
"""Between two looks through folders of which nothing is told, if nothing else is asked for."""

_SHARE: Final = 20
"""Of its time, looking through folders again and again takes at most one part in so many."""


@dataclass(frozen=True, slots=True)
class Times:
    """How patient a watch is.

    Attributes:
        settle_seconds: how long a file must stay as it is to be taken for whole.
        poll_seconds: between two looks through folders of which the system tells nothing; if it is
            given, through all.
        review_seconds: between two looks through the others, for what was told to nobody.
    """

    settle_seconds: float = 3.0
    poll_seconds: float | None = None
    review_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Station:
    """The library, as somebody needs it who rarely has anything to do.

    Attributes:
        catalog: what is known; only read.
        library: the library as a whole, when it is this one's turn.
    """

    catalog: Catalog
    library: Callable[[], AbstractContextManager[Library]]


class Herald(Protocol):
    """Who hears of what becomes of files."""

    def arrived(self, library: Library, arrival: Arrival, /) -> None:
        """A file was added, refused, or could not be read."""
        ...

    def left(self, path: str, /) -> None:
        """A file that was known is gone."""
        ...

    def warned(self, text: str, /) -> None:
        """Something that the user should know."""
        ...

    def finished(self, photo_ids: Sequence[PhotoId], /) -> None:
        """These photos are new, and the library is left to others again."""
        ...

    def alive(self, waiting: int, /) -> None:
        """All is well; so many files are waited for. Called every second or so, even at work."""
        ...


def watch(
    station: Station,
    folders: Sequence[Path],
    herald: Herald,
    *,
    without: Collection[Path] = (),
    times: Times | None = None,
    stop: Event | None = None,
) -> None:
    """Add what lies in these folders and what arrives there, until ``stop`` is set.

    A file is added when it is whole (``Settling``). Files that go lose their place. A folder that
    is replaced by another, as a disk that is mounted over it, is looked through again.

    Args:
        station: the library.
        folders: watched with all that is in them.
        herald: hears of each file.
        without: folders that are passed over.
        times: how patient it is.
        stop: set by somebody else; what is under way is ended first.

    Raises:
        NotFoundError: a folder is not there, or is not there any more.
        UsageError: a folder is none, or is one of those to be passed over.
        LibraryError: the library cannot be written to; what was added stays.
    """
    roots = [absolute(folder) for folder in folders]
    _check(roots, without)
    stop = stop or Event()
    times = times or Times()
    while not stop.is_set():
        try:
            _Watch(station, roots, herald, without, times, stop).run()
        except UnwatchableError as error:
            herald.warned(
                f"{error.message}; they are looked through every so often. {error.advice}"
            )
            times = replace(times, poll_seconds=_POLL_SECONDS)


def _check(roots: Sequence[Path], without: Collection[Path]) -> None:
    for root in roots:
        _identity(root)
        if not root.is_dir():
            raise UsageError(f"{root} is a file", "Watch the folder that it lies in.")
        if any(root.resolve().is_relative_to(folder.resolve()) for folder in without):
            raise UsageError(f"{root} is the library's own", "Watch the folders of your photos.")


def _identity(root: Path) -> tuple[int, int]:
    """What tells a folder from another in its place.

    Raises:
        NotFoundError: there is none.
    """
    try:
        status = root.stat()
    except OSError as error:
        raise NotFoundError(
            f"The folder {root} is not there ({error.strerror})", "Is a disk not connected?"
        ) from error
    return status.st_dev, status.st_ino


class _Watch:
    """One watch over folders that stay the same ones."""

    def __init__(
        self,
        station: Station,
        roots: Sequence[Path],
        herald: Herald,
        without: Collection[Path],
        times: Times,
        stop: Event,
    ) -> None:
        self._added: list[PhotoId] = []
        self._station = station
        self._herald = herald
        self._without = [folder.resolve() for folder in without]
        self._stop = stop
        self._settling = Settling(times.settle_seconds)
        self._settle_seconds = times.settle_seconds
        self._gone: set[str] = set()
        self._unread: dict[str, tuple[Place, float]] = {}
        """Files that could not be read, and when it is worth trying again."""
        self._warned: set[str] = set()
        self._identities = {root: _identity(root) for root in roots}
        asked = times.poll_seconds is not None
        self._told = [root for root in roots if not asked and not is_silent(root)]
        pauses = dict.fromkeys(roots, times.poll_seconds or _POLL_SECONDS)
        self._pauses = pauses | dict.fromkeys(self._told, times.review_seconds)
        self._review_seconds = times.review_seconds
        # macOS tells of changes by the paths behind links.
        self._named = [(root.resolve(), root) for root in self._told]
        self._due = dict.fromkeys(roots, 0.0)
        """When to look through folders, by a clock that never goes back."""

    def run(self) -> None:
        """Watch until it is to stop, or a folder is another one."""
        for paths in notices(self._told, self._stop):
            if self._stop.is_set() or self._is_replaced():
                return
            for path in sorted(paths):
                self._hear(path)
            self._look_through_what_is_due()
            self._herald.alive(len(self._settling))
            self._work()

    def _is_replaced(self) -> bool:
        found = {root: _identity(root) for root in self._identities}
        # On a network the same folder may be another one each time; it is looked through anyway.
        return any(found[root] != self._identities[root] for root in self._told)

    # -- what may have come or gone ----------------------------------------------------------------

    def _hear(self, path: Path) -> None:
        """Something happened to this path; what it was shows in what is there now."""
        root, path = self._as_watched(path)
        if path == root or self._is_passed_over(path, root):
            return
        if path.is_dir():
            self._look_through(path)
            # Once more: what came before the system watched the new folder was told to nobody.
            self._due[path] = time.monotonic() + self._settle_seconds
        elif (place := place_of(str(path))) is not None:
            if is_picture_name(path.name) and self._is_news(place):
                self._settling.note(place)
        else:
            self._gone |= self._missing(path)

    def _as_watched(self, path: Path) -> tuple[Path, Path]:
        """The watched folder, and the path below it by the name that the folder was given."""
        for root in self._told:
            if path.is_relative_to(root):
                return root, path
        for real, root in self._named:
            if path.is_relative_to(real):
                return root, root / path.relative_to(real)
        return path, path

    def _is_passed_over(self, path: Path, root: Path) -> bool:
        folder = path if path.is_dir() else path.parent
        hidden = path.name.startswith(".") or is_passed_over(folder, root)
        return hidden or any(path.resolve().is_relative_to(other) for other in self._without)

    def _is_news(self, place: Place) -> bool:
        return all(known.place != place for known in self._station.catalog.places(place.path))

    def _missing(self, path: Path) -> set[str]:
        known = self._station.catalog.places(str(path))
        return {one.place.path for one in known if is_gone(one.place.path)}

    def _look_through_what_is_due(self) -> None:
        for folder in [one for one, due in self._due.items() if time.monotonic() >= due]:
            begun = time.monotonic()
            if folder in self._pauses or folder.is_dir():
                self._look_through(folder)
            took = time.monotonic() - begun
            del self._due[folder]
            if folder in self._pauses:
                pause = max(self._pauses[folder], took * _SHARE)
                self._due[folder] = time.monotonic() + pause

    def _look_through(self, folder: Path) -> None:
        """Compare what lies in a folder with what is known of it."""
        found = walk(folder, without=self._without)
        for problem in found.problems:
            if os.path.lexists(problem.path):  # and did not go just now
                self._warn(sentence(problem))
        known = {one.place.path: one.place for one in self._station.catalog.places(str(folder))}
        for file in found.files:
            place = _place(file)
            if known.pop(place.path, None) != place and self._is_worth_trying(place):
                self._settling.note(place)
        gone = {path for path in known if is_gone(path)}
        if gone and not found.files and folder in self._pauses:
            self._warn(
                f"{folder} has no pictures now, but {len(gone)} were known there; they are kept. "
                "Is a disk not connected? `kith doctor --fix` forgets files that are gone."
            )
        else:
            self._gone |= gone

    def _is_worth_trying(self, place: Place) -> bool:
        before, again = self._unread.get(place.path, (None, 0.0))
        return before != place or time.monotonic() >= again

    def _warn(self, text: str) -> None:
        """Once: it is looked again and again."""
        if text not in self._warned:
            self._warned.add(text)
            self._herald.warned(text)

    # -- what is done about it ---------------------------------------------------------------------

    def _work(self) -> None:
        whole = self._settling.take(_MOST_AT_ONCE)
        if not whole and not self._gone:
            return
        with self._station.library() as library, recovering(library):
            add_places(library, whole, lambda one: self._announce(library, one), self._stop.is_set)
            self._forget_gone(library)
        added, self._added = self._added, []
        self._herald.finished(added)

    def _announce(self, library: Library, arrival: Arrival) -> None:
        place = arrival.place
        if arrival.photo and not arrival.known:
            self._added.append(arrival.photo.id)
        before, _ = self._unread.pop(place.path, (None, 0.0))
        if arrival.unread:
            self._unread[place.path] = place, time.monotonic() + self._review_seconds
        if not arrival.unread or before != place:
            self._herald.arrived(library, arrival)
        self._herald.alive(len(self._settling))

    def _forget_gone(self, library: Library) -> None:
        # Behind what came: a photo that was moved is never without a place.
        gone, self._gone = {path for path in self._gone if is_gone(path)}, set()
        # A disk may have gone meanwhile, and everything with it.
        if not gone or self._is_replaced():
            return
        library.catalog.remove_places(gone)
        for path in sorted(gone):
            self._herald.left(path)


def _place(file: FoundFile) -> Place:
    return Place(str(file.path), file.byte_size, file.modified_ns)
