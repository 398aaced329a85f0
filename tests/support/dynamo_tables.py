"""Tables for libraries in DynamoDB, at emulators of it."""

from __future__ import annotations

import uuid
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pytest
from emulators import Endpoint
from tiny_dynamo import TinyDynamo

from kith.adapters.catalog.dynamo.schema import table_definition
from kith.adapters.catalog.dynamo.table import Table


@contextmanager
def dynamo_table(endpoint: Endpoint) -> Generator[tuple[Any, str]]:
    """A client, and the name of an empty table of its own, which goes with the block."""
    name = f"kith-{uuid.uuid4().hex}"
    with closing(endpoint.client("dynamodb", config=_config())) as client:
        client.create_table(**table_definition(name))
        try:
            yield client, name
        finally:
            client.delete_table(TableName=name)


@contextmanager
def empty_table(endpoint: Endpoint) -> Generator[Table]:
    """The same as the adapters take it."""
    with dynamo_table(endpoint) as (client, name):
        yield Table(client, name)


@contextmanager
def dynamo_of(request: pytest.FixtureRequest) -> Generator[Table]:
    """An empty table where the parameter of a fixture says: in this process, or an emulator."""
    if request.param == "tiny":
        yield Table(TinyDynamo(), "kith")
        return
    endpoint: Endpoint = request.getfixturevalue(request.param)
    with dynamo_table(endpoint) as (client, name):
        yield Table(_OneByOne(client) if endpoint.name == "dynalite" else client, name)


class _OneByOne:
    """A client of a server that has no transactions: does one thing after the other."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    def transact_write_items(self, *, TransactItems: Sequence[dict[str, Any]]) -> None:  # noqa: N803
        """The first has the condition of all."""
        for action in TransactItems:
            for kind, request in action.items():
                do = self._client.put_item if kind == "Put" else self._client.delete_item
                do(**request)


def _config() -> Any:
    from botocore.config import Config  # noqa: PLC0415 - only tests that talk to an emulator pay

    return Config(retries={"mode": "standard", "total_max_attempts": 3}, max_pool_connections=32)
