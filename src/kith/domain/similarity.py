"""What a similarity in percent means, whatever engine gave it.

Similarity stands for a *false-match rate* (FMR): the share of pairs of different people that reach
it. 80 % is reached by one such pair in 10,000, 90 % by one in 100,000, 95 % by one in 1,000,000 and
99 % by one in 10,000,000; the same picture has 100 %. Between these knots the percent runs straight
along the *strength*, the negative decimal logarithm of the FMR: strength 4 is one in 10,000. Below
80 %, each 20 % less is ten times as many false matches.

Strengths are the scale on which evidence may be averaged and thresholds be compared; percents are
for people and programs. 80 % is where programs written for Rekognition take a match for a person,
because it is the service's default. To look for a hundred people among a hundred faces is to
compare 10,000 pairs: at one in 1,000, ten strangers are among the answers, at one in 10,000 one.
The lowest rate that labelled photos still show is one in 1,000,000 (strength 6); from there to the
identical picture, 99 % included, the scale is extrapolated.

Source: the calibration of 1:1 verification systems by FMR (ISO/IEC 19795-1; NIST FRTE 1:1).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Final

KNOTS: Final = (
    (0.0, 0.0),
    (4.0, 80.0),
    (5.0, 90.0),
    (6.0, 95.0),
    (7.0, 99.0),
    (9.0, 100.0),
)
"""(strength, percent), straight lines between; strength 9 is where every engine puts the identical
picture. Stored percents follow this scale, so a change of it needs a migration."""

_STRENGTHS = [strength for strength, _ in KNOTS]
_PERCENTS = [percent for _, percent in KNOTS]
_SEGMENTS = list(pairwise(KNOTS))


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
