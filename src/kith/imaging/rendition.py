"""Resized copies for others: upright, in the format and with the metadata asked for."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Final

from PIL import Image
from PIL.ExifTags import IFD, Base

from kith.domain.errors import PictureError
from kith.domain.rendition import Form, Metadata
from kith.imaging.border import image_border
from kith.imaging.formats import open_image
from kith.imaging.picture import Picture

_UPRIGHT: Final = frozenset({Base.Orientation, Base.ImageWidth, Base.ImageLength})
_OF_THE_PIXELS: Final = frozenset({Base.ExifImageWidth, Base.ExifImageHeight})
_OPAQUE: Final = frozenset({Base.MakerNote, Base.UserComment, 0x02BC})
"""What makers, users and XMP write: nobody can tell what is in it, so it is not handed on."""


def render(picture: Picture, form: Form) -> bytes:
    """An upright sRGB copy.

    Raises:
        PictureError: the picture cannot be decoded.
    """
    image = picture.image(_side(picture, form))
    if form.cover is not None:
        image = _filling(image, form.cover)
    exif = _exif(picture, form.metadata)
    stream = BytesIO()
    with image_border(picture.name):
        options = {"exif": exif} if exif else {}
        quality = form.quality or form.format.usual_quality
        image.save(stream, form.format.value[0], quality=quality, **options)
    return stream.getvalue()


def _side(picture: Picture, form: Form) -> int:
    """The longer side at which the picture is decoded."""
    if form.cover is None:
        return form.long_side
    width, height = form.cover
    scale = max(width / picture.width, height / picture.height)
    return max(1, round(max(picture.width, picture.height) * min(1.0, scale)))


def _filling(image: Image.Image, cover: tuple[int, int]) -> Image.Image:
    """The middle, in these proportions; scaled, unless there are fewer pixels than that."""
    wide, high = cover
    scale = min(image.width / wide, image.height / high)
    width, height = min(image.width, round(wide * scale)), min(image.height, round(high * scale))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    middle = image.crop((left, top, left + width, top + height))
    return middle.resize(cover, Image.Resampling.LANCZOS) if scale > 1 else middle


def _exif(picture: Picture, metadata: Metadata) -> bytes:
    """The photo's EXIF, for pixels that are upright; empty for none, or where it is broken."""
    if metadata is Metadata.NONE:
        return b""
    try:
        with image_border(picture.name):
            return _copied(open_image(picture.data, picture.format).getexif(), metadata)
    except (PictureError, struct.error, ValueError, TypeError, OverflowError):
        return b""


def _copied(found: Image.Exif, metadata: Metadata) -> bytes:
    copy = Image.Exif()
    for tag, value in found.items():
        if tag not in _UPRIGHT | _OPAQUE and tag not in set(IFD):
            copy[tag] = value
    inner = {
        tag: value
        for tag, value in found.get_ifd(IFD.Exif).items()
        if tag not in _OF_THE_PIXELS | _OPAQUE and tag not in set(IFD)
    }
    if inner:
        copy.get_ifd(IFD.Exif).update(inner)
    if metadata is Metadata.ALL and (place := found.get_ifd(IFD.GPSInfo)):
        copy.get_ifd(IFD.GPSInfo).update(place)
    return copy.tobytes()
