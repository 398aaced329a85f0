"""Whatever is asked of the API, by its description or beside it, is answered as described."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
import schemathesis
import schemathesis.checks
import schemathesis.specs.openapi.checks
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

pytestmark = [pytest.mark.weights, pytest.mark.photos]

EXAMPLES = 6
"""Of each operation, of requests as described and of others."""

LEFT_OUT = {
    "GET /api/v1/events": "it never ends",
    "POST /api/v1/jobs": "it would add whatever folder of this machine is named",
}

_CHECKS: Any = schemathesis.checks
_OPENAPI: Any = schemathesis.specs.openapi.checks
CHECKS: list[Any] = [
    _CHECKS.not_a_server_error,
    _OPENAPI.status_code_conformance,
    _OPENAPI.content_type_conformance,
    _OPENAPI.response_schema_conformance,
]


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_answer_is_as_described(
    app: FastAPI, client: TestClient, mode: GenerationMode
) -> None:
    """No operation fails unforeseen, and none answers with what its description does not know."""
    schema: Any = schemathesis.openapi.from_dict(app.openapi())
    schema.app = app
    asked, failed = 0, dict[str, str]()
    for found in schema.get_all_operations():
        operation = found.ok()
        name = f"{operation.method.upper()} {operation.path}"
        if name in LEFT_OUT:
            continue
        asked += 1
        try:
            _ask(operation, mode, {"X-Kith-CSRF": client.headers["X-Kith-CSRF"]})
        except (ExceptionGroup, Exception) as error:  # noqa: BLE001 - all are told at the end
            failed[name] = "".join(traceback.format_exception(error))[-2000:]

    assert failed == {}
    assert asked > 40


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(base_url="http://localhost", headers=headers, checks=CHECKS)

    try:
        ask()
    except Unsatisfiable:
        # Where any text will do, or nothing is asked, no request is beside the description.
        if mode is not GenerationMode.NEGATIVE:
            raise
