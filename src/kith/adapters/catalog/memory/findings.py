"""The port ``Findings`` in memory."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from kith.adapters.catalog.memory.catalog import MemoryCatalog
from kith.domain.findings import PhotoFindings
from kith.domain.notice import Posting
from kith.domain.photo import PhotoId
from kith.ports.findings import FindingCounts, KnownLabel


class MemoryFindings:
    """What was found in the photos of a catalog in memory."""

    def __init__(self, catalog: MemoryCatalog) -> None:
        self._catalog = catalog
        self._keeping = threading.Lock()
        self._edition = 0

    def keep(self, found: Sequence[PhotoFindings], /, notices: Sequence[Posting] = ()) -> None:
        """Keep what was found, in the place of what was known before, and notices of it."""
        with self._keeping:
            known = self._catalog.has_photos([one.photo_id for one in found])
            for one in found:
                if one.photo_id in known:
                    before = self._catalog.found.get(one.photo_id, one)
                    self._catalog.found[one.photo_id] = PhotoFindings(
                        one.photo_id,
                        one.labels or before.labels,
                        one.text or before.text,
                        one.look or before.look,
                    )
            self._catalog.outbox.post(notices)
            self._edition += bool(known)

    def of(self, photo_ids: Collection[PhotoId], /) -> Mapping[PhotoId, PhotoFindings]:
        """What was found in these photos; those not looked at are left out."""
        found = dict(self._catalog.found)
        return {photo_id: found[photo_id] for photo_id in photo_ids if photo_id in found}

    def labels(self) -> Sequence[KnownLabel]:
        """Every label that photos have, that of most photos first, then by name."""
        every = [one.labels.labels for one in list(self._catalog.found.values()) if one.labels]
        counted = Counter(label.name for some in every for label in some)
        told = [label for some in every for label in some]
        known = [
            KnownLabel(
                name,
                frozenset(parent for one in told if one.name == name for parent in one.parents),
                frozenset(alias for one in told if one.name == name for alias in one.aliases),
                photo_count,
            )
            for name, photo_count in counted.items()
        ]
        return sorted(known, key=lambda one: (-one.photo_count, one.name))

    def counts(self) -> FindingCounts:
        """How many photos were looked at."""
        every = list(self._catalog.found.values())
        return FindingCounts(
            labelled=sum(one.labels is not None for one in every),
            read=sum(one.text is not None for one in every),
        )

    def edition(self) -> int:
        """A number that grows each time that something is kept."""
        return self._edition
