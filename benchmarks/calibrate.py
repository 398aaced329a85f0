"""Fit what a pack's cosines mean: ``python -m benchmarks.calibrate [--pack open] [--photos DIR]``.

DIR holds one folder per person. Without it, LFW is taken, less its known wrong labels. The curve
says for each strength (-log10 of the false-match rate) which cosine the pairs of different people
exceed at that rate. Copy the printed line into the pack's TOML file.

``--center`` first finds the pack's center anew and writes it beside the built-in packs. It is worth
it for some embedders only: at one false match in 100,000, pack open finds 0.9 % more pairs, pack
dlib 23 % fewer, for dlib's network was trained to tell people apart by plain distance.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labelled import (
    MODELS,
    PHOTOS,
    Embedded,
    center_of,
    centered,
    embed_folder,
    split_cosines,
    without_errata,
)
from benchmarks.report import FOLDER, Section, publish
from kith.domain.similarity import percent_of, strength_of
from kith.engine.embed import read_center
from kith.engine.pack import CalibrationPoint, load_pack
from kith.engine.pixels import Vectors
from kith.engine.similarity import Scale

STRENGTHS = (0.3, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
PACKS = FOLDER.parent / "src" / "kith" / "engine" / "packs"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print and publish the curve of a pack."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", default="open")
    parser.add_argument("--photos", type=Path, default=PHOTOS / "lfw")
    parser.add_argument("--center", action="store_true", help="find and write the center, too")
    options = parser.parse_args(arguments)
    data = without_errata(embed_folder(options.pack, options.photos))
    if options.center:
        _write_center(options.pack, data)
    center = read_center(load_pack(options.pack, [MODELS]))
    same, different = split_cosines(centered(data.vectors, center), data.people)
    points = fit(different)
    studio = _studio(options.pack, center, points)
    line = ", ".join(f"[{point.cosine}, {point.strength}]" for point in points)
    print(f"calibration = [{line}]")
    numbers = {
        "pairs": {"same": len(same), "different": len(different)},
        "curve": [{"cosine": point.cosine, "strength": point.strength} for point in points],
        "studio": studio,
    }
    publish(
        f"similarity-{options.pack}",
        [_curve_section(points, same, different), _studio_section(studio)],
        numbers,
        _note(data, options.photos),
    )


def _write_center(pack: str, data: Embedded) -> None:
    lines = (" ".join(f"{value:.5f}" for value in row) for row in center_of(data).reshape(-1, 8))
    (PACKS / f"{pack}.center").write_text("\n".join(lines) + "\n", encoding="ascii")


def fit(different: Vectors) -> tuple[CalibrationPoint, ...]:
    """The curve through the measured rates; strengths of fewer than five pairs are left out.

    The ends are fixed: opposite vectors have strength 0, the same picture has 9.
    """
    descending = -np.sort(-different)
    inner = [
        CalibrationPoint(round(float(descending[int(rank)]), 4), strength)
        for strength in STRENGTHS
        if (rank := len(descending) * 10**-strength) >= 5
    ]
    return (CalibrationPoint(-1.0, 0.0), *inner, CalibrationPoint(1.0, 9.0))


def _studio(pack: str, center: Vectors, points: Sequence[CalibrationPoint]) -> dict[str, float]:
    """Portraits under one light before one wall: the neutral ones against the smiling ones."""
    data = embed_folder(pack, PHOTOS / "portraits")
    vectors = centered(data.vectors, center)
    neutral = np.array(["neutral" in file for file in data.files])
    cosines = vectors[neutral] @ vectors[~neutral].T
    own = data.people[neutral][:, np.newaxis] == data.people[~neutral]
    percents: NDArray[np.float64] = Scale(points).percent(cosines)
    others = np.where(own, -1.0, percents)
    return {
        "people": int(neutral.sum()),
        "rank_1": int((np.where(own, percents, -1).max(axis=1) > others.max(axis=1)).sum()),
        "lowest_own_percent": float(percents[own].min()),
        "highest_other_percent": float(others.max()),
        "lowest_own_cosine": float(cosines[own].min()),
        "highest_other_cosine": float(cosines[~own].max()),
        "others_at_80": int((others >= 80).sum()),
        "others_at_90": int((others >= 90).sum()),
        "others_at_95": int((others >= 95).sum()),
    }


def _curve_section(
    points: Sequence[CalibrationPoint], same: Vectors, different: Vectors
) -> Section:
    extrapolated = CalibrationPoint(Scale(points).cosine(99.0), strength_of(99.0))
    rows = [
        (
            f"{percent_of(point.strength):.0f} %"
            + (", extrapolated" if point is extrapolated else ""),
            f"{10**-point.strength:.0e}",
            f"{point.cosine:.4f}",
            str(int((different >= point.cosine).sum())),
            f"{float((same >= point.cosine).mean()):.4f}",
        )
        for point in (*points[1:-1], extrapolated)
    ]
    columns = ("similarity", "false-match rate", "cosine", "pairs of two people", "same found")
    return Section("Curve", columns, rows)


def _studio_section(studio: dict[str, float]) -> Section:
    rows = [(name.replace("_", " "), f"{value:.4g}") for name, value in studio.items()]
    return Section("Studio portraits, neutral against smiling", ("what", "value"), rows)


def _note(data: Embedded, folder: Path) -> str:
    return (
        f"All pairs of {len(data.files)} pictures of {len(set(data.people))} people in "
        f"`{folder.name}`. At 1e-6 only about nine pairs are left, so that knot is the least sure, "
        "and 99 % lies on the straight line from there to the identical picture. "
        "LFW's wrong labels that are left out, with the reason, stand in `benchmarks/labelled.py`."
    )


if __name__ == "__main__":
    main()
