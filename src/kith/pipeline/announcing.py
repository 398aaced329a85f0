"""Announcing what lies in a store already, so that those who take in new photos take it in, too.

Nothing is read but names: a million photos are a thousand pages of a listing. Who is stopped goes
on where it was; what is announced twice for it is taken in once (``kith.pipeline.ingest``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.photo import Place
from kith.pipeline.walk import is_picture_name, is_seen_below
from kith.ports.queue import PhotoQueue
from kith.ports.sources import PhotoSource
from kith.ports.storage import ObjectStorage

_PAGE: Final = 1_000
"""Objects between two notes of how far it is; a page of S3's listing."""


@dataclass(frozen=True, slots=True)
class Announced:
    """How far it is.

    Attributes:
        photos: announced since the beginning.
        others: objects that are no pictures by their names.
        last: address of the last object that was looked at; empty at the beginning.
        finished: nothing is left.
    """

    photos: int = 0
    others: int = 0
    last: str = ""
    finished: bool = False


class Progress:
    """How far the announcing of what lies below an address is, kept among a library's files."""

    def __init__(self, derived: ObjectStorage, under: str) -> None:
        self._derived = derived
        self._key = f"state/announcing/{sha256(under.encode()).hexdigest()[:32]}.json"

    def read(self) -> Announced:
        """As it was noted last; the beginning, if it never was."""
        try:
            told = json.loads(self._derived.read(self._key))
            return Announced(told["photos"], told["others"], told["last"])
        except (NotFoundError, ValueError, KeyError, TypeError):
            return Announced()

    def note(self, announced: Announced) -> None:
        """Note how far it is; when it is finished, the next one begins anew."""
        said = {"photos": announced.photos, "others": announced.others, "last": announced.last}
        self._derived.write(self._key, json.dumps({} if announced.finished else said).encode())


class ToldProgress(Progress):
    """The same, and somebody hears of it.

    Args:
        derived: where the library's files are.
        under: the address.
        heard: told whenever it is noted how far it is.
    """

    def __init__(
        self, derived: ObjectStorage, under: str, heard: Callable[[Announced], None]
    ) -> None:
        super().__init__(derived, under)
        self._heard = heard

    def note(self, announced: Announced) -> None:
        """See ``Progress.note``."""
        super().note(announced)
        self._heard(announced)


def announce_all(
    source: PhotoSource,
    queue: PhotoQueue,
    progress: Progress,
    under: str,
    is_enough: Callable[[], bool] = lambda: False,
) -> Announced:
    """Announce every object below an address that may be a photo, going on where it was stopped.

    Args:
        source: where they lie.
        queue: that they are announced to.
        progress: how far it is.
        under: the address.
        is_enough: asked after each page; true stops.

    Raises:
        NotFoundError: there is no such bucket.
        StoreError: the store or the queue cannot be used. What was noted is done.
    """
    announced = progress.read()
    listed = source.list(under, after=announced.last)
    while not announced.finished and not is_enough():
        announced = _announce_page(queue, listed, announced)
        progress.note(announced)
    return announced


def _announce_page(queue: PhotoQueue, listed: Iterator[Place], before: Announced) -> Announced:
    page = list(islice(listed, _PAGE))
    photos = [place for place in page if may_be_photo(place.path)]
    queue.announce(photos)
    return Announced(
        photos=before.photos + len(photos),
        others=before.others + len(page) - len(photos),
        last=page[-1].path if page else before.last,
        finished=len(page) < _PAGE,
    )


def may_be_photo(address: str) -> bool:
    """Whether a walk through a folder of these names would come upon it, and read it."""
    key = address.split("/", 3)[-1]  # behind the scheme and the bucket
    name = key.rpartition("/")[2]
    return bool(name) and is_seen_below(key) and is_picture_name(name)
