"""The port ``Findings`` in DynamoDB."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from kith.adapters.catalog.dynamo.draft import Doc, Draft, write
from kith.adapters.catalog.dynamo.found import found_doc, found_of
from kith.adapters.catalog.dynamo.ledger import Ledger
from kith.adapters.catalog.dynamo.postings import post
from kith.adapters.catalog.dynamo.reading import docs
from kith.adapters.catalog.dynamo.schema import LABELS, Key, found_key, label_key, photo_key
from kith.adapters.catalog.dynamo.table import Table
from kith.domain.findings import PhotoFindings
from kith.domain.notice import Posting
from kith.domain.photo import PhotoId
from kith.ports.findings import FindingCounts, KnownLabel

_KEPT = "findings"
"""Under which name the head counts how often something was kept."""


class DynamoFindings:
    """What was found in the photos of one library, in a DynamoDB table (``schema``).

    Args:
        table: the library's part of one.
        ledger: of its editions.
    """

    def __init__(self, table: Table, ledger: Ledger | None = None) -> None:
        self._table = table
        self._ledger = ledger or Ledger(table)

    def keep(self, found: Sequence[PhotoFindings], /, notices: Sequence[Posting] = ()) -> None:
        """Keep what was found, in the place of what was known before, and notices of it."""

        def work(draft: Draft) -> bool:
            draft.load(
                key for one in found for key in (photo_key(one.photo_id), found_key(one.photo_id))
            )
            known = [one for one in found if draft.get(photo_key(one.photo_id)) is not None]
            for one in known:
                before = draft.get(found_key(one.photo_id))
                replace(draft, one.photo_id, found_doc(one, before))
            post(draft, notices)
            if known:
                draft.next(_KEPT)
            return False

        write(self._table, self._ledger, work)

    def of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, PhotoFindings]:
        """What was found in these photos; those not looked at are left out."""
        self._ledger.head()
        known = docs(self._table, photo_ids, found_key)
        return {photo_id: found_of(photo_id, doc) for photo_id, doc in known.items()}

    def labels(self) -> Sequence[KnownLabel]:
        """Every label that photos have, that of most photos first, then by name."""
        self._ledger.head()
        known: dict[str, KnownLabel] = {}
        for _, item in self._table.query(LABELS):
            doc = item.read()
            name, parents, aliases = doc["name"], doc["parents"], doc["aliases"]
            before = known.get(name, KnownLabel(name, frozenset(), frozenset(), 0))
            known[name] = KnownLabel(
                name,
                before.parents.union(parents),
                before.aliases.union(aliases),
                before.photo_count + doc["photos"],
            )
        return sorted(known.values(), key=lambda one: (-one.photo_count, one.name))

    def counts(self) -> FindingCounts:
        """How many photos were looked at."""
        known = self._ledger.head().counts
        return FindingCounts(known.get("labelled_photos", 0), known.get("read_photos", 0))

    def edition(self) -> int:
        """A number that grows each time that something is kept."""
        return self._ledger.head().counts.get(_KEPT, 0)


def replace(draft: Draft, photo_id: PhotoId, doc: Doc | None) -> None:
    """Let this be what was found in a photo, and count its labels; ``None``: nothing."""
    before = draft.get(found_key(photo_id))
    for more, each in ((-1, before), (1, doc)):
        for key, kind in _kinds(each):
            counted = draft.get(key) or {**kind, "photos": 0}
            counted["photos"] += more
            if counted["photos"]:
                draft.put(key, counted)
            else:
                draft.drop(key)
    if doc is None:
        draft.drop(found_key(photo_id))
    else:
        draft.put(found_key(photo_id), doc)


def _kinds(doc: Doc | None) -> Iterator[tuple[Key, Doc]]:
    """Of what kinds the labels of a photo are: a name with its family."""
    labels = doc["labels"] if doc is not None else None
    for name, _, parents, aliases, *_ in labels[0] if labels else ():
        kind = {"name": name, "parents": list(parents), "aliases": list(aliases)}
        yield label_key(name, kind["parents"], kind["aliases"]), kind
