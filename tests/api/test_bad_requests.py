"""Malformed requests: each gets one problem that names the fault, and changes nothing."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.api.transport.access_control import MOST_ADDRESS_BYTES, MOST_HEADER_BYTES
from psf_monitor.api.transport.limits import Limits
from psf_monitor.connection.status import LinkState
from tests.api.client import ABook, ApiClient, opened
from tests.conftest import named_in_failure
from tests.support.records import GUN, PED, position
from tests.support.waiting import PATIENCE_S

JSON = {"content-type": "application/json"}


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[ApiClient]:
    """No servers: two positions at GUN, one of a share that HAMMER is not asked for."""
    source = ABook()
    source.links[GUN].report(LinkState.READY)
    source.book.accounts_named(GUN, ["U1240821"])
    source.book.positions_replaced(GUN, [position("CIM PRB", 3000), position("SPY", 3, None)])
    async with opened(source, tmp_path) as api:
        yield api


def problem(answer: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
    assert len(body["detail"]) < 500
    return body


async def raw(api: ApiClient, request: bytes) -> tuple[str, dict[str, Any]]:
    """Send the bytes as they are; the first line of the answer, and its problem."""
    host, port = api.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        async with asyncio.timeout(PATIENCE_S):
            answer = await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    return head.split(b"\r\n")[0].decode(), json.loads(body)


async def test_that_a_request_that_is_not_http_is_answered_with_a_problem_too(api: ApiClient) -> None:
    for request_bytes in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /health\r\n\r\n",
        b"GET /api/psfalgo/account/ibkr/positions/CIM PRB HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX Y: 1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ):
        with named_in_failure(request_bytes):
            line, reported = await raw(api, request_bytes)
            assert line == "HTTP/1.1 400 Bad Request"
            assert reported["what"] == "This is no HTTP/1.1 request."
            assert (await api.get("/health")).status_code == 200


async def test_that_headers_that_break_off_are_refused_with_that_reason(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(headers_within_s=0.05)) as api:
        for begun in (b"GET /heal", b"GET /health HTTP/1.1\r\nHost: x\r\n"):
            line, reported = await raw(api, begun)
            assert line == "HTTP/1.1 408 Request Timeout"
            assert reported["what"] == "The request did not come to its end."


async def test_that_a_body_that_breaks_off_is_refused_with_that_reason(api: ApiClient) -> None:
    head = f"POST /api/psfalgo/account/mode HTTP/1.1\r\nHost: {api.address[7:]}\r\n"
    head += f"Authorization: Bearer {api.token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    _, reported = await raw(api, head.encode() + b"no length\r\n")
    assert reported["what"] == "This is no HTTP/1.1 request."


async def test_that_a_request_for_a_websocket_is_referred_to_the_stream(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    wanted = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    with caplog.at_level(logging.WARNING):
        reported = problem(await api.get("stream", headers=wanted), 400)
        assert reported["what"] == "There is no WebSocket here."
        # An offer of another protocol is ignored and HTTP/1.1 is used, as curl --http2 expects.
        h2c = {"connection": "Upgrade, HTTP2-Settings", "upgrade": "h2c", "http2-settings": "AAMAAABk"}
        assert (await api.get("account/mode", headers=h2c)).status_code == 200
    assert "pgrade" not in caplog.text
    assert "pip install" not in caplog.text


async def test_that_floods_are_refused_by_their_size(api: ApiClient) -> None:
    reported = problem(await api.get("fills?" + "a" * MOST_ADDRESS_BYTES), 414)
    assert reported["what"] == "The address is too long."
    many = {f"x-{n}": "1" * 1000 for n in range(MOST_HEADER_BYTES // 1000 + 1)}
    assert problem(await api.get("fills", headers=many), 431)["what"] == "The headers are too large."


async def test_that_a_long_value_is_quoted_by_its_beginning(api: ApiClient) -> None:
    long = "a" * 4000
    for path in (f"/{long}", f"account/ibkr/positions/{long}", f"depth?symbol={long}"):
        assert "aaaa.." in problem(await api.get(path), 404)["detail"].replace("'", "")
    assert "aaaa" in problem(await api.get(f"fills?{long}=1"), 422)["what"]
    assert "aaaa" in problem(await api.get(f"groups?by={long}"), 400)["what"]
    assert "aaaa" in problem(await api.get(f"account/ibkr/orders?account_type={long}"), 400)["why"]


async def test_that_no_symbol_is_no_share_without_a_name_at_hammer(api: ApiClient) -> None:
    for path in ("account/ibkr/positions?symbol=", "account/ibkr/positions/%20", "depth?symbol="):
        with named_in_failure(path):
            assert problem(await api.get(path), 422)["what"] == "The symbol is empty."


async def test_that_an_account_is_known_in_letters_of_either_case(api: ApiClient) -> None:
    for path in ("account/ibkr/positions?", "account/ibkr/positions/CIM%20PRB?", "groups?by=share&"):
        with named_in_failure(path):
            right = (await api.get(f"{path}account_type=IBKR_GUN")).json()
            for account_type in ("IBKR_GUN", "ibkr_gun", "Ibkr_Gun", "%20IBKR_GUN%20"):
                received = (await api.get(f"{path}account_type={account_type}")).json()
                assert received | {"timestamp": ""} == right | {"timestamp": ""}, account_type


async def test_that_the_account_mode_is_known_in_letters_of_either_case(api: ApiClient) -> None:
    assert (await api.post("account/mode", params={"mode": "ibkr_ped"})).json()["mode"] == "IBKR_PED"
    assert (await api.post("account/mode", json={"mode": "hampro"})).json()["mode"] == "HAMMER_PRO"


async def test_that_groups_know_both_names_of_hammer(api: ApiClient) -> None:
    for account_type in ("HAMMER_PRO", "HAMPRO"):
        assert (await api.get(f"groups?by=share&account_type={account_type}")).status_code == 200


async def test_that_a_body_that_nobody_would_hear_is_refused(api: ApiClient) -> None:
    """As a query name that is not known: it would be answered with another account's rows."""
    for method, path in (
        ("GET", "account/ibkr/positions"),
        ("GET", "account/mode"),
        ("POST", "account/hammer/connect"),
        ("POST", "account/hammer/disconnect"),
    ):
        with named_in_failure(method, path):
            before = {mode: link.is_wanted for mode, link in api.source.links.items()}
            wish = {"account_type": "IBKR_PED", "host": "10.0.0.1"}
            answer = await api.client.request(method, f"/api/psfalgo/{path}", json=wish)
            assert problem(answer, 422)["what"] == "This path takes no body."
            assert {mode: link.is_wanted for mode, link in api.source.links.items()} == before


