"""The application where somebody else does the rest: serves the page, and knows who logs in.

It is the API of ``kith.web.app`` without what needs a process that stays (jobs, uploads in parts,
events, the review's sessions) and without accounts and keys of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kith.web.assembly import assemble
from kith.web.routes import forms

if TYPE_CHECKING:
    from fastapi import FastAPI

    from kith.pipeline.serving.services import Services
    from kith.web.access.callers import Callers


def create_hosted_app(services: Services, callers: Callers) -> FastAPI:
    """The application over these services.

    Args:
        services: of the library.
        callers: finds out who asks.
    """
    # It is described by a server that stays; see docs/http-api.md.
    return assemble(services, [forms.router], callers=callers)
