"""The faces of one photo find their groups together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import FaceId, Match
from kith.domain.grouping import Seat
from kith.domain.similarity import percent_of
from kith.grouping import thresholds
from kith.grouping.evidence import Bond, bonds_of, clear_margin
from kith.grouping.groups import Groups
from kith.grouping.neighborhood import Member


@dataclass(frozen=True, slots=True)
class Fit:
    """A group that a face may join.

    Attributes:
        member: the face.
        bond: how it stands to the group.
        margin: strength beyond all that is asked of it; never negative.
    """

    member: Member
    bond: Bond
    margin: float


def seat(
    arrivals: Sequence[Member], lists: Mapping[FaceId, Sequence[Match]], groups: Groups
) -> list[Seat]:
    """Add each face to the group it fits, the clearest first, each group at most once."""
    fits = [fit for member in arrivals for fit in fits_of(member, lists[member.face_id], groups)]
    rank = {member.face_id: index for index, member in enumerate(arrivals)}
    fits.sort(key=lambda f: (-f.margin, rank[f.member.face_id], f.bond.group.id))
    seats: list[Seat] = []
    for fit in fits:
        is_free = groups.group_of(fit.member.face_id) is None
        if is_free and fit.member.photo_id not in fit.bond.group.photos:
            seats.append(join(fit, lists[fit.member.face_id], groups))
    return seats


def fits_of(member: Member, matches: Sequence[Match], groups: Groups) -> Iterator[Fit]:
    """The groups that this face may join. A weak face needs ``WEAK_EXTRA`` more."""
    extra = 0.0 if member.solid else thresholds.WEAK_EXTRA
    bonds = bonds_of([matches], 1, groups)
    for group_id, bond in bonds.items():
        if bond.margin >= extra and member.photo_id not in bond.group.photos:
            margin = clear_margin(bonds, group_id) - extra
            if margin >= 0:
                yield Fit(member, bond, margin)


def join(fit: Fit, matches: Sequence[Match], groups: Groups) -> Seat:
    """The face joins this group; its similarity is its likeness to the group, in percent."""
    group = fit.bond.group
    support = [m.face_id for m in matches if groups.vouched_by(m.face_id) is group]
    groups.add(group, fit.member)
    return Seat(
        face_id=fit.member.face_id,
        group_id=group.id,
        similarity=percent_of(fit.bond.likeness),
        support=tuple(support[: thresholds.SUPPORT]),
    )
