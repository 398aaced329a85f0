"""``kith sort`` of the photos that a query means: these files, wherever they lie."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    draw_picture,
    hue_of_person,
)
from kith.domain.errors import NotFoundError, UsageError
from kith.domain.face import Box
from kith.pipeline.sorting.as_json import plan_from_json, plan_to_json
from kith.pipeline.sorting.plan import SortRequest
from kith.pipeline.sorting.sort import plan_sort, sort_photos

ANNA, BERT = hue_of_person(0), hue_of_person(4)


def _draw(path: Path, hue: float, gray: int = 200) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(draw_picture([DrawnFace(hue, Box(0.3, 0.1, 0.3, 0.5))], gray=gray))
    return path


@pytest.fixture
def request_(tmp_path: Path) -> SortRequest:
    """Anna and Bert as references, and a library of photos that lie anywhere."""
    _draw(tmp_path / "people" / "Anna.png", ANNA)
    _draw(tmp_path / "people" / "Bert.png", BERT)
    library = tmp_path / "library"
    library.mkdir()
    return SortRequest(tmp_path / "people", library, tmp_path / "out", query="taken:2024")


def _placed(request: SortRequest) -> list[str]:
    return sorted(path.relative_to(request.out).as_posix() for path in request.out.glob("*/*.png"))


def test_only_the_files_named_are_sorted(request_: SortRequest, tmp_path: Path) -> None:
    """No neighbor, no reference, nothing sorted before; a file that is gone is a row."""
    named = [
        _draw(tmp_path / "b" / "bert.png", BERT, gray=180),
        _draw(tmp_path / "a" / "anna.png", ANNA, gray=180),
        tmp_path / "a" / "gone.png",
        tmp_path / "people" / "Anna.png",
        _draw(tmp_path / "out" / "Anna" / "old.png", ANNA, gray=170),
    ]
    _draw(tmp_path / "a" / "another.png", ANNA, gray=190)
    _draw(tmp_path / "library" / "derived.png", ANNA, gray=160)

    result = sort_photos(request_, MemoryFaceCollection(), files=named)

    assert _placed(request_) == ["Anna/anna.png", "Anna/old.png", "Bert/bert.png"]
    assert [problem.path.name for problem in result.plan.problems] == ["gone.png"]
    assert [one.photo.name for one in result.plan.placements] == ["anna.png", "bert.png"]


def test_the_query_is_part_of_the_plan(request_: SortRequest, tmp_path: Path) -> None:
    """A manifest says what was asked; one of a version without queries can be read."""
    plan = plan_sort(
        request_, MemoryFaceCollection(), files=[_draw(tmp_path / "a.png", ANNA, gray=180)]
    )
    document = json.loads(json.dumps(plan_to_json(plan)))

    assert plan_from_json(document) == plan
    del document["request"]["query"]
    assert plan_from_json(document).request == replace(plan.request, query=None)


def test_a_query_that_means_no_photo_is_said(request_: SortRequest) -> None:
    """Nothing is made where there is nothing to sort."""
    with pytest.raises(NotFoundError, match="for taken:2024"):
        sort_photos(request_, MemoryFaceCollection())


def test_the_library_is_no_place_to_sort_into(request_: SortRequest) -> None:
    """A person's folder must not hold the library."""
    (request_.out / "Anna" / "library").mkdir(parents=True)

    with pytest.raises(UsageError, match="Choose another --out"):
        sort_photos(
            replace(request_, photos=request_.out / "Anna" / "library"), MemoryFaceCollection()
        )
