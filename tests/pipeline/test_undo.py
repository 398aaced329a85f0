"""Everything that was said can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cast import VERBS, Cast

from kith.domain.decision import Undo
from kith.domain.errors import NotFoundError, UsageError
from kith.pipeline.decisions.corrections import name_person, reset, undo
from kith.pipeline.decisions.decide import replay
from kith.pipeline.decisions.journal_entries import entries, take_back

if TYPE_CHECKING:
    pass


@pytest.mark.parametrize("verb", VERBS)
def test_everything_said_can_be_taken_back_and_said_again(cast: Cast, verb: str) -> None:
    """Undone, it leaves all as it was; the undo undone, all as it said; and so does a replay."""
    before = cast.state()
    VERBS[verb](cast)
    said = cast.state()
    replay(cast.catalog)
    assert cast.state() == said

    take_back(cast.catalog, by="me")
    assert cast.state() == before

    (last,) = entries(cast.catalog)[-1:]
    assert isinstance(last.decision.said, Undo)
    take_back(cast.catalog, [last.number], by="me")
    assert cast.state() == said


def test_many_decisions_undone_out_of_order_leave_nothing_behind(cast: Cast) -> None:
    """Each is taken back by its number, the oldest first, and the state is that without them."""
    before = cast.state()
    first = len(entries(cast.catalog)) + 1
    for verb in ("name", "merge", "split", "not a face", "consent", "confirm", "birth date"):
        VERBS[verb](cast)
    numbers = range(first, len(entries(cast.catalog)) + 1)

    for number in numbers:
        take_back(cast.catalog, [number], by="me")

    assert cast.state() == before


def test_undo_without_a_number_goes_back_step_by_step(cast: Cast) -> None:
    """It takes back the newest decision that counts, never an undo; at last there is none."""
    VERBS["name"](cast)
    reset(cast.catalog, None, by="me")

    texts = [take_back(cast.catalog, by="me").entries[0].text for _ in range(3)]

    assert texts[0] == "set aside everything said of everyone"
    assert texts[1].endswith(" Anna")
    assert texts[2].endswith(" Bert")
    with pytest.raises(NotFoundError):
        take_back(cast.catalog, by="me")


def test_what_does_not_count_cannot_be_undone(cast: Cast) -> None:
    """An error says what to undo instead; numbers beyond the journal are not found."""
    take_back(cast.catalog, [1], by="me")
    name_person(cast.catalog, cast.carl, "Carl", by="me")
    reset(cast.catalog, cast.carl, by="me")

    with pytest.raises(UsageError, match="kith undo 2"):
        take_back(cast.catalog, [1], by="me")
    with pytest.raises(UsageError, match="kith undo 4"):
        take_back(cast.catalog, [3], by="me")
    for number in (0, 5):
        with pytest.raises(NotFoundError):
            take_back(cast.catalog, [number], by="me")
    with pytest.raises(NotFoundError):
        undo(cast.catalog, ["no such id"], by="me")
