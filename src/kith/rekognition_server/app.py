"""One request: its body within limits, a thread for its answer, a line in the log."""

from __future__ import annotations

import logging
import time
import uuid
from functools import partial

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.json_body import CONTENT_TYPE
from kith.rekognition.sigv4 import SignedRequest
from kith.rekognition.wire import BODY_LIMIT, Answer, Wire, refusal
from kith.rekognition_server import logs
from kith.rekognition_server.monitor import Metrics
from kith.rekognition_server.work import Work


class RekognitionApp:
    """The ASGI application: whatever is asked, anywhere, is answered as Rekognition would.

    Args:
        wire: answers requests.
        work: where.
        metrics: what is counted.
    """

    def __init__(self, wire: Wire, work: Work, metrics: Metrics) -> None:
        self._wire = wire
        self._work = work
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert scope["type"] == "http"
        begun, request_id = time.perf_counter(), str(uuid.uuid4())
        held = _Held(self._work)
        try:
            answer = await self._answer(Request(scope, receive), request_id, held)
        except ClientDisconnect:
            logs.event(logging.INFO, "gone", request_id=request_id, bytes_in=held.byte_count)
            return
        finally:
            held.release()
        self._tell(answer, request_id, held.byte_count, time.perf_counter() - begun)
        await _response(answer, request_id)(scope, receive, send)

    async def _answer(self, request: Request, request_id: str, held: _Held) -> Answer:
        try:
            _require_root(request)
            body = await _body(request, held)
            signed = SignedRequest("POST", "/", "", request.headers.raw, body)
            return await self._work.run(partial(self._wire.answer, signed, request_id))
        except RekognitionError as error:
            return refusal(error, request_id)

    def _tell(self, answer: Answer, request_id: str, received: int, seconds: float) -> None:
        self._metrics.count(answer, received, seconds)
        logs.event(
            logging.ERROR if answer.failure else logging.INFO,
            "call",
            request_id=request_id,
            operation=answer.operation,
            status=answer.status,
            error=answer.error or "",
            key=answer.key_id,
            ms=round(seconds * 1000, 2),
            bytes_in=received,
            bytes_out=len(answer.body),
            **(logs.failure_fields(answer.failure) if answer.failure else {}),
        )


class _Held:
    """The bytes of one request, counted among all that are held."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.byte_count = 0

    def add(self, byte_count: int) -> None:
        self._work.hold(byte_count)
        self.byte_count += byte_count

    def release(self) -> None:
        self._work.release(self.byte_count)


def _require_root(request: Request) -> None:
    if (request.method, request.url.path, request.url.query) != ("POST", "/", ""):
        raise RekognitionError(
            Kind.UNKNOWN_OPERATION, "Rekognition's requests are POST to / and nothing else"
        )


async def _body(request: Request, held: _Held) -> bytes:
    """All of a body.

    What is left of one that is refused is read and thrown away by the connection, so that the
    client, which is still sending, comes to read the answer.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > BODY_LIMIT:
        raise _too_large()
    chunks: list[bytes] = []
    async for chunk in request.stream():
        held.add(len(chunk))
        if held.byte_count > BODY_LIMIT:
            raise _too_large()
        chunks.append(chunk)
    return b"".join(chunks)


def _too_large() -> RekognitionError:
    return RekognitionError(
        Kind.REQUEST_TOO_LARGE, f"The request is larger than {BODY_LIMIT} bytes"
    )


def _response(answer: Answer, request_id: str) -> Response:
    return Response(
        answer.body,
        answer.status,
        headers={"content-type": CONTENT_TYPE, "x-amzn-RequestId": request_id},
    )
