"""The picture that crosses the ports: original bytes, decoded lazily and once per size, upright."""

from __future__ import annotations

import math
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose
from PIL.ImageFile import ImageFile

from kith.domain.errors import (
    BrokenPictureError,
    KithError,
    NotFoundError,
    PictureTooLargeError,
    UnsupportedFormatError,
)
from kith.domain.photo import Photo, PhotoId, photo_id_of
from kith.imaging.border import BROKEN_ADVICE, TOO_LARGE_ADVICE, image_border
from kith.imaging.color import scalable, to_srgb
from kith.imaging.cut import Affine, cut_square, to_stored
from kith.imaging.exif import ExifFacts, read_exif
from kith.imaging.formats import UPRIGHT_FORMATS, format_of, open_image, webp_size
from kith.imaging.png import png_lacks_lines
from kith.imaging.scale import fit, shrink

_SCALED_FORMATS: Final = frozenset({"JPEG", "MPO"})
"""Formats that are scaled to 1/2, 1/4 or 1/8 while they are decoded."""

_COSTLY_FORMATS: Final = frozenset({"WEBP", "HEIF", "AVIF"})
"""Formats whose decoders hold the whole picture up to four times at once."""

_ENOUGH: Final = 0.8
"""The part of the detail that a cut could show that must be there. Asking for the rest would have a
photo of 12 megapixels decoded a second time, at full size, for faces that gain next to nothing."""

