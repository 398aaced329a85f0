"""Who is in each photo: batches of pictures in several threads, answers in order.

The collection holds the references and, for as long as they are looked at, the faces of the batches
in work: every search is small and complete however many photos there are.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from kith.domain.face import Face, Match
from kith.domain.photo import PhotoId
from kith.domain.thresholds import MAX_MATCHES
from kith.pipeline.abreast import abreast
from kith.pipeline.sorting.plan import Evidence
from kith.pipeline.sorting.references import References
from kith.pipeline.sorting.visit import Step, Visit, problem_of, read_picture
from kith.pipeline.walk import FoundFile, Refused
from kith.ports.recognition import FaceCollection, Indexed, IndexEntry

_BATCH = 8
"""Pictures indexed in one call, so that the engine can fill its batches with their faces."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one file.

    Attributes:
        file: the file as it was before it was read.
        photo_id: SHA-256 of its bytes; ``None`` if it could not be read.
        evidence: who is in it, each person once, by name.
        problem: why it is no photo, or why it is not known who is in it.
        repeats: another file with the same bytes has the evidence.
    """

    file: FoundFile
    photo_id: PhotoId | None
    evidence: tuple[Evidence, ...] = ()
    problem: Refused | None = None
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Who of these people is in the photos: what every batch needs to know."""

    references: References
    collection: FaceCollection
    min_similarity: float


def recognize(
    question: Question,
    files: Sequence[FoundFile],
    *,
    workers: int,
    answered: Collection[PhotoId] = (),
    listener: Callable[[Step], None],
) -> Generator[Answer]:
    """The answer for each file, in their order.

    Args:
        question: the people, and the collection that holds their faces.
        files: the files to look at.
        workers: threads; at least 1.
        answered: photos whose answer is known, so that further copies of them only repeat it.
        listener: told of every file.
    """
    claims = _Claims(answered)
    batches = (files[start : start + _BATCH] for start in range(0, len(files), _BATCH))
    looked = partial(_look, question=question, claims=claims)
    done = 0
    with closing(abreast(looked, batches, workers=workers, name="sort")) as answered_batches:
        for answers in answered_batches:
            for answer in answers:
                done += 1
                listener(Step("photos", done, len(files), answer.file.path))
                yield answer


class _Claims:
    """Which photos somebody looks at already: of equal files only the first one is looked at."""

    def __init__(self, photo_ids: Collection[PhotoId]) -> None:
        self._claimed = set(photo_ids)
        self._lock = threading.Lock()

    def claim(self, photo_id: PhotoId) -> bool:
        with self._lock:
            if photo_id in self._claimed:
                return False
            self._claimed.add(photo_id)
            return True


def _look(files: Sequence[FoundFile], question: Question, claims: _Claims) -> list[Answer]:
    """The answers for one batch. The pictures live no longer than this call."""
    answers: dict[FoundFile, Answer] = {}
    entries: dict[FoundFile, IndexEntry] = {}
    for file in files:
        entry = read_picture(file.path)
        if isinstance(entry, Refused):
            answers[file] = Answer(file, None, problem=entry)
        elif claims.claim(entry.photo_id):
            entries[file] = entry
        else:
            answers[file] = Answer(file, entry.photo_id, repeats=True)
    with Visit(question.collection) as visit:
        rows = visit.index(list(entries.values()))
        for file, row in zip(entries, rows, strict=True):
            answers[file] = _answer(file, row, question)
    return [answers[file] for file in files]


def _answer(file: FoundFile, row: Indexed, question: Question) -> Answer:
    if row.error is not None:
        return Answer(file, None, problem=problem_of(file.path, row.error))
    found = question.collection.search(
        [face.id for face in row.faces], min_similarity=question.min_similarity
    )
    best: dict[str, Evidence] = {}
    problem: Refused | None = None
    for face, matches in zip(row.faces, found, strict=True):
        evidence = _who(face, matches, question.references)
        if evidence is None and len(matches) >= MAX_MATCHES:
            problem = Refused(file.path, _CROWDED, "Run kith sort without --library.")
        elif evidence is not None:
            known = best.get(evidence.person)
            if known is None or evidence.similarity > known.similarity:
                best[evidence.person] = evidence
    people = tuple(best[name] for name in sorted(best))
    return Answer(file, row.photo_id, people, problem)


def _who(face: Face, matches: Sequence[Match], references: References) -> Evidence | None:
    """The one person whom this face resembles most; of equals the one whose name comes first."""
    itself = references.by_face.get(face.id)
    if itself is not None:
        # The photo is a reference picture; no search finds the face that it starts from.
        return Evidence(itself.person, itself.path, 100.0, face.box)
    candidates = [
        Evidence(reference.person, reference.path, match.similarity, face.box)
        for match in matches
        if (reference := references.by_face.get(match.face_id)) is not None
    ]
    return min(candidates, key=lambda one: (-one.similarity, one.person), default=None)


_CROWDED = "shows a face that resembles so many faces of the library that the references drown"
