"""What can be measured of a whole picture: its dominant colors, brightness, sharpness, contrast."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageColor

from kith.domain.findings import DominantColor, PictureQuality
from kith.imaging.picture import Picture

_COLOR_SIDE: Final = 128
"""Pixels of the longer side that colors are counted at."""

_QUALITY_SIDE: Final = 512
"""Pixels of the longer side that quality is measured at: sharpness would differ by size."""

_SHADES: Final = 32
"""Colors that a picture is reduced to before those that look alike are joined."""

_ALIKE: Final = 0.08
"""Distance in Oklab of colors that count as one; black and white are 1 apart."""

_SHARP: Final = 14.0
"""Mean strength of the Laplacian, in levels of 255, at which sharpness is 63 %, as of faces."""

_LUMA: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Source: ITU-R BT.601."""

_TO_LMS: Final = np.array(
    [
        (0.4122214708, 0.5363325363, 0.0514459929),
        (0.2119034982, 0.6806995451, 0.1073969566),
        (0.0883024619, 0.2817188376, 0.6299787005),
    ]
)
_TO_LAB: Final = np.array(
    [
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    ]
)
"""Source: Björn Ottosson, "A perceptual color space for image processing", 2020."""

_HUES: Final = (
    (15.0, "pink"),
    (45.0, "red"),
    (85.0, "orange"),
    (118.0, "yellow"),
    (170.0, "green"),
    (225.0, "cyan"),
    (285.0, "blue"),
    (325.0, "purple"),
    (360.0, "pink"),
)
"""Where hues end, in degrees of Oklab."""


def dominant_colors(picture: Picture, most: int) -> tuple[DominantColor, ...]:
    """The colors that cover most of a picture, at most so many, the most common first."""
    image = Image.fromarray(picture.pixels(_COLOR_SIDE))
    reduced = image.quantize(_SHADES, Image.Quantize.MEDIANCUT, kmeans=4)
    counts = np.bincount(np.asarray(reduced).ravel(), minlength=_SHADES).astype(np.float64)
    palette = np.zeros((_SHADES, 3))
    listed = np.array(reduced.getpalette() or [], np.float64).reshape(-1, 3)[:_SHADES]
    palette[: len(listed)] = listed
    joined = _joined(palette, counts / counts.sum())
    return tuple(_named(color, share) for color, share in joined[:most])


def picture_quality(picture: Picture) -> PictureQuality:
    """How bright, sharp and rich in contrast a picture is."""
    luma = picture.pixels(_QUALITY_SIDE).astype(np.float32) @ _LUMA
    middle = luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    detail = float(np.sqrt(np.mean((around - 4 * middle) ** 2))) if middle.size else 0.0
    return PictureQuality(
        brightness=min(100.0, float(luma.mean()) / 2.55),
        sharpness=100 * (1 - math.exp(-detail / _SHARP)),
        # The spread is greatest where half is black and half white.
        contrast=min(100.0, float(luma.std()) / 1.275),
    )


def _joined(
    palette: NDArray[np.float64], shares: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], float]]:
    """Colors with their shares, those that look alike as one, the most common first."""
    left = [int(row) for row in np.argsort(-shares, kind="stable") if shares[row] > 0]
    lab = _oklab(palette)
    joined: list[tuple[NDArray[np.float64], float]] = []
    while left:
        near = [row for row in left if np.linalg.norm(lab[row] - lab[left[0]]) < _ALIKE]
        share = float(shares[near].sum())
        joined.append((shares[near] @ palette[near] / share, share))
        left = [row for row in left if row not in near]
    return sorted(joined, key=lambda one: -one[1])


def _named(color: NDArray[np.float64], share: float) -> DominantColor:
    red, green, blue = (round(channel) for channel in color.tolist())
    lab = _oklab(color[None])[0]
    names, places = _css()
    nearest = int(np.argmin(np.linalg.norm(places - lab, axis=1)))
    return DominantColor(red, green, blue, names[nearest], _simple(lab.tolist()), 100 * share)


def _simple(lab: Sequence[float]) -> str:
    """The simplest name for a color of Oklab."""
    light, a, b = lab
    chroma, hue = math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360
    if light < 0.2 or chroma < 0.05:
        return "black" if light < 0.3 else "white" if light > 0.93 else "grey"
    name = next(known for end, known in _HUES if hue < end or end == 360.0)
    earthen = chroma < 0.1 or (chroma < 0.15 and light < 0.6)
    if name in {"red", "orange", "yellow"} and light < 0.85 and earthen:
        return "brown"
    if name == "pink" and light < 0.5:
        return "purple" if hue > 180 else "red"
    return "pink" if name == "red" and light > 0.75 else name


def _oklab(colors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Colors of sRGB, 0 to 255 (count x 3), in Oklab."""
    ratio = colors / 255
    linear = np.where(ratio <= 0.04045, ratio / 12.92, ((ratio + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T


@cache
def _css() -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """The names of CSS Color Module Level 4, and where they lie in Oklab."""
    names = tuple(sorted(ImageColor.colormap))
    colors = np.array([ImageColor.getrgb(name)[:3] for name in names], np.float64)
    return names, _oklab(colors)
