"""What 1,000 calls of a Rekognition operation cost: ``python -m benchmarks.cost``.

Operations are called as the server calls them, from the JSON of a request to that of its answer, in
one process; HTTP and the network are left out, and are measured by ``benchmarks.wire``.
"""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

import click
from PIL import Image

from benchmarks.labelled import PHOTOS, open_engine
from benchmarks.report import Section, publish
from kith.adapters.recognition.local import LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.database.open import open_database
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.rekognition.sigv4 import SignedRequest
from kith.rekognition.wire import Wire
from kith.rekognition_server.service_file import load_service

SIDES = {"500 x 500": 500, "1350 x 1350": 1350, "3464 x 3464": 3464}
"""Pixels; the last are 12 million."""

DOLLARS_A_CORE_HOUR = 0.05
"""An assumption to multiply with; rented cores cost about so much."""

_NOTE = """
`python -m benchmarks.cost`: CPU time of the process while an operation is called once for each of
51 people, with studio portraits as JPEG; from the JSON of a request to that of its answer. The
collection is a file on disk, where every kept face is flushed. Dollars are CPU hours times 0.05.
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of 1,000 calls.

    Attributes:
        operation: which.
        picture: the size of its pictures.
        kilobytes: the mean size of a picture's file.
        cpu_seconds: of all threads.
        dollars: for these.
    """

    operation: str
    picture: str
    kilobytes: float
    cpu_seconds: float
    dollars: float


@click.command()
@click.option("--people", default=51, show_default=True, help="Take so many.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("benchmarks/out/cost"))
def main(people: int, folder: Path) -> None:
    """Measure, print, publish."""
    folder.mkdir(parents=True, exist_ok=True)
    engine, database = open_engine("open"), open_database(folder / "library.db")
    collections = LocalCollections(engine, database, index_folder=folder)
    kit = Kit(collections, LocalRecognizer(engine), Images(None))
    wire = Wire(load_service(), operations_over(kit), None)
    costs: list[Cost] = []
    for picture, side in SIDES.items():
        _ask(wire, "CreateCollection", {"CollectionId": "cost"})
        costs += _measure(wire, picture, side, people)
        _ask(wire, "DeleteCollection", {"CollectionId": "cost"})
    collections.close()
    database.close()
    columns = ("operation", "pictures", "kB", "CPU s for 1,000", "$ for 1,000")
    section = Section("1,000 calls", columns, [_row(cost) for cost in costs])
    publish("cost", [section], {"costs": [asdict(cost) for cost in costs]}, _NOTE)


def _measure(wire: Wire, picture: str, side: int, people: int) -> list[Cost]:
    folders = sorted((PHOTOS / "portraits").glob("[0-9]*"))[:people]
    neutral, smiling = (
        {folder.name: _image(folder / f"{mood}.jpg", side) for folder in folders}
        for mood in ("neutral", "smiling")
    )
    kilobytes = mean(len(image["Bytes"]) for image in smiling.values()) * 0.75 / 1000
    collection = {"CollectionId": "cost"}
    calls = {
        "DetectFaces": [{"Image": image} for image in smiling.values()],
        "CompareFaces": [
            {"SourceImage": neutral[name], "TargetImage": smiling[name]} for name in neutral
        ],
        "IndexFaces": [
            {**collection, "Image": neutral[name], "ExternalImageId": name} for name in neutral
        ],
        "SearchFacesByImage": [{**collection, "Image": image} for image in smiling.values()],
    }
    costs: list[Cost] = []
    for operation, requests in calls.items():
        begun = time.process_time()
        for members in requests:
            _ask(wire, operation, members)
        seconds = (time.process_time() - begun) / len(requests) * 1000
        dollars = seconds / 3600 * DOLLARS_A_CORE_HOUR
        costs.append(Cost(operation, picture, kilobytes, seconds, dollars))
    return costs


def _ask(wire: Wire, operation: str, members: Mapping[str, object]) -> None:
    headers = [
        (b"host", b"localhost"),
        (b"x-amz-target", f"RekognitionService.{operation}".encode()),
    ]
    body = json.dumps(members).encode()
    answer = wire.answer(SignedRequest("POST", "/", "", headers, body), "id")
    assert answer.status == 200, answer.body


def _image(path: Path, side: int) -> dict[str, str]:
    file = io.BytesIO()
    with Image.open(path) as image:
        image.convert("RGB").resize((side, side)).save(file, "JPEG", quality=88)
    return {"Bytes": base64.b64encode(file.getvalue()).decode("ascii")}


def _row(cost: Cost) -> tuple[str, ...]:
    return (
        cost.operation,
        cost.picture,
        f"{cost.kilobytes:.0f}",
        f"{cost.cpu_seconds:.0f}",
        f"{cost.dollars:.4f}",
    )


if __name__ == "__main__":
    main()
