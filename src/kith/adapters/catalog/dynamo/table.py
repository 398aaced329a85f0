"""Items of the table: read in batches and pages, written in transactions."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from kith.adapters.catalog.dynamo.client import Client, understood
from kith.adapters.catalog.dynamo.schema import BY_SIMILARITY, BY_TIME, Key, long_key
from kith.domain.errors import LibraryBusyError, LibraryDamagedError

Wire: TypeAlias = dict[str, Any]
"""What a request is made of."""

_BATCH: Final = 100
"""Keys of one ``BatchGetItem``; DynamoDB's limit."""

_TRIES: Final = 12
"""Of a batch of which DynamoDB did not process all."""

_LONGEST_WAIT: Final = 2.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Item:
    """What lies at a key.

    Attributes:
        doc: JSON, in ASCII.
        by_similarity: what the index of that name sorts by; it leaves out items without.
        by_time: as well.
        long: where the document's pieces are, where it is too long for one item.
    """

    doc: str
    by_similarity: str | None = None
    by_time: str | None = None
    long: Long | None = None

    def read(self) -> dict[str, Any]:
        """The document."""
        return json.loads(self.doc)


@dataclass(frozen=True, slots=True)
class Long:
    """Pieces of a long document: of which change they are, and how many."""

    version: str
    pieces: int

    def keys(self, key: Key) -> list[Key]:
        """Where the pieces of the document at a key lie."""
        return [long_key(key, self.version, piece) for piece in range(self.pieces)]


@dataclass(frozen=True, slots=True)
class Span:
    """Which items of a partition: those between two sort keys, both included."""

    first: str = ""
    last: str = ""

    @classmethod
    def of(cls, beginning: str) -> Span:
        """Those whose sort key begins so."""
        return cls(beginning, f"{beginning}\U0010ffff") if beginning else cls()


EVERYTHING: Final = Span()


