"""What is added while a library is served is looked at for what it shows, beside the jobs."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest

from kith.compose.findings import features_of
from kith.compose.web import open_services
from kith.config import Settings
from kith.pipeline.albums.photos import photos_matching
from kith.pipeline.serving.work import add_path

pytestmark = [pytest.mark.weights, pytest.mark.photos]


def test_what_is_added_is_looked_at(settings: Settings, photos: Path, tmp_path: Path) -> None:
    """New photos alone: an old library is for ``kith findings update``."""
    folder = tmp_path / "new"
    folder.mkdir()
    shutil.copy(photos / "labels" / "pets.jpg", folder)
    settings = replace(settings, labels="auto", text="off")
    assert features_of(settings) == {"labels"}
    with open_services(settings, features=frozenset({"labels"})) as services:
        add_path(services.workshop.jobs, folder, services.workshop.added)
        until = time.monotonic() + 120
        while not services.records.findings.counts().labelled:
            assert time.monotonic() < until
            time.sleep(0.05)

        assert services.records.findings.counts().labelled == 1
        assert len(photos_matching(services.records, "label:dog")) == 1


def test_features_are_what_is_installed_and_wanted(settings: Settings, tmp_path: Path) -> None:
    """Nothing is fetched to find out; what is switched off is none."""
    bare = replace(settings, models=tmp_path, cache=tmp_path / "cache")

    assert features_of(replace(bare, labels="auto", text="off")) == frozenset()
    assert features_of(replace(bare, labels="on", text="off")) == frozenset()
    assert features_of(replace(settings, labels="off", text="off")) == frozenset()
    assert not (tmp_path / "cache").exists()
