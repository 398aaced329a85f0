"""Which pairs of people are worth asking a human about: "the same person?".

Grouping is tight: it leaves somebody in two pieces rather than mix two people. A question brings
pieces together. It is worth the pairs of faces that the answer is expected to settle: the chance
that both are one person, times the faces on each side.

*Fragments* are the people, and the faces of nobody, as they were when the questions began. What is
known of two fragments is their likeness (see ``kith.grouping.evidence``), found by one search for
the few best faces of one of them. People grow while questions are answered; the likeness of two
people is the mean of their fragments' likenesses weighted by faces, just as average linkage has it
(Sokal and Michener 1958). So an answer changes what is asked next without another search.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kith.domain.face import FaceId, Match
from kith.domain.similarity import strength_of
from kith.grouping.evidence import likeness
from kith.grouping.neighborhood import Member

FLOOR: Final = 60.0
"""Percent. Weaker similarities are not asked for. With 40, the first 100 questions settle as many
pairs of LFW, and a search answers ten times as much."""

REPRESENTATIVES: Final = 8
"""Faces of a fragment that are searched for, the best ones. 4 and 16 rank LFW's pairs alike."""

EVEN_LIKENESS: Final = 4.5
"""Strength at which two fragments are one person as often as not.

Source, like that of ``STEEPNESS``: the logistic regression of ``benchmarks/review.py`` over all
pairs of people and loose faces that LFW, in two orders of arrival, leaves after grouping."""

STEEPNESS: Final = 2.9
"""By how much the logarithm of the odds grows with one strength."""

LEAST_CHANCE: Final = 0.1
"""Pairs that are less likely one person are never asked about: nobody likes to say no ten times."""

COUNTED: Final = 200
"""Faces of a person that count at most, or an unlikely pair of two crowds would be asked before ten
likely ones."""

LOOSE_WORTH: Final = 0.1
"""What a face of nobody counts. It is blurred or small: it settles single pairs, and is hard to
tell for humans, too."""


@dataclass(frozen=True)
class Fragment:
    """A person, or a face of nobody, as it was when the questions began; ``members`` best first."""

    members: tuple[Member, ...]

    @cached_property
    def judged(self) -> tuple[FaceId, ...]:
        """The faces that count, best first: the solid ones; the best one where none is solid."""
        solid = tuple(member.face_id for member in self.members if member.solid)
        return solid or (self.members[0].face_id,)

    @property
    def size(self) -> int:
        """How many faces count."""
        return len(self.judged)

    @property
    def representatives(self) -> tuple[FaceId, ...]:
        """The faces to search for."""
        return self.judged[:REPRESENTATIVES]


@dataclass(frozen=True, slots=True)
class Nearest:
    """The two most similar faces of two fragments, and their similarity in percent."""

    similarity: float
    one: FaceId
    other: FaceId

    def turned(self) -> Nearest:
        """The same, seen from the other side."""
        return Nearest(self.similarity, self.other, self.one)


@dataclass(frozen=True, slots=True)
class Tie:
    """What one fragment's search said of another: likeness, a strength, and the nearest faces."""

    likeness: float
    nearest: Nearest


class Ties:
    """What searches said of fragments, which are known by their numbers."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self._fragments = fragments
        self._number_of = {
            face_id: number
            for number, fragment in enumerate(fragments)
            for face_id in fragment.judged
        }
        self._found: dict[int, Mapping[int, Tie]] = {}
        self._finders: dict[int, set[int]] = {}

    def searched(self, number: int) -> bool:
        """Whether this fragment's own search was heard."""
        return number in self._found

    def hear(self, number: int, lists: Mapping[FaceId, Sequence[Match]]) -> None:
        """Take in the matches of a fragment's representatives."""
        self._found[number] = self._ties(number, lists)
        for other in self._found[number]:
            self._finders.setdefault(other, set()).add(number)

    def near(self, number: int) -> set[int]:
        """The fragments that this one's search met, or that met it."""
        return self._found.get(number, {}).keys() | self._finders.get(number, set())

    def likeness(self, one: Sequence[int], other: Sequence[int]) -> float:
        """The likeness of two people, each of these fragments."""
        sizes = {number: self._fragments[number].size for number in (*one, *other)}
        total = sum(sizes[a] * sizes[b] * self._likeness(a, b) for a in one for b in other)
        return total / (sum(sizes[a] for a in one) * sum(sizes[b] for b in other))

    def nearest(self, one: Sequence[int], other: Sequence[int]) -> list[Nearest]:
        """The most similar faces of two people, one pair for every search that met the other."""
        found: list[Nearest] = []
        for a in one:
            for b in other:
                if tie := self._found.get(a, {}).get(b):
                    found.append(tie.nearest)
                if tie := self._found.get(b, {}).get(a):
                    found.append(tie.nearest.turned())
        return sorted(found, key=lambda each: (-each.similarity, each.one, each.other))

    def _likeness(self, one: int, other: int) -> float:
        """As the smaller of two fragments sees it, or else the larger: see ``bonds_of``."""
        small, large = sorted((one, other), key=lambda each: (self._fragments[each].size, each))
        searcher, met = (small, large) if self.searched(small) else (large, small)
        tie = self._found.get(searcher, {}).get(met)
        return tie.likeness if tie else likeness((), self._fragments[met].size)

    def _ties(self, number: int, lists: Mapping[FaceId, Sequence[Match]]) -> dict[int, Tie]:
        heard: dict[int, list[float]] = {}
        nearest: dict[int, Nearest] = {}
        for face_id, matches in lists.items():
            for other, found in self._by_fragment(matches, number).items():
                strengths = [strength_of(match.similarity) for match in found]
                size = self._fragments[other].size
                heard.setdefault(other, []).append(likeness(strengths, size))
                best = Nearest(found[0].similarity, face_id, found[0].face_id)
                if other not in nearest or best.similarity > nearest[other].similarity:
                    nearest[other] = best
        return {
            other: Tie(self._mean(some, len(lists), other), nearest[other])
            for other, some in heard.items()
        }

    def _mean(self, heard: Sequence[float], count: int, other: int) -> float:
        """The mean over so many faces; those whose search did not meet the other are unlike it."""
        silent = (count - len(heard)) * likeness((), self._fragments[other].size)
        return (sum(heard) + silent) / count

    def _by_fragment(self, matches: Sequence[Match], own: int) -> Mapping[int, list[Match]]:
        found: dict[int, list[Match]] = {}
        for match in matches:
            number = self._number_of.get(match.face_id)
            if number is not None and number != own:
                found.setdefault(number, []).append(match)
        return found


def chance(likeness: float) -> float:
    """How likely two fragments of this likeness (a strength) are one person, 0 to 1."""
    return 1 / (1 + math.exp(STEEPNESS * (EVEN_LIKENESS - likeness)))


def worth(likeness: float, faces: int, others: int, *, loose: bool) -> float:
    """The pairs of faces that an answer is expected to settle.

    Args:
        likeness: of the two, a strength.
        faces: how many faces one of them has.
        others: how many the other one has.
        loose: whether one of them is a face of nobody.
    """
    pairs = min(faces, COUNTED) * min(others, COUNTED)
    return chance(likeness) * pairs * (LOOSE_WORTH if loose else 1.0)


def most_worth(faces: int) -> float:
    """The most that a question about two people of no more than so many faces can be worth."""
    return float(min(faces, COUNTED) ** 2)
