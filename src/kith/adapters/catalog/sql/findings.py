"""The port ``Findings`` over a relational database."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql import edition, photos, postings
from kith.adapters.catalog.sql.finding_rows import (
    kind_row,
    label_of,
    label_rows,
    lines_of,
    look_of,
    part_values,
)
from kith.adapters.catalog.sql.reading import Row, chunks, rows_in
from kith.database.findings import findings, label_kinds, labels
from kith.database.open import Database
from kith.database.tables import photos as photo_table
from kith.database.upsert import insert_new, insert_or_replace
from kith.domain.findings import PhotoFindings
from kith.domain.label import Label, SeenLabels
from kith.domain.notice import Posting
from kith.domain.photo import PhotoId
from kith.domain.text import ReadText
from kith.ports.findings import FindingCounts, KnownLabel


class SqlFindings:
    """What was found in the photos of one library; the database stays the caller's to close."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counting = threading.Lock()
        self._known: tuple[tuple[int, int], Sequence[KnownLabel]] | None = None

    def keep(self, found: Sequence[PhotoFindings], /, notices: Sequence[Posting] = ()) -> None:
        """Keep what was found, in the place of what was known before, and notices of it."""
        if not found and not notices:
            return
        with self._database.write() as connection:
            arrivals = photos.arrivals(connection, {one.photo_id for one in found})
            kept = [(arrivals[one.photo_id], one) for one in found if one.photo_id in arrivals]
            for arrival, one in kept:
                _keep_parts(connection, arrival, one)
            _keep_labels(connection, {arrival: one.labels for arrival, one in kept if one.labels})
            postings.post(connection, notices)
            if kept:
                edition.grow_findings(connection)

    def of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, PhotoFindings]:
        """What was found in these photos; those not looked at are left out."""
        query = sa.select(
            photo_table.c.photo_id,
            findings.c.photo,
            findings.c.label_version,
            findings.c.text_version,
            findings.c.lines,
            findings.c.look,
        ).join_from(photo_table, findings)
        with self._database.read() as connection:
            rows = list(rows_in(connection, query, photo_table.c.photo_id, photo_ids))
            shown = _labels_of(connection, [row[1] for row in rows])
        return {row[0]: _findings_of(row, shown.get(row[1], ())) for row in rows}

    def labels(self) -> Sequence[KnownLabel]:
        """Every label that photos have, that of most photos first, then by name."""
        with self._database.read() as connection, self._counting:
            now = edition.read(connection), edition.read_findings(connection)
            if self._known is None or self._known[0] != now:
                self._known = now, _count_labels(connection)
            return self._known[1]

    def counts(self) -> FindingCounts:
        """How many photos were looked at."""
        count = sa.func.count
        query = sa.select(count(findings.c.label_version), count(findings.c.text_version))
        with self._database.read() as connection:
            return FindingCounts(*connection.execute(query).one())

    def edition(self) -> int:
        """A number that grows each time that something is kept."""
        with self._database.read() as connection:
            return edition.read_findings(connection)


def _keep_parts(connection: sa.Connection, arrival: int, found: PhotoFindings) -> None:
    """Keep all but the labels themselves; parts that were not looked for stay as they are."""
    values = part_values(found, connection.dialect.name)
    if values:
        insert = insert_or_replace(connection, findings, values.keys())
        connection.execute(insert, {"photo": arrival, **values})
    else:
        connection.execute(insert_new(connection, findings), {"photo": arrival})


def _keep_labels(connection: sa.Connection, shown: Mapping[int, SeenLabels]) -> None:
    """Put these labels in the place of those that the photos of these arrivals had."""
    rows_of_kinds = [kind_row(label) for one in shown.values() for label in one.labels]
    kinds = {row["kind_key"]: row for row in rows_of_kinds}
    if kinds:
        connection.execute(insert_new(connection, label_kinds), list(kinds.values()))
    query = sa.select(label_kinds.c.kind_key, label_kinds.c.number)
    numbers = {row[0]: row[1] for row in rows_in(connection, query, label_kinds.c.kind_key, kinds)}
    for chunk in chunks(shown.keys()):
        connection.execute(sa.delete(labels).where(labels.c.photo.in_(chunk)))
    rows = [
        row for arrival, one in shown.items() for row in label_rows(arrival, one.labels, numbers)
    ]
    if rows:
        connection.execute(sa.insert(labels), rows)


def _labels_of(
    connection: sa.Connection, arrivals: Collection[int]
) -> Mapping[int, Sequence[Label]]:
    query = sa.select(
        labels.c.photo,
        labels.c.rank,
        label_kinds.c.name,
        label_kinds.c.family,
        labels.c.confidence,
        labels.c.instances,
    ).join_from(labels, label_kinds)
    found: dict[int, list[tuple[int, Label]]] = {}
    for photo, rank, *told in rows_in(connection, query, labels.c.photo, arrivals):
        found.setdefault(photo, []).append((rank, label_of(*told)))
    return {
        photo: [label for _, label in sorted(ranked, key=lambda one: one[0])]
        for photo, ranked in found.items()
    }


def _findings_of(row: Row, shown: Sequence[Label]) -> PhotoFindings:
    photo_id, _, label_version, text_version, lines, look = row
    return PhotoFindings(
        photo_id,
        None if label_version is None else SeenLabels(tuple(shown), label_version),
        None if text_version is None else ReadText(lines_of(lines), text_version),
        None if look is None else look_of(look),
    )


def _count_labels(connection: sa.Connection) -> Sequence[KnownLabel]:
    # Each photo has a label once, but a label may be of several kinds, if versions differ.
    counted = sa.select(labels.c.kind, sa.func.count().label("photos")).group_by(labels.c.kind)
    some = counted.subquery()
    query = sa.select(label_kinds.c.name, label_kinds.c.family, some.c.photos).join_from(
        label_kinds, some, some.c.kind == label_kinds.c.number
    )
    known: dict[str, KnownLabel] = {}
    for name, family, photo_count in connection.execute(query):
        label = label_of(name, family, 0.0, None)
        before = known.get(name, KnownLabel(name, frozenset(), frozenset(), 0))
        known[name] = KnownLabel(
            name,
            before.parents | set(label.parents),
            before.aliases | set(label.aliases),
            before.photo_count + photo_count,
        )
    return sorted(known.values(), key=lambda one: (-one.photo_count, one.name))
