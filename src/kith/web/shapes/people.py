"""Faces and people as the API answers them; many are made at once, without a question for each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from kith.domain.face import Box, Face, Quality
from kith.domain.person import Person
from kith.pipeline.serving.decided import Decided
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.signing import UrlSigner
from kith.ports.catalog import PersonSummary

# -- faces -----------------------------------------------------------------------------------------


class BoxItem(BaseModel):
    """A rectangle in the upright picture, as ratios of its width and height."""

    left: float
    top: float
    width: float
    height: float


class QualityItem(BaseModel):
    """How well a face can be recognized."""

    brightness: float = Field(description="Percent.")
    sharpness: float = Field(description="Percent.")
    pixels: float = Field(description="The shorter side of the box in the original.")
    overall: float = Field(description="One figure of all, percent.")


class PersonLabel(BaseModel):
    """Whose a face is."""

    id: str
    name: str | None
    hidden: bool


class FaceItem(BaseModel):
    """A face in a photo."""

    id: str
    photo_id: str
    box: BoxItem
    confidence: float = Field(description="How sure it is that this is a face, percent.")
    quality: QualityItem
    crop_url: str = Field(description="Where its picture is, for some hours.")
    person: PersonLabel | None
    similarity: float | None = Field(
        description="How well it fits the person's other faces, percent."
    )
    confirmed: bool = Field(description="Whether a human said that it is this person.")
    standing: Literal["stranger", "not a face"] | None = Field(
        description="What a human said of a face that is to be nobody's."
    )


def face_items(services: Services, faces: Sequence[Face]) -> list[FaceItem]:
    """These faces in their order, with whose they are, asked for all at once."""
    ids = [face.id for face in faces]
    appearances = services.catalog.appearances_of(ids)
    standings = services.catalog.standings(ids)
    people = services.people.people({each.person_id for each in appearances.values()})
    items: list[FaceItem] = []
    for face in faces:
        appearance = appearances.get(face.id)
        person = people.get(appearance.person_id) if appearance else None
        standing = standings.get(face.id)
        items.append(
            FaceItem(
                id=face.id,
                photo_id=face.photo_id,
                box=box_item(face.box),
                confidence=round(face.detail.confidence, 2),
                quality=_quality_item(face.detail.quality),
                crop_url=services.urls.crop_url(face.id),
                person=person_label(person) if person else None,
                similarity=round(appearance.similarity, 2) if appearance else None,
                confirmed=appearance.confirmed if appearance else False,
                standing=standing.value if standing else None,
            )
        )
    return items


def _quality_item(quality: Quality) -> QualityItem:
    return QualityItem(
        brightness=round(quality.brightness, 2),
        sharpness=round(quality.sharpness, 2),
        pixels=round(quality.pixels, 1),
        overall=round(quality.overall, 2),
    )


def box_item(box: Box) -> BoxItem:
    """A box."""
    return BoxItem(
        left=round(box.left, 6),
        top=round(box.top, 6),
        width=round(box.width, 6),
        height=round(box.height, 6),
    )


def person_label(person: Person) -> PersonLabel:
    """Whose a face is."""
    return PersonLabel(id=person.id, name=person.name, hidden=person.hidden)


# -- people ----------------------------------------------------------------------------------------


class PersonItem(BaseModel):
    """A person as a list shows it."""

    id: str
    name: str | None
    hidden: bool
    born: date | None
    consent: bool | None = Field(
        description="Whether the person agreed to be recognized; null: nothing was said."
    )
    photo_count: int
    face_count: int
    cover_face_id: str
    cover_url: str


class PeopleCounts(BaseModel):
    """How many people there are."""

    named: int = Field(description="Visible ones with a name.")
    unnamed: int = Field(description="Visible ones without.")
    hidden: int


class PeopleAnswer(BaseModel):
    """Some people, and where to go on."""

    people: list[PersonItem]
    next_cursor: str | None
    counts: PeopleCounts


class YearItem(BaseModel):
    """How many photos of a year show a person."""

    year: int | None = Field(description="Null for photos of unknown date.")
    photos: int


class CompanionLabel(BaseModel):
    """Somebody who is in the same photos."""

    id: str
    name: str | None
    cover_url: str


class CompanionItem(BaseModel):
    """Somebody who is in the same photos, and in how many."""

    person: CompanionLabel
    photos: int


class PersonDetail(PersonItem):
    """A person as a page shows it."""

    first_taken: str | None = Field(description="By the cameras' clocks, `2024-06-30T12:00:00`.")
    last_taken: str | None
    years: list[YearItem] = Field(description="Newest first; unknown dates last.")
    together: list[CompanionItem] = Field(description="Those in most of the same photos first.")


def person_item(urls: UrlSigner, summary: PersonSummary) -> PersonItem:
    """One person."""
    person = summary.person
    return PersonItem(
        id=person.id,
        name=person.name,
        hidden=person.hidden,
        born=person.born,
        consent=person.consent,
        photo_count=summary.photo_count,
        face_count=summary.face_count,
        cover_face_id=summary.cover,
        cover_url=urls.crop_url(summary.cover),
    )


# -- changes ---------------------------------------------------------------------------------------


class Change(BaseModel):
    """What came of a decision."""

    entries: list[int] = Field(description="Numbers in the journal; undo all of them to undo it.")
    text: str = Field(description="What was done, as one sentence.")
    moved_faces: int = Field(description="Faces that are somebody else's now, or nobody's.")
    people: list[PersonItem] = Field(description="Whom it concerns, as far as they appear.")
    edition: int = Field(description="Of the library, afterwards.")


def change_item(services: Services, decided: Decided) -> Change:
    """What came of a decision."""
    return Change(
        entries=list(decided.entries),
        text=decided.text,
        moved_faces=decided.moved_faces,
        people=[
            person_item(services.urls, each) for each in services.people.summaries(decided.people)
        ],
        edition=decided.edition + services.records.findings.edition(),
    )
