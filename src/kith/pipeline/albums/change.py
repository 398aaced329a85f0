"""Changing albums that somebody made: another name, or another query."""

from __future__ import annotations

from dataclasses import replace

from kith.domain.album import (
    Album,
    FolderAlbum,
    NamedAlbum,
    PickedAlbum,
    QueryAlbum,
    album_key,
    name_key,
    require_album_name,
)
from kith.domain.errors import UsageError
from kith.domain.photo import PhotoId
from kith.domain.query import Word, reworded
from kith.domain.query_parse import parse_query
from kith.pipeline.albums.albums import save_query
from kith.pipeline.albums.records import Records


def require_new(records: Records, name: str) -> str:
    """The name for an album that is to be made.

    Raises:
        UsageError: it cannot be an album's name, or is another album's.
    """
    name = require_album_name(name)
    taken = [one for one in records.albums.saved() if not isinstance(one, FolderAlbum)]
    if name_key(name) in {name_key(one.name) for one in taken}:
        raise UsageError(f"There is an album {name!r} already", "Choose another name.")
    return name


def require_made(album: Album) -> NamedAlbum:
    """The album, if somebody made it.

    Raises:
        UsageError: it is a folder.
    """
    if isinstance(album, FolderAlbum):
        raise UsageError(
            f"{album.path} is a folder, and an album as long as it holds photos",
            "Only albums that were made can be changed.",
        )
    return album


def require_picked(album: Album) -> PickedAlbum:
    """The album, if its photos are picked by hand.

    Raises:
        UsageError: a folder or a query says which photos it has.
    """
    if not isinstance(album, PickedAlbum):
        raise UsageError(
            "The photos of this album are not picked by hand",
            "A folder has those that lie in it, a query those that it means.",
        )
    return album


def rename_album(records: Records, album: Album, name: str) -> NamedAlbum:
    """Call an album something else; albums whose queries name it go on doing so.

    Interrupted, it leaves an album of each name with the same photos, and nothing is lost.

    Raises:
        UsageError: it is a folder, or the name cannot be an album's, or is another's.
    """
    album = require_made(album)
    renamed = replace(album, name=require_album_name(name))
    taken = {album_key(one) for one in records.albums.saved()} - {album_key(album)}
    if album_key(renamed) in taken:
        raise UsageError(f"There is an album {renamed.name!r} already", "Choose another name.")
    picked: frozenset[PhotoId] = frozenset()
    if isinstance(album, PickedAlbum):
        picked = records.albums.picked(album.name)
    records.albums.save(renamed)
    if album_key(renamed) == album_key(album):
        return renamed
    if picked:
        records.albums.pick(renamed.name, picked)
    for other in records.albums.saved():
        if isinstance(other, QueryAlbum):
            _reword(records, other, album.name, renamed.name)
    records.albums.remove(album)
    return renamed


def change_query(records: Records, album: Album, query: str) -> QueryAlbum:
    """Have an album mean other photos.

    Raises:
        UsageError: it is none that a query makes.
        QueryError: the query cannot be understood, or the album would be a part of itself.
    """
    if not isinstance(album, QueryAlbum):
        raise UsageError(
            "This album has no query", "Only an album that is a query can get another."
        )
    return save_query(records, album.name, query, replacing=True)


def _reword(records: Records, other: QueryAlbum, old: str, new: str) -> None:
    def called(word: Word) -> str:
        return new if name_key(word.text) == name_key(old) else word.text

    query = parse_query(other.query)
    said = str(reworded(query, person=_as_it_is, album=called, path=_as_it_is))
    if said != other.query:
        records.albums.save(replace(other, query=said))


def _as_it_is(word: Word) -> str:
    return word.text