_SWAPPING: Final = frozenset(
    {Transpose.TRANSPOSE, Transpose.TRANSVERSE, Transpose.ROTATE_90, Transpose.ROTATE_270}
)


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What is refused, so that no file takes more than 1 GB of memory.

    Attributes:
        byte_size: length of the file; no camera writes as much.
        pixels: held at once. 100 million take 400 MB, and as much again while they are turned
            upright. Half as many in WebP, HEIC and AVIF, which still lets the 48-megapixel HEICs of
            phones pass.
        scaled_pixels: of a JPEG's original, which can be decoded scaled: above ``pixels`` it is
            never decoded larger than at 1/2, 1/4 or 1/8. Phones take 200 megapixels. A progressive
            JPEG is buffered whole, so ``pixels`` is its limit.
    """

    byte_size: int = 200_000_000
    pixels: int = 100_000_000
    scaled_pixels: int = 250_000_000


_DEFAULT_LIMITS: Final = PictureLimits()


@dataclass(frozen=True, slots=True)
class _Header:
    """What the file says of itself before any pixel is decoded; ``stored`` is before turning."""

    format: str
    stored: tuple[int, int]
    facts: ExifFacts


class Picture:
    """One picture: its original bytes, and its upright sRGB pixels in the sizes asked for.

    Making one decodes nothing. Every size is made once and kept until ``release``; smaller ones are
    made from larger ones at hand. Where the first size asked for is not the largest, ``prefer``
    keeps the file from being decoded twice. A picture is used by one thread at a time.

    Args:
        data: the original bytes.
        name: what errors call it, for example its path.
        limits: above these it is refused.

    Raises:
        PictureTooLargeError: there are more bytes than the limits allow.
    """

    def __init__(
        self, data: bytes, name: str = "the picture", limits: PictureLimits = _DEFAULT_LIMITS
    ) -> None:
        check_byte_size(len(data), name, limits)
        self.data = data
        self.name = name
        self._limits = limits
        self._preferred = 1
        self._opened: ImageFile | None = None
        self._decoded: Image.Image | None = None
        self._upright: dict[int, Image.Image] = {}
        self._pixels: dict[int, NDArray[np.uint8]] = {}

    @classmethod
    def open(cls, path: Path, limits: PictureLimits = _DEFAULT_LIMITS) -> Picture:
        """The picture in a file, named by its path.

        Raises:
            NotFoundError: there is no such file.
            UnsupportedFormatError: it is a folder, or no regular file.
            PictureTooLargeError: it is larger than the limits allow; then it was not read.
            KithError: it cannot be read.
        """
        try:
            return cls(_read(path, limits), str(path), limits)
        except FileNotFoundError as error:
            raise NotFoundError(f"There is no file {path}") from error
        except OSError as error:
            raise KithError(
                f"{path} cannot be read ({error.strerror or error})",
                "Check that the disk is there and that you may read the file.",
            ) from error

    @cached_property
    def photo_id(self) -> PhotoId:
        """SHA-256 of the original bytes; asks nothing of them."""
        return photo_id_of(self.data)

    @property
    def format(self) -> str:
        """The container as its bytes say: JPEG, MPO, PNG, WEBP, HEIF, AVIF, TIFF, GIF or BMP.

        This and everything below may raise ``PictureError``.
        """
        return self._header.format

    @property
    def width(self) -> int:
        """Pixels of the upright original."""
        return self._size[0]

    @property
    def height(self) -> int:
        """Pixels of the upright original."""
        return self._size[1]

    def describe(self) -> Photo:
        """What the file says of the photo; decodes no pixels, so a truncated file has one, too."""
        facts = self._header.facts
        return Photo(
            id=self.photo_id,
            format=self.format,
            width=self.width,
            height=self.height,
            byte_size=len(self.data),
            taken_at=facts.taken_at,
            camera=facts.camera,
            location=facts.location,
        )

    def prefer(self, long_side: int, /) -> None:
        """Say early that this size will be wanted, so that one decoding serves smaller ones, too.

        Worth it: a JPEG of 12 megapixels decodes in 12 ms at 1/4 and in 15 ms at 1/2, for most of
        the work is not pixels.
        """
        self._preferred = max(self._preferred, long_side)

    def pixels(self, long_side: int | None = None, /) -> NDArray[np.uint8]:
        """The upright picture, its longer side scaled down to ``long_side``: height x width x 3.

        RGB, sRGB, 0 to 255, contiguous and read-only. Never scaled up: a smaller original comes in
        its own size, and so it does for ``None``. (A JPEG of more than ``PictureLimits.pixels``
        comes at most in the largest of 1/2, 1/4 and 1/8 that is within them.)
        """
        side = self._side(long_side)
        if side not in self._pixels:
            array = np.asarray(self.image(side), dtype=np.uint8)
            array.setflags(write=False)
            self._pixels[side] = array
        return self._pixels[side]

    def cut(self, affine: Affine, size: int, /) -> NDArray[np.uint8]:
        """A square of ``size`` pixels out of the upright picture: size x size x 3, RGB, sRGB.

        ``affine`` (2 x 3) says which place of the original, in its pixels, each place of the square
        shows. Cut from the stored picture before colors are managed and sizes are made: it costs a
        fraction of a millisecond where a decoded picture is at hand.
        """
        with image_border(self.name):
            finest = math.sqrt(abs(float(np.linalg.det(affine[:, :2]))))
            wanted = math.ceil(max(self._size) / max(finest, 1e-6) * _ENOUGH)
            stored = self._decode(min(self._side(None), max(1, wanted)))
            turned = _turned(stored.size, self._turn)
            scaled = affine * np.array([[turned[0] / self.width], [turned[1] / self.height]])
            square = cut_square(stored, _after(to_stored(self._turn, stored.size), scaled), size)
            return np.asarray(to_srgb(square, stored.info.get("icc_profile")), dtype=np.uint8)

    def image(self, long_side: int | None = None, /) -> Image.Image:
        """The same as Pillow's image, without metadata; for this room only, not to be changed."""
        side = self._side(long_side)
        if side not in self._upright:
            with image_border(self.name):
                self._upright[side] = self._make(side)
        return self._upright[side]

    def smallest_image(self, long_side: int, /) -> Image.Image:
        """The smallest image at hand that is at least so large, else ``image(long_side)``."""
        wanted = self._side(long_side)
        return self.image(min((side for side in self._upright if side >= wanted), default=wanted))

    def release(self) -> None:
        """Drop all decoded pixels; the bytes stay, and what is asked for again is decoded again."""
        self._opened = self._decoded = None
        self._upright.clear()
        self._pixels.clear()

    @cached_property
    def _header(self) -> _Header:
        with image_border(self.name):
            image = self._open()
            facts = read_exif(image)
            known = image.format or "unknown"
            self._opened = image
        return _Header(known, image.size, facts)

    @property
    def _turn(self) -> Transpose | None:
        header = self._header
        return None if header.format in UPRIGHT_FORMATS else header.facts.turn

    @property
    def _size(self) -> tuple[int, int]:
        return _turned(self._header.stored, self._turn)

    def _side(self, long_side: int | None) -> int:
        """The longer side that the answer will have."""
        if long_side is not None and long_side < 1:
            raise ValueError(f"a picture cannot be {long_side} pixels long")
        width, height = self._size
        scale = 1
        while width * height > self._limits.pixels * scale * scale:
            scale *= 2
        largest = max(width, height) // scale
        return largest if long_side is None else min(long_side, largest)

    def _make(self, side: int) -> Image.Image:
        larger = [known for known in self._upright if known > side]
        if larger:
            return shrink(self._upright[min(larger)], fit(self._size, side))
        decoded = self._decode(side)
        stored = _turned(fit(self._size, side), self._turn)
        image = to_srgb(shrink(decoded, stored), decoded.info.get("icc_profile"))
        # Cleared, for Pillow writes comments and profiles that it finds here into copies.
        image.info = {}
        return image if self._turn is None else image.transpose(self._turn)

    def _decode(self, side: int) -> Image.Image:
        """The stored picture, turned no way, in a scalable mode, at least ``side`` pixels long."""
        if self._decoded is None or max(self._decoded.size) < side:
            self._decoded = None
            image, self._opened = self._opened or self._open(), None
            image.draft(None, self._draft(max(side, self._side(self._preferred))))
            image.load()
            self._check_lines(image)
            self._decoded = scalable(image)
            self._decoded.info["icc_profile"] = image.info.get("icc_profile")
        return self._decoded

    def _draft(self, side: int) -> tuple[int, int]:
        """The stored size to ask the decoder for: that of 1/8, 1/4 or 1/2 where it is large enough.

        A HEIC gives its embedded copy if that is as large.
        """
        if self.format not in _SCALED_FORMATS:
            return _turned(fit(self._size, side), self._turn)
        width, height = self._header.stored
        factor = next((part for part in (8, 4, 2) if side * part <= max(width, height)), 1)
        # Rounded down, for the decoder takes the largest factor that gives at least this size.
        return max(1, width // factor), max(1, height // factor)

    def _open(self) -> ImageFile:
        known = format_of(self.data, self.name)
        if known == "WEBP":
            self._check_pixels(known, webp_size(self.data))
        image = open_image(self.data, known)
        progressive = "progressive" in image.info
        self._check_pixels("PNG" if progressive else image.format or known, image.size)
        return image

    def _check_lines(self, image: ImageFile) -> None:
        if image.format != "PNG" or image.crop((0, image.height - 1, *image.size)).getbbox():
            return
        if png_lacks_lines(self.data):
            raise BrokenPictureError(f"{self.name} holds fewer lines than it says", BROKEN_ADVICE)

    def _check_pixels(self, known: str, size: tuple[int, int]) -> None:
        limit = self._limits.pixels
        if known in _SCALED_FORMATS:
            limit = max(limit, self._limits.scaled_pixels)
        elif known in _COSTLY_FORMATS:
            limit //= 2
        if size[0] * size[1] > limit:
            raise PictureTooLargeError(
                f"{self.name} says it has {size[0]} x {size[1]} pixels; the limit is {limit:,}",
                TOO_LARGE_ADVICE,
            )
        if min(size) < 1:
            raise BrokenPictureError(f"{self.name} says it has no pixels", BROKEN_ADVICE)


def _after(second: Affine, first: Affine) -> Affine:
    """The map that goes through the first and then through the second."""
    return second @ np.vstack([first, (0, 0, 1)])


def _turned(size: tuple[int, int], turn: Transpose | None) -> tuple[int, int]:
    return (size[1], size[0]) if turn in _SWAPPING else size


def _read(path: Path, limits: PictureLimits) -> bytes:
    # Not blocking, so that a named pipe without a writer cannot hold up a run.
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedFormatError(f"{path} is not a regular file")
        check_byte_size(status.st_size, str(path), limits)
        # One more than allowed, for the file may be growing.
        return file.read(limits.byte_size + 1)


def check_byte_size(count: int, name: str, limits: PictureLimits) -> None:
    """Refuse what is larger than the limits allow, before it is read.

    Raises:
        PictureTooLargeError: it is.
    """
    if count > limits.byte_size:
        raise PictureTooLargeError(
            f"{name} has {count:,} bytes; the limit is {limits.byte_size:,}", TOO_LARGE_ADVICE
        )
