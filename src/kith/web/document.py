"""The API's description (OpenAPI 3.1), and a page to read it and try it out.

Everything the page needs is sent from here. It holds no script of its own, so that the policy that
guards the album holds for it, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from kith.web.problems import MEDIA_TYPE, Problem

_SCHEMAS: Final = "#/components/schemas/{model}"

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}: the API</title>
<link rel="icon" href="docs/files/favicon-32x32.png">
<link rel="stylesheet" href="docs/files/swagger-ui.css">
<div id="api" data-document="{document}"></div>
<script src="docs/files/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
"""

_START: Final = """\
const element = document.getElementById("api");
SwaggerUIBundle({ url: element.dataset.document, domNode: element, deepLinking: true });
"""


def describe(app: FastAPI, title: str, summary: str) -> None:
    """Have the application describe itself, errors included."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=title, version=app.version, routes=app.routes, summary=summary)
            app.openapi_schema = _with_problems(made)
        return app.openapi_schema

    app.openapi = openapi
    app.include_router(_pages(title, str(app.openapi_url)))
    app.mount("/docs/files", StaticFiles(directory=Path(swagger_ui_path)), name="docs")


def _pages(title: str, document: str) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    def page() -> HTMLResponse:
        return HTMLResponse(_PAGE.format(title=escape(title), document=escape(document)))

    @router.get("/docs/start.js")
    def start() -> Response:
        return Response(_START, media_type="text/javascript")

    return router


def _with_problems(made: dict[str, Any]) -> dict[str, Any]:
    """The document in which every operation may answer with a problem."""
    problem = {
        "description": "What is wrong (RFC 9457).",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS.format(model="Problem")}}},
    }
    schemas: dict[str, Any] = made.setdefault("components", {}).setdefault("schemas", {})
    schema = Problem.model_json_schema(ref_template=_SCHEMAS)
    schemas |= schema.pop("$defs", {}) | {"Problem": schema}
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    operations: list[Mapping[str, Any]] = [
        operation for path in made["paths"].values() for operation in path.values()
    ]
    for operation in operations:
        operation["responses"]["4XX"] = problem
        operation["responses"]["5XX"] = problem
        operation["responses"].pop("422", None)
    return made
