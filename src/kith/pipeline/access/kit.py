"""What is needed to let people in, as one value."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from kith.pipeline.access.attempts import Attempts, Pace
from kith.pipeline.access.passwords import Passwords
from kith.pipeline.access.policy import Policy
from kith.ports.access import AccessRecords


@dataclass(frozen=True, slots=True)
class Access:
    """What is needed to let people in.

    Attributes:
        records: who there is.
        policy: how people are let in.
        passwords: whether a password is right.
        attempts: how often somebody tried one.
        pace: how often somebody asks for what takes long.
        secret: what only this library's servers know; tokens of links are made with it.
        setup_token: what the first owner must know; the server prints it where there is none.
        clock: seconds since 1970.
    """

    records: AccessRecords
    policy: Policy = field(default_factory=Policy)
    passwords: Passwords = field(default_factory=Passwords)
    attempts: Attempts = field(default_factory=lambda: Attempts(time.monotonic))
    pace: Pace = field(default_factory=lambda: Pace(time.monotonic))
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    setup_token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    clock: Callable[[], float] = time.time

    @property
    def needs_setup(self) -> bool:
        """Whether a login is needed, and there is nobody yet who could."""
        kept_here = self.policy.login and self.policy.accounts
        return kept_here and not self.records.accounts.all()
