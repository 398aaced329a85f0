"""``kith watch`` as a process: what it tells its manager, how it ends, and what it makes."""

from __future__ import annotations

import json
import os
import plistlib
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kith.cli.main import kith

pytestmark = [
    pytest.mark.weights,
    pytest.mark.photos,
    pytest.mark.skipif(sys.platform == "win32", reason="sends Unix' signals"),
]

_PATIENCE = 120
_MAIN = "from kith.cli.main import main; main()"

SERVICES = Path(__file__).resolve().parents[2] / "docs" / "services"
UNIT = "kith-watch.service"


class Service:
    """A service and its manager."""

    def __init__(self, process: subprocess.Popen[str], manager: socket.socket) -> None:
        self.process = process
        self._manager = manager
        self.told: list[str] = []

    def until(self, message: str) -> None:
        """Wait until it told its manager this."""
        end = time.monotonic() + _PATIENCE
        while message not in self.told:
            assert time.monotonic() < end, self.told
            with suppress(TimeoutError):
                self.told.append(self._manager.recv(4096).decode())

    def ends(self) -> tuple[int, list[dict[str, Any]], str]:
        """Wait for its end: its exit code, the events it told, and what else it said."""
        out, err = self.process.communicate(timeout=_PATIENCE)
        return self.process.returncode, [json.loads(line) for line in out.splitlines()], err


@pytest.fixture
def watch(tmp_path: Path, weights: Path) -> Generator[Callable[..., Service]]:
    """Starts ``kith watch`` as systemd does; kills what has not ended."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        # Its path may have 107 characters at most, which pytest's folder has already.
        address = f"\0kith-test-{os.getpid()}"
        manager.bind(address)
        manager.settimeout(0.2)
        started: list[subprocess.Popen[str]] = []

        def start(*words: str | Path, **environment: str) -> Service:
            settings = {
                "KITH_LIBRARY": str(tmp_path / "library"),
                "KITH_MODELS": str(weights),
                "NOTIFY_SOCKET": "@" + address[1:],
                "WATCHDOG_USEC": "300000",
                **environment,
            }
            process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, "watch", "--json", "--no-findings", *map(str, words)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=os.environ | settings,
            )
            started.append(process)
            return Service(process, manager)

        yield start
        for process in started:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="the socket's name is Linux'")
def test_it_tells_its_manager_and_ends_when_it_is_told(
    watch: Callable[..., Service], people: Path, tmp_path: Path
) -> None:
    """Ready, alive, what it did; photos get their copies; at SIGTERM it ends well."""
    folder, copies = tmp_path / "in", tmp_path / "copies"
    folder.mkdir()
    first, second = sorted(people.glob("*smiling.jpg"))[:2]
    shutil.copy(first, folder)
    renditions = json.dumps({"small": {"to": str(copies), "long_side": 64, "format": "webp"}})

    service = watch(folder, "--settle", "0.2", KITH_RENDITIONS=renditions)
    service.until("READY=1")
    service.until("STATUS=1 photos added, 0 files being written")
    shutil.copy(second, folder)
    service.until("STATUS=2 photos added, 0 files being written")
    service.until("WATCHDOG=1")
    service.process.send_signal(signal.SIGTERM)
    code, events, err = service.ends()

    assert code == 0, err
    assert [event["event"] for event in events] == ["watching", "added", "added", "stopped"]
    assert [Path(event["path"]).name for event in events[1:3]] == [first.name, second.name]
    assert [event["faces"] for event in events[1:3]] == [1, 1]
    service.until("STOPPING=1")
    assert len(list(copies.rglob("*.webp"))) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="the socket's name is Linux'")
def test_it_ends_with_what_its_manager_can_tell_apart(
    watch: Callable[..., Service], tmp_path: Path
) -> None:
    """A folder that vanishes is 3, to be started again; what cannot work is 2."""
    folder = tmp_path / "in"
    folder.mkdir()
    service = watch(folder)
    service.until("READY=1")
    folder.rmdir()
    assert service.ends()[0] == 3

    assert watch(folder).ends()[0] == 3
    (tmp_path / "library" / "originals").mkdir()
    assert watch(tmp_path / "library" / "originals").ends()[0] == 2
    (tmp_path / "in").mkdir()
    loop = json.dumps({"small": {"to": str(folder / "small")}})
    code, events, err = watch(folder, KITH_RENDITIONS=loop).ends()
    assert (code, events, "would be added as photos" in err) == (2, [], True)


def test_the_services_call_kith_as_it_is() -> None:
    """The unit for systemd and the list for launchd start a command that can be understood."""
    unit = (SERVICES / "kith-watch.service").read_text()
    (started,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    with (SERVICES / "kith.watch.plist").open("rb") as file:
        agent = plistlib.load(file)

    for words in (shlex.split(started.partition("=")[2]), agent["ProgramArguments"]):
        assert words[0].endswith("/kith")
        context = kith.make_context("kith", words[1:])
        command = kith.get_command(context, words[1])
        assert command is not None
        assert command.make_context("watch", words[2:]).params["folders"]


@pytest.mark.skipif(sys.platform != "linux", reason="systemd is Linux'")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Every line of it, where systemd is there to be asked."""
    program = shutil.which("systemd-analyze")
    home = tmp_path / "home"
    (home / ".local/bin").mkdir(parents=True)
    (home / ".local/bin/kith").symlink_to("/bin/true")
    environment = os.environ | {"HOME": str(home), "XDG_RUNTIME_DIR": str(tmp_path)}
    words = [program or "/bin/true", "verify", "--man=no", "--user", SERVICES / UNIT]

    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)

    assert (done.returncode, done.stderr) == (0, "")
