"""How a route comes by the services that the application was made with."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Request

from kith.pipeline.serving.services import Services

__all__ = ["Served", "Services", "services_of"]


async def services_of(request: Request) -> Services:
    """The services that the application was made with."""
    return cast("Services", request.app.state.services)


Served = Annotated[Services, Depends(services_of)]
"""A route's parameter for the services."""
