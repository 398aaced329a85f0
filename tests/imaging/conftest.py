"""Pictures to read: drawn, encoded in every format, and with any EXIF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Literal

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

Encode = Callable[..., bytes]
Psnr = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]


@pytest.fixture(scope="session")
def scene() -> Image.Image:
    """A smooth picture of 240 x 160 pixels whose four corners differ."""
    y, x = np.mgrid[0:160, 0:240].astype(np.float64)
    bands = [x / 239 * 255, y / 159 * 255, 127 + 90 * np.sin(x / 17) * np.cos(y / 23)]
    return Image.fromarray(np.stack(bands, axis=-1).astype(np.uint8))


@pytest.fixture(scope="session")
def encode() -> Encode:
    """Encodes an image; HEIF through pillow-heif, everything else through Pillow."""

    def encoded(image: Image.Image, format_: str, /, **options: object) -> bytes:
        stream = BytesIO()
        if format_ == "HEIF":
            file = pillow_heif.from_pillow(image)
            file.save(stream, **{"quality": 90, **options})  # pyright: ignore[reportUnknownMemberType] not annotated
        else:
            image.save(stream, format_, **options)
        return stream.getvalue()

    return encoded


@pytest.fixture(scope="session")
def scenes(scene: Image.Image, encode: Encode) -> Mapping[str, bytes]:
    """The scene in every format."""
    formats = ["JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "GIF", "BMP"]
    return {format_: encode(scene, format_) for format_ in formats}


@pytest.fixture(scope="session")
def built_in_profile() -> Callable[[Literal["LAB", "sRGB"]], bytes]:
    """The bytes of an ICC profile by name."""

    def profile(name: Literal["LAB", "sRGB"]) -> bytes:
        created = ImageCms.createProfile(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] not annotated
        return ImageCms.ImageCmsProfile(created).tobytes()  # pyright: ignore[reportUnknownArgumentType] as above

    return profile


@pytest.fixture(scope="session")
def psnr() -> Psnr:
    """Likeness of two pictures of one size in dB; infinite where they are equal."""

    def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
        error = np.mean((one.astype(np.float64) - other.astype(np.float64)) ** 2)
        return float(np.inf) if error == 0 else float(10 * np.log10(255**2 / error))

    return likeness
