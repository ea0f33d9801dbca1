"""The OpenAPI document: complete, read-only, and kept by the answers, whatever is asked."""

import asyncio
import re
from typing import Any

import httpx
import pytest
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

from psf_monitor.api.application import OPENAPI_PATH, application
from psf_monitor.api.connections import Connections
from psf_monitor.api.feed import Feed
from psf_monitor.api.health import HealthFacts
from psf_monitor.api.paths import Paths
from psf_monitor.api.transport.access import AccessControl
from psf_monitor.api.transport.limits import Limits
from psf_monitor.api.transport.rate import Rate
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountSummary
from tests.api.client import ABook
from tests.records import GUN, PED, order, position

TOKEN = "let me in"
UNLIMITED = Rate(per_s=1e9, burst=10**9)

TRADING = re.compile(
    r"place|submit|cancel|modif|amend|replac|buy|sell|short|trade|execut|transmit|exercise|bind|delete|update",
    re.IGNORECASE,
)


def an_application() -> FastAPI:
    """Over a book with something in it: GUN counts as connected, PED does not."""
    source = ABook()
    source.links[GUN].report(LinkState.READY)
    source.book.accounts_named(GUN, ["U1240821"])
    source.book.positions_replaced(GUN, [position(), position("SPY", 3, None)])
    source.book.orders_replaced(GUN, [order()])
    source.book.summaries_replaced(GUN, [AccountSummary(GUN, "U1240821", "USD", 1e6)])
    source.links[PED].report(LinkState.LOADING)
    connections = Connections(source, timeout_s=0.01)
    return application(Paths(source, connections, Feed(source), HealthFacts()))


def test_that_there_are_only_gets_and_posts_that_connect_and_no_word_of_trading() -> None:
    document = an_application().openapi()
    methods = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert {each for each in methods if each[0] != "GET"} == {
        ("POST", "/api/psfalgo/account/ibkr/connect"),
        ("POST", "/api/psfalgo/account/ibkr/disconnect"),
        ("POST", "/api/psfalgo/account/hammer/connect"),
        ("POST", "/api/psfalgo/account/hammer/disconnect"),
        ("POST", "/api/psfalgo/account/mode"),
    }
    assert {path for method, path in methods if method == "GET"} == {
        "/health",
        *(
            f"/api/psfalgo/{path}"
            for path in (
                "account/ibkr/status",
                "account/ibkr/positions",
                "account/ibkr/positions/{symbol}",
                "account/hammer/status",
                "account/ibkr/orders",
                "account/ibkr/summary",
                "account/mode",
                "position/snapshot",
                "alerts",
                "groups",
                "exposure",
                "fills",
                "day",
                "depth",
                "stream",
            )
        ),
    }
    for path, item in document["paths"].items():
        for operation in item.values():
            words = [path, operation["operationId"], *(p["name"] for p in operation.get("parameters", ()))]
            assert not [word for word in words if TRADING.search(word)]
    asked = [
        document["components"]["schemas"][name] for name in ("ConnectRequest", "WhichLogin", "WhichMode")
    ]
    assert {key for schema in asked for key in schema["properties"]} == {
        "account_type",
        "host",
        "port",
        "client_id",
        "mode",
        "auto_connect",
    }


def test_that_the_routes_are_those_of_the_document() -> None:
    app = an_application()
    served = {
        (method, route.path)
        for route in app.routes
        for method in getattr(route, "methods", None) or ()
        if hasattr(route, "path")
    }
    documented = {(m.upper(), path) for path, item in app.openapi()["paths"].items() for m in item}
    assert served - documented <= {("GET", OPENAPI_PATH), ("HEAD", OPENAPI_PATH)}
    assert documented <= served


def test_that_every_refusal_is_documented_as_problem_details() -> None:
    document = an_application().openapi()
    refusals = [
        response["content"]
        for item in document["paths"].values()
        for operation in item.values()
        for status, response in operation["responses"].items()
        if not status.startswith("2")
    ]
    assert len(refusals) > 100
    problem = {"$ref": "#/components/schemas/ProblemBody"}
    assert all(content == {"application/problem+json": {"schema": problem}} for content in refusals)


def test_that_every_answer_is_documented_by_its_records() -> None:
    document = an_application().openapi()
    answers = {
        path: response["content"]["application/json"]["schema"]
        for path, item in document["paths"].items()
        for operation in item.values()
        if "application/json" in (response := operation["responses"]["200"])["content"]
    }
    assert len(answers) == len(document["paths"]) - 1
    for schema in answers.values():
        assert document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]["success"]


def test_that_a_word_of_trading_would_be_seen() -> None:
    assert TRADING.search("/api/psfalgo/orders/cancel")
    assert TRADING.search("place_order")


def operations() -> list[Any]:
    document = an_application().openapi()
    # A stream has no end that could be waited for here, and the token is tried elsewhere.
    del document["paths"]["/api/psfalgo/stream"]
    for item in document["paths"].values():
        for operation in item.values():
            del operation["security"]
    found = list(schemathesis.openapi.from_dict(document).get_all_operations())
    assert len(found) == 20
    return [each.ok() for each in found if isinstance(each, Ok)]


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.label)
def test_that_no_request_is_answered_with_a_fault_or_against_the_document(operation: Any) -> None:
    """Right and wrong requests as schemathesis makes them up from the document, token included."""
    here = "127.0.0.1:8766"
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    with asyncio.Runner() as runner:
        gate = runner.run(a_gate(here))

        @given(cases)
        @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        def holds(case: Any) -> None:
            asked = case.as_transport_kwargs(f"http://{here}")
            kind = {name: value for name, value in asked.pop("headers").items() if name == "Content-Type"}
            del asked["cookies"]
            if "data" in asked:
                asked["content"] = asked.pop("data")
            asked["headers"] = {**kind, "Authorization": f"Bearer {TOKEN}"}
            response = runner.run(ask(gate, asked))
            case.validate_response(response, checks=CHECKS)

        holds()


CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
"""That a login is not connected is 503, and in the document; 500 is in none."""


async def a_gate(here: str) -> AccessControl:
    host, port = here.split(":")
    return AccessControl(
        an_application(), TOKEN, host, int(port), limits=Limits(each_client=UNLIMITED, all_clients=UNLIMITED)
    )


async def ask(app: Any, asked: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport) as client:
        return await client.request(**asked)
