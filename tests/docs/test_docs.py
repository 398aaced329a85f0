"""The documents say what the program does, and the program's help says it well."""

from __future__ import annotations

import importlib.util
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import click
import pytest

from kith.cli.main import COMMANDS, EXIT_CODES, INTERRUPTED, UNEXPECTED
from kith.config import ENVIRONMENT_PREFIX, Settings, load_settings
from kith.domain.face import Box, Face, FaceDetail, FaceId, Landmarks, Point, Pose, Quality
from kith.domain.person import Person, PersonId
from kith.domain.photo import Location, Photo, PhotoId
from kith.engine.pack import Detector, Embedder, Pack, PackageFile, Weight, parse_pack
from kith.pipeline.export import CSV_COLUMNS, face_json, person_json, photo_json

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])

WORDS = (
    "photo", "original", "thumbnail", "crop", "face", "collection", "embedding", "similarity",
    "match", "person", "appearance", "album", "findings", "decision", "library",
    "notice", "rule", "channel",
)  # fmt: skip
"""The words that Kith uses in one meaning each."""

HEAVY = ("numpy", "PIL", "openvino", "sqlalchemy", "alembic", "rich", "httpx")
"""Packages that take longer to import than a help page may."""


def _load_help_pages() -> ModuleType:
    path = Path(__file__).with_name("help_pages.py")
    spec = importlib.util.spec_from_file_location("help_pages", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


help_pages = _load_help_pages()
CONTEXTS: list[click.Context] = list(help_pages.contexts())
NAMES = [context.command_path for context in CONTEXTS]


def text_of(name: str) -> str:
    """A document's text."""
    return (DOCS / name).read_text(encoding="utf-8")


def rows_of(page: str) -> Iterator[list[str]]:
    """The rows of a page's tables, as cells."""
    for line in page.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def code_blocks(page: str, language: str) -> list[str]:
    """The fenced blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


# -- the command line ------------------------------------------------------------------------------


def test_cli_page_has_the_present_help_of_every_command() -> None:
    """docs/cli.md holds what ``--help`` prints; `just docs` writes it."""
    page = text_of("cli.md")

    assert help_pages.written(page) == page


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_commands_say(name: str) -> None:
    """The lines of ``kith --help``, which imports no command, are the commands' own."""
    command = next(one.command for one in CONTEXTS if one.command_path == f"kith {name}")

    assert command.short_help == COMMANDS[name]


@pytest.mark.parametrize("context", CONTEXTS, ids=NAMES)
def test_help_is_a_small_essay(context: click.Context) -> None:
    """Every help page has an example and the exit statuses, and fits a terminal."""
    page = context.get_help()

    assert re.search(rf"^ +{context.command_path}\b", page, re.MULTILINE), "no example"
    assert "Exit status:" in page
    assert max(map(len, page.splitlines())) <= 100


@pytest.mark.parametrize("context", CONTEXTS, ids=NAMES)
def test_every_option_says_what_it_does(context: click.Context) -> None:
    """No option is without help."""
    options = [one for one in context.command.params if isinstance(one, click.Option)]

    assert [option.name for option in options if not option.help] == []


def test_help_imports_nothing_heavy() -> None:
    """``--help`` of every command is quick, for it imports no numbers, pictures or databases."""
    code = """if True:
        import json, sys
        from contextlib import redirect_stdout
        from io import StringIO
        from kith.cli.main import run
        found = {}
        for name in json.loads(sys.argv[1]):
            with redirect_stdout(StringIO()):
                assert run([*name.split()[1:], "--help"]) == 0
            found[name] = [heavy for heavy in json.loads(sys.argv[2]) if heavy in sys.modules]
        print(json.dumps(found))
    """

    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(NAMES), json.dumps(HEAVY)],
        capture_output=True,
        check=True,
        text=True,
    )

    assert json.loads(done.stdout) == {name: [] for name in NAMES}


def test_the_table_of_exit_codes_is_complete() -> None:
    """docs/cli.md lists every exit code, and no other."""
    codes = {0, UNEXPECTED, INTERRUPTED, *EXIT_CODES.values()}

    listed = [int(row[0]) for row in rows_of(text_of("cli.md")) if row[0].isdecimal()]

    assert sorted(listed) == sorted(codes)


def test_every_exported_field_is_described() -> None:
    """docs/cli.md names each field of the documents and each column that ``kith export`` writes."""
    page = text_of("cli.md")
    person = person_json(Person(PersonId("p"))) | {"similarity": 0, "confirmed": False}
    document = photo_json(_PHOTO, ()) | {"faces": [face_json(_FACE) | {"person": person}]}

    wanted = {*_keys(document), *CSV_COLUMNS}

    assert sorted(name for name in wanted if f"`{name}`" not in page) == []


