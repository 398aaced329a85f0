"""What speaks for a face, or a group, being the same person as another group.

*Likeness* is average linkage on strengths: the mean over all pairs of faces, where a pair that the
search did not return counts with ``ABSENT_STRENGTH``. Two bounds keep it cheap without bending it:

- Of a large group only the ``BEST`` most similar faces count, less log10(size / BEST). By the
  definition of a false-match rate, the best m of n comparisons with strangers exceed the mean of m
  by just that much, so a large group is no easier to join by accident than a small one. Up to
  ``BEST`` faces this *is* the mean.
- Of a group that seeks its like, at most ``REPRESENTATIVES`` faces speak.

How much likeness is *needed* falls as groups grow, because a mean over many pairs is more certain:
t1 * sqrt((g + (1 - g)/a) * (g + (1 - g)/b)) for groups of a and b faces, from t1 for two single
faces to g * t1 for two crowds (size-aware average linkage).

A false-match rate is a mean over all kinds of faces, and embedders see some kinds less sharply. So
the *margin* over the need must also stand out from the rivals: the other groups that are most like
the face. That is cohort (T-) normalization of speaker verification (Auckenthaler et al. 2000) with
the library itself as the cohort. It also makes grouping stricter as a library fills with strangers,
when there are more chances to be alike by accident.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kith.grouping import thresholds
from kith.grouping.groups import Group, Groups, Near, Numbers, Strengths

_CROWD = thresholds.CROWDS_LIKENESS / thresholds.SINGLES_LIKENESS

_ROUNDING = 1e-6

_LEAST_NEED = thresholds.CROWDS_LIKENESS - _ROUNDING
"""Strength. No group needs less of another, rounding included."""

_NONE = np.zeros(0, np.intp), np.zeros(0)


@dataclass(frozen=True, slots=True)
class Bonds:
    """How a face or group stands to others; the arrays are in step.

    Attributes:
        groups: the others, by their numbers.
        likeness: strengths.
        margins: strength beyond what groups of these sizes need; negative where it is too little.
    """

    groups: Numbers
    likeness: Strengths
    margins: Strengths


def near_any(near: Near, groups: Groups, own: Group | None = None) -> bool:
    """Whether a face may be as like another group as any group needs: seen at little cost.

    No likeness exceeds the strongest of the matches that it is a mean of.

    Args:
        near: the face's matches.
        groups: where they belong.
        own: a group that does not count.
    """
    count = int(np.count_nonzero(near.strengths >= _LEAST_NEED))
    heard = groups.spoken_for(Near(near.faces[:count], near.strengths[:count]))
    return bool(((heard >= 0) & (heard != (own.number if own else -1))).any())


def bonds_of(lists: Sequence[Near], size: int, groups: Groups, own: Group | None = None) -> Bonds:
    """The bonds of a group of ``size`` faces to all others that these faces' matches show.

    Args:
        lists: the matches of each face that speaks for the group; a single face speaks for itself.
        size: how many solid faces the group has.
        groups: where the matches belong.
        own: the group itself, which is left out.
    """
    if len(lists) == 1:
        numbers, mean = _likenesses(lists[0], groups, own)
        return Bonds(numbers, mean, mean - needed_by_each(size, groups.sizes(numbers)))
    heard = [_NONE, *(_likenesses(near, groups, own) for near in lists)]
    numbers = np.concatenate([numbers for numbers, _ in heard])
    order = np.argsort(numbers, kind="stable")
    numbers, starts, counts = _runs(numbers[order])
    if not len(numbers):
        return Bonds(*_NONE, np.zeros(0))
    sums = np.add.reduceat(np.concatenate([found for _, found in heard])[order], starts)
    sizes = groups.sizes(numbers)
    mean = (sums + (len(lists) - counts) * _of_none(sizes)) / len(lists)
    return Bonds(numbers, mean, mean - needed_by_each(size, sizes))


def clear_margins(bonds: Bonds, places: Numbers) -> Strengths:
    """The margins to the groups at these places after what the rivals of each take away.

    Where one is 0 or more, the face or group is of that group.
    """
    count = thresholds.RIVALS
    known = bonds.margins
    if len(known) > count + 1:
        known = np.partition(known, len(known) - count - 1)[-count - 1 :]
    nearest = np.full(count + 1, thresholds.RIVAL_FLOOR)
    nearest[: len(known)] = np.maximum(known, thresholds.RIVAL_FLOOR)
    nearest.sort()
    margins = bonds.margins[places]
    # A group is not its own rival: among the nearest its place is taken by the next.
    itself = np.maximum(np.maximum(margins, thresholds.RIVAL_FLOOR), nearest[0])
    crowding = (nearest.sum() - itself) / count + thresholds.RIVAL_GAP
    return margins - np.maximum(0.0, crowding)


def outdone(near: Near, likeness: float, groups: Groups) -> bool:
    """Whether a single face is certainly not the person of another single face.

    What is nearer to it than that one is among its matches whenever that one is. So where many
    nearer faces are alone in their groups, these rivals rule it out already, and no search has to
    tell who the others are.

    Args:
        near: some of the face's matches.
        likeness: of the two faces, a strength, from either side.
        groups: where the matches belong.
    """
    count = int(np.count_nonzero(near.strengths > likeness))
    heard = groups.spoken_for(Near(near.faces[:count], near.strengths[:count]))
    alone = (heard >= 0) & (groups.sizes(heard) == 1)
    rivals = near.strengths[:count][alone][: thresholds.RIVALS] - thresholds.SINGLES_LIKENESS
    absent = thresholds.RIVALS - len(rivals)
    crowding = (rivals.sum() + absent * thresholds.RIVAL_FLOOR) / thresholds.RIVALS
    margin = likeness - thresholds.SINGLES_LIKENESS
    return bool(margin + _ROUNDING < crowding + thresholds.RIVAL_GAP)


def cohesion(lists: Sequence[Near], group: Group, groups: Groups) -> float:
    """The likeness of a group of at least two with itself, as these of its faces see it."""
    total = 0.0
    for near in lists:
        own = near.strengths[groups.spoken_for(near) == group.number]
        total += likeness(own.tolist(), group.size - 1)
    return total / len(lists)


def likeness(strengths: Sequence[float], size: int) -> float:
    """The likeness, a strength, of one face to a group of ``size`` solid faces.

    Args:
        strengths: of the group's faces that the face's search returned, strongest first.
        size: at least 1 and at least as many as ``strengths``.
    """
    counted = min(size, thresholds.BEST)
    best = strengths[:counted]
    total = sum(best) + (counted - len(best)) * thresholds.ABSENT_STRENGTH
    return total / counted - math.log10(size / counted)


def needed(size: int, other: int) -> float:
    """The likeness, a strength, that groups of these sizes need to be one person."""
    return float(needed_by_each(size, np.array([other]))[0])


def needed_by_each(size: int, others: Numbers) -> Strengths:
    """The same for several others at once."""
    one = _CROWD + (1 - _CROWD) / size
    return thresholds.SINGLES_LIKENESS * np.sqrt(one * (_CROWD + (1 - _CROWD) / others))


def _likenesses(near: Near, groups: Groups, own: Group | None) -> tuple[Numbers, Strengths]:
    """The groups that a face's matches speak for, and the likeness of the face to each."""
    spoken_for = groups.spoken_for(near)
    counts_here = spoken_for >= 0
    if own is not None:
        counts_here &= spoken_for != own.number
    places = counts_here.nonzero()[0]
    # Stable: within a group the strongest stay first.
    places = places[np.argsort(spoken_for[places], kind="stable")]
    numbers, starts, counts = _runs(spoken_for[places])
    if not len(numbers):
        return _NONE
    sizes = groups.sizes(numbers)
    counted = np.minimum(sizes, thresholds.BEST)
    rank = np.arange(len(places)) - np.repeat(starts, counts)
    best = np.where(rank < np.repeat(counted, counts), near.strengths[places], 0.0)
    absent = counted - np.minimum(counts, counted)
    total = np.add.reduceat(best, starts) + absent * thresholds.ABSENT_STRENGTH
    return numbers, total / counted - np.log10(sizes / counted)


def _of_none(sizes: Numbers) -> Strengths:
    """The likeness to groups of these sizes of a face whose search returned none of theirs."""
    counted = np.minimum(sizes, thresholds.BEST)
    return thresholds.ABSENT_STRENGTH - np.log10(sizes / counted)


def _runs(numbers: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Each of these ascending numbers once, where it begins, and how often it is there."""
    begins = np.empty(len(numbers), np.bool_)
    begins[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=begins[1:])
    starts = begins.nonzero()[0]
    counts = np.empty_like(starts)
    np.subtract(starts[1:], starts[:-1], out=counts[:-1])
    counts[-1:] = len(numbers) - starts[-1:]
    return numbers[starts], starts, counts
