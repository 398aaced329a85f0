"""All that is known of one photo, as the API answers it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

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


class PhotoDetail(PhotoItem):
    """All that is known of a photo."""

    format: str
    byte_size: int
    camera: str | None
    location: LocationItem | None
    places: list[PlaceItem] = Field(description="Empty for who may not see paths.")
    faces: list[FaceItem] = Field(description="The largest first.")
    albums: list[AlbumName]
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
    )


def _location(location: Location) -> LocationItem:
    return LocationItem(
        latitude=location.latitude, longitude=location.longitude, altitude=location.altitude
    )
