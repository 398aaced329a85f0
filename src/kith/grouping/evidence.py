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

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kith.domain.face import Match
from kith.domain.grouping import GroupId
from kith.domain.similarity import strength_of
from kith.grouping import thresholds
from kith.grouping.groups import Group, Groups


@dataclass(frozen=True, slots=True)
class Bond:
    """How a face or group stands to another group.

    Attributes:
        group: the other group.
        likeness: strength.
        margin: strength beyond what groups of these sizes need; negative where it is too little.
    """

    group: Group
    likeness: float
    margin: float


Bonds = Mapping[GroupId, Bond]


def bonds_of(
    lists: Sequence[Sequence[Match]], size: int, groups: Groups, own: Group | None = None
) -> Bonds:
    """The bonds of a group of ``size`` faces to all others that these faces' matches show.

    Args:
        lists: the matches of each face that speaks for the group; a single face speaks for itself.
        size: how many solid faces the group has.
        groups: where the matches belong.
        own: the group itself, which is left out.
    """
    gathered: dict[GroupId, tuple[Group, list[float]]] = {}
    for matches in lists:
        for group, strengths in _by_group(matches, groups):
            if group is not own:
                _, found = gathered.setdefault(group.id, (group, []))
                found.append(likeness(strengths, group.size))
    bonds: dict[GroupId, Bond] = {}
    for group_id, (group, found) in gathered.items():
        silent = len(lists) - len(found)
        mean = (sum(found) + silent * likeness((), group.size)) / len(lists)
        bonds[group_id] = Bond(group, mean, mean - needed(size, group.size))
    return bonds


def clear_margin(bonds: Bonds, group_id: GroupId) -> float:
    """The margin to that group after what its rivals take away; 0 or more to be of it."""
    margins = (bond.margin for other, bond in bonds.items() if other != group_id)
    nearest = heapq.nlargest(thresholds.RIVALS, margins)
    padded = [max(margin, thresholds.RIVAL_FLOOR) for margin in nearest]
    padded += [thresholds.RIVAL_FLOOR] * (thresholds.RIVALS - len(padded))
    crowding = sum(padded) / thresholds.RIVALS + thresholds.RIVAL_GAP
    return bonds[group_id].margin - max(0.0, crowding)


def cohesion(lists: Sequence[Sequence[Match]], group: Group, groups: Groups) -> float:
    """The likeness of a group of at least two with itself, as these of its faces see it."""
    total = 0.0
    for matches in lists:
        own = [strengths for other, strengths in _by_group(matches, groups) if other is group]
        total += likeness(own[0] if own else (), group.size - 1)
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
    crowd = thresholds.CROWDS_LIKENESS / thresholds.SINGLES_LIKENESS
    return thresholds.SINGLES_LIKENESS * math.sqrt(
        (crowd + (1 - crowd) / size) * (crowd + (1 - crowd) / other)
    )


def _by_group(matches: Sequence[Match], groups: Groups) -> Iterable[tuple[Group, list[float]]]:
    found: dict[GroupId, tuple[Group, list[float]]] = {}
    for match in matches:
        group = groups.vouched_by(match.face_id)
        if group is not None:
            _, strengths = found.setdefault(group.id, (group, []))
            strengths.append(strength_of(match.similarity))
    return found.values()
