"""Whether a photo is one that a guest may see: asked for each photo, so answered with one count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from kith.domain.access import Link
from kith.domain.errors import NotFoundError
from kith.domain.photo import PhotoId
from kith.pipeline.albums.albums import pick
from kith.pipeline.albums.photos import photos_matching
from kith.pipeline.decisions.corrections import name_person
from kith.pipeline.sharing.guests import require_photo
from kith.ports.queries import PhotoQueries
from kith.web.services import Services

pytestmark = [pytest.mark.weights, pytest.mark.photos]


class NoLists:
    """Queries that list nothing: whoever asks for all photos of a link is told so."""

    def __init__(self, queries: PhotoQueries) -> None:
        self._queries = queries

    def __getattr__(self, name: str) -> Any:
        assert name not in {"matching", "page", "tiles"}, "all photos were asked for"
        return getattr(self._queries, name)


@pytest.mark.parametrize(
    "query",
    [
        *("", "person:Ana", "-person:Ana", "any:Ana,Ben", "only:Ana", "person:Ana similarity:>=50"),
        *("faces:>=2", "taken:2024-01", "-taken:none", "album:Best", "person:Ana -album:Best"),
    ],
)
def test_a_photo_is_one_of_a_link_if_its_query_means_it(services: Services, query: str) -> None:
    """Exactly those, whatever the query is made of, and without reading the others."""
    records = services.records
    for summary, name in zip(records.catalog.people(), ("Ana", "Ben"), strict=False):
        name_person(records.catalog, summary.person, name, by="test")
    every = [photo.id for photo in records.catalog.photos(None)]
    pick(records, "Best", every[::2])
    meant = set(photos_matching(records, query))
    counting = replace(records, queries=cast("PhotoQueries", NoLists(records.queries)))
    link = Link("00" * 8, query, "For you", 0.0, "Ann")

    for photo_id in [*every, PhotoId("0" * 64), PhotoId("nonsense' OR 1=1")]:
        if photo_id in meant:
            assert require_photo(counting, link, photo_id) == photo_id
        else:
            with pytest.raises(NotFoundError):
                require_photo(counting, link, photo_id)
