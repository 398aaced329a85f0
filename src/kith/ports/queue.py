"""How photos that lie somewhere are announced to those who take them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kith.domain.photo import Place


class PhotoQueue(Protocol):
    """Announcements of objects that may be photos; see ``kith.pipeline.ingest``."""

    def announce(self, places: Sequence[Place], /) -> None:
        """Announce all of these; where it fails, some may have been announced.

        Raises:
            StoreError: the queue cannot be reached, or refuses.
        """
        ...
