"""All that is known of one photo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kith.domain.errors import NotFoundError
from kith.domain.face import Face
from kith.domain.findings import PhotoFindings
from kith.domain.photo import Photo, PhotoId, Place
from kith.imaging.tags import TagValue, exif_tags
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.shelf import AlbumLabel, albums_with
from kith.pipeline.crops import open_original
from kith.pipeline.findings.documents import findings_documents
from kith.pipeline.originals import Originals
from kith.ports.catalog import Catalog
from kith.ports.queries import Tile


@dataclass(frozen=True, slots=True)
class Detail:
    """All that is known of one photo.

    Attributes:
        photo: itself.
        tile: as a grid shows it.
        places: where it lies, by path; empty where no file has it any more.
        faces: found in it, the largest first.
        albums: that it is in.
        found: what else was found in it.
    """

    photo: Photo
    tile: Tile
    places: tuple[Place, ...]
    faces: tuple[Face, ...]
    albums: tuple[AlbumLabel, ...]
    found: PhotoFindings


def detail_of(records: Records, photo_id: PhotoId) -> Detail:
    """All that is known of a photo.

    Raises:
        NotFoundError: there is no such photo.
    """
    photo = next(iter(records.catalog.photos([photo_id])), None)
    tile = records.queries.tiles([photo_id]).get(photo_id)
    if photo is None or tile is None:
        raise _unknown(photo_id)
    return Detail(
        photo,
        tile,
        records.catalog.places_of([photo_id]).get(photo_id, ()),
        tuple(records.catalog.faces([photo_id])),
        tuple(albums_with(records, photo_id)),
        records.findings.of([photo_id]).get(photo_id, PhotoFindings(photo_id)),
    )


def tags_of(
    catalog: Catalog, originals: Originals, photo_id: PhotoId
) -> Mapping[str, Mapping[str, TagValue]]:
    """What a photo's EXIF says, by group and tag.

    Raises:
        NotFoundError: there is no such photo, or no file has it any more.
    """
    if not catalog.has_photos([photo_id]):
        raise _unknown(photo_id)
    picture = open_original(catalog, originals, photo_id)
    if picture is None:
        raise NotFoundError(
            f"No file has the photo {photo_id[:12]} any more",
            "Put the file back, or connect its disk.",
        )
    return exif_tags(picture)


def findings_of(
    records: Records, originals: Originals, photo_id: PhotoId, *, face_engine: str | None
) -> dict[str, Any]:
    """All that was found in a photo, as the document that ``kith findings`` has of it.

    Raises:
        NotFoundError: there is no such photo.
    """
    found = findings_documents(records, originals, [photo_id], face_engine=face_engine)
    document = next(found, None)
    if document is None:
        raise _unknown(photo_id)
    return document


def _unknown(photo_id: PhotoId) -> NotFoundError:
    return NotFoundError(f"There is no photo {photo_id[:12]}")
