"""Listening for clients until the process is told to end: what all servers of Kith share.

- ``serving``: addresses, sockets, signals
- ``connection``: patience with clients that say nothing, or say it slowly
- ``logs``: where loggers write meanwhile
"""

from __future__ import annotations

from kith.listening.connection import Connection, ConnectionLimits, Refusal
from kith.listening.logs import handled_by
from kith.listening.serving import (
    Address,
    QuietServer,
    address_of,
    listening_at,
    stopping_on_signals,
)

__all__ = [
    "Address",
    "Connection",
    "ConnectionLimits",
    "QuietServer",
    "Refusal",
    "address_of",
    "handled_by",
    "listening_at",
    "stopping_on_signals",
]
