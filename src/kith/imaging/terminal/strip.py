"""A row of faces as one picture."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image

from kith.domain.errors import PictureError
from kith.imaging.border import image_border

_GAP: Final = 4
"""Pixels between two faces."""

_FAINT: Final = (200, 200, 200)


def strip(crops: Sequence[bytes], side: int) -> Image.Image:
    """The crops, JPEGs, from left to right, each ``side`` pixels square, on black.

    A crop that is no picture shows as a gray square.

    Raises:
        ValueError: there are no crops.
    """
    if not crops:
        raise ValueError("a strip needs a face")
    whole = Image.new("RGB", (len(crops) * (side + _GAP) - _GAP, side))
    for number, crop in enumerate(crops):
        whole.paste(_square(crop, side), (number * (side + _GAP), 0))
    return whole


def strip_png(crops: Sequence[bytes], side: int) -> bytes:
    """The same as a PNG."""
    file = BytesIO()
    strip(crops, side).save(file, "PNG")
    return file.getvalue()


def _square(crop: bytes, side: int) -> Image.Image:
    try:
        with image_border("a crop"), Image.open(BytesIO(crop), formats=["JPEG"]) as image:
            return image.convert("RGB").resize((side, side), Image.Resampling.LANCZOS)
    except PictureError:
        return Image.new("RGB", (side, side), _FAINT)
