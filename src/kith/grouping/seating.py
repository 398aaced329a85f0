"""The faces of one photo find their people together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import FaceId, Match
from kith.domain.person import Appearance
from kith.domain.similarity import percent_of
from kith.grouping import thresholds
from kith.grouping.evidence import Bond, bonds_of, clear_margin
from kith.grouping.groups import Groups
from kith.grouping.neighborhood import Member


@dataclass(frozen=True, slots=True)
class Fit:
    """A person whom a face may join.

    Attributes:
        member: the face.
        bond: how it stands to the person's group.
        margin: strength beyond all that is asked of it; never negative.
    """

    member: Member
    bond: Bond
    margin: float


def seat(
    arrivals: Sequence[Member], lists: Mapping[FaceId, Sequence[Match]], groups: Groups
) -> list[Appearance]:
    """Add each face to the person it fits, the clearest first, each person at most once."""
    fits = [fit for member in arrivals for fit in fits_of(member, lists[member.face_id], groups)]
    rank = {member.face_id: index for index, member in enumerate(arrivals)}
    fits.sort(key=lambda f: (-f.margin, rank[f.member.face_id], f.bond.group.person.id))
    appearances: list[Appearance] = []
    for fit in fits:
        is_free = groups.group_of(fit.member.face_id) is None
        if is_free and fit.member.photo_id not in fit.bond.group.photos:
            appearances.append(join(fit, groups))
    return appearances


def fits_of(member: Member, matches: Sequence[Match], groups: Groups) -> Iterator[Fit]:
    """The people whom this face may join. A weak face needs ``WEAK_EXTRA`` more."""
    extra = 0.0 if member.solid else thresholds.WEAK_EXTRA
    bonds = bonds_of([matches], 1, groups)
    for person_id, bond in bonds.items():
        if bond.margin >= extra and member.photo_id not in bond.group.photos:
            margin = clear_margin(bonds, person_id) - extra
            if margin >= 0:
                yield Fit(member, bond, margin)


def join(fit: Fit, groups: Groups) -> Appearance:
    """The face becomes this person's; its similarity is its likeness to the person, in percent."""
    groups.add(fit.bond.group, fit.member)
    similarity = percent_of(fit.bond.likeness)
    return Appearance(fit.member.face_id, fit.bond.group.person.id, similarity)
