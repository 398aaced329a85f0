"""Several threads at work side by side, and an end to it that leaves nothing half-way."""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from types import FrameType
from typing import Final, TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")

_AHEAD: Final = 2
"""Pieces per worker under way or waiting to be taken; more would only cost memory."""


def abreast(
    work: Callable[[Piece], Done], pieces: Iterable[Piece], *, workers: int, name: str
) -> Generator[Done]:
    """What becomes of each piece, in their order. To be closed by whoever may not want them all.

    Ctrl-C strikes here, where a piece would be begun, and nowhere in what the caller does with the
    answers; see ``held_back``. What is under way is ended then, and what has not begun never does.

    Args:
        work: done with each piece, in any thread.
        pieces: taken one by one, a few more than there are workers.
        workers: threads; at least 1.
        name: of the threads.
    """
    waiting = iter(pieces)
    under_way: deque[Future[Done]] = deque()
    with held_back() as strike:
        pool = ThreadPoolExecutor(workers, thread_name_prefix=name)
        try:
            while True:
                strike()
                for piece in islice(waiting, workers * _AHEAD - len(under_way)):
                    under_way.append(pool.submit(work, piece))
                if not under_way:
                    return
                yield under_way.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def held_back() -> Generator[Callable[[], None]]:
    """Keep Ctrl-C from striking anywhere but where the function that this yields is called.

    Python raises KeyboardInterrupt between any two instructions of the main thread: also between
    taking a lock and entering the block that gives it back. SQLAlchemy's pool of connections has
    such moments, and then every other thread waits for that lock forever. In callbacks that the
    garbage collector makes it is lost altogether.

    A second Ctrl-C strikes wherever the program is. Handlers that raise no KeyboardInterrupt are
    left alone; so are threads other than the main one, which are never struck.
    """
    handler = _handler()
    if handler is None:
        yield lambda: None
        return
    asked = False

    def hold(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        try:
            handler(number, frame)
        except KeyboardInterrupt:
            if asked:
                raise
            asked = True

    def strike() -> None:
        if asked:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, hold)
    try:
        yield strike
    finally:
        signal.signal(signal.SIGINT, handler)
    strike()


def _handler() -> Callable[[int, FrameType | None], object] | None:
    """What Python does on Ctrl-C, if this is the thread in which it does it."""
    if threading.current_thread() is not threading.main_thread():
        return None
    handler = signal.getsignal(signal.SIGINT)
    return handler if callable(handler) else None
