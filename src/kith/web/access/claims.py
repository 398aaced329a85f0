"""Who asks, by the claims of a token that API Gateway has checked before it called us.

They come with the event, beside the request and never in it: nothing that a client sends is
looked at here, so nobody can say that he is somebody else.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from starlette.requests import HTTPConnection

from kith.domain.access import Role
from kith.domain.errors import ForbiddenError
from kith.web.access.requests import Origin
from kith.web.access.roles import Caller

EVENT: Final = "aws.event"
"""Where the scope of a request holds the event that it was made of."""

_BEST_FIRST: Final = (Role.OWNER, Role.EDITOR, Role.VIEWER)

_NAMES: Final = ("email", "username", "cognito:username", "sub")
"""What somebody is called in the journal, by the first claim of these that there is: tokens of
identity have an address, those of access do not."""


class ClaimedCallers:
    """Those whose token says in which groups they are: ``owner``, ``editor``, ``viewer``.

    Who is in several may do what the highest may. Who is in none may do nothing: that somebody has
    an account does not say that he may look.
    """

    async def caller(self, request: HTTPConnection, origin: Origin) -> Caller | None:  # noqa: ARG002 - see ``Callers``
        """See ``Callers.caller``; nobody known where the route asks for no token."""
        claims = _claims(request.scope.get(EVENT))
        if claims is None:
            return None
        groups = groups_in(claims.get("cognito:groups"))
        role = next((each for each in _BEST_FIRST if each.value in groups), None)
        if role is None:
            raise ForbiddenError(
                "This account is in none of the groups owner, editor and viewer",
                "Whoever manages the accounts puts it into one.",
            )
        name = next((str(claims[each]) for each in _NAMES if claims.get(each)), "somebody")
        return Caller(role, name, str(claims.get("sub", "")) or None)


def groups_in(claim: object) -> frozenset[str]:
    """The groups that a claim names; API Gateway writes lists as ``[editor viewer]``."""
    if isinstance(claim, list):
        return frozenset(map(str, cast("list[object]", claim)))
    if not isinstance(claim, str):
        return frozenset()
    listed = claim.startswith("[") and claim.endswith("]")
    return frozenset((claim[1:-1] if listed else claim).split())


def _claims(event: Any) -> Mapping[str, Any] | None:
    """The claims of the token, if the route asked for one and it was good."""
    found: Any = event
    for part in ("requestContext", "authorizer", "jwt", "claims"):
        if not isinstance(found, Mapping):
            return None
        found = cast("Mapping[str, Any]", found).get(part)
    return cast("Mapping[str, Any]", found) if isinstance(found, Mapping) else None
