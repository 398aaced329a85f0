"""Making what is lacking: the same call goes on where it was interrupted, and repeats nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError, LibraryError, NotFoundError, UsageError
from kith.domain.photo import Photo, PhotoId
from kith.domain.rendition import Form
from kith.imaging.rendition import render
from kith.pipeline.abreast import abreast
from kith.pipeline.crops import open_original
from kith.pipeline.originals import Originals, is_address
from kith.pipeline.walk import absolute
from kith.ports.catalog import Catalog
from kith.ports.storage import ObjectStorage

_FORM: Final = "kith-rendition.json"
"""Beside the copies: what they are like. Copies that are older than it are of another form."""

_ID_LETTERS: Final = 12
"""Of a photo's id in a name: 48 bits, so that a million photos have names of their own."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """One kind of copy, and where it is kept.

    Attributes:
        name: what it is called.
        to: where, for people.
        form: what the copies are like.
        storage: where.
    """

    name: str
    to: str
    form: Form
    storage: ObjectStorage


@dataclass(slots=True)
class RenderReport:
    """What was made.

    Attributes:
        made: copies.
        there: copies that were there already.
        refused: of what none could be made, with the reason.
    """

    made: int = 0
    there: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def refuse_loops(
    targets: Collection[str], catalog: Catalog | None, watched: Collection[Path | str] = ()
) -> None:
    """See that no copy would come back as a photo.

    Raises:
        UsageError: copies would lie where photos are added from.
    """
    for to in targets:
        for place in watched:
            root = str(place) if is_address(str(place)) else str(absolute(Path(place)))
            if to == root or to.startswith(root.rstrip("/") + "/"):
                raise UsageError(
                    f"Renditions go to {to}, below {root}: they would be added as photos",
                    "Name a folder elsewhere in the settings.",
                )
        if catalog is not None and next(iter(catalog.places(to)), None) is not None:
            raise UsageError(
                f"Renditions go to {to}, where photos of the library lie",
                "Name a folder of their own in the settings.",
            )


def make_lacking(
    catalog: Catalog,
    originals: Originals,
    rendering: Rendering,
    photo_ids: Collection[PhotoId] | None = None,
    listener: Callable[[int, int], None] = lambda _done, _total: None,
    *,
    workers: int = 1,
) -> RenderReport:
    """Make the copies of these photos, or of all, that are not there, or of another form.

    Raises:
        LibraryError: they cannot be written.
        StoreError: the store cannot be reached.
    """
    since = _settle_form(rendering)
    photos = list(catalog.photos(photo_ids))
    there = _there(rendering.storage, since, None if photo_ids is None else photos, rendering.form)
    lacking = [photo for photo in photos if key_of(photo, rendering.form) not in there]
    report = RenderReport(there=len(photos) - len(lacking))

    def make(photo: Photo) -> str:
        return _make(catalog, originals, rendering, photo)

    with closing(abreast(make, lacking, workers=workers, name="render")) as outcomes:
        for done, (photo, reason) in enumerate(zip(lacking, outcomes, strict=True), start=1):
            if reason:
                report.refused.append((photo.id, reason))
            else:
                report.made += 1
            listener(done, len(lacking))
    return report


def key_of(photo: Photo, form: Form) -> str:
    """What the copy of a photo is called: by when it was taken, and what it is."""
    name = photo.id[:_ID_LETTERS]
    if photo.taken_at is None:
        return f"undated/{name}.{form.format.suffix}"
    taken = photo.taken_at
    return f"{taken:%Y}/{taken:%Y-%m-%d %H.%M.%S} {name}.{form.format.suffix}"


def _settle_form(rendering: Rendering) -> int:
    """Write down what the copies are like, if it is not; answers since when they are, in ns."""
    form = rendering.form
    said = asdict(form) | {"format": form.format.name, "metadata": form.metadata.value}
    told = json.dumps(said, sort_keys=True).encode()
    try:
        if rendering.storage.read(_FORM) == told:
            return rendering.storage.stat(_FORM).modified_ns
    except NotFoundError:
        pass
    rendering.storage.write(_FORM, told)
    return rendering.storage.stat(_FORM).modified_ns


def _there(
    storage: ObjectStorage, since: int, photos: Sequence[Photo] | None, form: Form
) -> set[str]:
    """The keys of the copies that are there and of this form; of few photos, each is asked for."""
    if photos is None:
        return {one.key for one in storage.list() if one.modified_ns >= since}
    found: set[str] = set()
    for photo in photos:
        key = key_of(photo, form)
        try:
            if storage.stat(key).modified_ns >= since:
                found.add(key)
        except NotFoundError:
            continue
    return found


def _make(catalog: Catalog, originals: Originals, rendering: Rendering, photo: Photo) -> str:
    """Make one; answers why it cannot be made, or nothing."""
    picture = open_original(catalog, originals, photo.id)
    if picture is None:
        return "no file has it any more, or its store cannot be reached"
    try:
        data = render(picture, rendering.form)
    except KithError as error:
        return error.message
    finally:
        picture.release()
    try:
        rendering.storage.write(key_of(photo, rendering.form), data, durable=False)
    except LibraryError as error:
        raise type(error)(
            f"The rendition {rendering.name}: {error.message}", error.advice
        ) from error
    return ""
