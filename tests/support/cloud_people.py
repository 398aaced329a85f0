"""What functions on AWS make of photos, and how several of them work at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kith.compose.cloud import Cloud
from kith.lambdas.ingest import take_in
from kith.ports.catalog import Catalog


def people_shown(catalog: Catalog) -> Mapping[frozenset[str], int]:
    """The names of the photos that show each person, and how many appearances that are."""
    people: dict[frozenset[str], int] = {}
    for summary in catalog.people():
        ids = [one.face_id for one in catalog.appearances([summary.person.id])]
        photo_ids = {face.photo_id for face in catalog.faces_by_id(ids).values()}
        places = [each for some in catalog.places_of(photo_ids).values() for each in some]
        people[frozenset(Path(each.path).name for each in places)] = len(ids)
    return people


def take_in_at_once(clouds: Sequence[Cloud], messages: Sequence[dict[str, str]]) -> None:
    """Have each function take in one message, all of them together, until none comes again."""
    together = threading.Barrier(len(clouds))

    def work(number: int) -> None:
        left = [messages[number]]
        together.wait()
        while left:
            answer = take_in(clouds[number], left)["batchItemFailures"]
            again = {each["itemIdentifier"] for each in answer}
            left = [message for message in left if message["messageId"] in again]

    with ThreadPoolExecutor(len(clouds)) as pool:
        list(pool.map(work, range(len(clouds))))
