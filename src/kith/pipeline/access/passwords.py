"""Passwords: what is kept instead of one, and whether one is right."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kith.domain.errors import UsageError

SHORTEST: Final = 10
"""Characters; more helps more than rules on their kinds (NIST SP 800-63B, 5.1.1.2)."""

SHORTEST_SHARED: Final = 4
"""Characters of a link's password: it stands beside a token that nobody guesses."""

LONGEST: Final = 1000
"""Characters; far more than anybody types, and hashed in no time."""

_AT_ONCE: Final = 2
"""Passwords that are hashed at once: each takes 64 MiB."""


class Passwords:
    """Hashes passwords with argon2id (RFC 9106, its second recommended parameters: 64 MiB).

    May be used from several threads.

    Args:
        hasher: argon2 with other parameters, for tests.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)

    def hashed(self, password: str) -> str:
        """What is kept instead of a new password.

        Raises:
            UsageError: it is too short or too long.
        """
        if not SHORTEST <= len(password) <= LONGEST:
            raise UsageError(f"A password has {SHORTEST} to {LONGEST} characters")
        return self._hash(password)

    def hashed_short(self, password: str) -> str:
        """What is kept instead of a password that people tell each other; it may be short.

        Raises:
            UsageError: it is shorter than ``SHORTEST_SHARED``, or too long.
        """
        if not SHORTEST_SHARED <= len(password) <= LONGEST:
            raise UsageError(f"A link's password has {SHORTEST_SHARED} to {LONGEST} characters")
        return self._hash(password)

    def match(self, kept: str | None, password: str) -> bool:
        """Whether a password is the one of which this was kept.

        It takes as long where nothing was kept, so that nobody learns which names there are.
        """
        if len(password) > LONGEST:
            return False
        try:
            with self._turns:
                right = self._hasher.verify(kept or self._nobodys, password)
        except (VerificationError, InvalidHashError):
            return False
        return right and kept is not None

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("the password of nobody")

    def _hash(self, password: str) -> str:
        with self._turns:
            return self._hasher.hash(password)
