"""``kith aws deploy`` and ``destroy`` with Terraform itself, over resources that need no provider.

The whole of infra/terraform is applied in tests/terraform; here it is what is around it.
"""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from emulators import Endpoint
from processes import KITH, PATIENCE, ended, running_apart
from terraform_program import Terraform, provider_mirror, settings_file, terraform_program

from kith.pipeline.deployment.facts import note_outputs
from kith.pipeline.deployment.folder import write_folder

if TYPE_CHECKING:
    from tests.cli.conftest import Ask

pytestmark = [pytest.mark.terraform, pytest.mark.emulators]

MAIN = """
variable "region" { type = string }
variable "budget" {
  type    = number
  default = 1
}
variable "deletion_protection" {
  type    = bool
  default = true
}
variable "force_destroy" {
  type    = bool
  default = false
}

module "kith" {
  source = "./own"
  budget = var.budget
}

output "kith" {
  value = {
    album_url        = "https://album.example.org"
    originals_bucket = module.kith.originals
    derived_bucket   = "derived"
    catalog_table    = "mine-catalog"
    collection_id    = null
    queue_urls       = { photos = "p", failed = "f", undelivered = "u" }
    login            = { user_pool_id = "pool" }
  }
}

output "region" {
  value = var.region
}
"""

OWN = """
variable "budget" { type = number }

module "storage" { source = "./storage" }

module "web" { source = "./web" }

resource "terraform_data" "budget" {
  input            = var.budget
  triggers_replace = var.budget
}

output "originals" {
  value = module.storage.id
}
"""

PART = """
resource "terraform_data" "this" {
  input = "kept"
}

output "id" {
  value = terraform_data.this.output
}
"""


