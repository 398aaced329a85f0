"""Sessions, accounts and keys, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import BaseModel, Field

from kith.domain.access import Account, ApiKey, Role, Scope
from kith.pipeline.access.passwords import LONGEST, SHORTEST
from kith.web.access.roles import Caller

NAME = Field(min_length=1, max_length=100)
PASSWORD = Field(max_length=LONGEST)
NEW_PASSWORD = Field(min_length=SHORTEST, max_length=LONGEST)


class SessionItem(BaseModel):
    """Who is asking, and what a page needs to know before it shows anything."""

    account: str | None = Field(description="The name of who is logged in.")
    role: Role | None
    csrf: str | None = Field(
        description="To be sent as `X-Kith-CSRF` along with every request that changes something."
    )
    login: bool = Field(description="Whether a login is needed at all.")
    setup: bool = Field(description="Whether there is no owner yet; then `POST /setup` makes one.")


class Credentials(BaseModel):
    """To log in with."""

    name: str = NAME
    password: str = PASSWORD


class NewOwner(BaseModel):
    """The first owner."""

    token: str = Field(max_length=200, description="As `kith serve` printed it.")
    name: str = NAME
    password: str = NEW_PASSWORD


class PasswordChange(BaseModel):
    """One's own password, and another one."""

    password: str = PASSWORD
    new_password: str = NEW_PASSWORD


class NewAccount(BaseModel):
    """Somebody who is to be able to log in."""

    name: str = NAME
    password: str = NEW_PASSWORD
    role: Role


class AccountChange(BaseModel):
    """What is to be different; what is not given stays."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    password: str | None = Field(default=None, min_length=SHORTEST, max_length=LONGEST)
    role: Role | None = None


class AccountItem(BaseModel):
    """Somebody who can log in."""

    id: str
    name: str
    role: Role
    created_at: datetime


class AccountList(BaseModel):
    """Everyone who can log in."""

    accounts: Sequence[AccountItem]


class NewKey(BaseModel):
    """A key that a program is to have."""

    name: str = NAME
    scopes: set[Scope] = Field(min_length=1)


class KeyItem(BaseModel):
    """A program's key, without its secret."""

    id: str
    name: str
    scopes: Sequence[Scope]
    account_id: str | None
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the hour.")


class MadeKey(KeyItem):
    """A key that was just made: the only time that its secret is told."""

    secret: str = Field(description="To be sent as `Authorization: Bearer …`.")


class KeyList(BaseModel):
    """All keys."""

    keys: Sequence[KeyItem]


def session_item(caller: Caller | None, *, login: bool, setup: bool) -> SessionItem:
    """Who is asking."""
    return SessionItem(
        account=caller.name if caller else None,
        role=caller.role if caller else None,
        csrf=caller.csrf if caller else None,
        login=login,
        setup=setup,
    )


def account_item(account: Account) -> AccountItem:
    """An account without its password."""
    return AccountItem(
        id=account.id, name=account.name, role=account.role, created_at=moment(account.created)
    )


def key_item(key: ApiKey) -> KeyItem:
    """A key without its secret."""
    return KeyItem(
        id=key.id,
        name=key.name,
        scopes=sorted(key.scopes),
        account_id=key.account_id,
        created_at=moment(key.created),
        last_used_at=moment(key.last_used) if key.last_used is not None else None,
    )


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
