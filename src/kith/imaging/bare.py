"""A picture's file without what it says besides its pixels: where, when, with what, by whom.

The pixels are not touched: parts of the file are left out (ITU-T T.81 annex B for JPEG, ISO/IEC
15948 for PNG, Google's container specification for WebP). Color profiles stay, and which way is up.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image
from PIL.ExifTags import Base

from kith.domain.errors import UnsupportedFormatError

_START, _END, _SCAN = b"\xff\xd8", 0xD9, 0xDA
_KEPT_APPS: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_COMMENT: Final = 0xFE
_MARKER: Final = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
"""In what was scanned: a zero follows a byte of 255, and restarts carry nothing."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"})

_WEBP_DROPPED: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS: Final = 0x08 | 0x04
"""Of ``VP8X``: that the file holds EXIF, and XMP."""


def without_metadata(data: bytes) -> bytes:
    """The same picture in a file of the same format.

    Raises:
        UnsupportedFormatError: of this file, Kith cannot take anything out.
    """
    try:
        if data.startswith(_START):
            return b"".join(_jpeg(data, _orientation(data)))
        if data.startswith(_PNG) and _orientation(data) == 1:
            return b"".join(_png(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP" and _orientation(data) == 1:
            return _webp(data)
    except (OSError, SyntaxError, struct.error, IndexError, ValueError) as error:
        raise UnsupportedFormatError("The picture's parts cannot be told apart") from error
    raise UnsupportedFormatError("Only of JPEG, and upright PNG and WebP, can parts be left out")


def _orientation(data: bytes) -> int:
    with Image.open(io.BytesIO(data)) as image:
        found = image.getexif().get(Base.Orientation, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _jpeg(data: bytes, orientation: int) -> Iterator[bytes]:
    """Up to the end of the first picture: phones put films and more behind it."""
    yield _START
    if orientation != 1:
        yield _turning(orientation)
    at = len(_START)
    while True:
        if data[at] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[at + 1]
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if _stays(marker, data[at + 4 : at + 18]):
            yield data[at:end]
        at = end
        if marker == _SCAN:
            found = _MARKER.search(data, end)
            at = found.start() if found else len(data)
            yield data[end:at]


def _stays(marker: int, content: bytes) -> bool:
    if marker in _KEPT_APPS:
        return content.startswith(_KEPT_APPS[marker])
    return marker != _COMMENT and not 0xE0 <= marker <= 0xEF


def _turning(orientation: int) -> bytes:
    """EXIF that says how to turn the picture, and nothing else."""
    entry = struct.pack(">HHIHH", Base.Orientation, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    return b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise ValueError("a part is cut off")
        if kind not in _PNG_DROPPED:
            yield data[at:end]
        at = end


def _webp(data: bytes) -> bytes:
    kept, at = [b"WEBP"], 12
    end = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while at < end:
        kind, length = struct.unpack_from("<4sI", data, at)
        part = bytearray(data[at : at + 8 + length + length % 2])
        if kind == b"VP8X":
            part[8] &= ~_WEBP_FLAGS
        if kind not in _WEBP_DROPPED:
            kept.append(bytes(part))
        at += len(part)
    body = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body
