"""Scaling pictures down: sizes, and the quickest filter that is good enough."""

from __future__ import annotations

from PIL import Image

_BOX_FROM = 1.5
"""The ratio of sizes from which on the box filter is used; Hamming below. Measured in ms, and in dB
against Lanczos on a photo of print, one thread: 2000 -> 1280 box 14 (40.5), bilinear 20 (41.6),
Hamming 20 (45.0), Lanczos 47; 1600 -> 1280 box 11 (37.0), Hamming 15 (43.1); 1280 -> 640 by
averaging 2 x 2 pixels 1.1, bilinear 6.9."""

_LEFT = 1.25
"""The least ratio that is left to the filter after whole pixels were averaged. 1600 -> 640 box 6.0
(33.4), after averaging 2 x 2 pixels Hamming 5.5 (34.0)."""


def fit(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """Width and height scaled so that the longer side is ``long_side``; the other is at least 1."""
    width, height = size
    if width >= height:
        return long_side, max(1, round(height * long_side / width))
    return max(1, round(width * long_side / height)), long_side


def shrink(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The image in a size that is nowhere larger than its own; itself where the sizes agree."""
    if image.size == size:
        return image
    ratios = image.width / size[0], image.height / size[1]
    factor = round(ratios[0])
    if ratios[0] == ratios[1] == factor:
        return image.reduce(factor)
    left = min(ratios) / max(1, int(min(ratios) / _LEFT))
    filter_ = Image.Resampling.BOX if left >= _BOX_FROM else Image.Resampling.HAMMING
    return image.resize(size, filter_, reducing_gap=_LEFT)
