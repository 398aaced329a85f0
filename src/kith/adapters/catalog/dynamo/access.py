"""The port ``AccessRecords`` in DynamoDB: with editions of its own, so that it disturbs nobody.

Everybody and everything of a kind lies in one partition: there are few, and what is old is swept.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from kith.adapters.catalog.dynamo.draft import Doc, Draft, write_beside
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.schema import ACCESS, Key
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.access import Account, ApiKey, Link, Role, Scope, Session, name_key
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.access import Claim, LoggedIn, Reply, Tried

T = TypeVar("T")

_ACCOUNTS = "ACCOUNTS"
_SESSIONS = "SESSIONS"
_KEYS = "KEYS"
_LINKS = "LINKS"
_REPLIES = "REPLIES"
_TRIES = "TRIES"


class DynamoAccess:
    """Everything of one library in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of the editions of all this.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        shelf = _Shelf(table, ledger or Ledger(table, ACCESS))
        self.accounts = DynamoAccounts(shelf)
        self.sessions = DynamoSessions(shelf)
        self.keys = DynamoKeys(shelf)
        self.links = DynamoLinks(shelf)
        self.replies = DynamoReplies(shelf)
        self.tries = DynamoTries(shelf)


class _Shelf:
    """Documents of several kinds, by their ids."""

    def __init__(self, table: Table, ledger: Ledger) -> None:
        self._table = table
        self._ledger = ledger

    def look(self) -> Draft:
        """As everything is now."""
        return Draft(self._table, self._ledger.head())

    def change(self, work: Callable[[Draft], T]) -> T:
        """Do this; again where others came between."""
        return write_beside(self._table, self._ledger, work)


class DynamoAccounts:
    """Those who can log in."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def all(self) -> Sequence[Account]:
        """Everyone, in the order in which they were added."""
        return list(map(_account, _in_order(self._shelf.look(), _ACCOUNTS)))

    def find(self, account_id: str, /) -> Account | None:
        """The account of that id."""
        doc = self._shelf.look().get(Key(_ACCOUNTS, account_id))
        return None if doc is None else _account(doc)

    def named(self, name: str, /) -> Account | None:
        """The account of that name, whatever its case."""
        wanted = name_key(name)
        return next((one for one in self.all() if name_key(one.name) == wanted), None)

    def add(self, account: Account, /, *, first: bool = False) -> None:
        """Add an account."""

        def work(draft: Draft) -> None:
            if first and draft.under(_ACCOUNTS):
                raise UsageError("There is an account already")
            _keep(draft, _ACCOUNTS, account.id, asdict(account))
            _require_sense(draft)

        self._shelf.change(work)

    def change(self, account: Account, /) -> None:
        """Give the account of this id the other values."""

        def work(draft: Draft) -> None:
            _require(draft, _ACCOUNTS, account.id, "account")
            _keep(draft, _ACCOUNTS, account.id, asdict(account))
            _require_sense(draft)

        self._shelf.change(work)

    def remove(self, account_id: str, /) -> None:
        """Remove an account, with its sessions and keys."""

        def work(draft: Draft) -> None:
            _require(draft, _ACCOUNTS, account_id, "account")
            draft.drop(Key(_ACCOUNTS, account_id))
            _require_sense(draft)
            for kind in (_SESSIONS, _KEYS):
                _drop_where(draft, kind, lambda doc: doc["account_id"] == account_id)

        self._shelf.change(work)


class DynamoSessions:
    """Browsers that are logged in."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def begin(self, session: Session, /) -> None:
        """Keep a new session."""
        self._shelf.change(lambda draft: draft.put(Key(_SESSIONS, session.digest), asdict(session)))

    def find(self, digest: str, /) -> LoggedIn | None:
        """The session of that digest and whose it is, whether it has expired or not."""
        draft = self._shelf.look()
        session = draft.get(Key(_SESSIONS, digest))
        account = session and draft.get(Key(_ACCOUNTS, session["account_id"]))
        return LoggedIn(Session(**session), _account(account)) if session and account else None

    def extend(self, digest: str, expires: float, /) -> None:
        """Let a session last until then."""
        self._shelf.change(lambda draft: _alter(draft, _SESSIONS, digest, expires=expires))

    def end(self, digest: str, /) -> None:
        """Forget a session."""
        self._shelf.change(lambda draft: draft.drop(Key(_SESSIONS, digest)))

    def end_all(self, account_id: str, /) -> None:
        """Forget all sessions of an account."""
        self._shelf.change(
            lambda draft: _drop_where(draft, _SESSIONS, lambda doc: doc["account_id"] == account_id)
        )

    def sweep(self, now: float, /) -> None:
        """Forget those that have expired."""
        self._shelf.change(
            lambda draft: _drop_where(draft, _SESSIONS, lambda doc: doc["expires"] <= now)
        )


