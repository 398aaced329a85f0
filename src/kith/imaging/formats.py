"""Which format the bytes are in, and the decoder that reads it.

Pillow's ``Image.open`` is not used: it tries formats that Kith does not read, and refuses pictures
above a limit that only a global can change. The bytes decide here, and ``PictureLimits`` applies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import jpeg_factory
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from kith.domain.errors import BrokenPictureError, UnsupportedFormatError
from kith.imaging.border import BROKEN_ADVICE

UPRIGHT_FORMATS = frozenset({"HEIF", "TIFF"})
"""Formats whose decoders turn the picture themselves, and tell its upright size."""


def format_of(data: bytes, name: str) -> str:
    """The format these bytes are in: JPEG (MPO included), PNG, WEBP, HEIF, AVIF, TIFF, GIF or BMP.

    Raises:
        BrokenPictureError: there are no bytes.
        UnsupportedFormatError: another format, or no picture at all; names the format if known.
    """
    if not data:
        raise BrokenPictureError(f"{name} is empty", BROKEN_ADVICE)
    if data[4:8] == b"ftyp":
        return _boxed_format(data, name)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    for start, known in _STARTS:
        if data.startswith(start):
            return known
    raise _unsupported(name, _foreign_format(data))


def open_image(data: bytes, known: str) -> ImageFile:
    """An image of which only the header is read; ``known`` is what ``format_of`` said.

    Raises whatever the decoder raises.
    """
    return _OPENERS[known](BytesIO(data))


def webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from the header of a WebP file; (0, 0) where it has none.

    The decoder takes memory for the whole canvas when it only opens the file, so the limit on
    pixels must be checked before. Source: RFC 9649, sections 2.4 to 2.7.
    """
    chunk, header = data[12:16], data[20:30]
    if len(header) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return int.from_bytes(header[4:7], "little") + 1, int.from_bytes(header[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(header[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return (
        int.from_bytes(header[6:8], "little") & 0x3FFF,
        int.from_bytes(header[8:10], "little") & 0x3FFF,
    )


def _open_heif(stream: BytesIO) -> ImageFile:
    # Loaded here, because its libraries take 40 ms and 20 MB that JPEGs need not pay.
    from pillow_heif.as_plugin import HeifImageFile  # noqa: PLC0415

    return HeifImageFile(stream)


_OPENERS: Mapping[str, Callable[[BytesIO], ImageFile]] = {
    "JPEG": jpeg_factory,
    "PNG": PngImageFile,
    "WEBP": WebPImageFile,
    "HEIF": _open_heif,
    "AVIF": AvifImageFile,
    "TIFF": TiffImageFile,
    "GIF": GifImageFile,
    "BMP": BmpImageFile,
}

_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)

_FOREIGN = (
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL ", "JPEG XL"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"\1\xda", "SGI"),
    (0, b"%!PS", "EPS or PostScript"),
    (0, b"\xc5\xd0\xd3\xc6", "EPS or PostScript"),
    (0, b"%PDF", "PDF"),
    (0, b"8BPS", "Photoshop"),
    (0, b"<svg", "SVG"),
    (0, b"DDS ", "DDS"),
    (0, b"P1", "PBM"),
    (0, b"P2", "PGM"),
    (0, b"P3", "PPM"),
    (0, b"P4", "PBM"),
    (0, b"P5", "PGM"),
    (0, b"P6", "PPM"),
    (4, b"\x11\xaf", "FLI animation"),
    (4, b"\x12\xaf", "FLI animation"),
    (0, b"\x1aE\xdf\xa3", "Matroska or WebM video"),
    (0, b"PK\3\4", "ZIP"),
)

_HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


def _boxed_format(data: bytes, name: str) -> str:
    """HEIF or AVIF by the brands of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    major = data[8:12]
    brands = {major} | {data[start : start + 4] for start in range(16, length, 4)}
    if major in _AVIF_BRANDS or (major in {b"mif1", b"msf1"} and brands & _AVIF_BRANDS):
        return "AVIF"
    if major in _HEIF_BRANDS:
        return "HEIF"
    raise _unsupported(name, "video" if major in {b"qt  ", b"isom", b"mp42"} else None)


def _foreign_format(data: bytes) -> str | None:
    for offset, start, known in _FOREIGN:
        if data.startswith(start, offset):
            return known
    return None


def _unsupported(name: str, known: str | None) -> UnsupportedFormatError:
    what = f"is {known}, which Kith does not read" if known else "is not a picture that Kith reads"
    return UnsupportedFormatError(
        f"{name} {what}", "Kith reads JPEG, PNG, WebP, HEIC, AVIF, TIFF, GIF and BMP; convert it."
    )
