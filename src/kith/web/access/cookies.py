"""The cookie by which a browser is known again."""

from __future__ import annotations

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from kith.pipeline.access.sessions import LONGEST_SECONDS

_NAME: Final = "kith_session"
_SECURE_NAME: Final = "__Host-kith_session"
"""Over TLS: browsers take a cookie of this name only from the very host, and only over TLS."""


def session_cookie(request: HTTPConnection, *, secure: bool) -> str | None:
    """The token that a browser shows."""
    return request.cookies.get(_SECURE_NAME if secure else _NAME)


def set_session_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Have the browser keep a token, out of reach of any script."""
    response.set_cookie(
        _SECURE_NAME if secure else _NAME,
        token,
        max_age=LONGEST_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response, *, secure: bool) -> None:
    """Have the browser forget its token."""
    response.delete_cookie(
        _SECURE_NAME if secure else _NAME, path="/", secure=secure, httponly=True, samesite="lax"
    )
