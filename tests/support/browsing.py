"""A real browser before a real ``kith serve``: what it is shown, and what it must never do.

Nothing of the page is taken on trust: what the console says, what the content security policy
refuses and every request to another host is a complaint, and a visit with complaints fails.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

expect.set_options(timeout=30_000)
API: Final = "/api/v1"

REPOSITORY: Final = Path(__file__).resolve().parents[2]

SCREENSHOTS: Final = Path(os.environ.get("KITH_SCREENSHOTS", REPOSITORY / "build" / "screenshots"))
"""Where the pictures of every view lie after a run, for people to look at."""

PATIENCE: Final = 30_000
"""Milliseconds. More than any view here takes: what hangs is to fail."""

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "color_scheme": "light",
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
}
"""How the album is looked at: options of Playwright's browser contexts."""

_ARGUMENTS: Final = [
    "--no-sandbox",  # the tests may run as root, and open no page but their own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_SETTLED: Final = """
() => {
  const seen = (element) => {
    const { top, left, bottom, right } = element.getBoundingClientRect();
    return bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  };
  const pending = document.querySelectorAll(
    ".skeleton, [aria-busy=true], [data-waiting], .tile:not([data-shown])",
  );
  return document.querySelector("main h1, kith-state, .stage-picture, .gate")
    && ![...pending].some(seen)
    && [...document.images].every((image) => !seen(image) || image.naturalWidth > 0)
    && document.getAnimations().every(({ playState }) => playState !== "running");
}
"""
"""Whether the view is there, with all pictures in sight, and nothing loads or moves any more."""

_DECODED: Final = """
() => Promise.allSettled([...document.images].map((image) => image.complete && image.decode()))
"""

_OVERHANG: Final = """
() => Math.max(...[document.documentElement, document.querySelector("main")].map(
  (element) => element.scrollWidth - element.clientWidth,
))
"""


# -- the browser -----------------------------------------------------------------------------------


@contextmanager
def chromium() -> Generator[Browser]:
    """The system's Chromium, or the one that Playwright installed; skips where there is none."""
    with sync_playwright() as playwright:
        program = _program(playwright)
        if program is None:
            pytest.skip("Chromium not found; install it, or run `playwright install chromium`")
        browser = playwright.chromium.launch(executable_path=program, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _program(playwright: Playwright) -> str | None:
    own = playwright.chromium.executable_path
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or (own if Path(own).exists() else None)


# -- the server ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Served:
    """A ``kith serve`` that runs.

    Attributes:
        url: where it is, without a slash at the end.
        setup_token: for making the first owner, where a login is needed.
    """

    url: str
    setup_token: str | None

    @contextmanager
    def owner(self) -> Generator[httpx.Client]:
        """A program of the machine's own user, who may do everything."""
        with httpx.Client(base_url=f"{self.url}{API}", timeout=60) as client:
            client.headers["X-Kith-CSRF"] = client.get("session").json()["csrf"]
            yield client


@contextmanager
def serving(library: Path, weights: Path, *flags: str) -> Generator[Served]:
    """``kith serve`` as a process of its own, on a port that was free.

    Args:
        library: the library's folder; it is made where there is none.
        weights: the models' folder.
        flags: more of its arguments.
    """
    command = [sys.executable, "-c", "from kith.cli.main import main; main()", "serve", "--json"]
    command += ["--port", "0", "--no-rekognition", *flags]
    environment = {"KITH_LIBRARY": str(library), "KITH_MODELS": str(weights)}
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **environment},
        ) as process,
    ):
        try:
            said = _said(process)
            yield Served(said["url"], said["setup_token"])
            process.terminate()
            process.wait(timeout=120)
        finally:
            process.kill()
        errors.seek(0)
        assert "Traceback" not in errors.read()


def _said(process: subprocess.Popen[str]) -> dict[str, Any]:
    """The JSON document that it prints as soon as it listens."""
    assert process.stdout
    text = ""
    for line in process.stdout:
        text += line
        if line.startswith("}"):
            return json.loads(text)
    raise AssertionError(f"kith serve ended: {text}")


# -- a visit ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Visit:
    """A page of the browser at a served album, and what it complains of."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list[str])
    heard: bool = True

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _hear(self, kind: str, text: str) -> None:
        if self.heard and kind in {"error", "warning", "assert"}:
            self.complaints.append(f"console: {text}")

    def _asked(self, address: str) -> None:
        asked = urlsplit(address)
        if asked.scheme not in {"data", "blob"} and asked.netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"asked another host: {address}")

    def go(self, path: str = "/") -> None:
        """Open a path of the album, and wait until it is all there."""
        self.page.goto(f"{self.url}{path}", wait_until="domcontentloaded")
        self.settle()

    def settle(self) -> None:
        """Wait until nothing loads and nothing moves any more."""
        self.page.wait_for_function(_SETTLED)
        self.page.evaluate(_DECODED)

    def forgive(self, pattern: str) -> None:
        """What is complained of as the test meant it to be, which must be there."""
        left = [each for each in self.complaints if not re.search(pattern, each)]
        assert len(left) < len(self.complaints), f"nothing complains of {pattern}"
        self.complaints[:] = left

    def picture(self, name: str, look: str) -> None:
        """Keep what is seen, for people."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}-{look}.png")

    def overhang(self) -> int:
        """By how many pixels what is shown is wider than the room for it."""
        return self.page.evaluate(_OVERHANG)

    def barriers(self, *rules: str) -> list[str]:
        """What axe-core finds that keeps somebody out: the rule, and where it is broken.

        Args:
            rules: of axe-core, to look for nothing else.

        Ask this last: what the page complains of from then on is axe-core's own doing.
        """
        self.heard = False
        axe: Any = Axe()
        options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
        found: list[dict[str, Any]] = axe.run(self.page, options=options).response["violations"]
        return [
            f"{rule['id']}: {node['target']} {_reasons(node)}"
            for rule in found
            for node in rule["nodes"]
        ]


def _reasons(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


@contextmanager
def visiting(context: BrowserContext, url: str) -> Generator[Visit]:
    """A visit in a window of its own; it fails in the end where there were complaints."""
    page = context.new_page()
    try:
        visit = Visit(page, url)
        yield visit
        assert not visit.complaints, "\n".join(visit.complaints)
    finally:
        page.close()


@contextmanager
def profile(browser: Browser, **options: Any) -> Generator[BrowserContext]:
    """Somebody's browser: no cookie, no cache, nothing is known to it."""
    looks: dict[str, Any] = LOOKS["light"] | {"locale": "en-US"} | options
    context = browser.new_context(**looks)
    try:
        yield context
    finally:
        context.close()
