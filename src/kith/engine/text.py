"""Reading text, with PP-OCRv6 as the package ``rapidocr`` has it: models and all, in its wheel.

Chosen by measurement; see ``benchmarks/results/text.md``. The package is optional, and loaded when
the first picture is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module, metadata, resources
from importlib.util import find_spec
from threading import Lock
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from kith.domain.errors import WeightsMissingError
from kith.domain.face import Point
from kith.domain.text import Polygon, TextLine, TextWord, box_around
from kith.engine.chips import WORKING_SIDE
from kith.engine.pixels import PixelSource
from kith.engine.runtime import begin_aside

_MODELS: Final = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
"""What the wheel must hold: without them, the package would fetch models by itself."""

_CORNERS = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a line: its text, its confidence in percent, its corners as ratios."""

    text: str
    confidence: float
    corners: _CORNERS


class TextReader:
    """Reads what is written in pictures; several threads may ask at once, and take turns.

    Making one costs nothing. The package's models hold up to 0.8 GB, and another one for another
    thread would hold 0.6 GB more; so there is one, which may use several threads itself.

    Args:
        threads: that it may use.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._turn = Lock()
        self._reader: Any = None

    @property
    def version(self) -> str:
        """Of the package and its models.

        Raises:
            WeightsMissingError: it is not installed.
        """
        _require()
        return metadata.version("rapidocr")

    def read(self, source: PixelSource) -> tuple[TextLine, ...]:
        """The lines of a picture, from its top to its bottom.

        Raises:
            WeightsMissingError: the package is not installed.
        """
        # As for faces, so that a picture is decoded once for both; text in larger pictures was read
        # no better: of four photos, 11.5 % was wrong at 1,280, 12.6 at 1,600, 13.6 at 2,000.
        source.prefer(WORKING_SIDE)
        pixels = source.pixels(WORKING_SIDE)
        height, width, _ = pixels.shape
        with self._turn:
            self._reader = self._reader or _begun(self._threads)
            # The package has its colors in OpenCV's order.
            answer = self._reader(np.ascontiguousarray(pixels[:, :, ::-1]), return_word_box=True)
        return tuple(_lines(answer, np.array([width, height], dtype=np.float64)))


def _begun(threads: int) -> Any:
    """A reader whose models have all run once."""
    _require()
    rapidocr: Any = import_module("rapidocr")
    openvino = rapidocr.EngineType.OPENVINO
    version, small = rapidocr.OCRVersion.PPOCRV6, rapidocr.ModelType.SMALL
    settings: dict[str, Any] = {
        "Global.log_level": "critical",
        "EngineConfig.openvino.inference_num_threads": threads,
        "Cls.engine_type": openvino,
    }
    for part in ("Det", "Rec"):
        settings |= {
            f"{part}.engine_type": openvino,
            f"{part}.ocr_version": version,
            f"{part}.model_type": small,
        }
    return begin_aside(lambda: _run_once(rapidocr.RapidOCR(params=settings)))


def _run_once(reader: Any) -> Any:
    """The reader, each of whose models is loaded when it is first run; on white nothing is read."""
    white = np.full((64, 64, 3), 255, np.uint8)
    reader(white, use_det=False)
    reader(white, use_det=True)
    return reader


def _require() -> None:
    if find_spec("rapidocr") is None:
        why, what = "needs the package rapidocr", "Install it: pip install 'kith[text]'"
    elif not all(_has(model) for model in _MODELS):
        why = "needs other models than this rapidocr has"
        what = "Install the one that Kith knows: pip install --force-reinstall 'kith[text]'"
    else:
        return
    raise WeightsMissingError(f"Reading text {why}", what)


def _has(model: str) -> bool:
    return (resources.files("rapidocr") / "models" / model).is_file()


def _lines(answer: Any, size: _CORNERS) -> Iterator[TextLine]:
    """What the package answered, in ratios and percent."""
    texts = cast("Sequence[str]", () if answer.txts is None else answer.txts)
    # The package leaves out lines whose letters it cannot place, and does not say which.
    placed = bool(texts) and len(answer.word_results) == len(texts)
    for index, text in enumerate(texts):
        corners = np.asarray(answer.boxes[index], dtype=np.float64) / size
        confidence = 100 * float(answer.scores[index])
        pieces = [
            _Piece(part, 100 * float(sure), np.asarray(where, dtype=np.float64) / size)
            for part, sure, where in (answer.word_results[index] if placed else ())
        ]
        around, words = _polygon(corners), _joined(text, pieces)
        if not words or not all(_is_in(word, around) for word in words):
            words = _split(text, confidence, corners)
        yield TextLine(text.strip(), confidence, around, words)


def _joined(text: str, pieces: Sequence[_Piece]) -> tuple[TextWord, ...]:
    """The words of a line, put together from pieces of them; none if these are not of the line.

    The package gives words of Latin letters as one piece, more or less, and each Chinese character
    alone.
    """
    words: list[TextWord] = []
    waiting = [piece for piece in pieces if piece.text.strip()]
    for word in text.split():
        count = 1
        while count < len(waiting) and len(_text_of(waiting[:count])) < len(word):
            count += 1
        taken, waiting = waiting[:count], waiting[count:]
        if _text_of(taken) != word:
            return ()
        first, last = taken[0].corners, taken[-1].corners
        around = np.array([first[0], last[1], last[2], first[3]])
        words.append(TextWord(word, min(piece.confidence for piece in taken), _polygon(around)))
    return tuple(words)


def _is_in(word: TextWord, line: Polygon) -> bool:
    """Whether the middle of a word is in the box of its line; of unsure lines, it may not be."""
    box, around = box_around(word.polygon), box_around(line)
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return around.left <= x <= around.right and around.top <= y <= around.bottom


def _text_of(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.text.strip() for piece in pieces)


def _split(text: str, confidence: float, corners: _CORNERS) -> tuple[TextWord, ...]:
    """The words of a line, each with the part of its box that it has of its letters."""
    words: list[TextWord] = []
    begin = 0
    for word in text.split():
        begin = text.index(word, begin)
        parts = begin / len(text), (begin + len(word)) / len(text)
        words.append(TextWord(word, confidence, _polygon(_part(corners, *parts))))
        begin += len(word)
    return tuple(words)


def _part(corners: _CORNERS, begin: float, end: float) -> _CORNERS:
    """A part of a line's box, along the line."""
    upper_left, upper_right, lower_right, lower_left = corners
    along, below = upper_right - upper_left, lower_right - lower_left
    return np.array(
        [
            upper_left + begin * along,
            upper_left + end * along,
            lower_left + end * below,
            lower_left + begin * below,
        ]
    )


def _polygon(corners: _CORNERS) -> Polygon:
    return tuple(Point(x, y) for x, y in corners.tolist())
