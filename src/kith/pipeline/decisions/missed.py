"""Where humans saw faces that the machine missed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kith.domain.decision import Anchor, MissedFace, in_force
from kith.domain.face import Box
from kith.domain.photo import PhotoId
from kith.ports.catalog import Catalog

_BEYOND: Final = 0.5
"""How far a box may reach beyond the picture, as a ratio: a face may be cut by the edge."""

_LEAST_SIDE: Final = 0.001
"""Ratio of the picture's side: 4 pixels of 4000."""


def drawn_faces(
    catalog: Catalog, photo_ids: Collection[PhotoId] | None = None
) -> dict[PhotoId, list[Anchor]]:
    """Where in these photos, or in all, somebody drew a face and did not take it back."""
    drawn: dict[PhotoId, list[Anchor]] = {}
    for decision in in_force(list(catalog.decisions(photo_ids))):
        if isinstance(decision.said, MissedFace) and _shows_something(decision.said.face.box):
            anchor = decision.said.face
            known = drawn.setdefault(anchor.photo_id, [])
            if anchor not in known:
                known.append(anchor)
    wanted = None if photo_ids is None else set(photo_ids)
    return {id_: found for id_, found in drawn.items() if wanted is None or id_ in wanted}


def _shows_something(box: Box) -> bool:
    """Whether a box is a part of a picture: a journal from elsewhere may say anything."""
    inside = box.left >= -_BEYOND and box.top >= -_BEYOND
    inside = inside and box.right <= 1 + _BEYOND and box.bottom <= 1 + _BEYOND
    return inside and min(box.width, box.height) >= _LEAST_SIDE
