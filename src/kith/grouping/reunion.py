"""A second look at the neighborhood of faces that have just found their group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from kith.domain.face import FaceId
from kith.domain.grouping import GroupId, Reunion, Seat, Step
from kith.grouping import thresholds
from kith.grouping.evidence import (
    Bonds,
    bonds_of,
    clear_margins,
    cohesion,
    near_any,
    needed,
    needed_by_each,
    outdone,
)
from kith.grouping.groups import Group, Groups, Near, Numbers, Strengths
from kith.grouping.neighborhood import Member
from kith.grouping.seating import fits_of, join

Lists = dict[FaceId, Near]
_Heard = tuple[Bonds, Strengths]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two groups that may be one person.

    Attributes:
        smaller: the one; of two single faces, that with the smaller id.
        larger: the other.
        witnesses: the faces to ask about it.
        hopeless: whether it is known without asking that they are not, as they are now.
    """

    smaller: GroupId
    larger: GroupId
    witnesses: tuple[FaceId, ...]
    hopeless: bool


def reconsider(newcomers: Sequence[FaceId], lists: Lists, groups: Groups) -> list[Step]:
    """Reunite groups and recall weak faces around these solid faces, which have their groups.

    ``lists`` holds the newcomers' matches and gains those of the faces that are asked.
    """
    pairs = [pair for face_id in newcomers for pair in _pairs(face_id, lists, groups)]
    recalls = [weak for face_id in newcomers for weak in _recalls(face_id, lists, groups)]
    hopeful = [pair for pair in pairs if not pair.hopeless]
    _ask(hopeful, (weak.face_id for weak in recalls), lists, groups)
    return [*_reunite(pairs, hopeful, lists, groups), *_recall(recalls, lists, groups)]


def _pairs(face_id: FaceId, lists: Lists, groups: Groups) -> Iterator[Pair]:
    """The pairs worth asking about: this face alone is as like the other group as both need."""
    group = groups.group_of(face_id)
    assert group is not None
    if not near_any(lists[face_id], groups, own=group):
        return
    bonds = bonds_of([lists[face_id]], 1, groups, own=group)
    lacks = needed_by_each(group.size, groups.sizes(bonds.groups)) - bonds.likeness
    near = (lacks <= 0).nonzero()[0]
    if not len(near):
        return
    refuted = _refuted(bonds, group)
    budget = thresholds.SEARCHES_PER_FACE - thresholds.RECALLS_PER_FACE
    for place in _least_first(lacks, near, bonds, groups):
        other = groups.at(int(bonds.groups[place]))
        if group.may_be(other):
            smaller, larger = _by_size(group, other)
            witnesses = _witnesses(smaller, larger)
            budget -= len(witnesses)
            if budget < 0:
                return
            if smaller is group:
                hopeless = bool(refuted[place])
            else:
                hopeless = _has_nearer(smaller, larger, float(bonds.likeness[place]), groups)
            yield Pair(smaller.id, larger.id, witnesses, hopeless)


def _refuted(bonds: Bonds, group: Group) -> NDArray[np.bool_]:
    """To which others a group is certainly not close enough, as the bonds of one face tell."""
    if group.size > 1:
        return np.zeros(len(bonds.groups), np.bool_)
    return clear_margins(bonds, np.arange(len(bonds.groups))) < 0


def _has_nearer(one: Group, other: Group, likeness: float, groups: Groups) -> bool:
    """Whether a single face certainly has too many others nearer than another single face."""
    if other.size > 1:
        return False
    (face_id,) = one.representatives(1)
    known = groups.last_found(face_id)
    return known is not None and outdone(known, likeness, groups)


def _least_first(lacks: Strengths, places: Numbers, bonds: Bonds, groups: Groups) -> Iterator[int]:
    """These places, those of the least lack first; of equal ones, by the group's id."""
    ordered = places[lacks[places].argsort()].tolist()
    for _, alike in groupby(ordered, key=lacks.__getitem__):
        several = list(alike)
        if len(several) > 1:
            several.sort(key=lambda place: groups.at(int(bonds.groups[place])).id)
        yield from several


def _by_size(one: Group, other: Group) -> tuple[Group, Group]:
    """The smaller group, and the larger one; of equal ones, the smaller id first."""
    return (one, other) if (one.size, one.id) < (other.size, other.id) else (other, one)


