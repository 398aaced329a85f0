"""How much the queue's first questions settle.

    python -m benchmarks.review [--pack open] [--questions 100] [--orders 3]

All pictures of ``photos/lfw`` are recognized once. Then they arrive in shuffled order as with `kith
add`, and the queue's questions are answered as somebody would who knows everyone: two groups are
one person if most of their labelled faces are. Every answer goes through the journal. Pairwise
recall is the share of pairs of labelled faces of one person that are together; pairwise precision
is the share of pairs that are together and show one person. Wrong labels of LFW that are known
(``benchmarks/labelled.py``) are put right. The *gain* is the part of the missing recall that the
answers brought.

The last table fits the chance that two groups are one person to their likeness, over all pairs that
each order's grouping leaves, and shows it beside what ``kith.grouping.questions`` has.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled import ERRATA, MODELS, PHOTOS, SAME_PERSON, central_face
from benchmarks.plot import Line, plot
from benchmarks.report import OUT, RESULTS, Section, publish
from kith.adapters.catalog.memory import MemoryCatalog
from kith.compose import open_library
from kith.config import Settings
from kith.domain.face import FaceId
from kith.domain.photo import Place
from kith.grouping.questions import EVEN_LIKENESS, FLOOR, STEEPNESS, Ties
from kith.pipeline.add_photo import Arrival, Finisher, prepare
from kith.pipeline.library import Library
from kith.pipeline.review import Answer, Question, Review, Side
from kith.pipeline.review.forbidden import Forbidden
from kith.pipeline.review.subjects import Subjects
from kith.ports.catalog import Catalog

Labels = Mapping[FaceId, str]


@dataclass(frozen=True, slots=True)
class Point:
    """How good the groups are after so many questions."""

    questions: int
    yes: int
    recall: float
    precision: float


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic curve of the chance over likeness, and the pairs to which it was fitted."""

    even_likeness: float
    steepness: float
    pairs: int
    same: int


@dataclass(frozen=True, slots=True)
class Run:
    """One order of arrival."""

    curve: Sequence[Point]
    fit: Fit
    milliseconds_per_question: float


def main() -> None:
    """Recognize, group in several orders, ask, publish."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pack", default="open")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--orders", type=int, default=3)
    chosen = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=OUT) as folder:
        settings = Settings(library=Path(folder), models=MODELS, pack=chosen.pack)
        with open_library(settings, writing=True) as library:
            arrivals = recognize(library)
            labels = labels_of(arrivals)
            runs = [
                run(library, arrivals, labels, o, chosen.questions) for o in range(chosen.orders)
            ]
    report(chosen.pack, runs)


def recognize(library: Library) -> list[Arrival]:
    """Every picture of LFW with its faces; nothing of it is in a catalog yet."""
    empty = replace(library, catalog=MemoryCatalog())
    arrivals: list[Arrival] = []
    batch: list[Place] = []
    for path in sorted((PHOTOS / "lfw").glob("*/*.jpg")):
        status = path.stat()
        batch.append(Place(str(path), status.st_size, status.st_mtime_ns))
        if len(batch) == 32:
            arrivals += prepare(empty, batch)
            batch.clear()
    return [*arrivals, *prepare(empty, batch)]


def labels_of(arrivals: Sequence[Arrival]) -> Labels:
    """Who is in the middle of each picture, where LFW's label is not known to be wrong."""
    labels: dict[FaceId, str] = {}
    for arrival in arrivals:
        name = Path(arrival.place.path).stem
        if arrival.faces and name not in ERRATA:
            central = central_face([face.detail for face in arrival.faces])
            person = name.rpartition("_")[0]
            (face_id,) = (face.id for face in arrival.faces if face.detail is central)
            labels[face_id] = SAME_PERSON.get(person, person)
    return labels


