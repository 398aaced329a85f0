"""Keys of programs: ``kith_``, the key's id, and what only its holder knows."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Collection
from typing import Final

from kith.domain.access import ApiKey, Role, Scope, require_name
from kith.domain.errors import UsageError
from kith.pipeline.access.kit import Access
from kith.pipeline.access.sessions import digest_of

_SECRET: Final = re.compile(r"kith_([0-9a-f]{16})_[A-Za-z0-9_-]{43}")
_TOUCH_SECONDS: Final = 3600


def make_key(
    access: Access, name: str, scopes: Collection[Scope], account_id: str | None
) -> tuple[ApiKey, str]:
    """Make a key: answers it, and the secret, which is not kept.

    Raises:
        UsageError: the name cannot be, or it would let do nothing.
    """
    if not scopes:
        raise UsageError("A key needs a scope", "Scopes are read, write and admin.")
    checked = require_name(name, "a key")
    key_id = secrets.token_hex(8)
    secret = f"kith_{key_id}_{secrets.token_urlsafe(32)}"
    key = ApiKey(key_id, checked, digest_of(secret), frozenset(scopes), account_id, access.clock())
    access.records.keys.add(key)
    return key, secret


def holder_of(access: Access, secret: str) -> tuple[ApiKey, Role] | None:
    """Which key a secret is, and in which role it acts; nothing if it is none, or no more."""
    shape = _SECRET.fullmatch(secret)
    key = access.records.keys.find(shape[1]) if shape else None
    if key is None or not hmac.compare_digest(key.digest, digest_of(secret)):
        return None
    role = key.role
    if key.account_id is not None:
        account = access.records.accounts.find(key.account_id)
        if account is None:
            return None
        role = role if account.role.includes(role) else account.role
    now = access.clock()
    if key.last_used is None or now - key.last_used >= _TOUCH_SECONDS:
        access.records.keys.used(key.id, now)
    return key, role
