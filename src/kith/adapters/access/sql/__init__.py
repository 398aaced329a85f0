"""The port ``AccessRecords`` over a relational database, which stays the caller's to close."""

from __future__ import annotations

from kith.adapters.access.sql.accounts import SqlAccounts, SqlKeys, SqlSessions
from kith.adapters.access.sql.links import SqlLinks
from kith.adapters.access.sql.replies import SqlReplies
from kith.database.open import Database


class SqlAccess:
    """Everything of one library, in its database."""

    def __init__(self, database: Database) -> None:
        self.accounts = SqlAccounts(database)
        self.sessions = SqlSessions(database)
        self.keys = SqlKeys(database)
        self.links = SqlLinks(database)
        self.replies = SqlReplies(database)
