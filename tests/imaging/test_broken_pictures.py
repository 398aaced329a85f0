from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from kith.domain.errors import (
    BrokenPictureError,
    PictureError,
    PictureTooLargeError,
    UnsupportedFormatError,
)
from kith.imaging.border import image_border
from kith.imaging.picture import Picture

Encode = Callable[..., bytes]

FORMATS = ["JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"]
thorough = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


def photo_or_error(data: bytes) -> bool:
    """Whether the bytes yield pixels; anything but pixels or a named PictureError raises."""
    refused = None
    try:
        picture = Picture(data, "the file")
        size = picture.describe().height, picture.describe().width
        picture.pixels(50)
        assert picture.pixels().shape == (*size, 3)
    except PictureError as error:
        refused = error
    assert refused is None or ("the file" in refused.message and refused.advice)
    return refused is None


def png(width: int, height: int, body: bytes) -> bytes:
    """A PNG of 8-bit gray whose header says this size, whatever the body holds."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(body, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.mark.parametrize("format_", FORMATS)
@thorough
@given(part=st.floats(0, 0.95))
def test_truncated(format_: str, part: float, scenes: Mapping[str, bytes]) -> None:
    """Cut off anywhere, a file of any format yields pixels or an error that names it."""
    data = scenes[format_]

    photo_or_error(data[: int(len(data) * part)])


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP"])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_truncated_is_refused(format_: str, part: float, scenes: Mapping[str, bytes]) -> None:
    """A file that ends early is refused; half a picture would be grouped by half a face."""
    data = scenes[format_]

    with pytest.raises(BrokenPictureError, match="the file is truncated or damaged"):
        Picture(data[: int(len(data) * part)], "the file").pixels()


@pytest.mark.parametrize("format_", FORMATS)
@thorough
@given(changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged(
    format_: str, changes: list[tuple[float, int]], scenes: Mapping[str, bytes]
) -> None:
    """With any bytes changed, a file of any format yields pixels or an error that names it."""
    data = bytearray(scenes[format_])
    for place, value in changes:
        data[int(place * (len(data) - 1))] = value

    photo_or_error(bytes(data))


@thorough
@given(data=st.binary(max_size=300))
def test_noise(data: bytes) -> None:
    """Random bytes are no picture, and are refused by name."""
    assert not photo_or_error(data)


@pytest.mark.parametrize(
    "start",
    [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"GIF89a", b"BM", b"RIFF....WEBPVP8X"],
)
@thorough
@given(rest=st.binary(max_size=200))
def test_noise_behind_a_signature(start: bytes, rest: bytes) -> None:
    """Bytes that only begin like a picture yield an error that names the file, or pixels."""
    photo_or_error(start + rest)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2**31 - 1, 1), (20_000, 20_000)])
def test_png_bomb(size: tuple[int, int]) -> None:
    """A few bytes that claim billions of pixels are refused before memory is taken."""
    with pytest.raises(PictureTooLargeError, match="bomb says it has"):
        Picture(png(*size, b"\0" * 1000), "bomb").pixels()


def test_black_png_is_no_lie(encode: Encode) -> None:
    """A picture that is black to its last line, of any kind, is not taken for one that lacks it."""
    for mode in ("1", "L", "P", "RGB", "RGBA", "I;16"):
        assert photo_or_error(encode(Image.new(mode, (33, 17)), "PNG"))


def test_png_that_claims_more_than_it_has() -> None:
    """A header that promises more lines than follow is a lie, and refused."""
    with pytest.raises(BrokenPictureError, match="liar"):
        Picture(png(1000, 1000, b"\0" * 1001 * 10), "liar").pixels()


def test_webp_bomb(scene: Image.Image, encode: Encode) -> None:
    """A WebP canvas of 16,383 pixels squared is refused before the decoder takes it."""
    data = bytearray(encode(scene, "WEBP", exif=b"Exif\0\0MM\0*"))
    assert data[12:16] == b"VP8X"
    data[24:30] = (16_382).to_bytes(3, "little") * 2

    with pytest.raises(PictureTooLargeError, match="16383 x 16383"):
        Picture(bytes(data), "bomb").describe()


def test_gif_bomb() -> None:
    """A GIF of 44 bytes with a screen of four billion pixels is refused."""
    data = b"GIF89a" + b"\xff\xff" * 2 + b"\x80\0\0" + b"\0" * 6 + b",\0\0\0\0\xff\xff\xff\xff\0"

    with pytest.raises(PictureTooLargeError, match="bomb"):
        Picture(data + b"\x02\x02\x44\x01\0;", "bomb").pixels()


@pytest.mark.parametrize(
    ("data", "known"),
    [
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "EPS"),
        (b"\x01\xda\x01\x01\0\x03", "SGI"),
        (b"\0\0\1\0\1\0", "ICO"),
        (b"P5\n1 1\n255\n\0", "PGM"),
        (b"\xff\x4f\xff\x51\0\0", "JPEG 2000"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\0\x12\xaf", "FLI"),
        (b"\0\0\0\x18ftypmp42", "video"),
        (b"hello", "not a picture"),
    ],
)
def test_other_formats_are_named(data: bytes, known: str) -> None:
    """A format that Kith does not read is refused by its name, with what would be read."""
    with pytest.raises(UnsupportedFormatError, match=f"thing is .*{known}") as caught:
        Picture(data, "thing").describe()
    assert "HEIC" in caught.value.advice


def test_any_exception_is_translated() -> None:
    """Whatever a decoder raises becomes a PictureError that names the file and keeps the cause."""
    for cause in (OSError("bad"), struct.error("bad"), ZeroDivisionError("bad"), zlib.error("bad")):
        with (
            pytest.raises(BrokenPictureError, match=r"x\.tif .*bad") as caught,
            image_border("x.tif"),
        ):
            raise cause
        assert caught.value.__cause__ is cause
    with pytest.raises(PictureTooLargeError, match="memory"), image_border("x.tif"):
        raise MemoryError


def test_warnings_stay_inside(scene: Image.Image, encode: Encode) -> None:
    """Threads that read bad EXIF at once neither fail by its warnings nor change the filters."""
    odd = encode(
        scene, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x32\x01\x02\0\xff\0\0\0\xff\xff\0\0"
    )
    before = list(warnings.filters)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(photo_or_error, [odd] * 64))

    assert list(warnings.filters) == before
