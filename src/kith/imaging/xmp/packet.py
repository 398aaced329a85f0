"""The XMP packet inside a picture file, and how that file is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile

from kith.imaging.border import image_border
from kith.imaging.exif import TURNS, read_exif
from kith.imaging.formats import UPRIGHT_FORMATS, format_of, open_image
from kith.imaging.xmp.frame import Frame
from kith.imaging.xmp.heif import heif_orientation
from kith.imaging.xmp.rdf import MAX_BYTES

_EXTENSION: Final = b"http://ns.adobe.com/xmp/extension/\0"
"""How a segment begins that carries a part of what did not fit into the packet of a JPEG."""

_DIGEST_BYTES: Final = 32
_HEAD_BYTES: Final = len(_EXTENSION) + _DIGEST_BYTES + 8


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture file says of itself before any pixel is decoded.

    Attributes:
        frame: how it is stored.
        packets: its XMP: none, one, or one and its extension.
    """

    frame: Frame
    packets: tuple[bytes, ...]


def read_header(data: bytes, name: str) -> Header:
    """How a picture is stored, and its XMP; ``name`` is what errors call it.

    Raises:
        PictureError: it is no picture.
    """
    with image_border(name):
        image = open_image(data, format_of(data, name))
        return Header(_frame(image, data), tuple(_packets(image)))


def _frame(image: ImageFile, data: bytes) -> Frame:
    width, height = image.size
    orientation = heif_orientation(data) if image.format == "HEIF" else _orientation(image)
    if image.format in UPRIGHT_FORMATS and orientation >= 5:
        width, height = height, width
    return Frame(width, height, orientation)


def _orientation(image: ImageFile) -> int:
    turn = read_exif(image).turn
    return next((tag for tag, made in TURNS.items() if made is turn and isinstance(tag, int)), 1)


def _packets(image: ImageFile) -> Iterator[bytes]:
    packet: object = image.info.get("xmp")
    if isinstance(packet, str):
        packet = packet.encode()
    if isinstance(packet, bytes):
        yield packet
    if isinstance(image, JpegImageFile) and (extension := _extension(image)):
        yield extension


def _extension(image: JpegImageFile) -> bytes:
    """What did not fit into the packet: its parts by their offsets, if none is missing.

    Source: XMP specification part 3, 1.1.3.1: after the name come an MD5 digest in hex, the whole
    length and the part's offset, 4 bytes each.
    """
    parts: dict[int, bytes] = {}
    length = 0
    for _, segment in image.applist:
        if segment.startswith(_EXTENSION) and len(segment) >= _HEAD_BYTES:
            length = int.from_bytes(segment[_HEAD_BYTES - 8 : _HEAD_BYTES - 4], "big")
            parts[int.from_bytes(segment[_HEAD_BYTES - 4 : _HEAD_BYTES], "big")] = segment[
                _HEAD_BYTES:
            ]
    whole = b"".join(parts[offset] for offset in sorted(parts))
    return whole if len(whole) == length <= MAX_BYTES else b""
