"""Who may come in: accounts, sessions, keys, links; and what was answered to repeated requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from kith.domain.access import Account, ApiKey, Link, Session


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session, and whose it is."""

    session: Session
    account: Account


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to a request.

    Attributes:
        status: of HTTP.
        content_type: of the body.
        body: as it was sent.
    """

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that says by which key it may be repeated.

    Attributes:
        key: a digest of the client's key and of who the client is, in hex.
        request: a digest of what is asked for, in hex.
        at: when, in seconds since 1970.
        reply: what was answered; nothing while it is worked on.
    """

    key: str
    request: str
    at: float
    reply: Reply | None = None


class Accounts(Protocol):
    """Those who can log in. As soon as there is anyone, there is at least one owner."""

    def all(self) -> Sequence[Account]:
        """Everyone, in the order in which they were added."""
        ...

    def find(self, account_id: str, /) -> Account | None:
        """The account of that id."""
        ...

    def named(self, name: str, /) -> Account | None:
        """The account of that name, whatever its case."""
        ...

    def add(self, account: Account, /, *, first: bool = False) -> None:
        """Add an account.

        Args:
            account: with an id that is nobody's.
            first: only if there is none at all.

        Raises:
            UsageError: the name is taken; or there is an account, and this was to be the first; or
                this is the first, and no owner.
        """
        ...

    def change(self, account: Account, /) -> None:
        """Give the account of this id the other values.

        Raises:
            NotFoundError: there is none.
            UsageError: the name is taken, or nobody would be an owner any more.
        """
        ...

    def remove(self, account_id: str, /) -> None:
        """Remove an account, with its sessions and keys.

        Raises:
            NotFoundError: there is none.
            UsageError: others would be left without an owner.
        """
        ...


class Sessions(Protocol):
    """Browsers that are logged in."""

    def begin(self, session: Session, /) -> None:
        """Keep a new session."""
        ...

    def find(self, digest: str, /) -> LoggedIn | None:
        """The session of that digest and whose it is, whether it has expired or not."""
        ...

    def extend(self, digest: str, expires: float, /) -> None:
        """Let a session last until then; one that is not there is no error."""
        ...

    def end(self, digest: str, /) -> None:
        """Forget a session; one that is not there is no error."""
        ...

    def end_all(self, account_id: str, /) -> None:
        """Forget all sessions of an account."""
        ...

    def sweep(self, now: float, /) -> None:
        """Forget those that have expired."""
        ...


class Keys(Protocol):
    """Keys of programs."""

    def all(self) -> Sequence[ApiKey]:
        """Every key, in the order in which they were added."""
        ...

    def find(self, key_id: str, /) -> ApiKey | None:
        """The key of that id."""
        ...

    def add(self, key: ApiKey, /) -> None:
        """Keep a new key."""
        ...

    def used(self, key_id: str, at: float, /) -> None:
        """Note when a key was used last; one that is not there is no error."""
        ...

    def remove(self, key_id: str, /) -> None:
        """Forget a key.

        Raises:
            NotFoundError: there is none.
        """
        ...


class Links(Protocol):
    """What lets guests see some photos."""

    def all(self) -> Sequence[Link]:
        """Every link, in the order in which they were added; those taken back, too."""
        ...

    def find(self, link_id: str, /) -> Link | None:
        """The link of that id."""
        ...

    def add(self, link: Link, /) -> None:
        """Keep a new link."""
        ...

    def change(self, link: Link, /) -> None:
        """Give the link of this id the other values, except how often it was opened.

        Raises:
            NotFoundError: there is none.
        """
        ...

    def opened(self, link_id: str, at: float, /) -> None:
        """Count that guests opened a link; one that is not there is no error."""
        ...


class Replies(Protocol):
    """What was answered to requests that may be repeated: the same key is worked on once."""

    def claim(self, claim: Claim, /, *, stale_before: float) -> Claim | None:
        """Take a key, unless it was taken before.

        Args:
            claim: without a reply.
            stale_before: an earlier claim from before then that has no reply is given up: whoever
                worked on it has died.

        Returns:
            The earlier claim; ``None`` where the key is now taken by this one.
        """
        ...

    def answer(self, key: str, reply: Reply, /) -> None:
        """Keep what was answered to the request that took a key."""
        ...

    def release(self, key: str, /) -> None:
        """Give a key back, as if it had never been taken."""
        ...

    def sweep(self, before: float, /) -> None:
        """Forget what was claimed before then."""
        ...


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a wrong password was tried.

    Attributes:
        wrong: how often, since the last right one.
        blocked_until: when the next may be tried, in seconds since 1970.
    """

    wrong: int
    blocked_until: float


class Tries(Protocol):
    """Wrong passwords that several processes count together, by what they are tried for."""

    def change(self, what: str, judge: Callable[[Tried | None], Tried], /) -> None:
        """Keep what is to be known from now on; whoever comes meanwhile sees one or the other.

        Args:
            what: for which account or link.
            judge: told what is known so far; may be asked again, and may raise. Then nothing is
                kept.
        """
        ...

    def forget(self, what: str, /) -> None:
        """The password was right; where nothing is known, that is no error."""
        ...


class AccessRecords(Protocol):
    """All of it, of one library. May be called from several threads."""

    @property
    def accounts(self) -> Accounts:
        """Those who can log in."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Browsers that are logged in."""
        ...

    @property
    def keys(self) -> Keys:
        """Keys of programs."""
        ...

    @property
    def links(self) -> Links:
        """Links for guests."""
        ...

    @property
    def replies(self) -> Replies:
        """What was answered to requests that may be repeated."""
        ...