class DynamoKeys:
    """Keys of programs."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def all(self) -> Sequence[ApiKey]:
        """Every key, in the order in which they were added."""
        return list(map(_api_key, _in_order(self._shelf.look(), _KEYS)))

    def find(self, key_id: str, /) -> ApiKey | None:
        """The key of that id."""
        doc = self._shelf.look().get(Key(_KEYS, key_id))
        return None if doc is None else _api_key(doc)

    def add(self, key: ApiKey, /) -> None:
        """Keep a new key."""
        doc = asdict(key) | {"scopes": sorted(key.scopes)}
        self._shelf.change(lambda draft: _keep(draft, _KEYS, key.id, doc))

    def used(self, key_id: str, at: float, /) -> None:
        """Note when a key was used last."""
        self._shelf.change(lambda draft: _alter(draft, _KEYS, key_id, last_used=at))

    def remove(self, key_id: str, /) -> None:
        """Forget a key."""

        def work(draft: Draft) -> None:
            _require(draft, _KEYS, key_id, "key")
            draft.drop(Key(_KEYS, key_id))

        self._shelf.change(work)


class DynamoLinks:
    """Links for guests."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def all(self) -> Sequence[Link]:
        """Every link, in the order in which they were added."""
        return list(map(_link, _in_order(self._shelf.look(), _LINKS)))

    def find(self, link_id: str, /) -> Link | None:
        """The link of that id."""
        doc = self._shelf.look().get(Key(_LINKS, link_id))
        return None if doc is None else _link(doc)

    def add(self, link: Link, /) -> None:
        """Keep a new link."""
        self._shelf.change(lambda draft: _keep(draft, _LINKS, link.id, asdict(link)))

    def change(self, link: Link, /) -> None:
        """Give the link of this id the other values, except how often it was opened."""

        def work(draft: Draft) -> None:
            known = _link(_require(draft, _LINKS, link.id, "link"))
            kept = replace(link, opened=known.opened, last_opened=known.last_opened)
            _keep(draft, _LINKS, link.id, asdict(kept))

        self._shelf.change(work)

    def opened(self, link_id: str, at: float, /) -> None:
        """Count that guests opened a link."""

        def work(draft: Draft) -> None:
            doc = draft.get(Key(_LINKS, link_id))
            if doc is not None:
                _alter(draft, _LINKS, link_id, opened=doc["opened"] + 1, last_opened=at)

        self._shelf.change(work)


