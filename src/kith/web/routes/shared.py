"""What guests see by a link, without an account: the photos of its query, and nothing else.

A link that is unknown, has ended or was taken back is not found; strangers learn not which.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kith.domain.access import Link
from kith.domain.errors import ForbiddenError, LoginNeededError
from kith.domain.person import PersonId
from kith.domain.photo import PhotoId
from kith.imaging.picture import Picture
from kith.pipeline.serving.browse import month_name, within_month
from kith.pipeline.serving.cursors import position_cursor, position_of
from kith.pipeline.serving.services import Services
from kith.pipeline.serving.signing import PhotoPicture, UrlSigner
from kith.pipeline.sharing.cover import cover_of
from kith.pipeline.sharing.guests import (
    CONSENT,
    GuestPerson,
    find_me,
    people_in,
    photos_of,
    require_find_me,
    require_photo,
)
from kith.pipeline.sharing.links import PROOF_SECONDS, is_locked, link_of_token, unlock
from kith.ports.queries import Order
from kith.web.access.requests import origin_seen
from kith.web.pictures_in import read_picture_form
from kith.web.routes.photos import MonthText
from kith.web.services import Served
from kith.web.shapes.photos import MonthItem, PhotoItem, PhotoPage, Timeline, photo_item
from kith.web.shapes.sharing import (
    FocusItem,
    GuestMatches,
    GuestPeople,
    GuestPersonItem,
    GuestPhoto,
    Shared,
    Unlocking,
)

_VISITS_PER_MINUTE = 600
"""Questions of guests from one address: a page scrolls fast."""

_SEARCHES_PER_MINUTE = 10
"""Pictures of guests from one address."""

_FIRST_FOUND = 1000
"""Photos in which a guest finds himself, at most."""

_FIND_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["picture", "consent"],
                    "properties": {
                        "picture": {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                            "description": "Shows the guest; it is not kept.",
                        },
                        "consent": {
                            "type": "boolean",
                            "description": "That the guest agreed to `consent_text`.",
                        },
                    },
                }
            }
        },
    }
}


def _the_link(
    request: Request,
    services: Served,
    token: Annotated[str, Path(max_length=100, description="What the link ends with.")],
) -> Link:
    """The link that the guest shows, locked or not."""
    services.access.pace.take("shared", origin_seen(request).address, _VISITS_PER_MINUTE)
    return link_of_token(services.access, token)


def _the_open_link(
    request: Request, services: Served, link: Annotated[Link, Depends(_the_link)]
) -> Link:
    """The link that the guest shows, if he knows its password."""
    if is_locked(services.access, link, request.cookies.get(_cookie(link))):
        raise LoginNeededError("This link needs a password", "Unlock it first.")
    return link


AnyLink = Annotated[Link, Depends(_the_link)]
OpenLink = Annotated[Link, Depends(_the_open_link)]

router = APIRouter(prefix="/shared/{token}", tags=["sharing"])


@router.get("")
def get_shared(request: Request, services: Served, link: AnyLink) -> Shared:
    """What the link is, and whether it needs a password. That it was opened is counted."""
    locked = is_locked(services.access, link, request.cookies.get(_cookie(link)))
    total, cover, item = None, None, None
    if not locked:
        services.access.records.links.opened(link.id, services.access.clock())
        selection = photos_of(services.records, link)
        total = services.queries.count(selection)
        cover = cover_of(services.catalog, services.queries, selection)
        item = next(iter(_items(services, link, [cover.photo_id])), None) if cover else None
    return Shared(
        title=link.title,
        total=total,
        download=link.download,
        people=link.people,
        find_me=link.find_me,
        consent_text=CONSENT if link.find_me else None,
        locked=locked,
        cover=item,
        cover_focus=FocusItem(x=cover.focus.x, y=cover.focus.y) if cover and cover.focus else None,
    )


@router.post("/unlock", status_code=204)
def post_unlock(
    request: Request, response: Response, services: Served, link: AnyLink, body: Unlocking
) -> None:
    """Say the password; a cookie remembers for a day that it was right."""
    origin = origin_seen(request)
    proof = unlock(services.access, link, body.password, origin.address)
    response.set_cookie(
        _cookie(link),
        proof,
        max_age=PROOF_SECONDS,
        path=request.url.path.removesuffix("/unlock"),
        secure=origin.secure,
        httponly=True,
        samesite="lax",
    )


@router.get("/timeline")
def get_timeline(
    services: Served,
    link: OpenLink,
    person: Annotated[PersonId | None, Query(description="Only photos that show them.")] = None,
) -> Timeline:
    """How many of the photos each month has."""
    found = services.queries.months(photos_of(services.records, link, of=person))
    return Timeline(
        total=sum(one.photo_count for one in found),
        edition=services.catalog.edition(),
        months=[MonthItem(month=month_name(one.first), photos=one.photo_count) for one in found],
    )


@router.get("/photos")
def get_photos(  # noqa: PLR0913, PLR0917 - a query has so many parts
    services: Served,
    link: OpenLink,
    person: Annotated[PersonId | None, Query(description="Only photos that show them.")] = None,
    order: Order = Order.NEWEST,
    month: MonthText = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> PhotoPage:
    """The photos, a page at a time; those of unknown date come last."""
    selection = within_month(photos_of(services.records, link, of=person), month)
    page = services.queries.page(selection, order=order, after=position_of(cursor), limit=limit)
    return PhotoPage(
        photos=_items(services, link, page.photo_ids), next_cursor=position_cursor(page.end)
    )


@router.get("/photos/{photo_id}")
def get_photo(services: Served, link: OpenLink, photo_id: str) -> GuestPhoto:
    """One of the photos."""
    found = require_photo(services.records, link, PhotoId(photo_id))
    urls = services.urls.for_link(link.id)
    (item,) = _items(services, link, [found])
    people = people_in(services.records, link, [found]) if link.people else None
    return GuestPhoto(
        **item.model_dump(),
        people=None if people is None else [_person(urls, one) for one in people],
        download_url=urls.photo_url(found, PhotoPicture.DOWNLOAD) if link.download else None,
    )


@router.get("/people")
def get_people(services: Served, link: OpenLink) -> GuestPeople:
    """Who is in the photos, where the link tells; nobody who is hidden, or refused."""
    urls = services.urls.for_link(link.id)
    return GuestPeople(people=[_person(urls, one) for one in people_in(services.records, link)])


@router.post("/find", openapi_extra=_FIND_FORM)
async def post_find(request: Request, services: Served, link: OpenLink) -> GuestMatches:
    """The photos that show the largest face of a picture, where the link lets guests look.

    The picture is used once, and neither kept nor written down.
    """
    address = origin_seen(request).address
    services.access.pace.take("find me", address, _SEARCHES_PER_MINUTE)
    require_find_me(link)
    form = await read_picture_form(request)
    if form.fields.get("consent") != "true":
        raise ForbiddenError("Without consent, nobody is looked for", CONSENT)
    found = await run_in_threadpool(_find, services, link, form.picture)
    return GuestMatches(photos=_items(services, link, found[:_FIRST_FOUND]))


def _find(services: Services, link: Link, picture: bytes) -> Sequence[PhotoId]:
    probe = Picture(picture, limits=services.limits)
    return find_me(services.library(), services.records, link, probe)


def _cookie(link: Link) -> str:
    return f"kith_link_{link.id}"


def _items(services: Services, link: Link, photo_ids: Sequence[PhotoId]) -> list[PhotoItem]:
    urls = services.urls.for_link(link.id)
    tiles = services.queries.tiles(photo_ids)
    return [photo_item(urls, tiles[one]) for one in photo_ids if one in tiles]


def _person(urls: UrlSigner, person: GuestPerson) -> GuestPersonItem:
    return GuestPersonItem(
        id=person.id,
        name=person.name,
        photo_count=person.photo_count,
        cover_url=urls.crop_url(person.cover),
    )
