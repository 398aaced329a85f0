"""kill -9 at any moment of ``kith sort``: run again, or undo, and nothing shows it happened."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from processes import ended, running

from kith.adapters.recognition.memory import (
    DrawnFace,
    MemoryFaceCollection,
    draw_picture,
    hue_of_person,
)
from kith.domain.errors import NotFoundError
from kith.domain.face import Box
from kith.pipeline.sorting.manifest import STATE_FOLDER, read_runs
from kith.pipeline.sorting.plan import SortRequest, Way
from kith.pipeline.sorting.sort import sort_photos, undo_sort

RUN = """
import os, signal, sys
from pathlib import Path
from kith.adapters.recognition.memory import MemoryFaceCollection
from kith.pipeline.sorting.sort import sort_photos, undo_sort
from kith.pipeline.sorting.plan import SortRequest, Way

root, way, what, deaths = Path(sys.argv[1]), Way(sys.argv[2]), sys.argv[3], int(sys.argv[4])
seen = 0

def watch(event, arguments):
    # Every change of the file system announces itself; die right before the chosen one.
    global seen
    if event in {"os.link", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir"}:
        seen += 1
    elif event == "open" and arguments[1] in {"wb", "ab"}:
        seen += 1
    else:
        return
    if seen == deaths:
        os.kill(os.getpid(), signal.SIGKILL)

request = SortRequest(root / "people", root / "phone", root / "out", way=way, unmatched="Rest")
print("ready", flush=True)
sys.addaudithook(watch)
if what == "sort":
    sort_photos(request, MemoryFaceCollection(), workers=2)
else:
    undo_sort(root / "out")
"""
"""What the child does; it counts its own changes of the file system to die at a chosen one."""

PEOPLE = {"Anna": hue_of_person(0), "Bert": hue_of_person(4)}
PLACES = [Box(0.05, 0.1, 0.2, 0.3), Box(0.4, 0.1, 0.2, 0.3)]

if sys.platform == "win32":
    pytest.skip("there is no SIGKILL on Windows", allow_module_level=True)


def album(root: Path) -> SortRequest:
    """Two people; photos of each, of both and of nobody, with names that collide."""
    for name, hue in PEOPLE.items():
        write(root / "people" / f"{name}.png", [hue], 200)
    shown = [[0.0], [0.0, PEOPLE["Bert"]], [], [PEOPLE["Bert"]]]
    for number, hues in enumerate(shown):
        write(root / "phone" / str(number % 2) / f"IMG_{number // 2}.png", hues, 150 + number)
    return SortRequest(root / "people", root / "phone", root / "out", unmatched="Rest")


def write(path: Path, hues: list[float], gray: int) -> None:
    """Draw these people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    faces = [DrawnFace(hue, box) for hue, box in zip(hues, PLACES, strict=False)]
    path.write_bytes(draw_picture(faces, width=160, height=120, gray=gray))


def tree(root: Path) -> dict[str, bytes]:
    """Every file but Kith's own; whatever was half written shows as a file too many."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and STATE_FOLDER not in path.parts
    }


@contextmanager
def run_child(root: Path, way: Way, what: str, deaths: int) -> Generator[subprocess.Popen[str]]:
    """Start the child and wait until its imports are done; in the end it is killed."""
    with running(sys.executable, "-c", RUN, root, way.value, what, str(deaths)) as child:
        assert child.stdout is not None
        child.stdout.readline()
        yield child


def killed(root: Path, way: Way, what: str, deaths: int) -> bool:
    """Whether the child died of its own hand before it was done."""
    with run_child(root, way, what, deaths) as child:
        ended(child)
    return child.returncode == -signal.SIGKILL


@pytest.mark.parametrize("way", [Way.COPY, Way.MOVE])
def test_killed_at_random_steps_a_rerun_ends_as_an_undisturbed_run(
    tmp_path: Path, way: Way
) -> None:
    """Whatever the change of the file system at which it dies, and again while it is continued."""
    undisturbed = tmp_path / "undisturbed"
    request = album(undisturbed)
    untouched = tree(undisturbed)
    sort_photos(with_way(request, way), MemoryFaceCollection())
    steps = random.Random(way.value).sample(range(1, 23), 3)

    for number, step in enumerate(steps):
        root = tmp_path / str(number)
        request = with_way(album(root), way)
        assert killed(root, way, "sort", step)
        killed(root, way, "sort", step // 3 + 2)
        with suppress(NotFoundError):  # The second child may have moved everything away.
            sort_photos(request, MemoryFaceCollection())
        assert tree(root) == tree(undisturbed), f"killed before change {step}"
        assert (root / "out" / STATE_FOLDER / "report.json").exists()

        killed(root, way, "undo", step // 2 + 1)
        undo_rest(root / "out")
        assert tree(root) == untouched, f"undone after a kill before change {step}"


@pytest.mark.parametrize("way", [Way.HARDLINK, Way.MOVE])
def test_a_run_killed_at_a_random_moment_can_be_undone(tmp_path: Path, way: Way) -> None:
    """From outside, at a moment nobody chose: undo brings back the tree as it was."""
    for number in range(2):
        root = tmp_path / str(number)
        album(root)
        untouched = tree(root)
        with run_child(root, way, "sort", deaths=0):
            time.sleep(random.Random(number).uniform(0.0, 0.08))

        undo_rest(root / "out")

        assert tree(root) == untouched


def with_way(request: SortRequest, way: Way) -> SortRequest:
    """The request, done another way."""
    return SortRequest(
        request.reference, request.photos, request.out, way=way, unmatched=request.unmatched
    )


def undo_rest(out: Path) -> None:
    """Undo whatever is left to undo; nothing may have to stay."""
    try:
        undo_sort(out, every=True)
    except NotFoundError:
        return
    assert not any(run.kept for run in read_runs(out / STATE_FOLDER))
