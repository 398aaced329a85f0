"""The application: the API under ``/api/v1``, and the album beside it."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.middleware.gzip import GZipMiddleware

import kith
from kith.web.access.install import guard
from kith.web.album import Album
from kith.web.document import describe
from kith.web.problems import handle_problems
from kith.web.routes import (
    accounts,
    albums,
    events,
    faces,
    history,
    jobs,
    keys,
    library,
    links,
    notices,
    people,
    photos,
    pictures,
    review,
    search,
    session,
    shared,
    uploads,
)
from kith.web.services import Services

API: Final = "/api/v1"
"""Where the API lies. A change that breaks clients gets another number."""


_AS_THEY_ARE: Final = ("application/octet-stream", "image/*", "text/event-stream")
"""Types that are not compressed: pictures are already, and parts of originals must stay exact."""


def create_app(services: Services) -> FastAPI:
    """The application over these services."""
    app = FastAPI(
        title="Kith",
        version=kith.__version__,
        openapi_url=f"{API}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    handle_problems(app)
    for router in _routers():
        app.include_router(router, prefix=API)
    guard(app, services.access, API)
    app.add_middleware(GZipMiddleware, compresslevel=4, exclude_content_types=_AS_THEY_ARE)
    describe(app, "Kith", "Who is in your photos.")
    # Last, for it takes every path that is left.
    app.mount("/", Album(), name="album")
    return app


def _routers() -> list[APIRouter]:
    return [
        session.router,
        session.accounts_router,
        accounts.router,
        keys.router,
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
        review.router,
        notices.router,
        uploads.router,
        jobs.router,
        events.router,
    ]
