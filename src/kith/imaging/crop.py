"""Crops: the pixels of one face, square."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from PIL import Image

from kith.domain.face import Box
from kith.imaging.encode import Encoding, encode_jpeg, encoded
from kith.imaging.picture import Picture

_QUALITY: Final = 85
_GRAY: Final = (128, 128, 128)

_BLUR: Final = 1.5
"""How far a crop may be scaled up before a larger decoding is worth its time: that of a full
12-megapixel JPEG takes four times as long as the half-sized one that is at hand anyway."""

_SIZES: Final = (320, 640, 1280, 2560, 5120)
"""Long sides made for crops. Few, so that the faces of one photo share them."""


@dataclass(frozen=True, slots=True)
class _Square:
    """In ratios of the picture's longer side, so that it is square in any size of it."""

    left: float
    top: float
    side: float


def face_crop(
    picture: Picture,
    box: Box,
    size: int,
    margin: float = 0.35,
    *,
    encoding: Encoding = Encoding.JPEG,
) -> bytes:
    """A picture of ``size`` x ``size`` pixels with the face in it, upright and without metadata.

    Args:
        picture: the picture; no more of it is decoded than the crop's detail needs.
        box: the face, in ratios of the upright picture.
        size: pixels of each side; a small face is scaled up to it.
        margin: how much is added on each side, as a part of the box's longer side. Near an edge the
            square moves inward; what then still lies outside the picture is gray.
        encoding: how it is written.

    Raises:
        PictureError: the picture cannot be decoded.
        ValueError: the box is empty, not finite, or wholly outside the picture.
    """
    square = _square(picture, box, margin)
    wanted = math.ceil(size / square.side / _BLUR)
    long_side = next((side for side in _SIZES if side >= wanted), wanted)
    image = _cut(picture.smallest_image(long_side), square, size)
    return encode_jpeg(image, _QUALITY) if encoding is Encoding.JPEG else encoded(image, encoding)


def _square(picture: Picture, box: Box, margin: float) -> _Square:
    long_side = max(picture.width, picture.height)
    across, down = picture.width / long_side, picture.height / long_side
    width, height = box.width * across, box.height * down
    inside = box.left < 1 and box.top < 1 and box.right > 0 and box.bottom > 0
    if not (inside and width > 0 and height > 0 and math.isfinite(width + height)):
        raise ValueError(f"no face can be cut out at {box}")
    face = max(width, height)
    # The margin is given up before the picture's edge comes into view, the face is not.
    side = max(face, min(face * (1 + 2 * margin), across, down))
    return _Square(
        left=_inward(box.left * across + width / 2, side, across),
        top=_inward(box.top * down + height / 2, side, down),
        side=side,
    )


def _inward(center: float, side: float, length: float) -> float:
    """Where a stretch of the picture begins: inside of it, or centered where it is too long."""
    if side >= length:
        return (length - side) / 2
    return min(max(center - side / 2, 0.0), length - side)


def _cut(image: Image.Image, square: _Square, size: int) -> Image.Image:
    scale = max(image.size)
    left, top, side = square.left * scale, square.top * scale, square.side * scale
    box = (
        max(0.0, left),
        max(0.0, top),
        min(float(image.width), left + side),
        min(float(image.height), top + side),
    )
    zoom = size / side
    inner = (
        min(size, max(1, round((box[2] - box[0]) * zoom))),
        min(size, max(1, round((box[3] - box[1]) * zoom))),
    )
    shown = image.resize(inner, Image.Resampling.BICUBIC, box=box, reducing_gap=2.0)
    if inner == (size, size):
        return shown
    padded = Image.new("RGB", (size, size), _GRAY)
    padded.paste(shown, (round((box[0] - left) * zoom), round((box[1] - top) * zoom)))
    return padded
