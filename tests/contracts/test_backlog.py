"""What every backlog promises, on two emulators of SQS: nothing is lost, whoever stops where."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from own_deployments import OwnDeployment, own_deployment

from kith.adapters.queue.backlog import Queues, SqsBacklog
from kith.domain.errors import NotFoundError
from kith.ports.backlog import Backlog, Depth

pytestmark = pytest.mark.emulators


@pytest.fixture(params=["moto", "ministack"])
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[OwnDeployment]:
    """A deployment on each emulator."""
    with own_deployment(request.getfixturevalue(f"{request.param}_endpoint"), tmp_path) as made:
        yield made


@pytest.fixture
def backlog(own: OwnDeployment) -> Backlog:
    """Its queues."""
    return SqsBacklog(own.clients["sqs"], own.queues, pause=0.05)


class Mortal:
    """A client of SQS whose owner is killed at the n-th call of an operation."""

    def __init__(self, client: Any, operation: str, calls: int) -> None:
        self._client = client
        self._operation = operation
        self._left = calls

    def __getattr__(self, name: str) -> Any:
        if name == self._operation:
            self._left -= 1
            if self._left < 0:
                raise KeyboardInterrupt
        return getattr(self._client, name)


def test_what_waits_is_counted(own: OwnDeployment, backlog: Backlog) -> None:
    """In each queue, whether somebody has begun with it or not."""
    assert backlog.depth() == Depth(waiting=0, in_flight=0, failed=0, undelivered=0)

    for number in range(3):
        own.send(own.queues.photos, own.message(f"{number}.jpg"))
    own.send(own.queues.failed, own.message("bad.jpg"))
    own.send(own.queues.undelivered, own.message("lost.jpg"))
    own.clients["sqs"].receive_message(QueueUrl=own.queues.photos, MaxNumberOfMessages=1)

    assert backlog.depth() == Depth(waiting=2, in_flight=1, failed=1, undelivered=1)


def test_what_is_stuck_is_looked_at_and_stays(own: OwnDeployment, backlog: Backlog) -> None:
    """Each once, with what it says; asked again at once, the same."""
    ids = [own.send(own.queues.failed, own.message(f"{number:02}.jpg")) for number in range(12)]

    first, again = backlog.stuck(100), backlog.stuck(100)

    assert sorted(each.id for each in first) == sorted(ids)
    assert [each.body for each in first] == [each.body for each in again]
    assert [each.sent_at for each in first] == sorted(each.sent_at for each in first)
    assert backlog.depth().failed == 12
    assert len(backlog.stuck(5)) == 5


def test_everything_that_was_set_aside_comes_again(own: OwnDeployment, backlog: Backlog) -> None:
    """What failed and what did not arrive is in the queue of photos, once, and nowhere else."""
    bodies = [own.message(f"{number:02}.jpg") for number in range(12)]
    for body in bodies:
        own.send(own.queues.failed, body)
    own.send(own.queues.undelivered, own.message("lost.jpg"))

    assert backlog.redrive() == 13
    assert own.bodies(own.queues.photos) == sorted([*bodies, own.message("lost.jpg")])
    assert backlog.depth() == Depth(waiting=0, in_flight=0, failed=0, undelivered=0)
    assert backlog.redrive() == 0


@pytest.mark.parametrize("operation", ["send_message", "delete_message"])
def test_nothing_is_lost_wherever_it_is_interrupted(own: OwnDeployment, operation: str) -> None:
    """Each event is in one of the queues, or in both."""
    bodies = [own.message(f"{number}.jpg") for number in range(4)]
    for body in bodies:
        own.send(own.queues.undelivered, body)

    with pytest.raises(KeyboardInterrupt):
        SqsBacklog(Mortal(own.clients["sqs"], operation, 2), own.queues).redrive()

    own.clients["sqs"].set_queue_attributes(
        QueueUrl=own.queues.undelivered, Attributes={"VisibilityTimeout": "0"}
    )
    moved = set(own.bodies(own.queues.photos))
    assert len(moved) == (2 if operation == "send_message" else 3)
    depth = SqsBacklog(own.clients["sqs"], own.queues).depth()
    assert depth.undelivered == 2  # those that were not taken away: nobody else has them yet
    assert moved <= set(bodies)


def test_queues_that_are_gone_are_told(own: OwnDeployment) -> None:
    """By name."""
    gone = Queues(f"{own.queues.photos}-gone", own.queues.failed, own.queues.undelivered)

    with pytest.raises(NotFoundError, match="-gone is not there"):
        SqsBacklog(own.clients["sqs"], gone).depth()
