"""Long lists, a page at a time.

A token says where the next page begins: after a place in an order that does not change, so a page
neither repeats nor leaves out what was there all the while, whatever is written meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Members

_T = TypeVar("_T")

_MARK: Final = 6
"""Bytes by which a token is known to be of this list; not a secret, but nobody's accident."""


def page_of(
    members: Members,
    scope: Sequence[object],
    most: int,
    fetch: Callable[[str, int], Sequence[_T]],
    place_of: Callable[[_T], str],
) -> tuple[Sequence[_T], Members]:
    """One page, and the members of the answer that lead to the next.

    Args:
        members: of the request: ``MaxResults`` and ``NextToken``.
        scope: what the list is of: a token of another list is refused.
        most: entries on a page where the request does not say.
        fetch: the entries after a place (empty: from the start), up to a number.
        place_of: the place of an entry: one or two whole numbers with a period between them.

    Raises:
        RekognitionError: ``InvalidPaginationTokenException``.
    """
    # None is as good as nothing: a page without entries would lead nowhere.
    size = members.get("MaxResults") or most
    entries = fetch(_place(members.get("NextToken"), scope), size + 1)
    if len(entries) <= size:
        return entries, {}
    page = entries[:size]
    return page, {"NextToken": _token(place_of(page[-1]), scope)}


def whole(place: str) -> int:
    """A place that is one number; before all of them where it is empty."""
    return int(place.partition(".")[0] or -1)


def _token(place: str, scope: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(_mark(place, scope) + place.encode("ascii")).decode("ascii")


def _place(token: str | None, scope: Sequence[object]) -> str:
    if token is None:
        return ""
    try:
        raw = base64.b64decode(token, altchars=b"-_", validate=True)
        place = raw[_MARK:].decode("ascii")
        numbers = [int(number) for number in place.split(".")]
    except (binascii.Error, ValueError):
        raise _invalid() from None
    if raw[:_MARK] != _mark(place, scope):
        raise _invalid()
    # Whoever makes a token himself can make its mark, too, and databases must bear the place.
    if len(numbers) > 2 or not all(0 <= number < 2**63 for number in numbers):
        raise _invalid()
    return place


def _mark(place: str, scope: Sequence[object]) -> bytes:
    return hashlib.sha256(repr((place, *scope)).encode()).digest()[:_MARK]


def _invalid() -> RekognitionError:
    return RekognitionError(Kind.INVALID_PAGINATION_TOKEN, "Invalid Token")
