"""A question as doors show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NewType

from kith.domain.face import Face
from kith.domain.person import Person
from kith.pipeline.export import person_json
from kith.ports.catalog import Catalog

QuestionId = NewType("QuestionId", str)
"""The ids of both sides, joined by ``SEPARATOR``; it means the same in every session."""

SEPARATOR = "+"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that may be the same person.

    Attributes:
        id: of the person, or of the face that is nobody's.
        person: who; ``None`` for a face that is nobody's.
        face_count: how many faces it has.
        photo_count: how many photos show it.
        faces: those to look at, the most telling first.
    """

    id: str
    person: Person | None
    face_count: int
    photo_count: int
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Are these two the same person?

    Attributes:
        id: to answer it by.
        one: who has a name, or else more faces.
        other: the other person, or a face that is nobody's.
        chance: how likely the answer is yes, 0 to 1.
        similarity: percent, of the most similar faces.
    """

    id: QuestionId
    one: Side
    other: Side
    chance: float
    similarity: float


def question_json(question: Question, catalog: Catalog) -> dict[str, Any]:
    """The question as an object of JSON, with the files that show the faces."""
    return {
        "id": question.id,
        "chance": round(question.chance, 3),
        "similarity": round(question.similarity, 2),
        "one": _side_json(question.one, catalog),
        "other": _side_json(question.other, catalog),
    }


def _side_json(side: Side, catalog: Catalog) -> dict[str, Any]:
    places = catalog.places_of({face.photo_id for face in side.faces})
    return {
        "person": person_json(side.person) if side.person else None,
        "face_count": side.face_count,
        "photo_count": side.photo_count,
        "faces": [
            {
                "face_id": face.id,
                "photo_id": face.photo_id,
                "places": [place.path for place in places.get(face.photo_id, ())],
            }
            for face in side.faces
        ],
    }
