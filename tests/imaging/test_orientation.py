from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Transpose

from kith.imaging.picture import Picture

Encode = Callable[..., bytes]
Psnr = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]

STORED_AS = {
    1: None,
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_90,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_270,
}
"""Orientation -> how a camera held so stores what is upright."""


def rotated_file(scene: Image.Image, format_: str, orientation: int, encode: Encode) -> bytes:
    """The scene as a camera would store it: turned, with the EXIF tag that turns it back."""
    turn = STORED_AS[orientation]
    stored = scene if turn is None else scene.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    if format_ == "TIFF":
        return encode(stored, format_, tiffinfo={0x0112: orientation})
    return encode(stored, format_, exif=exif.tobytes())


@pytest.mark.parametrize("orientation", STORED_AS)
@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "MPO"])
def test_upright_in_every_format(
    format_: str, orientation: int, scene: Image.Image, encode: Encode, psnr: Psnr
) -> None:
    """However the camera was held, whole and scaled: upright, and turned exactly once."""
    options = rotated_file(scene, format_, orientation, encode)
    picture = Picture(options)

    assert (picture.width, picture.height) == (240, 160)
    assert psnr(picture.pixels(), np.asarray(scene)) > 28
    half = np.asarray(scene.reduce(2))
    assert psnr(Picture(options).pixels(120), half) > 28


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=st.integers(1, 70),
    height=st.integers(1, 70),
    orientation=st.sampled_from(list(STORED_AS)),
)
def test_turning_loses_no_pixel(width: int, height: int, orientation: int, encode: Encode) -> None:
    """Storing turned and reading upright is the identity, for any size."""
    values = np.arange(width * height * 3, dtype=np.uint32).reshape(height, width, 3) * 7919
    pixels = (values >> 3 & 0xFF).astype(np.uint8)

    data = rotated_file(Image.fromarray(pixels), "PNG", orientation, encode)

    assert np.array_equal(Picture(data).pixels(), pixels)


@pytest.mark.photos
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_examples(orientation: int, photos: Path, psnr: Psnr) -> None:
    """The published examples of one scene show it upright, whatever their tag; 0 is not a turn."""
    folder = photos / "odd" / "exif-orientation-examples"
    upright = Picture.open(folder / "Portrait_0.jpg")
    picture = Picture.open(folder / f"Portrait_{orientation}.jpg")

    assert (picture.width, picture.height) == (upright.width, upright.height)
    # The pictures differ by the digit that is printed on each.
    assert psnr(picture.pixels(300), upright.pixels(300)) > 25


@pytest.mark.photos
def test_portrait_orientation_6(photos: Path, psnr: Psnr) -> None:
    """A portrait stored on its side looks like the one stored upright."""
    folder = photos / "odd" / "immich-test-assets" / "metadata" / "faces"
    lying = Picture.open(folder / "portrait-orientation-6.jpg")
    standing = Picture.open(folder / "portrait.jpg")

    assert (lying.width, lying.height) == (standing.width, standing.height)
    assert psnr(lying.pixels(200), standing.pixels(200)) > 20


@pytest.mark.photos
def test_iphone_heic(photos: Path) -> None:
    """A HEIC held upright is taller than wide, its facts are read, and it is not turned twice."""
    picture = Picture.open(photos / "odd" / "heic" / "IMG_5195.HEIC")

    photo = picture.describe()

    assert (photo.format, photo.width, photo.height) == ("HEIF", 2566, 3313)
    assert photo.camera == "Apple iPhone 11 Pro Max"
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2021-04-11T15:47:53.054000-05:00"
    assert photo.location is not None
    assert round(photo.location.latitude, 3) == 39.051
    assert picture.pixels(640).shape == (640, 496, 3)


@pytest.mark.photos
@pytest.mark.parametrize("number", range(2, 9))
def test_tiff_orientation_examples(number: int, photos: Path, psnr: Psnr) -> None:
    """Compressed TIFFs of one text in all eight orientations read the same."""
    folder = photos / "odd" / "pillow-tests"
    upright = Picture.open(folder / "g4_orientation_1.tif")
    picture = Picture.open(folder / f"g4_orientation_{number}.tif")

    # They are scans of a print each, not copies: 27 dB; turned wrongly they have 9.
    assert psnr(picture.pixels(), upright.pixels()) > 24
