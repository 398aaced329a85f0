"""A server is there at once: what takes long is loaded when it is needed first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

STARTED = """
import sys
from pathlib import Path
from kith.compose import open_operations_later
from kith.compose.web import open_services
from kith.config import Settings
from kith.web.serve import AlbumServer

settings = Settings(library=Path(sys.argv[1]))
with open_services(settings) as services, open_operations_later(settings) as operations:
    AlbumServer(services)
    assert operations
    print(*sorted({"openvino", "boto3", "botocore", "alembic"} & set(sys.modules)))
"""


def start(library: Path) -> subprocess.CompletedProcess[str]:
    """Opens everything that a server opens before it listens; prints what was loaded for it."""
    return subprocess.run(
        [sys.executable, "-c", STARTED, str(library)],
        env=os.environ | {"KITH_LIBRARY": str(library)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_heavy_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    """Neither the networks' runtime, nor in a library that is there what makes one."""
    first, again = start(tmp_path / "library"), start(tmp_path / "library")

    assert (first.returncode, first.stdout.strip(), first.stderr) == (0, "alembic", "")
    assert (again.returncode, again.stdout.strip(), again.stderr) == (0, "", "")
