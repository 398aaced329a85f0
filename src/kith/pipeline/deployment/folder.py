"""The folder of a deployment: a configuration of one's own, and what Kith puts beside it.

``main.tf`` and the three files beside it are written once, and from then on their owner's.
``terraform.tfvars.json`` holds what ``kith aws deploy`` was told last. The folders ``terraform``
and ``page`` are Kith's, and written anew by every deploy; so what was made can be changed and
destroyed whatever becomes of the program.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, cast

import kith
from kith.domain.errors import KithError, SettingError, UsageError

MODULES: Final = "terraform"
PAGE: Final = "page"
PACKAGE: Final = "functions.zip"
VARIABLES: Final = "terraform.tfvars.json"

_OWN: Final = ("main.tf", "variables.tf", "outputs.tf", "versions.tf")
_EXAMPLE: Final = Path("examples", "deployed")
_SOURCE: Final = '"../.."'
"""How the example names the module, two folders above it."""

_JUNK: Final = shutil.ignore_patterns(
    ".terraform*", "*.tfstate*", "*.tfvars*", "accepted.toml", "examples", "mocks", "tests"
)


def modules() -> Path:
    """Where the modules of Terraform are that belong to this Kith.

    Raises:
        KithError: they were not installed with it.
    """
    package = Path(kith.__file__).parent
    # Installed they lie in the package, and in a checkout beside the sources.
    for folder in (package / "infra", package.parents[1] / "infra"):
        if (folder / "terraform" / _EXAMPLE / "main.tf").is_file():
            return folder / "terraform"
    raise KithError("The modules for Terraform were not installed with Kith", "Install it again.")


def page() -> Path:
    """Where the album's page is that belongs to this Kith."""
    return Path(kith.__file__).parent / "web" / "static"


def is_begun(folder: Path) -> bool:
    """Whether the folder holds a configuration."""
    return any(folder.glob("*.tf"))


def read_wishes(folder: Path) -> dict[str, Any]:
    """What was asked for last; empty if nothing was.

    Raises:
        SettingError: the file cannot be read.
    """
    path = folder / VARIABLES
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise SettingError(f"{path} cannot be read ({error})", "Mend it, or delete it.") from error
    if not isinstance(told, dict):
        raise SettingError(f"{path} holds no variables", "Mend it, or delete it.")
    return cast("dict[str, Any]", told)


def write_folder(folder: Path, wishes: Mapping[str, Any]) -> None:
    """Make the folder what Terraform can work with, but for the functions' zip.

    Args:
        folder: made where there is none; somebody's own configuration in it stays.
        wishes: variables of the configuration.

    Raises:
        UsageError: there are other things in it.
        KithError: it cannot be written, or Kith came without its modules.
    """
    source = modules()
    if folder.exists() and not is_begun(folder) and any(folder.iterdir()):
        raise UsageError(f"{folder} holds other things", "Name an empty folder, or a new one.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not is_begun(folder):
            _write_own(folder, source / _EXAMPLE)
        _replace(folder / MODULES, source)
        _replace(folder / PAGE, page())
        text = json.dumps(wishes, indent=2, sort_keys=True) + "\n"
        (folder / VARIABLES).write_text(text, encoding="utf-8")
    except OSError as error:
        raise KithError(f"{folder} cannot be written ({error.strerror or error})") from error


def _write_own(folder: Path, example: Path) -> None:
    for name in _OWN:
        text = (example / name).read_text(encoding="utf-8")
        text = text.replace(_SOURCE, json.dumps(f"./{MODULES}"))
        (folder / name).write_text(text, encoding="utf-8")


def _replace(target: Path, source: Path) -> None:
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, ignore=_JUNK)
