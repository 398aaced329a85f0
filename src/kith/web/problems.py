"""Errors as Problem Details (RFC 9457): what is wrong, and what to do; never how it came about.

Every error of Kith's own has a status here, and a type: ``urn:kith:`` and its name. What nobody
foresaw is a 500 that carries nothing but a number, under which the log says more.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kith.domain.errors import (
    AccessError,
    DeliveryError,
    ForbiddenError,
    GoneError,
    KithError,
    LibraryBusyError,
    LibraryError,
    LibraryFullError,
    LibraryReadOnlyError,
    LoginNeededError,
    ModelError,
    NoFaceError,
    NotFoundError,
    PictureError,
    RequestTooLargeError,
    SettingError,
    SeveralFacesError,
    StoreError,
    TooManyAttemptsError,
    UsageError,
)
from kith.domain.query import QueryError
from kith.pipeline.access.replies import RepeatedKeyError

MEDIA_TYPE: Final = "application/problem+json"

_log = logging.getLogger(__name__)

_STATUSES: Final[Mapping[type[KithError], tuple[HTTPStatus, str]]] = {
    NotFoundError: (HTTPStatus.NOT_FOUND, "not-found"),
    QueryError: (HTTPStatus.BAD_REQUEST, "query"),
    RepeatedKeyError: (HTTPStatus.UNPROCESSABLE_ENTITY, "repeated-key"),
    RequestTooLargeError: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large"),
    UsageError: (HTTPStatus.BAD_REQUEST, "usage"),
    SettingError: (HTTPStatus.BAD_REQUEST, "setting"),
    PictureError: (HTTPStatus.UNPROCESSABLE_ENTITY, "picture"),
    NoFaceError: (HTTPStatus.UNPROCESSABLE_ENTITY, "no-face"),
    SeveralFacesError: (HTTPStatus.UNPROCESSABLE_ENTITY, "several-faces"),
    LoginNeededError: (HTTPStatus.UNAUTHORIZED, "login-needed"),
    ForbiddenError: (HTTPStatus.FORBIDDEN, "forbidden"),
    TooManyAttemptsError: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-attempts"),
    GoneError: (HTTPStatus.GONE, "gone"),
    AccessError: (HTTPStatus.FORBIDDEN, "forbidden"),
    LibraryBusyError: (HTTPStatus.CONFLICT, "busy"),
    LibraryReadOnlyError: (HTTPStatus.FORBIDDEN, "read-only"),
    LibraryFullError: (HTTPStatus.INSUFFICIENT_STORAGE, "full"),
    LibraryError: (HTTPStatus.SERVICE_UNAVAILABLE, "library"),
    ModelError: (HTTPStatus.SERVICE_UNAVAILABLE, "models"),
    StoreError: (HTTPStatus.BAD_GATEWAY, "store"),
    DeliveryError: (HTTPStatus.BAD_GATEWAY, "delivery"),
    KithError: (HTTPStatus.UNPROCESSABLE_ENTITY, "error"),
}


class InvalidPart(BaseModel):
    """A part of a request that is not as it must be."""

    where: list[str | int] = Field(description="Where it stands: `query`, `body` … and the names.")
    message: str


class Problem(BaseModel):
    """What is wrong with a request, or its answer (RFC 9457)."""

    type: str = Field(description="`urn:kith:` and a name, or `about:blank`.")
    title: str
    status: int
    detail: str
    advice: str = Field(default="", description="What can be done about it.")
    at: int | None = Field(default=None, description="The character of the query that is meant.")
    errors: list[InvalidPart] | None = Field(default=None)
    request_id: str | None = Field(default=None, description="The log says more under it.")


def handle_problems(app: FastAPI) -> None:
    """Have the application answer every error as a problem."""
    app.add_exception_handler(KithError, _kith_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unforeseen)


def problem_response(error: KithError) -> JSONResponse:
    """The answer that an error of Kith's own makes; for middleware, which has no handlers."""
    status, slug = next(_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES)
    at = error.at if isinstance(error, QueryError) else None
    headers: dict[str, str] = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, LoginNeededError):
        headers["WWW-Authenticate"] = "Bearer"
    problem = Problem(
        type=f"urn:kith:{slug}",
        title=status.phrase,
        status=status,
        detail=error.message,
        advice=error.advice,
        at=at,
    )
    return _response(problem, headers)


async def _kith_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KithError)
    return problem_response(error)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found: Sequence[Any] = error.errors()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    parts = [InvalidPart(where=list(one["loc"]), message=one["msg"]) for one in found]
    return _response(
        Problem(
            type="urn:kith:invalid",
            title=status.phrase,
            status=status,
            detail="; ".join(f"{_named(part.where)}: {part.message}" for part in parts),
            advice="See the API's documentation at /docs.",
            errors=parts,
        )
    )


def _named(where: Sequence[str | int]) -> str:
    return ".".join(map(str, where[1:])) or str(where[0])


async def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    problem = Problem(
        type="about:blank", title=title, status=error.status_code, detail=str(error.detail)
    )
    return _response(problem, error.headers)


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    request_id = uuid.uuid4().hex
    _log.error(
        "%s %s failed, request %s", request.method, request.url.path, request_id, exc_info=error
    )
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _response(
        Problem(
            type="urn:kith:unforeseen",
            title=status.phrase,
            status=status,
            detail="Something went wrong that nobody foresaw",
            advice=f"The server's log says more of the request {request_id}.",
            request_id=request_id,
        )
    )


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=problem.status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )
