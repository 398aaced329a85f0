"""Where the labelled photos and model files are, and what happens where they are absent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

settings.register_profile(
    "kith",
    deadline=None,  # the machine may be busy: no test asserts a time
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("kith")

pytest_plugins = ["emulators", "buckets", "postgres", "recognition_rooms"]

for _part in ("LABELS", "TEXT"):
    # Reading the text of a photo takes a second; tests of findings say that they want it.
    os.environ.setdefault(f"KITH_{_part}", "off")

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"


@pytest.fixture(scope="session")
def photos() -> Path:
    """The folder of labelled photos: KITH_TEST_PHOTOS, or ``../shared/photos`` of the checkout."""
    folder = Path(os.environ.get("KITH_TEST_PHOTOS", SHARED / "photos"))
    if not folder.is_dir():
        pytest.skip(f"labelled photos not found at {folder}; set KITH_TEST_PHOTOS")
    return folder


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of model files: KITH_MODELS, or ``../shared/models/face`` of the checkout."""
    folder = Path(os.environ.get("KITH_MODELS", SHARED / "models" / "face"))
    if not folder.is_dir():
        pytest.skip(f"model files not found at {folder}; set KITH_MODELS")
    return folder


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Hand tests to processes file by file; all that look at what Terraform applied to one."""
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return "terraform" if "tests/terraform/" in nodeid else super()._split_scope(nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where KITH_NO_SKIPS is set, a skipped test fails the run."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped: list[object] = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("KITH_NO_SKIPS") and skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\n{len(skipped)} tests were skipped, and KITH_NO_SKIPS is set")  # noqa: T201
