"""Right and wrong requests as schemathesis makes them up from the document, and what their answers keep.

A module of its own: schemathesis takes longer to load than most rooms take to be tested.
"""

import asyncio
from typing import Any

import httpx
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from psf_monitor.api.transport.access_control import AccessControl
from psf_monitor.api.transport.limits import Limits
from psf_monitor.api.transport.rate_limit import Rate

TOKEN = "let me in"
HERE = "127.0.0.1:8766"
UNLIMITED = Rate(per_s=1e9, burst=10**9)

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
"""That a login is not connected is 503, and in the document; 500 is in none."""


def operations_of(document: dict[str, Any]) -> dict[str, Any]:
    """What the document has, by method and path."""
    # The token is tried elsewhere.
    for item in document["paths"].values():
        for operation in item.values():
            del operation["security"]
    found = [
        each.ok()
        for each in schemathesis.openapi.from_dict(document).get_all_operations()
        if isinstance(each, Ok)
    ]
    return {operation.label: operation for operation in found}


def ask_in_every_way(app: FastAPI, operation: Any) -> None:
    """Fail where an answer is a fault, or not the one that the document names; the token is shown."""
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )
    with asyncio.Runner() as runner:
        access = runner.run(_access_control(app))

        @given(cases)
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def holds(case: Any) -> None:
            asked = case.as_transport_kwargs(f"http://{HERE}")
            kind = {name: value for name, value in asked.pop("headers").items() if name == "Content-Type"}
            del asked["cookies"]
            if "data" in asked:
                asked["content"] = asked.pop("data")
            asked["headers"] = {**kind, "Authorization": f"Bearer {TOKEN}"}
            response = runner.run(_ask(access, asked))
            case.validate_response(response, checks=CHECKS)

        holds()


async def _access_control(app: FastAPI) -> AccessControl:
    host, port = HERE.split(":")
    limits = Limits(each_client=UNLIMITED, all_clients=UNLIMITED)
    return AccessControl(app, TOKEN, host, int(port), limits=limits)


async def _ask(app: Any, asked: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request(**asked)
