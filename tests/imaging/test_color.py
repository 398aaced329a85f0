from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kith.imaging.picture import Picture

Encode = Callable[..., bytes]
BuiltInProfile = Callable[[str], bytes]
Psnr = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]


@pytest.fixture(scope="module")
def swapped_profile(built_in_profile: BuiltInProfile) -> bytes:
    """An sRGB profile under another name, with the colorants of red and blue exchanged."""
    srgb = built_in_profile("sRGB")
    swapped = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    # The description is "sRGB built-in" in UTF-16.
    return swapped.replace("sRGB".encode("utf-16-be"), "XRGB".encode("utf-16-be"))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF", "HEIF"])
def test_profile_is_applied(format_: str, swapped_profile: bytes, encode: Encode) -> None:
    """A color means what the embedded profile says, in every format that embeds one."""
    red = Image.new("RGB", (64, 64), (250, 10, 10))

    picture = Picture(encode(red, format_, icc_profile=swapped_profile))

    assert np.abs(picture.pixels()[32, 32].astype(int) - (10, 10, 250)).max() < 8
    assert np.abs(picture.pixels(20)[10, 10].astype(int) - (10, 10, 250)).max() < 8


@pytest.mark.parametrize("profile", [b"", b"nonsense", b"\0" * 500])
def test_broken_profile_is_ignored(profile: bytes, scene: Image.Image, encode: Encode) -> None:
    """A picture with a profile that cannot be read shows its colors as they are."""
    plain, odd = encode(scene, "PNG"), encode(scene, "PNG", icc_profile=profile)

    assert np.array_equal(Picture(odd).pixels(), Picture(plain).pixels())


def test_profile_of_another_kind_is_ignored(
    scene: Image.Image, encode: Encode, built_in_profile: BuiltInProfile
) -> None:
    """A Lab profile in an RGB picture says nothing about it."""
    lab = built_in_profile("LAB")

    pixels = Picture(encode(scene, "PNG", icc_profile=lab)).pixels()

    assert np.array_equal(pixels, np.asarray(scene))


def test_srgb_profile_changes_nothing(
    scene: Image.Image, encode: Encode, built_in_profile: BuiltInProfile
) -> None:
    """The sRGB profile is not applied, so that no rounding takes place."""
    srgb = built_in_profile("sRGB")

    pixels = Picture(encode(scene, "PNG", icc_profile=srgb)).pixels()

    assert np.array_equal(pixels, np.asarray(scene))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_over_white(mode: str, encode: Encode) -> None:
    """What is transparent is white, and what is half transparent half white."""
    colors = {"RGBA": [(255, 0, 0, 0), (0, 0, 0, 128)], "LA": [(0, 0), (0, 128)]}[mode]
    image = Image.new(mode, (2, 1))
    for x, color in enumerate(colors):
        image.putpixel((x, 0), color)

    pixels = Picture(encode(image, "PNG")).pixels()

    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert np.abs(pixels[0, 1].astype(int) - 127).max() <= 1


@pytest.mark.parametrize("format_", ["PNG", "GIF"])
def test_transparent_palette(format_: str, encode: Encode) -> None:
    """The transparent entry of a palette is white, the others keep their colors."""
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)

    pixels = Picture(encode(image, format_, transparency=0)).pixels()

    assert pixels[0].tolist() == [[255, 255, 255], [0, 0, 255]]


def test_transparent_color(encode: Encode) -> None:
    """The one color that a PNG without alpha declares transparent is white."""
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))

    pixels = Picture(encode(image, "PNG", transparency=(1, 2, 3))).pixels()

    assert pixels[0].tolist() == [[255, 255, 255], [9, 9, 9]]


@pytest.mark.parametrize("format_", ["PNG", "TIFF"])
def test_sixteen_bit_gray(format_: str, encode: Encode) -> None:
    """16-bit gray keeps its range: the darkest is 0, the brightest 255."""
    ramp = np.linspace(0, 65535, 256).astype(np.uint16).reshape(16, 16)
    data = encode(Image.fromarray(ramp), format_)

    pixels = Picture(data).pixels()

    assert np.array_equal(pixels[..., 0], (ramp >> 8).astype(np.uint8))
    assert (pixels[..., 0] == pixels[..., 2]).all()


@pytest.mark.parametrize(
    ("values", "bright"), [([0.0, 0.5, np.nan], 127), ([0.0, 127.4, 999], 127)]
)
def test_floating_point(values: list[float], bright: int, encode: Encode) -> None:
    """Floating point counts to 1 or to 255; what is not a number is black."""
    data = encode(Image.fromarray(np.array([values], dtype=np.float32)), "TIFF")

    assert Picture(data).pixels()[0, 1].tolist() == [bright] * 3


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
def test_cmyk(format_: str, encode: Encode) -> None:
    """Ink becomes light, with Adobe's inverted JPEGs as with TIFFs."""
    inks = Image.new("CMYK", (32, 32), (0, 255, 255, 0))

    red, green, blue = Picture(encode(inks, format_)).pixels()[16, 16].tolist()

    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize("mode", ["1", "L", "P", "YCbCr", "LAB", "I;16B"])
def test_every_mode_ends_as_rgb(mode: str, encode: Encode, psnr: Psnr) -> None:
    """Whatever the pixels are stored as, they come as 8-bit RGB that looks the same."""
    gray = Image.linear_gradient("L").resize((64, 64))
    neutral = Image.new("L", gray.size, 128)
    if mode == "LAB":
        image = Image.merge("LAB", [gray, neutral, neutral])
    elif mode == "I;16B":
        image = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    else:
        image = (gray.convert("RGB") if mode == "YCbCr" else gray).convert(mode)
    picture = Picture(encode(image, "TIFF"))

    assert picture.pixels().shape == (64, 64, 3)
    assert picture.pixels(32).shape == (32, 32, 3)
    assert psnr(picture.pixels(8), np.asarray(gray.convert("RGB").reduce(8))) > 15


@pytest.mark.photos
def test_adobe_cmyk_jpeg(photos: Path) -> None:
    """Red print on black in an Adobe CMYK JPEG is red on black, not its negative."""
    pixels = Picture.open(photos / "odd" / "pillow-tests" / "pil_sample_cmyk.jpg").pixels()

    red, green, blue = pixels[2, 2].tolist()

    assert red > 200
    assert max(green, blue) < 60
    assert pixels[80, 50].max() < 30
