"""Fetching photos from a bucket: those that a library lacks, by their content, into a folder."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from kith.domain.errors import KithError, StoreError
from kith.domain.photo import PhotoId, Place, photo_id_of
from kith.pipeline.abreast import abreast
from kith.pipeline.chunks import in_chunks
from kith.pipeline.originals import is_address
from kith.pipeline.uploading import State
from kith.pipeline.walk import Refused, absolute
from kith.ports.catalog import Catalog
from kith.ports.sources import PhotoSource

_AT_ONCE: Final = 8
"""Photos fetched at once. A store answers each after some 50 ms, whatever its size."""

Listener = Callable[[int, int], None]
"""Hears how many photos are done, of how many."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """A photo, and where it goes."""

    photo_id: PhotoId
    place: Place
    path: Path


@dataclass(slots=True)
class Fetched:
    """What became of photos that a library lacks.

    Attributes:
        files: that were written.
        byte_count: of these.
        unchanged: how many were there already, with the same content.
        differing: files of which another content is there; they were left alone.
        refused: photos that could not be read, or written.
    """

    files: list[Path] = field(default_factory=list[Path])
    byte_count: int = 0
    unchanged: int = 0
    differing: list[Path] = field(default_factory=list[Path])
    refused: list[Refused] = field(default_factory=list[Refused])


def fetch_photos(
    others: Catalog,
    source: PhotoSource,
    photos: Catalog,
    folder: Path,
    listener: Listener = lambda _done, _total: None,
) -> Fetched:
    """Write those photos into a folder that others have and a library lacks.

    Each lies below the folder as its key says. Nothing there is written over, and a file is there
    as a whole or not at all.

    Args:
        others: what the other side has.
        source: where it lies.
        photos: what the library has.
        folder: made where there is none.
        listener: hears how far it is.

    Raises:
        StoreError: the store cannot be reached, or refuses; what was written stays.
    """
    wanted = list(_wanted(others, photos, absolute(folder)))
    fetched = Fetched()

    def work(one: Fetching) -> State | Refused:
        return _fetch(source, one)

    with closing(abreast(work, wanted, workers=_AT_ONCE, name="fetch")) as outcomes:
        for done, (one, outcome) in enumerate(zip(wanted, outcomes, strict=True), start=1):
            _count(fetched, one, outcome)
            listener(done, len(wanted))
    return fetched


def _wanted(others: Catalog, photos: Catalog, root: Path) -> Iterator[Fetching]:
    """What the library lacks, each once, though it may lie at several addresses."""
    seen: set[PhotoId] = set()
    for some in in_chunks(one for one in others.places() if is_address(one.place.path)):
        lying = {one.photo_id: one.place for one in reversed(some) if one.photo_id is not None}
        known = photos.has_photos(list(lying)) | seen
        for photo_id, place in lying.items():
            if photo_id not in known:
                seen.add(photo_id)
                yield Fetching(photo_id, place, _target(root, place.path))


def _target(root: Path, address: str) -> Path:
    """Below the folder, whatever a key consists of."""
    key = PurePosixPath(address.partition("://")[2].partition("/")[2])
    parts = [part for part in key.parts if part not in {"/", ".", ".."} and "\0" not in part]
    return root.joinpath(*parts)


def _fetch(source: PhotoSource, one: Fetching) -> State | Refused:
    try:
        if one.path.exists():
            same = photo_id_of(one.path.read_bytes()) == one.photo_id
            return State.SAME if same else State.DIFFERS
        _, data = source.read(one.place.path, one.place.byte_size)
        if photo_id_of(data) != one.photo_id:
            return _refused(one, "is another photo by now", "Try again later.")
        _write(one.path, data)
    except StoreError:
        raise
    except KithError as error:
        return _refused(one, error.message, error.advice)
    except OSError as error:
        return Refused(one.path, f"cannot be written: {error.strerror}", "Name another folder.")
    return State.NEW


def _refused(one: Fetching, reason: str, advice: str) -> Refused:
    return Refused(Path(one.place.path), reason, advice, address=one.place.path)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".kith-{uuid.uuid4().hex}")  # which no walk comes upon
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _count(fetched: Fetched, one: Fetching, outcome: State | Refused) -> None:
    if isinstance(outcome, Refused):
        fetched.refused.append(outcome)
    elif outcome is State.SAME:
        fetched.unchanged += 1
    elif outcome is State.DIFFERS:
        fetched.differing.append(one.path)
    else:
        fetched.files.append(one.path)
        fetched.byte_count += one.place.byte_size
