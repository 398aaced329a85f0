"""What the engine asks of a picture."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Pixels: TypeAlias = NDArray[np.uint8]
"""An upright picture: height x width x 3, RGB, sRGB, 0 to 255."""

Vectors: TypeAlias = NDArray[np.float32]
"""Embeddings: count x dimensions, each row of length 1."""


class PixelSource(Protocol):
    """A picture that can be had in several sizes; ``kith.imaging.Picture`` is one."""

    @property
    def width(self) -> int:
        """Pixels of the upright original."""
        ...

    @property
    def height(self) -> int:
        """Pixels of the upright original."""
        ...

    def prefer(self, long_side: int, /) -> None:
        """Say early that this size will be wanted, so that one decoding serves smaller ones, too.

        It also makes the small sizes the same, whatever was asked for before.
        """
        ...

    def cut(self, affine: NDArray[np.float64], size: int, /) -> Pixels:
        """A square of ``size`` pixels; beyond the picture's edge its last pixel repeats.

        ``affine`` (2 x 3) says which place of the original, in its pixels, each place of the square
        shows; the center of the first pixel is (0.5, 0.5). Detail finer than the square's pixels is
        averaged.
        """
        ...

    def pixels(self, long_side: int | None = None, /) -> Pixels:
        """The picture scaled down so that its longer side has ``long_side`` pixels.

        Never scaled up: a smaller original comes in its own size. ``None`` asks for that size, too.
        Read only; asking twice for one size decodes once.
        """
        ...
