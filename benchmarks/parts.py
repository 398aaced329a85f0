"""The work on a photo that nobody can avoid, each part of it measured alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from unittest import mock

from PIL import Image

from benchmarks.labelled import open_engine
from kith.engine.engine import Engine
from kith.engine.pixels import Pixels
from kith.engine.runtime import Network, Outputs
from kith.imaging.encode import encode_jpeg
from kith.imaging.picture import Picture
from kith.imaging.thumbnail import thumbnail
from kith.pipeline.add_photo import FIRST_LONG_SIDE, THUMBNAIL_LONG_SIDE, WORKING_LONG_SIDE


@dataclass(frozen=True, slots=True)
class Parts:
    """Milliseconds of CPU time a photo.

    Attributes:
        decode: JPEGs in the sizes that were decoded, by Pillow's scaled decoding.
        scale: from there to the sizes that were made.
        inference: the models, on the pixels that they were given.
        thumbnail: from what recognition looks at first, written as JPEG.
    """

    decode: float
    scale: float
    inference: float
    thumbnail: float

    @property
    def total(self) -> float:
        """Milliseconds."""
        return self.decode + self.scale + self.inference + self.thumbnail


@dataclass(slots=True)
class _Watched:
    """What ``kith add`` did for one photo: long sides decoded and made, and models asked."""

    path: Path
    decoded: set[int] = field(default_factory=set[int])
    made: set[int] = field(default_factory=set[int])
    asked: list[tuple[Network, Pixels]] = field(default_factory=list[tuple[Network, Pixels]])


def measure_parts(paths: Sequence[Path]) -> Parts:
    """The parts of the work on these photos: first they are watched, then done again alone."""
    engine = open_engine("open")
    watched = [_watch(engine, path) for path in paths]
    data = [path.read_bytes() for path in paths]
    pairs = list(zip(data, watched, strict=True))
    first = [_resized(_decoded(bytes_, FIRST_LONG_SIDE), FIRST_LONG_SIDE) for bytes_ in data]

    def decode() -> None:
        for bytes_, one in pairs:
            for side in one.decoded:
                _decoded(bytes_, side)

    decoding = _milliseconds(decode, len(paths))
    return Parts(
        decode=decoding,
        scale=_scaling(pairs),
        inference=_milliseconds(
            lambda: [network.run(pixels) for one in watched for network, pixels in one.asked],
            len(paths),
        ),
        thumbnail=_milliseconds(
            lambda: [encode_jpeg(_resized(image, THUMBNAIL_LONG_SIDE)) for image in first],
            len(paths),
        ),
    )


def _watch(engine: Engine, path: Path) -> _Watched:
    """Do with a photo what ``kith add`` does, in that order."""
    watched = _Watched(path)
    picture = _WatchedPicture(path.read_bytes(), watched)
    with _noting_inference(watched):
        picture.prefer(WORKING_LONG_SIDE)
        picture.pixels(FIRST_LONG_SIDE)
        thumbnail(picture, THUMBNAIL_LONG_SIDE)
        engine.embed_chips(engine.chips(picture, engine.detect(picture)))
    return watched


class _WatchedPicture(Picture):
    """Notes the sizes that are decoded and made."""

    def __init__(self, data: bytes, watched: _Watched) -> None:
        super().__init__(data)
        self._watched = watched

    def _decode(self, side: int) -> Image.Image:
        image = super()._decode(side)
        self._watched.decoded.add(max(image.size))
        return image

    def _make(self, side: int) -> Image.Image:
        if side != THUMBNAIL_LONG_SIDE:
            self._watched.made.add(side)
        return super()._make(side)


@contextmanager
def _noting_inference(watched: _Watched) -> Generator[None]:
    run = Network.run

    def noting(network: Network, pixels: Pixels) -> Outputs:
        watched.asked.append((network, pixels))
        return run(network, pixels)

    with mock.patch.object(Network, "run", noting):
        yield


def _scaling(pairs: Sequence[tuple[bytes, _Watched]]) -> float:
    """Each size made from the smallest decoded one that is as large; one photo in memory."""
    seconds = 0.0
    for data, one in pairs:
        images = [_decoded(data, side) for side in sorted(one.decoded)]
        began = time.process_time()
        for side in one.made:
            _resized(next(image for image in images if max(image.size) >= side), side)
        seconds += time.process_time() - began
    return 1000 * seconds / len(pairs)


def _decoded(data: bytes, side: int) -> Image.Image:
    """A JPEG at the smallest of 1/8, 1/4, 1/2 and its own size that is at least so long."""
    image = Image.open(BytesIO(data))
    longest = max(image.size)
    factor = next((part for part in (8, 4, 2) if side * part <= longest), 1)
    image.draft("RGB", (image.width // factor, image.height // factor))
    image.load()
    return image


def _resized(image: Image.Image, side: int) -> Image.Image:
    factor = side / max(image.size)
    if factor == 1:
        return image
    size = round(image.width * factor), round(image.height * factor)
    return image.resize(size, Image.Resampling.BOX, reducing_gap=2.0)


def _milliseconds(work: Callable[[], object], photos: int) -> float:
    began = time.process_time()
    work()
    return 1000 * (time.process_time() - began) / photos
