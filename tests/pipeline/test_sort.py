"""``kith sort``: who lands where, and back again. Faces are drawn, everything else is real."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    draw_picture,
    hue_of_person,
)
from kith.domain.errors import LibraryBusyError, NotFoundError, UsageError
from kith.domain.face import Box
from kith.pipeline.sorting.as_json import plan_from_json, plan_to_json
from kith.pipeline.sorting.manifest import STATE_FOLDER
from kith.pipeline.sorting.plan import SortRequest, Way
from kith.pipeline.sorting.sort import plan_sort, sort_photos, undo_sort

ANNA, BERT, CLEO, STRANGER = (hue_of_person(number) for number in (0, 4, 8, 12))
PLACES = [Box(0.05, 0.1, 0.2, 0.3), Box(0.4, 0.1, 0.2, 0.3), Box(0.7, 0.1, 0.2, 0.3)]
WAYS = [Way.COPY, Way.HARDLINK, Way.SYMLINK, Way.MOVE]


def draw(path: Path, *hues: float, gray: int = 200) -> bytes:
    """A picture at this path that shows these people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    faces = [DrawnFace(hue, box) for hue, box in zip(hues, PLACES, strict=False)]
    path.write_bytes(draw_picture(faces, gray=gray))
    return path.read_bytes()


@pytest.fixture
def request_(tmp_path: Path) -> SortRequest:
    """Anna and Bert, and a phone that holds photos of them and others."""
    draw(tmp_path / "people" / "Anna.png", ANNA)
    draw(tmp_path / "people" / "Bert" / "one.png", BERT)
    draw(tmp_path / "people" / "Bert" / "two.png", BERT + 1, gray=180)
    phone = tmp_path / "phone"
    draw(phone / "IMG_1.png", ANNA + 1, gray=190)
    draw(phone / "trip" / "IMG_1.png", ANNA + 2, BERT, gray=180)
    draw(phone / "trip" / "copy of it.png", ANNA + 2, BERT, gray=180)
    draw(phone / "stranger.png", STRANGER)
    draw(phone / "nobody.png")
    (phone / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    (phone / "film.mp4").write_bytes(b"film")
    draw(phone / ".trash" / "IMG_9.png", ANNA)
    draw(phone / "@eaDir" / "IMG_9.png", ANNA)
    draw(phone / "kept out" / "IMG_9.png", ANNA)
    (phone / "kept out" / ".nomedia").touch()
    return SortRequest(tmp_path / "people", phone, tmp_path / "out")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below the folder but Kith's own, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and STATE_FOLDER not in path.parts
    }


@pytest.mark.parametrize("way", WAYS)
def test_every_photo_lands_with_each_person_it_shows(request_: SortRequest, way: Way) -> None:
    """Several people, several folders; equal bytes once; a second IMG_1 gets a suffix."""
    before = tree(request_.photos)

    sort_photos(replace(request_, way=way, unmatched="_Unmatched"), MemoryFaceCollection())

    assert tree(request_.out) == {
        "Anna/IMG_1.png": before["IMG_1.png"],
        "Anna/IMG_1 (2).png": before["trip/IMG_1.png"],
        "Bert/IMG_1.png": before["trip/IMG_1.png"],
        "_Unmatched/nobody.png": before["nobody.png"],
        "_Unmatched/stranger.png": before["stranger.png"],
    }


def test_only_a_move_takes_files_away(request_: SortRequest) -> None:
    """Originals are read-only otherwise; what is refused or a further copy stays even then."""
    before = tree(request_.photos)

    sort_photos(request_, MemoryFaceCollection())
    assert tree(request_.photos) == before

    undo_sort(request_.out)
    sort_photos(replace(request_, way=Way.MOVE), MemoryFaceCollection())
    assert set(before) - set(tree(request_.photos)) == {"IMG_1.png", "trip/IMG_1.png"}
    anna, bert = request_.out / "Anna" / "IMG_1 (2).png", request_.out / "Bert" / "IMG_1.png"
    assert anna.samefile(bert)


def test_a_plan_touches_nothing_and_leaves_the_collection_as_it_was(request_: SortRequest) -> None:
    """Faces that the collection held stay, all others are forgotten, and no file is written."""
    collection = MemoryFaceCollection()
    before = tree(request_.photos.parent)

    plan = plan_sort(request_, collection, workers=3)

    assert tree(request_.photos.parent) == before
    assert not request_.out.exists()
    assert list(collection.faces()) == []
    assert plan_from_json(json.loads(json.dumps(plan_to_json(plan)))) == plan


def test_the_plan_carries_the_evidence(request_: SortRequest) -> None:
    """Person, reference picture, similarity and box of every placement; a row for a bad file."""
    plan = plan_sort(request_, MemoryFaceCollection())

    evidence = next(one.evidence for one in plan.placements if one.target.parts[0] == "Bert")
    assert evidence is not None
    assert evidence.reference == request_.reference / "Bert" / "one.png"
    assert evidence.similarity == pytest.approx(100, abs=0.5)
    assert evidence.box.overlap(PLACES[1]) > 0.9
    assert [problem.path.name for problem in plan.problems] == ["broken.jpg"]
    assert plan.other_files == ((".mp4", 1),)
    assert (plan.photo_count, plan.unmatched_count) == (4, 2)


