"""From the picture as stored to the upright picture and back, for boxes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kith.domain.face import Box

_Move = Callable[[float, float], tuple[float, float]]

_UPRIGHT: Mapping[int, _Move] = {
    1: lambda x, y: (x, y),
    2: lambda x, y: (1 - x, y),
    3: lambda x, y: (1 - x, 1 - y),
    4: lambda x, y: (x, 1 - y),
    5: lambda x, y: (y, x),
    6: lambda x, y: (1 - y, x),
    7: lambda x, y: (1 - y, 1 - x),
    8: lambda x, y: (y, 1 - x),
}
"""EXIF orientation -> where a point of the stored picture is in the upright one, as ratios.

Source: CIPA DC-008 (Exif 2.32), 4.6.4 A, tag Orientation."""

_INVERSE: Mapping[int, int] = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}


@dataclass(frozen=True, slots=True)
class Frame:
    """How a picture is stored, and what makes it upright.

    Attributes:
        width: pixels of the stored picture.
        height: pixels of the stored picture.
        orientation: as EXIF counts, 1 to 8; 1 is upright as stored.
    """

    width: int
    height: int
    orientation: int = 1

    @property
    def turned(self) -> bool:
        """Whether width and height change places."""
        return self.orientation >= 5

    def upright(self, box: Box) -> Box:
        """A box of the stored picture as one of the upright picture."""
        return _moved(box, _UPRIGHT[self.orientation])

    def stored(self, box: Box) -> Box:
        """A box of the upright picture as one of the stored picture."""
        return _moved(box, _UPRIGHT[_INVERSE[self.orientation]])


def _moved(box: Box, move: _Move) -> Box:
    x0, y0 = move(box.left, box.top)
    x1, y1 = move(box.right, box.bottom)
    return Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
