"""What one container of Lambda keeps between calls: made in the first, gone with the container."""

from __future__ import annotations

import os
from functools import cache

from kith.compose.cloud import Cloud
from kith.lambdas.telling import count_retries


@cache
def cloud() -> Cloud:
    """The parts of the library. Nobody closes them: Lambda ends a container without a word."""
    return Cloud(os.environ, count_retries)
