"""Terraform, the program, in a folder with a configuration.

It is spoken to in JSON: https://developer.hashicorp.com/terraform/internals/machine-readable-ui and
https://developer.hashicorp.com/terraform/internals/json-format.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from kith.domain.errors import SettingError, StoreError
from kith.ports.infrastructure import Change, Deed, Listener, Resource, Wishes

PROGRAM: Final = "terraform"

_INSTALL: Final = (
    "Install 1.9 or later (https://developer.hashicorp.com/terraform/install), and see that the "
    "shell finds it: terraform version"
)

_PLAN: Final = ".kith.plan"
"""The file of what was planned last. It holds whatever the configuration holds, so it goes soon."""

_DEEDS: Final[Mapping[tuple[str, ...], Deed]] = {
    ("create",): Deed.MAKE,
    ("update",): Deed.CHANGE,
    ("create", "delete"): Deed.REPLACE,
    ("delete", "create"): Deed.REPLACE,
    ("delete",): Deed.DESTROY,
}

_AT_ONCE: Final = 20
"""Resources worked on; Terraform's own ten wait for AWS most of the time."""


class Terraform:
    """``Infrastructure`` by Terraform.

    Args:
        folder: of the configuration, and of Terraform's state unless that says otherwise.

    Raises:
        SettingError: Terraform is not installed.
    """

    def __init__(self, folder: Path) -> None:
        found = shutil.which(PROGRAM)
        if found is None:
            raise SettingError("Terraform is not installed", _INSTALL)
        self._program = found
        self._folder = folder

    def close(self) -> None:
        """Forget what was planned last."""
        (self._folder / _PLAN).unlink(missing_ok=True)

    def prepare(self) -> None:
        """See ``Infrastructure.prepare``."""
        self._run("init", "-input=false", "-no-color")

    def plan(
        self,
        wishes: Wishes | None = None,
        *,
        only: Sequence[str] = (),
        destroy: bool = False,
    ) -> Sequence[Change]:
        """See ``Infrastructure.plan``."""
        words = [f"-var={name}={_written(value)}" for name, value in (wishes or {}).items()]
        words += [f"-target={address}" for address in only]
        words += ["-destroy"] if destroy else []
        for _ in self._events("plan", f"-out={_PLAN}", "-input=false", *words):
            pass
        told = json.loads(self._run("show", "-json", _PLAN))
        return [_change(each) for each in told.get("resource_changes", ()) if _matters(each)]

    def carry_out(self, listener: Listener) -> None:
        """See ``Infrastructure.carry_out``."""
        done = 0
        try:
            for event in self._events("apply", f"-parallelism={_AT_ONCE}", "-input=false", _PLAN):
                if event.get("type") in {"apply_start", "apply_complete"}:
                    done += event["type"] == "apply_complete"
                    listener(done, event["hook"]["resource"]["addr"])
        finally:
            self.close()

    def made(self) -> Sequence[Resource]:
        """See ``Infrastructure.made``."""
        told = json.loads(self._run("show", "-json"))
        return list(_resources(told.get("values", {}).get("root_module", {})))

    def outputs(self) -> Mapping[str, Any]:
        """See ``Infrastructure.outputs``."""
        told = json.loads(self._run("output", "-json"))
        return {name: each["value"] for name, each in told.items()}

    # -- the program -------------------------------------------------------------------------------

    def _run(self, command: str, *words: str) -> str:
        """What a command says that says nothing before its end."""
        with self._started(command, *words) as process:
            said, complaints = _patiently(process)
        if process.returncode:
            raise _failure(command, complaints.strip() or said.strip())
        return said

    def _events(self, command: str, *words: str) -> Iterator[dict[str, Any]]:
        """What a command says while it works, event by event."""
        errors: list[str] = []
        with self._started(command, "-json", *words) as process:
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    event = _event(line)
                    if event.get("type") == "diagnostic":
                        errors += _complaint(event["diagnostic"])
                    yield event
            finally:
                _, complaints = _patiently(process)
        if process.returncode:
            raise _failure(command, "\n".join(errors) or complaints.strip())

    def _started(self, command: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - what runs was found by its name, and said here
            [self._program, command, *words],
            cwd=self._folder,
            env={**os.environ, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )


def _patiently(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What is left of what a program says, and its complaints, at its end.

    Ctrl-C in a terminal reaches Terraform, too, which ends what it has begun and notes it. Whoever
    does not wait for that loses track of what was made.
    """
    try:
        return process.communicate()
    except KeyboardInterrupt:
        process.communicate()
        raise


def _event(line: str) -> dict[str, Any]:
    """An event; what is none, such as a line of a plugin, is an event without a meaning."""
    try:
        event: Any = json.loads(line)
    except ValueError:
        event = None
    return cast("dict[str, Any]", event) if isinstance(event, dict) else {}


def _complaint(diagnostic: Mapping[str, Any]) -> list[str]:
    """What is wrong; warnings are left out."""
    if diagnostic["severity"] != "error":
        return []
    where = f"{diagnostic['address']}: " if diagnostic.get("address") else ""
    detail = " ".join(diagnostic.get("detail", "").split())
    return [f"{where}{diagnostic['summary']}. {detail}".rstrip(" .")]


def _failure(command: str, said: str) -> StoreError:
    return StoreError(
        f"terraform {command} failed: {said}",
        "What was made before is known to Terraform; the same command goes on from there.",
    )


def _matters(change: Mapping[str, Any]) -> bool:
    return change["mode"] == "managed" and tuple(change["change"]["actions"]) in _DEEDS


def _change(told: Mapping[str, Any]) -> Change:
    return Change(Resource(told["address"], told["type"]), _DEEDS[tuple(told["change"]["actions"])])


def _resources(module: Mapping[str, Any]) -> Iterator[Resource]:
    for each in module.get("resources", ()):
        if each["mode"] == "managed":
            yield Resource(each["address"], each["type"])
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def _written(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()
