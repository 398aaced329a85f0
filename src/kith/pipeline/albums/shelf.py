"""Albums as a page shows them: with a feature photo, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

from kith.domain.album import (
    Album,
    FolderAlbum,
    NamedAlbum,
    PickedAlbum,
    QueryAlbum,
    album_key,
    name_key,
)
from kith.domain.errors import NotFoundError
from kith.domain.names import folded
from kith.domain.photo import PhotoId
from kith.domain.query import InAlbum, QueryError, Word
from kith.domain.selection import Selection
from kith.pipeline.albums.albums import holds, query_of, selection_of
from kith.pipeline.albums.folder_names import folder_names
from kith.pipeline.albums.records import Records
from kith.ports.queries import Span

_NOTHING = Span(0, None, None, None)


class AlbumKind(StrEnum):
    """What decides which photos an album has: a folder, a query, or somebody's hand."""

    FOLDER = "folder"
    QUERY = "query"
    PICKED = "picked"


def kind_of(album: Album) -> AlbumKind:
    """What decides which photos the album has."""
    match album:
        case FolderAlbum():
            return AlbumKind.FOLDER
        case QueryAlbum():
            return AlbumKind.QUERY
        case PickedAlbum():
            return AlbumKind.PICKED


@dataclass(frozen=True, slots=True)
class AlbumLabel:
    """What an album is known by, is called, and is."""

    id: str
    name: str
    kind: AlbumKind


@dataclass(frozen=True, slots=True)
class ShownAlbum:
    """An album as a page shows it.

    Attributes:
        album: itself.
        name: its own name, or the last parts of the folder's path.
        rule: the query of a query album, as a human would write it; ``None`` for others.
        span: what its photos amount to.
        feature: the photo to show for it; ``None`` where it has none.
        problem: why the query of the album cannot be answered any more; empty if it can.
    """

    album: Album
    name: str
    rule: str | None
    span: Span
    feature: PhotoId | None
    problem: str = ""

    @property
    def id(self) -> str:
        """What the album is known by."""
        return album_key(self.album)

    @property
    def kind(self) -> AlbumKind:
        """What decides which photos it has."""
        return kind_of(self.album)


def shown_albums(records: Records, kind: AlbumKind | None = None) -> list[ShownAlbum]:
    """Every album, or those of a kind: those that someone made, by name; then folders, by path."""
    named = [
        _named(records, album)
        for album in records.albums.saved()
        if not isinstance(album, FolderAlbum) and kind in {None, kind_of(album)}
    ]
    named.sort(key=lambda one: (folded(one.name), one.name))
    return named + (_folders(records) if kind in {None, AlbumKind.FOLDER} else [])


def shown_album(records: Records, album_id: str) -> ShownAlbum:
    """The album of that id.

    Raises:
        NotFoundError: there is none.
    """
    album = album_of_id(records, album_id)
    if not isinstance(album, FolderAlbum):
        return _named(records, album)
    saved = records.albums.saved()
    names = _folder_names(records, [one.name for one in saved if not isinstance(one, FolderAlbum)])
    span = records.queries.span(selection_of(records, album))
    return _folder(records, album, names.get(album.path, album.path), span)


def album_of_id(records: Records, album_id: str) -> Album:
    """The album that is known by this id.

    Raises:
        NotFoundError: there is none.
    """
    saved = {album_key(album): album for album in records.albums.saved()}
    folders = [FolderAlbum(folder.path) for folder in records.queries.folders()]
    found = {album_key(album): album for album in folders}.get(album_id)
    album = saved.get(album_id, found)
    if album is not None and (found is not None or not isinstance(album, FolderAlbum)):
        return album
    raise NotFoundError(f"There is no album {album_id[:12]!r}")


def albums_with(records: Records, photo_id: PhotoId) -> list[AlbumLabel]:
    """The albums that a photo is in: those that someone made, then folders."""
    saved = [one for one in records.albums.saved() if not isinstance(one, FolderAlbum)]
    made = [
        AlbumLabel(album_key(album), album.name, kind_of(album))
        for album in saved
        if _has(records, album, photo_id)
    ]
    made.sort(key=lambda one: (folded(one.name), one.name))
    places = records.catalog.places_of([photo_id]).get(photo_id, ())
    paths = sorted({str(PurePath(place.path).parent) for place in places})
    names = _folder_names(records, [album.name for album in saved])
    return made + [
        AlbumLabel(album_key(FolderAlbum(path)), names.get(path, path), AlbumKind.FOLDER)
        for path in paths
    ]


def album_names(records: Records) -> list[str]:
    """What all albums are called."""
    made = [one.name for one in records.albums.saved() if not isinstance(one, FolderAlbum)]
    return made + list(_folder_names(records, made).values())


def query_for(shown: ShownAlbum, *, path: bool) -> str:
    """The query that lists an album's photos.

    Args:
        shown: the album.
        path: name a folder by its path, which is quicker to find than its name, and lasts.
    """
    album = shown.album
    which = album.path if path and isinstance(album, FolderAlbum) else shown.name
    return str(InAlbum(Word(which)))


# -- one album -------------------------------------------------------------------------------------


def _named(records: Records, album: NamedAlbum) -> ShownAlbum:
    try:
        rule = query_of(records, album) if isinstance(album, QueryAlbum) else None
        selection = selection_of(records, album)
    except QueryError as error:
        return ShownAlbum(album, album.name, None, _NOTHING, None, str(error))
    span = records.queries.span(selection)
    return ShownAlbum(album, album.name, rule, span, _feature(records, album, selection, span))


def _folders(records: Records) -> list[ShownAlbum]:
    saved = records.albums.saved()
    chosen = {one.path: one for one in saved if isinstance(one, FolderAlbum)}
    spans = records.queries.folder_spans()
    taken = {name_key(one.name) for one in saved if not isinstance(one, FolderAlbum)}
    names = folder_names(spans, taken)
    return [
        _folder(records, chosen.get(path, FolderAlbum(path)), names[path], span)
        for path, span in spans.items()
    ]


def _folder(records: Records, album: FolderAlbum, name: str, span: Span) -> ShownAlbum:
    selection = selection_of(records, album)
    return ShownAlbum(album, name, None, span, _feature(records, album, selection, span))


def _feature(records: Records, album: Album, selection: Selection, span: Span) -> PhotoId | None:
    """The photo that was chosen while it is in the album, else its first."""
    if album.feature is not None and holds(records, selection, album.feature):
        return album.feature
    return span.first


def _has(records: Records, album: NamedAlbum, photo_id: PhotoId) -> bool:
    try:
        return holds(records, selection_of(records, album), photo_id)
    except QueryError:  # it names an album that is not there any more
        return False


def _folder_names(records: Records, taken: Iterable[str]) -> Mapping[str, str]:
    paths = [folder.path for folder in records.queries.folders()]
    return folder_names(paths, set(map(name_key, taken)))
