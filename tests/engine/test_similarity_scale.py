from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith.engine.pack import load_pack, pack_names
from kith.engine.similarity import Scale

PACKS = pack_names()


@pytest.mark.parametrize("pack", PACKS)
@given(percent=st.floats(0, 100))
def test_cosine_and_percent_are_each_others_inverse(pack: str, percent: float) -> None:
    """Each percentage is the similarity of its cosine."""
    scale = Scale(load_pack(pack).calibration)

    assert float(scale.percent(np.array(scale.cosine(percent)))) == pytest.approx(percent, abs=1e-9)


@pytest.mark.parametrize("pack", PACKS)
@given(cosine=st.floats(-1, 1))
def test_percent_and_cosine_are_each_others_inverse(pack: str, cosine: float) -> None:
    """Each cosine is the cosine of its percentage."""
    scale = Scale(load_pack(pack).calibration)

    assert scale.cosine(float(scale.percent(np.array(cosine)))) == pytest.approx(cosine, abs=1e-6)


@pytest.mark.parametrize("pack", PACKS)
@given(cosines=st.lists(st.floats(-1, 1).map(lambda value: round(value, 4)), min_size=2))
def test_a_higher_cosine_is_a_higher_percentage(pack: str, cosines: list[float]) -> None:
    """Percent grows strictly with the cosine."""
    ordered = np.unique(np.array(cosines))

    percents = Scale(load_pack(pack).calibration).percent(ordered)

    assert (np.diff(percents) > 0).all()
    assert ((percents >= 0) & (percents <= 100)).all()


@pytest.mark.parametrize("pack", PACKS)
def test_the_identical_picture_has_100_percent(pack: str) -> None:
    """A cosine of 1, or what rounding makes of it, is 100 %."""
    percents = Scale(load_pack(pack).calibration).percent(np.array([1.0, 1.0000001]))

    assert percents.tolist() == [100, 100]


@pytest.mark.parametrize("pack", PACKS)
def test_the_measured_knots_have_the_promised_percentages(pack: str) -> None:
    """A cosine calibrated to one false match in 10,000 pairs is 80 %, in a million it is 95 %."""
    calibration = load_pack(pack).calibration
    scale = Scale(calibration)
    promised = {4.0: 80, 5.0: 90, 6.0: 95}

    for point in calibration:
        if point.strength in promised:
            percent = float(scale.percent(np.array(point.cosine)))
            assert percent == pytest.approx(promised[point.strength])
