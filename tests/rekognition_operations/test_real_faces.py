"""Real faces through an unmodified boto3 client, over the local engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kith.adapters.recognition.local import LocalFaceCollection, LocalRecognizer
from kith.adapters.recognition.local.collections import LocalCollections
from kith.database.open import open_database
from kith.engine.engine import Engine
from kith.imaging.picture import Picture
from kith.pipeline.rekognition.images import Images
from kith.pipeline.rekognition.kit import Kit
from kith.pipeline.rekognition.operations import operations_over
from kith.ports.recognition import IndexEntry
from kith.rekognition.errors import Kind, RekognitionError
from kith.rekognition.interface import Call

pytestmark = [pytest.mark.weights, pytest.mark.photos]

Refusal = Callable[..., tuple[str, str]]


def test_everyone_is_found_first(real_door: Any, photos: Path, jpeg: Callable[..., bytes]) -> None:
    """Of 51 people, the smiling picture finds the neutral one first, and no stranger at 80 %."""
    people = sorted(path.parent for path in (photos / "portraits").glob("*/neutral.jpg"))
    for person in people:
        real_door.index(_small(person / "neutral.jpg", jpeg), person.name)

    first = 0
    strangers: list[float] = []
    for person in people:
        answer = real_door.client.search_faces_by_image(
            CollectionId="c",
            Image={"Bytes": _small(person / "smiling.jpg", jpeg)},
            FaceMatchThreshold=0,
        )
        best = answer["FaceMatches"][0]
        first += best["Face"]["ExternalImageId"] == person.name and best["Similarity"] >= 80
        strangers += [match["Similarity"] for match in answer["FaceMatches"][1:]]

    assert len(people) == 51
    assert first == 51
    assert max(strangers) < 80


def test_a_tight_crop_is_found(real_door: Any, jpeg: Callable[..., bytes], photos: Path) -> None:
    """A face that was cut out along its own box is found, and whose it is."""
    original = Image.open(photos / "portraits" / "001" / "neutral.jpg")
    record = real_door.index(_jpeg_of(original, jpeg), "001")["FaceRecords"][0]
    real_door.index(_small(photos / "portraits" / "003" / "neutral.jpg", jpeg), "003")
    box = record["Face"]["BoundingBox"]
    left, top = box["Left"] * original.width, box["Top"] * original.height
    right, bottom = left + box["Width"] * original.width, top + box["Height"] * original.height
    crop = original.crop((round(left), round(top), round(right), round(bottom)))

    for size in (crop.size, (120, round(120 * crop.height / crop.width))):
        found = real_door.client.search_faces_by_image(
            CollectionId="c", Image={"Bytes": jpeg(crop.resize(size).convert("RGB"))}
        )
        assert found["FaceMatches"][0]["Face"]["ExternalImageId"] == "001"
        assert len(found["FaceMatches"]) == 1


def test_boxes_are_of_the_upright_picture(
    real_door: Any, photos: Path, jpeg: Callable[..., bytes]
) -> None:
    """A JPEG that EXIF turns has its boxes where they are once it is turned."""
    upright = Image.open(photos / "portraits" / "001" / "neutral.jpg").convert("RGB")
    upright = upright.resize((500, 500)).crop((0, 0, 500, 420))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = jpeg(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)

    (one,), (other,) = (
        real_door.client.detect_faces(Image={"Bytes": data})["FaceDetails"]
        for data in (jpeg(upright), turned)
    )

    for side in ("Left", "Top", "Width", "Height"):
        assert one["BoundingBox"][side] == pytest.approx(other["BoundingBox"][side], abs=0.03)


def test_a_family(real_door: Any, photos: Path) -> None:
    """Three pictures of a family give one person per member; profiles are left out, and say so."""
    left: list[list[str]] = []
    for path in sorted((photos / "family").glob("pexels-agung*.jpg")):
        answer = real_door.index(path.read_bytes(), path.name)
        left += [row["Reasons"] for row in answer["UnindexedFaces"]]
    faces = real_door.client.list_faces(CollectionId="c")["Faces"]

    seen = {face["FaceId"]: (face["ExternalImageId"][-5], _left(face)) for face in faces}
    groups = set[frozenset[tuple[str, float]]]()
    for face in faces:
        found = real_door.client.search_faces(CollectionId="c", FaceId=face["FaceId"])
        ids = [face["FaceId"], *(match["Face"]["FaceId"] for match in found["FaceMatches"])]
        groups.add(frozenset(seen[each] for each in ids))

    child = {("6", 0.5), ("7", 0.5), ("8", 0.7)}
    mother = {("7", 0.7), ("8", 0.7)}
    father = {("8", 0.5)}
    assert groups == {frozenset(child), frozenset(mother), frozenset(father)}
    assert [reasons[0] for reasons in left] == ["EXTREME_POSE"] * 3


def _left(face: Any) -> float:
    """Where a face begins, in tenths of the picture's width."""
    return round(face["BoundingBox"]["Left"], 1)


