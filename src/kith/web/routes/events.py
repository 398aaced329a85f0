"""Server-sent events: how far jobs are, and that the library changed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator
from typing import Annotated, Final

from fastapi import APIRouter, Header
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from kith.pipeline.serving.pulse import Beat
from kith.web.access.roles import Reader, Role
from kith.web.routes.jobs import job_item
from kith.web.services import Served, Services

router = APIRouter(tags=["jobs"])

_LOOK_SECONDS: Final = 0.25
"""How often jobs are looked at: progress looks smooth, and costs next to nothing."""

_LIBRARY_EVERY: Final = 4
"""Looks at the library for so many looks at the jobs."""

_HEARTBEAT_SECONDS: Final = 15.0
"""Proxies close connections on which nothing was said for a minute, some earlier."""

_STREAM_SECONDS: Final = 600.0
"""After so long a stream ends, and the browser asks anew: whether he may is looked at again."""


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}},
)
async def get_events(
    services: Served,
    caller: Reader,
    last_event_id: Annotated[str, Header(max_length=100)] = "",
) -> StreamingResponse:
    """Server-sent events: `job` whenever a job goes on, `library` whenever the library changes."""
    with_jobs = caller.role is not Role.VIEWER
    return StreamingResponse(
        _events(services, last_event_id, with_jobs=with_jobs),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(services: Services, last: str, *, with_jobs: bool) -> AsyncGenerator[str]:
    """The events from behind the last one that was seen."""
    jobs = services.workshop.jobs
    change = _change_in(last, jobs.name)
    beat: Beat | None = None
    until = time.monotonic() + _STREAM_SECONDS
    said_at = time.monotonic()
    looks = 0
    yield "retry: 2000\n\n"
    while time.monotonic() < until and not jobs.closed:
        for job in jobs.since(change) if with_jobs else ():
            change, said_at = job.change, time.monotonic()
            yield _event("job", f"{jobs.name}-{change}", job_item(job).model_dump_json())
        if looks % _LIBRARY_EVERY == 0:
            now = await run_in_threadpool(services.pulse.beat)
            if now != beat:
                beat, said_at = now, time.monotonic()
                data = {"edition": now.edition, "photos": now.photos, "people": now.people}
                yield _event("library", f"{jobs.name}-{change}", json.dumps(data))
        if time.monotonic() - said_at >= _HEARTBEAT_SECONDS:
            said_at = time.monotonic()
            yield ": still here\n\n"
        looks += 1
        await asyncio.sleep(_LOOK_SECONDS)


def _event(kind: str, id_: str, data: str) -> str:
    return f"event: {kind}\nid: {id_}\ndata: {data}\n\n"


def _change_in(last: str, name: str) -> int:
    """The change after which to go on; 0 where the event was another process's."""
    of, _, number = last.rpartition("-")
    return int(number) if of == name and number.isdecimal() and len(number) < 20 else 0
