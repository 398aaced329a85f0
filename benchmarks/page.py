"""What a large album's page costs the browser: ``python -m benchmarks.page``.

A library of 100,000 photos and 5,000 people is made up, ``kith serve`` is started on it, and
Chromium looks at it: how soon there is something to see, what scrolling from the first photo to the
last asks of the page's only thread, and how much memory it holds afterwards.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import click
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks.album import PORT, serving
from benchmarks.gallery import PEOPLE, make_gallery
from benchmarks.report import Section, publish

URL: Final = f"http://127.0.0.1:{PORT}"
REPEATS: Final = 5
WINDOW: Final[ViewportSize] = {"width": 1280, "height": 800}
SLOW_MS: Final = 100
"""A task that takes longer is felt."""

PACES: Final = {"quickly": 2_400, "as one reads": 80}
"""Pixels per frame: three windows, and a turn of the wheel."""

READ_FRAMES: Final = 900

SETTLING_MS: Final = 3_000
"""After which Chromium has given back what it can."""

_WATCH: Final = """
  window.seen = {};
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  const look = () => {
    for (const [name, selector] of Object.entries(WANTED)) {
      if (!(name in window.seen) && document.querySelector(selector)) {
        window.seen[name] = performance.now();
      }
    }
    requestAnimationFrame(look);
  };
  look();
"""

_WANTED: Final = {
    "photos": {"frame": ".rail", "rows": ".tile", "a picture": ".tile[data-shown]"},
    "people": {"frame": ".rail", "people": ".person-card"},
}

_SCROLL: Final = """
  async ([pace, most]) => {
    const main = document.querySelector("[data-scroller]");
    window.tasks.length = 0;
    let frames = 0;
    const begun = performance.now();
    while (frames < most && main.scrollTop + main.clientHeight < main.scrollHeight - 1) {
      main.scrollTop += pace;
      frames += 1;
      await new Promise(requestAnimationFrame);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    return {
      frames,
      seconds: (performance.now() - begun) / 1000,
      tasks: [...window.tasks],
      elements: document.querySelectorAll("*").length,
    };
  }
"""


@dataclass(frozen=True, slots=True)
class Scrolled:
    """What scrolling asked.

    Attributes:
        frames: how often the page was moved on.
        per_second: of them.
        long: tasks over 50 ms, which is what a browser calls long.
        slow: tasks over 100 ms.
        longest: milliseconds; 0 if there was no long one.
        busiest: milliseconds of the processor that a task took, at most; what else the machine does
            is not in it.
        elements: in the page afterwards.
    """

    frames: int
    per_second: float
    long: int
    slow: int
    longest: float
    busiest: float
    elements: int


@dataclass(frozen=True, slots=True)
class Held:
    """Megabytes: of the objects of its scripts, and of its process without what it shares."""

    heap: float
    process: float


@click.command()
@click.option("--photos", default=100_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), help="Keep the library here; reuse it.")
def main(photos: int, folder: Path | None) -> None:
    """Make up the library, serve it, look at it, publish."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        if not (place / "library").exists():
            make_gallery(place, photos)
        with serving(place / "library"), _chromium() as browser:
            opened = {
                "photos": _open(browser, "/", "photos"),
                "people": _open(browser, "/people", "people"),
            }
            scrolled, held = _scroll(browser)
    _report(photos, opened, scrolled, held)


@contextmanager
def _chromium() -> Generator[Browser]:
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or playwright.chromium.executable_path
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


# -- how soon there is something to see ------------------------------------------------------------


def _open(browser: Browser, path: str, view: str) -> dict[str, dict[str, float]]:
    """Milliseconds until each thing is there: for who comes first, and for who comes again."""
    first = [_seen(browser, path, view) for _ in range(REPEATS)]
    return {
        visit: {name: median(each[number][name] for each in first) for name in _WANTED[view]}
        for number, visit in enumerate(("first visit", "again"))
    }


def _seen(browser: Browser, path: str, view: str) -> list[dict[str, float]]:
    context = browser.new_context(viewport=WINDOW)
    try:
        page = _watched(context.new_page(), view)
        return [_visit(page, path, view) for _ in range(2)]
    finally:
        context.close()


def _visit(page: Page, path: str, view: str) -> dict[str, float]:
    page.goto(f"{URL}{path}", wait_until="commit")
    page.wait_for_function("(count) => Object.keys(seen).length === count", arg=len(_WANTED[view]))
    return page.evaluate("seen")


def _watched(page: Page, view: str) -> Page:
    page.add_init_script(f"{{ const WANTED = {_WANTED[view]}; {_WATCH} }}")
    return page


# -- scrolling -------------------------------------------------------------------------------------


def _scroll(browser: Browser) -> tuple[dict[str, Scrolled], dict[str, Held]]:
    """From the newest photo to the oldest, at each pace; and what the page holds meanwhile."""
    page = _watched(browser.new_page(viewport=WINDOW), "photos")
    session: Any = page.context.new_cdp_session(page)
    _visit(page, "/", "photos")
    held = {"at first": _held(page, session)}
    scrolled: dict[str, Scrolled] = {}
    for name, pace in PACES.items():
        page.evaluate("document.querySelector('[data-scroller]').scrollTop = 0")
        most = READ_FRAMES if name == "as one reads" else 100_000
        browser.start_tracing(page=page, categories=["toplevel"])
        answer = page.evaluate(_SCROLL, [pace, most])
        scrolled[name] = _told(answer, _busiest(browser.stop_tracing()))
        held[f"after scrolling {name}"] = _held(page, session)
    session.send("Memory.simulatePressureNotification", {"level": "critical"})
    page.wait_for_timeout(SETTLING_MS)
    held["when the system wants memory back"] = _held(page, session)
    return scrolled, held


def _busiest(trace: bytes) -> float:
    """What the page's own thread computed longest without a pause, in milliseconds."""
    events: list[dict[str, Any]] = json.loads(trace)["traceEvents"]
    pages = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    tasks = [event for event in events if (event["pid"], event["tid"]) in pages]
    return max((event.get("tdur", 0) / 1000 for event in tasks), default=0.0)


def _told(answer: dict[str, Any], busiest: float) -> Scrolled:
    tasks: list[float] = answer["tasks"]
    return Scrolled(
        answer["frames"],
        answer["frames"] / answer["seconds"],
        len(tasks),
        sum(task > SLOW_MS for task in tasks),
        max(tasks, default=0),
        busiest,
        answer["elements"],
    )


def _held(page: Page, session: Any) -> Held:
    session.send("HeapProfiler.collectGarbage")
    heap: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return Held(heap / 1e6, _process_megabytes(page))


def _process_megabytes(page: Page) -> float:
    """Of the process that shows the page: of all that show something, it is the largest."""
    browser = page.context.browser
    assert browser is not None
    session: Any = browser.new_browser_cdp_session()
    listed: list[dict[str, Any]] = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return max(_private_megabytes(each["id"]) for each in listed if each["type"] == "renderer")


def _private_megabytes(process: int) -> float:
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+) kB", told)) / 1000


