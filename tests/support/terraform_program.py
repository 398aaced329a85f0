"""Terraform as a program, over a copy of infra/terraform, with providers from this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

PROVIDERS: Final = "registry.terraform.io"
"""The folder of a mirror of providers that says where they come from."""

_DEPTH: Final = 4
"""How deep below the root a mirror is looked for."""

_ELSEWHERE: Final = frozenset({"/dev", "/proc", "/sys", "/tmp"})

_PATIENCE: Final = 900
"""Seconds. An apply on a busy machine takes two minutes; what hangs is to fail."""


@dataclass(frozen=True, slots=True)
class Terraform:
    """The program, in a folder.

    Attributes:
        program: its path.
        folder: of the configuration.
        environment: what it is told besides this process's own.
    """

    program: str
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def at(self, folder: str | Path, environment: Mapping[str, str] | None = None) -> Terraform:
        """The same below this folder, perhaps told more."""
        told = {**self.environment, **(environment or {})}
        return replace(self, folder=self.folder / folder, environment=told)

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end.

        Raises:
            AssertionError: it failed; what it said is the message.
        """
        done = subprocess.run(
            [self.program, command, "-no-color", *words],
            cwd=self.folder,
            env=self._told(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, command: str, *words: str, log: Path) -> subprocess.Popen[bytes]:
        """Begin a command, which must be waited for, never killed; what it says goes to a file."""
        with log.open("wb") as output:
            return subprocess.Popen(
                [self.program, command, "-no-color", *words],
                cwd=self.folder,
                env=self._told(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def document(self, command: str, *words: str) -> Any:
        """What a command says as JSON."""
        return json.loads(self.run(command, "-json", *words).stdout)

    def _told(self) -> dict[str, str]:
        own = {name: each for name, each in os.environ.items() if not name.startswith("AWS_")}
        return {**own, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", **self.environment}


def terraform_program() -> str | None:
    """Where Terraform is, if it is installed."""
    return shutil.which("terraform")


def provider_mirror() -> Path | None:
    """A folder with the AWS provider: KITH_TF_PLUGINS, or one that is found on this machine."""
    if named := os.environ.get("KITH_TF_PLUGINS"):
        return Path(named)
    return next((found.parent for found in _mirrors() if (found / "hashicorp/aws").is_dir()), None)


def settings_file(folder: Path, mirror: Path) -> Path:
    """Terraform's own settings: providers from the mirror, and nothing from the internet."""
    file = folder / "terraformrc"
    lines = [
        "disable_checkpoint = true",
        "provider_installation {",
        "  filesystem_mirror {",
        f"    path = {json.dumps(str(mirror))}",
        "  }",
        "}",
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def _mirrors() -> Iterator[Path]:
    root = Path("/")
    for folder, inner, _ in os.walk(root):
        depth = len(Path(folder).parts)
        if PROVIDERS in inner:
            yield Path(folder) / PROVIDERS
        inner[:] = sorted(
            name for name in inner if depth < _DEPTH and str(Path(folder) / name) not in _ELSEWHERE
        )
