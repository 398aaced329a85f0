"""Tokens by which a client repeats a request, so that it happens once."""

from __future__ import annotations

import hashlib
import time
from typing import Final

import sqlalchemy as sa

from kith.database.rekognition import collection_tokens
from kith.ports.collections import Once, TokenTakenError

_KEPT_SECONDS: Final = 24 * 3600
"""Longer than any client goes on trying."""

_token = collection_tokens.c


class Tokens:
    """The tokens of one collection; used within the transaction of what they stand for."""

    def __init__(self, collection_id: str) -> None:
        self._collection_id = collection_id

    def answer(self, connection: sa.Connection, once: Once) -> str | None:
        """What was answered to the same request; ``None`` where it is the first of this token.

        Raises:
            TokenTakenError: the token came with another request.
        """
        row = connection.execute(
            sa.select(_token.request, _token.answer)
            .where(_token.collection_id == self._collection_id)
            .where(_token.token == once.token)
            .where(_token.at >= time.time() - _KEPT_SECONDS)
        ).one_or_none()
        if row is None:
            return None
        if row.request != _hash(once):
            raise TokenTakenError(f"Another request had the token {once.token}")
        return row.answer

    def keep(self, connection: sa.Connection, once: Once, answer: str) -> None:
        """Remember what was answered; forget what is old."""
        now = time.time()
        connection.execute(sa.delete(collection_tokens).where(_token.at < now - _KEPT_SECONDS))
        connection.execute(
            sa.insert(collection_tokens).values(
                collection_id=self._collection_id,
                token=once.token,
                request=_hash(once),
                answer=answer,
                at=now,
            )
        )


def _hash(once: Once) -> str:
    return hashlib.sha256(once.request.encode()).hexdigest()
