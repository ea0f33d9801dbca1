"""The OpenAPI document: complete, read-only, and kept by the answers, whatever is asked."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

from fastapi import FastAPI

from psf_monitor.api.application import OPENAPI_PATH, application
from psf_monitor.api.change_feed import ChangeFeed
from psf_monitor.api.connections import Connections
from psf_monitor.api.health import ProcessHealth
from psf_monitor.api.routes import ApiRoutes
from psf_monitor.api.transport import access_control
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountSummary
from tests.api.client import ABook
from tests.conftest import named_in_failure
from tests.support.records import GUN, PED, order, position

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
    return application(ApiRoutes(source, connections, ChangeFeed(source), ProcessHealth()))


@cache
def the_application() -> FastAPI:
    """One that is read by many tests, and asked nothing."""
    return an_application()


def test_that_there_are_only_gets_and_posts_that_connect_and_no_mention_of_trading() -> None:
    document = the_application().openapi()
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
            texts = [path, operation["operationId"], *(p["name"] for p in operation.get("parameters", ()))]
            assert not [text for text in texts if TRADING.search(text)]
    asked = [
        document["components"]["schemas"][name] for name in ("ConnectRequest", "LoginRequest", "ModeRequest")
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
    app = the_application()
    served = {
        (method, getattr(route, "path_format", route.path))
        for route in app.routes
        for method in getattr(route, "methods", None) or ()
        if hasattr(route, "path")
    }
    documented = {(m.upper(), path) for path, item in app.openapi()["paths"].items() for m in item}
    assert served - documented <= {("GET", OPENAPI_PATH), ("HEAD", OPENAPI_PATH)}
    assert documented <= served


def test_that_every_refusal_is_documented_as_problem_details() -> None:
    document = the_application().openapi()
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


def test_that_refusals_common_to_all_requests_are_documented_at_every_path() -> None:
    paths = the_application().openapi()["paths"]
    documented = [set(operation["responses"]) for item in paths.values() for operation in item.values()]
    source = ast.parse(Path(access_control.__file__).read_text("utf-8"))
    raised = {
        str(call.args[0].value)
        for call in ast.walk(source)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ApiError"
        if isinstance(call.args[0], ast.Constant)
    }
    assert {"401", "414", "429"} <= raised
    assert not [raised - each for each in documented if raised - each]


def test_that_every_answer_is_documented_by_its_records() -> None:
    document = the_application().openapi()
    answers = {
        path: response["content"]["application/json"]["schema"]
        for path, item in document["paths"].items()
        for operation in item.values()
        if "application/json" in (response := operation["responses"]["200"])["content"]
    }
    assert len(answers) == len(document["paths"]) - 1
    for schema in answers.values():
        assert document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"]["success"]


def test_that_a_mention_of_trading_would_be_seen() -> None:
    assert TRADING.search("/api/psfalgo/orders/cancel")
    assert TRADING.search("place_order")


def operations() -> list[str]:
    """Method and path of each; a stream has no end that could be waited for here."""
    return [
        f"{method} {getattr(route, 'path_format', route.path)}"
        for route in the_application().routes
        if hasattr(route, "path") and route.path.startswith(("/api/", "/health"))
        for method in sorted(getattr(route, "methods", None) or ())
        if method != "HEAD" and not route.path.endswith("/stream")
    ]


def test_that_every_operation_is_asked_for() -> None:
    document = the_application().openapi()
    documented = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert documented - {"GET /api/psfalgo/stream"} == set(operations())


def test_that_no_request_is_answered_with_a_fault_or_against_the_document() -> None:
    # It takes longer to load than most rooms take to be tested.
    requests = importlib.import_module("tests.api.made_up_requests")
    made_up = requests.operations_of(an_application().openapi())
    only_read = an_application()
    for label in operations():
        with named_in_failure(label):
            app = only_read if label.startswith("GET ") else an_application()
            requests.ask_in_every_way(app, made_up[label])
