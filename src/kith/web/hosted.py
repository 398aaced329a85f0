"""The application where somebody else does the rest: serves the page, and knows who logs in.

It is the API of ``kith.web.app`` without what needs a process that stays (jobs, uploads in parts,
events, the review's sessions) and without accounts and keys of its own.
"""

from __future__ import annotations

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
    forms,
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
"""Where the API lies, as everywhere."""


def create_hosted_app(services: Services, callers: Callers) -> FastAPI:
    """The application over these services.

    Args:
        services: of the library.
        callers: finds out who asks.
    """
    # It is described by a server that stays; see docs/http-api.md.
    app = FastAPI(title="Kith", version=kith.__version__, openapi_url=None)
    app.state.services = services
    handle_problems(app)
    for router in _routers():
        app.include_router(router, prefix=API)
    guard(app, services.access, API, callers)
    app.add_middleware(GZipMiddleware, compresslevel=4, exclude_content_types=("image/*",))
    return app


def _routers() -> list[APIRouter]:
    return [
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
        forms.router,
    ]
