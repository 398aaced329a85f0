"""What was answered to requests that may be repeated, in a relational database."""

from __future__ import annotations

import sqlalchemy as sa

from kith.database.access import replies
from kith.database.open import Database
from kith.ports.access import Claim, Reply


class SqlReplies:
    """The answers of one library."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, claim: Claim, /, *, stale_before: float) -> Claim | None:
        """Take a key, unless it was taken before."""
        row = {"key": claim.key, "request": claim.request, "at": claim.at}
        given_up = sa.and_(replies.c.status.is_(None), replies.c.at < stale_before)
        with self._database.write() as connection:
            connection.execute(sa.delete(replies).where(replies.c.key == claim.key, given_up))
            known = _find(connection, claim.key)
            if known is None:
                connection.execute(sa.insert(replies), row)
            return known

    def answer(self, key: str, reply: Reply, /) -> None:
        """Keep what was answered to the request that took a key."""
        row = {"status": reply.status, "content_type": reply.content_type, "body": reply.body}
        with self._database.write() as connection:
            connection.execute(sa.update(replies).where(replies.c.key == key).values(row))

    def release(self, key: str, /) -> None:
        """Give a key back."""
        with self._database.write() as connection:
            connection.execute(sa.delete(replies).where(replies.c.key == key))

    def sweep(self, before: float, /) -> None:
        """Forget what was claimed before then."""
        with self._database.write() as connection:
            connection.execute(sa.delete(replies).where(replies.c.at < before))


def _find(connection: sa.Connection, key: str) -> Claim | None:
    query = sa.select(
        replies.c.request, replies.c.at, replies.c.status, replies.c.content_type, replies.c.body
    ).where(replies.c.key == key)
    row = connection.execute(query).first()
    if row is None:
        return None
    request, at, status, content_type, body = row
    reply = None if status is None else Reply(status, content_type, bytes(body))
    return Claim(key, request, at, reply)
