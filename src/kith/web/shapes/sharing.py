"""Links, and what guests see by them, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from kith.domain.access import Link
from kith.domain.query import MOST_CHARACTERS
from kith.pipeline.sharing.links import LONGEST_TITLE
from kith.web.shapes.access import moment
from kith.web.shapes.photos import PhotoItem


class NewLink(BaseModel):
    """A link that is to be made."""

    query: str = Field(
        default="", max_length=MOST_CHARACTERS, description='Which photos, as `album:"Sea"`.'
    )
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    expires_at: AwareDatetime | None = Field(default=None, description="When it ends; null: never.")
    password: str | None = Field(default=None, min_length=4, max_length=1000)
    download: bool = Field(default=False, description="Whether guests may have the originals.")
    people: bool = Field(default=False, description="Whether guests see who is in the photos.")
    find_me: bool = Field(
        default=False, description="Whether guests may look for themselves with a picture."
    )


class LinkChange(BaseModel):
    """What is to be different of a link; what is not given stays."""

    query: str | None = Field(default=None, max_length=MOST_CHARACTERS)
    title: str | None = Field(default=None, min_length=1, max_length=LONGEST_TITLE)
    expires_at: AwareDatetime | None = Field(default=None, description="Null: it never ends.")
    password: str | None = Field(
        default=None, min_length=4, max_length=1000, description="Null: none is needed."
    )
    download: bool | None = None
    people: bool | None = None
    find_me: bool | None = None


class LinkItem(BaseModel):
    """A link, as those who make links see it."""

    id: str
    url: str = Field(description="What guests are given.")
    token: str = Field(description="What the URL ends with.")
    query: str
    title: str
    by: str = Field(description="Who made it.")
    created_at: datetime
    expires_at: datetime | None
    password: bool = Field(description="Whether guests must know one.")
    download: bool
    people: bool
    find_me: bool
    opened: int = Field(description="How often guests opened it.")
    last_opened_at: datetime | None
    revoked: bool
    works: bool = Field(description="Whether guests may use it now.")


class LinkList(BaseModel):
    """All links, the newest first; those that were taken back, too."""

    links: Sequence[LinkItem]


class FocusItem(BaseModel):
    """A place in a picture, in ratios of its width and height."""

    x: float
    y: float


class Shared(BaseModel):
    """What a guest sees first. While it is locked, only the title and that a password is needed."""

    title: str
    total: int | None = Field(description="Photos; null while it is locked.")
    download: bool
    people: bool
    find_me: bool
    consent_text: str | None = Field(description="What a guest agrees to before `find`.")
    locked: bool
    cover: PhotoItem | None
    cover_focus: FocusItem | None = Field(
        description="What stays in view however the cover is cropped: the middle of its faces."
    )


class Unlocking(BaseModel):
    """What a guest knows."""

    password: str = Field(max_length=1000)


class GuestPersonItem(BaseModel):
    """Somebody in the photos of a link."""

    id: str
    name: str | None
    photo_count: int
    cover_url: str


class GuestPeople(BaseModel):
    """Who is in the photos of a link, those in most of them first."""

    people: Sequence[GuestPersonItem]


class GuestPhoto(PhotoItem):
    """One photo of a link: nothing is told of where it was taken, or what lies in its file."""

    people: Sequence[GuestPersonItem] | None = Field(
        description="Who is in it; null where the link does not tell."
    )
    download_url: str | None = Field(description="Null where the link does not let guests.")


class GuestMatches(BaseModel):
    """The photos of a link that show a guest."""

    photos: Sequence[PhotoItem]


def link_item(link: Link, query: str, token: str, base: str, now: float) -> LinkItem:
    """A link.

    Args:
        link: which.
        query: as a human would write it.
        token: of the link.
        base: scheme and host of the page.
        now: seconds since 1970.
    """
    return LinkItem(
        id=link.id,
        url=f"{base}/s/{token}",
        token=token,
        query=query,
        title=link.title,
        by=link.by,
        created_at=moment(link.created),
        expires_at=None if link.expires is None else moment(link.expires),
        password=link.password is not None,
        download=link.download,
        people=link.people,
        find_me=link.find_me,
        opened=link.opened,
        last_opened_at=None if link.last_opened is None else moment(link.last_opened),
        revoked=link.revoked is not None,
        works=link.works(now),
    )
