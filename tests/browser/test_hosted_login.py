"""The page where its host knows who may look, as on AWS: a login elsewhere, and tokens."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from browsing import Visit, profile, visiting
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kith.compose.web import open_services
from kith.config import Settings
from kith.pipeline.access.policy import Policy
from kith.pipeline.serving.store_urls import Store
from kith.pipeline.sharing.links import Terms, make_link
from kith.pipeline.sharing.tokens import token_of
from kith.ports.storage import Form, Reading
from kith.web.access.claims import EVENT, ClaimedCallers
from kith.web.album import Album
from kith.web.hosted import create_hosted_app

SIGNED = ("/api/v1/pictures/", "/api/v1/crops/", "/api/v1/shared/")
"""What needs no token."""


@dataclass
class Host:
    """What stands before the API on AWS: the login page and the gateway, in one.

    Attributes:
        api: behind the gateway.
        codes: given for a login, and what they are bound to.
        given: how many tokens were given for each kind of proof.
        tokens: that are good.
        seconds: how long a token is said to be good.
        visits: how often the login page was asked for.
        stored: what was sent to the store.
    """

    api: ASGIApp
    codes: dict[str, str] = field(default_factory=dict[str, str])
    given: list[str] = field(default_factory=list[str])
    tokens: set[str] = field(default_factory=set[str])
    seconds: int = 3600
    visits: int = 0
    stored: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def to_read(self, where: str, /, *, begins: int, seconds: int, reading: Reading) -> str:
        """See ``Addresses.to_read``; nothing is read from this store."""
        raise NotImplementedError((where, begins, seconds, reading))

    def to_write(
        self, where: str, /, *, begins: int, seconds: int, media_type: str, most: int
    ) -> Form:
        """See ``Addresses.to_write``."""
        assert begins + seconds > time.time()
        return Form("/store", {"key": where, "most": str(most), "type": media_type})

    async def store(self, request: Request) -> Response:
        """A photo arrives in the store."""
        async with request.form() as form:
            file = form["file"]
            assert isinstance(file, UploadFile)
            data = await file.read()
            assert len(data) <= int(str(form["most"]))
            self.stored[str(form["key"])] = data
        return Response(status_code=204)

    async def authorize(self, request: Request) -> Response:
        """Somebody logs in, who is known already."""
        asked = request.query_params
        self.visits += 1
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["code_challenge"]
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

    async def token(self, request: Request) -> Response:
        """A token, for a code and what it is bound to, or to renew one."""
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        if asked["grant_type"] == "authorization_code":
            digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            if self.codes.pop(asked["code"], None) != challenge:
                return JSONResponse({"error": "invalid_grant"}, 400)
        elif asked["refresh_token"] != "renewal":
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.given.append(asked["grant_type"])
        token = f"token-{len(self.given)}"
        self.tokens = {token}
        told = {"id_token": token, "expires_in": self.seconds, "refresh_token": "renewal"}
        return JSONResponse(told)

    async def logout(self, request: Request) -> Response:
        """Nobody is known any more."""
        self.tokens.clear()
        assert request.query_params["logout_uri"]
        page = '<!doctype html><title>Gone</title><link rel="icon" href="data:,">'
        return Response(page, media_type="text/html")

    async def settings(self, request: Request) -> Response:
        """What the page must know of where it is."""
        base = str(request.base_url).rstrip("/")
        return JSONResponse({"login": base, "client_id": "page"})

    async def gateway(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what has a good token, or needs none, with its claims beside it."""
        request = Request(scope, receive)
        whole = dict(scope) | {"root_path": "", "path": request.url.path}
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token in self.tokens:
            claims = {"cognito:groups": "[owner]", "email": "ana@example.org", "sub": "1"}
            whole[EVENT] = {"requestContext": {"authorizer": {"jwt": {"claims": claims}}}}
        elif not request.url.path.startswith(SIGNED):
            await JSONResponse({"message": "Unauthorized"}, 401)(scope, receive, send)
            return
        await self.api(whole, receive, send)

    def app(self) -> ASGIApp:
        """All of it."""
        return Starlette(
            routes=[
                Route("/oauth2/authorize", self.authorize),
                Route("/oauth2/token", self.token, methods=["POST"]),
                Route("/logout", self.logout),
                Route("/store", self.store, methods=["POST"]),
                Route("/settings.json", self.settings),
                Mount("/api", self.gateway),
                Mount("/", Album()),
            ]
        )


