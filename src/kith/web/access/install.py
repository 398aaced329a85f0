"""Puts the guards before an application, in the order in which a request meets them."""

from __future__ import annotations

from fastapi import FastAPI

from kith.pipeline.access.kit import Access
from kith.web.access.bodies import BodyLimit
from kith.web.access.gate import Gate
from kith.web.access.headers import SecurityHeaders
from kith.web.access.repeated import Repeated


def guard(app: FastAPI, access: Access, prefix: str) -> None:
    """Let nobody reach the application's routes who may not.

    Args:
        app: whose routes lie beneath the prefix.
        access: who may come in.
        prefix: of the API, as ``/api/v1``.
    """
    # The last that is added is met first.
    app.add_middleware(Repeated, access=access, prefix=prefix)
    app.add_middleware(BodyLimit, prefix=prefix)
    app.add_middleware(Gate, access=access, prefix=prefix)
    app.add_middleware(SecurityHeaders, prefix=prefix)
