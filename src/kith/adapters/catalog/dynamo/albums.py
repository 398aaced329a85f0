"""The port ``Albums`` in DynamoDB: with editions of its own, so that albums disturb nobody."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kith.adapters.catalog.dynamo.draft import Draft, write
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.schema import ALBUMS, SHELF, Key, album, album_key_of
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.album import Album, FolderAlbum, PickedAlbum, QueryAlbum, album_key, name_key
from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId


class DynamoAlbums:
    """The shelf of one library in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of the shelf's editions.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table, SHELF)

    def saved(self) -> Sequence[Album]:
        """Every album that was saved, in the order in which they first were."""
        self._ledger.head()
        found = [item.read() for _, item in self._table.query(ALBUMS)]
        return [_album_of(doc) for doc in sorted(found, key=lambda doc: doc["number"])]

    def save(self, album_: Album, /) -> None:
        """Keep the album in the place of the one with its key, or as a new one."""
        key = album_key(album_)

        def work(draft: Draft) -> bool:
            known = draft.get(album_key_of(key))
            number = known["number"] if known else draft.next("albums")
            draft.put(album_key_of(key), {**_doc_of(album_), "number": number})
            if known and not isinstance(album_, PickedAlbum):
                _empty(draft, key)
            return True

        write(self._table, self._ledger, work)

    def remove(self, album_: Album, /) -> None:
        """Forget the album with this one's key, and what was picked into it."""
        key = album_key(album_)

        def work(draft: Draft) -> bool:
            draft.drop(album_key_of(key))
            _empty(draft, key)
            return True

        write(self._table, self._ledger, work)

    def pick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Put photos into an album that is picked by hand."""

        def work(draft: Draft) -> bool:
            here = _require_picked(draft, name)
            for photo_id in photo_ids:
                draft.put(Key(here, photo_id), {})
            return bool(photo_ids)

        write(self._table, self._ledger, work)

    def unpick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Take photos out of an album that is picked by hand."""

        def work(draft: Draft) -> bool:
            here = _require_picked(draft, name)
            for photo_id in photo_ids:
                draft.drop(Key(here, photo_id))
            return bool(photo_ids)

        write(self._table, self._ledger, work)

    def picked(self, name: str, /) -> frozenset[PhotoId]:
        """What was picked into the album of that name."""
        self._ledger.head()
        found = self._table.query(album(name_key(name)))
        return frozenset(PhotoId(photo_id) for photo_id, _ in found)


def _empty(draft: Draft, key: str) -> None:
    for photo_id, _ in draft.under(album(key)):
        draft.drop(Key(album(key), photo_id))


def _require_picked(draft: Draft, name: str) -> str:
    """The partition of what was picked into the album of that name."""
    key = name_key(name)
    known = draft.get(album_key_of(key))
    if known is None or known["kind"] != "picked":
        raise NotFoundError(f"there is no album {name!r} that is picked by hand")
    return album(key)


def _doc_of(album_: Album) -> dict[str, Any]:
    doc: dict[str, Any] = {"feature": album_.feature, "query": None}
    match album_:
        case FolderAlbum():
            return doc | {"kind": "folder", "name": album_.path}
        case QueryAlbum():
            return doc | {"kind": "query", "name": album_.name, "query": album_.query}
        case PickedAlbum():
            return doc | {"kind": "picked", "name": album_.name}


def _album_of(doc: Mapping[str, Any]) -> Album:
    name, feature = doc["name"], doc["feature"]
    match doc["kind"]:
        case "folder":
            return FolderAlbum(name, feature)
        case "query":
            return QueryAlbum(name, doc["query"], feature)
        case _:
            return PickedAlbum(name, feature)