def _witnesses(smaller: Group, larger: Group) -> tuple[FaceId, ...]:
    witnesses = smaller.representatives(thresholds.REPRESENTATIVES)
    if smaller.size > 1:
        witnesses += larger.representatives(thresholds.COUNTERPARTS)
    return tuple(witnesses)


def _ask(pairs: Iterable[Pair], others: Iterable[FaceId], lists: Lists, groups: Groups) -> None:
    """Search for the witnesses of these pairs, and for the others."""
    asked = {face_id for pair in pairs for face_id in pair.witnesses}
    asked.update(others)
    lists.update(groups.search(sorted(asked - lists.keys())))


def _recalls(face_id: FaceId, lists: Lists, groups: Groups) -> list[Member]:
    """The nearest faces without a group that this face makes candidates for its own group."""
    group = groups.group_of(face_id)
    assert group is not None
    near = lists[face_id]
    least = needed(1, group.size) + thresholds.WEAK_EXTRA
    alone = groups.without_group(near)
    alike = alone[near.strengths[alone] >= least][: thresholds.RECALLS_PER_FACE]
    return [groups.weak_member(number) for number in near.faces[alike].tolist()]


def _reunite(
    pairs: Sequence[Pair], hopeful: Sequence[Pair], lists: Lists, groups: Groups
) -> Iterator[Reunion]:
    """Merge the pairs that are one person, the clearest first."""
    weighed = hopeful
    while True:
        heard: dict[Group, _Heard] = {}
        margins = [(_margin(pair, lists, groups, heard), pair) for pair in weighed]
        clear = [(-margin, pair.smaller, pair.larger) for margin, pair in margins if margin >= 0]
        if not clear:
            return
        if weighed is hopeful:
            # Groups are about to change: what was hopeless as they were may not be so any more.
            _ask(pairs, (), lists, groups)
            weighed = pairs
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
            if near := lists.get(face_id):
                places = np.flatnonzero(groups.spoken_for(near) == other.number)
                strengths: list[float] = near.strengths[places].tolist()
                for strength, met in zip(
                    strengths, groups.face_ids(near.faces[places]), strict=True
                ):
                    pair = (face_id, met) if group is gone else (met, face_id)
                    found.append((-strength, *pair))
    best = dict.fromkeys((gone_id, stays_id) for _, gone_id, stays_id in sorted(found))
    return tuple(best)[: thresholds.SUPPORT]


def _margin(pair: Pair, lists: Lists, groups: Groups, heard: dict[Group, _Heard]) -> float:
    """By how much the two groups, as they are now, are clearly one person; negative if not.

    Both the smaller group's rivals and the cohesion of each group have a say. ``heard`` keeps the
    bonds of groups that are the smaller one of several pairs, with their clear margins.
    """
    smaller, larger = _by_size(groups.group(pair.smaller), groups.group(pair.larger))
    if smaller is larger or not smaller.may_be(larger):
        return -1.0
    speaking = _known(smaller, thresholds.REPRESENTATIVES, lists)
    if smaller not in heard:
        bonds = bonds_of(speaking, smaller.size, groups, own=smaller)
        heard[smaller] = bonds, clear_margins(bonds, np.arange(len(bonds.groups)))
    bonds, clear = heard[smaller]
    place = int(np.searchsorted(bonds.groups, larger.number))
    if place == len(bonds.groups) or bonds.groups[place] != larger.number:
        return -1.0
    margin = float(clear[place])
    if smaller.size == 1 or margin < 0:
        return margin
    answering = _known(larger, thresholds.COUNTERPARTS, lists)
    bound = min(thresholds.COHESION_CAP, cohesion(speaking, smaller, groups))
    if answering:
        bound = min(bound, cohesion(answering, larger, groups))
    return min(margin, float(bonds.likeness[place]) - thresholds.COHESION * bound)


def _known(group: Group, count: int, lists: Mapping[FaceId, Near]) -> list[Near]:
    return [lists[face_id] for face_id in group.representatives(count) if face_id in lists]


def _recall(recalls: Sequence[Member], lists: Lists, groups: Groups) -> Iterator[Seat]:
    """Let weak faces join where they now fit, in the order in which they were met."""
    for weak in recalls:
        if groups.group_of(weak.face_id) is None:
            fits = list(fits_of(weak, lists[weak.face_id], groups))
            if fits:
                best = min(fits, key=lambda fit: (-fit.margin, fit.group.id))
                yield join(best, lists[weak.face_id], groups)
