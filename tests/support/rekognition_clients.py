"""Clients as anybody has them, asked alike: boto3, the AWS CLI, the SDKs for JavaScript."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, cast

from botocore.exceptions import ClientError
from processes import PATIENCE
from rekognition_wire import rekognition_client

from kith.rekognition.keys import AccessKey
from kith.rekognition_server.serve import Address

REGION = "eu-west-3"

Members = Mapping[str, Any]


@dataclass
class RefusedError(Exception):
    """What a client makes of an error.

    Attributes:
        name: what it calls it.
        message: what it shows.
        kinds: the classes by which a program can catch it, if it has classes for that.
    """

    name: str
    message: str
    kinds: tuple[str, ...] = ()


class Client(Protocol):
    """An unmodified client of the service.

    Attributes:
        makes_classes: whether each error of the service's model is a class of its own.
    """

    makes_classes: bool

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """The answer; times are seconds since 1970.

        Raises:
            RefusedError: the service refuses.
        """
        ...

    def pages(self, operation: str, size: int, **members: Any) -> list[Any]:
        """The entries of a long list, collected by what the client has for that."""
        ...

    def close(self) -> None:
        """End what it started."""
        ...


class Boto3:
    """boto3."""

    makes_classes = True

    def __init__(self, address: Address, key: AccessKey) -> None:
        self.client = rekognition_client(address, key, retries={"total_max_attempts": 5})

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """See ``Client``."""
        try:
            answer = getattr(self.client, _joined(operation, "_"))(**members)
        except ClientError as error:
            told = cast(Any, error.response)["Error"]
            kinds = tuple(kind.__name__ for kind in type(error).mro())
            raise RefusedError(told["Code"], told["Message"], kinds) from None
        del answer["ResponseMetadata"]
        return _with_seconds(answer)

    def pages(self, operation: str, size: int, **members: Any) -> list[Any]:
        """See ``Client``."""
        paginator = self.client.get_paginator(_joined(operation, "_"))
        pages = paginator.paginate(**members, PaginationConfig={"PageSize": size})
        (key,) = paginator.result_keys[:1]
        return pages.build_full_result()[key.expression]

    def close(self) -> None:
        """See ``Client``."""
        self.client.close()


class AwsCli:
    """The AWS CLI: a process per call; pictures are files."""

    makes_classes = False

    def __init__(self, python: Path, address: Address, key: AccessKey) -> None:
        self._program = [str(python), "-m", "awscli", "rekognition"]
        self._environment = environment(address, key)

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """See ``Client``."""
        return self._run(operation, members)

    def pages(self, operation: str, size: int, **members: Any) -> list[Any]:
        """See ``Client``."""
        answer = self._run(operation, members, "--page-size", str(size))
        (entries,) = (cast("list[Any]", one) for one in answer.values() if isinstance(one, list))
        return entries

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What a command line prints, and how it ends."""
        return subprocess.run(
            [*self._program, *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self._environment,
            check=False,
            timeout=60,
        )

    def close(self) -> None:
        """See ``Client``."""

    def _run(self, operation: str, members: Members, *more: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory() as folder:
            words = [word for item in members.items() for word in _words(*item, Path(folder))]
            ended = self.run(_joined(operation, "-"), *words, *more)
        if ended.returncode:
            told = _CLI_ERROR.fullmatch(ended.stderr.strip())
            assert told, ended.stderr
            raise RefusedError(told["name"], told["message"])
        return json.loads(ended.stdout or "{}")


class JavaScript:
    """An SDK for JavaScript, in a process of its own.

    Args:
        command: Node.js with what it runs.
        modules: the folder of the packages that npm installed.
        address: where the server listens.
        key: signs.
        makes_classes: see ``Client``.
    """

    def __init__(
        self,
        command: list[str],
        modules: Path,
        address: Address,
        key: AccessKey,
        *,
        makes_classes: bool,
    ) -> None:
        self.makes_classes = makes_classes
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**environment(address, key), "NODE_PATH": str(modules)},
        )

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        """See ``Client``."""
        return self._ask("call", operation, members)

    def pages(self, operation: str, size: int, **members: Any) -> list[Any]:
        """See ``Client``."""
        pages = self._ask("pages", operation, {**members, "PageSize": size})
        (key,) = (name for name, value in pages[0].items() if isinstance(value, list))
        return [entry for page in pages for entry in page[key]]

    def close(self) -> None:
        """See ``Client``."""
        with self._process:
            try:
                self._process.communicate(timeout=PATIENCE)
            finally:
                self._process.kill()

    def _ask(self, how: str, operation: str, members: Members) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        asked = {"how": how, "operation": operation, "members": members}
        self._process.stdin.write(json.dumps(asked, default=_bytes) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline(), object_hook=_seconds)
        if "refused" in told:
            refused = told["refused"]
            raise RefusedError(refused["name"], refused["message"], tuple(refused["kinds"]))
        return told["answered"]


def environment(address: Address, key: AccessKey) -> dict[str, str]:
    """All that points an unmodified program at a server."""
    return {
        "PATH": "",
        **({"SYSTEMROOT": r"C:\Windows"} if sys.platform == "win32" else {}),
        "AWS_ACCESS_KEY_ID": key.key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_REKOGNITION": str(address),
        "AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE": "1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


_CLI_ERROR = re.compile(
    r"(?:aws: \[ERROR\]: )?An error occurred \((?P<name>\w+)\) when calling the \w+ operation"
    r"(?: \(reached max retries: \d+\))?: (?P<message>.*)",
    re.DOTALL,
)


def _words(name: str, value: Any, folder: Path) -> list[str]:
    """A member as an option of the AWS CLI; the bytes of a picture are told as a file."""
    option = "--" + _joined(name, "-")
    if isinstance(value, dict) and "Bytes" in value:
        file = folder / name
        file.write_bytes(cast("dict[str, bytes]", value)["Bytes"])
        return [f"{option}-bytes", f"fileb://{file}"]
    return [option, value if isinstance(value, str) else json.dumps(value)]


def _joined(name: str, by: str) -> str:
    """The words of a name of the service's, as clients write them."""
    return re.sub(r"(?<!^)(?=[A-Z])", by, name).lower()


def _with_seconds(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: _with_seconds(member) for name, member in members.items()}
    if isinstance(value, list):
        return [_with_seconds(entry) for entry in cast("list[Any]", value)]
    return value


def _bytes(value: object) -> dict[str, str]:
    assert isinstance(value, bytes)
    return {"$bytes": base64.b64encode(value).decode("ascii")}


def _seconds(members: dict[str, Any]) -> Any:
    return members.get("$seconds", members)
