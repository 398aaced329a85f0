"""Searching among faces as they were found one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np

from kith.domain.face import FaceId
from kith.domain.photo import PhotoId
from kith.grouping.neighborhood import Found, OrderedSearch
from kith.ports.recognition import FaceCollection

Order: TypeAlias = Sequence[tuple[FaceId, PhotoId]]
"""Faces in the order of arrival, each with its photo."""


class OrderedSearches(Protocol):
    """Makes the search for faces in this order."""

    def __call__(self, order: Order, /, *, min_similarity: float, limit: int) -> OrderedSearch:
        """The search that answers with ``limit`` matches at most, of ``min_similarity`` percent."""
        ...


class SearchedInOrder:
    """The ``OrderedSearch`` of any collection: all matches are asked for, and later ones left out.

    Args:
        collection: where the faces are.
        order: every face that counts.
        min_similarity: percent, inclusive.
        limit: the most matches of a face.
    """

    def __init__(
        self, collection: FaceCollection, order: Order, *, min_similarity: float, limit: int
    ) -> None:
        self._collection = collection
        self._min_similarity = min_similarity
        self._limit = limit
        self._place = {face_id: place for place, (face_id, _) in enumerate(order)}

    def search(self, face_ids: Sequence[FaceId], arrived: int, /) -> Sequence[Found]:
        """See ``OrderedSearch.search``."""
        found = self._collection.search(
            face_ids, min_similarity=self._min_similarity, limit=len(self._place) + self._limit
        )
        kept = [
            [
                (self._place[match.face_id], match.similarity)
                for match in matches
                if self._place.get(match.face_id, arrived) < arrived
            ][: self._limit]
            for matches in found
        ]
        return [
            (
                np.array([place for place, _ in matches], np.intp),
                np.array([similarity for _, similarity in matches]),
            )
            for matches in kept
        ]
