"""The port ``AccessRecords`` in memory: for tests, and for what must not be written down."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from kith.domain.access import Account, ApiKey, Link, Role, Session, name_key
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.access import Claim, LoggedIn, Reply


class MemoryAccess:
    """Everything of one library, gone when the program ends."""

    def __init__(self) -> None:
        self.accounts = MemoryAccounts()
        self.sessions = self.accounts.sessions
        self.keys = self.accounts.keys
        self.links = MemoryLinks()
        self.replies = MemoryReplies()


class MemoryAccounts:
    """Those who can log in."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._accounts: dict[str, Account] = {}
        self.sessions = MemorySessions(self)
        self.keys = MemoryKeys()

    def all(self) -> Sequence[Account]:
        """Everyone, in the order in which they were added."""
        with self._lock:
            return list(self._accounts.values())

    def find(self, account_id: str, /) -> Account | None:
        """The account of that id."""
        with self._lock:
            return self._accounts.get(account_id)

    def named(self, name: str, /) -> Account | None:
        """The account of that name, whatever its case."""
        wanted = name_key(name)
        return next((account for account in self.all() if name_key(account.name) == wanted), None)

    def add(self, account: Account, /, *, first: bool = False) -> None:
        """Add an account."""
        with self._lock:
            if first and self._accounts:
                raise UsageError("There is an account already")
            self._keep({**self._accounts, account.id: account})

    def change(self, account: Account, /) -> None:
        """Give the account of this id the other values."""
        with self._lock:
            self._require(account.id)
            self._keep({**self._accounts, account.id: account})

    def remove(self, account_id: str, /) -> None:
        """Remove an account, with its sessions and keys."""
        with self._lock:
            self._require(account_id)
            self._keep({key: kept for key, kept in self._accounts.items() if key != account_id})
            self.sessions.end_all(account_id)
            self.keys.remove_all(account_id)

    def _require(self, account_id: str) -> None:
        if account_id not in self._accounts:
            raise NotFoundError(f"There is no account {account_id}")

    def _keep(self, accounts: dict[str, Account]) -> None:
        names = [name_key(account.name) for account in accounts.values()]
        if len(set(names)) < len(names):
            raise UsageError("Somebody else has this name", "Choose another one.")
        if accounts and not any(one.role is Role.OWNER for one in accounts.values()):
            raise UsageError("Somebody must be an owner", "Make somebody else an owner first.")
        self._accounts = accounts


class MemorySessions:
    """Browsers that are logged in.

    Args:
        accounts: whose they are.
    """

    def __init__(self, accounts: MemoryAccounts) -> None:
        self._lock = threading.RLock()
        self._accounts = accounts
        self._sessions: dict[str, Session] = {}

    def begin(self, session: Session, /) -> None:
        """Keep a new session."""
        with self._lock:
            self._sessions[session.digest] = session

    def find(self, digest: str, /) -> LoggedIn | None:
        """The session of that digest and whose it is, whether it has expired or not."""
        with self._lock:
            session = self._sessions.get(digest)
        account = self._accounts.find(session.account_id) if session else None
        return LoggedIn(session, account) if session and account else None

    def extend(self, digest: str, expires: float, /) -> None:
        """Let a session last until then."""
        with self._lock:
            if session := self._sessions.get(digest):
                self._sessions[digest] = replace(session, expires=expires)

    def end(self, digest: str, /) -> None:
        """Forget a session."""
        with self._lock:
            self._sessions.pop(digest, None)

    def end_all(self, account_id: str, /) -> None:
        """Forget all sessions of an account."""
        with self._lock:
            kept = self._sessions.items()
            self._sessions = {key: one for key, one in kept if one.account_id != account_id}

    def sweep(self, now: float, /) -> None:
        """Forget those that have expired."""
        with self._lock:
            kept = self._sessions.items()
            self._sessions = {key: one for key, one in kept if one.expires > now}


class MemoryKeys:
    """Keys of programs."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._keys: dict[str, ApiKey] = {}

    def all(self) -> Sequence[ApiKey]:
        """Every key, in the order in which they were added."""
        with self._lock:
            return list(self._keys.values())

    def find(self, key_id: str, /) -> ApiKey | None:
        """The key of that id."""
        with self._lock:
            return self._keys.get(key_id)

    def add(self, key: ApiKey, /) -> None:
        """Keep a new key."""
        with self._lock:
            self._keys[key.id] = key

    def used(self, key_id: str, at: float, /) -> None:
        """Note when a key was used last."""
        with self._lock:
            if key := self._keys.get(key_id):
                self._keys[key_id] = replace(key, last_used=at)

    def remove(self, key_id: str, /) -> None:
        """Forget a key."""
        with self._lock:
            if self._keys.pop(key_id, None) is None:
                raise NotFoundError(f"There is no key {key_id}")

    def remove_all(self, account_id: str) -> None:
        """Forget the keys of an account."""
        with self._lock:
            kept = self._keys.items()
            self._keys = {key: one for key, one in kept if one.account_id != account_id}


class MemoryLinks:
    """Links for guests."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._links: dict[str, Link] = {}

    def all(self) -> Sequence[Link]:
        """Every link, in the order in which they were added."""
        with self._lock:
            return list(self._links.values())

    def find(self, link_id: str, /) -> Link | None:
        """The link of that id."""
        with self._lock:
            return self._links.get(link_id)

    def add(self, link: Link, /) -> None:
        """Keep a new link."""
        with self._lock:
            self._links[link.id] = link

    def change(self, link: Link, /) -> None:
        """Give the link of this id the other values, except how often it was opened."""
        with self._lock:
            known = self._links.get(link.id)
            if known is None:
                raise NotFoundError(f"There is no link {link.id}")
            self._links[link.id] = replace(link, opened=known.opened, last_opened=known.last_opened)

    def opened(self, link_id: str, at: float, /) -> None:
        """Count that guests opened a link."""
        with self._lock:
            if link := self._links.get(link_id):
                self._links[link_id] = replace(link, opened=link.opened + 1, last_opened=at)


class MemoryReplies:
    """What was answered to requests that may be repeated."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._claims: dict[str, Claim] = {}

    def claim(self, claim: Claim, /, *, stale_before: float) -> Claim | None:
        """Take a key, unless it was taken before."""
        with self._lock:
            known = self._claims.get(claim.key)
            if known is not None and (known.reply or known.at >= stale_before):
                return known
            self._claims[claim.key] = claim
            return None

    def answer(self, key: str, reply: Reply, /) -> None:
        """Keep what was answered to the request that took a key."""
        with self._lock:
            if claim := self._claims.get(key):
                self._claims[key] = replace(claim, reply=reply)

    def release(self, key: str, /) -> None:
        """Give a key back."""
        with self._lock:
            self._claims.pop(key, None)

    def sweep(self, before: float, /) -> None:
        """Forget what was claimed before then."""
        with self._lock:
            self._claims = {key: one for key, one in self._claims.items() if one.at >= before}
