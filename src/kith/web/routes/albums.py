"""Albums: folders, kept queries, and photos picked by hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from kith.domain.album import album_key
from kith.domain.photo import PhotoId
from kith.pipeline.albums.albums import choose_feature, pick, remove_album, save_query
from kith.pipeline.albums.change import change_query, rename_album, require_new, require_picked
from kith.pipeline.albums.shelf import AlbumKind, album_of_id, shown_album, shown_albums
from kith.pipeline.serving.services import Services
from kith.web.access.roles import Caller, Editor, Reader, sees_paths
from kith.web.services import Served
from kith.web.shapes.albums import (
    AlbumChange,
    AlbumItem,
    AlbumList,
    NewAlbum,
    PickedPhotos,
    album_items,
)

router = APIRouter(prefix="/albums", tags=["albums"])

AlbumPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The album's id.")]


@router.get("")
def albums(services: Served, caller: Reader, kind: AlbumKind | None = None) -> AlbumList:
    """Every album, each with its feature photo."""
    found = shown_albums(services.records, kind)
    return AlbumList(albums=album_items(services, found, paths=sees_paths(caller)))


@router.post("", status_code=HTTPStatus.CREATED)
def make_album(services: Served, caller: Editor, body: NewAlbum) -> AlbumItem:
    """Make an album of a query, or of photos that were picked by hand."""
    require_new(services.records, body.name)
    if body.query is not None:
        made = save_query(services.records, body.name, body.query)
    else:
        made = pick(services.records, body.name, [PhotoId(one) for one in body.photo_ids or ()])
    return _answer(services, caller, album_key(made))


@router.get("/{album_id}")
def album(services: Served, caller: Reader, album_id: AlbumPath) -> AlbumItem:
    """One album."""
    return _answer(services, caller, album_id)


@router.patch("/{album_id}")
def change_album(
    services: Served, caller: Editor, album_id: AlbumPath, body: AlbumChange
) -> AlbumItem:
    """Call an album something else, give it another query, or choose its feature photo."""
    found = album_of_id(services.records, album_id)
    if body.query is not None:
        found = change_query(services.records, found, body.query)
    if "feature_photo_id" in body.model_fields_set:
        chosen = body.feature_photo_id
        choose_feature(services.records, found, None if chosen is None else PhotoId(chosen))
        found = album_of_id(services.records, album_id)
    if body.name is not None:
        found = rename_album(services.records, found, body.name)
    return _answer(services, caller, album_key(found))


@router.delete("/{album_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_album(services: Served, _caller: Editor, album_id: AlbumPath) -> None:
    """Forget an album that somebody made; its photos stay."""
    remove_album(services.records, album_of_id(services.records, album_id))


@router.post("/{album_id}/photos")
def add_photos(
    services: Served, caller: Editor, album_id: AlbumPath, body: PickedPhotos
) -> AlbumItem:
    """Put photos into an album that is picked by hand."""
    found = require_picked(album_of_id(services.records, album_id))
    services.albums.pick(found.name, [PhotoId(one) for one in body.photo_ids])
    return _answer(services, caller, album_id)


@router.delete("/{album_id}/photos")
def remove_photos(
    services: Served, caller: Editor, album_id: AlbumPath, body: PickedPhotos
) -> AlbumItem:
    """Take photos out of an album that is picked by hand."""
    found = require_picked(album_of_id(services.records, album_id))
    services.albums.unpick(found.name, [PhotoId(one) for one in body.photo_ids])
    return _answer(services, caller, album_id)


def _answer(services: Services, caller: Caller, album_id: str) -> AlbumItem:
    found = shown_album(services.records, album_id)
    return album_items(services, [found], paths=sees_paths(caller))[0]
