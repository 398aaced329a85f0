"""Who asks, by what a request shows: a key, a session's cookie, or nothing at all."""

from __future__ import annotations

from typing import Final, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from kith.domain.access import Role
from kith.domain.errors import LoginNeededError
from kith.pipeline.access.keys import holder_of
from kith.pipeline.access.kit import Access
from kith.pipeline.access.sessions import csrf_of, resume_session
from kith.web.access.cookies import session_cookie
from kith.web.access.requests import Origin
from kith.web.access.roles import Caller

_KEYS_PER_MINUTE: Final = 30
"""Wrong keys from one address."""


class Callers(Protocol):
    """Finds out who asks."""

    async def caller(self, request: HTTPConnection, origin: Origin) -> Caller | None:
        """Who asks; nobody known without an error.

        Raises:
            KithError: somebody who may not, or who shows what is not true.
        """
        ...


class OwnCallers:
    """Those who have an account or a key here.

    Args:
        access: where these are kept.
    """

    def __init__(self, access: Access) -> None:
        self._access = access

    async def caller(self, request: HTTPConnection, origin: Origin) -> Caller | None:
        """See ``Callers.caller``."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return await run_in_threadpool(self._program, secret.strip(), origin)
        policy = self._access.policy
        if not policy.login:
            return Caller(Role.OWNER, policy.author, csrf=policy.csrf)
        token = session_cookie(request, secure=origin.secure)
        return await run_in_threadpool(self._person, token) if token else None

    def _program(self, secret: str, origin: Origin) -> Caller:
        found = holder_of(self._access, secret)
        if found is None:
            self._access.pace.take("wrong keys", origin.address, _KEYS_PER_MINUTE)
            raise LoginNeededError("That is no API key, or not any more")
        key, role = found
        return Caller(role, key.name, key.account_id)

    def _person(self, token: str) -> Caller | None:
        account = resume_session(self._access, token)
        if account is None:
            return None
        return Caller(account.role, account.name, account.id, csrf_of(token))
