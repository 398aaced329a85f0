"""Column types that keep Python's text whole, in SQLite and PostgreSQL alike.

Neither database can hold every ``str``: PostgreSQL refuses NUL, and both refuse the lone surrogates
by which Python carries file names that are not UTF-8. These types map every ``str`` there and back.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, UserDefinedType

_UNSAFE = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPED = re.compile("\x1a([0-9a-f]{4})")


class AnyText(TypeDecorator[str]):
    """Text as it is; NUL, SUB and lone surrogates stand as SUB (U+001A) and four hex digits."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        """What is stored for this text."""
        if value is None:
            return None
        return _UNSAFE.sub(lambda found: f"\x1a{ord(found[0]):04x}", value)

    def process_result_value(
        self,
        value: str | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        """The text that was stored so."""
        if value is None or "\x1a" not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


class PathBytes(TypeDecorator[str]):
    """A path as UTF-8 that lets surrogates pass: the bytes sort as the path's code points do."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(
        self,
        value: str | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> bytes | None:
        """What is stored for this path."""
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(
        self,
        value: bytes | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> str | None:
        """The path that was stored so."""
        return None if value is None else value.decode("utf-8", "surrogatepass")


class SearchWords(UserDefinedType[str]):
    """PostgreSQL's words with their positions (``tsvector``).

    Declared here, because importing SQLAlchemy's own takes as long as a short command does.
    """

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """What PostgreSQL calls it."""
        return "TSVECTOR"


class WordSearch(UserDefinedType[str]):
    """What PostgreSQL searches for in ``SearchWords`` (``tsquery``)."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """What PostgreSQL calls it."""
        return "TSQUERY"


BigNumber = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64 bits; SQLite numbers rows by itself only where the type is called INTEGER."""

Id = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
"""An id in lower-case hex; sorted by its code points whatever the server's language."""

Clock = sa.String(19).with_variant(sa.String(19, collation="C"), "postgresql")
"""A second in ISO 8601, as a camera's clock showed it: ``2024-06-30T12:00:00``."""
