"""``Idempotency-Key``: a request that comes twice is worked on once, and answered twice.

A client that heard no answer sends the same request with the same key again. Answers that hold a
secret are not written down but kept in memory: after a new start, such a request is a new one.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final, cast

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kith.adapters.access.memory import MemoryReplies
from kith.domain.errors import KithError, RequestTooLargeError, UsageError
from kith.pipeline.access.kit import Access
from kith.pipeline.access.replies import digest_of, earlier_reply
from kith.ports.access import Replies, Reply
from kith.web.access.bodies import USUAL_BYTES
from kith.web.access.roles import Caller
from kith.web.problems import problem_response

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200

_METHODS: Final = frozenset({"POST", "PATCH", "PUT", "DELETE"})
_SECRET: Final = ("session", "setup", "accounts", "keys", "links")
_LEFT_ALONE: Final = ("shared", "search")
"""Guests change nothing, and what a picture is searched for is not written down."""

_MOST_KEPT: Final = 1_000_000
"""Bytes of an answer; no answer to a change is larger."""


class Repeated:
    """Answers what comes again as it was answered before.

    Args:
        app: what is behind it.
        access: where answers are kept.
        prefix: of the API.
    """

    def __init__(self, app: ASGIApp, *, access: Access, prefix: str) -> None:
        self._app = app
        self._access = access
        self._prefix = f"{prefix}/"
        self._unwritten = MemoryReplies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work on a request, or answer it as before."""
        request = Request(scope, receive) if scope["type"] == "http" else None
        replies = self._replies(request) if request else None
        if request is None or replies is None:
            await self._app(scope, receive, send)
            return
        try:
            key, body = _key_of(request), await request.body()
            said = (request.method, request.url.path, request.url.query)
            asked = digest_of(*(part.encode() for part in said), body)
            reply = await run_in_threadpool(earlier_reply, replies, self._access, key, asked)
        except KithError as error:
            await problem_response(error)(scope, receive, send)
            return
        except HTTPException as error:  # the body is too large, and there are no handlers here
            problem = problem_response(RequestTooLargeError(error.detail))
            await problem(scope, receive, send)
            return
        if reply is not None:
            headers = {"Idempotency-Replayed": "true"}
            again = Response(reply.body, reply.status, headers, reply.content_type or None)
            await again(scope, receive, send)
            return
        await _Answer(replies, key).work(self._app, scope, _reading(body, receive), send)

    def _replies(self, request: Request) -> Replies | None:
        """Where the answer to this request is to be kept, if it is."""
        path = request.url.path
        if HEADER not in request.headers or request.method not in _METHODS:
            return None
        if not path.startswith(self._prefix):
            return None
        what = path[len(self._prefix) :].split("/", 1)[0]
        length = request.headers.get("Content-Length", "0")
        # Parts of uploads say where they belong; sending one twice does no harm.
        is_part = not length.isdecimal() or int(length) > USUAL_BYTES
        if what in _LEFT_ALONE or is_part or (what == "uploads" and request.method == "PATCH"):
            return None
        return self._unwritten if what in _SECRET else self._access.records.replies


class _Answer:
    """The answer to one request, kept while it is sent."""

    def __init__(self, replies: Replies, key: str) -> None:
        self._replies = replies
        self._key = key
        self._status = 0
        self._content_type = ""
        self._body = bytearray()

    async def work(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request worked on; what failed in us, or was refused for now, may be repeated."""

        async def kept(message: Message) -> None:
            await self._keep(message)
            await send(message)

        try:
            await app(scope, receive, kept)
        finally:
            passing = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED}
            if not self._status or self._status >= 500 or self._status in passing:
                await run_in_threadpool(self._replies.release, self._key)

    async def _keep(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers: dict[bytes, bytes] = dict(message["headers"])
            self._content_type = headers.get(b"content-type", b"").decode("latin-1")
            return
        self._body += message.get("body", b"")
        whole = not message.get("more_body", False) and len(self._body) <= _MOST_KEPT
        if whole and self._status < 500:
            reply = Reply(self._status, self._content_type, bytes(self._body))
            # Before the client can hear it: who repeats it from then on finds it.
            await run_in_threadpool(self._replies.answer, self._key, reply)


def _key_of(request: Request) -> str:
    """A digest of the client's key, and of who the client is.

    Raises:
        UsageError: it can be no key.
    """
    key = request.headers[HEADER]
    if not 1 <= len(key) <= _LONGEST or not key.isascii() or not key.isprintable():
        raise UsageError(f"An {HEADER} has 1 to {_LONGEST} printable characters")
    caller = cast("Caller | None", getattr(request.state, "caller", None))
    who = f"{caller.account_id} {caller.name}" if caller else ""
    return digest_of(who.encode(), key.encode())


def _reading(body: bytes, receive: Receive) -> Receive:
    """What is behind reads the body that was read here, and then whether the client is there."""
    left = [body]

    async def read() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return read
