"""The albums that someone made, and what was said of those that folders make."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from kith.domain.album import Album
from kith.domain.photo import PhotoId


class Albums(Protocol):
    """The shelf of one library.

    Albums are told apart by ``kith.domain.album.album_key``. Every method that writes does so as a
    whole or not at all, is durable when it returns, and may be repeated with the same arguments:
    the second time changes nothing. May be called from several threads. Methods that write raise
    ``LibraryFullError``, ``LibraryReadOnlyError`` or ``LibraryBusyError`` and then have changed
    nothing.
    """

    def saved(self) -> Sequence[Album]:
        """Every album that was saved, in the order in which they first were."""
        ...

    def save(self, album: Album, /) -> None:
        """Keep the album in the place of the one with its key, or as a new one.

        Photos picked into it stay where both are picked by hand, and are let go otherwise.
        """
        ...

    def remove(self, album: Album, /) -> None:
        """Forget the album with this one's key, and what was picked into it; no photo goes.

        One that was never saved is no error.
        """
        ...

    def pick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Put photos into an album that is picked by hand, whether or not they are known.

        Raises:
            NotFoundError: there is no such album; then nothing was changed.
        """
        ...

    def unpick(self, name: str, photo_ids: Collection[PhotoId], /) -> None:
        """Take photos out of an album that is picked by hand.

        Raises:
            NotFoundError: there is no such album.
        """
        ...

    def picked(self, name: str, /) -> frozenset[PhotoId]:
        """What was picked into the album of that name; nothing where there is none.

        A photo that the library no longer has stays picked, for it may come back.
        """
        ...
