"""The engine over the real models, and pictures made of arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kith.engine.engine import Engine
from kith.engine.pack import load_pack
from kith.engine.pixels import Pixels
from kith.imaging.cut import cut_square
from kith.imaging.picture import Picture
from kith.imaging.scale import shrink


@dataclass(frozen=True, slots=True)
class ArraySource:
    """A ``PixelSource`` over an array."""

    array: Pixels

    @property
    def width(self) -> int:
        """Pixels."""
        return self.array.shape[1]

    @property
    def height(self) -> int:
        """Pixels."""
        return self.array.shape[0]

    def prefer(self, long_side: int, /) -> None:
        """An array has nothing to decode."""

    def cut(self, affine: NDArray[np.float64], size: int, /) -> Pixels:
        """A square out of it."""
        return np.asarray(cut_square(Image.fromarray(self.array), affine, size))

    def pixels(self, long_side: int | None = None, /) -> Pixels:
        """The array scaled down."""
        longest = max(self.width, self.height)
        if long_side is None or long_side >= longest:
            return self.array
        factor = long_side / longest
        size = max(1, round(self.width * factor)), max(1, round(self.height * factor))
        return np.asarray(shrink(Image.fromarray(self.array), size))


MakeSource = Callable[[Pixels], ArraySource]


@pytest.fixture
def source_of() -> MakeSource:
    """Makes a picture of an array."""
    return ArraySource


@pytest.fixture(scope="session")
def engine(weights: Path) -> Engine:
    """Pack ``open`` for four threads."""
    return Engine(load_pack("open"), lambda path: weights / path, workers=4)


@pytest.fixture(scope="session")
def portrait(photos: Path) -> Pixels:
    """A woman's studio portrait, 1350 x 1350."""
    return Picture.open(photos / "portraits" / "001" / "neutral.jpg").pixels()


@pytest.fixture(scope="session")
def family(photos: Path) -> list[Picture]:
    """Three pictures of the same three people."""
    return [Picture.open(path) for path in sorted((photos / "family").glob("*agung*.jpg"))]
