"""A second look at the neighborhood of faces that have just found their group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import FaceId, Match
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.domain.similarity import strength_of
from kith.grouping import thresholds
from kith.grouping.evidence import bonds_of, clear_margin, cohesion, needed
from kith.grouping.groups import Group, Groups
from kith.grouping.neighborhood import Member
from kith.grouping.seating import fits_of, join

Lists = dict[FaceId, Sequence[Match]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups that may be one person, and the faces to ask about it."""

    smaller: GroupId
    larger: GroupId
    witnesses: tuple[FaceId, ...]


def reconsider(newcomers: Sequence[FaceId], lists: Lists, groups: Groups) -> list[Step]:
    """Reunite groups and recall weak faces around these solid faces, which have their groups.

    ``lists`` holds the newcomers' matches and gains those of the faces that are asked.
    """
    pairs = [pair for face_id in newcomers for pair in _pairs(face_id, lists, groups)]
    recalls = [weak for face_id in newcomers for weak in _recalls(face_id, lists, groups)]
    asked = {face_id for pair in pairs for face_id in pair.witnesses}
    asked |= {match.face_id for match in recalls}
    lists.update(groups.search(sorted(asked - lists.keys())))
    return [*_reunite(pairs, lists, groups), *_recall(recalls, lists, groups)]


def _pairs(face_id: FaceId, lists: Lists, groups: Groups) -> Iterator[Pair]:
    """The pairs worth asking about: this face alone is as like the other group as both need."""
    group = groups.group_of(face_id)
    assert group is not None
    bonds = bonds_of([lists[face_id]], 1, groups, own=group)
    near = [
        (needed(group.size, bond.group.size) - bond.likeness, group_id)
        for group_id, bond in bonds.items()
        if group.may_be(bond.group)
    ]
    budget = thresholds.SEARCHES_PER_FACE - thresholds.RECALLS_PER_FACE
    for lack, group_id in sorted(near):
        pair = _pair(group, bonds[group_id].group)
        budget -= len(pair.witnesses)
        if lack > 0 or budget < 0:
            return
        yield pair


def _pair(one: Group, two: Group) -> Pair:
    smaller, larger = sorted((one, two), key=lambda group: (group.size, group.id))
    witnesses = smaller.representatives(thresholds.REPRESENTATIVES)
    if smaller.size > 1:
        witnesses += larger.representatives(thresholds.COUNTERPARTS)
    return Pair(smaller.id, larger.id, tuple(witnesses))


def _recalls(face_id: FaceId, lists: Lists, groups: Groups) -> list[Match]:
    """The nearest faces without a group that this face makes candidates for its own group."""
    group = groups.group_of(face_id)
    assert group is not None
    least = needed(1, group.size) + thresholds.WEAK_EXTRA
    alone = [match for match in lists[face_id] if groups.group_of(match.face_id) is None]
    near = [match for match in alone if strength_of(match.similarity) >= least]
    return near[: thresholds.RECALLS_PER_FACE]


def _reunite(pairs: Sequence[Pair], lists: Lists, groups: Groups) -> Iterator[Reunion]:
    """Merge the pairs that are one person, the clearest first."""
    while True:
        margins = [(_margin(pair, lists, groups), pair) for pair in pairs]
        clear = [(-margin, pair.smaller, pair.larger) for margin, pair in margins if margin >= 0]
        if not clear:
            return
        _, *ids = min(clear)
        gone, stays = sorted((groups.group(group_id) for group_id in ids), key=_seniority)
        reunion = Reunion(gone.id, stays.id, _support(gone, stays, lists, groups))
        groups.merge(gone, stays)
        yield reunion


def _seniority(group: Group) -> tuple[int, GroupId]:
    """Of two groups that are one person, the higher stays: the larger."""
    return group.size, group.id


def _support(
    gone: Group, stays: Group, lists: Lists, groups: Groups
) -> tuple[tuple[FaceId, FaceId], ...]:
    """The most similar pairs of a face of ``gone`` and one of ``stays`` that were met."""
    found: list[tuple[float, FaceId, FaceId]] = []
    for group, other in ((gone, stays), (stays, gone)):
        for face_id in group.representatives(thresholds.REPRESENTATIVES):
            for match in lists.get(face_id, ()):
                if groups.vouched_by(match.face_id) is other:
                    pair = (face_id, match.face_id) if group is gone else (match.face_id, face_id)
                    found.append((-match.similarity, *pair))
    best = dict.fromkeys((gone_id, stays_id) for _, gone_id, stays_id in sorted(found))
    return tuple(best)[: thresholds.SUPPORT]


def _margin(pair: Pair, lists: Lists, groups: Groups) -> float:
    """By how much the two groups, as they are now, are clearly one person; negative if not.

    Both the smaller group's rivals and the cohesion of each group have a say.
    """
    now = sorted(
        (groups.group(pair.smaller), groups.group(pair.larger)),
        key=lambda group: (group.size, group.id),
    )
    smaller, larger = now
    if smaller is larger or not smaller.may_be(larger):
        return -1.0
    speaking = _known(smaller, thresholds.REPRESENTATIVES, lists)
    bonds = bonds_of(speaking, smaller.size, groups, own=smaller)
    if larger.id not in bonds:
        return -1.0
    margin = clear_margin(bonds, larger.id)
    if smaller.size == 1:
        return margin
    answering = _known(larger, thresholds.COUNTERPARTS, lists)
    bound = min(thresholds.COHESION_CAP, cohesion(speaking, smaller, groups))
    if answering:
        bound = min(bound, cohesion(answering, larger, groups))
    return min(margin, bonds[larger.id].likeness - thresholds.COHESION * bound)


def _known(
    group: Group, count: int, lists: Mapping[FaceId, Sequence[Match]]
) -> list[Sequence[Match]]:
    return [lists[face_id] for face_id in group.representatives(count) if face_id in lists]


def _recall(recalls: Sequence[Match], lists: Lists, groups: Groups) -> Iterator[Seat]:
    """Let weak faces join where they now fit, in the order in which they were met."""
    for match in recalls:
        if groups.group_of(match.face_id) is None:
            weak = Member(match.face_id, match.photo_id, overall=0.0, solid=False)
            fits = list(fits_of(weak, lists[match.face_id], groups))
            if fits:
                best = min(fits, key=lambda fit: (-fit.margin, fit.bond.group.id))
                yield join(best, lists[match.face_id], groups)
