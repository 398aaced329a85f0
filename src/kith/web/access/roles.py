"""Who a request comes from, and what that lets it do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request


class Role(StrEnum):
    """What somebody may do: an owner everything, an editor all but access, a viewer only look."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a role; ``name`` stands in the journal."""

    role: Role
    name: str


def may_read(request: Request) -> Caller:
    """Who is asking."""
    return request.state.caller


def may_edit(request: Request) -> Caller:
    """Who is asking, and may change what is known."""
    return request.state.caller


def may_own(request: Request) -> Caller:
    """Who is asking, and may do everything."""
    return request.state.caller


Reader = Annotated[Caller, Depends(may_read)]
Editor = Annotated[Caller, Depends(may_edit)]
Owner = Annotated[Caller, Depends(may_own)]
