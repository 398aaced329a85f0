"""Albums as the API answers them, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from kith.domain.album import LONGEST_NAME, FolderAlbum
from kith.domain.query import MOST_CHARACTERS
from kith.pipeline.albums.shelf import AlbumKind, ShownAlbum, query_for
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.texts import shown
from kith.web.shapes.photos import PhotoItem, photo_items

PhotoIdText = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
AlbumName = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
QueryBody = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]


class AlbumItem(BaseModel):
    """Photos to look at together."""

    id: str
    kind: AlbumKind
    name: str
    path: str | None = Field(description="Of a folder; null for who may not see paths.")
    query: str = Field(description="Lists its photos.")
    rule: str | None = Field(description="The query of an album that is one.")
    photo_count: int
    feature: PhotoItem | None
    first_taken: str | None = Field(description="By the cameras' clocks, `2024-06-30T12:00:00`.")
    last_taken: str | None
    problem: str | None = Field(description="Why its query cannot be answered any more.")


class AlbumList(BaseModel):
    """Albums: those that somebody made by name, then folders by path."""

    albums: list[AlbumItem]


class NewAlbum(BaseModel):
    """An album to be made: of a query, or of photos picked by hand."""

    model_config = ConfigDict(extra="forbid")

    name: AlbumName
    query: QueryBody | None = None
    photo_ids: Annotated[list[PhotoIdText], Field(max_length=10_000)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> NewAlbum:
        if (self.query is None) == (self.photo_ids is None):
            raise ValueError("either a query or photo_ids must be given")
        return self


class AlbumChange(BaseModel):
    """What is to change of an album; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    name: AlbumName | None = None
    query: QueryBody | None = None
    feature_photo_id: PhotoIdText | None = Field(
        default=None, description="Null leaves the choice to Kith."
    )


class PickedPhotos(BaseModel):
    """Photos for an album that is picked by hand."""

    model_config = ConfigDict(extra="forbid")

    photo_ids: Annotated[list[PhotoIdText], Field(min_length=1, max_length=10_000)]


def album_items(
    services: Services, albums: Sequence[ShownAlbum], *, paths: bool
) -> list[AlbumItem]:
    """These albums, with their feature photos asked for all at once.

    Args:
        services: the library's.
        albums: which.
        paths: whether the caller may see where folders lie.
    """
    features = [one.feature for one in albums if one.feature is not None]
    items = {item.id: item for item in photo_items(services, list(dict.fromkeys(features)))}
    return [_item(one, items.get(one.feature or ""), paths=paths) for one in albums]


def _item(one: ShownAlbum, feature: PhotoItem | None, *, paths: bool) -> AlbumItem:
    folder = one.album.path if isinstance(one.album, FolderAlbum) and paths else None
    return AlbumItem(
        id=one.id,
        kind=one.kind,
        name=shown(one.name),
        path=folder and shown(folder),
        query=shown(query_for(one, path=paths)),
        rule=one.rule and shown(one.rule),
        photo_count=one.span.photo_count,
        feature=feature,
        first_taken=one.span.begins and one.span.begins.isoformat(),
        last_taken=one.span.ends and one.span.ends.isoformat(),
        problem=shown(one.problem) or None,
    )
