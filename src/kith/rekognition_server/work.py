"""A bounded number of threads, of requests that wait for one, and of bytes that are held."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kith.rekognition.errors import Kind, RekognitionError

_T = TypeVar("_T")


class Work:
    """Where requests are worked on. All but the work itself happens in the loop's thread.

    Args:
        workers: requests worked on at once.
        waiting: requests that may wait for a worker.
        most_bytes: bytes of requests that may be held, of those being received and worked on.
    """

    def __init__(self, workers: int, waiting: int, most_bytes: int) -> None:
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="rekognition")
        self._limit = workers + waiting
        self._most_bytes = most_bytes
        self.admitted = 0
        self.held_bytes = 0

    async def run(self, task: Callable[[], _T]) -> _T:
        """What a task gives, from one of the threads.

        A task that began is finished, even if nobody waits for it any more.

        Raises:
            RekognitionError: ``ThrottlingException``; too many wait.
        """
        if self.full:
            raise too_much()
        self.admitted += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, task)
        # Counted until it is done and not until nobody waits: it holds a thread for so long.
        future.add_done_callback(self._leave)
        return await asyncio.shield(future)

    @property
    def full(self) -> bool:
        """Whether the next request would be refused."""
        return self.admitted >= self._limit

    def hold(self, byte_count: int) -> None:
        """Count bytes that were received.

        Raises:
            RekognitionError: ``ThrottlingException``; it is too many for now.
        """
        if self.held_bytes + byte_count > self._most_bytes:
            raise too_much()
        self.held_bytes += byte_count

    def release(self, byte_count: int) -> None:
        """Bytes that were held are no more."""
        self.held_bytes -= byte_count

    def close(self) -> None:
        """Wait for what was begun."""
        self._threads.shutdown(wait=True)

    def _leave(self, _: object) -> None:
        self.admitted -= 1


def too_much() -> RekognitionError:
    """Try again later, which every SDK does by itself."""
    return RekognitionError(Kind.THROTTLING, "Slow down; sudden increase in rate of requests.")
