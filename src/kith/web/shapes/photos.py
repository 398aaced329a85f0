"""Photos as the API answers them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from pydantic import BaseModel, Field

from kith.domain.photo import PhotoId
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner
from kith.pipeline.serving.suggest import SuggestionKind
from kith.ports.queries import Tile


class PictureUrls(BaseModel):
    """Where a photo's pictures are, for some hours: upright, to look at."""

    tiny: str = Field(description="Its longer side has 256 pixels.")
    small: str = Field(description="Its longer side has 512 pixels.")
    large: str = Field(description="Its longer side has 2048 pixels.")


class PhotoItem(BaseModel):
    """A photo as a grid shows it."""

    id: str = Field(description="SHA-256 of the original bytes.")
    width: int = Field(description="Pixels of the upright picture.")
    height: int
    taken_at: str | None = Field(
        description="In ISO 8601 by the camera's clock: `2024-06-30T12:00:00`, with its offset "
        "from UTC where that is known."
    )
    placeholder: str | None = Field(
        description="A tiny WebP in base64, to show until the picture is there."
    )
    face_count: int
    urls: PictureUrls


class OriginalUrls(PictureUrls):
    """Where a photo's pictures and its original are."""

    original: str = Field(description="The original's bytes, to look at.")
    download: str = Field(description="The original's bytes, to keep.")


class PhotoPage(BaseModel):
    """Some photos, and where to go on."""

    photos: list[PhotoItem]
    next_cursor: str | None


class MonthItem(BaseModel):
    """How many photos were taken in a month."""

    month: str | None = Field(description="As `2024-06`; null for photos of unknown date.")
    photos: int


class Timeline(BaseModel):
    """The months of some photos, newest first; unknown dates last."""

    total: int
    edition: int = Field(description="Grows with every change of the library.")
    months: list[MonthItem]


class SuggestionItem(BaseModel):
    """What a query that is being typed could become."""

    text: str = Field(description="The query up to the caret, if this is chosen.")
    kind: SuggestionKind
    label: str


class Suggestions(BaseModel):
    """The likeliest first."""

    suggestions: list[SuggestionItem]


def photo_items(services: Services, photo_ids: Sequence[PhotoId]) -> list[PhotoItem]:
    """These photos in their order, all asked for at once; unknown ones are left out."""
    tiles = services.queries.tiles(photo_ids)
    return [photo_item(services.urls, tiles[one]) for one in photo_ids if one in tiles]


def photo_item(urls: UrlSigner, tile: Tile) -> PhotoItem:
    """One photo."""
    return PhotoItem(
        id=tile.photo_id,
        width=tile.width,
        height=tile.height,
        taken_at=tile.taken_at and tile.taken_at.isoformat(),
        placeholder=b64encode(tile.placeholder).decode() if tile.placeholder else None,
        face_count=tile.face_count,
        urls=PictureUrls(
            tiny=urls.photo_url(tile.photo_id, PhotoPicture.TINY),
            small=urls.photo_url(tile.photo_id, PhotoPicture.SMALL),
            large=urls.photo_url(tile.photo_id, PhotoPicture.LARGE),
        ),
    )