def test_the_librarys_faces(engine: Engine, tmp_path: Path, photographed_album: Any) -> None:
    """What was added to the library can be listed and searched, and not be changed."""
    database = open_database(tmp_path / "library.db")
    library = LocalFaceCollection(engine, database)
    picture = Picture(photographed_album.both)
    (row,) = library.index([IndexEntry(picture.photo_id, picture)])
    operations = operations_over(_kit(engine, LocalCollections(engine, database)))
    call = Call("any", "1")

    def ask(operation: str, **members: Any) -> Any:
        return operations[operation]({"CollectionId": "library", **members}, call)

    listed = ask("ListFaces")["Faces"]
    found = ask("SearchFacesByImage", Image={"Bytes": photographed_album.anna})
    facts = ask("DescribeCollection")

    assert operations["ListCollections"]({}, call)["CollectionIds"] == ["library"]
    assert [face["FaceId"] for face in listed] == [face.id for face in row.faces]
    assert {face["ExternalImageId"] for face in listed} == {picture.photo_id}
    assert [match["Face"]["FaceId"] for match in found["FaceMatches"]] == [row.faces[0].id]
    assert facts["FaceCount"] == 2
    for operation, members in (
        ("IndexFaces", {"Image": {"Bytes": photographed_album.anna}}),
        ("DeleteFaces", {"FaceIds": [listed[0]["FaceId"]]}),
        ("CreateUser", {"UserId": "u"}),
        ("DeleteCollection", {}),
    ):
        with pytest.raises(RekognitionError) as caught:
            ask(operation, **members)
        assert caught.value.kind is Kind.ACCESS_DENIED
    database.close()


def test_a_collection_is_there_after_a_restart(
    engine: Engine, tmp_path: Path, photographed_album: Any
) -> None:
    """What was acknowledged is there when the process is gone, and found through a new index."""
    ids = list[list[str]]()
    for _ in range(2):
        database = open_database(tmp_path / "library.db")
        collections = LocalCollections(engine, database, index_folder=tmp_path / "index")
        operations = operations_over(_kit(engine, collections))
        if not ids:
            operations["CreateCollection"]({"CollectionId": "c"}, Call("", ""))
            members = {"CollectionId": "c", "Image": {"Bytes": photographed_album.both}}
            operations["IndexFaces"]({**members, "ExternalImageId": "x"}, Call("", ""))
        image = {"Bytes": photographed_album.anna}
        found = operations["SearchFacesByImage"](
            {"CollectionId": "c", "Image": image, "FaceMatchThreshold": 0.0}, Call("", "")
        )
        ids.append([match["Face"]["FaceId"] for match in found["FaceMatches"]])
        collections.close()
        database.close()

    assert len(ids[0]) == 2
    assert ids[0] == ids[1]


def _kit(engine: Engine, collections: LocalCollections) -> Kit:
    return Kit(collections, LocalRecognizer(engine), Images(None))


def _small(path: Path, jpeg: Callable[..., bytes]) -> bytes:
    with Image.open(path) as image:
        return jpeg(image.convert("RGB").resize((600, 600)))


def _jpeg_of(image: Image.Image, jpeg: Callable[..., bytes]) -> bytes:
    return jpeg(image.convert("RGB"))