def test_a_face_is_the_person_it_resembles_most(request_: SortRequest) -> None:
    """A look-alike within the least similarity does not get the photo as well."""
    draw(request_.reference / "Anna's sister.png", ANNA + 3)

    plan = plan_sort(request_, MemoryFaceCollection())

    where = {one.photo.relative_to(request_.photos): str(one.target) for one in plan.placements}
    assert where[Path("IMG_1.png")] == "Anna/IMG_1.png"
    assert len([one for one in plan.placements if "sister" in str(one.target)]) == 1
    assert "same person" in plan.warnings[0].reason


def test_a_reference_picture_among_the_photos_is_a_photo_too(request_: SortRequest) -> None:
    """The picture of which a reference is a copy lands in that person's folder."""
    shutil.copy(request_.reference / "Anna.png", request_.photos / "portrait.png")

    result = sort_photos(request_, MemoryFaceCollection())

    assert (request_.out / "Anna" / "portrait.png").exists()
    assert not result.failed


def test_all_unfit_references_are_named_before_anything_happens(request_: SortRequest) -> None:
    """Without a face, with several, unreadable, or an empty folder: one error names them all."""
    draw(request_.reference / "Nobody.png")
    draw(request_.reference / "Twins.png", ANNA, BERT)
    (request_.reference / "Broken.jpg").write_bytes(b"")
    (request_.reference / "Empty").mkdir()

    with pytest.raises(UsageError) as caught:
        sort_photos(request_, MemoryFaceCollection())

    assert all(name in str(caught.value) for name in ("Nobody", "Twins", "Broken", "Empty"))
    assert "shows 2 faces" in str(caught.value)
    assert not request_.out.exists()


def test_folders_that_contradict_each_other_are_refused(request_: SortRequest) -> None:
    """Photos in the references, the result among the references, or onto the photos: an error."""
    for unfit in (
        replace(request_, photos=request_.reference / "Bert"),
        replace(request_, out=request_.reference / "out"),
        replace(request_, out=request_.photos),
        replace(request_, out=request_.reference.parent / "phone" / "film.mp4"),
        replace(request_, unmatched="a/b"),
        replace(request_, unmatched="anna"),
        replace(request_, min_similarity=0),
    ):
        with pytest.raises(UsageError):
            plan_sort(unfit, MemoryFaceCollection())
    with pytest.raises(NotFoundError):
        plan_sort(replace(request_, photos=request_.out), MemoryFaceCollection())


def test_a_second_run_places_nothing_twice(request_: SortRequest) -> None:
    """Within the photos, too, the folder of results is no source; a rerun changes nothing."""
    inside = replace(request_, out=request_.photos / "sorted")
    sort_photos(inside, MemoryFaceCollection())
    before = tree(request_.photos)

    result = sort_photos(inside, MemoryFaceCollection())

    assert tree(request_.photos) == before
    assert all(placement.present for placement in result.plan.placements)


def test_the_users_own_files_are_never_overwritten(request_: SortRequest) -> None:
    """A file of the same name that lay there before keeps its bytes, and survives an undo."""
    own = request_.out / "Anna" / "img_1.PNG"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"mine")

    sort_photos(request_, MemoryFaceCollection())
    assert (request_.out / "Anna" / "IMG_1 (2).png").exists()

    undo_sort(request_.out)
    assert tree(request_.out) == {"Anna/img_1.PNG": b"mine"}


@pytest.mark.parametrize("way", WAYS)
def test_undo_restores_the_tree_exactly(request_: SortRequest, way: Way) -> None:
    """Files, bytes and folders are as they were before; a further undo finds nothing to do."""
    root = request_.photos.parent
    before = tree(root)

    sort_photos(replace(request_, way=way, unmatched="Rest"), MemoryFaceCollection())
    (run,) = undo_sort(request_.out)

    assert tree(root) == before
    assert [path.name for path in request_.out.iterdir()] == [STATE_FOLDER]
    assert not run.kept
    with pytest.raises(NotFoundError):
        undo_sort(request_.out)


def test_undo_keeps_what_would_be_lost(request_: SortRequest) -> None:
    """A changed copy and one whose original is gone stay, each with the reason."""
    sort_photos(request_, MemoryFaceCollection())
    (request_.out / "Anna" / "IMG_1.png").write_bytes(b"edited")
    (request_.photos / "trip" / "IMG_1.png").unlink()

    (run,) = undo_sort(request_.out)

    reasons = {problem.path.name: problem.reason for problem in run.kept.values()}
    assert "changed" in reasons["IMG_1.png"] or "last" in reasons["IMG_1.png"]
    assert set(tree(request_.out)) == {"Anna/IMG_1.png", "Anna/IMG_1 (2).png", "Bert/IMG_1.png"}


