"""What is asked of people and faces: the bodies of requests."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
"""The id of something; one that is none is simply not found."""

PersonName = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$"
    ),
]
"""A name: printable, on one line."""

FaceIds = Annotated[list[Id], Field(min_length=1, max_length=5000)]


class Body(BaseModel):
    """The body of a request, in which nothing may stand that is not known."""

    model_config = ConfigDict(extra="forbid")


class PersonPatch(Body):
    """What to say of a person: exactly one of these. Null takes it back."""

    name: PersonName | None = None
    hidden: bool = False
    born: date | None = None
    consent: bool | None = None
    cover_face_id: Id = ""


class MergeBody(Body):
    """People who are one: the one who stays, and the others."""

    into: Id
    ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]


class DifferentBody(Body):
    """Two who are not one person."""

    one: Id
    other: Id


class FacesBody(Body):
    """Some faces."""

    face_ids: FaceIds


class SplitBody(FacesBody):
    """Faces that are one other person."""

    name: PersonName | None = None


class AssignBody(FacesBody):
    """Faces, and who they are: by id or by name."""

    person_id: Id | None = None
    name: PersonName | None = None


class ForgetBody(Body):
    """The name or id of a person who is to be erased."""

    confirm: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class DrawnBox(Body):
    """A rectangle in the upright picture, as ratios of its width and height."""

    left: Annotated[float, Field(ge=0, lt=1)]
    top: Annotated[float, Field(ge=0, lt=1)]
    width: Annotated[float, Field(gt=0, le=1)]
    height: Annotated[float, Field(gt=0, le=1)]


class DrawnFaceBody(Body):
    """A face that the machine missed; and who it is, by id or by name, if that is known."""

    box: DrawnBox
    person_id: Id | None = None
    name: PersonName | None = None


class RepeatsBody(Body):
    """Whether one person may be in a photo several times: a mirror, a collage."""

    allowed: bool


class UndoBody(Body):
    """Entries of the journal to take back; without any, the newest that counts."""

    entries: Annotated[list[Annotated[int, Field(ge=1)]], Field(max_length=1000)] = []
