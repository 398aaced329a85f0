"""The application: the API under ``/api/v1``, and the album beside it."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI

from kith.web.services import Services

API = "/api/v1"
"""Where the API lies. A change that breaks clients gets another number."""


def create_app(services: Services) -> FastAPI:
    """The application over these services."""
    app = FastAPI(title="Kith", openapi_url=f"{API}/openapi.json", docs_url=None, redoc_url=None)
    app.state.services = services
    for router in _routers():
        app.include_router(router, prefix=API)
    return app


def _routers() -> list[APIRouter]:
    return []