def _keys(value: Any) -> Iterator[str]:
    """The names of all fields of a document, those of its parts included."""
    if isinstance(value, dict):
        for name, part in cast("dict[str, Any]", value).items():
            yield name
            yield from _keys(part)
    if isinstance(value, list):
        for part in cast("list[Any]", value):
            yield from _keys(part)


_POINT = Point(0, 0)
_FACE = Face(
    FaceId("f"),
    PhotoId("a"),
    FaceDetail(
        Box(0, 0, 1, 1),
        100,
        Landmarks(_POINT, _POINT, _POINT, _POINT, _POINT),
        Pose(0, 0, 0),
        Quality(0, 0, 0, 0),
    ),
)
_PHOTO = Photo(PhotoId("a"), "JPEG", 1, 1, 1, location=Location(0, 0, 0))


def test_the_engine_reports_to_nobody(tmp_path: Path) -> None:
    """OpenVINO's telemetry, which asks nobody and keeps an id in the home folder, is not loaded."""
    code = """if True:
        import sys
        import kith.engine.engine
        assert "openvino" in sys.modules
        print([name for name, module in sys.modules.items()
               if name.startswith("openvino_telemetry") and module])
    """

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env=os.environ | {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path)},
    )

    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []


# -- settings and packs ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", [entry.name for entry in fields(Settings)])
def test_every_setting_is_described(name: str) -> None:
    """A setting has a row with its name, its variable and its flag, and a line in the docstring."""
    flags = {
        option
        for context in CONTEXTS
        for param in context.command.params
        if param.name == name
        for option in param.opts
    }

    rows = [row for row in rows_of(text_of("configuration.md")) if row[0] == f"`{name}`"]

    assert len(rows) == 1
    assert rows[0][1] == f"`{ENVIRONMENT_PREFIX}{name.upper()}`"
    assert all(f"`{flag}`" in rows[0][2] for flag in flags)
    assert re.search(rf"^ +{name}: ", inspect.getdoc(Settings) or "", re.MULTILINE)


def test_the_documented_default_numbers_are_the_real_ones() -> None:
    """The column of defaults has the numbers that hold where nothing is set."""
    defaults = Settings()
    numbers = {
        entry.name: getattr(defaults, entry.name)
        for entry in fields(Settings)
        if type(getattr(defaults, entry.name)) is int
    }

    rows = {row[0].strip("`"): row[3] for row in rows_of(text_of("configuration.md")) if row[3:]}

    assert numbers
    assert {name: rows[name] for name in numbers} == {name: f"`{n}`" for name, n in numbers.items()}


def test_the_example_of_a_settings_file_is_one(tmp_path: Path) -> None:
    """The kith.toml of docs/configuration.md is read, and sets every setting."""
    example, *_ = code_blocks(text_of("configuration.md"), "toml")
    file = tmp_path / "kith.toml"
    file.write_text(example, encoding="utf-8")

    load_settings(environment={}, config_file=file)

    assert set(tomllib.loads(example)) == {entry.name for entry in fields(Settings)}


def test_the_example_of_a_pack_is_one() -> None:
    """The pack of docs/configuration.md can be understood."""
    _, example, *_ = code_blocks(text_of("configuration.md"), "toml")

    pack = parse_pack(example, "docs/configuration.md")

    assert {pack.detector.file, pack.embedder.file} <= {weight.path for weight in pack.weights}


@pytest.mark.parametrize("part", [Pack, Detector, Embedder, Weight, PackageFile])
def test_every_field_of_a_pack_is_described(part: Any) -> None:
    """docs/configuration.md names everything that a pack's description may hold."""
    page = text_of("configuration.md")

    # A field is named in code, or as a table: `[embedder]`, `[[weights]]`, `[weights.package]`.
    named = set(re.findall(r"[`\[.](\w+)[`\]]", page))

    assert [entry.name for entry in fields(part) if entry.name not in named] == []


# -- words and links -------------------------------------------------------------------------------


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_defined_once(word: str) -> None:
    """docs/glossary.md has one entry for each word."""
    entries = re.findall(r"^\*\*([^*]+)\*\*", text_of("glossary.md"), re.MULTILINE)

    assert entries.count(word) == 1


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a document is a file of the project, and its anchor a heading."""
    targets = _links(page.read_text(encoding="utf-8"))

    assert [target for target in targets if not _leads_somewhere(page, target)] == []


def _links(text: str) -> Iterable[str]:
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    found = re.findall(r"\]\(([^)\s]+)\)", prose)
    return [target for target in found if not target.startswith(("http:", "https:", "mailto:"))]


def _leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists() or not file.is_relative_to(ROOT):
        return False
    return not anchor or anchor in _anchors(file)


def _anchors(file: Path) -> Mapping[str, str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-"): title for title in headings}
