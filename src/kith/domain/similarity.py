"""What a similarity in percent means, whatever engine gave it.

Similarity stands for a *false-match rate* (FMR): the share of pairs of different people that reach
it. 80 % is reached by one such pair in 1,000, 90 % by one in 10,000, 95 % by one in 100,000 and 99
% by one in 1,000,000; the same picture has 100 %. Between these knots the percent runs straight
along the *strength*, the negative decimal logarithm of the FMR: strength 3 is one in 1,000.
Strengths are the scale on which evidence may be averaged and thresholds be compared; percents are
for people.

Source: the calibration of 1:1 verification systems by FMR (ISO/IEC 19795-1; NIST FRTE 1:1).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise

_KNOTS: tuple[tuple[float, float], ...] = (
    (0.0, 0.0),
    (1.0, 30.0),
    (2.0, 60.0),
    (3.0, 80.0),
    (4.0, 90.0),
    (5.0, 95.0),
    (6.0, 99.0),
    (9.0, 100.0),
)
"""(strength, percent); strength 9 is where every engine puts the identical picture."""

_STRENGTHS = [strength for strength, _ in _KNOTS]
_PERCENTS = [percent for _, percent in _KNOTS]
_SEGMENTS = list(pairwise(_KNOTS))


def percent_of(strength: float) -> float:
    """Similarity in percent, 0 to 100, of a strength (-log10 of the false-match rate)."""
    (s0, p0), (s1, p1) = _segment(_STRENGTHS, strength)
    return min(100.0, max(0.0, p0 + (strength - s0) * (p1 - p0) / (s1 - s0)))


def strength_of(percent: float) -> float:
    """Strength, 0 to 9, of a similarity in percent; the inverse of ``percent_of``."""
    (s0, p0), (s1, p1) = _segment(_PERCENTS, percent)
    return min(9.0, max(0.0, s0 + (percent - p0) * (s1 - s0) / (p1 - p0)))


def _segment(keys: list[float], value: float) -> tuple[tuple[float, float], tuple[float, float]]:
    index = bisect_right(keys, value) - 1
    return _SEGMENTS[min(max(index, 0), len(_SEGMENTS) - 1)]
