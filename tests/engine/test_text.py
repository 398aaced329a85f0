"""Reading text in photos."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kith.adapters.recognition.memory import draw_picture
from kith.domain.errors import WeightsMissingError
from kith.domain.text import TextLine, box_around
from kith.engine.text import TextReader
from kith.imaging.picture import Picture

TEXT = "odd/immich-test-assets/albums/text"


@pytest.fixture(scope="module")
def reader() -> TextReader:
    """What reads."""
    return TextReader()


@pytest.mark.photos
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("book-beside-flowers.jpg", {"dost.", "Sevgili", "çocuklar", "kendisidir"}),
        ("handwritten-notes.jpg", {"IMPORTANT", "complete", "documents", "REMEMBER"}),
        ("japanese-shop.jpg", {"KIRIN"}),
    ],
)
def test_photos_are_read(reader: TextReader, photos: Path, name: str, words: set[str]) -> None:
    """Print, handwriting and signs; the words of a line are what spaces separate in it."""
    lines = reader.read(Picture.open(photos / TEXT / name))

    assert words <= {word.text for line in lines for word in line.words}
    for line in lines:
        assert [word.text for word in line.words] == line.text.split()
        assert all(_is_inside(line, number) for number in range(len(line.words)))


@pytest.mark.photos
def test_threads_read_the_same(reader: TextReader, photos: Path) -> None:
    """Two pictures that are read side by side answer as they do one after the other."""
    files = [photos / TEXT / name for name in ("handwritten-notes.jpg", "japanese-shop.jpg")]
    alone = [reader.read(Picture.open(file)) for file in files]

    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(reader.read, map(Picture.open, files)))

    assert together == alone


def test_what_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the package is not installed, the error says how to install it; nothing is fetched."""
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    picture = Picture(draw_picture([]))

    with pytest.raises(WeightsMissingError, match=r"pip install 'kith\[text\]'"):
        TextReader().read(picture)
    with pytest.raises(WeightsMissingError, match="needs the package rapidocr"):
        _ = TextReader().version


def _is_inside(line: TextLine, number: int) -> bool:
    """Whether a word's middle is within its line's box."""
    around, word = box_around(line.polygon), box_around(line.words[number].polygon)
    x, y = word.left + word.width / 2, word.top + word.height / 2
    return around.left <= x <= around.right and around.top <= y <= around.bottom
