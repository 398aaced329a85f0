from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from kith.domain.errors import (
    BrokenPictureError,
    KithError,
    NotFoundError,
    PictureTooLargeError,
    UnsupportedFormatError,
)
from kith.engine.pixels import PixelSource
from kith.imaging.picture import Picture, PictureLimits

Encode = Callable[..., bytes]
Psnr = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"]
anything = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


@pytest.mark.parametrize("format_", FORMATS)
def test_reads_every_format(format_: str, scene: Image.Image, encode: Encode, psnr: Psnr) -> None:
    """Each format yields its name, its size and the pixels that went in."""
    picture = Picture(encode(scene, format_))

    photo = picture.describe()

    assert (photo.format, photo.width, photo.height) == (format_, 240, 160)
    assert psnr(picture.pixels(), np.asarray(scene)) > (20 if format_ == "GIF" else 30)


@pytest.mark.parametrize("format_", ["GIF", "WEBP", "AVIF", "TIFF", "MPO", "PNG"])
def test_reads_first_frame(format_: str, scene: Image.Image, encode: Encode, psnr: Psnr) -> None:
    """Of several frames or pages the first is the picture."""
    black = Image.new("RGB", scene.size)
    data = encode(scene, format_, save_all=True, append_images=[black, black])

    assert psnr(Picture(data).pixels(), np.asarray(scene)) > 20


def test_content_decides(scene: Image.Image, encode: Encode, tmp_path: Path) -> None:
    """A file whose name lies about its format is read as what it is."""
    file = tmp_path / "holiday.png"
    file.write_bytes(encode(scene, "JPEG"))

    assert Picture.open(file).format == "JPEG"


def test_knows_itself(scene: Image.Image, encode: Encode) -> None:
    """The photo id is the SHA-256 of the bytes, which are kept as they came."""
    data = encode(scene, "PNG")
    picture = Picture(data)

    assert picture.data is data
    assert picture.describe().id == picture.photo_id == hashlib.sha256(data).hexdigest()
    assert picture.describe().byte_size == len(data)


def test_is_a_pixel_source(scene: Image.Image, encode: Encode) -> None:
    """The engine may take a picture for what it asks of one, and cannot change it."""
    source: PixelSource = Picture(encode(scene, "JPEG"))

    pixels = source.pixels(100)

    assert pixels.dtype == np.uint8
    assert pixels.shape == (67, 100, 3)
    assert pixels.flags.c_contiguous
    assert not pixels.flags.writeable


@anything
@given(
    width=st.integers(1, 400),
    height=st.integers(1, 400),
    sides=st.lists(st.integers(1, 500), min_size=1, max_size=4),
    preferred=st.integers(1, 500),
    format_=st.sampled_from(["JPEG", "PNG"]),
)
def test_scales_by_the_law(
    width: int, height: int, sides: list[int], preferred: int, format_: str, encode: Encode
) -> None:
    """Whatever was asked before: the long side is exact, the other one proportional, none grows."""
    picture = Picture(encode(Image.new("RGB", (width, height), (200, 100, 50)), format_))
    picture.prefer(preferred)

    for side in [*sides, None]:
        pixels = picture.pixels(side)
        long_side = min(side or 400, max(width, height))
        scale = long_side / max(width, height)
        assert max(pixels.shape[:2]) == long_side
        assert abs(pixels.shape[1] - max(1, width * scale)) <= 1
        assert abs(pixels.shape[0] - max(1, height * scale)) <= 1
        assert np.abs(pixels.reshape(-1, 3).mean(axis=0) - (200, 100, 50)).max() < 4


@pytest.mark.photos
@pytest.mark.parametrize("side", [100, 160, 320, 640, 900, 1280])
@pytest.mark.parametrize("preferred", [1, 640])
def test_scaled_decoding_is_close(side: int, preferred: int, photos: Path, psnr: Psnr) -> None:
    """Scaled decoding and quick filters stay within 34 dB of decoding whole and Lanczos."""
    file = photos / "portraits" / "001" / "neutral.jpg"
    picture = Picture.open(file)
    picture.prefer(preferred)
    with Image.open(file) as whole:
        plain = np.asarray(whole.convert("RGB").resize((side, side), Image.Resampling.LANCZOS))

    assert psnr(picture.pixels(side), plain) > 34


def test_one_size_is_decoded_once(scene: Image.Image, encode: Encode) -> None:
    """Asking twice gives the same array; after release an equal one."""
    picture = Picture(encode(scene, "JPEG"))
    first = picture.pixels(120)

    assert picture.pixels(120) is first
    assert picture.pixels(240) is picture.pixels(None) is picture.pixels(9999)
    picture.release()
    assert picture.pixels(120) is not first
    assert np.array_equal(picture.pixels(120), first)


