"""The open questions, the one that is worth most first.

Searching for every face of a large library would take minutes, so the queue searches only as far as
the next question needs. The larger people come first: what has not been searched for yet is a pair
of smaller ones, which cannot be worth more than their sizes allow.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kith.domain.face import FaceId
from kith.grouping.questions import (
    FLOOR,
    LEAST_CHANCE,
    Ties,
    chance,
    most_worth,
    worth,
)
from kith.pipeline.review.forbidden import Forbidden
from kith.pipeline.review.subjects import Subject, SubjectId, Subjects
from kith.ports.recognition import FaceCollection

Pair = tuple[SubjectId, SubjectId]
"""Two subjects, the smaller id first."""

_BATCH: Final = 128
"""Faces that are searched for at once."""

_PATIENCE: Final = 8
"""Batches at most before a question is asked, though a better one may be found later: the user has
waited for seconds by then."""

_BESIDE: Final = 256
"""Matches beyond a person's own faces."""

_LOOKED_AHEAD: Final = 32
"""Open questions whose smaller side is searched for together."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair that may be asked about, its likeness and what asking is worth."""

    pair: Pair
    likeness: float
    worth: float


@dataclass(slots=True)
class _Open:
    """The open candidates: the heap may hold outdated ones, the mapping does not."""

    heap: list[tuple[float, Pair]] = field(default_factory=list[tuple[float, Pair]])
    current: dict[Pair, Candidate] = field(default_factory=dict[Pair, Candidate])
    pairs_of: dict[SubjectId, set[Pair]] = field(default_factory=dict[SubjectId, set[Pair]])

    def put(self, candidate: Candidate) -> None:
        self.drop(candidate.pair)
        self.current[candidate.pair] = candidate
        heapq.heappush(self.heap, (-candidate.worth, candidate.pair))
        for subject_id in candidate.pair:
            self.pairs_of.setdefault(subject_id, set()).add(candidate.pair)

    def drop(self, pair: Pair) -> None:
        if self.current.pop(pair, None) is not None:
            for subject_id in pair:
                self.pairs_of[subject_id].discard(pair)

    def best(self, count: int) -> list[Candidate]:
        """The first ones that are still current, most worth first."""
        found: list[Candidate] = []
        while self.heap and len(found) < count:
            negative, pair = heapq.heappop(self.heap)
            candidate = self.current.get(pair)
            if candidate and candidate.worth == -negative and candidate not in found:
                found.append(candidate)
        for candidate in found:
            heapq.heappush(self.heap, (-candidate.worth, candidate.pair))
        return found


class Queue:
    """Finds and ranks the pairs that are worth asking about.

    Args:
        subjects: those who may be asked about.
        forbidden: the pairs that may not.
        collection: searched as far as needed.
    """

    def __init__(
        self, subjects: Subjects, forbidden: Forbidden, collection: FaceCollection
    ) -> None:
        self._subjects = subjects
        self._forbidden = forbidden
        self._collection = collection
        self.ties = Ties(subjects.fragments)
        self._open = _Open()
        self._answered: set[Pair] = set()
        self._next = 0

    def __len__(self) -> int:
        return len(self._open.current)

    def get(self, pair: Pair) -> Candidate | None:
        """The pair, if it is open."""
        return self._open.current.get(pair)

    def best(self, count: int) -> Sequence[Candidate]:
        """The questions that are worth most; fewer where there are not so many."""
        for _ in range(_PATIENCE):
            found = self._open.best(max(count, _LOOKED_AHEAD))
            unsure = self._unsure(found)
            certain = len(found) >= count and found[count - 1].worth >= self._most_hidden()
            if unsure:
                self._search(unsure)
            elif certain or self._next >= len(self._subjects.fragments):
                break
            else:
                self._search_on()
        return self._open.best(count)

    def set_aside(self, pair: Pair, aside: bool = True) -> None:
        """The pair is not to be asked about, or (``aside`` false) again."""
        if aside:
            self._answered.add(pair)
            self._open.drop(pair)
        else:
            self._answered.discard(pair)
            self._rate(pair)

    def look_again(self, subject_ids: Iterable[SubjectId]) -> None:
        """These subjects are no longer what they were."""
        for subject_id in subject_ids:
            for pair in list(self._open.pairs_of.get(subject_id, ())):
                self._open.drop(pair)
            subject = self._subjects.get(subject_id)
            if subject:
                self._rate_all(subject)

    # -- what is asked -----------------------------------------------------------------------------

    def _rate_all(self, subject: Subject) -> None:
        near = {other for number in subject.fragments for other in self.ties.near(number)}
        others = {found.id for number in near if (found := self._subjects.of(number))}
        for other in others - {subject.id}:
            self._rate(pair_of(subject.id, other))

    def _rate(self, pair: Pair) -> None:
        """See whether a pair is to be asked about, and what that is worth."""
        one, other = (self._subjects.get(subject_id) for subject_id in pair)
        if not one or not other or pair in self._answered:
            return
        likeness = self.ties.likeness(one.fragments, other.fragments)
        if chance(likeness) >= LEAST_CHANCE and not self._forbidden.forbids(one, other):
            loose = one.person is None or other.person is None
            value = worth(likeness, len(one.faces), len(other.faces), loose=loose)
            self._open.put(Candidate(pair, likeness, value))
        else:
            self._open.drop(pair)

    # -- what is searched --------------------------------------------------------------------------

    def _most_hidden(self) -> float:
        """The most that a pair can be worth of which no search has told yet."""
        fragments = self._subjects.fragments
        left = self._next < len(fragments)
        return most_worth(len(fragments[self._next].members)) if left else 0.0

    def _unsure(self, candidates: Iterable[Candidate]) -> list[int]:
        """Fragments that should be searched for before these questions are asked."""
        numbers: list[int] = []
        for candidate in candidates:
            sides = [self._subjects.get(subject_id) for subject_id in candidate.pair]
            small = min((side for side in sides if side), key=lambda side: len(side.faces))
            numbers += [n for n in small.fragments if not self.ties.searched(n)]
        return list(dict.fromkeys(numbers))

    def _search_on(self) -> None:
        numbers: list[int] = []
        faces = 0
        while self._next < len(self._subjects.fragments) and faces < _BATCH:
            if not self.ties.searched(self._next):
                numbers.append(self._next)
                faces += len(self._subjects.fragments[self._next].representatives)
            self._next += 1
        self._search(numbers)

    def _search(self, numbers: Sequence[int]) -> None:
        fragments = {number: self._subjects.fragments[number] for number in numbers}
        asked: list[FaceId] = [id_ for each in fragments.values() for id_ in each.representatives]
        largest = max((len(each.members) for each in fragments.values()), default=0)
        lists = dict(
            zip(
                asked,
                self._collection.search(asked, min_similarity=FLOOR, limit=largest + _BESIDE),
                strict=True,
            )
        )
        for number, fragment in fragments.items():
            self.ties.hear(number, {id_: lists[id_] for id_ in fragment.representatives})
        for number in numbers:
            subject = self._subjects.of(number)
            if subject:
                self._rate_all(subject)


def pair_of(one: SubjectId, other: SubjectId) -> Pair:
    """Two subjects as a pair."""
    return (one, other) if one < other else (other, one)
