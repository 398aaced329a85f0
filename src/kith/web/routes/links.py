"""Links for guests: made, changed and taken back by those who may change the album."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request

from kith.domain.access import Link
from kith.domain.query import QueryError
from kith.domain.query_parse import parse_query
from kith.pipeline.albums.resolve import readable
from kith.pipeline.serving.services import Services
from kith.pipeline.sharing.links import (
    Terms,
    change_link,
    link_with_id,
    make_link,
    revoke_link,
)
from kith.pipeline.sharing.tokens import token_of
from kith.web.access.requests import origin_seen
from kith.web.access.roles import Editor
from kith.web.services import Served
from kith.web.shapes.sharing import LinkChange, LinkItem, LinkList, NewLink, link_item

router = APIRouter(prefix="/links", tags=["sharing"])


@router.get("")
def get_links(request: Request, services: Served, _caller: Editor) -> LinkList:
    """All links, the newest first; those that were taken back, too."""
    links = services.access.records.links.all()
    return LinkList(links=[_item(request, services, link) for link in reversed(links)])


@router.post("", status_code=HTTPStatus.CREATED)
def post_link(request: Request, services: Served, caller: Editor, body: NewLink) -> LinkItem:
    """Make a link to the photos that a query means."""
    terms = Terms(
        query=body.query,
        title=body.title,
        expires=body.expires_at.timestamp() if body.expires_at else None,
        download=body.download,
        people=body.people,
        find_me=body.find_me,
    )
    link = make_link(
        services.records, services.access, terms, password=body.password, by=caller.name
    )
    return _item(request, services, link)


@router.patch("/{link_id}")
def patch_link(
    request: Request, services: Served, _caller: Editor, link_id: str, body: LinkChange
) -> LinkItem:
    """Change a link. Another password asks every guest anew."""
    before = link_with_id(services.access, link_id)
    expires = before.expires
    if "expires_at" in body.model_fields_set:
        expires = body.expires_at.timestamp() if body.expires_at else None
    terms = Terms(
        query=before.query if body.query is None else body.query,
        title=before.title if body.title is None else body.title,
        expires=expires,
        download=before.download if body.download is None else body.download,
        people=before.people if body.people is None else body.people,
        find_me=before.find_me if body.find_me is None else body.find_me,
    )
    password = body.password if "password" in body.model_fields_set else True
    link = change_link(services.records, services.access, link_id, terms, password)
    return _item(request, services, link)


@router.delete("/{link_id}", status_code=HTTPStatus.NO_CONTENT)
def delete_link(services: Served, _caller: Editor, link_id: str) -> None:
    """Take a link back. It leads nowhere from now on, nor do the addresses of its pictures."""
    revoke_link(services.access, link_id)


def _item(request: Request, services: Services, link: Link) -> LinkItem:
    access = services.access
    try:
        query = str(readable(services.records, parse_query(link.query)))
    except QueryError:  # what it was about has gone
        query = link.query
    token = token_of(access.secret, link.id)
    return link_item(link, query, token, origin_seen(request).base, access.clock())
