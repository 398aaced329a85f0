"""The faces of one photo find their groups together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import FaceId
from kith.domain.grouping import Seat
from kith.domain.similarity import percent_of
from kith.grouping import thresholds
from kith.grouping.evidence import bonds_of, clear_margins, near_any
from kith.grouping.groups import Group, Groups, Near
from kith.grouping.neighborhood import Member


@dataclass(frozen=True, slots=True)
class Fit:
    """A group that a face may join.

    Attributes:
        member: the face.
        group: the group.
        likeness: of the face to the group, a strength.
        margin: strength beyond all that is asked of it; never negative.
    """

    member: Member
    group: Group
    likeness: float
    margin: float


def seat(arrivals: Sequence[Member], lists: Mapping[FaceId, Near], groups: Groups) -> list[Seat]:
    """Add each face to the group it fits, the clearest first, each group at most once."""
    fits = [fit for member in arrivals for fit in fits_of(member, lists[member.face_id], groups)]
    rank = {member.face_id: index for index, member in enumerate(arrivals)}
    fits.sort(key=lambda fit: (-fit.margin, rank[fit.member.face_id], fit.group.id))
    seats: list[Seat] = []
    for fit in fits:
        is_free = groups.group_of(fit.member.face_id) is None
        if is_free and fit.member.photo_id not in fit.group.photos:
            seats.append(join(fit, lists[fit.member.face_id], groups))
    return seats


def fits_of(member: Member, near: Near, groups: Groups) -> Iterator[Fit]:
    """The groups that this face may join. A weak face needs ``WEAK_EXTRA`` more."""
    extra = 0.0 if member.solid else thresholds.WEAK_EXTRA
    if not near_any(near, groups):
        return
    bonds = bonds_of([near], 1, groups)
    places = (bonds.margins >= extra).nonzero()[0]
    if not len(places):
        return
    clear = clear_margins(bonds, places) - extra
    for place, margin in zip(places.tolist(), clear.tolist(), strict=True):
        group = groups.at(int(bonds.groups[place]))
        if margin >= 0 and member.photo_id not in group.photos:
            yield Fit(member, group, float(bonds.likeness[place]), margin)


def join(fit: Fit, near: Near, groups: Groups) -> Seat:
    """The face joins this group; its similarity is its likeness to the group, in percent."""
    support = near.faces[groups.spoken_for(near) == fit.group.number]
    groups.add(fit.group, fit.member)
    return Seat(
        face_id=fit.member.face_id,
        group_id=fit.group.id,
        similarity=percent_of(fit.likeness),
        support=tuple(groups.face_ids(support[: thresholds.SUPPORT])),
    )
