"""Sessions of the review queue: one for everybody who answers, as long as the process lives."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from kith.pipeline.decisions.decide import Effect
from kith.pipeline.library import Library
from kith.pipeline.review import Answer, Question, Review, answer_question

_MOST: Final = 16
"""Sessions kept: each holds a few hundred bytes of every face. The one used least is let go."""


@dataclass(frozen=True, slots=True)
class Open:
    """The questions that are open.

    Attributes:
        questions: those that settle most, best first.
        remaining: how many there are, as far as is known.
        answered: how many answers of this session stand.
    """

    questions: Sequence[Question]
    remaining: int
    answered: int


@dataclass(slots=True)
class _Session:
    """Somebody's session; one request at a time."""

    alone: threading.Lock = field(default_factory=threading.Lock)
    library: Library | None = None
    review: Review | None = None
    asked: dict[str, Question] = field(default_factory=dict[str, Question])


class Reviews:
    """Everybody's sessions. May be called from several threads.

    A session follows what others change. What was skipped, and what can be taken back by ``undo``,
    is forgotten when the process ends; the answers themselves are in the journal.

    Args:
        library: the library with its models; asked for each request anew.
    """

    def __init__(self, library: Callable[[], Library]) -> None:
        self._library = library
        self._finding = threading.Lock()
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def questions(self, by: str, count: int) -> Open:
        """What to ask somebody next."""
        with self._session(by) as (session, review):
            questions = review.next(count)
            session.asked = {question.id: question for question in questions}
            return Open(questions, review.remaining, review.answered)

    def answer(self, by: str, question_id: str, answer: Answer) -> Effect | None:
        """Take somebody's answer; what it changed, or ``None`` for a skip.

        Raises:
            NotFoundError: one of the two is no longer there.
            UsageError: this is no question's id, or a skip of what was not asked.
        """
        with self._session(by) as (session, review):
            question = session.asked.pop(question_id, None)
            if question is None:
                # Asked before the server was restarted, or by another program.
                catalog = self._library().catalog
                return answer_question(catalog, question_id, answer, by=by)
            return review.answer(question, answer)

    def undo(self, by: str) -> Question | None:
        """Take somebody's last answer back; the question, or ``None`` if there was none."""
        with self._session(by) as (session, review):
            question = review.undo()
            if question is not None:
                session.asked[question.id] = question
            return question

    @contextmanager
    def _session(self, by: str) -> Generator[tuple[_Session, Review]]:
        with self._finding:
            session = self._sessions.setdefault(by, _Session())
            self._sessions.move_to_end(by)
            while len(self._sessions) > _MOST:
                self._sessions.popitem(last=False)
        with session.alone:
            library = self._library()
            if session.review is None or session.library is not library:
                session.library, session.review = library, Review(library, by=by)
            yield session, session.review
