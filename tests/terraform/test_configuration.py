"""The configuration itself: its form, that it is valid, and what each module says by its tests."""

from __future__ import annotations

import re
from pathlib import Path

import module_readmes
import pytest
from module_readmes import SOURCES, blocks
from terraform_program import Terraform

pytestmark = pytest.mark.terraform

MODULES = sorted(f"modules/{folder.name}" for folder in (SOURCES / "modules").iterdir())
EXAMPLES = sorted(f"examples/{folder.name}" for folder in (SOURCES / "examples").iterdir())
WHOLE = "."


def test_files_are_formatted(terraform: Terraform) -> None:
    """Every file is as ``terraform fmt`` would write it."""
    terraform.run("fmt", "-check", "-recursive", "-diff")


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_valid(terraform: Terraform, tmp_path: Path, example: str) -> None:
    """Every example is valid, and with it the whole that it uses."""
    there = terraform.at(example, {"TF_DATA_DIR": str(tmp_path)})
    there.run("init", "-backend=false")

    there.run("validate")


@pytest.mark.parametrize("module", [WHOLE, *MODULES])
def test_modules_keep_what_they_promise(terraform: Terraform, module: str) -> None:
    """A module does what its own tests say, and refuses what cannot work."""
    there = terraform.at(module)
    there.run("init", "-backend=false")

    done = there.run("test")

    assert re.search(r"Success! [1-9]\d* passed, 0 failed", done.stdout)


@pytest.mark.parametrize("module", [WHOLE, *MODULES])
def test_modules_leave_providers_to_the_caller(sources: Path, module: str) -> None:
    """No module configures a provider, for then nobody could use it twice, or in another region."""
    texts = [file.read_text(encoding="utf-8") for file in (sources / module).glob("*.tf")]

    assert not any(re.search(r'^provider "', text, re.MULTILINE) for text in texts)


@pytest.mark.parametrize("module", [WHOLE, *MODULES])
def test_modules_are_made_alike(sources: Path, module: str) -> None:
    """A module takes a prefix of names and tags, and every input and output says what it is."""
    found = list(blocks(sources / module))
    inputs = {each.names[0] for each in found if each.kind == "variable"}

    told = [each.description for each in found if each.kind in ("variable", "output")]

    assert {"name_prefix", "tags"} <= inputs
    assert all(text.endswith(".") for text in told)


def test_readmes_are_up_to_date() -> None:
    """The tables of the READMEs are those of the configuration."""
    assert module_readmes.main(["--check"]) == 0


def test_alarms_lead_to_a_page_that_is_there(sources: Path) -> None:
    """The heading of the documentation that an alarm names is there."""
    alarms = (sources / "modules" / "observability" / "main.tf").read_text(encoding="utf-8")
    (page, heading) = re.findall(r"see (docs/[\w-]+\.md), ([\w ]+)\.", alarms)[0]

    text = (sources.parents[1] / page).read_text(encoding="utf-8")

    assert f"\n## {heading}\n" in text
