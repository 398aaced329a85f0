"""What every application over a library has: routes, who may reach them, how errors are said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

import kith
from kith.pipeline.serving.services import Services
from kith.web.access.callers import Callers
from kith.web.access.install import guard
from kith.web.problems import handle_problems
from kith.web.routes import (
    albums,
    faces,
    history,
    library,
    links,
    notices,
    people,
    photos,
    pictures,
    search,
    session,
    shared,
)

API: Final = "/api/v1"
"""Where the API lies. A change that breaks clients gets another number."""

EVERYWHERE: Final[Sequence[APIRouter]] = (
    session.router,
    links.router,
    shared.router,
    library.router,
    photos.router,
    pictures.router,
    albums.router,
    people.router,
    faces.router,
    history.router,
    search.router,
    notices.router,
)
"""The routes that answer from what is known, wherever they run."""

_AS_THEY_ARE: Final = ("application/octet-stream", "image/*", "text/event-stream")
"""Types that are not compressed: pictures are already, and parts of originals must stay exact."""


def assemble(
    services: Services,
    routers: Sequence[APIRouter],
    *,
    callers: Callers | None = None,
    described_at: str | None = None,
) -> FastAPI:
    """An application over these services.

    Args:
        services: of the library.
        routers: what it answers besides ``EVERYWHERE``.
        callers: finds out who asks; without, by the accounts and keys that are kept here.
        described_at: where its OpenAPI document lies, below the API.
    """
    app = FastAPI(
        title="Kith",
        version=kith.__version__,
        openapi_url=described_at and f"{API}/{described_at}",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    handle_problems(app)
    for router in (*EVERYWHERE, *routers):
        app.include_router(router, prefix=API)
    guard(app, services.access, API, callers)
    app.add_middleware(GZipMiddleware, compresslevel=4, exclude_content_types=_AS_THEY_ARE)
    return app
