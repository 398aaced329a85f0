"""What a plan means to its owner: how much is made, what is lost, and what is kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kith.ports.infrastructure import Change, Deed, Resource

_KEEPERS: Final = frozenset({"storage", "tables", "auth"})
"""Modules that hold what a person gave: photos, what is known of them, accounts."""

_COLLECTION: Final = "aws_rekognition_collection"
_VALUABLE: Final = frozenset(
    {"aws_s3_bucket", "aws_dynamodb_table", "aws_cognito_user_pool", _COLLECTION}
)
"""Kinds that hold something; what else is in these modules says how."""

_MODULE: Final = re.compile(r"module\.([\w-]+)")


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in short.

    Attributes:
        deeds: how many resources are made, changed, replaced and destroyed.
        modules: how many of them are in each part of the whole, the fullest first.
        gone: addresses of resources that are destroyed, or replaced by others.
        lost: those among them that hold what a person gave.
    """

    deeds: Mapping[Deed, int]
    modules: Mapping[str, int]
    gone: Sequence[str]
    lost: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.deeds


def summary(changes: Sequence[Change]) -> Summary:
    """A plan in short."""
    gone = [each.resource for each in changes if each.deed in {Deed.REPLACE, Deed.DESTROY}]
    parts = Counter(_part(each.resource) for each in changes)
    return Summary(
        deeds=dict(Counter(each.deed for each in changes)),
        modules=dict(parts.most_common()),
        gone=[each.address for each in gone],
        lost=[each.address for each in gone if is_valuable(each)],
    )


def is_valuable(resource: Resource) -> bool:
    """Whether it holds what a person gave, and nobody can make again."""
    if resource.kind not in _VALUABLE:
        return False
    return resource.kind == _COLLECTION or _is_kept(resource)


def expendable(made: Sequence[Resource]) -> list[str]:
    """The addresses of what can be destroyed and made again with nothing lost."""
    return [each.address for each in made if not (_is_kept(each) or each.kind == _COLLECTION)]


def valuable(made: Sequence[Resource]) -> list[str]:
    """The addresses of what cannot."""
    return [each.address for each in made if is_valuable(each)]


def _is_kept(resource: Resource) -> bool:
    return not _KEEPERS.isdisjoint(_MODULE.findall(resource.address))


def _part(resource: Resource) -> str:
    """The part of the whole that it belongs to; else what it is."""
    names = _MODULE.findall(resource.address)
    return names[1] if len(names) > 1 else resource.kind.removeprefix("aws_")