def run(
    library: Library, arrivals: Sequence[Arrival], labels: Labels, seed: int, questions: int
) -> Run:
    """Let the photos arrive in one order, then ask and answer."""
    grown = replace(library, catalog=MemoryCatalog())
    finisher = Finisher(grown, lambda _: None)
    for position in np.random.default_rng(seed).permutation(len(arrivals)):
        finisher.finish([arrivals[int(position)]])
    fitted = fit(*pairs_of(grown, labels))
    begun = time.process_time()
    review = Review(grown, by="somebody who knows")
    curve = [_measure(grown.catalog, labels, 0, 0)]
    spent = time.process_time() - begun
    for number in range(1, questions + 1):
        begun = time.process_time()
        asked = review.next()
        if not asked:
            break
        same = _are_same(asked[0], grown.catalog, labels)
        review.answer(asked[0], Answer.YES if same else Answer.NO)
        spent += time.process_time() - begun
        curve.append(_measure(grown.catalog, labels, number, curve[-1].yes + same))
    return Run(curve, fitted, 1000 * spent / max(1, len(curve) - 1))


def _are_same(question: Question, catalog: Catalog, labels: Labels) -> bool:
    one, other = (_label(side, catalog, labels) for side in (question.one, question.other))
    return one is not None and one == other


def _label(side: Side, catalog: Catalog, labels: Labels) -> str | None:
    """Whom most of a side's labelled faces show."""
    face_ids = [FaceId(side.id)]
    if side.person:
        face_ids = [each.face_id for each in catalog.appearances([side.person.id])]
    counted = Counter(labels[face_id] for face_id in face_ids if face_id in labels)
    return max(counted, key=counted.__getitem__, default=None)


def _measure(catalog: Catalog, labels: Labels, questions: int, yes: int) -> Point:
    whose = catalog.appearances_of(labels.keys())
    found = [whose[id_].person_id if id_ in whose else id_ for id_ in labels]
    together, right = Counter(found), Counter(zip(found, labels.values(), strict=True))
    pairs = [_pairs(counts.values()) for counts in (right, Counter(labels.values()), together)]
    return Point(questions, yes, recall=pairs[0] / pairs[1], precision=pairs[0] / pairs[2])


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


# -- the chance ------------------------------------------------------------------------------------


def pairs_of(library: Library, labels: Labels) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The likeness of every pair that may be asked about, and whether it is one person.

    Pairs of which a side shows nobody with a label are left out.
    """
    subjects, forbidden = Subjects(library.catalog), Forbidden(library.catalog)
    ties = Ties(subjects.fragments)
    for number, fragment in enumerate(subjects.fragments):
        asked = fragment.representatives
        found = library.collection.search(asked, min_similarity=FLOOR, limit=1024)
        ties.hear(number, dict(zip(asked, found, strict=True)))
    who = [
        Counter(labels[each.face_id] for each in fragment.members if each.face_id in labels)
        for fragment in subjects.fragments
    ]
    rows: list[tuple[float, bool]] = []
    for one in range(len(subjects.fragments)):
        for other in filter(one.__lt__, ties.near(one)):
            sides = subjects.of(one), subjects.of(other)
            known = who[one] and who[other]
            if known and sides[0] and sides[1] and not forbidden.forbids(sides[0], sides[1]):
                same = who[one].most_common(1)[0][0] == who[other].most_common(1)[0][0]
                rows.append((ties.likeness([one], [other]), same))
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows], bool)


def fit(likeness: NDArray[np.float64], same: NDArray[np.bool_]) -> Fit:
    """Logistic regression by Newton's method."""
    inputs = np.stack([np.ones_like(likeness), likeness], axis=1)
    weights = np.zeros(2)
    for _ in range(30):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (same - chances)
        bend = (inputs * (chances * (1 - chances))[:, np.newaxis]).T @ inputs
        weights += np.linalg.solve(bend, slope)
    return Fit(
        even_likeness=float(-weights[0] / weights[1]),
        steepness=float(weights[1]),
        pairs=len(same),
        same=int(same.sum()),
    )


