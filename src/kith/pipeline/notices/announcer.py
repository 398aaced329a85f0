"""Announce: which rules new photos meet, worked out before they are stored, and stored with them.

What is told is decided here and written down; nobody waits for it to be sent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Final

from kith.domain.errors import NotFoundError
from kith.domain.label import Label
from kith.domain.notice import (
    Labeled,
    Posting,
    Rule,
    RuleId,
    Shown,
    ShownFace,
    Together,
    notices_of,
    postings_of,
    quiet_until,
)
from kith.domain.person import PeopleChange, Person, PersonId
from kith.domain.photo import PhotoId
from kith.ports.catalog import Catalog, PhotoRecord
from kith.ports.outbox import Outbox

_ID_LENGTH: Final = 36


class Announcer:
    """Finds what is worth telling.

    Rules of the settings hold from when they are first seen: what the library held by then was
    there before them. ``begin`` sees them.

    Args:
        outbox: of the library; holds the rules that were made elsewhere than in the settings.
        configured: the rules of the settings.
        zone: whose clocks quiet hours and digests go by; without, this machine's.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        outbox: Outbox,
        configured: Sequence[Rule] = (),
        zone: tzinfo | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._outbox = outbox
        self._configured = tuple(configured)
        self._zone = zone
        self._clock = clock

    def rules(self) -> Sequence[Rule]:
        """All rules; of two with one name, that of the settings."""
        by_id = {rule.id: rule for rule in (*self._outbox.rules(), *self._configured)}
        return list(by_id.values())

    def is_configured(self, rule_id: RuleId) -> bool:
        """Whether the rule of that id stands in the settings."""
        return any(rule.id == rule_id for rule in self._configured)

    def begin(self) -> None:
        """See the rules of the settings."""
        if self._configured:
            self._outbox.begin([rule.id for rule in self._configured])

    def pass_over(self) -> None:
        """What the library holds now is told by no rule, whatever is still found out about it."""
        rules = self.rules()
        if rules:
            self._outbox.begin([rule.id for rule in rules], anew=True)

    def quiet_until(self, rule_id: RuleId, now: float) -> float:
        """When the quiet hours of a rule end, as it is now; ``now`` where it is not quiet."""
        rule = next((rule for rule in self.rules() if rule.id == rule_id), None)
        return now if rule is None else quiet_until(rule, now, self._zone)

    def of_faces(
        self, catalog: Catalog, records: Sequence[PhotoRecord], change: PeopleChange
    ) -> Sequence[Posting]:
        """What is to be told of new photos for their faces' sake.

        Args:
            catalog: as it is before they are stored.
            records: the new photos.
            change: what becomes of people when they are stored.
        """
        rules = [rule for rule in self.rules() if not isinstance(rule.when, Labeled)]
        if not rules:
            return ()
        people = _Upcoming(catalog, change)
        became = people.called(rules)
        return list(self._postings(rules, map(people.shown, records), became))

    def of_labels(self, labels: Mapping[PhotoId, Sequence[Label]]) -> Sequence[Posting]:
        """What is to be told of photos for their labels' sake.

        Photos that were there before a rule may be among these: the outbox leaves them out.
        """
        rules = [rule for rule in self.rules() if isinstance(rule.when, Labeled)]
        if not rules:
            return ()
        shown = (Shown(photo_id, labels=tuple(found)) for photo_id, found in labels.items())
        return list(self._postings(rules, shown, {}))

    def _postings(
        self, rules: Sequence[Rule], photos: Iterator[Shown], became: Mapping[str, PersonId]
    ) -> Iterator[Posting]:
        now = self._clock()
        for shown in photos:
            for rule, notice in notices_of(rules, shown, now, became):
                yield from postings_of(rule, notice, self._zone)


class _Upcoming:
    """Who everybody will be once a change is applied."""

    def __init__(self, catalog: Catalog, change: PeopleChange) -> None:
        self._catalog = catalog
        self._appearances = {each.face_id: each for each in change.appearances}
        self._standings = dict(change.standings)
        self._became = dict(change.became)
        self._people = {person.id: person for person in change.people}

    def shown(self, record: PhotoRecord) -> Shown:
        """What a new photo shows."""
        faces: list[ShownFace] = []
        for face in record.faces:
            found = self._appearances.get(face.id)
            standing = self._standings.get(face.id)
            if found is None:
                faces.append(ShownFace(face.id, standing=standing))
            else:
                person = self._person(found.person_id)
                faces.append(ShownFace(face.id, person, found.similarity, standing))
        return Shown(record.photo.id, tuple(faces))

    def called(self, rules: Sequence[Rule]) -> Mapping[str, PersonId]:
        """Whom the ids in these rules mean; those that mean nobody are left out."""
        words = [
            word for rule in rules if isinstance(rule.when, Together) for word in rule.when.people
        ]
        found: dict[str, PersonId] = {}
        for word in words:
            if len(word) == _ID_LENGTH:
                try:
                    found[word] = self._now(self._catalog.person(PersonId(word)).id)
                except NotFoundError:
                    continue
        return found

    def _person(self, person_id: PersonId) -> Person:
        person_id = self._now(person_id)
        if person_id not in self._people:
            try:
                self._people[person_id] = self._catalog.person(person_id)
            except NotFoundError:
                self._people[person_id] = Person(person_id)
        return self._people[person_id]

    def _now(self, person_id: PersonId) -> PersonId:
        while person_id in self._became:
            person_id = self._became[person_id]
        return person_id
