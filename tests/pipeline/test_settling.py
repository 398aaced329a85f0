"""Files that come are waited for until nobody writes to them any more."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kith.domain.photo import Place
from kith.pipeline.watching.settling import Settling, place_of

CALM = 3.0


class Clock:
    """A clock that stands until it is moved on; the same for both of a ``Settling``'s."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        """What it shows."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def settling(clock: Clock) -> Settling:
    """Waits for three seconds of the clock."""
    return Settling(CALM, now=clock, wall=clock)


def write(path: Path, text: str, when: float) -> Place:
    """A file that was last changed then."""
    path.write_text(text)
    os.utime(path, ns=(0, int(when * 1e9)))
    place = place_of(str(path))
    assert place is not None
    return place


def test_a_file_is_whole_when_it_stays_as_it_is(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    """Not before, and only once."""
    place = write(tmp_path / "a", "x", clock.seconds)
    settling.note(place)

    assert settling.take(9) == []
    clock.seconds += CALM - 0.1
    assert settling.take(9) == []
    clock.seconds += 0.1
    assert settling.take(9) == [place]
    assert (settling.take(9), len(settling)) == ([], 0)


def test_a_file_that_changes_waits_again(settling: Settling, clock: Clock, tmp_path: Path) -> None:
    """Also if nobody was told of the change."""
    settling.note(write(tmp_path / "a", "x", clock.seconds))
    clock.seconds += CALM
    grown = write(tmp_path / "a", "xx", clock.seconds)

    assert settling.take(9) == []
    clock.seconds += CALM / 2
    assert settling.take(9) == []
    clock.seconds += CALM / 2
    assert settling.take(9) == [grown]


def test_word_of_the_same_file_does_not_prolong_the_wait(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    """The system tells of a file several times; it counts what the file is like."""
    place = write(tmp_path / "a", "x", clock.seconds)
    for _ in range(4):
        settling.note(place)
        clock.seconds += CALM / 4

    assert settling.take(9) == [place]


def test_what_was_changed_long_ago_is_whole_at_once(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    """It was renamed into its place; what is from the future, by another's clock, has to wait."""
    old = write(tmp_path / "old", "x", clock.seconds - CALM)
    future = write(tmp_path / "future", "x", clock.seconds + 1_000)
    settling.note(future)
    settling.note(old)

    assert settling.take(9) == [old]
    clock.seconds += CALM
    assert settling.take(9) == [future]


def test_they_come_in_their_order_and_no_more_than_asked_for(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    """The rest stays; what is gone is forgotten."""
    places = [write(tmp_path / name, "x", clock.seconds - 9) for name in "dbca"]
    for place in places:
        settling.note(place)
    (tmp_path / "b").unlink()

    assert settling.take(3) == [places[0], places[2]]
    assert settling.take(3) == [places[3]]
    assert len(settling) == 0
