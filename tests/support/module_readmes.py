"""Write the README of every module, example and of the whole: what it is, inputs, outputs.

    python tests/support/module_readmes.py [--check]

The words above the mark of each README are written by hand; what stands below is read from the
configuration, in the form in which ``terraform fmt`` leaves it. With ``--check`` nothing is
written: it answers 1 where a page is not as it would be written.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).resolve().parents[2] / "infra" / "terraform"
MARK: Final = "<!-- From here on, tests/support/module_readmes.py writes. -->"

_BLOCK: Final = re.compile(
    r"^(variable|output|resource) (.+?) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
_NAMES: Final = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """A block at the outermost level of a configuration.

    Attributes:
        kind: ``variable``, ``output`` or ``resource``.
        names: what stands behind that, such as a type and a name.
        settings: what is set directly in it, as it is written.
    """

    kind: str
    names: tuple[str, ...]
    settings: dict[str, str]

    @property
    def description(self) -> str:
        """The description; every variable and output has one."""
        return str(json.loads(self.settings["description"]))


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them; answers the exit code."""
    stale = [page for page in pages() if page.read_text(encoding="utf-8") != written(page)]
    if "--check" in arguments:
        for page in stale:
            sys.stderr.write(f"{page.relative_to(SOURCES)} is not up to date\n")
        return 1 if stale else 0
    for page in stale:
        page.write_text(written(page), encoding="utf-8")
    return 0


def pages() -> list[Path]:
    """Every README, whether it is there or not."""
    folders = [SOURCES, *(SOURCES / "modules").iterdir(), *(SOURCES / "examples").iterdir()]
    return sorted(folder / "README.md" for folder in folders)


def written(page: Path) -> str:
    """A page as it should be."""
    above, _, _ = page.read_text(encoding="utf-8").partition(MARK)
    return f"{above}{MARK}\n\n" + "\n".join(_below(list(blocks(page.parent))))


def blocks(folder: Path) -> Iterator[Block]:
    """The blocks of a module, file by file."""
    for file in sorted(folder.glob("*.tf")):
        for kind, names, body in _BLOCK.findall(file.read_text(encoding="utf-8")):
            yield Block(kind, tuple(_NAMES.findall(names)), _settings(body))


def _settings(body: str) -> dict[str, str]:
    """What is set at the first level of a block: a line, and the deeper ones that continue it."""
    found: dict[str, str] = {}
    name = ""
    for line in body.splitlines():
        if begun := re.match(r"^  (\w+)\s+= (.*)$", line):
            name = begun[1]
            found[name] = begun[2]
        elif name and (line.startswith("    ") or line in ("  }", "  })", "  ]")):
            found[name] += "\n" + line.removeprefix("  ")
        else:
            name = ""
    return found


def _below(found: list[Block]) -> Iterator[str]:
    inputs = sorted((each for each in found if each.kind == "variable"), key=_optional)
    if inputs:
        yield from ("## Inputs", "", "| name | type | default | |", "|---|---|---|---|")
        yield from (_input(each) for each in inputs)
        yield ""
    if outputs := [each for each in found if each.kind == "output"]:
        yield from ("## Outputs", "", "| name | |", "|---|---|")
        yield from (f"| `{each.names[0]}` | {_cell(each.description)} |" for each in outputs)
        yield ""
    if kinds := sorted({each.names[0] for each in found if each.kind == "resource"}):
        yield from ("## Makes", "", ", ".join(f"`{kind}`" for kind in kinds) + ".", "")


def _optional(block: Block) -> bool:
    return "default" in block.settings


def _input(block: Block) -> str:
    default = block.settings.get("default")
    shown = "required" if default is None else _code(default)
    kind = _code(re.sub(r"\(.*", "", block.settings["type"], flags=re.DOTALL))
    return f"| `{block.names[0]}` | {kind} | {shown} | {_cell(block.description)} |"


def _code(text: str) -> str:
    """As code, on one line."""
    return f"`{' '.join(text.split())}`".replace("|", "\\|")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
