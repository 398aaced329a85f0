"""What DynamoDB takes money for: units of reading and writing, as it counts them on demand.

An item's size is that of its names and values. A write is a unit for each KB begun, and as much
again for each local index that has the item; in a transaction all of it twice. A consistent read is
a unit for each 4 KB begun: of an item where items are asked for by key, of all together in a query.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html

What is deleted, or replaced by an item that an index sorts elsewhere, is not known from the request
and counted as one KB, or not at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

_WRITTEN: Final = 1024
_READ: Final = 4096
_INDEXED: Final = ("by_similarity", "by_time")


def write_units(operation: str, asked: Mapping[str, Any]) -> int:
    """Units of writing that a request needs."""
    if operation == "TransactWriteItems":
        actions = [one for each in asked["TransactItems"] for one in each.values()]
        return 2 * sum(_written(each.get("Item", {})) for each in actions)
    if operation in {"DeleteItem", "PutItem", "UpdateItem"}:
        return _written(asked.get("Item", {}))
    return 0


def read_units(operation: str, answered: Mapping[str, Any]) -> int:
    """Units of reading that an answer needed."""
    if operation == "GetItem":
        return _read([answered.get("Item", {})])
    if operation == "Query":
        return _read(answered["Items"])
    if operation == "BatchGetItem":
        return sum(_read([item]) for items in answered["Responses"].values() for item in items)
    return 0


def _written(item: Mapping[str, Any]) -> int:
    indexes = sum(name in item for name in _INDEXED)
    return max(1, math.ceil(_size(item) / _WRITTEN)) * (1 + indexes)


def _read(items: Iterable[Mapping[str, Any]]) -> int:
    return max(1, math.ceil(sum(map(_size, items)) / _READ))


def _size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """Bytes of names and values; those here are text, and numbers as text."""
    return sum(
        len(name.encode()) + sum(len(str(value).encode()) for value in typed.values())
        for name, typed in item.items()
    )
