"""The pictures of a site: of each photo a small and a large one, and one to take home."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from kith.domain.errors import KithError, LibraryError, NotFoundError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.pipeline.abreast import abreast
from kith.pipeline.serving.renditions import Size
from kith.pipeline.sharing.downloads import download_of
from kith.pipeline.sharing.site.folder import SiteFolder
from kith.pipeline.sharing.site.terms import (
    SiteSource,
    SiteTerms,
    download_paths,
    face_path,
    picture_path,
)
from kith.pipeline.walk import Refused

Advance: TypeAlias = Callable[[int, int], None]
"""Told how many photos are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Pictured:
    """A photo whose pictures are on the site.

    Attributes:
        photo_id: which.
        large: whether it has the large one; without the original there is only the small one.
        download: the file to take home, where there is one.
    """

    photo_id: PhotoId
    large: bool
    download: str | None


def write_pictures(
    source: SiteSource,
    site: SiteFolder,
    terms: SiteTerms,
    photo_ids: Sequence[PhotoId],
    advance: Advance,
) -> Iterator[Pictured | Refused]:
    """Write the pictures of photos, in their order; what is there already stays."""
    site.claim(path for photo_id in photo_ids for path in _paths(terms, photo_id))

    def make(photo_id: PhotoId) -> Pictured | Refused:
        try:
            return _make(source, site, terms, photo_id)
        except LibraryError:
            raise
        except KithError as error:
            return Refused(_file_of(source, photo_id), error.message, error.advice)

    with closing(abreast(make, photo_ids, workers=source.workers, name="site")) as pictures:
        for done, made in enumerate(pictures, start=1):
            advance(done, len(photo_ids))
            yield made


def write_face(source: SiteSource, site: SiteFolder, terms: SiteTerms, face_id: FaceId) -> None:
    """Write a face's picture, whose file was claimed, unless it is there already.

    Raises:
        NotFoundError: no file has its photo any more.
        PictureError: its photo cannot be decoded any more.
    """
    path = face_path(face_id, terms.encoding)
    if not site.has(path):
        site.write(path, source.renditions.face(face_id, terms.encoding).data)


def _paths(terms: SiteTerms, photo_id: PhotoId) -> list[str]:
    pictures = [picture_path(photo_id, size, terms.encoding) for size in Size]
    return pictures + (download_paths(photo_id) if terms.downloads else [])


def _make(source: SiteSource, site: SiteFolder, terms: SiteTerms, photo_id: PhotoId) -> Pictured:
    _write_picture(source, site, terms, photo_id, Size.SMALL)
    large = _write_picture(source, site, terms, photo_id, Size.LARGE)
    download = _write_download(source, site, photo_id) if terms.downloads else None
    return Pictured(photo_id, large, download)


def _write_picture(
    source: SiteSource, site: SiteFolder, terms: SiteTerms, photo_id: PhotoId, size: Size
) -> bool:
    """Whether the picture is there now: a large one is not made of a small one."""
    path = picture_path(photo_id, size, terms.encoding)
    if site.has(path):
        return True
    made = source.renditions.photo(photo_id, size, terms.encoding)
    if size is Size.LARGE and not made.lasting:
        return False
    site.write(path, made.data)
    return True


def _write_download(source: SiteSource, site: SiteFolder, photo_id: PhotoId) -> str | None:
    """The file to take home; none where no file has the original."""
    paths = download_paths(photo_id)
    known = next(filter(site.has, paths), None)
    if known is not None:
        return known
    try:
        made = download_of(source.records.catalog, source.originals, source.renditions, photo_id)
    except NotFoundError:
        return None
    (path,) = (path for path in paths if path.endswith(Path(made.name).suffix))
    site.write(path, made.data)
    return path


def _file_of(source: SiteSource, photo_id: PhotoId) -> Path:
    """What a report calls a photo."""
    places = source.records.catalog.places_of([photo_id]).get(photo_id, ())
    return Path(places[0].path) if places else Path(photo_id[:12])
