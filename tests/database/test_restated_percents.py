"""A library of before the stricter percent keeps what its similarities mean, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kith.database.faces import DETAIL_COLUMNS
from kith.database.migrate import SHIPPED, Migrations
from kith.database.open import open_database
from kith.domain.query_parse import parse_query
from kith.domain.similarity import percent_of

# (strength, percent), as it was up to revision 0006.
BEFORE = [(0, 0), (1, 30), (2, 60), (3, 80), (4, 90), (5, 95), (6, 99), (9, 100)]
SAME_MEANING = [
    *((old, percent_of(strength)) for strength, old in BEFORE),
    (99 + 1 / 3, 99),
    (85, 70),
    (97, 92.5),
]


def test_stored_percents_keep_their_rate(tmp_path: Path) -> None:
    """Each face has the percent that stands for the rate it had, as appearance and as step."""
    path = _library_of_before(tmp_path, [old for old, _ in SAME_MEANING])

    open_database(path).close()

    expected = [pytest.approx(new, abs=1e-9) for _, new in SAME_MEANING]
    appearances = "SELECT similarity FROM appearances ORDER BY face"
    steps = "SELECT similarity FROM steps WHERE face IS NOT NULL ORDER BY face"
    assert _column(path, appearances) == expected
    assert _column(path, steps) == _column(path, appearances)


def test_who_is_who_and_what_was_said_stays(tmp_path: Path) -> None:
    """Only percents change, and the edition, so that nobody goes on with what he read before."""
    path = _library_of_before(tmp_path, [95.0, 100.0])
    untouched = (
        "SELECT face || person || confirmed FROM appearances",
        'SELECT sequence || "group" || stays FROM steps WHERE similarity IS NULL',
        "SELECT payload FROM decisions",
    )
    before = [_column(path, query) for query in untouched]
    (edition,) = _column(path, "SELECT number FROM edition WHERE id = 1")

    open_database(path).close()

    assert [_column(path, query) for query in untouched] == before
    assert all(before)
    assert _column(path, "SELECT number FROM edition WHERE id = 1") == [edition + 1]


@pytest.mark.parametrize(
    ("saved", "means"),
    [
        ("similarity:<90", "similarity:<80"),
        ('person:"Ana" -Similarity:>=87.5 faces:2', 'person:"Ana" -Similarity:>=75 faces:2'),
        ("similarity:80..95", "similarity:60..90"),
        ("similarity:..99 similarity:100", "similarity:..95 similarity:100"),
        ('similarity:"=95"', 'similarity:"=90"'),
        ('any:"similarity:<90,Ben"', 'any:"similarity:<90,Ben"'),
        (
            'album:"a \\" similarity:<90" similarity:<95',
            'album:"a \\" similarity:<90" similarity:<90',
        ),
        ('person:A\\"B similarity:<95 person:C\\"D', 'person:A\\"B similarity:<90 person:C\\"D'),
        ("path:/similarity:90 faces:90", "path:/similarity:90 faces:90"),
    ],
)
def test_saved_queries_mean_the_same_photos(tmp_path: Path, saved: str, means: str) -> None:
    """The percents of similarity: are restated in saved queries and links; names stay names."""
    path = _library_of_before(tmp_path, [])
    parse_query(saved)
    _execute(
        path,
        ("INSERT INTO albums (album_key, kind, name, query) VALUES ('k', 'query', 'q', ?)", saved),
        (
            "INSERT INTO links (id, query, title, created, by, download, people, find_me, opened) "
            "VALUES ('l', ?, '', 0, 'me', 0, 0, 0, 0)",
            saved,
        ),
    )

    open_database(path).close()

    assert (
        _column(path, "SELECT query FROM albums UNION ALL SELECT query FROM links") == [means] * 2
    )
    parse_query(means)


def _library_of_before(folder: Path, similarities: list[float]) -> Path:
    """One person, with a face of each similarity, and a group that became part of his."""
    path = folder / "library.db"
    revisions = SHIPPED.revisions[: SHIPPED.revisions.index("0007")]
    open_database(path, migrations=Migrations(SHIPPED.folder, revisions)).close()
    details, figures = ", ".join(DETAIL_COLUMNS), ", ".join("0.5" for _ in DETAIL_COLUMNS)
    _execute(
        path,
        (
            "INSERT INTO photos (photo_id, format, width, height, byte_size) "
            "VALUES ('photo', 'JPEG', 4, 3, 12)",
        ),
        ("INSERT INTO people (person_id) VALUES ('ann')",),
        ("INSERT INTO groups (group_id, home) VALUES ('ann', 1), ('gone', NULL)",),
        ("INSERT INTO steps (\"group\", stays, support) VALUES (2, 1, '[]')",),
        (
            "INSERT INTO decisions (decision_id, decided_at, decided_by, kind, payload) "
            "VALUES ('said', '2026-05-01T12:30:00+00:00', 'me', 'name', '{\"similarity\": 95}')",
        ),
        *(
            (f"INSERT INTO faces (face_id, photo, {details}) VALUES (?, 1, {figures})", f"face-{n}")
            for n in range(len(similarities))
        ),
        *(
            ("INSERT INTO appearances VALUES (?, 1, ?, ?)", number, similarity, number % 2)
            for number, similarity in enumerate(similarities, 1)
        ),
        *(
            (
                "INSERT INTO steps (face, \"group\", similarity, support) VALUES (?, 1, ?, '[]')",
                *one,
            )
            for one in enumerate(similarities, 1)
        ),
    )
    return path


def _execute(path: Path, *statements: tuple[object, ...]) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for text, *values in statements:
            connection.execute(str(text), values)


def _column(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return [value for (value,) in connection.execute(query)]
