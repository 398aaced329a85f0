"""What a similarity in percent stands for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.domain.similarity import percent_of, strength_of

strengths = st.floats(0, 9)
percents = st.floats(0, 100)


@pytest.mark.parametrize(
    ("percent", "false_matches"), [(80, 1e-4), (90, 1e-5), (95, 1e-6), (99, 1e-7)]
)
def test_percents_stand_for_the_published_false_match_rates(
    percent: float, false_matches: float
) -> None:
    """80 % is one in 10,000, then each of 90, 95 and 99 % a tenth of that."""
    assert 10 ** -strength_of(percent) == pytest.approx(false_matches)


@given(strengths)
def test_percent_of_is_undone_by_strength_of(strength: float) -> None:
    """There and back, from strengths."""
    assert strength_of(percent_of(strength)) == pytest.approx(strength, abs=1e-9)


@given(percents)
def test_strength_of_is_undone_by_percent_of(percent: float) -> None:
    """There and back, from percents."""
    assert percent_of(strength_of(percent)) == pytest.approx(percent, abs=1e-9)


@given(strengths, strengths)
def test_more_strength_is_never_less_percent(one: float, other: float) -> None:
    """The order of strengths is the order of percents."""
    low, high = sorted((one, other))

    assert percent_of(low) <= percent_of(high)
    if high - low > 1e-6:
        assert percent_of(low) < percent_of(high)


@given(st.floats(-1e6, 1e6))
def test_nothing_leaves_the_scale(value: float) -> None:
    """Percents are 0 to 100 and strengths 0 to 9, whatever is asked."""
    assert 0 <= percent_of(value) <= 100
    assert 0 <= strength_of(value) <= 9
