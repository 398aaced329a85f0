"""The picture that stands above the photos of a link."""

from __future__ import annotations

import pytest

from kith.domain.access import Link
from kith.pipeline.sharing.cover import cover_of
from kith.pipeline.sharing.guests import photos_of
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def link_to(query: str) -> Link:
    """A link to the photos of a query."""
    return Link("00" * 8, query, "For you", 0.0, "Ann")


def test_the_cover_is_wide_and_its_faces_stay_in_view(services: Services) -> None:
    """A banner cuts off the heads of a tall photo, so a wide one with people is taken."""
    records = services.records
    every = [photo.id for photo in records.catalog.photos(None)]
    tiles = services.queries.tiles(every)
    wide = [one for one in every if tiles[one].width >= 1.2 * tiles[one].height]

    cover = cover_of(services.catalog, services.queries, photos_of(records, link_to("")))

    assert cover
    assert any(tiles[one].face_count for one in wide)
    assert cover.photo_id in wide
    boxes = [face.detail.box for face in services.catalog.faces([cover.photo_id])]
    assert cover.focus
    assert min(box.left for box in boxes) <= cover.focus.x <= max(box.right for box in boxes)
    assert min(box.top for box in boxes) <= cover.focus.y <= max(box.bottom for box in boxes)


def test_photos_without_people_have_a_cover_without_focus(services: Services) -> None:
    """Nothing has to stay in view where there is nobody; no photo has no cover."""
    records = services.records
    nobody = photos_of(records, link_to("faces:0"))
    cover = cover_of(services.catalog, services.queries, nobody)
    assert cover is None or cover.focus is None

    none = photos_of(records, link_to("taken:1801"))
    assert cover_of(services.catalog, services.queries, none) is None