@pytest.fixture
def folder(moto_endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Somebody's own configuration, which settings name; AWS is an emulator that knows who asks."""
    if terraform_program() is None:
        pytest.skip("Terraform is not installed")
    mirror = provider_mirror()
    if mirror is None:
        pytest.skip("no folder with the AWS provider was found; set KITH_TF_PLUGINS")
    for name, value in moto_endpoint.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(settings_file(tmp_path, mirror)))
    root = tmp_path / "deployment"
    monkeypatch.setenv("KITH_DEPLOYMENT", str(root))
    for name, text in (("", MAIN), ("own", OWN), ("own/storage", PART), ("own/web", PART)):
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name / "main.tf").write_text(text)
    return root


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A zip of functions, for Terraform to find."""
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "a")
    return path


def json_of(ask: Ask, *arguments: str | Path) -> Any:
    """The one document that a command prints."""
    answer = ask(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def made(folder: Path) -> list[str]:
    """What Terraform says there is."""
    done = Terraform(terraform_program() or "", folder).document("show")
    root = done.get("values", {}).get("root_module", {})
    stack, found = [root], list[str]()
    while stack:
        module = stack.pop()
        found += [each["address"] for each in module.get("resources", ())]
        stack += module.get("child_modules", ())
    return sorted(found)


def test_a_plan_says_what_and_what_it_costs_and_makes_nothing(
    ask: Ask, folder: Path, package: Path
) -> None:
    """Account, region, resources, dollars for 1,000 photos and for a month without any."""
    answer = ask("aws", "deploy", "--plan", "--package", package)

    assert answer.code == 0, answer.err
    assert "Account 123456789012" in answer.out
    assert "region eu-west-1" in answer.out
    assert "make 3 resources" in answer.out
    assert "1,000 photos with 2 faces each, once" in answer.out
    assert "each month without any photo" in answer.out
    assert made(folder) == []
    assert not list(folder.glob(".kith*"))


def test_what_is_made_is_known_from_then_on(ask: Ask, folder: Path, package: Path) -> None:
    """The folder tells it without Terraform; done again, there is nothing to do."""
    first = ask("aws", "deploy", "--yes", "--package", package)
    again = json_of(ask, "aws", "deploy", "--yes", "--package", package)

    assert first.code == 0, first.err
    assert "Photos:  s3://kept" in first.out
    assert "admin-create-user --region eu-west-1 --user-pool-id pool" in first.out
    assert (again["plan"]["deeds"], again["applied"]) == ({}, True)
    assert again["deployment"]["originals"] == "kept"
    assert json.loads((folder / "deployment.json").read_text())["region"] == "eu-west-1"
    assert json.loads((folder / "terraform.tfvars.json").read_text()) == {"region": "eu-west-1"}
    assert (folder / "main.tf").read_text() == MAIN


def test_what_was_asked_for_once_stays(ask: Ask, folder: Path, package: Path) -> None:
    """And is what changes when it is said anew."""
    assert ask("aws", "deploy", "--yes", "--budget", "7", "--package", package).code == 0

    same = json_of(ask, "aws", "deploy", "--plan", "--package", package)
    other = json_of(ask, "aws", "deploy", "--plan", "--budget", "8", "--package", package)

    assert same["plan"]["deeds"] == {}
    assert other["plan"]["deeds"] == {"replace": 1}
    assert other["plan"]["gone"] == ["module.kith.terraform_data.budget"]
    assert folder.is_dir()


def test_what_was_done_by_hand_is_seen(ask: Ask, folder: Path, package: Path) -> None:
    """Whoever used Terraform himself tells nobody; and where nothing is left, that is said."""
    assert ask("aws", "deploy", "--yes", "--package", package).code == 0
    terraform = Terraform(terraform_program() or "", folder)
    later = (folder / "deployment.json").stat().st_mtime + 10

    terraform.run("apply", "-auto-approve", "-var", "region=eu-central-1")
    os.utime(folder / "terraform.tfstate", (later, later))
    ask("aws", "status")  # of queues that there are not
    assert json.loads((folder / "deployment.json").read_text())["region"] == "eu-central-1"
    os.utime(folder / "terraform.tfstate", (later + 10**6, later + 10**6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "")
        assert "The queue p" in ask("aws", "status").err  # by what was noted

    terraform.run("destroy", "-auto-approve")
    os.utime(folder / "terraform.tfstate", (later + 10**6, later + 10**6))
    assert "There is no deployment" in ask("aws", "status").err


@pytest.mark.parametrize("command", [["deploy", "--plan"], ["destroy", "--yes"]])
def test_a_deployment_is_not_looked_for_elsewhere(
    ask: Ask, folder: Path, package: Path, command: list[str]
) -> None:
    """With keys of another account, or in another region, it would be taken for gone."""
    assert ask("aws", "deploy", "--yes", "--package", package).code == 0
    told = json.loads((folder / "deployment.json").read_text())
    told["kith"]["queue_urls"]["photos"] = "https://sqs.eu-west-1.amazonaws.com/999999999999/p"
    note_outputs(folder, told)

    answer = ask("aws", *command)

    assert (answer.code, "in the account 999999999999, and not in 1234" in answer.err) == (2, True)
    assert len(made(folder)) == 3
    told["kith"]["queue_urls"]["photos"] = "https://sqs.eu-west-1.amazonaws.com/123456789012/p"
    note_outputs(folder, told | {"region": "eu-central-1"})
    answer = ask("aws", *command)
    assert (answer.code, "the region eu-central-1, and not" in answer.err) == (2, True)


def test_what_terraform_says_is_passed_on(ask: Ask, folder: Path, package: Path) -> None:
    """In one sentence, with where it is."""
    (folder / "main.tf").write_text(MAIN.replace("module.kith.originals", "module.kith.absent"))

    answer = ask("aws", "deploy", "--plan", "--package", package)

    assert answer.code == 8
    assert "terraform plan failed: Unsupported attribute" in answer.err
    assert answer.err.count("error:") == 1


def test_what_can_be_made_again_goes_and_the_rest_only_when_asked(
    ask: Ask, folder: Path, package: Path
) -> None:
    """Storage stays, and is there for the next deploy; with --data, nothing is."""
    assert ask("aws", "deploy", "--yes", "--package", package).code == 0
    storage = "module.kith.module.storage.terraform_data.this"

    rest = json_of(ask, "aws", "destroy", "--yes")
    assert (rest["destroyed"], rest["kept"]) == (2, [storage])
    assert ask("aws", "destroy", "--yes").out == "Nothing is there to be destroyed\n"
    back = json_of(ask, "aws", "deploy", "--yes", "--package", package)
    assert back["plan"]["deeds"] == {"make": 2}

    everything = ask("aws", "destroy", "--data", "--yes")
    assert "Destroyed 3 resources; 0 are kept" in everything.out
    assert "all originals with their versions, in kept" in everything.err
    assert made(folder) == []
    assert ask("aws", "status").code == 3


@pytest.mark.usefixtures("ask")
def test_whoever_sits_there_is_asked(folder: Path, package: Path) -> None:
    """A plain yes makes it; everything goes only if its name is typed, not for any other word."""
    deploy = ["aws", "deploy", "--package", str(package)]
    assert typed(deploy, "n")[0] == 130
    assert made(folder) == []
    code, shown = typed(deploy, "y")
    assert (code, "Make it so?" in shown) == (0, True)
    assert len(made(folder)) == 3

    code, shown = typed(["aws", "destroy", "--data"], "yes")
    assert (code, "Type mine to destroy all of it" in shown) == (2, True)
    assert "nothing was destroyed" in shown
    assert len(made(folder)) == 3
    assert typed(["aws", "destroy", "--data"], "mine")[0] == 0
    assert made(folder) == []


def typed(words: list[str], answer: str) -> tuple[int, str]:
    """A command's exit code and all that it shows, where somebody types this at a terminal."""
    terminal, end = pty.openpty()
    try:
        with running_apart(*KITH, *words, stdin=end) as process:
            os.write(terminal, f"{answer}\n".encode())
            out, err = ended(process)
            return process.returncode, out + err
    finally:
        os.close(terminal)
        os.close(end)


