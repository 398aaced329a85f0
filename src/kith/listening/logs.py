"""Where the loggers of a server write while it runs."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping
from contextlib import contextmanager


@contextmanager
def handled_by(handler: logging.Handler, levels: Mapping[str, int]) -> Generator[None]:
    """Meanwhile, these loggers write to this handler alone; then they are as before.

    Args:
        handler: writes down what they say.
        levels: the names of loggers, and what of each is worth writing down.
    """
    loggers = [logging.getLogger(name) for name in levels]
    before = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(levels[logger.name])
        logger.propagate = False
    try:
        yield
    finally:
        for logger, level, propagate in before:
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = propagate
