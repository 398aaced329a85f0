"""The laws of the wire, on plain sockets."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from processes import PATIENCE
from rekognition_wire import ANYWHERE, Echo, Running, running

from kith.listening.connection import ConnectionLimits, OneWrite
from kith.rekognition.wire import BODY_LIMIT, Wire

MakeWire = Callable[..., Wire]


@pytest.fixture
def server(make_wire: MakeWire, echo: Echo) -> Generator[Running]:
    """A server without keys, which has little patience."""
    _ = echo  # its gate opens before the server is stopped: fixtures end in reverse order
    limits = ConnectionLimits(head_seconds=0.4, body_seconds=0.8, idle_seconds=1, connections=20)
    with running(make_wire(None), connections=limits) as server:
        yield server


def connect(server: Running) -> socket.socket:
    """A connection that waits for answers, but not for ever."""
    connection = socket.create_connection((server.address.host, server.address.port))
    connection.settimeout(20)
    return connection


def head(operation: str, length: int | None, *more: str) -> bytes:
    """The head of a request."""
    lines = [
        "POST / HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/x-amz-json-1.1",
        f"X-Amz-Target: RekognitionService.{operation}",
        *([f"Content-Length: {length}"] if length is not None else []),
        *more,
    ]
    return "\r\n".join([*lines, "", ""]).encode()


LIST = head("ListCollections", 2) + b"{}"
WAIT = b'{"CollectionId": "a", "UserId": "b"}'


def answers(connection: socket.socket, count: int = 1) -> Sequence[tuple[int, dict[str, str], Any]]:
    """So many answers: status, headers, document."""
    read: list[tuple[int, dict[str, str], Any]] = []
    file = connection.makefile("rb")
    for _ in range(count):
        status = int(file.readline().split()[1])
        lines = iter(file.readline, b"\r\n")
        headers = dict(line.decode().strip().lower().split(": ", 1) for line in lines)
        read.append((status, headers, json.loads(file.read(int(headers["content-length"])))))
    return read


def ends(connection: socket.socket) -> bool:
    """Whether the other side ends the connection, sooner or later."""
    try:
        while connection.recv(65_536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_every_answer_has_its_date_and_id(server: Running) -> None:
    """Errors, too, and what is no HTTP at all."""
    for request in (
        LIST,
        head("Nothing", 0),
        b"GET /x HTTP/1.1\r\nHost: y\r\n\r\n",
        b"nonsense\r\n\r\n",
    ):
        with connect(server) as connection:
            connection.sendall(request)
            [(status, headers, document)] = answers(connection)
        assert status in {200, 400}
        assert len(headers["x-amzn-requestid"]) == 36
        assert headers["date"].endswith("gmt")
        assert headers["content-type"] == "application/x-amz-json-1.1"
        assert "server" not in headers
        assert (status == 200) == ("__type" not in document)


def test_a_connection_is_kept(server: Running) -> None:
    """For the next request, and for several that come at once."""
    with connect(server) as connection:
        for _ in range(3):
            connection.sendall(LIST)
            assert answers(connection)[0][0] == 200
        connection.sendall(LIST * 5)
        assert [status for status, _, _ in answers(connection, 5)] == [200] * 5


def test_a_body_may_come_in_parts(server: Running) -> None:
    """Chunked, or byte by byte."""
    chunked = head("ListCollections", None, "Transfer-Encoding: chunked")

    with connect(server) as connection:
        connection.sendall(chunked + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
        assert answers(connection)[0][0] == 200
        for byte in LIST:
            connection.sendall(bytes([byte]))
        assert answers(connection)[0][0] == 200


def test_a_client_that_asks_first_is_told_to_go_on(server: Running) -> None:
    """``Expect: 100-continue``, as some HTTP libraries have it."""
    with connect(server) as connection:
        connection.sendall(head("ListCollections", 2, "Expect: 100-continue"))
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert answers(connection)[0][0] == 200


def test_a_body_without_end_is_refused(server: Running) -> None:
    """A client that does not say how much it sends is stopped, too."""
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"

    with connect(server) as connection:
        connection.sendall(head("ListCollections", None, "Transfer-Encoding: chunked"))
        for _ in range(BODY_LIMIT // 0x100000 + 1):
            connection.sendall(chunk)
        [(status, _, document)] = answers(connection)

    assert (status, document["__type"]) == (413, "RequestEntityTooLargeException")


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (head("ListCollections", 2)[:-2], b"X-More: of it\r\n" * 1000),
        (head("ListCollections", 2)[:-2] + b"X-More: ", b"of it" * 1000),
        (
            head("ListCollections", None, "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n",
            b"X-More: of it\r\n" * 1000,
        ),
    ],
    ids=["headers", "one header", "trailers"],
)
def test_headers_without_end_are_refused(make_wire: MakeWire, begin: bytes, more: bytes) -> None:
    """They would fill the memory; a server that has all the time in the world refuses them, too."""
    patient = ConnectionLimits(head_seconds=3600, body_seconds=3600)
    with running(make_wire(None), connections=patient) as server, connect(server) as connection:
        try:
            connection.sendall(begin + more * 100)
            status = answers(connection)[0][0]
        except (ConnectionResetError, BrokenPipeError):
            status = 400  # it was refused before all was sent, and the answer lost
        assert status == 400
        assert ends(connection)


def test_an_upgrade_is_not_taken(server: Running) -> None:
    """The request is answered as it came, over the protocol that it came by."""
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")

    with connect(server) as connection:
        connection.sendall(head("ListCollections", 2, *upgrade) + b"{}")
        assert answers(connection)[0][0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST / HT",
        b"\r\n",
        head("ListCollections", 2)[:-2],
        head("ListCollections", 100) + b"{",
        head("ListCollections", None, "Transfer-Encoding: chunked") + b"5\r\n{",
        LIST,
    ],
    ids=["nothing", "a word", "blank lines", "half a head", "half a body", "half a chunk", "idle"],
)
def test_a_client_that_stops_in_between_is_left(server: Running, sent: bytes) -> None:
    """After a while, wherever it stopped."""
    with connect(server) as connection:
        connection.sendall(sent)
        assert ends(connection)


def test_slow_clients_do_not_stop_others(server: Running) -> None:
    """More of them than there may be connections."""
    slow = [connect(server) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"POST / HTTP/1.1\r\n")

    with connect(server) as connection:
        connection.sendall(LIST)
        assert answers(connection)[0][0] == 200

    assert all(ends(connection) for connection in slow)
    for connection in slow:
        connection.close()


def test_a_client_that_says_no_more_is_answered(server: Running) -> None:
    """It closed its half of the connection after its request; then ours is closed."""
    with connect(server) as connection:
        connection.sendall(LIST)
        connection.shutdown(socket.SHUT_WR)
        assert answers(connection)[0][0] == 200
        assert ends(connection)


def test_half_a_request_and_no_more_is_left_at_once(server: Running) -> None:
    """Nothing will come of it."""
    with connect(server) as connection:
        connection.sendall(LIST[:-1])
        connection.shutdown(socket.SHUT_WR)
        assert ends(connection)


def test_a_client_that_goes_away_leaves_its_work_to_be_done(server: Running, echo: Echo) -> None:
    """What began is finished, and others are answered."""
    with connect(server) as gone:
        gone.sendall(head("DeleteUser", len(WAIT)) + WAIT)
        assert echo.entered.acquire(timeout=PATIENCE)
    echo.gate.set()

    with connect(server) as connection:
        connection.sendall(LIST)
        assert answers(connection)[0][0] == 200
    assert [call.operation for _, call in echo.calls] == ["DeleteUser", "ListCollections"]


def test_a_stop_finishes_what_began(make_wire: MakeWire, echo: Echo) -> None:
    """The answer arrives, although nobody new is let in."""
    with running(make_wire(None)) as server, connect(server) as connection:
        idle = connect(server)
        connection.sendall(head("DeleteUser", len(WAIT)) + WAIT)
        assert echo.entered.acquire(timeout=PATIENCE)

        server.server.stop()
        assert ends(idle)
        echo.gate.set()

        [(status, headers, _)] = answers(connection)
        assert (status, headers["connection"]) == (200, "close")
        idle.close()


def test_too_much_at_once_is_throttled(make_wire: MakeWire) -> None:
    """The bytes of all requests together are bounded, and free again when they are answered."""
    with (
        running(make_wire(None), held_bytes=100_000, monitor=ANYWHERE) as server,
        connect(server) as first,
    ):
        first.sendall(head("ListCollections", 90_002) + b" " * 90_000)
        while server.held_bytes() < 90_000:
            pass
        with connect(server) as second:
            second.sendall(head("ListCollections", 20_002) + b" " * 20_000 + b"{}")
            [(status, _, document)] = answers(second)
        first.sendall(b"{}")

        assert (status, document["__type"]) == (400, "ThrottlingException")
        assert answers(first)[0][0] == 200
        with connect(server) as third:
            third.sendall(head("ListCollections", 20_002) + b" " * 20_000 + b"{}")
            assert answers(third)[0][0] == 200


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=80)
    | st.binary(max_size=40).map(lambda tail: b"POST / HTTP/1.1\r\n" + tail + b"\r\n\r\n")
    | st.binary(max_size=60).map(lambda body: head("IndexFaces", len(body)) + body)
)
def test_any_bytes_leave_the_server_serving(server: Running, sent: bytes) -> None:
    """And are never answered with an error of ours."""
    with connect(server) as wild:
        wild.sendall(sent)
        wild.shutdown(socket.SHUT_WR)
        try:
            answer = wild.recv(65_536)
        except ConnectionResetError:
            answer = b""
    with connect(server) as connection:
        connection.sendall(LIST)
        assert answers(connection)[0][0] == 200
    assert not answer or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 100"))


# -- one write -------------------------------------------------------------------------------------


class Recorder(asyncio.Transport):
    """A transport that keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[bytes | str] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.events.append(bytes(data))

    def close(self) -> None:
        """Keep that it was closed."""
        self.events.append("closed")

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return "closed" in self.events


def test_what_is_written_in_one_turn_goes_out_in_one_piece() -> None:
    """Head and body of a response; and before the connection is closed."""

    async def write() -> list[bytes | str]:
        recorder = Recorder()
        transport = OneWrite(recorder, asyncio.get_running_loop())
        transport.write(b"head")
        transport.write(b"body")
        await asyncio.sleep(0)
        transport.write(b"head of the last")
        transport.write(b"body of the last")
        transport.close()
        await asyncio.sleep(0)
        return recorder.events

    assert asyncio.run(write()) == [b"headbody", b"head of the lastbody of the last", "closed"]


def test_a_response_is_one_packet(server: Running) -> None:
    """One read gets all of it, for one write sent it."""
    with connect(server) as connection:
        for _ in range(20):
            connection.sendall(LIST)
            answer = connection.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200")
            assert answer.endswith(b"}")


def test_threads_come_to_an_end(make_wire: MakeWire) -> None:
    """A server that was stopped leaves none."""
    before = threading.active_count()

    with running(make_wire(None)) as server, connect(server) as connection:
        connection.sendall(LIST)
        answers(connection)

    assert threading.active_count() == before
