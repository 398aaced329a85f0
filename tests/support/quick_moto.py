"""The server of moto, run by the Python that has it, with two things of its DynamoDB put right.

Before a transaction moto copies the whole table, item by item, to be able to go back, and it does
so for each thing that the transaction is to do. Here it copies which items there are, and once:
those that a transaction puts or deletes come back as well; one that it updates in place would not,
but nothing here does.

And it serves several requests at once without keeping them apart, so that one that goes back takes
with it what another has done meanwhile. Here they wait for each other.
"""

from __future__ import annotations

import copy
import importlib
import threading
from types import SimpleNamespace
from typing import Any

_models: Any = importlib.import_module("moto.dynamodb.models")
_Table: Any = importlib.import_module("moto.dynamodb.models.table").Table
_Handler: Any = importlib.import_module("moto.dynamodb.responses").DynamoHandler

_turn = threading.RLock()
_twins: dict[str, Any] = {}
"""Copies of tables, of the request that is served."""

_call_action = _Handler.call_action


def _copied(value: Any) -> Any:
    if not isinstance(value, _Table):
        return copy.deepcopy(value)
    if value.name not in _twins:
        twin = _twins[value.name] = copy.copy(value)
        twin.items = copy.copy(value.items)
        for key, items in value.items.items():
            twin.items[key] = copy.copy(items)
    return _twins[value.name]


def _call_in_turn(handler: Any) -> Any:
    with _turn:
        _twins.clear()
        return _call_action(handler)


_models.copy = SimpleNamespace(deepcopy=_copied, copy=copy.copy)
_Handler.call_action = _call_in_turn

if __name__ == "__main__":
    importlib.import_module("moto.server").main()
