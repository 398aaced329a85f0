"""Which reader reads the text in photos best: ``python -m benchmarks.text``.

Kith's reader is compared with Tesseract, which must be installed: on Debian,
``apt install tesseract-ocr tesseract-ocr-tur tesseract-ocr-jpn``.
"""

from __future__ import annotations

import io
import os
import random
import resource
import shutil
import subprocess
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import click
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from benchmarks.labelled import PHOTOS
from benchmarks.report import Section, publish
from kith.engine.text import TextReader
from kith.imaging.picture import Picture

_SIDE = 2000
"""Pixels of the longer side of what both readers get; Kith's takes 1,280 of them."""

_NOTE = """
`python -m benchmarks.text`: pictures of at most 2,000 pixels, of which Kith's reader takes 1,280;
one thread. Characters wrong or missing: of every line that is written, the edits to the likest part
of what was read, over the letters written; spaces and case count. Read beyond that: the same the
other way round, of every line that was read to what is written; small print that the transcript
(`text.toml`) leaves out counts here, too. Rendered: 50 pictures of one to four lines, turned by up
to 15°, blurred, of low contrast and noisy, from a fixed seed. Tesseract 5 runs with the languages
that occur (`eng+tur+jpn`), and looks for scattered text (`--psm 11`) or for a page (`--psm 3`).

Kith reads with RapidOCR. Of its other packages, `rapidocr-openvino` 1.3 does not start with
OpenVINO 2026 (it imports `openvino.runtime`, which is gone), and `rapidocr-onnxruntime` would bring
a second runtime. `rapidocr` 3.10 holds the models of PP-OCRv6 (small) in its wheel and needs no
network.
"""

Reader: TypeAlias = Callable[[Image.Image], Sequence[str]]
"""The lines of a picture."""


@dataclass(frozen=True, slots=True)
class Read:
    """How well one reader read one set of pictures.

    Attributes:
        reader: its name.
        pictures: the set.
        wrong: characters wrong or missing, percent of those written.
        beyond: characters read that are not written, percent of those read.
        cpu_seconds: for one picture.
    """

    reader: str
    pictures: str
    wrong: float
    beyond: float
    cpu_seconds: float


@click.command()
@click.option("--rendered", default=50, show_default=True, help="Render so many pictures.")
def main(rendered: int) -> None:
    """Measure, print, publish."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    sets = {name: [(_photo(name), lines)] for name, lines in told["photos"].items()}
    chance, words = random.Random(12), told["rendered"]["words"].split()
    sets[f"{rendered} rendered"] = [_rendered(chance, words) for _ in range(rendered)]
    readers: dict[str, Reader] = {"RapidOCR": _rapid()}
    if shutil.which("tesseract"):
        readers |= {f"Tesseract, psm {mode}": _tesseract(mode) for mode in (11, 3)}
    rows = [
        _measured(name, reader, title, pictures)
        for title, pictures in sets.items()
        for name, reader in readers.items()
    ]
    columns = ("pictures", "reader", "% wrong or missing", "% read beyond", "CPU s a picture")
    table = [
        (
            row.pictures,
            row.reader,
            f"{row.wrong:.1f}",
            f"{row.beyond:.1f}",
            f"{row.cpu_seconds:.2f}",
        )
        for row in rows
    ]
    section = Section("What is read wrong", columns, table)
    publish("text", [section], {"read": [asdict(row) for row in rows]}, _NOTE)


def _measured(
    name: str,
    reader: Reader,
    title: str,
    pictures: Sequence[tuple[Image.Image, Sequence[str]]],
) -> Read:
    reader(Image.new("RGB", (64, 64), "white"))
    wrong = written = beyond = read = 0
    begun = _cpu_seconds()
    answers = [reader(image) for image, _ in pictures]
    seconds = (_cpu_seconds() - begun) / len(pictures)
    for lines, (_, truth) in zip(answers, pictures, strict=True):
        heard, said = "\n".join(lines), "\n".join(truth)
        wrong += sum(_edits_within(line, heard) for line in truth)
        written += sum(map(len, truth))
        beyond += sum(_edits_within(line, said) for line in lines)
        read += sum(map(len, lines))
    return Read(name, title, 100 * wrong / written, 100 * beyond / max(1, read), seconds)


def _edits_within(line: str, text: str) -> int:
    """The fewest edits that make a line of some part of a text.

    Source: P. Sellers, "The theory and computation of evolutionary distances", 1980.
    """
    before = [0] * (len(text) + 1)
    for row, letter in enumerate(line, 1):
        after = [row]
        for column, other in enumerate(text, 1):
            same = before[column - 1] + (letter != other)
            after.append(min(same, before[column] + 1, after[-1] + 1))
        before = after
    return min(before)


def _rapid() -> Reader:
    reader = TextReader()

    def read(image: Image.Image) -> Sequence[str]:
        return [line.text for line in reader.read(Picture(_png(image)))]

    return read


def _tesseract(mode: int) -> Reader:
    command = ["tesseract", "-", "-", "-l", "eng+tur+jpn", "--psm", str(mode)]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}

    def read(image: Image.Image) -> Sequence[str]:
        done = subprocess.run(
            command, input=_png(image), capture_output=True, check=True, env=environment
        )
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        return [line.strip() for line in lines if line.strip()]

    return read


def _cpu_seconds() -> float:
    """Of this process, and of those that it started and waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _photo(name: str) -> Image.Image:
    path = PHOTOS / "odd" / "immich-test-assets" / "albums" / "text" / name
    with Image.open(path) as image:
        image.thumbnail((_SIDE, _SIDE))
        return image.convert("RGB")


def _rendered(chance: random.Random, words: Sequence[str]) -> tuple[Image.Image, Sequence[str]]:
    """A picture, and the lines that are written in it."""
    lines = [
        " ".join(chance.sample(words, chance.randint(1, 5))) for _ in range(chance.randint(1, 4))
    ]
    size = chance.randint(18, 60)
    ground = chance.randint(120, 255)
    ink = ground - chance.randint(80, min(200, ground)) if ground > 200 else chance.randint(0, 30)
    image = Image.new("RGB", (1200, 800), (ground, ground, max(0, ground - 20)))
    pencil = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        place = chance.randint(60, 200), 160 + row * round(size * 2.2)
        pencil.text(place, line, (ink, ink, ink), ImageFont.load_default(size))
    turned = image.rotate(
        chance.uniform(-15, 15), Image.Resampling.BICUBIC, fillcolor=(ground, ground, ground)
    )
    noise = Image.effect_noise(turned.size, chance.uniform(5, 40)).convert("RGB")
    soft = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.6)))
    return Image.blend(soft, noise, 0.12), lines


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


if __name__ == "__main__":
    main()
