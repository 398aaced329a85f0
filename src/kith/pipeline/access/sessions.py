"""Sessions: a browser that is logged in shows a token, of which only a digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from kith.domain.access import Account, Session
from kith.pipeline.access.kit import Access

IDLE_SECONDS: Final = 30 * 86400
"""A session that is not used for so long ends."""

LONGEST_SECONDS: Final = 180 * 86400
"""A session ends then, however much it is used."""

_TOUCH_SECONDS: Final = 3600
"""That it is used is written down once an hour, not at each request."""

_TOKEN_BYTES: Final = 32


def begin_session(access: Access, account: Account) -> str:
    """Let a browser in: answers the token that it is to show."""
    token, now = secrets.token_urlsafe(_TOKEN_BYTES), access.clock()
    access.records.sessions.sweep(now)
    access.records.sessions.begin(
        Session(digest_of(token), account.id, created=now, expires=now + IDLE_SECONDS)
    )
    return token


def resume_session(access: Access, token: str) -> Account | None:
    """Whose session a token stands for; nobody's if it has ended."""
    digest, now = digest_of(token), access.clock()
    found = access.records.sessions.find(digest)
    if found is None or found.session.expires <= now:
        return None
    expires = min(now + IDLE_SECONDS, found.session.created + LONGEST_SECONDS)
    if expires - found.session.expires >= _TOUCH_SECONDS:
        access.records.sessions.extend(digest, expires)
    return found.account


def end_session(access: Access, token: str) -> None:
    """Log a browser out."""
    access.records.sessions.end(digest_of(token))


def csrf_of(token: str) -> str:
    """What a page of this session sends along with what it changes.

    A page of another site can make a browser send the token's cookie, but cannot read this.
    """
    return hmac.digest(token.encode(), b"kith csrf", "sha256").hex()


def digest_of(secret: str) -> str:
    """What is kept of a random secret. It is too long to be guessed, so it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
