"""Where long work is done: jobs, and the uploads that become jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from kith.pipeline.library import Library
from kith.pipeline.serving.jobs import Jobs, Turn
from kith.pipeline.serving.uploads import Uploads
from kith.pipeline.serving.work import Arrivals


@dataclass(frozen=True, slots=True)
class Workshop:
    """What works beside the requests.

    Attributes:
        turn: how writers of the library take turns.
        jobs: long work, one at a time.
        uploads: photos that arrive in parts.
        arrivals: adds what was uploaded.
    """

    turn: Turn
    jobs: Jobs
    uploads: Uploads
    arrivals: Arrivals


@contextmanager
def open_workshop(
    library: Callable[[], Library], turn: Turn, uploads: Uploads
) -> Generator[Workshop]:
    """The workshop of a library; goes on with uploads that were not added yet.

    What is running when it closes ends at its next step.
    """
    jobs = Jobs(library, turn)
    arrivals = Arrivals(jobs, uploads)
    arrivals.resume()
    try:
        yield Workshop(turn, jobs, uploads, arrivals)
    finally:
        jobs.close()