def test_smaller_sizes_need_no_bytes(scene: Image.Image, encode: Encode) -> None:
    """What is decoded serves every smaller size: the bytes are not read again."""
    picture = Picture(encode(scene, "JPEG"))
    picture.prefer(200)
    picture.pixels(30)
    picture.data = b"gone"

    assert picture.pixels(200).shape == (133, 200, 3)
    assert picture.pixels(100).shape == (67, 100, 3)
    with pytest.raises(UnsupportedFormatError):
        Picture(picture.data).pixels(100)


def test_no_size_below_one_pixel(scene: Image.Image, encode: Encode) -> None:
    """A size that cannot be is the caller's mistake, not the picture's."""
    with pytest.raises(ValueError, match="0 pixels"):
        Picture(encode(scene, "PNG")).pixels(0)


def test_limit_on_bytes_comes_first(tmp_path: Path) -> None:
    """A file above the limit on bytes is refused without being read."""
    file = tmp_path / "huge.jpg"
    with file.open("wb") as stream:
        stream.truncate(10_000_000_000)

    with pytest.raises(PictureTooLargeError, match=r"huge\.jpg has 10,000,000,000 bytes"):
        Picture.open(file)
    with pytest.raises(PictureTooLargeError, match="3 bytes"):
        Picture(b"abc", limits=PictureLimits(byte_size=2))


@pytest.mark.parametrize("format_", FORMATS)
def test_limit_on_pixels(format_: str, scene: Image.Image, encode: Encode) -> None:
    """A picture above the limit on pixels is refused by name and size before it is decoded."""
    limits = PictureLimits(pixels=30_000, scaled_pixels=30_000)
    picture = Picture(encode(scene, format_), "big", limits)

    with pytest.raises(PictureTooLargeError, match="big says it has 240 x 160 pixels"):
        picture.describe()


@pytest.mark.parametrize("size", [(4000, 3000), (3001, 4003), (1999, 1501), (4001, 17)])
def test_scaled_decoding_takes_the_largest_factor(size: tuple[int, int], encode: Encode) -> None:
    """Odd sizes are scaled while they are decoded, too: nothing larger than needed is at hand."""
    picture = Picture(encode(Image.new("RGB", size), "JPEG"))
    half = max(size) // 2

    picture.pixels(half - 3)

    # What the decoder left serves sizes up to its own without the bytes, and none above.
    picture.data = b"gone"
    assert max(picture.pixels(half).shape) == half
    with pytest.raises(UnsupportedFormatError):
        picture.pixels(half + 2)


def test_large_jpeg_comes_scaled(scene: Image.Image, encode: Encode) -> None:
    """A JPEG above the limit on pixels tells its size and is decoded at the half of it."""
    limits = PictureLimits(pixels=30_000)
    picture = Picture(encode(scene, "JPEG"), limits=limits)

    assert (picture.width, picture.height) == (240, 160)
    assert picture.pixels().shape == (80, 120, 3)
    with pytest.raises(PictureTooLargeError):
        Picture(encode(scene, "JPEG", progressive=True), limits=limits).pixels()


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(NotFoundError, match=r"gone\.jpg"):
        Picture.open(tmp_path / "gone.jpg")


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder or a pipe is refused by name, and a pipe without a writer is not waited for."""
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)

    with pytest.raises(KithError, match=str(tmp_path)):
        Picture.open(tmp_path)
    with pytest.raises(UnsupportedFormatError, match=r"pipe\.jpg"):
        Picture.open(pipe)


def test_empty_file(tmp_path: Path) -> None:
    """An empty file is broken, and says so by name."""
    file = tmp_path / "empty.jpg"
    file.touch()

    with pytest.raises(BrokenPictureError, match=r"empty\.jpg is empty"):
        Picture.open(file).describe()


def test_derived_size_is_antialiased(encode: Encode) -> None:
    """A checkerboard becomes even gray at any size: no pixel is skipped by scaling."""
    board = (np.indices((512, 512)).sum(axis=0) % 2 * 255).astype(np.uint8)
    picture = Picture(encode(Image.fromarray(board), "PNG"))

    for side in (256, 200, 128, 100, 37):
        pixels = picture.pixels(side).astype(np.float64)
        assert math.isclose(pixels.mean(), 127.5, abs_tol=2)
        assert pixels.std() < 40