async def test_that_an_empty_body_counts_as_no_body(api: ApiClient) -> None:
    for nothing in (b"", b"{}", b"null", b'""'):
        with named_in_failure(nothing):
            answer = await api.client.request(
                "GET", "/api/psfalgo/account/mode", content=nothing, headers=JSON
            )
            assert answer.status_code == 200


async def test_that_a_wrong_body_is_described_in_plain_terms(api: ApiClient) -> None:
    for content, why in (
        (b"{", "the body is no JSON, at character 1."),
        (b"[]", "the body is no JSON object."),
        (b'{"": 1}', "'' in the body is not known."),
        (b'{"a\\u202e": 1}', r"'a\u202e' in the body is not known."),
        (b'{"\\ud800": 1}', r"'\ud800' in the body is not known."),
        (b'{"mod": "IBKR_GUN"}', "mod in the body is not known."),
        (b'{"mode": 1}', "mode in the body is 1, and text is accepted."),
        (
            b'{"mode": "IBKR_GUN", "auto_connect": "maybe"}',
            "auto_connect in the body is 'maybe', and true or",
        ),
    ):
        with named_in_failure(content, why):
            reported = problem(await api.post("account/mode", content=content, headers=JSON), 422)
            assert reported["why"].startswith(why)
            assert (await api.get("account/mode")).json()["mode"] == "HAMMER_PRO"


async def test_that_a_text_that_is_no_number_is_no_port(api: ApiClient) -> None:
    for number in ("NaN", "Infinity", "1e400"):
        with named_in_failure(number):
            body = f'{{"port": {number}}}'.encode()
            reported = problem(await api.post("account/ibkr/connect", content=body, headers=JSON), 422)
            assert reported["why"].endswith("and a whole number is accepted.")


async def test_that_a_path_that_is_not_known_is_named_as_it_came(api: ApiClient) -> None:
    for path, named in (
        ("//health", "//health"),
        ("/a%0D%0Ab", r"'/a\r\nb'"),
        ("/%E2%80%AE", r"'/\u202e'"),
        ("/é", "/é"),
    ):
        with named_in_failure(path, named):
            # As it stands, for httpx takes the beginning of the first for a host.
            target = path.replace("é", "%C3%A9")
            head = f"GET {target} HTTP/1.1\r\nHost: {api.address[7:]}\r\nConnection: close\r\n"
            _, reported = await raw(api, f"{head}Authorization: Bearer {api.token}\r\n\r\n".encode())
            assert reported["why"] == f"{named} is not known here."


async def test_that_a_body_that_is_no_text_is_reported(api: ApiClient) -> None:
    reported = problem(await api.post("account/mode", content=b'{"mode": "\xff"}', headers=JSON), 400)
    assert reported["what"] == "The body cannot be read."


