"""The page on one host, the API on another: with accounts on one site, by links from any."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from browsing import API, Served, Visit, profile, serving, visiting
from http_server import listening
from playwright.sync_api import Browser, expect

import kith.web

PASSWORD = "a long walk home"


class PageHost(SimpleHTTPRequestHandler):
    """Sends files, and the page for every path that is none: what any host of files can do."""

    def translate_path(self, path: str) -> str:
        """The file, or the page."""
        file = Path(super().translate_path(path))
        return str(file if file.is_file() else Path(self.directory) / "index.html")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called there
        """Say nothing."""


@contextmanager
def hosting(root: Path) -> Generator[int]:
    """A web host of files, on a port of this machine."""
    with listening(partial(PageHost, directory=str(root))) as address:
        yield int(address.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A page and an API that are not of one origin.

    Attributes:
        port: where the page is.
        served: the API.
        link: the path of a link's page.
    """

    port: int
    served: Served
    link: str


@pytest.fixture(scope="module")
def elsewhere(
    own_library: Path, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Elsewhere]:
    """The page at 127.0.0.1, of the API's own site, and as localhost, of another one."""
    root = tmp_path_factory.mktemp("elsewhere") / "page"
    shutil.copytree(Path(kith.web.__file__).with_name("static"), root)
    with pytest.MonkeyPatch.context() as environment, hosting(root) as port:
        origins = f"http://127.0.0.1:{port}, http://localhost:{port}"
        environment.setenv("KITH_ORIGINS", origins)
        with serving(own_library, weights) as served:
            _point(root / "index.html", f"{served.url}{API}")
            yield Elsewhere(port, served, _share(served))


def _point(index: Path, api: str) -> None:
    """Tell the page where the API is."""
    text = index.read_text()
    assert text.count('content="/api/v1"') == 1
    index.write_text(text.replace('content="/api/v1"', f'content="{api}"'))


def _share(served: Served) -> str:
    """Make the first owner and a link; the path of the link's page."""
    with httpx.Client(base_url=f"{served.url}{API}/", timeout=60) as owner:
        who = {"token": served.setup_token, "name": "Ana", "password": PASSWORD}
        made = owner.post("setup", json=who)
        assert made.is_success, made.text
        headers = {"X-Kith-CSRF": made.json()["csrf"]}
        link = owner.post("links", json={"title": "The sea"}, headers=headers)
        assert link.is_success, link.text
        return f"/s/{link.json()['token']}"


@contextmanager
def visit_of(browser: Browser, elsewhere: Elsewhere, name: str) -> Generator[Visit]:
    """Somebody at the page by a name of its host; nothing is asked of any host but the API's."""
    address = f"http://{name}:{elsewhere.port}"
    with profile(browser) as context, visiting(context, address) as visit:
        yield visit
        visit.forgive(f"asked another host: {elsewhere.served.url}/")


def photos_are_there(visit: Visit) -> None:
    """Pictures of the other host are shown."""
    picture = visit.page.locator("kith-photo-grid img").first
    expect(picture).to_be_visible()
    visit.page.wait_for_function("() => document.querySelector('kith-photo-grid img').naturalWidth")


def test_accounts_work_on_the_same_site(browser: Browser, elsewhere: Elsewhere) -> None:
    """Somebody logs in, sees photos, and changes something, from a page of another origin."""
    with visit_of(browser, elsewhere, "127.0.0.1") as visit:
        page = visit.page
        page.goto(f"{visit.url}/")
        page.get_by_label("Name", exact=True).fill("Ana")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        photos_are_there(visit)
        page.get_by_role("navigation").get_by_role("link", name="People").click()
        page.get_by_role("button", name="Add a name").first.click()
        page.get_by_role("combobox", name="Name").fill("Chloe")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Chloe, ")).to_be_visible()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_links_work_on_every_site(browser: Browser, elsewhere: Elsewhere, name: str) -> None:
    """A guest needs no cookie, which browsers do not send to another site."""
    with visit_of(browser, elsewhere, name) as visit:
        visit.go(elsewhere.link)
        expect(visit.page.get_by_role("heading", name="The sea")).to_be_visible()
        photos_are_there(visit)
        visit.page.locator("kith-photo-grid a").first.click()
        expect(visit.page.get_by_role("dialog", name="Photo")).to_be_visible()
