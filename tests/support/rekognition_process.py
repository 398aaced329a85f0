"""``kith rekognition`` as a process of its own, which can be killed, and started again at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

_NURSERY = """
import os, sys
import kith.adapters.recognition.local.collections, kith.compose.server, kith.engine.engine
import kith.pipeline.rekognition.operations, kith.rekognition_server.start
from kith.cli.main import main

sys.argv = ["kith", *sys.argv[1:]]
for line in sys.stdin:
    number = os.fork()
    if not number:
        main()
    print("process", number, flush=True)
    print("end", os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)
"""
"""Imports everything once, so that a server is there in a moment, and can be killed many times."""

_PATIENCE = 60
"""Seconds. More than any answer here takes: what hangs is to fail."""

_LONGEST = 300
"""Seconds. More than any test here takes."""


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs.

    Attributes:
        process: its number.
        address: where it is.
        log: the file that it writes its log to.
        session: of boto3; making one takes longer than a call.
    """

    process: int
    address: str
    log: Path
    session: Any

    def client(self, attempts: int = 1, **more: Any) -> Any:
        """A boto3 client of it, which tries so many times."""
        retries = {"total_max_attempts": attempts, "mode": "standard"}
        config = Config(retries=retries, connect_timeout=5, read_timeout=_PATIENCE, **more)
        return self.session.client("rekognition", endpoint_url=self.address, config=config)

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.process, signal.SIGKILL)

    def tell_to_end(self) -> None:
        """Ask it to end."""
        os.kill(self.process, signal.SIGTERM)

    def calls(self) -> list[dict[str, Any]]:
        """What its log says of requests."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines()]
        return [line for line in lines if line["event"] == "call"]


class Nursery:
    """Starts servers over one library, one after the other."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log
        self._running: int | None = None
        self._session: Any = boto3.Session("nobody", "nothing", region_name="eu-west-3")

    @contextmanager
    def server(self) -> Generator[Server]:
        """A server; when the block ends, it is killed unless it has ended."""
        self._log.write_text("")
        self._say("go")
        self._running = int(self._word("process"))
        try:
            address = self._word("AWS_ENDPOINT_URL_REKOGNITION")
            yield Server(self._running, address, self._log, self._session)
        finally:
            self._end()

    def exit_code(self) -> int:
        """How the server ended; waits for it."""
        code = int(self._word("end"))
        self._running = None
        return code

    def _end(self) -> None:
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.kill(self._running, signal.SIGKILL)
            self.exit_code()

    def _say(self, word: str) -> None:
        assert self._process.stdin
        print(word, file=self._process.stdin, flush=True)

    def _word(self, name: str) -> str:
        """The last word of the next line that has this one."""
        assert self._process.stdout
        for line in self._process.stdout:
            words = line.replace("=", " ").split()
            if name in words:
                return words[-1]
        raise AssertionError(f"the servers' process ended: {self._log.read_text()}")


@contextmanager
def nursery(
    library: Path, weights: Path, folder: Path, longest: float = _LONGEST
) -> Generator[Nursery]:
    """Where servers over a library come from.

    Args:
        library: the library's folder.
        weights: the models' folder.
        folder: for the log.
        longest: seconds after which all of it is ended, so that nothing waits for ever.
    """
    log = folder / "server.log"
    arguments = ["rekognition", "serve", "--no-auth", "--port", "0", "--workers", "2"]
    settings = {"KITH_LIBRARY": str(library), "KITH_MODELS": str(weights)}
    with (
        log.open("a") as errors,
        subprocess.Popen(
            [sys.executable, "-c", _NURSERY, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **settings},
        ) as process,
    ):
        watch = threading.Timer(longest, process.kill)
        watch.start()
        try:
            yield Nursery(process, log)
        finally:
            watch.cancel()
            if process.stdin:
                process.stdin.close()
