"""Resized copies of photos: what they are like."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Format(Enum):
    """How a copy is written: Pillow's name, and how the names of its files end."""

    JPEG = "JPEG", "jpg", 85
    WEBP = "WEBP", "webp", 80
    AVIF = "AVIF", "avif", 65

    @property
    def suffix(self) -> str:
        """As the names of files end, without a dot."""
        return self.value[1]

    @property
    def usual_quality(self) -> int:
        """Of about the same look in every format."""
        return self.value[2]


class Metadata(Enum):
    """What a copy says besides its pixels."""

    NONE = "none"
    WITHOUT_PLACE = "without-place"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Form:
    """What a copy is like.

    Attributes:
        long_side: pixels of the longer side; never more than the photo has.
        cover: width and height that are filled, cut at the middle; in place of ``long_side``.
        format: how it is written.
        quality: 1 to 100; 0 for what is usual.
        metadata: which EXIF is kept.
    """

    long_side: int = 2048
    cover: tuple[int, int] | None = None
    format: Format = Format.JPEG
    quality: int = 0
    metadata: Metadata = Metadata.NONE