# -- the report ------------------------------------------------------------------------------------


def _report(
    photos: int,
    opened: dict[str, dict[str, dict[str, float]]],
    scrolled: dict[str, Scrolled],
    held: dict[str, Held],
) -> None:
    opening = Section(
        f"Until there is something to see, {photos:,} photos and {PEOPLE:,} people",
        ("view", "visit", "what", "ms"),
        [
            (view, visit, name, f"{took:.0f}")
            for view, visits in opened.items()
            for visit, seen in visits.items()
            for name, took in seen.items()
        ],
    )
    scrolling = Section(
        "Scrolling",
        (
            *("how", "frames", "a second", "tasks > 50 ms", "> 100 ms", "longest ms"),
            *("of the processor", "elements"),
        ),
        [
            (name, f"{s.frames:,}", *(f"{value:.0f}" for value in list(asdict(s).values())[1:]))
            for name, s in scrolled.items()
        ],
    )
    holding = Section(
        "Memory of the page",
        ("when", "heap MB", "process MB"),
        [(name, f"{each.heap:.0f}", f"{each.process:.0f}") for name, each in held.items()],
    )
    numbers = {
        "photos": photos,
        "opened": opened,
        "scrolled": {name: asdict(each) for name, each in scrolled.items()},
        "held": {name: asdict(each) for name, each in held.items()},
    }
    note = (
        "`kith serve` and headless Chromium, without a graphics card, on the same machine."
        " Quickly: three windows a frame, from the newest photo to the oldest. Of the processor:"
        " what the longest task computed, without what it waited for. Chromium keeps the last 1,000"
        " pictures that it decoded in case they are shown again, so the page shows the least that"
        " fill their tiles; it gives them back when the system wants memory."
    )
    publish("page", [opening, scrolling, holding], numbers, note)


if __name__ == "__main__":
    main()
