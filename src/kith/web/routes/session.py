"""Who is asking; logging in and out; the first owner."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from kith.domain.access import Account
from kith.domain.errors import UsageError
from kith.pipeline.access.accounts import change_own_password, log_in, set_up
from kith.pipeline.access.kit import Access
from kith.pipeline.access.sessions import begin_session, csrf_of, end_session
from kith.web.access.cookies import clear_session_cookie, session_cookie, set_session_cookie
from kith.web.access.requests import origin_seen
from kith.web.access.roles import Caller, Reader, caller_of
from kith.web.services import Served
from kith.web.shapes.access import (
    Credentials,
    NewOwner,
    PasswordChange,
    SessionItem,
    session_item,
)

_LOGINS_PER_MINUTE = 30
"""From one address; each takes a tenth of a second of a processor."""

router = APIRouter(tags=["access"])

accounts_router = APIRouter(tags=["access"])
"""For where accounts are kept here."""


@router.get("/session")
def get_session(request: Request, services: Served) -> SessionItem:
    """Who is asking, whether a login is needed, and whether there is an owner yet."""
    access = services.access
    return session_item(caller_of(request), login=access.policy.login, setup=access.needs_setup)


@accounts_router.post("/session")
def post_session(
    request: Request, response: Response, services: Served, body: Credentials
) -> SessionItem:
    """Log in. A browser that was logged in before gets another session."""
    access, origin = services.access, origin_seen(request)
    access.pace.take("login", origin.address, _LOGINS_PER_MINUTE)
    account = log_in(access, body.name, body.password, origin.address)
    return _let_in(request, response, access, account)


@accounts_router.delete("/session", status_code=HTTPStatus.NO_CONTENT)
def delete_session(request: Request, response: Response, services: Served) -> None:
    """Log out."""
    origin = origin_seen(request)
    if token := session_cookie(request, secure=origin.secure):
        end_session(services.access, token)
    clear_session_cookie(response, secure=origin.secure)


@accounts_router.post("/session/password")
def post_password(
    request: Request,
    response: Response,
    services: Served,
    caller: Reader,
    body: PasswordChange,
) -> SessionItem:
    """Change one's own password. All other browsers are logged out."""
    if caller.account_id is None or caller.csrf is None:
        raise UsageError("Only who is logged in has a password")
    access, origin = services.access, origin_seen(request)
    account = change_own_password(
        access, caller.account_id, body.password, body.new_password, origin.address
    )
    return _let_in(request, response, access, account)


@accounts_router.post("/setup", status_code=HTTPStatus.CREATED)
def post_setup(
    request: Request, response: Response, services: Served, body: NewOwner
) -> SessionItem:
    """Make the first owner, with the token that `kith serve` printed, and log in."""
    access, origin = services.access, origin_seen(request)
    access.pace.take("login", origin.address, _LOGINS_PER_MINUTE)
    if not access.needs_setup:
        raise UsageError("There is an owner already", "Log in.")
    account = set_up(access, body.token, body.name, body.password, origin.address)
    return _let_in(request, response, access, account)


def _let_in(request: Request, response: Response, access: Access, account: Account) -> SessionItem:
    """Begin a session with a token that nobody can have known, and end the one before."""
    secure = origin_seen(request).secure
    if before := session_cookie(request, secure=secure):
        end_session(access, before)
    token = begin_session(access, account)
    set_session_cookie(response, token, secure=secure)
    caller = Caller(account.role, account.name, account.id, csrf_of(token))
    return session_item(caller, login=access.policy.login, setup=False)
