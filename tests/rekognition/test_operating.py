"""What those who run the server see of it: health, metrics, logs, addresses."""

from __future__ import annotations

import io
import json
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from processes import PATIENCE
from rekognition_wire import ANYWHERE, READER, WRITER, Echo, running

from kith.domain.errors import SettingError, UsageError
from kith.rekognition.wire import Wire
from kith.rekognition_server.logs import logging_to
from kith.rekognition_server.serve import (
    Address,
    RekognitionServer,
    ServerOptions,
    require_loopback,
)

MakeWire = Callable[..., Wire]


def test_health_and_metrics_have_a_port_of_their_own(make_wire: MakeWire) -> None:
    """Alive, ready, and what was asked by operation and outcome."""
    with running(make_wire(), monitor=ANYWHERE) as server:
        client = server.client(READER)
        client.list_collections()
        with pytest.raises(ClientError):
            client.describe_collection(CollectionId="absent")
        with pytest.raises(ClientError):
            client.create_user(CollectionId="a", UserId="b")

        assert server.monitored("/healthz") == (200, "ok\n")
        assert server.monitored("/readyz") == (200, "ok\n")
        status, text = server.monitored("/metrics")

    assert status == 200
    counted = 'kith_rekognition_requests_total{error="%s",operation="%s",status="%s"} 1.0'
    for labels in [
        ("", "ListCollections", "200"),
        ("ResourceNotFoundException", "DescribeCollection", "400"),
        ("AccessDeniedException", "CreateUser", "400"),
    ]:
        assert counted % labels in text
    assert 'kith_rekognition_seconds_count{operation="ListCollections"} 1.0' in text


def test_names_that_clients_make_up_are_no_labels(make_wire: MakeWire) -> None:
    """Or a stranger could fill the memory of whoever keeps the metrics."""
    with running(make_wire(None), monitor=ANYWHERE) as server:
        with socket.create_connection((server.address.host, server.address.port)) as connection:
            connection.sendall(
                b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
                b"X-Amz-Target: RekognitionService.MadeUp\r\n\r\n"
            )
            assert b"MadeUp" in connection.recv(65_536)
        _, text = server.monitored("/metrics")

    assert "MadeUp" not in text
    assert 'error="UnknownOperationException",operation="unknown"' in text


def test_a_server_that_can_take_no_more_is_not_ready(make_wire: MakeWire, echo: Echo) -> None:
    """Though it is alive."""
    with running(make_wire(), monitor=ANYWHERE, workers=1, waiting=0) as server:
        client = server.client()
        asking = threading.Thread(
            target=client.delete_user, kwargs={"CollectionId": "a", "UserId": "b"}
        )
        asking.start()
        assert echo.entered.acquire(timeout=PATIENCE)

        assert server.monitored("/readyz") == (503, "busy\n")
        assert server.monitored("/healthz") == (200, "ok\n")
        echo.gate.set()
        asking.join()


def test_each_request_is_a_line_of_json_without_secrets(make_wire: MakeWire) -> None:
    """Who, what, how long, how much; never what was asked about, nor with which secret."""
    log = io.StringIO()
    with logging_to(log), running(make_wire()) as server:
        client = server.client()
        answer = client.index_faces(CollectionId="family", Image={"Bytes": b"the picture"})
        with pytest.raises(ClientError):
            client.list_users(CollectionId="family")

    lines: list[dict[str, Any]] = [json.loads(line) for line in log.getvalue().splitlines()]
    calls = [line for line in lines if line["event"] == "call"]
    request_id = answer["ResponseMetadata"]["RequestId"]
    assert [line["event"] for line in lines] == ["started", "call", "call", "stopped"]
    assert calls[0]["request_id"] == request_id
    assert (calls[0]["operation"], calls[0]["status"]) == ("IndexFaces", 200)
    assert calls[0]["key"] == WRITER.key_id
    assert calls[0].keys() >= {"time", "level", "ms", "bytes_in", "bytes_out", "error"}
    assert (calls[1]["level"], calls[1]["error"]) == ("error", "InternalServerError")
    assert calls[1]["failure"].startswith("ZeroDivisionError")
    assert "break_down" in calls[1]["traceback"]
    for secret in (WRITER.secret, "the picture", "dGhlIHBpY3R1cmU", "family", "Signature"):
        assert secret not in log.getvalue()


def test_logging_ends_with_the_server() -> None:
    """The loggers are as they were."""
    logger = logging.getLogger("kith.rekognition")
    before = (list(logger.handlers), logger.level, logger.propagate)

    with logging_to(io.StringIO()):
        assert logger.handlers

    assert (list(logger.handlers), logger.level, logger.propagate) == before


def test_an_address_that_is_taken_is_named(make_wire: MakeWire) -> None:
    """With what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = Address("127.0.0.1", other.getsockname()[1])
        server = RekognitionServer(make_wire(), ServerOptions(taken))

        with pytest.raises(SettingError, match=str(taken.port)):
            server.run(lambda _main, _monitor: None)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.com"])
def test_without_keys_only_this_machine_is_let_in(host: str) -> None:
    """Anybody else could read and change all faces."""
    with pytest.raises(UsageError, match="keys"):
        require_loopback(Address(host, 4577))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_may_come_without_keys(host: str) -> None:
    """By any of its names."""
    require_loopback(Address(host, 4577))


def test_an_address_is_written_as_clients_take_it() -> None:
    """With brackets where the numbers have colons."""
    assert str(Address("127.0.0.1", 80)) == "http://127.0.0.1:80"
    assert str(Address("::1", 80)) == "http://[::1]:80"
