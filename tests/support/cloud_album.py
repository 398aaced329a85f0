"""The deployed album before a real browser, at its own address, with the login page of its pool.

The page comes from CloudFront and its bucket, answers through the HTTP API, its authorizer and the
function of the zip, pictures from the buckets by addresses that were signed. Where names would be
asked for, the browser is led to the emulator.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import httpx
from browsing import profile
from cloud_deployment import DOMAIN
from cloud_functions import Works
from cloud_visits import page_host, stage, trusted
from emulators import REGION
from http_server import listening
from lambda_runtime import Service
from playwright.sync_api import Browser, BrowserContext, Route

ALBUM: Final = f"https://{DOMAIN}"

_LOGIN: Final = ".amazoncognito.com"
_JSON: Final = "application/json"
_HOW_SENT: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers of an answer that say how it was sent; it is unpacked by now."""


@contextmanager
def answering(works: Works, function: str) -> Generator[Service]:
    """A container that answers what the deployed function is asked by HTTP, for that long."""
    service = works.start(function)
    functions = works.deployment.client("lambda")
    name = works.deployment.outputs["functions"][function]
    told = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]

    def tell(variables: Mapping[str, str]) -> None:
        functions.update_function_configuration(
            FunctionName=name, Environment={"Variables": dict(variables)}
        )

    with _listening(service) as address:
        tell({**told, "FORWARD": address})
        try:
            yield service
        finally:
            tell(told)


@contextmanager
def _listening(service: Service) -> Generator[str]:
    """Where events can be posted, to be answered by the container."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer an event."""
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps(service.call(event)).encode()
            self.send_response(http.client.OK)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with listening(Handler) as address:
        yield address


@contextmanager
def visitor(browser: Browser, works: Works) -> Generator[BrowserContext]:
    """A browser for which the album is at its address, the login at its own, and so the buckets."""
    trust = trusted(works.deployment)
    with httpx.Client(verify=trust, timeout=120) as client, profile(browser) as context:
        world = _World(client, works, page_host(works.deployment))
        context.route(lambda _: True, lambda route, _: world.lead(route))
        yield context


@dataclass(frozen=True, slots=True)
class _World:
    """What is where.

    Attributes:
        client: asks the emulator.
        works: the deployment.
        page: CloudFront's name for the page.
    """

    client: httpx.Client
    works: Works
    page: str

    def lead(self, route: Route) -> None:
        """Answer a request of the browser with what the emulator says to it."""
        asked = route.request
        headers = {name: value for name, value in asked.all_headers().items() if name[0] != ":"}
        address = self._address(urlsplit(asked.url), headers)
        if address is None:
            route.abort()
            return
        answer = self.client.request(
            asked.method, address, headers=headers, content=asked.post_data_buffer
        )
        told = {name: value for name, value in answer.headers.items() if name not in _HOW_SENT}
        route.fulfill(
            status=answer.status_code,
            headers={name: self._with_buckets(value) for name, value in told.items()},
            body=self._with_buckets(answer.text) if _JSON in str(told) else answer.content,
        )

    def _address(self, asked: SplitResult, headers: dict[str, str]) -> str | None:
        """Where the emulator has it; the headers may have to say more."""
        endpoint = self.works.deployment.endpoint.url
        path = asked._replace(scheme="", netloc="").geturl()
        if bucket := self._buckets().get(asked.netloc):
            headers.pop("host", None)
            return f"{self.works.aws.url}/{bucket}{path}"
        if asked.netloc.endswith(_LOGIN):
            return f"{endpoint}{path}"
        if asked.netloc == DOMAIN and path.startswith("/api/"):
            return f"{stage(self.works.deployment)}{path}"
        if asked.netloc == DOMAIN:
            headers["host"] = self.page
            return f"{endpoint}{path}"
        return None

    def _with_buckets(self, text: str) -> str:
        """Addresses of objects as they are where nobody says where AWS is."""
        for host, bucket in self._buckets().items():
            text = text.replace(f"{self.works.aws.url}/{bucket}/", f"https://{host}/")
        return text

    def _buckets(self) -> dict[str, str]:
        """The buckets by their hosts."""
        outputs = self.works.deployment.outputs
        names = [outputs["originals_bucket"], outputs["derived_bucket"]]
        return {f"{name}.s3.{REGION}.amazonaws.com": name for name in names}
