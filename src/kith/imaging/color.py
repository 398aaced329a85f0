"""From any pixel mode and color profile to 8-bit sRGB."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

_WHITE: Final = (255, 255, 255)
_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}
"""Profile's color space -> Pillow's mode."""


def scalable(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose pixels may be averaged: L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith(("I", "F")):
        return _deep_gray(image)
    if image.mode == "LAB":
        lab, srgb = _built_in("LAB"), _built_in("sRGB")
        return _applied(image, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
    if image.mode in {"LA", "RGBA"}:
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """A scalable image as opaque RGB, over white, its color profile applied.

    A profile that is broken, or does not describe this kind of picture, is ignored.
    """
    image = _opaque(image)
    transform = _transform(profile) if profile else None
    if transform is not None and transform.input_mode == "RGB":
        image = image.convert("RGB")
    if transform is not None and transform.input_mode == image.mode:
        return _applied(image, transform)
    return image if image.mode == "RGB" else image.convert("RGB")


def _deep_gray(image: Image.Image) -> Image.Image:
    """Gray of 16 or 32 bits: integers are of 16 bits, floating point is 0 to 1 or 0 to 255."""
    values: NDArray[np.generic] = np.asarray(image)
    if image.mode != "F":
        eight = (np.clip(values.astype(np.int32), 0, 0xFFFF) >> 8).astype(np.uint8)
        return Image.fromarray(eight)
    real = np.nan_to_num(values.astype(np.float32), nan=0.0)
    top = 255.0 if real.size and real.max() <= 1.0 else 1.0
    return Image.fromarray(np.clip(real * top, 0, 255).astype(np.uint8))


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode not in {"LA", "RGBA"}:
        return image
    solid, alpha = image.convert(image.mode[:-1]), image.getchannel("A")
    white = Image.new(solid.mode, image.size, 255 if solid.mode == "L" else _WHITE)
    white.paste(solid, mask=alpha)
    return white


@lru_cache(maxsize=16)
def _transform(profile: bytes) -> ImageCms.ImageCmsTransform | None:
    """How to get to sRGB; ``None`` where nothing is to be done. Kept, for building one takes ms."""
    try:
        source = ImageCms.core.profile_frombytes(profile)
        if (source.profile_description or "").startswith("sRGB"):
            return None
        mode = _MODES.get(source.xcolor_space)
        if mode is None:
            return None
        return ImageCms.buildTransform(source, _built_in("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _built_in(name: Literal["LAB", "sRGB"]) -> ImageCms.ImageCmsProfile:
    created = ImageCms.createProfile(name)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] no annotation
    return ImageCms.ImageCmsProfile(created)  # pyright: ignore[reportUnknownArgumentType] as above


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    changed = ImageCms.applyTransform(image, transform)
    assert changed is not None, "only in-place transforms return nothing"
    return changed
