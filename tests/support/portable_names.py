"""What the tests of names from other programs share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kith.domain.face import Box
from kith.pipeline.portable.apply import apply
from kith.pipeline.portable.plan import ImportPlan

if TYPE_CHECKING:
    from tests.pipeline.conftest import World


PLACES = (Box(0.05, 0.1, 0.25, 0.5), Box(0.4, 0.1, 0.22, 0.45), Box(0.7, 0.1, 0.2, 0.4))
"""Where ``World.draw`` puts the first, second and third person."""


def ignore(done: int, total: int) -> None:
    """Progress that nobody watches."""


def carry_out(world: World, plan: ImportPlan) -> Sequence[object]:
    """Apply it; answers what was said."""
    catalog = world.library.catalog
    return [one.said for one in apply(catalog, plan, progress=ignore)]


def names(world: World) -> dict[str, frozenset[str]]:
    """Everyone with a name, and the files that show them."""
    catalog = world.library.catalog
    return {
        name: files for who, files in world.groups().items() if (name := catalog.person(who).name)
    }
