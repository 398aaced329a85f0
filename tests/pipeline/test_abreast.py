"""Threads side by side: answers in order, and Ctrl-C where nothing is left half-way."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.pipeline.abreast import abreast, held_back


@pytest.fixture(autouse=True)
def python_hears_ctrl_c() -> Generator[None]:
    """Also where these tests run in the background of a shell, which has Ctrl-C ignored there."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press() -> None:
    """Press Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


@given(pieces=st.lists(st.integers(), max_size=30), workers=st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_answers_come_in_order(pieces: list[int], workers: int) -> None:
    """One for each piece, whichever thread is done first."""
    with closing(abreast(str, pieces, workers=workers, name="test")) as answers:
        assert list(answers) == [str(piece) for piece in pieces]


def test_pieces_are_taken_as_they_are_needed() -> None:
    """Two for each worker: what waits costs memory."""
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    with closing(abreast(str, pieces(), workers=3, name="test")) as answers:
        next(answers)
        assert len(taken) == 6
        next(answers)
        assert len(taken) == 7


def test_what_has_not_begun_never_does() -> None:
    """Whoever wants no more waits for what is under way alone, and no thread stays."""
    gate = threading.Event()
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        if piece:
            gate.wait()

    answers = abreast(work, range(100), workers=1, name="test")
    next(answers)
    gate.set()
    answers.close()

    assert begun in ([0], [0, 1], [0, 1, 2])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("test")]


def test_an_error_of_a_piece_is_raised_in_its_place() -> None:
    """What came before it is answered."""

    def work(piece: int) -> int:
        return 10 // piece

    with closing(abreast(work, [5, 2, 0, 1], workers=2, name="test")) as answers:
        assert [next(answers), next(answers)] == [2, 5]
        with pytest.raises(ZeroDivisionError):
            next(answers)


def store_pressing_at(number: int, pieces: Sequence[int], stored: list[int]) -> None:
    """Store the answers, which are the pieces, and press Ctrl-C before one of them is."""
    with closing(abreast(int, pieces, workers=2, name="test")) as answers:
        for answer in answers:
            if answer == number:
                press()
            stored.append(answer)


def test_ctrl_c_strikes_between_two_answers() -> None:
    """What the caller does with an answer is done to its end, and nothing of it is lost."""
    stored: list[int] = []

    with pytest.raises(KeyboardInterrupt):
        store_pressing_at(3, range(100), stored)

    assert stored == [0, 1, 2, 3]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_after_the_last_answer_is_not_lost() -> None:
    """It strikes at the end."""
    stored: list[int] = []

    with pytest.raises(KeyboardInterrupt):
        store_pressing_at(2, range(3), stored)

    assert stored == [0, 1, 2]


def press_twice() -> None:
    """Press Ctrl-C, and once more."""
    press()
    press()
    pytest.fail("the second was held back, too")


def test_a_second_ctrl_c_strikes_at_once() -> None:
    """Whoever presses twice does not want to wait."""
    with pytest.raises(KeyboardInterrupt), held_back():
        press_twice()


def test_a_handler_that_does_not_strike_hears_everything() -> None:
    """A server that ends in its own way, in its own time, keeps its say."""
    heard: list[int] = []

    def hear(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    signal.signal(signal.SIGINT, hear)
    with closing(abreast(int, range(10), workers=2, name="test")) as answers:
        for _ in answers:
            press()

    assert heard == [signal.SIGINT] * 10
    assert signal.getsignal(signal.SIGINT) is hear


def test_ignored_is_ignored() -> None:
    """As for a command in the background of a shell."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with held_back() as strike:
        press()
        strike()

    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_hear_nothing() -> None:
    """Python interrupts the main thread alone; a job of a server leaves its handlers be."""
    before = signal.getsignal(signal.SIGINT)
    answers: list[str] = []

    def job() -> None:
        with closing(abreast(str, range(5), workers=2, name="test")) as found:
            answers.extend(found)

    thread = threading.Thread(target=job)
    thread.start()
    thread.join()

    assert answers == ["0", "1", "2", "3", "4"]
    assert signal.getsignal(signal.SIGINT) is before


def press_and_fail() -> None:
    """Press Ctrl-C, and then something goes wrong."""
    press()
    raise ValueError("wrong")


def test_an_error_is_told_though_ctrl_c_was_pressed() -> None:
    """What went wrong is worth more than that somebody had enough."""
    with pytest.raises(ValueError, match="wrong"), held_back():
        press_and_fail()
