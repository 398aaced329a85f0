"""Faces together with the photos that show them: appearances, similar faces, search results."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from pydantic import BaseModel, Field

from kith.domain.face import Face
from kith.domain.photo import PhotoId
from kith.pipeline.serving.search import FoundFace, Searched
from kith.pipeline.serving.services import Services
from kith.ports.people import Seen
from kith.web.shapes.people import (
    BoxItem,
    FaceItem,
    PersonLabel,
    box_item,
    face_items,
    person_label,
)
from kith.web.shapes.photos import PhotoItem, photo_items


class AppearanceItem(BaseModel):
    """A face, and the photo that shows it."""

    face: FaceItem
    photo: PhotoItem


class AppearancesAnswer(BaseModel):
    """Some appearances of a person, and where to go on."""

    appearances: list[AppearanceItem]
    next_cursor: str | None


class FoundItem(AppearanceItem):
    """A face like the one searched for, and the photo that shows it."""

    similarity: float = Field(description="Percent.")


class SimilarAnswer(BaseModel):
    """The faces that are most like one, most similar first."""

    faces: list[FoundItem]


class SearchedItem(BaseModel):
    """A face of the picture that was searched with."""

    box: BoxItem
    crop: str = Field(description="Its pixels, as a data URL.")
    person: PersonLabel | None
    similarity: float = Field(description="To the most similar face, percent; 0 without one.")
    photos: list[FoundItem] = Field(description="Most similar first, each photo once.")


class SearchAnswer(BaseModel):
    """Who is in a picture, and where else; the picture itself was not kept."""

    faces: list[SearchedItem] = Field(description="Largest first.")
    width: int = Field(description="Pixels of the upright picture.")
    height: int


def appearance_items(services: Services, seen: Sequence[Seen]) -> list[AppearanceItem]:
    """Appearances in their order, with faces and photos; those gone meanwhile are left out."""
    faces = services.catalog.faces_by_id([each.face_id for each in seen])
    found = [faces[each.face_id] for each in seen if each.face_id in faces]
    return [AppearanceItem(face=face, photo=photo) for face, photo, _ in _together(services, found)]


def found_items(services: Services, found: Sequence[FoundFace]) -> list[FoundItem]:
    """Found faces in their order, with their photos."""
    similarities = [each.similarity for each in found]
    return [
        FoundItem(face=face, photo=photo, similarity=round(similarities[number], 2))
        for face, photo, number in _together(services, [each.face for each in found])
    ]


def _together(services: Services, faces: Sequence[Face]) -> list[tuple[FaceItem, PhotoItem, int]]:
    """Faces with their photos and their numbers, without those whose photo is gone."""
    photo_ids = list(dict.fromkeys(face.photo_id for face in faces))
    photos = {PhotoId(photo.id): photo for photo in photo_items(services, photo_ids)}
    return [
        (item, photos[PhotoId(item.photo_id)], number)
        for number, item in enumerate(face_items(services, faces))
        if PhotoId(item.photo_id) in photos
    ]


def searched_item(services: Services, searched: Searched) -> SearchedItem:
    """A face of the picture that was searched with."""
    return SearchedItem(
        box=box_item(searched.detail.box),
        crop=f"data:image/jpeg;base64,{b64encode(searched.crop).decode()}",
        person=person_label(searched.person) if searched.person else None,
        similarity=round(searched.similarity, 2),
        photos=found_items(services, searched.found),
    )
