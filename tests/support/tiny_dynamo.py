"""As much of DynamoDB as the adapters use, in this process: strict about limits, and quick.

What it knows of DynamoDB is what its authors think they know; the emulators are the other opinion.
It counts what it is asked, can be slow to answer all of it, and can be told to die at a request.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from botocore.exceptions import ClientError

Wire: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str]

_PAGE = 100
"""Items of a page; DynamoDB has pages of 1 MB."""

_PROCESSED = 90
"""Keys of a batch that are answered at once."""


class DiedError(Exception):
    """The program was killed here."""


class TinyDynamo:
    """A client of one table.

    Attributes:
        items: by partition key and sort key.
        asked: how often each operation was.
        units: read and write request units, as on-demand tables count them.
        dies_at: the number of the write, from 0 on, before which the program dies.
        busy: how many of the next transactions are refused because others write there.
        meanwhile: what somebody else does before the write of that number.
        refuses: the code of the error that everything is answered with.
    """

    def __init__(self) -> None:
        self.items: defaultdict[str, dict[str, Wire]] = defaultdict(dict)
        self.asked: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.dies_at: int | None = None
        self.busy = 0
        self.meanwhile: tuple[int, Callable[[], None]] | None = None
        self.refuses: str | None = None
        self._lock = threading.RLock()

    def get_item(self, *, TableName: str, Key: Wire, ConsistentRead: bool) -> Wire:  # noqa: N803
        """One item."""
        assert TableName
        assert ConsistentRead
        with self._lock:
            self._note("GetItem", "read", 1)
            found = self._at(_key(Key))
            return {"Item": dict(found)} if found else {}

    def batch_get_item(self, *, RequestItems: Mapping[str, Wire]) -> Wire:  # noqa: N803
        """Up to 100 different items, or some of them."""
        ((name, request),) = RequestItems.items()
        keys = [_key(each) for each in request["Keys"]]
        assert request["ConsistentRead"]
        assert 0 < len(keys) <= 100, "too many keys"
        assert len(set(keys)) == len(keys), "a key twice"
        with self._lock:
            self._note("BatchGetItem", "read", len(keys[:_PROCESSED]))
            found = [item for key in keys[:_PROCESSED] if (item := self._at(key))]
        left = {name: {**request, "Keys": request["Keys"][_PROCESSED:]}}
        return {
            "Responses": {name: [dict(each) for each in found]},
            "UnprocessedKeys": left if left[name]["Keys"] else {},
        }

    def query(self, **request: Any) -> Wire:
        """A page of a partition."""
        values = request["ExpressionAttributeValues"]
        by = request.get("IndexName", "sk")
        assert request["ConsistentRead"]
        first, last = (values.get(name, {}).get("S") for name in (":first", ":last"))
        with self._lock:
            rows = [
                item
                for item in self.items[values[":pk"]["S"]].values()
                if by in item and (last is None or first <= item[by]["S"] <= last)
            ]
        rows.sort(key=lambda item: (item[by]["S"].encode(), item["sk"]["S"].encode()))
        if not request["ScanIndexForward"]:
            rows.reverse()
        begun = (
            [_key(row) for row in rows].index(_key(after)) + 1
            if (after := request.get("ExclusiveStartKey"))
            else 0
        )
        most = min(request.get("Limit", _PAGE), _PAGE)
        page = rows[begun : begun + most]
        self._note("Query", "read", max(1, len(page) // 8))
        more = {"LastEvaluatedKey": page[-1]} if len(rows) > begun + most else {}
        return {"Items": [dict(item) for item in page], **more}

    def transact_write_items(self, *, TransactItems: Sequence[Wire]) -> None:  # noqa: N803
        """All of it or nothing."""
        assert 0 < len(TransactItems) <= 100, "too many items"
        assert sum(len(repr(each)) for each in TransactItems) < 4_000_000, "too long"
        actions = [next(iter(each.items())) for each in TransactItems]
        keys = [_key(action.get("Item") or action["Key"]) for _, action in actions]
        assert len(set(keys)) == len(keys), "an item twice"
        self._let_others_write()
        with self._lock:
            if self.dies_at is not None and self.dies_at == self.asked["TransactWriteItems"]:
                raise DiedError
            self._note("TransactWriteItems", "write", 0)
            if self.busy:
                self.busy -= 1
                raise _canceled(["TransactionConflict", *("None" for _ in actions[1:])])
            held = [
                _holds(action, self._at(key))
                for (_, action), key in zip(actions, keys, strict=True)
            ]
            if not all(held):
                raise _canceled(["None" if one else "ConditionalCheckFailed" for one in held])
            for (kind, action), key in zip(actions, keys, strict=True):
                self._do(kind, action, key)

    def _at(self, key: Key) -> Wire | None:
        return self.items[key[0]].get(key[1])

    def _let_others_write(self) -> None:
        if self.meanwhile and self.meanwhile[0] == self.asked["TransactWriteItems"]:
            (_, work), self.meanwhile = self.meanwhile, None
            work()

    def _do(self, kind: str, action: Wire, key: Key) -> None:
        size = 1
        if kind == "Put":
            item = action["Item"]
            length = sum(
                len(name) + len(value["S" if "S" in value else "N"]) for name, value in item.items()
            )
            assert length <= 400_000, "too long an item"
            size = -(-length // 1024)
            self.items[key[0]][key[1]] = item
        elif kind == "Delete":
            self.items[key[0]].pop(key[1], None)
        self.units["write"] += 2 * size

    def _note(self, operation: str, kind: str, units: int) -> None:
        if self.refuses:
            told = {"Error": {"Code": self.refuses, "Message": "refused"}}
            raise ClientError(cast(Any, told), operation)
        with self._lock:
            self.asked[operation] += 1
            self.units[kind] += units


def _key(wire: Wire) -> Key:
    pk, sk = (wire[name]["S"] for name in ("pk", "sk"))
    assert 0 < len(pk.encode()) <= 2048, "a bad partition key"
    assert 0 < len(sk.encode()) <= 1024, "a bad sort key"
    return pk, sk


def _holds(action: Wire, item: Wire | None) -> bool:
    """Whether the condition of an action holds; ``AND`` binds more than ``OR``."""
    condition = re.sub(
        r"attribute_not_exists\((\w+)\)", r"no \1", action.get("ConditionExpression", "")
    )
    here, values = item or {}, action.get("ExpressionAttributeValues", {})

    def is_so(term: str) -> bool:
        if term.startswith("no "):
            return term[3:] not in here
        name, value = term.split(" = ")
        return here.get(name) == values[value]

    options = condition.replace("(", "").replace(")", "").split(" OR ")
    return not condition or any(all(map(is_so, one.split(" AND "))) for one in options)


def _canceled(codes: Sequence[str]) -> ClientError:
    told = {
        "Error": {"Code": "TransactionCanceledException", "Message": f"canceled {codes}"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(cast(Any, told), "TransactWriteItems")
