"""What grouping asks of a library, answered by its catalog and its face collection."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kith.domain.face import FaceId, Match
from kith.domain.grouping import GroupId
from kith.grouping.neighborhood import Member
from kith.grouping.thresholds import FLOOR, MAX_MATCHES
from kith.ports.catalog import Catalog
from kith.ports.recognition import FaceCollection

_SLACK = 64
"""Faces. Photos that are being recognized have faces in the collection before they are stored; so
many more are asked for, lest they crowd out those that count."""

_GROWTH = 4
"""How much wider a search becomes if the slack was too small."""


class StoredNeighborhood:
    """The ``Neighborhood`` of a library."""

    def __init__(self, catalog: Catalog, collection: FaceCollection) -> None:
        self._catalog = catalog
        self._collection = collection

    def matches(
        self, face_ids: Sequence[FaceId], arrived: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        """See ``Neighborhood.matches``."""
        limit = MAX_MATCHES + _SLACK
        while True:
            found = self._collection.search(face_ids, min_similarity=FLOOR, limit=limit)
            kept = self._arrived(found, set(arrived))
            crowded = any(
                len(all_) == limit and len(some) < MAX_MATCHES
                for all_, some in zip(found, kept, strict=True)
            )
            if not crowded:
                return [matches[:MAX_MATCHES] for matches in kept]
            limit *= _GROWTH

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """See ``Neighborhood.groups_of``."""
        return self._catalog.groups_of(face_ids)

    def members(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[Member]]:
        """See ``Neighborhood.members``."""
        ids = self._catalog.group_faces(group_ids)
        faces = self._catalog.faces_by_id([id_ for members in ids.values() for id_ in members])
        return {
            group_id: [Member.of(faces[id_]) for id_ in ids.get(group_id, ()) if id_ in faces]
            for group_id in group_ids
        }

    def _arrived(
        self, found: Sequence[Sequence[Match]], arrived: set[FaceId]
    ) -> Sequence[Sequence[Match]]:
        photo_ids = {match.photo_id for matches in found for match in matches}
        stored = self._catalog.has_photos(photo_ids)
        return [
            [match for match in matches if match.photo_id in stored or match.face_id in arrived]
            for matches in found
        ]