def test_a_moved_photo_goes_back_only_to_a_free_place(request_: SortRequest) -> None:
    """What the user put there meanwhile stays, and so does the photo; later it can go back."""
    moved = replace(request_, way=Way.MOVE)
    before = tree(request_.photos)
    sort_photos(moved, MemoryFaceCollection())
    (request_.photos / "IMG_1.png").write_bytes(b"new")

    (run,) = undo_sort(request_.out)
    assert [problem.path.name for problem in run.kept.values()] == ["IMG_1.png"]
    assert (request_.photos / "IMG_1.png").read_bytes() == b"new"

    (request_.photos / "IMG_1.png").unlink()
    undo_sort(request_.out)
    assert tree(request_.photos) == before


def test_a_photo_that_changes_after_planning_is_a_row(request_: SortRequest) -> None:
    """It is not placed as what it no longer is, and the others are."""
    photo = request_.photos / "IMG_1.png"

    def change(step: object) -> None:
        if getattr(step, "name", "") == "folders" and photo.exists():
            photo.unlink()

    result = sort_photos(request_, MemoryFaceCollection(), listener=change)

    assert [problem.path for problem in result.failed] == [photo]
    assert (request_.out / "Bert" / "IMG_1.png").exists()


def test_an_interrupted_search_goes_on_where_it_was(request_: SortRequest) -> None:
    """After Ctrl-C the same command asks only for the photos that it has no answer for."""
    for number in range(40):
        draw(request_.photos / f"more {number}.png", ANNA, gray=120 + number)
    asked: list[int] = []

    def stop(step: object) -> None:
        if getattr(step, "name", "") == "photos":
            asked.append(getattr(step, "total", 0))
            if len(asked) == 17:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sort_photos(request_, MemoryFaceCollection(), workers=2, listener=stop)
    sort_photos(request_, MemoryFaceCollection(), workers=2, listener=stop)

    assert asked[-1] < asked[0] - 12
    assert len(tree(request_.out)) == 43
    assert not (request_.out / STATE_FOLDER / "answers.jsonl").exists()


def test_two_runs_at_once_do_not_mix(request_: SortRequest) -> None:
    """The second is told that another one is at work."""

    def second(step: object) -> None:
        if getattr(step, "name", "") == "folders":
            with pytest.raises(LibraryBusyError):
                sort_photos(request_, MemoryFaceCollection())

    sort_photos(request_, MemoryFaceCollection(), listener=second)


@pytest.mark.parametrize("way", [Way.HARDLINK, Way.MOVE])
def test_other_file_systems(request_: SortRequest, way: Way) -> None:
    """Hard links across are refused with advice; a move is a verified copy and can be undone."""
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == request_.photos.stat().st_dev:
        pytest.skip("there is no second file system to write to")
    out = other / f"kith-sort-{os.getpid()}-{way}"
    across = replace(request_, out=out, way=way)
    before = tree(request_.photos)
    try:
        if way is Way.HARDLINK:
            with pytest.raises(UsageError, match="--copy"):
                sort_photos(across, MemoryFaceCollection())
            assert not tree(out)
        else:
            sort_photos(across, MemoryFaceCollection())
            assert "IMG_1.png" not in tree(request_.photos)
            assert tree(out)["Anna/IMG_1.png"] == before["IMG_1.png"]
            undo_sort(out)
        assert tree(request_.photos) == before
    finally:
        shutil.rmtree(out, ignore_errors=True)


@settings(max_examples=15, deadline=None)
@given(
    shown=st.lists(st.sets(st.sampled_from([ANNA, BERT, CLEO]), max_size=3), max_size=8),
    way=st.sampled_from(WAYS),
)
def test_any_album_is_sorted_and_restored(
    tmp_path_factory: pytest.TempPathFactory, shown: list[set[float]], way: Way
) -> None:
    """For any photos: everyone's folder holds exactly their photos, and undo restores the tree."""
    root = tmp_path_factory.mktemp("album")
    names = {ANNA: "Anna", BERT: "Bert", CLEO: "Cleo"}
    for hue, name in names.items():
        draw(root / "people" / f"{name}.png", hue)
    (root / "phone").mkdir()
    photos = [
        draw(root / "phone" / str(number % 3) / f"{number // 3}.png", *hues, gray=150 + number)
        for number, hues in enumerate(shown)
    ]
    if not photos:
        draw(root / "phone" / "nobody.png")
    before = tree(root)

    request = SortRequest(root / "people", root / "phone", root / "out", way=way)
    sort_photos(request, MemoryFaceCollection(), workers=2)

    placed = tree(root / "out")
    for hue, name in names.items():
        own = sorted(data for path, data in placed.items() if path.startswith(f"{name}/"))
        assert own == sorted(data for data, hues in zip(photos, shown, strict=True) if hue in hues)
    if placed:
        undo_sort(root / "out")
    assert tree(root) == before
