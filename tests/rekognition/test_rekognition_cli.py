"""``kith rekognition``: keys, and a server of them."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from processes import ended, running
from rekognition_wire import Address, rekognition_client

from kith.cli.rekognition import command
from kith.domain.errors import NotFoundError, UsageError
from kith.rekognition.keys import Permission, parse_keys

Ask = Callable[..., Result]

SERVER = """
import sys
sys.path[:0] = {paths!r}
from contextlib import nullcontext
from rekognition_wire import Echo
from kith.cli.rekognition.serve import serve_command
serve_command(lambda settings, ears: nullcontext(Echo().operations))(sys.argv[1:])
"""
"""The command as the program has it, over the operations of the tests."""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The folder of a library."""
    return tmp_path / "library"


@pytest.fixture
def ask(library: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command."""
    monkeypatch.setenv("KITH_LIBRARY", str(library))

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, catch_exceptions=True)

    return run


def serving(*arguments: str) -> Sequence[str]:
    """The command line of a server."""
    code = SERVER.format(paths=[entry for entry in sys.path if entry])
    return [sys.executable, "-c", code, *arguments]


def test_a_key_is_made_listed_and_removed(ask: Ask, library: Path) -> None:
    """Its secret is shown once, as a shell takes it."""
    shown = dict(
        line.removeprefix("export ").split("=", 1)
        for line in ask("keys", "add", "camera", "--write").output.splitlines()
    )
    key_id, secret = shown["AWS_ACCESS_KEY_ID"], shown["AWS_SECRET_ACCESS_KEY"]
    file = library / "rekognition-keys.json"
    key = parse_keys(file.read_text(), "x")[key_id]
    assert (key.secret, key.permission, key.name) == (secret, Permission.WRITE, "camera")

    listed = ask("keys", "list").output
    assert key_id in listed
    assert "camera" in listed
    assert secret not in listed
    assert json.loads(ask("keys", "list", "--json").output) == [
        {"key_id": key_id, "name": "camera", "permission": "write"}
    ]

    assert key_id in ask("keys", "remove", key_id).output
    assert "no keys" in ask("keys", "list").output
    assert isinstance(ask("keys", "remove", key_id).exception, NotFoundError)


def test_a_key_only_reads_unless_it_is_said(ask: Ask) -> None:
    """And programs get it as JSON."""
    made = json.loads(ask("keys", "add", "laptop", "--json").output)

    assert made["permission"] == "read"
    assert made["secret"]


def test_keys_may_lie_elsewhere(ask: Ask, library: Path, tmp_path: Path) -> None:
    """Where --keys says."""
    elsewhere = tmp_path / "keys.json"

    assert ask("keys", "add", "laptop", "--keys", str(elsewhere)).exit_code == 0

    assert elsewhere.exists()
    assert not library.exists()


@pytest.mark.parametrize("arguments", [["--no-auth", "--host", "0.0.0.0"], []])
def test_a_server_that_all_may_use_is_not_started(arguments: list[str], library: Path) -> None:
    """Nor one that nobody could use."""
    command_line = [*serving(*arguments), "--port", "0", "--library", str(library)]

    with running(*command_line) as server:
        _, said = ended(server)

    assert server.returncode != 0
    assert UsageError.__name__ in said


@pytest.mark.skipif(sys.platform == "win32", reason="there, no signal asks a program to end")
def test_a_server_serves_until_it_is_told_to_end(ask: Ask, library: Path) -> None:
    """With the keys of the library; its log is JSON."""
    made = json.loads(ask("keys", "add", "laptop", "--json").output)
    with running(*serving("--port", "0", "--library", str(library))) as server:
        assert server.stdout
        url = server.stdout.readline().strip().removeprefix("export AWS_ENDPOINT_URL_REKOGNITION=")
        key = parse_keys((library / "rekognition-keys.json").read_text(), "x")[made["key_id"]]
        address = Address("127.0.0.1", int(url.rpartition(":")[2]))

        assert rekognition_client(address, key).list_collections()["CollectionIds"]
        server.send_signal(signal.SIGTERM)
        _, log = ended(server)

    assert server.returncode == 0
    events = [json.loads(line)["event"] for line in log.splitlines()]
    assert events == ["started", "call", "stopped"]
