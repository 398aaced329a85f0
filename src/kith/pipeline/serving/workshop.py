"""Where long work is done: jobs, and the uploads that become jobs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from kith.pipeline.library import Library
from kith.pipeline.serving.jobs import Jobs, Turn
from kith.pipeline.serving.uploads import Uploads
from kith.pipeline.serving.work import Added, Arrivals, nobody


@dataclass(frozen=True, slots=True)
class Workshop:
    """What works beside the requests.

    Attributes:
        turn: how writers of the library take turns.
        jobs: long work, one at a time.
        uploads: photos that arrive in parts.
        arrivals: adds what was uploaded.
        added: to be told of what was added otherwise.
    """

    turn: Turn
    jobs: Jobs
    uploads: Uploads
    arrivals: Arrivals
    added: Added = nobody


@contextmanager
def open_workshop(
    library: Callable[[], Library], turn: Turn, uploads: Uploads, added: Added = nobody
) -> Generator[Workshop]:
    """The workshop of a library; goes on with uploads that were not added yet.

    What is running when it closes ends at its next step.

    Args:
        library: with its models, loaded when first called.
        turn: how writers of the library take turns.
        uploads: photos that arrive in parts.
        added: told of what was added, once it was.
    """
    jobs = Jobs(library, turn)
    arrivals = Arrivals(jobs, uploads, added)
    arrivals.resume()
    try:
        yield Workshop(turn, jobs, uploads, arrivals, added)
    finally:
        jobs.close()
