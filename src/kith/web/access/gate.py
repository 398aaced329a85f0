"""The gate: who asks is found out, and who may not is turned away, before anything is read.

It stands before all routes, so that a route cannot be open by an oversight: beneath the API's
prefix, nobody unknown comes in, except where ``_OPEN`` says so.
"""

from __future__ import annotations

import hmac
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from kith.domain.errors import ForbiddenError, KithError, LoginNeededError
from kith.pipeline.access.kit import Access
from kith.web.access.callers import Callers
from kith.web.access.requests import origin_of, require_same_site
from kith.web.access.roles import Caller
from kith.web.problems import problem_response

CSRF_HEADER: Final = "X-Kith-CSRF"
"""What a page sends along with every request that changes something; `GET /session` tells it."""

_OPEN: Final = ("session", "setup", "shared", "pictures", "crops", "openapi.json")
"""What is beneath the API's prefix and needs no login: to log in, what guests see by a link, and
pictures, whose addresses are signed."""

_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Gate:
    """Lets requests through to an application, with who asks in ``request.state.caller``.

    Args:
        app: what is behind it.
        access: who may come in.
        callers: finds out who asks.
        prefix: of the API, as ``/api/v1``.
    """

    def __init__(self, app: ASGIApp, *, access: Access, callers: Callers, prefix: str) -> None:
        self._app = app
        self._access = access
        self._callers = callers
        self._prefix = f"{prefix}/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._admit(HTTPConnection(scope))
        except KithError as error:
            await problem_response(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admit(self, request: HTTPConnection) -> None:
        """Find out who asks.

        Raises:
            KithError: he may not.
        """
        origin = origin_of(request, self._access.policy)
        request.state.origin = origin
        if request.scope["method"] in _CHANGING:
            require_same_site(request, origin, self._access.policy.origins)
        path = request.scope["path"]
        if not path.startswith(self._prefix):
            return
        part = path[len(self._prefix) :].split("/", 1)[0]
        if part in _OPEN and part != "session":
            return
        caller = await self._callers.caller(request, origin)
        request.state.caller = caller
        if caller is None and part not in _OPEN:
            raise LoginNeededError("A login is needed", "Log in, or send an API key.")
        if caller is not None and request.scope["method"] in _CHANGING:
            _require_csrf(request, caller)


def _require_csrf(request: HTTPConnection, caller: Caller) -> None:
    if caller.csrf is None:
        return
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), caller.csrf.encode()):
        raise ForbiddenError(
            f"The header {CSRF_HEADER} is missing, or not right",
            "GET /session tells its value; a program sends an API key instead.",
        )