async def test_that_a_name_that_comes_twice_in_a_body_is_refused(api: ApiClient) -> None:
    twice = b'{"mode": "IBKR_GUN", "mode": "IBKR_PED"}'
    reported = problem(await api.post("account/mode", content=twice, headers=JSON), 422)
    assert reported["what"] == "'mode' is in the body more than once."
    assert (await api.get("account/mode")).json()["mode"] == "HAMMER_PRO"


async def test_that_a_body_that_is_not_called_json_is_refused_as_such(api: ApiClient) -> None:
    for kind, named in (
        ("application/x-www-form-urlencoded", "Content-Type is 'application/x-www-form-urlencoded', not"),
        (None, "it comes without a Content-Type, not 'application/json'"),
        ("application/jsonx", "Content-Type is 'application/jsonx', not 'application/json'"),
        ("json", "Content-Type is 'json', not 'application/json'"),
    ):
        with named_in_failure(kind, named):
            headers = {} if kind is None else {"content-type": kind}
            answer = await api.post("account/mode", content=b'{"mode": "IBKR_PED"}', headers=headers)
            assert named in problem(answer, 422)["why"]


NO_WHOLE_NUMBERS = ("x", "", "4,001", "4_001", "4001.0", "١٢", "+5", " 5 ")


async def test_that_only_a_whole_number_is_a_port_or_a_client_id(api: ApiClient) -> None:
    for name in ("port", "client_id"):
        with named_in_failure(name):
            before = api.source.settings
            for value in (True, 7.5, [1], *NO_WHOLE_NUMBERS):
                reported = problem(await api.post("account/ibkr/connect", json={name: value}), 422)
                assert reported["why"] == f"{name} in the body is {value!r}, and a whole number is accepted."
                assert api.source.settings == before, value


async def test_that_a_number_in_the_query_is_written_as_in_a_body(api: ApiClient) -> None:
    for name in ("port", "client_id"):
        with named_in_failure(name):
            before = api.source.settings
            for text in NO_WHOLE_NUMBERS:
                reported = problem(await api.post("account/ibkr/connect", params={name: text}), 422)
                assert reported["why"] == f"{name} in the query is '{text}', and a whole number is accepted."
                assert api.source.settings == before, text


async def test_that_an_empty_account_in_the_query_is_refused_and_moves_nothing(api: ApiClient) -> None:
    for path, name in (("connect", "account_type"), ("disconnect", "account_type"), ("mode", "mode")):
        with named_in_failure(path, name):
            api.source.links[GUN].connect()
            for body in ({}, {name: "IBKR_PED"}):
                where = path if path == "mode" else f"ibkr/{path}"
                answer = await api.post(f"account/{where}", params={name: ""}, json=body)
                assert problem(answer, 400)["why"] == "No account is named."
            assert api.source.links[GUN].is_wanted
            assert (await api.get("account/mode")).json()["mode"] == "HAMMER_PRO"


async def test_that_the_query_wins_over_the_body(api: ApiClient) -> None:
    body = {"mode": "IBKR_GUN", "auto_connect": True}
    answer = await api.post("account/mode", params={"mode": "IBKR_PED", "auto_connect": False}, json=body)
    assert (answer.json()["mode"], answer.json()["connection_error"]) == ("IBKR_PED", None)
    assert not api.source.links[PED].is_wanted


async def test_that_no_such_host_is_tried(api: ApiClient) -> None:
    for host in ("a\0b", "a\x07", "a" * 254, "\u202ehost", "a b", "http://a", ""):
        reported = problem(await api.post("account/ibkr/connect", json={"host": host}), 422)
        assert reported["what_to_do"].endswith("is accepted, without port.") or not host.isprintable(), host
        assert api.source.settings.ibkr[GUN].host == "127.0.0.1", host


async def test_that_a_wrong_method_is_answered_with_every_accepted_one(api: ApiClient) -> None:
    for path, accepted in (("account/mode", "GET, POST"), ("account/ibkr/connect", "POST"), ("fills", "GET")):
        with named_in_failure(path, accepted):
            for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BUY"):
                answer = await api.client.request(method, f"/api/psfalgo/{path}")
                assert (answer.status_code, answer.headers["allow"]) == (405, accepted), method
                if method != "HEAD":
                    assert (
                        problem(answer, 405)["why"] == f"'{method}' is not accepted on it, only {accepted}."
                    )


async def test_that_a_missing_parameter_is_named(api: ApiClient) -> None:
    assert problem(await api.get("groups"), 422)["why"] == "by in the query is missing."
    assert problem(await api.get("depth"), 422)["why"] == "symbol in the query is missing."


async def test_that_the_document_takes_no_name_either(api: ApiClient) -> None:
    assert problem(await api.get("/openapi.json?x=1"), 422)["what"] == "'x' in the query is not known."
    assert (await api.get("/openapi.json")).json()["info"]["title"] == "psf_monitor"
