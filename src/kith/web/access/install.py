"""Puts the guards before an application, in the order in which a request meets them."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from kith.pipeline.access.kit import Access
from kith.web.access.bodies import BodyLimit
from kith.web.access.callers import Callers, OwnCallers
from kith.web.access.gate import CSRF_HEADER, Gate
from kith.web.access.headers import SecurityHeaders
from kith.web.access.repeated import HEADER, Repeated

_ELSEWHERE: Final[dict[str, Any]] = {
    # Cookies come along only where the page is of the same site: they are ``SameSite=Lax``.
    "allow_credentials": True,
    "allow_methods": ("GET", "POST", "PATCH", "DELETE"),
    "allow_headers": ("Authorization", "Content-Type", "Upload-Offset", CSRF_HEADER, HEADER),
    "expose_headers": ("Upload-Offset", "Retry-After", "Idempotency-Replayed"),
}
"""What pages of other origins may send and read, where they may use the API at all."""


def guard(app: FastAPI, access: Access, prefix: str, callers: Callers | None = None) -> None:
    """Let nobody reach the application's routes who may not.

    Args:
        app: whose routes lie beneath the prefix.
        access: who may come in.
        prefix: of the API, as ``/api/v1``.
        callers: finds out who asks; without, by the accounts and keys that are kept here.
    """
    # The last that is added is met first.
    app.add_middleware(Repeated, access=access, prefix=prefix)
    app.add_middleware(BodyLimit, prefix=prefix)
    known = callers or OwnCallers(access)
    app.add_middleware(Gate, access=access, callers=known, prefix=prefix)
    if access.policy.origins:
        app.add_middleware(CORSMiddleware, allow_origins=access.policy.origins, **_ELSEWHERE)
    app.add_middleware(SecurityHeaders, prefix=prefix)
