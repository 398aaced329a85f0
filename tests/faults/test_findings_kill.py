"""kill -9 at any moment of ``kith findings update``: photos have their findings once, and whole."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from kith.adapters.catalog.sql import SqlCatalog
from kith.adapters.catalog.sql.findings import SqlFindings
from kith.adapters.catalog.sql.outbox import SqlOutbox
from kith.database.open import open_database
from kith.domain.findings import PhotoFindings
from kith.domain.photo import PhotoId
from kith.ports.findings import FindingCounts, KnownLabel

if TYPE_CHECKING:
    from tests.faults.conftest import Kith

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)

KILLS = 20
PHOTOS = 40

KILLS_EACH = 10
"""So often is one library's run killed, continued and killed again, before it may finish."""

MEAN_RUN = 1.0
"""Batches of photos that a run keeps on average before it is killed."""

PATIENCE_SECONDS = 120.0
"""How long a run may take to begin, on a machine that is very busy."""

LABEL = "Animal"
RULE = {"name": "Animals", "label": LABEL, "channels": ["log"]}


@dataclass(frozen=True, slots=True)
class Known:
    """What a library knows of its photos besides faces, and who is to be told of it.

    Attributes:
        found: by photo.
        labels: as they are counted.
        counts: of photos.
        told: the photos of which there are notices, as often as there are.
    """

    found: Mapping[PhotoId, PhotoFindings]
    labels: list[KnownLabel]
    counts: FindingCounts
    told: list[PhotoId]


def known(library: Path) -> Known:
    """Read everything."""
    with closing(open_database(library / "library.db", read_only=True)) as database:
        photo_ids = [photo.id for photo in SqlCatalog(database).photos()]
        findings = SqlFindings(database)
        entries = SqlOutbox(database).entries(limit=1000)
        return Known(
            findings.of(photo_ids),
            list(findings.labels()),
            findings.counts(),
            sorted(entry.posting.notice.photo_id for entry in entries),
        )


@pytest.fixture
def added(photos: Path, kith: Kith, tmp_path: Path) -> Kith:
    """A library of small photos that nobody looked at yet, and a rule that some of them meet."""
    folder, nature = tmp_path / "photos", photos / "odd/immich-test-assets/albums/nature"
    folder.mkdir()
    shown = [*sorted((photos / "labels").glob("*.jpg")), *sorted(nature.glob("*.jpg"))]
    for number in range(PHOTOS):
        with Image.open(shown[number % len(shown)]) as image:
            image.thumbnail((240, 240))
            small = image.convert("RGB").rotate(number // len(shown))
            small.save(folder / f"{number}.jpg")
    notify: Mapping[str, Any] = {"channel": {"log": {"kind": "log"}}, "rule": [RULE]}
    # Text is kept in the same step; to read it would take ten times as long.
    wanted = {"KITH_LABELS": "on", "KITH_TEXT": "off", "KITH_NOTIFY": json.dumps(notify)}
    kith = replace(kith, environment={**kith.environment, **wanted})
    done = kith.run("add", folder, "--no-findings")
    assert done.returncode == 0, done.stderr
    return kith


@pytest.mark.weights
@pytest.mark.photos
def test_killed_at_20_random_moments_every_photo_has_its_findings_once(
    added: Kith, tmp_path: Path
) -> None:
    """After each kill what is kept is whole; in the end all is known and told as without kills.

    Slow, for it starts some 25 programs: each begins its models anew, as after a power cut.
    """
    calm = _copy(added, tmp_path / "calm")
    _finish(calm)
    undisturbed = known(calm.library)
    assert undisturbed.counts == FindingCounts(PHOTOS, 0)
    assert len(undisturbed.told) == len(set(undisturbed.told)) >= 10

    chance, killed, survivors = random.Random(20), 0, 0
    between = set[int]()
    while killed < KILLS:
        survivors += 1
        again = _copy(added, tmp_path / f"library {survivors}")
        for _ in range(min(KILLS_EACH, KILLS - killed)):
            if not _dies(again, chance):
                break
            killed += 1
            now = known(again.library)
            between.add(len(now.found))
            _check_whole(now)

        _finish(again)
        assert known(again.library) == undisturbed
    assert len(between - {0, PHOTOS}) > 3


def _copy(kith: Kith, library: Path) -> Kith:
    """The same library once more, elsewhere."""
    shutil.copytree(kith.library, library)
    return kith.at(library)


def _finish(kith: Kith) -> None:
    done = kith.run("findings", "update")
    assert done.returncode == 0, done.stderr


def _dies(kith: Kith, chance: random.Random) -> bool:
    """Kill a run after it kept something, or nothing yet; whether it was still running."""
    with closing(open_database(kith.library / "library.db", read_only=True)) as database:
        findings = SqlFindings(database)
        wanted = findings.edition() + round(chance.uniform(0, 2 * MEAN_RUN))
        ends = time.monotonic() + PATIENCE_SECONDS
        with kith.start("findings", "update") as child:
            while child.poll() is None and findings.edition() < wanted:
                assert time.monotonic() < ends, "nothing happens"
                time.sleep(0.002)
            time.sleep(chance.uniform(0, 0.3))
    return child.returncode == -signal.SIGKILL


def _check_whole(now: Known) -> None:
    """Photos have all that is looked for, or nothing; and those that meet the rule are told."""
    for one in now.found.values():
        assert one.labels is not None
        assert one.look is not None
    assert now.counts == FindingCounts(len(now.found), 0)
    assert now.told == sorted(
        photo_id
        for photo_id, one in now.found.items()
        if one.labels and LABEL in {label.name for label in one.labels.labels}
    )
