"""Accounts, sessions and keys, in a relational database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from kith.database.access import accounts, api_keys, sessions
from kith.database.open import Database
from kith.domain.access import Account, ApiKey, Role, Scope, Session, name_key
from kith.domain.errors import NotFoundError, UsageError
from kith.ports.access import LoggedIn

_Row: TypeAlias = "sa.Row[*tuple[Any, ...]]"


class SqlAccounts:
    """Those who can log in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[Account]:
        """Everyone, in the order in which they were added."""
        query = sa.select(*_ACCOUNT).order_by(accounts.c.number)
        with self._database.read() as connection:
            return [_account_of(row) for row in connection.execute(query)]

    def find(self, account_id: str, /) -> Account | None:
        """The account of that id."""
        return self._one(accounts.c.id == account_id)

    def named(self, name: str, /) -> Account | None:
        """The account of that name, whatever its case."""
        return self._one(accounts.c.name_key == name_key(name))

    def add(self, account: Account, /, *, first: bool = False) -> None:
        """Add an account."""
        with self._database.write() as connection:
            if first and connection.scalar(sa.select(sa.func.count()).select_from(accounts)):
                raise UsageError("There is an account already")
            _write(connection, sa.insert(accounts), account)
            _require_owner(connection)

    def change(self, account: Account, /) -> None:
        """Give the account of this id the other values."""
        with self._database.write() as connection:
            _require(connection, account.id)
            _write(connection, sa.update(accounts).where(accounts.c.id == account.id), account)
            _require_owner(connection)

    def remove(self, account_id: str, /) -> None:
        """Remove an account, with its sessions and keys."""
        with self._database.write() as connection:
            _require(connection, account_id)
            connection.execute(sa.delete(accounts).where(accounts.c.id == account_id))
            _require_owner(connection)

    def _one(self, where: sa.ColumnElement[bool]) -> Account | None:
        with self._database.read() as connection:
            row = connection.execute(sa.select(*_ACCOUNT).where(where)).first()
        return _account_of(row) if row else None


class SqlSessions:
    """Browsers that are logged in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, session: Session, /) -> None:
        """Keep a new session."""
        row = {
            "digest": session.digest,
            "account_id": session.account_id,
            "created": session.created,
            "expires": session.expires,
        }
        with self._database.write() as connection:
            connection.execute(sa.insert(sessions), row)

    def find(self, digest: str, /) -> LoggedIn | None:
        """The session of that digest and whose it is, whether it has expired or not."""
        query = (
            sa.select(sessions.c.created, sessions.c.expires, *_ACCOUNT)
            .join_from(sessions, accounts)
            .where(sessions.c.digest == digest)
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        created, expires, *rest = row
        account = _account_of(rest)
        return LoggedIn(Session(digest, account.id, created, expires), account)

    def extend(self, digest: str, expires: float, /) -> None:
        """Let a session last until then."""
        change = sa.update(sessions).where(sessions.c.digest == digest).values(expires=expires)
        with self._database.write() as connection:
            connection.execute(change)

    def end(self, digest: str, /) -> None:
        """Forget a session."""
        self._forget(sessions.c.digest == digest)

    def end_all(self, account_id: str, /) -> None:
        """Forget all sessions of an account."""
        self._forget(sessions.c.account_id == account_id)

    def sweep(self, now: float, /) -> None:
        """Forget those that have expired."""
        self._forget(sessions.c.expires <= now)

    def _forget(self, where: sa.ColumnElement[bool]) -> None:
        with self._database.write() as connection:
            connection.execute(sa.delete(sessions).where(where))


class SqlKeys:
    """Keys of programs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Sequence[ApiKey]:
        """Every key, in the order in which they were added."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(*_KEY).order_by(api_keys.c.number))
            return [_key_of(row) for row in rows]

    def find(self, key_id: str, /) -> ApiKey | None:
        """The key of that id."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(*_KEY).where(api_keys.c.id == key_id)).first()
        return _key_of(row) if row else None

    def add(self, key: ApiKey, /) -> None:
        """Keep a new key."""
        row = {
            "id": key.id,
            "name": key.name,
            "digest": key.digest,
            "scopes": " ".join(sorted(scope.value for scope in key.scopes)),
            "account_id": key.account_id,
            "created": key.created,
            "last_used": key.last_used,
        }
        with self._database.write() as connection:
            connection.execute(sa.insert(api_keys), row)

    def used(self, key_id: str, at: float, /) -> None:
        """Note when a key was used last."""
        change = sa.update(api_keys).where(api_keys.c.id == key_id).values(last_used=at)
        with self._database.write() as connection:
            connection.execute(change)

    def remove(self, key_id: str, /) -> None:
        """Forget a key."""
        with self._database.write() as connection:
            removed = connection.execute(sa.delete(api_keys).where(api_keys.c.id == key_id))
            if not removed.rowcount:
                raise NotFoundError(f"There is no key {key_id}")


_ACCOUNT = (
    accounts.c.id, accounts.c.name, accounts.c.role, accounts.c.password, accounts.c.created,
)  # fmt: skip
_KEY = (
    api_keys.c.id, api_keys.c.name, api_keys.c.digest, api_keys.c.scopes, api_keys.c.account_id,
    api_keys.c.created, api_keys.c.last_used,
)  # fmt: skip


def _account_of(row: Sequence[Any]) -> Account:
    account_id, name, role, password, created = row
    return Account(account_id, name, Role(role), password, created)


def _key_of(row: _Row) -> ApiKey:
    key_id, name, digest, scopes, account_id, created, last_used = row
    held = frozenset(Scope(word) for word in scopes.split())
    return ApiKey(key_id, name, digest, held, account_id, created, last_used)


def _write(connection: sa.Connection, statement: sa.Insert | sa.Update, account: Account) -> None:
    row = {
        "id": account.id,
        "name": account.name,
        "name_key": name_key(account.name),
        "role": account.role.value,
        "password": account.password,
        "created": account.created,
    }
    try:
        connection.execute(statement.values(row))
    except IntegrityError as error:
        raise UsageError("Somebody else has this name", "Choose another one.") from error


def _require(connection: sa.Connection, account_id: str) -> None:
    query = sa.select(accounts.c.number).where(accounts.c.id == account_id)
    if connection.scalar(query) is None:
        raise NotFoundError(f"There is no account {account_id}")


def _require_owner(connection: sa.Connection) -> None:
    """An owner there must be, as soon as there is anyone; to be asked before changes are kept."""
    roles = set(connection.scalars(sa.select(accounts.c.role).distinct()))
    if roles and Role.OWNER.value not in roles:
        raise UsageError("Somebody must be an owner", "Make somebody else an owner first.")
