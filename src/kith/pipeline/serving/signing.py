"""Signed addresses of pictures: whoever has one may look, until it expires, without a login.

So a page shows pictures by plain ``<img>`` elements, from whatever host, and a server needs no
database to hand one out. The address names what it is for, when it ends (``until``, seconds since
1970), and carries an HMAC (RFC 2104) of both.
"""

from __future__ import annotations

import base64
import hmac
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from kith.domain.errors import ForbiddenError, GoneError
from kith.domain.face import FaceId
from kith.domain.photo import PhotoId

STEP_SECONDS: Final = 6 * 3600
"""An address stays the same for so long, so that browsers keep the picture, and is good for between
one and two of these."""

GUEST_STEP_SECONDS: Final = 3600
"""The same for the guests of a link, who may see less tomorrow."""

_SIGNATURE_BYTES: Final = 16
"""128 of SHA-256's 256 bits: nobody guesses these, and a page has hundreds of addresses."""


class PhotoPicture(StrEnum):
    """The pictures of a photo: three sizes to look at, the original to look at, and to keep."""

    TINY = "tiny"
    SMALL = "small"
    LARGE = "large"
    ORIGINAL = "original"
    DOWNLOAD = "download"


class UrlSigner:
    """Makes addresses of pictures, and tells whether one is good. May be used by several threads.

    Args:
        key: what only the server knows, 32 bytes.
        base: what all addresses begin with: the path of the API, or its public URL.
        step_seconds: see ``STEP_SECONDS``.
        clock: seconds since 1970.
        link: id of the link whose guests the addresses are for; they name it.
    """

    def __init__(
        self,
        key: bytes,
        base: str = "/api/v1",
        *,
        step_seconds: int = STEP_SECONDS,
        clock: Callable[[], float] = time.time,
        link: str = "",
    ) -> None:
        self._key = key
        self._link = link
        self._base = base.rstrip("/")
        self._step = step_seconds
        self._clock = clock

    def for_link(self, link_id: str) -> UrlSigner:
        """Makes addresses for the guests of a link, which no other signer finds good.

        They say which link it is (``link``). Whoever checks one sees to it that the link still
        works: see ``kith.pipeline.sharing.pictures``.
        """
        step = min(self._step, GUEST_STEP_SECONDS)
        return UrlSigner(
            self.key_for(link_id), self._base, step_seconds=step, clock=self._clock, link=link_id
        )

    def key_for(self, link_id: str) -> bytes:
        """What addresses for the guests of a link are signed with."""
        return hmac.digest(self._key, f"link {link_id}".encode(), "sha256")

    def photo_url(self, photo_id: PhotoId, kind: PhotoPicture) -> str:
        """The address of a photo's picture."""
        return self._url(f"pictures/{photo_id}/{kind}", photo_id)

    def crop_url(self, face_id: FaceId, *, large: bool = False) -> str:
        """The address of a face's crop."""
        return self._url(_crop_path(face_id, large=large), face_id)

    def check_photo(self, photo_id: str, kind: PhotoPicture, until: int, sign: str) -> None:
        """See that the address of a photo's picture is good.

        Raises:
            ForbiddenError: it was not made here.
            GoneError: it was, and is not good any more.
        """
        self._check(f"pictures/{photo_id}/{kind}", until, sign)

    def check_crop(self, face_id: str, until: int, sign: str, *, large: bool = False) -> None:
        """See that the address of a crop is good; raises as ``check_photo``."""
        self._check(_crop_path(face_id, large=large), until, sign)

    def _url(self, what: str, spread: str) -> str:
        until = self._until(spread)
        whose = f"&link={self._link}" if self._link else ""
        return f"{self._base}/{what}?until={until}&sign={self._sign(what, until)}{whose}"

    def _until(self, spread: str) -> int:
        """The end of the next step; each picture has its own, or all would be fetched at once."""
        shift = int(spread[:8], 16) % self._step
        return ((int(self._clock()) + shift) // self._step + 2) * self._step - shift

    def _sign(self, what: str, until: int) -> str:
        signed = hmac.digest(self._key, f"{what}\n{until}".encode(), "sha256")
        return base64.urlsafe_b64encode(signed[:_SIGNATURE_BYTES]).rstrip(b"=").decode()

    def _check(self, what: str, until: int, sign: str) -> None:
        # As bytes, for texts that are not ASCII cannot be compared.
        if not hmac.compare_digest(self._sign(what, until).encode(), sign.encode()):
            raise ForbiddenError(
                "This address of a picture was not made by this library",
                "Ask the API for the photo again.",
            )
        if until <= self._clock():
            raise GoneError(
                "This address of a picture has expired", "Ask the API for the photo again."
            )


def _crop_path(face_id: str, *, large: bool) -> str:
    return f"crops/{face_id}/large" if large else f"crops/{face_id}"
