"""A library comes from any earlier version to the present one, and loses nothing on the way."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from kith.database.migrate import SHIPPED, Migrations
from kith.database.open import open_database
from kith.domain.errors import LibraryReadOnlyError, LibraryTooNewError

NEXT = '''
"""A step that a later version might take."""
import time
from pathlib import Path
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"

def upgrade() -> None:
    op.add_column("people", sa.Column("added_by_{revision}", sa.Text))
    {then}
'''

OPENER = """
import sys
from pathlib import Path
from kith.database.migrate import Migrations
from kith.database.open import open_database
open_database(sys.argv[1], migrations=Migrations(Path(sys.argv[2]), tuple(sys.argv[3:])))
"""


def test_the_revisions_are_those_of_the_scripts() -> None:
    """The revisions known without Alembic are those that its scripts lead through."""
    config = Config()
    config.set_main_option("script_location", str(SHIPPED.folder))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)

    walked = [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(walked)) == SHIPPED.revisions


def test_alembic_is_not_imported_where_nothing_is_due(tmp_path: Path) -> None:
    """Opening a library of the present version is quick: Alembic is left alone."""
    path = tmp_path / "library.db"
    open_database(path).close()
    code = (
        "import sys; from kith.database.open import open_database; "
        f"open_database({str(path)!r}).close(); sys.exit('alembic' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("earlier", range(len(SHIPPED.revisions) + 1))
def test_every_earlier_revision_is_migrated_after_a_backup(tmp_path: Path, earlier: int) -> None:
    """From each revision to the latest; what was there stays, and a copy of it is kept."""
    later = _two_more(tmp_path)
    start = Migrations(later.folder, later.revisions[: earlier + 1])
    path = tmp_path / "library.db"
    open_database(path, migrations=start).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO people (person_id) VALUES ('ann')")

    open_database(path, migrations=later).close()

    assert _people(path) == [("ann",)]
    assert {"added_by_0901", "added_by_0902"} <= _columns(path)
    backup = path.with_name(f"library.db.before-{later.head}")
    assert _people(backup) == [("ann",)]
    assert "added_by_0902" not in _columns(backup)
    assert not path.with_name(backup.name + ".partial").exists()


def test_a_library_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    """What a newer version wrote is left alone, for reading, too."""
    path = tmp_path / "library.db"
    open_database(path, migrations=_two_more(tmp_path)).close()

    for read_only in (False, True):
        with pytest.raises(LibraryTooNewError, match="0902"):
            open_database(path, read_only=read_only)

    assert "added_by_0902" in _columns(path)


def test_an_older_library_is_not_migrated_for_reading_alone(tmp_path: Path) -> None:
    """Opened for reading, an older library stays as it is, and the message says what to do."""
    path = tmp_path / "library.db"
    open_database(path).close()

    with pytest.raises(LibraryReadOnlyError, match="older version"):
        open_database(path, read_only=True, migrations=_two_more(tmp_path))


def test_a_migration_that_fails_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    """An error in the second of two steps undoes the first."""
    path = tmp_path / "library.db"
    open_database(path).close()
    before = _columns(path)

    with pytest.raises(RuntimeError, match="on purpose"):
        open_database(path, migrations=_two_more(tmp_path, "raise RuntimeError('on purpose')"))

    assert _columns(path) == before
    open_database(path).close()


def test_a_migration_that_is_killed_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    """Killed between its steps, a migration has not begun; the next opening does it."""
    path, started = tmp_path / "library.db", tmp_path / "started"
    open_database(path).close()
    before = _columns(path)
    later = _two_more(tmp_path, f"Path({str(started)!r}).touch(); time.sleep(60)")
    arguments = [sys.executable, "-c", OPENER, str(path), str(later.folder), *later.revisions]
    with subprocess.Popen(arguments) as process:
        while not started.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)

    assert started.exists()
    assert _columns(path) == before
    open_database(path, migrations=_two_more(tmp_path)).close()
    assert "added_by_0902" in _columns(path)


def _two_more(tmp_path: Path, then: str = "pass") -> Migrations:
    """The shipped migrations and two more; the last ends with the statement ``then``."""
    folder = tmp_path / "migrations"
    shutil.copytree(SHIPPED.folder, folder, dirs_exist_ok=True)
    steps = (("0901", SHIPPED.head, "pass"), ("0902", "0901", then))
    for revision, before, statement in steps:
        text = NEXT.format(revision=revision, before=before, then=statement)
        (folder / "versions" / f"{revision}_later.py").write_text(text)
    shutil.rmtree(folder / "versions" / "__pycache__", ignore_errors=True)
    return Migrations(folder, (*SHIPPED.revisions, "0901", "0902"))


def _columns(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(people)")}


def _people(path: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT person_id FROM people").fetchall()
