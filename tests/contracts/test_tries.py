"""Wrong passwords that several processes count together: nobody gains by asking another one."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from dynamo_tables import dynamo_of

from kith.adapters.catalog.dynamo.access import DynamoAccess
from kith.domain.errors import TooManyAttemptsError
from kith.pipeline.access.attempts import PER_ACCOUNT, Attempts
from kith.ports.access import Tried, Tries

LINK = "link 00ff00ff00ff00ff"


@pytest.fixture(
    params=[
        pytest.param("tiny", id="dynamodb-tiny"),
        pytest.param("moto_endpoint", id="dynamodb-moto", marks=pytest.mark.emulators),
        pytest.param("ministack_endpoint", id="dynamodb-ministack", marks=pytest.mark.emulators),
    ]
)
def tries(request: pytest.FixtureRequest) -> Generator[Tries]:
    """Nothing was tried yet."""
    with dynamo_of(request) as table:
        yield DynamoAccess(table).tries


class Clock:
    """Time that passes when it is told to."""

    now = 1_700_000_000.0

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


def processes(tries: Tries, clock: Clock, number: int) -> list[Attempts]:
    """So many that count together."""
    return [Attempts(clock, tries, clock) for _ in range(number)]


def test_what_one_saw_the_others_know(tries: Tries) -> None:
    """After the free ones there is a wait, wherever the next is tried; a right one ends it."""
    clock = Clock()
    one, *others = processes(tries, clock, PER_ACCOUNT.free + 2)
    for each in others[: PER_ACCOUNT.free + 1]:
        each.begin(LINK, "203.0.113.7")

    with pytest.raises(TooManyAttemptsError) as refused:
        one.begin(LINK, "198.51.100.4")
    assert refused.value.retry_after == PER_ACCOUNT.first_seconds
    one.begin("link another", "198.51.100.4")

    clock.now += PER_ACCOUNT.first_seconds
    one.begin(LINK, "198.51.100.4")
    one.succeed(LINK, "198.51.100.4")
    for each in processes(tries, clock, PER_ACCOUNT.free):
        each.begin(LINK, "203.0.113.7")


def test_a_refused_try_is_not_counted(tries: Tries) -> None:
    """Whoever is asked to wait may wait, however often others come meanwhile."""
    tries.change(LINK, lambda _: Tried(6, 50.0))

    def refuse(known: Tried | None) -> Tried:
        assert known == Tried(6, 50.0)
        raise TooManyAttemptsError("Too early", 1)

    with pytest.raises(TooManyAttemptsError):
        tries.change(LINK, refuse)
    seen: list[Tried | None] = []
    tries.change(LINK, lambda known: seen.append(known) or Tried(1, 0.0))
    assert seen[-1] == Tried(6, 50.0)


def test_tries_at_the_same_time_are_all_counted(tries: Tries) -> None:
    """None is lost where several processes count at once."""

    def count(known: Tried | None) -> Tried:
        return Tried(known.wrong + 1 if known else 1, 0.0)

    def once(_number: int) -> None:
        tries.change(LINK, count)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(once, range(8)))

    seen: list[Tried | None] = []
    tries.change(LINK, lambda known: seen.append(known) or Tried(1, 0.0))
    assert seen[-1] == Tried(8, 0.0)
    tries.forget(LINK)
    tries.forget(LINK)
    tries.change(LINK, lambda known: seen.append(known) or Tried(1, 0.0))
    assert seen[-1] is None
