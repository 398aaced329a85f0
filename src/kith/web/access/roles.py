"""Who a request comes from, and what that lets it do.

The gate (``kith.web.access.gate``) finds out who asks before any route runs; a route says with the
type of a parameter what is needed: ``caller: Reader``, ``Editor`` or ``Owner``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from kith.domain.access import Role
from kith.domain.errors import ForbiddenError, LoginNeededError

__all__ = [
    "Caller",
    "Editor",
    "Owner",
    "Reader",
    "Role",
    "may_edit",
    "may_own",
    "may_read",
    "sees_paths",
]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a role.

    Attributes:
        role: what he may do.
        name: stands in the journal, as the ``by=`` of decisions.
        account_id: his account; none for the owner of the machine, who needs no login.
        csrf: what a page must send along with what it changes; none for a program with a key.
    """

    role: Role
    name: str
    account_id: str | None = None
    csrf: str | None = None


async def may_read(request: Request) -> Caller:
    """Who is asking.

    Raises:
        LoginNeededError: nobody known.
    """
    return require(request, Role.VIEWER)


async def may_edit(request: Request) -> Caller:
    """Who is asking, and may change what is known.

    Raises:
        LoginNeededError: nobody known.
        ForbiddenError: somebody who may only look.
    """
    return require(request, Role.EDITOR)


async def may_own(request: Request) -> Caller:
    """Who is asking, and may do everything.

    Raises:
        LoginNeededError: nobody known.
        ForbiddenError: somebody who may do less.
    """
    return require(request, Role.OWNER)


Reader = Annotated[Caller, Depends(may_read)]
Editor = Annotated[Caller, Depends(may_edit)]
Owner = Annotated[Caller, Depends(may_own)]


def caller_of(request: Request) -> Caller | None:
    """Who is asking, if that is known."""
    return cast("Caller | None", getattr(request.state, "caller", None))


def require(request: Request, role: Role) -> Caller:
    """Who is asking, if he may do what a role lets do.

    Raises:
        LoginNeededError: nobody known.
        ForbiddenError: he may do less.
    """
    caller = caller_of(request)
    if caller is None:
        raise LoginNeededError("A login is needed", "Log in, or send an API key.")
    if not caller.role.includes(role):
        raise ForbiddenError(
            f"The role {caller.role.value} may not do this", f"It needs the role {role.value}."
        )
    return caller


def sees_paths(caller: Caller) -> bool:
    """Whether somebody may see where on the machine files lie: who only looks may not."""
    return caller.role.includes(Role.EDITOR)
