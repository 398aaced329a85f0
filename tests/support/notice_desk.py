"""A library in memory whose photos are told of, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kith.adapters.catalog.memory import MemoryCatalog
from kith.adapters.notifier.memory import MemoryNotifier
from kith.adapters.storage.memory import MemoryStorage
from kith.domain.message import Message
from kith.domain.notice import AnyFace, Rule
from kith.domain.person import Appearance, PeopleChange, Person, PersonId
from kith.pipeline.crops import Crops
from kith.pipeline.notices.announcer import Announcer
from kith.pipeline.notices.deliver import Courier
from kith.pipeline.notices.describe import Describer
from kith.pipeline.notices.kit import Notices
from kith.pipeline.notices.patience import Patience
from kith.pipeline.originals import Originals
from kith.ports.catalog import PhotoRecord

ANA, BEN, EVA = (
    Person(PersonId(f"10000000-0000-4000-8000-00000000000{number}"), name)
    for number, name in enumerate(["Ana", "Ben", None])
)
ANYBODY = Rule("Anybody", AnyFace(), ("mail",))
PATIENCE = Patience(first_seconds=10, longest_seconds=100, attempts=3, lease_seconds=60)


@dataclass
class Desk:
    """A library whose photos are told of, and a clock that stands still."""

    rules: Sequence[Rule] = (ANYBODY,)
    now: float = 1_000_000.0
    catalog: MemoryCatalog = field(default_factory=MemoryCatalog)
    mail: MemoryNotifier = field(default_factory=MemoryNotifier)
    hook: MemoryNotifier = field(default_factory=MemoryNotifier)

    def __post_init__(self) -> None:
        self.outbox = self.catalog.outbox
        self.announcer = Announcer(self.outbox, self.rules, None, lambda: self.now)
        self.announcer.begin()
        crops = Crops(self.catalog, MemoryStorage(), Originals())
        self.courier = Courier(
            self.outbox,
            Describer(self.catalog, crops, "The Limas", "https://photos.example.org/"),
            {"mail": self.mail, "hook": self.hook},
            self.announcer,
            PATIENCE,
            lambda: self.now,
        )

    def arrive(self, record: PhotoRecord, *people: Person, change: Any = None) -> None:
        """Store a photo that shows these people, as the pipeline does."""
        pairs = zip(record.faces, people, strict=False)
        change = change or PeopleChange(
            people=people,
            appearances=tuple(Appearance(face.id, person.id, 97.0) for face, person in pairs),
        )
        notices = self.announcer.of_faces(self.catalog, [record], change)
        self.catalog.store([record], (), change, self.catalog.edition(), notices=notices)

    def deliver(self) -> list[Message]:
        """Send what is due; answers the mails."""
        before = len(self.mail.messages)
        self.courier.deliver()
        return self.mail.messages[before:]

    def kit(self) -> Notices:
        """As one value."""
        channels = {"mail": "smtp", "hook": "webhook"}
        return Notices(self.outbox, self.announcer, self.courier, channels, {})
