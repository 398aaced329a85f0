"""Adding what lies in a store elsewhere: a page of its listing at a time, and on from there.

A listing comes in the order of its addresses, and so do the places that the catalog knows. So the
two are compared as they are read, whatever their number: what is known by address, size and time of
change is not fetched, and what is known and not listed is gone.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import islice
from typing import Final

from kith.domain.errors import NotFoundError, SettingError, StoreError
from kith.domain.photo import Place
from kith.pipeline.add_photo import Arrival
from kith.pipeline.library import Library
from kith.pipeline.walk import is_picture_name, is_seen_below
from kith.ports.sources import PhotoSource
from kith.ports.storage import ObjectStorage

_WINDOW: Final = 1_000
"""Objects between two checkpoints: a page of S3."""

_LASTING_SECONDS: Final = 7 * 24 * 3600
"""A listing that was interrupted longer ago than this begins anew: too much may have come since
before the place where it stopped."""

_AT_ONCE: Final = 8
"""Objects fetched at once. A store answers each after some 50 ms, as long as a photo is worked on;
so a few suffice for the workers never to wait."""

_FETCHED_AHEAD_BYTES: Final = 32_000_000
"""Larger objects are fetched when it is their turn, for those ahead are held in memory."""

AddPlaces = Callable[[Library, Iterator[Place], Callable[[Arrival], None]], None]
"""Adds places in their order, and tells of each when it is stored."""


@dataclass(slots=True)
class Found:
    """What a comparison has found so far.

    Attributes:
        seen: objects that may be photos.
        unchanged: those known from before.
        others: how many are no pictures, by suffix.
        gone: known addresses that are not listed any more.
        resumed: behind which address an earlier run was continued; empty for none.
    """

    seen: int = 0
    unchanged: int = 0
    others: Counter[str] = field(default_factory=Counter[str])
    gone: list[str] = field(default_factory=list[str])
    resumed: str = ""


def backfill(
    library: Library, under: str, add: AddPlaces, listener: Callable[[Arrival], None]
) -> Found:
    """Add every object below an address. Killed at any moment, the same call goes on from there.

    Objects that are gone are left to the caller: they are known only when the listing has ended.

    Raises:
        NotFoundError: there is no such bucket.
        StoreError: the store cannot be reached, or refuses to list it.
        SettingError: no store is known.
    """
    if library.source is None:
        raise SettingError(f"{under} cannot be read: no store is known for it")
    checkpoint = _Checkpoint(library.derived, under)
    comparison = _Comparison(library, library.source, under, checkpoint.read())
    with _fetching_ahead(library) as (quicker, ahead):
        while (window := comparison.window()) is not None:
            add(quicker, ahead(window), listener)
            checkpoint.write(comparison.last)
    comparison.end()
    checkpoint.delete()
    return comparison.found


class _Comparison:
    """A listing beside what is known, both in the order of their addresses."""

    def __init__(self, library: Library, source: PhotoSource, under: str, after: str) -> None:
        self.found = Found(resumed=after)
        self.last = after
        self._under = under
        self._listed = source.list(under, after=after)
        known = (one.place for one in library.catalog.places(under))
        self._known = (place for place in known if place.path > after)
        self._next = next(self._known, None)

    def window(self) -> list[Place] | None:
        """Those of the next objects that are new; ``None`` behind the last object."""
        listed = list(islice(self._listed, _WINDOW))
        if not listed:
            return None
        return [place for place in listed if self._is_new(place)]

    def end(self) -> None:
        """No object is listed any more: what is still known is gone."""
        self._pass_by(None)

    def _is_new(self, place: Place) -> bool:
        if place.path <= self.last:
            raise StoreError(
                f"{self._under} is listed in no order ({place.path} behind {self.last})",
                "Directory buckets of S3 do so; copy the photos into a general purpose bucket.",
            )
        self.last = place.path
        self._pass_by(place.path)
        known, self._next = self._next, self._next
        if known is not None and known.path == place.path:
            self._next = next(self._known, None)
        else:
            known = None
        return self._is_photo(place) and self._note(known != place)

    def _pass_by(self, address: str | None) -> None:
        """What is known before this address, or at all, was not listed."""
        while self._next is not None and (address is None or self._next.path < address):
            self.found.gone.append(self._next.path)
            self._next = next(self._known, None)

    def _is_photo(self, place: Place) -> bool:
        name = place.path.rpartition("/")[2]
        if not is_seen_below(place.path.removeprefix(self._under)):
            return False
        if not is_picture_name(name):
            self.found.others[os.path.splitext(name)[1].lower()] += 1  # noqa: PTH122 - no path
            return False
        return True

    def _note(self, new: bool) -> bool:
        self.found.seen += 1
        self.found.unchanged += not new
        return new


# -- where it stopped ------------------------------------------------------------------------------


class _Checkpoint:
    """How far a listing has come, kept in the library."""

    def __init__(self, derived: ObjectStorage, under: str) -> None:
        self._derived = derived
        self._under = under
        self._key = f"state/listings/{sha256(under.encode()).hexdigest()[:32]}.json"

    def read(self) -> str:
        """Behind which address to go on; empty to begin."""
        try:
            kept = json.loads(self._derived.read(self._key))
            fits = kept["under"] == self._under
            return kept["after"] if fits and time.time() < kept["until"] else ""
        except (NotFoundError, ValueError, KeyError, TypeError):
            return ""

    def write(self, after: str) -> None:
        """All up to this address is in the library."""
        kept = {"under": self._under, "after": after, "until": time.time() + _LASTING_SECONDS}
        self._derived.write(self._key, json.dumps(kept).encode())

    def delete(self) -> None:
        """The listing has ended."""
        self._derived.delete(self._key)


# -- quicker than one by one -----------------------------------------------------------------------


class _FetchedAhead:
    """A source of which some objects are on their way already: those of at most ``most`` bytes."""

    def __init__(self, source: PhotoSource, pool: ThreadPoolExecutor, most: int) -> None:
        self._source = source
        self._pool = pool
        self._most = most
        self._coming: dict[str, Future[tuple[Place, bytes]]] = {}

    def fetch(self, place: Place) -> None:
        """Begin with this one."""
        if place.byte_size <= min(_FETCHED_AHEAD_BYTES, self._most):
            self._coming[place.path] = self._pool.submit(
                self._source.read, place.path, self._most + 1
            )

    def list(self, under: str, /, *, after: str = "") -> Iterator[Place]:
        """See ``PhotoSource.list``."""
        return self._source.list(under, after=after)

    def look(self, address: str, /) -> Place:
        """See ``PhotoSource.look``."""
        return self._source.look(address)

    def read(self, address: str, most: int, /) -> tuple[Place, bytes]:
        """See ``PhotoSource.read``."""
        coming = self._coming.pop(address, None)
        return coming.result() if coming else self._source.read(address, most)


@contextmanager
def _fetching_ahead(
    library: Library,
) -> Generator[tuple[Library, Callable[[list[Place]], Iterator[Place]]]]:
    """The library with a source that fetches a few objects before they are asked for.

    And what does so: it hands on the places, each when a few behind it are on their way.
    """
    assert library.source is not None
    pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch")
    source = _FetchedAhead(library.source, pool, library.limits.byte_size)

    def ahead(places: list[Place]) -> Iterator[Place]:
        coming: deque[Place] = deque()
        for place in places:
            source.fetch(place)
            coming.append(place)
            if len(coming) >= _AT_ONCE:
                yield coming.popleft()
        yield from coming

    try:
        yield replace(library, source=source), ahead
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
