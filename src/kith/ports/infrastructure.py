"""What a deployment is made of, and whoever makes, changes and destroys it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Deed(StrEnum):
    """What becomes of a resource."""

    MAKE = "make"
    CHANGE = "change"
    REPLACE = "replace"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that is made.

    Attributes:
        address: its name in the configuration, such as ``module.kith.module.storage.x.y``.
        kind: what it is, such as ``aws_s3_bucket``.
    """

    address: str
    kind: str


@dataclass(frozen=True, slots=True)
class Change:
    """What would become of one resource."""

    resource: Resource
    deed: Deed


Wishes = Mapping[str, str | bool]
"""Variables of the configuration, for this once."""

Listener = Callable[[int, str], None]
"""Hears how many resources are done, and what was begun or done last."""


class Infrastructure(Protocol):
    """A configuration, and what was made of it. Not for several threads at once.

    Every method raises ``SettingError`` where the program that does the work is not there, and
    ``StoreError``, saying what the program says, where it fails.
    """

    def prepare(self) -> None:
        """Fetch what the work needs; quick when it is there."""
        ...

    def plan(
        self,
        wishes: Wishes | None = None,
        *,
        only: Sequence[str] = (),
        destroy: bool = False,
    ) -> Sequence[Change]:
        """What ``carry_out`` would do from now on. Nothing is changed.

        Args:
            wishes: variables that are other than the configuration's own.
            only: addresses of resources: these, what they need, and where they are destroyed, what
                needs them. Empty is all.
            destroy: what was made instead of making it.
        """
        ...

    def carry_out(self, listener: Listener) -> None:
        """Do what was planned last, and nothing else.

        Interrupted, it waits until what was begun is over. What was done is known, and the next
        plan goes on from there.
        """
        ...

    def made(self) -> Sequence[Resource]:
        """What there is."""
        ...

    def outputs(self) -> Mapping[str, Any]:
        """What the configuration tells of what there is, by name."""
        ...
