"""What a request says of itself, as far as that can be believed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from kith.domain.errors import ForbiddenError, UsageError
from kith.pipeline.access.policy import Network, Policy, is_loopback

_HOST: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")
_FORWARDED: Final = ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, and how it was addressed.

    Attributes:
        address: the client's, for limits; ``unknown`` on a socket without addresses.
        base: scheme and host that it was sent to, as ``http://127.0.0.1:4576``.
        secure: whether it came over TLS.
    """

    address: str
    base: str
    secure: bool


def origin_of(request: HTTPConnection, policy: Policy) -> Origin:
    """Where a request came from.

    Raises:
        UsageError: it names no host, several, or one that cannot be.
        ForbiddenError: the server is open to this machine's users, and somebody else may be behind
            the request.
    """
    name, host = _host(request)
    peer = request.client.host if request.client else "unknown"
    trusted = _is_in(peer, policy.trusted_proxies)
    if not policy.login:
        _require_this_machine(request, name)
    scheme = str(request.scope["scheme"])
    if trusted:
        scheme = request.headers.get("x-forwarded-proto", scheme).split(",")[-1].strip()
    base = policy.public_url or f"{'https' if scheme == 'https' else 'http'}://{host}"
    address = _client(request, peer, policy.trusted_proxies) if trusted else peer
    return Origin(address, base, base.startswith("https:"))


def origin_seen(request: HTTPConnection) -> Origin:
    """Where a request came from, as the gate saw it."""
    return cast("Origin", request.state.origin)


def require_same_site(
    request: HTTPConnection, origin: Origin, others: Collection[str] = ()
) -> None:
    """See that what wants to change something is no page of another site.

    Args:
        request: which.
        origin: of the request, as it was seen.
        others: origins of pages elsewhere that may.

    Raises:
        ForbiddenError: it is one.
    """
    sender = request.headers.get("origin")
    if sender is None or sender in others:
        return
    host = urlsplit(sender).netloc.lower()
    if host not in {urlsplit(origin.base).netloc.lower(), request.headers["host"].lower()}:
        raise ForbiddenError("A page of another site asked for this")


def _host(request: HTTPConnection) -> tuple[str, str]:
    hosts = request.headers.getlist("host")
    found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
    if found is None:
        raise UsageError("The request does not say which host it is for")
    return found["name"], hosts[0].lower()


def _require_this_machine(request: HTTPConnection, name: str) -> None:
    """A browser here can be led to us under a name of somebody else's, and a proxy can lead others.

    Raises:
        ForbiddenError: the request may be somebody else's.
    """
    if not is_loopback(name):
        raise ForbiddenError(
            "Without a login, Kith answers only to localhost and 127.0.0.1",
            "To reach it under another name, start it with --public-url or --login.",
        )
    if any(header in request.headers for header in _FORWARDED):
        raise ForbiddenError(
            "The request came through a proxy, and there is no login",
            "Start Kith with --public-url, the address under which the proxy is reached.",
        )


def _client(request: HTTPConnection, peer: str, trusted: tuple[Network, ...]) -> str:
    """The last address on the way here that is no proxy of ours; what is before it may be lies."""
    way = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    for station in reversed([station.strip() for station in way]):
        if not _is_address(station):
            return peer
        if not _is_in(station, trusted):
            return station
        peer = station
    return peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    if not _is_address(address):
        return False
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in networks)
