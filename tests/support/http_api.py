"""Requests as an HTTP API of API Gateway hands them to a function, in payload format 2.0.

An event that was written after AWS's documentation is changed for each request, and the answer is
turned into what a client gets.
"""

from __future__ import annotations

import base64
import copy
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

API: Final = "/api/v1"

_TEXTS: Final = ("application/json", "text/", "application/javascript")
"""Bodies of other types come in base64."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a client gets.

    Attributes:
        status: of HTTP.
        headers: by names in lower case.
        cookies: as they were set.
        body: its bytes; unpacked, if they were.
    """

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(slots=True)
class HttpApi:
    """A client of the API.

    Attributes:
        handler: the function's.
        event: of which every request is made.
        context: of every call.
        role: the group of whom the token is; ``None`` where the route asks for none.
        headers: sent with every request.
        cookies: sent with every request.
    """

    handler: Callable[[dict[str, Any], Any], dict[str, Any]]
    event: Mapping[str, Any]
    context: Any
    role: str | None = "owner"
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cookies: list[str] = field(default_factory=list[str])

    def as_role(self, role: str | None) -> HttpApi:
        """The same for somebody else."""
        return HttpApi(self.handler, self.event, self.context, role, dict(self.headers))

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for something; the path may have a query."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, said: object = None) -> Answer:
        """Say something, as JSON."""
        return self._say("POST", path, said)

    def patch(self, path: str, said: object) -> Answer:
        """Say something else, as JSON."""
        return self._say("PATCH", path, said)

    def delete(self, path: str) -> Answer:
        """Have something gone."""
        return self.ask("DELETE", path)

    def _say(self, method: str, path: str, said: object) -> Answer:
        body = b"" if said is None else json.dumps(said).encode()
        return self.ask(method, path, body, {"content-type": "application/json"})

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask whatever; what is no address of the API's is taken to lie below it."""
        whole = path if path.startswith("/api/") else f"{API}/{path}"
        event = self.event_of(method, whole, body, {**self.headers, **(headers or {})})
        return _answer(self.handler(event, self.context))

    def event_of(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        """The event that API Gateway makes of a request."""
        event: dict[str, Any] = copy.deepcopy(dict(self.event))
        place, _, query = path.partition("?")
        event |= {"rawPath": place, "rawQueryString": query}
        event["headers"] |= {"content-length": str(len(body))} | dict(headers)
        event["requestContext"]["http"] |= {"method": method, "path": place}
        if self.cookies:
            event["cookies"] = self.cookies
        if self.role is None:
            del event["requestContext"]["authorizer"]
        else:
            claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
            claims |= {"cognito:groups": f"[{self.role}]", "email": f"{self.role}@example.org"}
        return event | _body(body, event["headers"].get("content-type", ""))


def _body(body: bytes, content_type: str) -> dict[str, Any]:
    if not body:
        return {}
    if content_type.startswith(_TEXTS):
        return {"body": body.decode(), "isBase64Encoded": False}
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _answer(told: Mapping[str, Any]) -> Answer:
    json.dumps(told)  # it is handed on as JSON
    body = told.get("body", "")
    data = base64.b64decode(body) if told.get("isBase64Encoded") else body.encode()
    headers: Mapping[str, str] = told.get("headers") or {}
    if headers.get("content-encoding") == "gzip":
        data = gzip.decompress(data)
    return Answer(told["statusCode"], headers, told.get("cookies") or [], data)


def form_with_picture(picture: bytes, **fields: str) -> tuple[str, bytes]:
    """A form as pages send it: its type, and its bytes."""
    boundary = "----geckoformboundary7f3a"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    file = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="picture"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    whole = b"".join([*parts, file, picture, f"\r\n--{boundary}--\r\n".encode()])
    return f"multipart/form-data; boundary={boundary}", whole


def visit(address: str) -> Answer:
    """What a browser gets that shows this address, without any token."""
    answer = httpx.get(address)
    return Answer(answer.status_code, dict(answer.headers), [], answer.content)
