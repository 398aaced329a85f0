"""How large a request may be: what is larger is refused before it is read, or while."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kith.domain.errors import RequestTooLargeError
from kith.web.pictures_in import PROBE_BYTES
from kith.web.problems import problem_response

USUAL_BYTES: Final = 2_000_000
"""Of JSON: 50,000 ids of faces."""

PART_BYTES: Final = 8 * 1024 * 1024
"""Of one part of an upload."""

_PARTS: Final = re.compile(r"/uploads/[^/]+")
_PICTURES: Final = re.compile(r"/search|/shared/[^/]+/find")


class BodyLimit:
    """Refuses bodies that are too large, whatever they say of their length.

    Args:
        app: what is behind it.
        prefix: of the API.
    """

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, as far as it is not too large."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _most(scope["path"].removeprefix(self._prefix))
        if _declared(scope) > most:
            error = RequestTooLargeError(_told(most), "Send less at once.")
            await problem_response(error)(scope, receive, send)
            return
        received = 0

        async def metered() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                # The framework lets no other error through while it reads a body.
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _told(most))
            return message

        await self._app(scope, metered, send)


def _most(path: str) -> int:
    if _PARTS.fullmatch(path):
        return PART_BYTES
    return PROBE_BYTES if _PICTURES.fullmatch(path) else USUAL_BYTES


def _declared(scope: Scope) -> int:
    """The length that the head tells; the server has seen to it that it is a number."""
    told = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in told if value.isdigit()), default=0)


def _told(most: int) -> str:
    return f"The request is larger than {most:,} bytes"
