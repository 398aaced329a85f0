"""Answers of the catalog that are read without regard to a change."""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby, islice
from typing import TypeVar

from kith.adapters.catalog.dynamo.docs import (
    face_of,
    faces_in_order,
    person_of,
    photo_of,
    place_of,
)
from kith.adapters.catalog.dynamo.draft import Doc
from kith.adapters.catalog.dynamo.ledger import Head
from kith.adapters.catalog.dynamo.schema import (
    ASIDE,
    BY_SIMILARITY,
    REFUSED,
    SHARDS,
    Key,
    arrival_buckets,
    arrived,
    face_key,
    files,
    people,
    person,
    person_key,
    photo_key,
)
from kith.adapters.catalog.dynamo.sorting import sorted_part, text_beginning
from kith.adapters.catalog.dynamo.table import EVERYTHING, Item, Span, Table
from kith.domain.face import Face, FaceId
from kith.domain.person import Appearance, PersonId, Standing
from kith.domain.photo import Photo, PhotoId, Problem
from kith.ports.catalog import KnownPlace, PersonSummary

T = TypeVar("T")

_PAGE = 500
"""Photos, faces or people that are read at once."""


def pages(values: Iterable[T], size: int = _PAGE) -> Iterator[list[T]]:
    """The values, so many at a time."""
    rest = iter(values)
    while page := list(islice(rest, size)):
        yield page


def docs(table: Table, ids: Iterable[T], key: Callable[[T], Key]) -> dict[T, Doc]:
    """The documents of these, as far as there are any."""
    wanted = list(ids)
    found = table.get([key(each) for each in wanted])
    return {each: found[key(each)].read() for each in wanted if key(each) in found}


# -- photos ----------------------------------------------------------------------------------------


def every_photo(table: Table, head: Head) -> Iterator[PhotoId]:
    """All photos, in order of arrival."""
    for bucket in arrival_buckets(head.counts.get("arrivals", 0)):
        for _, item in table.query(arrived(bucket)):
            yield PhotoId(item.read()["photo"])


def photo_docs(
    table: Table, head: Head, photo_ids: Collection[PhotoId] | None
) -> Iterator[tuple[PhotoId, Doc]]:
    """These photos, or all, in order of arrival."""
    if photo_ids is not None:
        found = docs(table, photo_ids, photo_key)
        yield from sorted(found.items(), key=lambda one: one[1]["arrival"])
        return
    for page in pages(every_photo(table, head)):
        yield from docs(table, page, photo_key).items()


def photos(table: Table, head: Head, photo_ids: Collection[PhotoId] | None) -> Iterator[Photo]:
    """These photos, or all, in order of arrival."""
    for photo_id, doc in photo_docs(table, head, photo_ids):
        yield photo_of(photo_id, doc)


def faces(table: Table, head: Head, photo_ids: Collection[PhotoId] | None) -> Iterator[Face]:
    """The faces of these photos, or all; in order of arrival, then largest box first."""
    for page in pages(photo_docs(table, head, photo_ids)):
        face_ids = [face_id for _, doc in page for face_id in faces_in_order(doc)]
        for face_id, doc in docs(table, face_ids, face_key).items():
            yield face_of(face_id, doc)


# -- files -----------------------------------------------------------------------------------------


def known_places(table: Table, under: str) -> Iterator[KnownPlace]:
    """Every known file that is ``under`` or lies below that folder, ordered by path."""
    shards = [_below(table, files(shard), under, "") for shard in SHARDS]
    for doc in _by_path(heapq.merge(*shards, key=_sk), under, ""):
        yield KnownPlace(place_of(doc), doc["photo"])


def problems(table: Table, under: str, after: str | None) -> Iterator[Problem]:
    """The refused files under a folder, ordered by path."""
    for doc in _by_path(_below(table, REFUSED, under, after or ""), under, after or ""):
        yield Problem(place_of(doc), doc["reason"], doc["advice"])


def _below(table: Table, pk: str, under: str, after: str) -> Iterator[tuple[str, Item]]:
    """Files of a partition that may lie below a folder, and behind a path."""
    span = Span.of(text_beginning(under.rstrip(os.sep)))
    if after:
        span = Span(max(span.first, text_beginning(after)), span.last)
    return table.query(pk, span if under or after else EVERYTHING)


def _by_path(found: Iterable[tuple[str, Item]], under: str, after: str) -> Iterator[Doc]:
    """Those that do, ordered by path: of very long ones, the keys sort only the beginnings."""
    folder = under.rstrip(os.sep)
    for _, alike in groupby(found, key=lambda one: sorted_part(one[0])):
        here = [item.read() for _, item in alike]
        for doc in sorted(here, key=lambda each: each["path"]):
            path: str = doc["path"]
            lies = not under or path == folder or path.startswith(folder + os.sep)
            if lies and (not after or path > after):
                yield doc


def _sk(found: tuple[str, Item]) -> str:
    return found[0]


# -- people ----------------------------------------------------------------------------------------


def everyone(table: Table) -> Iterator[tuple[PersonId, Doc]]:
    """All people by id, those who were merged away, too."""
    for shard in SHARDS:
        for name, item in table.query(people(shard)):
            yield PersonId(name), item.read()


def people_beginning(table: Table, beginning: str) -> Iterator[tuple[PersonId, Doc]]:
    """The people whose ids begin so."""
    if not beginning:
        yield from everyone(table)
        return
    for name, item in table.query(person_key(PersonId(beginning)).pk, Span.of(beginning)):
        yield PersonId(name), item.read()


def standings(table: Table) -> Iterator[tuple[FaceId, Standing]]:
    """All faces that a human set aside."""
    for face_id, item in table.query(ASIDE):
        yield FaceId(face_id), Standing(item.read()["standing"])


def summaries(found: Iterable[tuple[PersonId, Doc]]) -> list[PersonSummary]:
    """Those who appear: named first, then by number of photos, then by id."""
    every = [
        PersonSummary(
            person=person_of(person_id, doc),
            photo_count=doc["photos"],
            face_count=doc["faces"],
            cover=FaceId(doc["cover"] if doc["chosen"] else doc["best"][1]),
        )
        for person_id, doc in found
        if doc["faces"]
    ]
    every.sort(key=lambda each: (each.person.name is None, -each.photo_count, each.person.id))
    return every


def appearances(table: Table, person_ids: Collection[PersonId] | None) -> Iterator[Appearance]:
    """The appearances of these people, or all; by person id, then similarity, highest first."""
    if person_ids is None:
        person_ids = [person_id for person_id, doc in everyone(table) if doc["faces"]]
    for person_id in sorted(set(person_ids)):
        for sk, item in table.query(person(person_id), index=BY_SIMILARITY):
            doc, face_id = item.read(), FaceId(sk.removeprefix("FACE#"))
            yield Appearance(face_id, person_id, doc["similarity"], doc["confirmed"])
