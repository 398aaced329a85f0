"""Albums in memory: for tests, and for runs that leave nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Collection, Sequence

from kith.domain.album import Album, PickedAlbum, album_key, name_key
from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId


class MemoryAlbums:
    """The shelf of one library, gone when the program ends."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._albums: dict[str, Album] = {}
        self._picked: dict[str, set[PhotoId]] = {}

    def saved(self) -> Sequence[Album]:
        """Every album that was saved, in the order in which they first were."""
        with self._lock:
            return list(self._albums.values())

    def save(self, album: Album, /) -> None:
        """Keep the album in the place of the one with its key, or as a new one."""
        with self._lock:
            key = album_key(album)
            self._albums[key] = album
            if not isinstance(album, PickedAlbum):
                self._picked.pop(key, None)

    def remove(self, album: Album, /) -> None:
        """Forget the album with this one's key, and what was picked into it."""
        with self._lock:
            self._albums.pop(album_key(album), None)
            self._picked.pop(album_key(album), None)

    def pick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Put photos into an album that is picked by hand."""
        with self._lock:
            self._picked.setdefault(self._require_picked(name), set()).update(photo_ids)

    def unpick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Take photos out of an album that is picked by hand."""
        with self._lock:
            self._picked.setdefault(self._require_picked(name), set()).difference_update(photo_ids)

    def picked(self, name: str, /) -> frozenset[PhotoId]:
        """What was picked into the album of that name."""
        with self._lock:
            return frozenset(self._picked.get(name_key(name), ()))

    def _require_picked(self, name: str) -> str:
        key = name_key(name)
        if not isinstance(self._albums.get(key), PickedAlbum):
            raise NotFoundError(f"there is no album {name!r} that is picked by hand")
        return key
