"""What a site is made of, what it is to hold, and how its files are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kith.domain.face import FaceId
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.imaging.encode import Encoding
from kith.pipeline.albums.records import Records
from kith.pipeline.originals import Originals
from kith.pipeline.serving.renditions import Renditions, Size

DATA: Final = "data/"
"""Where the page finds what it otherwise asks the API for."""


@dataclass(frozen=True, slots=True)
class SiteSource:
    """A library, as far as a site is made of it.

    Attributes:
        records: what is known of its photos.
        renditions: its pictures to look at.
        originals: how photos' bytes are read.
        workers: photos worked on at once.
    """

    records: Records
    renditions: Renditions
    originals: Originals
    workers: int = 1


@dataclass(frozen=True, slots=True)
class SiteTerms:
    """What a site is to hold.

    Attributes:
        query: which photos, in the query language; empty for all.
        title: what is read above them.
        people: who is in the photos: a strip of people, and their names.
        downloads: the photos themselves, without what their files say besides the pixels.
        location: where each photo was taken.
        exif: with what and how each was taken: everything its file says, but where.
        encoding: how pictures are written.
        page_size: photos that the page asks for together.
    """

    query: str = ""
    title: str = "Photos"
    people: bool = False
    downloads: bool = False
    location: bool = False
    exif: bool = False
    encoding: Encoding = Encoding.WEBP
    page_size: int = 500


def picture_path(photo_id: PhotoId, size: Size, encoding: Encoding) -> str:
    """The file of a photo's picture."""
    return f"pictures/{photo_id[:2]}/{photo_id}-{size.value}.{encoding.suffix}"


def download_paths(photo_id: PhotoId) -> list[str]:
    """The file of a photo to take home is one of these."""
    return [f"downloads/{photo_id[:2]}/{photo_id[:16]}.{kind}" for kind in ("jpg", "png", "webp")]


def face_path(face_id: FaceId, encoding: Encoding) -> str:
    """The file of a face's picture."""
    return f"faces/{face_id[:2]}/{face_id}.{encoding.suffix}"


def detail_path(photo_id: PhotoId) -> str:
    """The file of what is known of a photo."""
    return f"{DATA}photos/{photo_id[:2]}/{photo_id}.json"


def person_path(person_id: PersonId) -> str:
    """The file of which photos show somebody."""
    return f"{DATA}people/{person_id}.json"
