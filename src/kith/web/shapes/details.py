"""All that is known of one photo, as the API answers it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from kith.domain.label import SeenLabels
from kith.domain.photo import Location
from kith.pipeline.albums.shelf import AlbumKind
from kith.pipeline.serving.details import Detail
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.signing import PhotoPicture
from kith.pipeline.serving.texts import shown
from kith.web.shapes.people import FaceItem, face_items
from kith.web.shapes.photos import OriginalUrls, PhotoItem, photo_item


class LocationItem(BaseModel):
    """Where a photo was taken."""

    latitude: float = Field(description="Degrees north.")
    longitude: float = Field(description="Degrees east.")
    altitude: float | None = Field(description="Meters above the sea.")


class PlaceItem(BaseModel):
    """A file that holds the photo."""

    path: str


class AlbumName(BaseModel):
    """An album that the photo is in."""

    id: str
    name: str
    kind: AlbumKind


class LabelItem(BaseModel):
    """Something that the photo shows."""

    name: str
    confidence: float = Field(description="Percent.")


class PhotoDetail(PhotoItem):
    """All that is known of a photo."""

    format: str
    byte_size: int
    camera: str | None
    location: LocationItem | None
    places: list[PlaceItem] = Field(description="Empty for who may not see paths.")
    faces: list[FaceItem] = Field(description="The largest first.")
    albums: list[AlbumName]
    labels: list[LabelItem] | None = Field(
        description="What it shows, surest first; null where nobody looked. /findings has more."
    )
    text: list[str] | None = Field(
        description="The lines that are written in it; null where nobody looked."
    )
    urls: OriginalUrls  # pyright: ignore[reportIncompatibleVariableOverride] - more of the same


class ExifAnswer(BaseModel):
    """What a photo's EXIF says."""

    tags: dict[str, dict[str, Any]] = Field(description="By group - Image, Exif, GPS - and tag.")


def photo_detail(services: Services, detail: Detail, *, paths: bool) -> PhotoDetail:
    """All that is known of a photo; where its files lie only if the caller may see that."""
    item, photo, urls = photo_item(services.urls, detail.tile), detail.photo, services.urls
    pictures = OriginalUrls(
        **item.urls.model_dump(),
        original=urls.photo_url(photo.id, PhotoPicture.ORIGINAL),
        download=urls.photo_url(photo.id, PhotoPicture.DOWNLOAD),
    )
    return PhotoDetail(
        **item.model_dump(exclude={"urls"}),
        urls=pictures,
        format=photo.format,
        byte_size=photo.byte_size,
        camera=photo.camera and shown(photo.camera),
        location=photo.location and _location(photo.location),
        places=[PlaceItem(path=shown(one.path)) for one in detail.places] if paths else [],
        faces=face_items(services, detail.faces),
        albums=[AlbumName(id=one.id, name=shown(one.name), kind=one.kind) for one in detail.albums],
        labels=_label_items(detail.found.labels),
        text=[shown(line.text) for line in detail.found.text.lines] if detail.found.text else None,
    )


def _label_items(seen: SeenLabels | None) -> list[LabelItem] | None:
    if seen is None:
        return None
    return [
        LabelItem(name=shown(one.name), confidence=round(one.confidence, 2)) for one in seen.labels
    ]


def _location(location: Location) -> LocationItem:
    return LocationItem(
        latitude=location.latitude, longitude=location.longitude, altitude=location.altitude
    )
