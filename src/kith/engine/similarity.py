"""A pack's cosines as similarity in percent, and back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kith.domain.similarity import KNOTS, percent_of
from kith.engine.pack import CalibrationPoint

Floats = NDArray[np.float64]


class Scale:
    """A monotone, piecewise linear map between cosine and percent, exact both ways.

    Between two knots of the calibration, and wherever the domain's scale of percents bends, the
    line has a knot; so both directions interpolate the same knots.
    """

    def __init__(self, calibration: Sequence[CalibrationPoint]) -> None:
        cosines = np.array([point.cosine for point in calibration])
        strengths = np.array([point.strength for point in calibration])
        bends = np.array([strength for strength, _ in KNOTS])
        knots = np.union1d(strengths, bends[(bends > strengths[0]) & (bends < strengths[-1])])
        self._cosines: Floats = np.interp(knots, strengths, cosines)
        self._percents: Floats = np.array([percent_of(float(knot)) for knot in knots])

    def percent(self, cosines: NDArray[np.floating]) -> Floats:
        """The similarity of each cosine, percent; the identical picture's is 100."""
        return np.interp(cosines, self._cosines, self._percents)

    def cosine(self, percent: float) -> float:
        """The cosine of a similarity in percent."""
        return float(np.interp(percent, self._percents, self._cosines))
