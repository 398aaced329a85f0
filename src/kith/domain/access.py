"""Who may do what: roles, accounts, sessions, keys of programs, and links for guests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kith.domain.errors import UsageError
from kith.domain.names import folded

LONGEST_NAME: Final = 100
"""Characters of an account's or a key's name; it stands in the journal beside each decision."""


class Role(StrEnum):
    """What somebody may do: an owner everything, an editor all but access, a viewer only look."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    def includes(self, other: Role) -> bool:
        """Whether who has this role may do whatever the other one lets do."""
        return _RANK[self] >= _RANK[other]


_RANK: Final = {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}


class Scope(StrEnum):
    """What a program's key lets it do; the same steps as the roles of people."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    @property
    def role(self) -> Role:
        """The role that a key of this scope acts in."""
        return _ROLE_OF[self]


_ROLE_OF: Final = {Scope.READ: Role.VIEWER, Scope.WRITE: Role.EDITOR, Scope.ADMIN: Role.OWNER}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in.

    Attributes:
        id: 32 hex digits.
        name: to log in with; unique whatever the case. It stands in the journal.
        role: what he may do.
        password: its hash, as argon2 writes it down.
        created: when, in seconds since 1970.
    """

    id: str
    name: str
    role: Role
    password: str
    created: float


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in.

    Attributes:
        digest: SHA-256 of what the browser shows to be recognized, in hex; that itself is not kept.
        account_id: who.
        created: when it began, in seconds since 1970.
        expires: when it ends unless it is used before.
    """

    digest: str
    account_id: str
    created: float
    expires: float


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What a program shows instead of a password.

    Attributes:
        id: 16 hex digits, which the secret begins with.
        name: what it is for; it stands in the journal.
        digest: SHA-256 of the secret, in hex; the secret is not kept.
        scopes: what it lets do; at least one.
        account_id: whose it is; it goes with him, and lets do no more than he may. ``None`` for
            one that the owner of the machine made without an account.
        created: when, in seconds since 1970.
        last_used: when it was used last, to the hour.
    """

    id: str
    name: str
    digest: str
    scopes: frozenset[Scope]
    account_id: str | None
    created: float
    last_used: float | None = None

    @property
    def role(self) -> Role:
        """The role that it acts in, unless whose it is has a lower one."""
        return max((scope.role for scope in self.scopes), key=_RANK.__getitem__)


@dataclass(frozen=True, slots=True)
class Link:
    """What lets guests see some photos.

    Attributes:
        id: 16 hex digits.
        query: which photos; ids stand for people, so that a new name changes nothing.
        title: what guests read above them.
        created: when, in seconds since 1970.
        by: who made it.
        expires: when it ends, in seconds since 1970; never without.
        password: what guests must know, as argon2 writes it down; nothing without.
        download: whether guests may have the originals.
        people: whether guests see who is in the photos.
        find_me: whether guests may look for themselves with a picture.
        opened: how often guests opened it.
        last_opened: when they did last.
        revoked: when it was taken back.
    """

    id: str
    query: str
    title: str
    created: float
    by: str
    expires: float | None = None
    password: str | None = None
    download: bool = False
    people: bool = False
    find_me: bool = False
    opened: int = 0
    last_opened: float | None = None
    revoked: float | None = None

    def works(self, now: float) -> bool:
        """Whether guests may use it at this moment."""
        return self.revoked is None and (self.expires is None or now < self.expires)


def name_key(name: str) -> str:
    """What names that differ in case alone have in common."""
    return folded(name)


def require_name(name: str, whose: str) -> str:
    """The name without white space around it.

    Args:
        name: what was typed.
        whose: of what, for the message: ``an account``.

    Raises:
        UsageError: it cannot be a name.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"{name[:LONGEST_NAME]!r} cannot be the name of {whose}",
            f"A name has 1 to {LONGEST_NAME} characters that can be seen.",
        )
    return name
