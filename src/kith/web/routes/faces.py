"""Faces: those like one, whose they are, and those that are nobody's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from kith.domain.errors import NotFoundError
from kith.domain.face import Box, FaceId
from kith.domain.photo import PhotoId
from kith.domain.thresholds import DEFAULT_MIN_SIMILARITY
from kith.pipeline.decisions import corrections
from kith.pipeline.serving.decided import assign, decided
from kith.pipeline.serving.drawing import Drawing, draw_face
from kith.pipeline.serving.handing import put_crop
from kith.pipeline.serving.search import similar_faces
from kith.web.access.roles import Editor, Reader
from kith.web.services import Served, Services
from kith.web.shapes.asked import AssignBody, DrawnFaceBody, FacesBody, RepeatsBody
from kith.web.shapes.found import SimilarAnswer, found_items
from kith.web.shapes.people import Change, FaceItem, change_item, face_items

router = APIRouter(tags=["faces"])

Similarity = Annotated[float, Query(ge=0, le=100, description="Percent, at least.")]


@router.get("/faces/{face_id}")
def get_face(services: Served, _caller: Reader, face_id: str) -> FaceItem:
    """One face."""
    face = services.catalog.faces_by_id([FaceId(face_id)]).get(FaceId(face_id))
    if face is None:
        raise NotFoundError(f"The library has no face {face_id!r}")
    return face_items(services, [face])[0]


@router.get("/faces/{face_id}/similar")
def get_similar(
    services: Served,
    _caller: Reader,
    face_id: str,
    min_similarity: Similarity = DEFAULT_MIN_SIMILARITY,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> SimilarAnswer:
    """The faces that are most like this one, most similar first.

    Faces of people who refused to be recognized are not among them.
    """
    found = similar_faces(
        services.library(), FaceId(face_id), min_similarity=min_similarity, limit=limit
    )
    return SimilarAnswer(faces=found_items(services, found))


@router.post("/faces/assign")
def post_assign(services: Served, caller: Editor, body: AssignBody) -> Change:
    """Say who these faces are: a person, or a name, which makes a person if nobody has it."""
    made = assign(
        services.catalog,
        services.queries,
        _ids(body.face_ids),
        person_id=body.person_id,
        name=body.name,
        by=caller.name,
    )
    return change_item(services, made)


@router.post("/faces/not-a-face")
def post_not_a_face(services: Served, caller: Editor, body: FacesBody) -> Change:
    """What was found here is no face: a statue, a pattern, a poster."""
    effect = corrections.not_a_face(services.catalog, _ids(body.face_ids), by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.post("/faces/strangers")
def post_stranger_faces(services: Served, caller: Editor, body: FacesBody) -> Change:
    """These faces are nobody that is known, and nobody to be asked about."""
    effect = corrections.stranger_faces(services.catalog, _ids(body.face_ids), by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.post("/photos/{photo_id}/strangers")
def post_strangers(services: Served, caller: Editor, photo_id: str) -> Change:
    """Everyone without a name in this photo is a stranger."""
    known = _known(services, photo_id)
    effect = corrections.strangers(services.catalog, [known], by=caller.name)
    return change_item(services, decided(services.catalog, effect))


@router.post("/photos/{photo_id}/repeats")
def post_repeats(services: Served, caller: Editor, photo_id: str, body: RepeatsBody) -> Change:
    """One person may be in this photo several times, or (`allowed` false) may not."""
    known = _known(services, photo_id)
    effect = corrections.repeats(services.catalog, known, body.allowed, by=caller.name)
    return change_item(services, decided(services.catalog, effect))


class DrawnFaceAnswer(BaseModel):
    """A face that somebody drew."""

    face: FaceItem
    change: Change | None = Field(description="Null if the face was there already.")


@router.post("/photos/{photo_id}/faces")
def post_drawn_face(
    services: Served, caller: Editor, photo_id: str, body: DrawnFaceBody
) -> DrawnFaceAnswer:
    """Here is a face that the machine missed; where a face is already, it is that one.

    It is searched and grouped as any other, and stays through every new look at the photo. Undoing
    takes it away again.
    """
    box = Box(body.box.left, body.box.top, body.box.width, body.box.height)
    drawn = draw_face(
        services.library,
        services.turn,
        services.queries,
        Drawing(PhotoId(photo_id), box, body.person_id, body.name, caller.name),
    )
    if services.store is not None:
        put_crop(services, drawn.face.id)
    return DrawnFaceAnswer(
        face=face_items(services, [drawn.face])[0],
        change=change_item(services, drawn.decided) if drawn.decided else None,
    )


def _known(services: Services, photo_id: str) -> PhotoId:
    if not services.catalog.has_photos([PhotoId(photo_id)]):
        raise NotFoundError(f"The library has no photo {photo_id!r}")
    return PhotoId(photo_id)


def _ids(face_ids: list[str]) -> list[FaceId]:
    """The faces, each once."""
    return [FaceId(face_id) for face_id in dict.fromkeys(face_ids)]
