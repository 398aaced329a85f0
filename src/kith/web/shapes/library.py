"""The library's state as the API answers it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from kith.web.access.roles import Role


class Features(BaseModel):
    """What else this server offers."""

    rekognition: bool
    upload: bool
    labels: bool = Field(description="New photos are looked at for labels.")
    text: bool = Field(description="New photos are looked at for text.")
    jobs: bool = Field(description="There are jobs, uploads in parts, events, and a review.")
    accounts: bool = Field(description="Accounts and keys are kept here.")
    guests: bool = Field(description="Guests can come by links.")


class LibraryStatus(BaseModel):
    """How much the library holds, and what the caller may do with it."""

    name: str
    version: str
    edition: int = Field(description="Grows with every change of what a page may show.")
    photos: int
    places: int = Field(description="Files that hold photos.")
    faces: int
    people: int
    named_people: int
    unattributed_faces: int = Field(description="Nobody's, and not set aside by a human.")
    problems: int = Field(description="Files that could not become photos.")
    labelled_photos: int = Field(description="Photos that were looked at for labels.")
    read_photos: int = Field(description="Photos that were looked at for text.")
    pack: str | None = Field(description="The model pack; null until there is a photo.")
    role: Role
    account: str | None
    login: bool = Field(description="Whether a login is needed at all.")
    csrf: str | None = Field(description="To be sent as X-Kith-CSRF with what changes something.")
    features: Features


class ProblemItem(BaseModel):
    """A file that could not become a photo."""

    path: str
    reason: str
    advice: str


class ProblemPage(BaseModel):
    """Some such files, by path."""

    problems: list[ProblemItem]
    next_cursor: str | None
