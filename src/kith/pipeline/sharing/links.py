"""Making links, changing them, and taking them back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Final

from kith.domain.access import Link
from kith.domain.errors import ForbiddenError, NotFoundError, UsageError
from kith.domain.query_parse import parse_query
from kith.pipeline.access.kit import Access
from kith.pipeline.albums.records import Records
from kith.pipeline.albums.resolve import pinned
from kith.pipeline.sharing.tokens import is_proof, link_id_of, proof_of

LONGEST_TITLE: Final = 200

PROOF_SECONDS: Final = 24 * 3600
"""Guests type a link's password once a day."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a link is to be.

    Attributes:
        query: which photos, in the query language.
        title: what guests read above them.
        expires: when it ends, in seconds since 1970; never without.
        download: whether guests may have the originals.
        people: whether guests see who is in the photos.
        find_me: whether guests may look for themselves with a picture.
    """

    query: str
    title: str
    expires: float | None = None
    download: bool = False
    people: bool = False
    find_me: bool = False


def make_link(
    records: Records, access: Access, terms: Terms, *, password: str | None, by: str
) -> Link:
    """Make a link. It keeps meaning the same people, whatever they are called later.

    Raises:
        QueryError: the query cannot be understood.
        UsageError: it would have ended already, or its title or password cannot be.
    """
    link = Link(secrets.token_hex(8), "", "", access.clock(), by)
    link = _with_terms(records, access, link, terms)
    if password is not None:
        link = replace(link, password=access.passwords.hashed_short(password))
    access.records.links.add(link)
    return link


def change_link(
    records: Records, access: Access, link_id: str, terms: Terms, password: str | bool | None
) -> Link:
    """Give a link other terms.

    Args:
        records: the library's.
        access: where it is kept.
        link_id: which.
        terms: all of them.
        password: another one, ``None`` for none, or ``True`` for the same as before.

    Raises:
        NotFoundError: there is no such link.
        QueryError, UsageError: as ``make_link``.
    """
    link = _with_terms(records, access, link_with_id(access, link_id), terms)
    if password is None:
        link = replace(link, password=None)
    elif isinstance(password, str):
        link = replace(link, password=access.passwords.hashed_short(password))
    access.records.links.change(link)
    return link


def revoke_link(access: Access, link_id: str) -> None:
    """Take a link back: from now on it leads nowhere, and neither do its pictures' addresses.

    Raises:
        NotFoundError: there is no such link.
    """
    link = link_with_id(access, link_id)
    access.records.links.change(replace(link, revoked=link.revoked or access.clock()))


def link_with_id(access: Access, link_id: str) -> Link:
    """The link of that id.

    Raises:
        NotFoundError: there is none.
    """
    link = access.records.links.find(link_id)
    if link is None:
        raise NotFoundError(f"There is no link {link_id}")
    return link


def working_link(access: Access, link_id: str | None) -> Link:
    """The link of that id, if guests may use it now.

    Raises:
        NotFoundError: they may not. Whether there ever was one, strangers are not told.
    """
    link = access.records.links.find(link_id) if link_id else None
    if link is None or not link.works(access.clock()):
        raise NotFoundError(
            "This link leads nowhere, or not any more", "Ask for another one where it came from."
        )
    return link


def link_of_token(access: Access, token: str) -> Link:
    """The link that a guest shows; raises as ``working_link``."""
    return working_link(access, link_id_of(access.secret, token))


def unlock(access: Access, link: Link, password: str, address: str) -> str:
    """What a browser is to show from now on, as it knows the password of a link.

    Raises:
        ForbiddenError: it does not.
        TooManyAttemptsError: too many passwords were wrong.
    """
    what = f"link {link.id}"
    access.attempts.begin(what, address)
    if link.password is not None and not access.passwords.match(link.password, password):
        raise ForbiddenError("That is not the password of this link")
    access.attempts.succeed(what, address)
    return proof_of(access.secret, link, int(access.clock() + PROOF_SECONDS))


def is_locked(access: Access, link: Link, proof: str | None) -> bool:
    """Whether a password is to be asked for first."""
    if link.password is None:
        return False
    return proof is None or not is_proof(access.secret, link, proof, access.clock())


def _with_terms(records: Records, access: Access, link: Link, terms: Terms) -> Link:
    title = " ".join(terms.title.split())
    if not title or len(title) > LONGEST_TITLE or not title.isprintable():
        raise UsageError(f"A title has 1 to {LONGEST_TITLE} characters that can be seen")
    if terms.expires is not None and terms.expires <= access.clock():
        raise UsageError("The link would have ended already", "Choose a later day.")
    return replace(
        link,
        query=str(pinned(records, parse_query(terms.query), "")),
        title=title,
        expires=terms.expires,
        download=terms.download,
        people=terms.people,
        find_me=terms.find_me,
    )