@contextmanager
def answering(app: ASGIApp) -> Generator[str]:
    """A server on a port that was free; answers where it is."""
    config = uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            thread.join(0.02)
        (port,) = {each.getsockname()[1] for one in server.servers for each in one.sockets}
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True, slots=True)
class Hosted:
    """An album on a host that knows who may look; a link to all photos, and their folder."""

    url: str
    host: Host
    link: str
    photos: Path


@pytest.fixture(scope="module")
def hosted(own_library: Path, weights: Path, album_photos: Path) -> Generator[Hosted]:
    """The application as functions answer it, over a library of this machine."""
    with open_services(Settings(library=own_library, models=weights)) as services:
        access = replace(services.access, policy=Policy(login=True, accounts=False))
        told = replace(services, access=access, works=None, features=frozenset({"upload"}))
        link = make_link(
            told.records, access, Terms(query="", title="The sea"), password=None, by="Ana"
        )
        host = Host(Starlette())
        store = Store(host, "s3://derived/", "s3://originals/")
        host.api = create_hosted_app(replace(told, store=store), ClaimedCallers())
        with answering(host.app()) as url:
            yield Hosted(url, host, f"/s/{token_of(access.secret, link.id)}", album_photos)


@contextmanager
def visit_of(browser: Browser, hosted: Hosted, **options: Any) -> Generator[Visit]:
    """Somebody with a browser of his own."""
    with profile(browser, **options) as context, visiting(context, hosted.url) as visit:
        yield visit


def test_whoever_comes_is_led_to_the_login_and_back(browser: Browser, hosted: Hosted) -> None:
    """To the page he wanted; then all works as at home, but for what is not there."""
    with visit_of(browser, hosted) as visit:
        page = visit.page
        visit.go("/people")
        expect(page.get_by_role("heading", name="People")).to_be_visible()
        assert page.url == f"{hosted.url}/people"
        visit.forgive("401")
        page.get_by_role("button", name="Add a name").first.click()
        page.get_by_role("combobox", name="Name").fill("Chloe")
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Chloe, ")).to_be_visible()
        rail = page.get_by_role("navigation", name="Main")
        for absent in ("Review", "Jobs"):
            expect(rail.get_by_text(absent, exact=True)).to_have_count(0)

        page.reload()
        expect(page.get_by_role("link", name="Chloe, ")).to_be_visible()
        assert hosted.host.given == ["authorization_code"]
        assert hosted.host.visits == 1

        rail.get_by_role("link", name="Settings").click()
        expect(page.get_by_text("ana@example.org")).to_be_visible()
        expect(page.get_by_role("button", name="Change password")).to_have_count(0)
        expect(page.get_by_role("heading", name="Accounts")).to_have_count(0)
        page.get_by_role("button", name="Log out").click()
        expect(page).to_have_title("Gone")


def test_a_token_is_renewed_before_it_ends(browser: Browser, hosted: Hosted) -> None:
    """Without anybody noticing, and once for all requests of a page."""
    hosted.host.seconds = 30
    hosted.host.given.clear()
    with visit_of(browser, hosted) as visit:
        visit.go("/")
        expect(visit.page.locator("kith-photo-grid img").first).to_be_visible()
        visit.forgive("401")
    hosted.host.seconds = 3600
    assert hosted.host.given[0] == "authorization_code"
    assert set(hosted.host.given[1:]) == {"refresh_token"}


def test_photos_are_sent_to_the_store(browser: Browser, hosted: Hosted, tmp_path: Path) -> None:
    """Each whole, to where the form leads; what the library has already is not sent."""
    new, known = tmp_path / "new.jpg", next(hosted.photos.rglob("*.jpg"))
    new.write_bytes(b"a photo that is new here")
    with visit_of(browser, hosted) as visit:
        visit.go("/")
        visit.forgive("401")
        visit.page.get_by_label("Photos to upload").set_input_files([new, known])
        expect(visit.page.get_by_text("1 photo uploaded, 1 already here")).to_be_visible()
        expect(visit.page.get_by_text("in the library in a minute")).to_be_visible()
    ((where, data),) = hosted.host.stored.items()
    assert data == new.read_bytes()
    assert where.startswith("s3://originals/uploads/")
    assert where.endswith("-new.jpg")


def test_a_guest_of_a_link_is_asked_nothing(browser: Browser, hosted: Hosted) -> None:
    """The photos are there at once."""
    with visit_of(browser, hosted) as visit:
        visit.go(hosted.link)
        expect(visit.page.get_by_role("heading", name="The sea")).to_be_visible()
        expect(visit.page.locator("kith-photo-grid img").first).to_be_visible()
        visit.forgive("401")