class Table:
    """A library's part of a DynamoDB table. May be used by several threads.

    Every read is strongly consistent: what was written before is read.

    Args:
        client: of DynamoDB.
        name: the table's.
        prefix: of the library's partition keys.
    """

    def __init__(self, client: Client, name: str, prefix: str = "") -> None:
        self._client = client
        self._name = name
        self._prefix = prefix

    def get(self, keys: Collection[Key]) -> dict[Key, Item]:
        """The items at these keys; where there is none, it is left out."""
        wanted, found = list(dict.fromkeys(keys)), dict[Key, Item]()
        for begin in range(0, len(wanted), _BATCH):
            found.update(self._batch(wanted[begin : begin + _BATCH]))
        return self._whole(found)

    def query(
        self,
        pk: str,
        span: Span = EVERYTHING,
        *,
        index: str | None = None,
        backwards: bool = False,
        page: int | None = None,
    ) -> Iterator[tuple[str, Item]]:
        """The items of a partition with their sort keys, sorted by these or by an index.

        Args:
            pk: the partition.
            span: of what is sorted by.
            index: which one.
            backwards: the last one first.
            page: how many are read at once, where few of them are wanted.
        """
        request = self._query(pk, span, index)
        request |= {"ScanIndexForward": not backwards} | ({"Limit": page} if page else {})
        while True:
            with understood():
                answer = self._client.query(**request)
            found = {Key(pk, wire["sk"]["S"]): _item(wire) for wire in answer["Items"]}
            for key, item in self._whole(found).items():
                yield key.sk, item
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def raw(self, key: Key) -> Wire | None:
        """The attributes at a key as DynamoDB has them."""
        with understood():
            answer = self._client.get_item(
                TableName=self._name, Key=self._key(key), ConsistentRead=True
            )
        return answer.get("Item")

    def transact(self, actions: Sequence[Wire]) -> None:
        """Do all of this, at most 100 things, or nothing.

        Raises:
            CanceledError: a condition did not hold, or somebody else writes there just now.
        """
        with understood():
            self._client.transact_write_items(TransactItems=list(actions))

    def put(self, key: Key, attributes: Mapping[str, Wire], **condition: Any) -> Wire:
        """For ``transact``: let these attributes lie there, and no others."""
        item = {**self._key(key), **attributes}
        return {"Put": {"TableName": self._name, "Item": item, **condition}}

    def put_item(self, key: Key, item: Item) -> Wire:
        """For ``transact``: let this item lie there."""
        return self.put(key, _attributes(item))

    def delete(self, key: Key) -> Wire:
        """For ``transact``: let nothing lie there."""
        return {"Delete": {"TableName": self._name, "Key": self._key(key)}}

    # -- helpers -----------------------------------------------------------------------------------

    def _batch(self, keys: Sequence[Key]) -> dict[Key, Item]:
        """At most 100 keys; what DynamoDB leaves out for the moment is asked for again."""
        found: dict[Key, Item] = {}
        asked: Wire = {
            self._name: {"Keys": [self._key(key) for key in keys], "ConsistentRead": True}
        }
        for attempt in range(_TRIES):
            with understood():
                answer = self._client.batch_get_item(RequestItems=asked)
            for wire in answer["Responses"].get(self._name, ()):
                pk = wire["pk"]["S"].removeprefix(self._prefix)
                found[Key(pk, wire["sk"]["S"])] = _item(wire)
            asked = answer.get("UnprocessedKeys") or {}
            if not asked:
                return found
            wait(attempt)
        raise LibraryBusyError("DynamoDB does not keep up with what is read", "Try again later.")

    def _query(self, pk: str, span: Span, index: str | None) -> Wire:
        names, values = {"#pk": "pk"}, {":pk": {"S": self._prefix + pk}}
        condition = "#pk = :pk"
        if span.last:
            condition += " AND #sk BETWEEN :first AND :last"
            names["#sk"] = index or "sk"
            values |= {":first": {"S": span.first}, ":last": {"S": span.last}}
        return {
            "TableName": self._name,
            "ConsistentRead": True,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            **({"IndexName": index} if index else {}),
        }

    def _whole(self, found: dict[Key, Item]) -> dict[Key, Item]:
        """Put together what is too long for one item."""
        whole = {key: self._joined(key, item) for key, item in found.items()}
        return {key: item for key, item in whole.items() if item is not None}

    def _joined(self, key: Key, item: Item) -> Item | None:
        if item.long is None:
            return item
        pieces = self.get(keys := item.long.keys(key))
        if len(pieces) == item.long.pieces:
            return replace(item, doc="".join(pieces[each].doc for each in keys))
        # Somebody wrote it anew, or took it away, between the two requests.
        again = self._batch([key]).get(key)
        if again is not None and again.long == item.long:
            raise LibraryDamagedError(f"a part of {key.pk} is missing in DynamoDB")
        return again and self._joined(key, again)

    def _key(self, key: Key) -> Wire:
        return {"pk": {"S": self._prefix + key.pk}, "sk": {"S": key.sk}}


def wait(attempt: int) -> None:
    """Wait before another attempt: longer each time, and not as long as others who wait."""
    most = min(_LONGEST_WAIT, 0.02 * 2**attempt)
    time.sleep(random.uniform(most / 4, most))  # noqa: S311 - no secret


def _attributes(item: Item) -> Wire:
    wire: Wire = {}
    for name, value in ((BY_SIMILARITY, item.by_similarity), (BY_TIME, item.by_time)):
        if value is not None:
            wire[name] = {"S": value}
    if item.long is None:
        return wire | {"doc": {"S": item.doc}}
    return wire | {"long": {"S": f"{item.long.version}#{item.long.pieces}"}}


def _item(wire: Wire) -> Item:
    """The item of its attributes."""
    by_similarity, by_time = (wire.get(name, {}).get("S") for name in (BY_SIMILARITY, BY_TIME))
    if "long" not in wire:
        return Item(wire["doc"]["S"], by_similarity, by_time)
    version, _, pieces = wire["long"]["S"].rpartition("#")
    return Item("", by_similarity, by_time, Long(version, int(pieces)))
