"""The bytes of photos, wherever they lie: files of this machine, objects of a store elsewhere.

A place's path is absolute, or an address with a scheme. Which of the two it is, is asked here and
nowhere else.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kith.domain.errors import KithError, NotFoundError, SettingError
from kith.domain.photo import Place
from kith.imaging.picture import Picture, PictureLimits, check_byte_size
from kith.pipeline.walk import is_gone
from kith.ports.sources import PhotoSource

_SCHEME: Final = re.compile("[a-z][a-z0-9+.-]+://")
"""How an address begins (RFC 3986, 3.1). No absolute path does, nor a drive, which has a letter."""

_READ_ATTEMPTS: Final = 3
"""How often a file that changes while it is read is read again."""


@dataclass(frozen=True, slots=True)
class Originals:
    """How originals are read; they are never written to.

    Attributes:
        limits: pictures beyond these are refused.
        source: where addresses lead; ``None`` where nothing but files can be read.
    """

    limits: PictureLimits = field(default_factory=PictureLimits)
    source: PhotoSource | None = None

    def open(self, path: str) -> Picture:
        """The picture that lies there, named by where it lies.

        Raises:
            NotFoundError: nothing lies there.
            PictureTooLargeError: it is larger than the limits allow; then it was not read whole.
            KithError: it cannot be read.
        """
        if not is_address(path):
            return Picture.open(Path(path), self.limits)
        return self._fetch(path)[1]

    def receive(self, place: Place) -> tuple[Place, Picture]:
        """The picture, and its place as it was both before and after reading it.

        Raises:
            PictureError: it is no picture.
            KithError: it has vanished, keeps changing, or cannot be read.
        """
        if is_address(place.path):
            check_byte_size(place.byte_size, place.path, self.limits)
            return self._fetch(place.path)
        for _ in range(_READ_ATTEMPTS):
            picture = Picture.open(Path(place.path), self.limits)
            after = look_at(Path(place.path))
            if after == place:
                return place, picture
            place = after
        raise KithError(f"{place.path} changes while it is read", "Add it again when it is whole.")

    def is_gone(self, path: str) -> bool:
        """Whether nothing is there; where that cannot be told, it is not."""
        if not is_address(path):
            return is_gone(path)
        try:
            self._source_of(path).look(path)
        except NotFoundError:
            return True
        except KithError:
            return False
        return False

    def is_unchanged(self, place: Place) -> bool:
        """Whether an object of a store is as it was when it was found at this place.

        Raises:
            StoreError: it cannot be looked at now.
        """
        try:
            return self._source_of(place.path).look(place.path) == place
        except NotFoundError:
            return False

    def _fetch(self, address: str) -> tuple[Place, Picture]:
        # One more than allowed, so that the picture says that it is too large.
        place, data = self._source_of(address).read(address, self.limits.byte_size + 1)
        return place, Picture(data, address, self.limits)

    def _source_of(self, address: str) -> PhotoSource:
        if self.source is None:
            raise SettingError(f"{address} cannot be read here: no store is known for it")
        return self.source


def is_address(path: str) -> bool:
    """Whether this leads to a store elsewhere; else it is a path of this machine."""
    return _SCHEME.match(path) is not None


def look_at(path: Path) -> Place:
    """A file as it is now.

    Raises:
        NotFoundError: it cannot be looked at any more.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 - asked for every file that is read
    except OSError as error:
        raise NotFoundError(
            f"{path} vanished while it was read ({error.strerror})", "Add it when it is back."
        ) from error
    return Place(str(path), status.st_size, status.st_mtime_ns)
