"""The application: the API under ``/api/v1``, and the album beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.web.album import Album
from kith.web.assembly import assemble
from kith.web.document import describe
from kith.web.routes import accounts, events, jobs, keys, review, session, uploads

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kith.pipeline.serving.services import Services


def create_app(services: Services) -> FastAPI:
    """The application over these services."""
    routers = (
        session.accounts_router,
        accounts.router,
        keys.router,
        review.router,
        uploads.router,
        jobs.router,
        events.router,
    )
    app = assemble(services, routers, described_at="openapi.json")
    describe(app, "Kith", "Who is in your photos.")
    # Last, for it takes every path that is left.
    app.mount("/", Album(), name="album")
    return app
