"""What grouping asks of the world: similarities, and the groups so far. The pipeline answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import Face, FaceId, Match, Quality
from kith.domain.grouping import GroupId
from kith.domain.photo import PhotoId
from kith.grouping import thresholds


@dataclass(frozen=True, slots=True)
class Member:
    """A face as grouping sees it: which one, in which photo, and whether it may be relied on.

    Attributes:
        face_id: the face.
        photo_id: the photo that shows it; no group has two members in one photo.
        overall: the face's overall quality, percent.
        solid: whether the face is good enough to found a group and to speak for it. A face
            that is not solid is *weak*: it may join, at a stricter likeness, and connects nobody.
    """

    face_id: FaceId
    photo_id: PhotoId
    overall: float
    solid: bool

    @classmethod
    def of(cls, face: Face) -> Member:
        """The member that this face is or would be."""
        quality = face.detail.quality
        return cls(face.id, face.photo_id, quality.overall, is_solid(quality))


class Neighborhood(Protocol):
    """Answers of the library as it is stored. Nothing here writes."""

    def matches(
        self, face_ids: Sequence[FaceId], arrived: Collection[FaceId], /
    ) -> Sequence[Sequence[Match]]:
        """For each face, the most similar other faces, most similar first, ties by face id.

        Only faces of stored photos and those in ``arrived`` count, down to ``thresholds.FLOOR``
        percent, and of these the first ``thresholds.MAX_MATCHES``. A search that also meets faces
        which have not arrived must be widened until it has that many that have, or else where a
        batch is cut would decide who is who.
        """
        ...

    def groups_of(self, face_ids: Collection[FaceId], /) -> Mapping[FaceId, GroupId]:
        """The group of each stored face; faces without one are left out."""
        ...

    def members(self, group_ids: Collection[GroupId], /) -> Mapping[GroupId, Sequence[Member]]:
        """All faces of each of these groups, in any order."""
        ...


Found: TypeAlias = tuple[NDArray[np.intp], NDArray[np.float64]]
"""The matches of a face, most similar first: places in the order of arrival, similarities."""


class OrderedSearch(Protocol):
    """A search among faces that arrive in a known order, for grouping all of them anew."""

    def search(self, face_ids: Sequence[FaceId], arrived: int, /) -> Sequence[Found]:
        """For each face, the most similar others among the first ``arrived`` of the order.

        Ties by face id. As ``Neighborhood.matches``, down to ``thresholds.FLOOR`` percent and at
        most ``thresholds.MAX_MATCHES``.
        """
        ...


def is_solid(quality: Quality) -> bool:
    """Whether a face of this quality may found a group and connect groups."""
    return quality.overall >= thresholds.MIN_OVERALL and quality.pixels >= thresholds.MIN_PIXELS