# -- the report ------------------------------------------------------------------------------------


def report(pack: str, runs: Sequence[Run]) -> None:
    """Tables, numbers and the curve."""
    name = "review" if pack == "open" else f"review-{pack}"
    numbers = {"pack": pack, "orders": [asdict(one) for one in runs]}
    note = (__doc__ or "") + f"\n![The curve]({name}.svg)\n"
    publish(name, [_figures(pack, runs), _progress(runs), _fits(runs)], numbers, note)
    curves = [
        Line(f"recall, order {order + 1}", [(p.questions, p.recall) for p in one.curve])
        for order, one in enumerate(runs)
    ]
    curves += [
        Line("lowest precision of the orders", _lowest([one.curve for one in runs]), dashed=True)
    ]
    goal = max((1 + one.curve[0].recall) / 2 for one in runs)
    picture = plot(
        f"Pairs of LFW's faces, pack {pack}",
        ("questions answered", "share of pairs"),
        curves,
        goal=("half of what was missing", goal),
    )
    (RESULTS / f"{name}.svg").write_text(picture, encoding="utf-8")


def _lowest(curves: Sequence[Sequence[Point]]) -> list[tuple[float, float]]:
    rows = zip(*curves, strict=False)
    return [(row[0].questions, min(point.precision for point in row)) for row in rows]


def _figures(pack: str, runs: Sequence[Run]) -> Section:
    rows = [
        ("recall before", *(f"{one.curve[0].recall:.4f}" for one in runs)),
        (
            f"recall after {len(runs[0].curve) - 1}",
            *(f"{one.curve[-1].recall:.4f}" for one in runs),
        ),
        ("gain", *(f"{_gain(one.curve[-1], one):.3f}" for one in runs)),
        ("questions to a gain of 0.5", *(_questions_to(0.5, one) for one in runs)),
        ("answered yes", *(str(one.curve[-1].yes) for one in runs)),
        ("lowest precision", *(f"{min(p.precision for p in one.curve):.4f}" for one in runs)),
        ("ms per question and answer", *(f"{one.milliseconds_per_question:.0f}" for one in runs)),
    ]
    orders = tuple(f"order {order + 1}" for order in range(len(runs)))
    return Section(f"The queue on LFW, pack {pack}", ("", *orders), rows)


def _progress(runs: Sequence[Run]) -> Section:
    steps = [step for step in (1, 5, 10, 25, 50, 75, 100) if step < len(runs[0].curve)]
    rows = [
        (
            str(step),
            *(f"{one.curve[step].recall:.4f} / {one.curve[step].precision:.4f}" for one in runs),
        )
        for step in steps
    ]
    orders = tuple(f"order {order + 1}" for order in range(len(runs)))
    return Section("Recall / precision by questions", ("questions", *orders), rows)


def _fits(runs: Sequence[Run]) -> Section:
    rows = [(f"order {order + 1}", *_text(one.fit)) for order, one in enumerate(runs)]
    rows.append(("kith.grouping.questions", f"{EVEN_LIKENESS:.2f}", f"{STEEPNESS:.2f}", "", ""))
    columns = ("", "even likeness", "steepness", "pairs", "of one person")
    return Section("The chance that two groups are one person", columns, rows)


def _text(fitted: Fit) -> tuple[str, ...]:
    return (
        f"{fitted.even_likeness:.2f}",
        f"{fitted.steepness:.2f}",
        str(fitted.pairs),
        str(fitted.same),
    )


def _gain(point: Point, one: Run) -> float:
    return (point.recall - one.curve[0].recall) / (1 - one.curve[0].recall)


def _questions_to(gain: float, one: Run) -> str:
    reached = (point.questions for point in one.curve if _gain(point, one) >= gain)
    return str(next(reached, "not reached"))


if __name__ == "__main__":
    main()
