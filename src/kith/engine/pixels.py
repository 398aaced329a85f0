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

    def pixels(self, long_side: int | None = None, /) -> Pixels:
        """The picture scaled down so that its longer side has ``long_side`` pixels.

        Never scaled up: a smaller original comes in its own size. ``None`` asks for that size, too.
        Read only; asking twice for one size decodes once.
        """
        ...
