"""How a served library lets people in: decided once, when it is opened."""

from __future__ import annotations

import ipaddress
import re
import secrets
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from kith.domain.errors import SettingError

Network: TypeAlias = IPv4Network | IPv6Network

_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d+)?")
_PORTS: Final = {"http": 80, "https": 443}
"""Of each scheme the port that browsers do not write."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How people are let in.

    Attributes:
        login: whether a login is needed. Without one, everybody who reaches the server is its
            owner; that must be this machine's users alone.
        author: what the owner without a login is called in the journal.
        public_url: under which address others come, as ``https://photos.example.org``; empty where
            that is what they typed.
        trusted_proxies: whose word on who asks is taken, by ``X-Forwarded-For`` and ``-Proto``.
        origins: of pages elsewhere that may use the API, as ``https://photos.example.net``.
        csrf: what pages of an owner without a login send along; nobody else's page can read it.
        accounts: whether accounts are kept here. Else somebody else knows who logs in.
        guests: whether guests of links can come.
    """

    login: bool = False
    author: str = "somebody"
    public_url: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    origins: tuple[str, ...] = ()
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    accounts: bool = True
    guests: bool = True


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own, by what it says."""
    host = host.strip("[]").lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def parse_public_url(text: str) -> str:
    """The address without a slash at its end; empty stays empty.

    Raises:
        SettingError: it is no address of a web server, or goes deeper than its root.
    """
    if not text:
        return ""
    origin = _origin(text)
    if origin is None:
        raise SettingError(
            f"{text!r} cannot be the public address",
            "It looks like https://photos.example.org, without a path.",
        )
    return origin


def parse_origins(text: str) -> tuple[str, ...]:
    """Where pages come from, as ``https://photos.example.net, http://localhost:8000``.

    Raises:
        SettingError: one of them is no scheme with a host.
    """
    origins: list[str] = []
    for word in text.replace(",", " ").split():
        origin = _origin(word)
        if origin is None:
            raise SettingError(
                f"{word!r} cannot be an origin of pages",
                "It looks like https://photos.example.net, without a path; each must be named.",
            )
        origins.append(origin)
    return tuple(origins)


def _origin(text: str) -> str | None:
    """Scheme, host and port as a browser writes them; ``None`` if it is more, or less."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.query or parts.fragment or parts.username is not None or parts.path.strip("/"):
        return None
    if parts.scheme not in _PORTS or not _HOST.fullmatch(parts.netloc) or port == 0:
        return None
    host = parts.netloc.lower()
    return f"{parts.scheme}://{host.removesuffix(f':{_PORTS[parts.scheme]}')}"


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, as ``127.0.0.1, 10.0.0.0/8``.

    Raises:
        SettingError: one of them is none.
    """
    try:
        words = text.replace(",", " ").split()
        return tuple(ipaddress.ip_network(word, strict=False) for word in words)
    except ValueError as error:
        raise SettingError(
            f"The trusted proxies {text!r} cannot be understood ({error})",
            "They look like 127.0.0.1, 10.0.0.0/8.",
        ) from error
