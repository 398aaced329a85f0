"""What checkov finds in the modules is mended, or accepted with a reason in accepted.toml."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

_INSTANCE = re.compile(r"\[[^]]*\]")

pytestmark = pytest.mark.terraform


def test_findings_are_those_that_were_accepted(checkov: Path, sources: Path) -> None:
    """No finding is without a reason, and no reason without a finding."""
    words = ["--framework", "terraform", "--compact", "--quiet", "--skip-download", "-o", "json"]
    done = subprocess.run(
        [checkov, "-d", sources / "modules", *words], capture_output=True, text=True, check=False
    )
    report: dict[str, Any] = json.loads(done.stdout)

    found = {_finding(each) for each in report["results"]["failed_checks"]}

    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 200
    assert found == set(_accepted(sources))


def test_every_reason_says_something(sources: Path) -> None:
    """What is accepted is accepted once, and for a reason that can be read."""
    entries = tomllib.loads((sources / "accepted.toml").read_text(encoding="utf-8"))["accepted"]

    lines = _accepted(sources)

    assert len(lines) == len(set(lines))
    assert all(len(entry["reason"].split()) >= 8 for entry in entries)


def _finding(found: dict[str, Any]) -> str:
    """The check, the module and the resource: of a module that is used several times, once."""
    module = Path(found["file_path"]).parts[1]
    kind, name = _INSTANCE.sub("", found["resource"]).split(".")[-2:]
    return f"{found['check_id']} {module}.{kind}.{name}"


def _accepted(sources: Path) -> list[str]:
    entries = tomllib.loads((sources / "accepted.toml").read_text(encoding="utf-8"))["accepted"]
    return [line for entry in entries for line in entry["findings"]]
