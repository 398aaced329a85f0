"""What every benchmark does at its end: print a table, keep the numbers."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parent
OUT = FOLDER / "out"
"""Numbers of this machine's runs and caches; not committed."""

RESULTS = FOLDER / "results"
"""Published numbers; committed."""


@dataclass(frozen=True, slots=True)
class Section:
    """One table of a report: what it shows, its columns, its rows as text."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def publish(
    name: str, sections: Sequence[Section], numbers: Mapping[str, Any], note: str = ""
) -> None:
    """Print the tables; write them as ``results/NAME.md`` and the numbers as ``results/NAME.json``.

    Args:
        name: of the files, without suffix.
        sections: what people read.
        numbers: what programs read.
        note: how it was measured, in Markdown; stands before the tables.
    """
    for section in sections:
        Console().print(_table(section))
    RESULTS.mkdir(exist_ok=True)
    text = "\n\n".join([f"# {name}", note.strip(), *map(_markdown, sections)])
    (RESULTS / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    write_json(RESULTS / f"{name}.json", {"measured": _circumstances(), **numbers})


def write_json(path: Path, numbers: Mapping[str, Any]) -> None:
    """Write numbers where programs read them."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


def _table(section: Section) -> Table:
    table = Table(*section.columns, title=section.title)
    for row in section.rows:
        table.add_row(*row)
    return table


def _markdown(section: Section) -> str:
    head = "| " + " | ".join(section.columns) + " |"
    line = "|" + " --- |" * len(section.columns)
    rows = ["| " + " | ".join(row) + " |" for row in section.rows]
    return "\n".join([f"## {section.title}", "", head, line, *rows])


def _circumstances() -> dict[str, str]:
    return {
        "at": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
