"""Terraform over a copy of infra/terraform; AWS as MiniStack plays it, with what was applied there.

Applying takes more than a minute, in which Terraform mostly waits. So it begins with the first test
of this folder, if any test will look at what was applied, and the others run meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from cloud_deployment import Applying, Deployment, begin
from emulators import running_ministack
from installed import python_with
from keys_in_the_clear import keys_in_the_clear
from terraform_program import Terraform, provider_mirror, settings_file, terraform_program

REPOSITORY: Final = Path(__file__).resolve().parents[2]
SOURCES: Final = REPOSITORY / "infra" / "terraform"
CHECKOV: Final = "checkov==3.3.30"


@pytest.fixture(scope="session")
def sources() -> Path:
    """The folder infra/terraform, to be read."""
    return SOURCES


@pytest.fixture(scope="session")
def readme(sources: Path) -> str:
    """The page about the whole."""
    return (sources / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform in a copy of infra/terraform, so that nothing it leaves lies in the project."""
    program, mirror = terraform_program(), provider_mirror()
    if program is None:
        pytest.skip("Terraform is not installed")
    if mirror is None:
        pytest.skip("no folder with the AWS provider was found; set KITH_TF_PLUGINS")
    folder = tmp_path_factory.mktemp("terraform")
    copy = folder / "infra" / "terraform"
    shutil.copytree(SOURCES, copy, ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    settings = settings_file(folder, mirror)
    return Terraform(program, copy, {"TF_CLI_CONFIG_FILE": str(settings)})


@pytest.fixture(scope="session")
def checkov(emulator_shelf: Path) -> Path:
    """checkov, in an environment of its own: its pins are at odds with everybody's."""
    return python_with(emulator_shelf / CHECKOV, CHECKOV).with_name("checkov")


@pytest.fixture(scope="session")
def applying(
    terraform: Terraform, ministack_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Applying]:
    """The example ``complete``, being applied to an empty account."""
    folder = tmp_path_factory.mktemp("account")
    certificate = folder / "ministack-tls" / "server.crt"
    with (
        keys_in_the_clear(certificate) as proxy,
        running_ministack(ministack_folder, folder, {"USE_SSL": "1", **proxy}) as endpoint,
        closing(begin(terraform, endpoint, certificate, folder)) as begun,
    ):
        yield begun


@pytest.fixture(scope="session")
def deployment(applying: Applying) -> Deployment:
    """What was applied."""
    return applying.wait()


@pytest.fixture(scope="session", autouse=True)
def ahead(request: pytest.FixtureRequest) -> None:
    """Begin to apply before the tests that look at nothing but files."""
    items: list[Any] = request.session.items
    wanted = any("deployment" in getattr(item, "fixturenames", ()) for item in items)
    # Where it cannot be, the tests that need it say so, and the others need not be skipped.
    if wanted and terraform_program() and provider_mirror():
        request.getfixturevalue("applying")
