"""Write what a deployment on AWS costs between the markers of docs/deploy-aws.md.

python tests/support/cost_table.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from kith.pipeline.deployment.costs import Line, estimate, together

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deploy-aws.md"

_BLOCK = re.compile(r"(<!-- costs -->\n).*?(<!-- /costs -->)", re.DOTALL)


def main() -> None:
    """Write the page."""
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def written(page: str) -> str:
    """The page with the present costs."""
    return _BLOCK.sub(lambda match: match[1] + "\n".join(_lines()) + "\n" + match[2], page)


def _lines() -> Iterator[str]:
    costs = estimate(findings=True)
    plain = estimate()
    sources: dict[str, int] = {}
    photos = f"{costs.photos:,} photos of 4 MB with {costs.faces:g} faces each"
    dearer = together(costs.coming)
    yield "| | US dollars | price |"
    yield "|---|---:|---|"
    yield f"| **{photos}, once** | **{together(plain.coming):.2f}** | |"
    yield from _rows(plain.coming, sources)
    more = [line for line in costs.coming if line.what not in {one.what for one in plain.coming}]
    yield f"| **the same with `--findings`** | **{dearer:.2f}** | |"
    yield from _rows(more, sources)
    yield f"| **keeping them, each month** | **{together(plain.lying):.2f}** | |"
    yield from _rows(plain.lying, sources)
    yield f"| **each month without any photo** | **{together(plain.idle):.2f}** | |"
    yield from _rows(plain.idle, sources)
    pairs = f"comparing all pairs of {costs.photos:,} photos by CompareFaces"
    yield f"| {pairs} | {costs.pairs:.2f} | |"
    yield ""
    yield f"List prices of us-east-1, of {costs.read_on}, without free tiers; ~ is from memory."
    for source, number in sources.items():
        yield f"{number}: <{source}>."


def _rows(lines: Sequence[Line], sources: dict[str, int]) -> Iterator[str]:
    for line in lines:
        number = sources.setdefault(line.source, len(sources) + 1)
        mark = "" if line.known else " ~"
        yield f"| {line.what} | {line.dollars:.3f} | [{number}]{mark} |"


if __name__ == "__main__":
    main()
