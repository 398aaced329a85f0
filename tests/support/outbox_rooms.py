"""A catalog and the outbox of the same library, for the contract suites of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog_records import NOTHING, a_record

from kith.domain.notice import AnyFace, Notice, Posting, Rule
from kith.domain.person import PersonId
from kith.ports.catalog import Catalog, PhotoRecord
from kith.ports.outbox import Consignment, Outbox, State

RULE = Rule("Somebody", AnyFace(), ("mail",))
ANA = PersonId("10000000-0000-4000-8000-000000000001")
BEN = PersonId("10000000-0000-4000-8000-000000000002")
PHOTOS = [a_record(f"photo {number}", faces=2) for number in range(4)]


@dataclass(frozen=True)
class Room:
    """A catalog and the outbox of the same library."""

    catalog: Catalog
    outbox: Outbox

    def post(self, *postings: Posting, records: Sequence[PhotoRecord] = ()) -> None:
        """Store photos with notices of them."""
        self.catalog.store(records, (), NOTHING, self.catalog.edition(), notices=postings)

    def states(self) -> list[State]:
        """How far everything is, oldest first."""
        return [entry.state for entry in reversed(self.outbox.entries(limit=1000))]

    def claim(self, now: float = 0.0, until: float = 60.0, *channels: str) -> Consignment | None:
        """Take what is due."""
        return self.outbox.claim(channels or ("mail", "hook"), now=now, until=until)

    def must_claim(self, now: float = 0.0, until: float = 60.0) -> Consignment:
        """Take what is due, and something is."""
        taken = self.claim(now, until)
        assert taken is not None
        return taken


def a_notice(record: PhotoRecord, rule: Rule = RULE) -> Notice:
    """The notice that this photo met the rule."""
    faces = tuple(face.id for face in record.faces)
    return Notice(rule.id, rule.name, record.photo.id, faces, (), 1.5)


def a_posting(
    number: int = 0, *, channel: str = "mail", due: float = 0.0, bundle: str | None = None
) -> Posting:
    """A notice of the photo of that number on its way."""
    return Posting(a_notice(PHOTOS[number]), channel, due, bundle)
