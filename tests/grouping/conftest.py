"""A library of faces whose similarities are known, for the laws of grouping."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from likeness import Groups, Strength, a_face

from kith.domain.face import Face, FaceId


def by_name(same: float = 6.5, different: float = 0.5, **special: float) -> Strength:
    """Faces named ``ana-1``, ``ana-2`` are of one person. ``special`` names pairs, as ``a1_b2``."""

    def strength(one: FaceId, two: FaceId) -> float:
        key = "_".join(sorted(name.replace("-", "") for name in (one, two)))
        alike = one.partition("-")[0] == two.partition("-")[0]
        return special.get(key, same if alike else different)

    return strength


@pytest.fixture(scope="session")
def make_face() -> Callable[..., Face]:
    """Makes a face of some quality in some photo."""
    return a_face


@pytest.fixture(scope="session")
def make_library() -> Callable[..., Groups]:
    """Makes an empty library; ``special`` strengths of pairs are named ``ana1_ben2``."""

    def make(**special: float) -> Groups:
        return Groups(by_name(**special))

    return make


@pytest.fixture(scope="session")
def library_of() -> Callable[[Strength], Groups]:
    """Makes an empty library over a function from two faces to a strength."""
    return Groups
