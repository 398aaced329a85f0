"""Replacing the faces of photos by those that another model pack found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from kith.adapters.catalog.sql import edition, seating
from kith.adapters.catalog.sql.change import apply
from kith.adapters.catalog.sql.photos import arrivals_of_all
from kith.adapters.catalog.sql.reading import chunks
from kith.adapters.catalog.sql.rows import face_row
from kith.database.tables import appearances, faces, people
from kith.domain.face import Face
from kith.domain.grouping import Step
from kith.domain.person import PeopleChange
from kith.domain.photo import PhotoId


def reface(
    connection: sa.Connection,
    found: Mapping[PhotoId, Sequence[Face]],
    steps: Sequence[Step],
    change: PeopleChange,
    edition_: int,
) -> None:
    """Give these photos these faces instead of theirs, and replace all steps.

    Args:
        connection: of ``Database.write``.
        found: the faces that the photos have from now on; other photos keep theirs.
        steps: all that grouping did.
        change: everyone, as the new steps and the journal say.
        edition_: of the catalog from which the change was worked out.

    Raises:
        StaleError: the catalog is of another edition by now.
        NotFoundError: a photo is not known.
    """
    edition.expect(connection, edition_)
    seating.clear(connection)
    numbers = arrivals_of_all(connection, found.keys())
    for chunk in chunks(numbers.values()):
        connection.execute(sa.delete(faces).where(faces.c.photo.in_(chunk)))
    # Whoever is still seen belongs to a photo that kept its faces; the change says whose it is.
    connection.execute(sa.delete(appearances))
    rows = [face_row(face, numbers[photo_id]) for photo_id in found for face in found[photo_id]]
    if rows:
        connection.execute(sa.insert(faces), rows)
    seating.append(connection, steps)
    apply(connection, change)
    _remove_forsaken(connection, change)
    edition.grow(connection)


def _remove_forsaken(connection: sa.Connection, change: PeopleChange) -> None:
    """Take away everyone with neither face nor name, and of whom nothing was said."""
    spoken_of = {person.id for person in change.people}
    appears = sa.exists().where(appearances.c.person == people.c.number)
    alone = sa.select(people.c.number, people.c.person_id).where(
        people.c.name.is_(None), people.c.merged_into.is_(None), ~appears
    )
    rows = connection.execute(alone).all()
    for chunk in chunks([number for number, person_id in rows if person_id not in spoken_of]):
        connection.execute(sa.delete(people).where(people.c.number.in_(chunk)))
