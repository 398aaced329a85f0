"""Asking and answering: a session of the queue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Face, FaceId
from kith.domain.person import Person, PersonId
from kith.grouping.questions import chance
from kith.pipeline.decisions import corrections
from kith.pipeline.decisions.decide import Effect
from kith.pipeline.library import Library
from kith.pipeline.review.forbidden import Forbidden
from kith.pipeline.review.question import SEPARATOR, Question, QuestionId, Side
from kith.pipeline.review.queue import Candidate, Pair, Queue, pair_of
from kith.pipeline.review.subjects import Subject, Subjects
from kith.ports.catalog import Catalog

MOST_SHOWN = 6
"""Faces to look at on each side: a row of a terminal or a phone holds as many."""


class Answer(StrEnum):
    """What a human says to "the same person?"."""

    YES = "yes"
    NO = "no"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class _Given:
    """An answer of this session that can be taken back; a skip has no decisions."""

    question: Question
    decision_ids: tuple[str, ...]


class Review:
    """A session: asks what settles most, and makes answers so. One thread at a time.

    Answers are durable when the call returns; what was skipped comes back after everything else,
    and is forgotten when the session ends. Where somebody else changes the library meanwhile, the
    queue is made anew.

    Args:
        library: opened for writing.
        by: who answers.
    """

    def __init__(self, library: Library, *, by: str) -> None:
        self._library = library
        self._by = by
        self._given: list[_Given] = []
        self._skipped: dict[Pair, Question] = {}
        self._again: list[Pair] = []
        self._begin()

    @property
    def remaining(self) -> int:
        """How many questions are open, as far as is known: each yes answers some, and raises some.

        Only what was searched for counts, which in a large library is not everything at first.
        """
        return len(self._queue) + len(self._skipped)

    @property
    def answered(self) -> int:
        """How many answers of this session stand; skipping is none."""
        return sum(bool(given.decision_ids) for given in self._given)

    def next(self, count: int = 1) -> Sequence[Question]:
        """The questions that settle most now, best first; empty when nothing is left to ask."""
        if not self._is_current():
            self._begin()
        again = [found for pair in reversed(self._again) if (found := self._queue.get(pair))]
        if again:
            return [self._question(candidate) for candidate in again[:count]]
        found = self._queue.best(count)
        if not found and self._skipped:
            for pair in list(self._skipped):
                self._queue.set_aside(pair, aside=False)
            self._skipped.clear()
            found = self._queue.best(count)
        return [self._question(candidate) for candidate in found]

    def answer(self, question: Question, answer: Answer) -> Effect | None:
        """Take an answer; what it changed, or ``None`` for a skip.

        Raises:
            NotFoundError: one of the two is no longer there.
        """
        pair = pair_of(question.one.id, question.other.id)
        self._again = [each for each in self._again if each != pair]
        current = self._is_current()
        effect = None
        if answer is Answer.SKIP:
            self._skipped[pair] = question
        else:
            effect = answer_question(self._library.catalog, question.id, answer, by=self._by)
        self._queue.set_aside(pair)
        ids = tuple(each.id for each in effect.decisions) if effect else ()
        self._given.append(_Given(question, ids))
        if effect:
            self._follow(pair, effect, apart=answer is Answer.NO, current=current)
        return effect

    def undo(self) -> Question | None:
        """Take the last answer of this session back, and ask again; ``None`` if there is none."""
        if not self._given:
            return None
        given = self._given.pop()
        pair = pair_of(given.question.one.id, given.question.other.id)
        self._skipped.pop(pair, None)
        if given.decision_ids:
            current = self._is_current()
            effect = corrections.undo(self._library.catalog, given.decision_ids, by=self._by)
            self._forbidden.read()
            self._follow(pair, effect, apart=False, current=current)
        self._queue.set_aside(pair, aside=False)
        self._again.append(pair)
        return given.question

    def _begin(self) -> None:
        """Read the library; what was skipped stays skipped."""
        self._edition = self._library.catalog.edition()
        self._subjects = Subjects(self._library.catalog)
        self._forbidden = Forbidden(self._library.catalog)
        self._queue = Queue(self._subjects, self._forbidden, self._library.collection)
        for pair in self._skipped:
            self._queue.set_aside(pair)

    def _is_current(self) -> bool:
        """Whether nobody else has changed the library since it was read."""
        return self._library.catalog.edition() == self._edition

    def _follow(self, pair: Pair, effect: Effect, *, apart: bool, current: bool) -> None:
        """Bring the queue to what an answer has made of people.

        If it was not ``current`` before the answer, it is left to be made anew.
        """
        one, other = (self._subjects.get(subject_id) for subject_id in pair)
        if apart and one and other:
            self._forbidden.keep_apart(one, other)
        moved = {*effect.before.values(), *effect.after.values(), *effect.before.keys(), *pair}
        changed = self._subjects.look_again(str(each) for each in moved if each)
        self._queue.look_again(changed)
        if current:
            self._edition = self._library.catalog.edition()

    # -- how a question is put ---------------------------------------------------------------------

    def _question(self, candidate: Candidate) -> Question:
        subjects = [self._subjects.get(subject_id) for subject_id in candidate.pair]
        one, other = sorted((each for each in subjects if each), key=_standing)
        nearest = self._queue.ties.nearest(one.fragments, other.fragments)
        faces = self._faces([each.one for each in nearest], one)
        others = self._faces([each.other for each in nearest], other)
        return Question(
            QuestionId(f"{one.id}{SEPARATOR}{other.id}"),
            _side(one, faces),
            _side(other, others),
            chance(candidate.likeness),
            nearest[0].similarity,
        )

    def _faces(self, similar: Sequence[FaceId], subject: Subject) -> tuple[Face, ...]:
        """The faces to look at: the most similar one, the cover, the best of every fragment."""
        chosen = dict.fromkeys([*similar[:1], *self._telling(subject), *similar])
        found = self._library.catalog.faces_by_id(list(chosen)[:MOST_SHOWN])
        return tuple(found[face_id] for face_id in list(chosen)[:MOST_SHOWN] if face_id in found)

    def _telling(self, subject: Subject) -> Iterator[FaceId]:
        if subject.person and subject.person.cover:
            yield subject.person.cover
        fragments = [self._subjects.fragments[number] for number in subject.fragments]
        best = [fragment.members for fragment in fragments]
        for rank in range(MOST_SHOWN):
            yield from (members[rank].face_id for members in best if rank < len(members))


def answer_question(catalog: Catalog, question_id: str, answer: Answer, *, by: str) -> Effect:
    """Take an answer to a question of any session.

    Raises:
        NotFoundError: one of the two is not there.
        UsageError: this is no question's id, or the answer is to skip.
    """
    if answer is Answer.SKIP:
        raise UsageError("Skipping is no answer", "Answer yes or no.")
    one, other = _those_in(catalog, question_id)
    match one, other:
        case (Person(), Person()) if one.id != other.id:
            said = corrections.same_person if answer is Answer.YES else corrections.different_people
            return said(catalog, one, other, by=by)
        case (Person() as person, str() as face_id) | (str() as face_id, Person() as person):
            said = corrections.confirm if answer is Answer.YES else corrections.not_this_person
            return said(catalog, person, [FaceId(face_id)], by=by)
        case _:
            raise UsageError(
                f"{question_id!r} asks about nobody, or about one person twice",
                "See `kith review --json` for the questions that are open.",
            )


def _those_in(catalog: Catalog, question_id: str) -> tuple[Person | FaceId, Person | FaceId]:
    ids = question_id.split(SEPARATOR)
    if len(ids) != 2:
        raise UsageError(f"{question_id!r} is not the id of a question", "See kith review --json.")
    return _person_or_face(catalog, ids[0]), _person_or_face(catalog, ids[1])


def _person_or_face(catalog: Catalog, id_: str) -> Person | FaceId:
    with suppress(NotFoundError):
        return catalog.person(PersonId(id_))
    if FaceId(id_) in catalog.faces_by_id([FaceId(id_)]):
        return FaceId(id_)
    raise NotFoundError(f"There is neither a person nor a face {id_!r}", "It may be gone by now.")


def _standing(subject: Subject) -> tuple[bool, bool, int, str]:
    """Who stands first in a question: the named, then the larger."""
    named = subject.person is not None and subject.person.name is not None
    return (not named, subject.person is None, -len(subject.faces), subject.id)


def _side(subject: Subject, faces: tuple[Face, ...]) -> Side:
    return Side(subject.id, subject.person, len(subject.faces), len(subject.photos), faces)
