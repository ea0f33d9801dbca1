"""Who is let in: the token, the Host, the Origin, how often and how much. All over a real socket."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from psf_monitor.api import server
from psf_monitor.api.transport import access_control, listener
from psf_monitor.api.transport.limits import Limits
from psf_monitor.api.transport.rate_limit import EACH_CLIENT, WITHOUT_TOKEN, Rate, Rates
from tests.api.client import ON_A_FREE_PORT, ABook, ApiClient, client_at, opened
from tests.conftest import named_in_failure
from tests.support.waiting import PATIENCE_S


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[ApiClient]:
    async with opened(ABook(), tmp_path) as client:
        yield client


def refused(answer: httpx.Response, status: int) -> str:
    body = answer.json()
    assert answer.status_code == status, body
    assert answer.headers["content-type"] == "application/problem+json"
    assert list(body) == ["type", "title", "status", "detail", "success", "what", "why", "what_to_do"]
    assert body["success"] is False
    assert answer.headers["cache-control"] == "no-store"
    assert not [name for name in answer.headers if name.startswith("access-control")]
    return str(body["what"])


PATHS = ("/health", "/api/psfalgo/stream", "/api/psfalgo/account/mode", "/openapi.json", "/docs", "/nothing")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        "Basic {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer é",
    ],
)
async def test_that_nothing_is_reported_without_the_token(api: ApiClient, authorization: str | None) -> None:
    value = (authorization or "").format(token=api.token).encode("latin-1")
    headers = [] if authorization is None else [(b"Authorization", value)]
    async with client_at(api.address) as client:
        for path in PATHS:
            answer = await client.get(path, headers=headers)
            assert refused(answer, 401) == "The token is missing or wrong."
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_that_two_authorization_headers_are_refused(api: ApiClient) -> None:
    async with api.stranger() as client:
        both = [("Authorization", f"Bearer {api.token}"), ("Authorization", f"Bearer {api.token}")]
        refused(await client.get("/health", headers=both), 401)


async def test_that_a_name_of_a_web_page_is_no_address_of_ours(api: ApiClient) -> None:
    for host in (
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "",
    ):
        with named_in_failure(host):
            named = host.format(port=api.address.rpartition(":")[2])
            assert (
                refused(await api.get("/health", headers={"Host": named}), 403)
                == "The request names another host."
            )


async def test_that_every_address_of_this_computer_itself_will_do(api: ApiClient) -> None:
    port = api.address.rpartition(":")[2]
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert (await api.get("/health", headers={"Host": f"{name}:{port}"})).status_code == 200


async def test_that_a_request_from_a_web_page_is_refused(api: ApiClient) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "file://", ""):
        with named_in_failure(origin):
            answer = await api.get("/health", headers={"Origin": origin})
            assert refused(answer, 403) == "The request comes from a web page."
            answer = await api.client.options(
                "/health", headers={"Origin": origin, "Access-Control-Request-Method": "GET"}
            )
            refused(answer, 403)


async def test_that_our_own_origin_is_no_web_page(api: ApiClient) -> None:
    assert (await api.get("/health", headers={"Origin": api.address})).status_code == 200


def test_that_it_listens_at_no_address_that_others_reach() -> None:
    for host in ("0.0.0.0", "192.168.1.7", "::", "8.8.8.8"):
        with named_in_failure(host), pytest.raises(ValueError, match="not an address of this computer"):
            listener.listen(host, 0)


async def test_that_unknown_paths_and_methods_are_distinguished_in_json(api: ApiClient) -> None:
    assert refused(await api.get("/nothing"), 404) == "There is no such path."
    assert refused(await api.get("/docs"), 404) == "There is no such path."
    assert refused(await api.get("/api/psfalgo/fills/"), 404) == "There is no such path."
    for method in ("PUT", "DELETE", "PATCH", "POST", "OPTIONS", "TRACE"):
        answer = await api.client.request(method, "/health")
        assert refused(answer, 405) == "This path is not asked like that."
    assert (await api.client.head("/health")).status_code == 405
    assert refused(await api.post("account/mode", content=b"{"), 422) == "A value is not accepted."


async def test_that_a_fault_of_ours_is_500_in_json_and_in_the_log(
    api: ApiClient,
    monkeypatch: pytest.MonkeyPatch,
    expected_errors: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_errors.allow("uvicorn.error")  # type: ignore[attr-defined]

    def break_down() -> None:
        raise ZeroDivisionError("within")

    monkeypatch.setattr(api.source, "clock", break_down)
    answer = await api.get("/health")
    assert refused(answer, 500) == "psf_monitor failed to answer."
    assert "within" not in answer.text
    assert "ZeroDivisionError: within" in caplog.text


async def test_that_a_body_that_is_too_large_is_not_read(api: ApiClient) -> None:
    large = b"x" * (access_control.MOST_BODY_BYTES + 1)
    assert refused(await api.post("account/mode", content=large), 413) == "The request is too large."

    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"x" * 1000

    refused(await api.post("account/mode", content=in_pieces()), 413)
    refused(await api.client.request("GET", "/health", content=large), 413)


async def test_that_a_body_that_never_ends_is_not_waited_for(
    tmp_path: Path,
) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(body_within_s=0.05)) as api:
        host, port = api.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        head = (
            "POST /api/psfalgo/account/mode HTTP/1.1",
            f"Host: {host}:{port}",
            f"Authorization: Bearer {api.token}",
            "Content-Length: 20",
        )
        writer.write("\r\n".join((*head, "", "{")).encode())
        async with asyncio.timeout(PATIENCE_S):
            answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["what"] == "The request did not come to its end."
    writer.close()
    await writer.wait_closed()


async def test_that_a_client_that_asks_too_often_waits_and_is_let_in_again(tmp_path: Path) -> None:
    now = [0.0]
    source = ABook()
    async with opened(source, tmp_path, limits=Limits(clock=lambda: now[0])) as api:
        burst = EACH_CLIENT.burst
        answers = [(await api.get("account/mode")).status_code for _ in range(burst)]
        assert set(answers) == {200}
        answer = await api.get("account/mode")
        assert refused(answer, 429) == "Too many requests."
        assert answer.headers["retry-after"] == "1"
        now[0] += 1.0
        assert (await api.get("account/mode")).status_code == 200


async def test_that_strangers_are_slowed_down_and_take_nothing_from_others(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, limits=Limits(clock=lambda: 0.0)) as api, api.stranger() as stranger:
        seen = [(await stranger.get("/health")).status_code for _ in range(WITHOUT_TOKEN.burst + 5)]
        assert seen == [401] * WITHOUT_TOKEN.burst + [429] * 5
        assert (await api.get("/health")).status_code == 200


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 0.5)), max_size=300))
def test_that_no_order_of_requests_goes_over_the_rate(requests: list[tuple[int, float]]) -> None:
    now = [0.0]
    each, whole = Rate(per_s=2, burst=3), Rate(per_s=4, burst=6)
    rates = Rates(each, whole, lambda: now[0])
    let_in: dict[int, int] = {}
    for client, pause_s in requests:
        now[0] += pause_s
        if rates.count_request(client) == 0:
            let_in[client] = let_in.get(client, 0) + 1
    assert sum(let_in.values()) <= whole.burst + whole.per_s * now[0] + 1e-6
    assert all(count <= each.burst + each.per_s * now[0] + 1e-6 for count in let_in.values())


def test_that_a_client_that_waits_as_requested_is_let_in_and_many_are_remembered_only_for_a_while() -> None:
    now = [0.0]
    rates = Rates(Rate(per_s=0.5, burst=1), Rate(per_s=1000, burst=1000), lambda: now[0])
    assert rates.count_request("a") == 0
    assert rates.count_request("a") == 2
    now[0] += 2
    assert rates.count_request("a") == 0
    for number in range(500):
        assert rates.count_request(number) == 0
    assert rates.remembered <= 64


async def test_that_the_token_is_in_no_line_of_the_log_and_is_hidden_before_it_is_used(
    api: ApiClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for path in PATHS:
        if "stream" not in path:
            await api.get(path)
    assert api.token not in caplog.text
    assert api.hidden == [api.token]


async def test_that_a_port_in_use_is_reported(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path) as api:
        port = int(api.address.rpartition(":")[2])
        second = server.LocalApi(
            ABook(), replace(ON_A_FREE_PORT, port=port), tmp_path / "api-token", hide=lambda _token: None
        )
        await second.run()
        assert second.address is None
        assert second.token() is None
        assert second.problem is not None
        assert str(second.problem).startswith(
            f"The local API did not start. Port {port} of 127.0.0.1 cannot be opened"
        )


async def test_that_a_token_that_cannot_be_kept_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    api = server.LocalApi(ABook(), ON_A_FREE_PORT, tmp_path / "file" / "api-token", hide=print)
    await api.run()
    assert api.address is None
    assert "Its token cannot be kept" in str(api.problem)