class DynamoReplies:
    """What was answered to requests that may be repeated."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def claim(self, claim: Claim, /, *, stale_before: float) -> Claim | None:
        """Take a key, unless it was taken before."""

        def work(draft: Draft) -> Claim | None:
            doc = draft.get(Key(_REPLIES, claim.key))
            known = None if doc is None else _claim(doc)
            if known is not None and (known.reply or known.at >= stale_before):
                return known
            taken = {"key": claim.key, "request": claim.request, "at": claim.at}
            draft.put(Key(_REPLIES, claim.key), {**taken, "reply": None})
            return None

        return self._shelf.change(work)

    def answer(self, key: str, reply: Reply, /) -> None:
        """Keep what was answered to the request that took a key."""
        body = base64.b64encode(reply.body).decode()
        told = [reply.status, reply.content_type, body]
        self._shelf.change(lambda draft: _alter(draft, _REPLIES, key, reply=told))

    def release(self, key: str, /) -> None:
        """Give a key back."""
        self._shelf.change(lambda draft: draft.drop(Key(_REPLIES, key)))

    def sweep(self, before: float, /) -> None:
        """Forget what was claimed before then."""
        self._shelf.change(
            lambda draft: _drop_where(draft, _REPLIES, lambda doc: doc["at"] < before)
        )


class DynamoTries:
    """Wrong passwords, by what they were tried for."""

    def __init__(self, shelf: _Shelf) -> None:
        self._shelf = shelf

    def change(self, what: str, judge: Callable[[Tried | None], Tried], /) -> None:
        """Keep what is to be known from now on."""

        def work(draft: Draft) -> None:
            doc = draft.get(Key(_TRIES, what))
            tried = judge(None if doc is None else Tried(doc["wrong"], doc["blocked_until"]))
            draft.put(Key(_TRIES, what), asdict(tried))

        self._shelf.change(work)

    def forget(self, what: str, /) -> None:
        """The password was right."""
        self._shelf.change(lambda draft: draft.drop(Key(_TRIES, what)))


# -- documents -------------------------------------------------------------------------------------


def _in_order(draft: Draft, kind: str) -> list[Doc]:
    """All of a kind, in the order in which they were added."""
    return sorted((doc for _, doc in draft.under(kind)), key=lambda doc: doc["number"])


def _keep(draft: Draft, kind: str, name: str, doc: Doc) -> None:
    """Let this be there, in the place of what was there or as the last of its kind."""
    known = draft.get(Key(kind, name))
    number = draft.next(kind) if known is None else known["number"]
    draft.put(Key(kind, name), {**doc, "number": number})


def _alter(draft: Draft, kind: str, name: str, **values: Any) -> None:
    """Let it say this instead, if it is there."""
    known = draft.get(Key(kind, name))
    if known is not None:
        draft.put(Key(kind, name), {**known, **values})


def _drop_where(draft: Draft, kind: str, meant: Callable[[Doc], bool]) -> None:
    for name, doc in draft.under(kind):
        if meant(doc):
            draft.drop(Key(kind, name))


def _require(draft: Draft, kind: str, name: str, called: str) -> Doc:
    doc = draft.get(Key(kind, name))
    if doc is None:
        raise NotFoundError(f"There is no {called} {name}")
    return doc


def _require_sense(draft: Draft) -> None:
    """Names differ, and somebody is an owner, if there is anybody."""
    accounts = [_account(doc) for _, doc in draft.under(_ACCOUNTS)]
    if len({name_key(one.name) for one in accounts}) < len(accounts):
        raise UsageError("Somebody else has this name", "Choose another one.")
    if accounts and not any(one.role is Role.OWNER for one in accounts):
        raise UsageError("Somebody must be an owner", "Make somebody else an owner first.")


def _values(doc: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in doc.items() if name != "number"}


def _account(doc: Mapping[str, Any]) -> Account:
    values = _values(doc)
    values["role"] = Role(doc["role"])
    return Account(**values)


def _api_key(doc: Mapping[str, Any]) -> ApiKey:
    values = _values(doc)
    values["scopes"] = frozenset(map(Scope, doc["scopes"]))
    return ApiKey(**values)


def _link(doc: Mapping[str, Any]) -> Link:
    return Link(**_values(doc))


def _claim(doc: Mapping[str, Any]) -> Claim:
    reply = None
    if doc["reply"] is not None:
        status, content_type, body = doc["reply"]
        reply = Reply(status, content_type, base64.b64decode(body))
    return Claim(doc["key"], doc["request"], doc["at"], reply)
