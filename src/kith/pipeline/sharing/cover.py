"""The picture that stands above the photos of a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kith.domain.face import Face, Point
from kith.domain.photo import PhotoId
from kith.domain.selection import Selection
from kith.ports.catalog import Catalog
from kith.ports.queries import Order, PhotoQueries, Tile

_CHOICE: Final = 24
"""So many of the newest photos may be the cover."""

_WIDE: Final = 1.2
"""Width by height from which a photo fills a banner without losing its heads."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover of some photos.

    Attributes:
        photo_id: the photo.
        focus: what stays in view however it is cropped, in ratios of its width and height; none
            where it shows nobody.
    """

    photo_id: PhotoId
    focus: Point | None


def cover_of(catalog: Catalog, queries: PhotoQueries, selection: Selection) -> Cover | None:
    """The newest wide photo with people, else the newest wide one, else the newest one."""
    newest = queries.page(selection, order=Order.NEWEST, limit=_CHOICE).photo_ids
    tiles = queries.tiles(newest)
    known = [tiles[one] for one in newest if one in tiles]
    if not known:
        return None
    photo_id = max(known, key=_fitness).photo_id
    return Cover(photo_id, _focus(list(catalog.faces([photo_id]))))


def _fitness(tile: Tile) -> tuple[bool, bool]:
    wide = tile.width >= _WIDE * tile.height
    return wide, wide and tile.face_count > 0


def _focus(faces: Sequence[Face]) -> Point | None:
    """The middle of all faces."""
    boxes = [face.detail.box for face in faces]
    if not boxes:
        return None
    across = min(box.left for box in boxes) + max(box.right for box in boxes)
    down = min(box.top for box in boxes) + max(box.bottom for box in boxes)
    return Point(_within(across / 2), _within(down / 2))


def _within(ratio: float) -> float:
    return min(1.0, max(0.0, ratio))
