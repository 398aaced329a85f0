"""Thumbnails: small upright copies of the whole picture."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image

from kith.imaging.encode import Encoding, encoded
from kith.imaging.picture import Picture
from kith.imaging.scale import fit

_PLACEHOLDER_SIDE: Final = 16
"""Pixels. With quality 30 some 100 bytes, which a list of photos can carry along; 24 pixels take
170, and blurred nobody sees the difference. Made of a thumbnail at hand in 0.2 ms."""


def thumbnail(picture: Picture, long_side: int, encoding: Encoding = Encoding.JPEG) -> bytes:
    """An upright sRGB copy without metadata, its longer side ``long_side`` pixels; never scaled up.

    JPEG for what is made of every photo, because a run over 30,000 of them should spend its time on
    faces: see ``kith.imaging.encode`` for what each takes.

    Raises:
        PictureError: the picture cannot be decoded.
    """
    return encoded(picture.image(long_side), encoding)


def placeholder(picture: Picture) -> bytes:
    """A WebP of a hundred bytes, to show blurred until the thumbnail is there.

    Raises:
        PictureError: the picture cannot be decoded.
    """
    image = picture.smallest_image(_PLACEHOLDER_SIDE)
    size = fit(image.size, min(_PLACEHOLDER_SIDE, max(image.size)))
    stream = BytesIO()
    image.resize(size, Image.Resampling.BOX).save(stream, "WEBP", quality=30, method=4)
    return stream.getvalue()
