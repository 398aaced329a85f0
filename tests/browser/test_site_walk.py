"""An album as files, on a host that knows nothing but files, in a folder of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from browsing import LOOKS, Visit, profile, visiting
from http_server import listening
from playwright.sync_api import Browser, expect

from kith.compose import open_catalog
from kith.config import Settings
from kith.pipeline.decisions.corrections import name_person

FOLDER = "photos/sea"
"""Where on its host the site lies."""


class Host(SimpleHTTPRequestHandler):
    """Sends files, and remembers what it was asked for and had not."""

    missing: list[str]

    def __init__(self, *args: object, missing: list[str], directory: str) -> None:
        self.missing = missing
        super().__init__(*args, directory=directory)  # pyright: ignore[reportArgumentType] - the server's own

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""

    def log_request(self, code: object = "-", size: object = "-") -> None:  # noqa: ARG002 - as there
        """Remember what is not there, or not of the site."""
        if int(str(getattr(code, "value", code))) >= 400 or not self.path.startswith(f"/{FOLDER}/"):
            self.missing.append(self.path)


@dataclass(frozen=True, slots=True)
class Hosted:
    """A site on a host: where it is, and what the host was asked for and had not."""

    url: str
    missing: list[str]


@contextmanager
def hosting(root: Path) -> Generator[Hosted]:
    """A web host of files."""
    missing: list[str] = []
    with listening(partial(Host, missing=missing, directory=str(root))) as address:
        yield Hosted(f"{address}/{FOLDER}", missing)


@pytest.fixture(scope="module")
def root(own_library: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What such a host sends: a site with everything that may be on one."""
    with open_catalog(Settings(library=own_library, models=weights), writing=True) as catalog:
        first = max(catalog.people(), key=lambda each: each.photo_count)
        name_person(catalog, first.person, "Ana Lima", by="test")
    root = tmp_path_factory.mktemp("host")
    flags = ["--people", "--downloads", "--location", "--exif", "--title", 'The "sea" & us']
    command = [sys.executable, "-c", "from kith.cli.main import main; main()", "export", *flags]
    subprocess.run(
        [*command, "--site", str(root / FOLDER)],
        env=os.environ | {"KITH_LIBRARY": str(own_library), "KITH_MODELS": str(weights)},
        check=True,
    )
    return root


@pytest.fixture
def host(root: Path) -> Generator[Hosted]:
    """The site on its host."""
    with hosting(root) as hosted:
        yield hosted


@pytest.fixture
def visit(browser: Browser, host: Hosted) -> Generator[Visit]:
    """Somebody who was given its address; nothing is asked for that is not of the site."""
    with profile(browser) as context, visiting(context, host.url) as opened:
        yield opened
    assert host.missing == []


def photos_shown(visit: Visit) -> int:
    """How many photos are on the page; wait for it."""
    tiles = visit.page.locator("kith-photo-grid [data-photo]")
    expect(tiles.first).to_be_visible()
    return tiles.count()


def test_walk_through_a_site_of_files(visit: Visit) -> None:
    """Photos, one of them, the next one, who is in it, back; whatever is clicked is a file."""
    page = visit.page
    visit.go("/")
    expect(page.get_by_role("heading", name='The "sea" & us')).to_be_visible()
    assert page.title() == 'The "sea" & us'
    every = photos_shown(visit)

    page.locator("kith-photo-grid a").first.click()
    expect(page.get_by_role("dialog", name="Photo")).to_be_visible()
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Photo")).to_be_hidden()

    page.get_by_role("link", name="Ana Lima").first.click()
    expect(page.get_by_role("heading", name="Ana Lima")).to_be_visible()
    assert 2 <= photos_shown(visit) < every
    page.locator("kith-photo-grid a").first.click()
    expect(page.get_by_role("group", name="In this photo")).to_contain_text("Ana Lima")
    page.go_back()
    page.get_by_role("link", name="All photos").click()
    expect(page.get_by_role("heading", name="Ana Lima")).to_be_hidden()


def test_every_address_can_be_given_to_somebody(visit: Visit, browser: Browser) -> None:
    """A photo among those of a person opens in a browser that was never here, also by its index."""
    visit.go("/")
    visit.page.get_by_role("link", name="Ana Lima").first.click()
    visit.page.locator("kith-photo-grid a").first.click()
    expect(visit.page.get_by_role("dialog", name="Photo")).to_be_visible()
    address = visit.page.url.removeprefix(visit.url)

    for path in (address, address.replace("/#", "/index.html#")):
        with profile(browser) as other, visiting(other, visit.url) as guest:
            guest.go(path)
            expect(guest.page.get_by_role("img", name="Photo of")).to_be_visible()
            guest.page.keyboard.press("ArrowRight")
            expect(guest.page.get_by_role("button", name="Photo before")).to_be_attached()
            guest.page.get_by_role("button", name="Back").click()
            expect(guest.page.get_by_role("heading", name="Ana Lima")).to_be_visible()


def test_what_may_be_taken_home_and_known(visit: Visit) -> None:
    """The download is the photo, and what its file says is there where the site was to tell it."""
    visit.go("/")
    visit.page.locator("kith-photo-grid a").first.click()
    with visit.page.expect_download() as taken:
        visit.page.get_by_role("link", name="Download").click()
    assert taken.value.suggested_filename.endswith(".jpg")

    visit.page.get_by_role("button", name="Information", exact=True).click()
    about = visit.page.get_by_role("complementary", name="Information")
    expect(about).to_contain_text("Canon EOS R6")
    expect(about).to_contain_text("48.13722")
    about.get_by_text("All EXIF tags").click()
    expect(about).to_contain_text("DateTimeOriginal")


@pytest.mark.parametrize("look", LOOKS)
def test_a_site_looks_and_reads_well(browser: Browser, host: Hosted, look: str) -> None:
    """As every other view: nobody is kept out, and there is a picture for people to look at."""
    with profile(browser, **LOOKS[look]) as context, visiting(context, host.url) as visit:
        visit.go("/")
        photos_shown(visit)
        visit.settle()
        visit.picture("site", look)
        assert visit.barriers() == []
        visit.page.locator("kith-photo-grid a").first.click()
        expect(visit.page.get_by_role("dialog", name="Photo")).to_be_visible()
        visit.settle()
        visit.picture("site-photo", look)
        assert visit.barriers() == []
