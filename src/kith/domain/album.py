"""Albums: photos to look at together, with a feature photo."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeAlias

from kith.domain.errors import UsageError
from kith.domain.names import folded
from kith.domain.photo import PhotoId

LONGEST_NAME = 200
"""Characters of an album's name; a title, not a text."""


@dataclass(frozen=True, slots=True)
class FolderAlbum:
    """The photos in one folder. There is one for every folder that holds photos.

    Attributes:
        path: the folder's absolute path; what the album is known by.
        feature: the photo to show for it, if someone chose one.
    """

    path: str
    feature: PhotoId | None = None


@dataclass(frozen=True, slots=True)
class QueryAlbum:
    """The photos that a query means, whenever it is looked at.

    Attributes:
        name: unique among the named albums, whatever the case.
        query: the query with ids in the place of people's names, so that a new name changes
            nothing.
        feature: the photo to show for it, if someone chose one.
    """

    name: str
    query: str
    feature: PhotoId | None = None


@dataclass(frozen=True, slots=True)
class PickedAlbum:
    """Photos picked by hand.

    Attributes:
        name: unique among the named albums, whatever the case.
        feature: the photo to show for it, if someone chose one.
    """

    name: str
    feature: PhotoId | None = None


NamedAlbum: TypeAlias = QueryAlbum | PickedAlbum
Album: TypeAlias = FolderAlbum | QueryAlbum | PickedAlbum


def album_key(album: Album) -> str:
    """What tells albums apart: 64 hex digits, the same for names that differ in case alone."""
    if isinstance(album, FolderAlbum):
        return _digest("folder", album.path)
    return name_key(album.name)


def name_key(name: str) -> str:
    """The key of the named album that is called so."""
    return _digest("name", folded(name))


def require_album_name(name: str) -> str:
    """The name without white space around it.

    Raises:
        UsageError: it cannot be an album's name.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"{name!r} cannot be an album's name",
            f"A name has 1 to {LONGEST_NAME} characters that can be seen.",
        )
    if PurePath(name).is_absolute():
        raise UsageError(
            f"{name!r} is a path", "A folder is an album by itself; choose a name without a path."
        )
    return name


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