def test_nobody_who_cannot_be_asked_agrees(ask: Ask, folder: Path, package: Path) -> None:
    """Without a terminal, --yes must be said; it is asked for before anything is done."""
    assert ask("aws", "deploy", "--package", package).code == 2
    assert ask("aws", "destroy").code == 2
    assert not (folder / ".terraform").exists()


SLOW = """
resource "terraform_data" "slow" {
  depends_on = [module.kith]

  provisioner "local-exec" {
    command = "test -e begun || { touch begun; sleep 120; }"
  }
}

resource "terraform_data" "last" {
  depends_on = [terraform_data.slow]
}
"""


def test_ctrl_c_ends_what_was_begun_and_the_same_command_goes_on(
    ask: Ask, folder: Path, package: Path
) -> None:
    """Terraform hears it, too, and is waited for: what it made is known, and nothing is locked."""
    (folder / "slow.tf").write_text(SLOW)
    words = ["aws", "deploy", "--yes", "--package", package]
    with running_apart(*KITH, *words) as process:
        await_file(folder / "begun", process)
        os.killpg(process.pid, signal.SIGINT)
        _, said = ended(process)
        assert process.returncode == 130, said

    assert "module.kith.terraform_data.budget" in made(folder)
    assert "terraform_data.last" not in made(folder)
    assert not list(folder.glob("*.lock.info"))
    assert not list(folder.glob(".kith*"))
    again = json_of(ask, *words)
    assert again["applied"]
    assert "terraform_data.last" in made(folder)


def await_file(path: Path, process: subprocess.Popen[str]) -> None:
    """Wait until it is there."""
    ends = time.monotonic() + PATIENCE
    while not path.exists():
        assert process.poll() is None, ended(process)
        assert time.monotonic() < ends, "it never began"
        time.sleep(0.05)


def test_without_terraform_it_says_where_to_get_it(
    ask: Ask, folder: Path, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written."""
    empty = tmp_path / "bin"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))

    answer = ask("aws", "deploy", "--plan", "--package", package)

    assert (answer.code, "Terraform is not installed" in answer.err) == (2, True)
    assert "https://developer.hashicorp.com/terraform/install" in answer.err
    assert not (folder / "terraform.tfvars.json").exists()


def test_the_folder_that_kith_writes_is_valid(folder: Path, tmp_path: Path) -> None:
    """With the provider itself, and the modules where the folder has them."""
    written = tmp_path / "written"
    write_folder(written, {"region": "eu-west-1"})
    with zipfile.ZipFile(written / "functions.zip", "w") as archive:
        archive.writestr("a", "a")
    environment = {"TF_CLI_CONFIG_FILE": str(folder.parent / "terraformrc")}
    terraform = Terraform(terraform_program() or "", written, environment)

    terraform.run("init", "-backend=false")

    assert "Success! The configuration is valid." in terraform.run("validate").stdout
