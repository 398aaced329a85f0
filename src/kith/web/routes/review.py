"""The review queue: is this the same person?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from kith.domain.face import Face, FaceId
from kith.pipeline.review import Answer, Question, Side
from kith.pipeline.serving.decided import decided
from kith.web.access.roles import Editor
from kith.web.services import Served, Services
from kith.web.shapes.asked import Body
from kith.web.shapes.people import (
    Change,
    FaceItem,
    PersonLabel,
    change_item,
    face_items,
    person_label,
)

router = APIRouter(prefix="/review", tags=["review"])


class LookedAtItem(FaceItem):
    """A face that is looked at closely."""

    large_crop_url: str = Field(description="Where a larger picture of it is, for some hours.")


class SideItem(BaseModel):
    """One of the two that may be the same person."""

    id: str = Field(description="Of the person, or of a face that is nobody's.")
    person: PersonLabel | None
    face_count: int
    photo_count: int
    faces: list[LookedAtItem] = Field(description="The most telling first.")


class QuestionItem(BaseModel):
    """Are these two the same person?"""

    id: str
    similarity: float = Field(description="Of the most similar faces, percent.")
    settles: int = Field(description="Faces that a yes gives to somebody.")
    one: SideItem = Field(description="Who has a name, or else more faces.")
    other: SideItem


class ReviewAnswer(BaseModel):
    """The questions that settle most, best first."""

    remaining: int = Field(description="Open questions, as far as is known.")
    answered: int = Field(description="Answers of this session that stand.")
    questions: list[QuestionItem]


class AnswerBody(Body):
    """What a human says to a question."""

    answer: Answer


class AskedAgain(BaseModel):
    """The question whose answer was taken back; null if there was none."""

    question: QuestionItem | None


class Nothing(BaseModel):
    """What a skip changes."""

    model_config = ConfigDict(extra="forbid")


@router.get("")
def get_review(
    services: Served,
    caller: Editor,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> ReviewAnswer:
    """What to answer next; one session for everybody who answers."""
    open_ = services.reviews.questions(caller.name, limit)
    return ReviewAnswer(
        remaining=open_.remaining,
        answered=open_.answered,
        questions=_question_items(services, open_.questions),
    )


@router.post("/undo")
def post_review_undo(services: Served, caller: Editor) -> AskedAgain:
    """Take the last answer of this session back."""
    question = services.reviews.undo(caller.name)
    asked = _question_items(services, [question]) if question else [None]
    return AskedAgain(question=asked[0])


@router.post("/{question_id}")
def post_answer(
    services: Served, caller: Editor, question_id: str, body: AnswerBody
) -> Change | Nothing:
    """Answer a question; a skipped one comes back after all others."""
    effect = services.reviews.answer(caller.name, question_id, body.answer)
    if effect is None:
        return Nothing()
    return change_item(services, decided(services.catalog, effect))


def _question_items(services: Services, questions: Sequence[Question]) -> list[QuestionItem]:
    """The questions, with all their faces asked for at once."""
    faces: dict[str, Face] = {
        face.id: face
        for question in questions
        for side in (question.one, question.other)
        for face in side.faces
    }
    items = {
        item.id: LookedAtItem(
            **item.model_dump(),
            large_crop_url=services.urls.crop_url(FaceId(item.id), large=True),
        )
        for item in face_items(services, list(faces.values()))
    }
    return [
        QuestionItem(
            id=question.id,
            similarity=round(question.similarity, 2),
            settles=question.other.face_count,
            one=_side_item(question.one, items),
            other=_side_item(question.other, items),
        )
        for question in questions
    ]


def _side_item(side: Side, items: dict[str, LookedAtItem]) -> SideItem:
    return SideItem(
        id=side.id,
        person=person_label(side.person) if side.person else None,
        face_count=side.face_count,
        photo_count=side.photo_count,
        faces=[items[face.id] for face in side.faces],
    )
