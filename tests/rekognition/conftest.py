"""The wire with operations of the tests' own, and servers of it."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from rekognition_wire import Echo, Running, both_keys, running

from kith.rekognition.model import Service
from kith.rekognition.wire import Keys, Wire
from kith.rekognition_server.service_file import load_service


@pytest.fixture(scope="session")
def service() -> Service:
    """The model of the real service."""
    return load_service()


@pytest.fixture
def echo() -> Generator[Echo]:
    """Operations for tests; whoever waits at the gate is let through in the end."""
    echo = Echo()
    yield echo
    echo.gate.set()


MakeWire = Callable[..., Wire]


@pytest.fixture
def make_wire(service: Service, echo: Echo) -> MakeWire:
    """A wire to the test's operations, with keys unless it says otherwise."""

    def make(keys: Keys | None = both_keys) -> Wire:
        return Wire(service, echo.operations, keys)

    return make


@pytest.fixture
def rekognition(make_wire: MakeWire, echo: Echo) -> Generator[Running]:
    """A server with keys."""
    _ = echo  # its gate opens before the server is stopped: fixtures end in reverse order
    with running(make_wire()) as server:
        yield server
