"""Adding and finding look at a picture in the same way."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith.compose import open_library
from kith.config import Settings
from kith.imaging.picture import Picture
from kith.pipeline.add import add
from kith.pipeline.people import find


@pytest.mark.photos
@pytest.mark.weights
def test_a_photo_of_the_library_is_found_at_100_percent(
    photos: Path, weights: Path, tmp_path: Path
) -> None:
    """Every face of an added photo finds itself at 100 %, however the file is decoded."""
    settings = Settings(library=tmp_path / "library", models=weights, workers=1)
    family = photos / "family" / "pexels-agung-pandit-wiguna-1128316.jpg"

    with open_library(settings, writing=True) as library:
        add(library, [family])
        faces = find(library, Picture.open(family))

    assert [round(face.similarity, 3) for face in faces] == [100.0] * 3
