"""How a library lets people in, after the settings."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kith.config import Settings

if TYPE_CHECKING:
    from kith.database.open import Database
    from kith.pipeline.access.kit import Access
    from kith.pipeline.access.policy import Policy


def open_access(settings: Settings, database: Database, key: bytes) -> Access:
    """Who may come in, over the library's database.

    Args:
        settings: how people are let in.
        database: stays the caller's to close.
        key: what only this library's servers know.

    Raises:
        SettingError: a setting cannot be understood.
    """
    import hmac

    from kith.adapters.access.sql import SqlAccess
    from kith.pipeline.access.kit import Access

    return Access(
        SqlAccess(database),
        policy_of(settings),
        secret=hmac.digest(key, b"kith access", "sha256"),
    )


@contextmanager
def open_accounts(settings: Settings) -> Generator[Access]:
    """Who may come in, to be changed at the command line; makes the library where there is none.

    Raises:
        LibraryError: it cannot be used.
    """
    from kith.compose.places import make_folder, open_database_of

    make_folder(settings.library)
    with open_database_of(settings, writing=True) as database:
        # Links are none of its business: any key will do.
        yield open_access(settings, database, b"")


def policy_of(settings: Settings) -> Policy:
    """How people are let in: without a login where nobody but this machine's users can come.

    Raises:
        SettingError: a setting cannot be understood.
    """
    from urllib.parse import urlsplit

    from kith.pipeline.access.author import author
    from kith.pipeline.access.policy import (
        Policy,
        is_loopback,
        parse_networks,
        parse_origins,
        parse_public_url,
    )

    public_url = parse_public_url(settings.public_url)
    proxies = parse_networks(settings.trusted_proxies)
    origins = parse_origins(settings.origins)
    others = not is_loopback(urlsplit(public_url).hostname or settings.host)
    return Policy(
        login=settings.login or others or not is_loopback(settings.host) or bool(proxies + origins),
        author=author(),
        public_url=public_url,
        trusted_proxies=proxies,
        origins=origins,
    )
