"""Albums: every folder that holds photos is one; others are queries, or picked by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from kith.domain.album import (
    Album,
    FolderAlbum,
    NamedAlbum,
    PickedAlbum,
    QueryAlbum,
    name_key,
    require_album_name,
)
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.names import folded
from kith.domain.photo import PhotoId
from kith.domain.query import InAlbum, Query, QueryError
from kith.domain.query_parse import parse_query
from kith.domain.selection import Condition, InFolder, OneOf, Picked, Selection
from kith.pipeline.albums.folder_names import folder_names, folders_called
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import pinned, readable, resolve_saved


@dataclass(frozen=True, slots=True)
class AlbumSummary:
    """An album as a list shows it.

    Attributes:
        album: which.
        name: its own name, or the last parts of the folder's path.
        photo_count: how many photos are in it now.
        problem: why the query of the album cannot be answered any more; empty if it can.
    """

    album: Album
    name: str
    photo_count: int
    problem: str = ""


def list_albums(records: Records) -> list[AlbumSummary]:
    """Every album: those that someone made, by name; then the folders, by path."""
    saved = records.albums.saved()
    named = [album for album in saved if not isinstance(album, FolderAlbum)]
    chosen = {album.path: album for album in saved if isinstance(album, FolderAlbum)}
    folders = records.queries.folders()
    names = folder_names([one.path for one in folders], {name_key(album.name) for album in named})
    made = [_summary(records, album) for album in named]
    return [
        *sorted(made, key=lambda one: (folded(one.name), one.name)),
        *(
            AlbumSummary(
                chosen.get(one.path, FolderAlbum(one.path)), names[one.path], one.photo_count
            )
            for one in folders
        ),
    ]


def _summary(records: Records, album: NamedAlbum) -> AlbumSummary:
    try:
        count = records.queries.count(selection_of(records, album))
    except QueryError as error:
        return AlbumSummary(album, album.name, 0, problem=str(error))
    return AlbumSummary(album, album.name, count)


def find_album(records: Records, which: str) -> Album:
    """The album of that name; else the folder whose path ends so.

    Raises:
        NotFoundError: there is none.
        UsageError: it could be several folders.
    """
    saved = records.albums.saved()
    named = {name_key(one.name): one for one in saved if not isinstance(one, FolderAlbum)}
    if name_key(which) in named:
        return named[name_key(which)]
    paths = [folder.path for folder in records.queries.folders()]
    found = folders_called(which, paths)
    if not found:
        raise NotFoundError(f"There is no album {which!r}", "`kith albums` lists all.")
    if len(found) > 1:
        names = folder_names(paths, named)
        raise UsageError(
            f"{len(found)} folders are called {which!r}",
            f"Say more of the path: {' or '.join(names[path] for path in found[:3])}.",
        )
    known = {one.path: one for one in saved if isinstance(one, FolderAlbum)}
    return known.get(found[0], FolderAlbum(found[0]))


def selection_of(records: Records, album: Album) -> Selection:
    """The photos of an album, as they can be asked for.

    Raises:
        QueryError: its query names an album that is not there any more.
    """
    match album:
        case FolderAlbum(path):
            return Selection((Condition(InFolder(path)),))
        case PickedAlbum(name):
            return Selection((Condition(Picked(name)),))
        case QueryAlbum(name, query):
            return resolve_saved(records, query, name)


def feature_of(records: Records, album: Album) -> PhotoId | None:
    """The photo to show for an album: the one that was chosen while it is in it, else its first."""
    selection = selection_of(records, album)
    if album.feature is not None and holds(records, selection, album.feature):
        return album.feature
    return next(iter(records.queries.matching(selection, limit=1)), None)


def holds(records: Records, selection: Selection, photo_id: PhotoId) -> bool:
    """Whether a photo is among those that are meant."""
    asked = Condition(OneOf(frozenset({photo_id})))
    return records.queries.count(Selection((*selection.conditions, asked))) > 0


def query_of(records: Records, album: QueryAlbum) -> str:
    """The query of an album as a human would write it: people by their present names."""
    return str(readable(records, parse_query(album.query)))


# -- making and changing ---------------------------------------------------------------------------


def save_query(records: Records, name: str, text: str, *, replacing: bool = False) -> QueryAlbum:
    """Make an album of a query. It keeps meaning the same people, whatever they are called later.

    Args:
        records: the library's.
        name: what to call it.
        text: the query.
        replacing: an album of that name may be there, and gets this query.

    Raises:
        QueryError: the query cannot be understood, or the album would be a part of itself.
        UsageError: the name cannot be one, or is another album's.
    """
    name = require_album_name(name)
    there = _named(records, name)
    if there is not None and not (replacing and isinstance(there, QueryAlbum)):
        advice = "Choose another name, or remove that one."
        raise UsageError(f"There is an album {there.name!r} already", advice)
    query = str(pinned(records, parse_query(text), name))
    parse_query(query)  # Ids are longer than names, and a query has a limit.
    album = QueryAlbum(name, query, there.feature if there else None)
    records.albums.save(album)
    return album


def pick(records: Records, name: str, photo_ids: Collection[PhotoId]) -> PickedAlbum:
    """Put photos into an album that is picked by hand; it is made where there is none.

    Raises:
        UsageError: the name cannot be one, or is that of an album that is a query.
    """
    name = require_album_name(name)
    album = _named(records, name)
    if isinstance(album, QueryAlbum):
        raise UsageError(f"{album.name!r} is a query", "Its photos are those that the query means.")
    if album is None:
        album = PickedAlbum(name)
        records.albums.save(album)
    records.albums.pick(album.name, photo_ids)
    return album


def choose_feature(records: Records, album: Album, photo_id: PhotoId | None) -> None:
    """Choose the photo to show for an album; ``None`` leaves it to Kith.

    Raises:
        UsageError: the photo is not in the album.
    """
    inside = selection_of(records, album)
    if photo_id is not None and not holds(records, inside, photo_id):
        raise UsageError("That photo is not in the album", "A feature photo is one of its photos.")
    records.albums.save(replace(album, feature=photo_id))


def remove_album(records: Records, album: Album) -> None:
    """Forget an album that someone made; its photos stay.

    Raises:
        UsageError: it is a folder, or the query of another album names it.
    """
    if isinstance(album, FolderAlbum):
        raise UsageError(
            f"{album.path} is a folder, and an album as long as it holds photos",
            "Only albums that were made can be removed.",
        )
    for other in records.albums.saved():
        if isinstance(other, QueryAlbum) and _names(parse_query(other.query), album):
            raise UsageError(
                f"The album {other.name!r} is made of {album.name!r}", "Remove that one first."
            )
    records.albums.remove(album)


def _named(records: Records, name: str) -> NamedAlbum | None:
    saved: Sequence[Album] = records.albums.saved()
    named = (album for album in saved if not isinstance(album, FolderAlbum))
    return next((album for album in named if name_key(album.name) == name_key(name)), None)


def _names(query: Query, album: NamedAlbum) -> bool:
    meanings = [term.meaning for term in query.terms]
    named = [one.album.text for one in meanings if isinstance(one, InAlbum)]
    return name_key(album.name) in map(name_key, named)
