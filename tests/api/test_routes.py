"""Every path over a real socket, with both simulated servers behind it, held against the book itself."""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins

from psf_monitor import __version__
from psf_monitor.api import snapshot_records
from psf_monitor.api.connections import Connections
from psf_monitor.api.health import ProcessHealth
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from psf_monitor.hammer.account.errors import NO_ACCOUNT
from psf_monitor.problem import Problem
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.hammer.account import OwnAccount
from tests.api.client import ABook, ApiClient, opened, over_servers
from tests.conftest import ExpectedErrors
from tests.support.records import GUN, NOON, PED, position
from tests.support.waiting import until

HAMMER = AccountMode.HAMMER_PRO


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs a lost line as an error of its own."""
    expected_errors.allow("ib_insync.client")


def of_book(api: ApiClient, mode: AccountMode) -> dict[str, Any]:
    reported: dict[str, Any] = to_builtins(
        snapshot_records.snapshot(api.source.book, api.source.links, (mode,))
    )
    return reported


async def failure(response: Any, status: int) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert response.status_code == status, body
    assert response.headers["content-type"] == "application/problem+json"
    assert list(body) == ["type", "title", "status", "detail", "success", "what", "why", "what_to_do"]
    assert (body["type"], body["title"], body["status"]) == ("about:blank", HTTPStatus(status).phrase, status)
    assert body["detail"].startswith(f"{body['what']} {body['why']} {body['what_to_do']}".rstrip())
    assert body["success"] is False
    assert all(isinstance(body[key], str) and body[key] for key in ("what", "why", "what_to_do"))
    return body


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[ApiClient]:
    """No servers: a book with one position at GUN, which counts as connected."""
    source = ABook()
    source.links[GUN].report(LinkState.READY)
    source.book.accounts_named(GUN, ["U1240821"])
    source.book.positions_replaced(GUN, [position()])
    async with opened(source, tmp_path) as api:
        yield api


async def test_that_positions_orders_and_summary_are_the_books(api: ApiClient) -> None:
    for mode in IBKR_MODES:
        await held_against_the_book(api, mode)


async def held_against_the_book(api: ApiClient, mode: AccountMode) -> None:
    book = of_book(api, mode)
    asked = {"account_type": mode.value}
    held = (await api.get("account/ibkr/positions", params=asked)).json()
    assert held["positions"] == book["positions"]
    assert (held["success"], held["account_type"]) == (True, mode.value)
    assert held["count"] == len(book["positions"]) > 0
    working = (await api.get("account/ibkr/orders", params=asked)).json()
    assert working["orders"] == book["orders"]
    assert working["count"] == len(book["orders"]) > 0
    worth = (await api.get("account/ibkr/summary", params=asked)).json()
    assert worth["summaries"] == book["summaries"]
    assert worth["summary"] == book["summaries"][0]
    assert worth["summary"]["connected"] is True


async def test_that_a_move_of_the_market_is_reported_at_once(api: ApiClient, gateways: Gateways) -> None:
    gateways.market.set_quote("CIM PRB", bid=24.70, ask=24.80, last=24.75)

    async def price() -> Any:
        held = (await api.get("account/ibkr/positions")).json()["positions"]
        return next(p for p in held if p["symbol"] == "CIM PRB")

    await until(
        lambda: any(row.last == 24.75 for row in api.source.book.position_rows()), what="the new price"
    )
    reported = await price()
    assert (reported["bid"], reported["ask"], reported["current_price"]) == (24.70, 24.80, 24.75)
    assert reported["market_value"] == 3000 * 24.75


async def test_that_reading_takes_no_changes_from_the_window(api: ApiClient, gateways: Gateways) -> None:
    book = api.source.book
    book.drain()
    gateways.market.set_quote("CIM PRB", bid=24.70, ask=24.80, last=24.75)
    key = next(row.key for row in book.position_rows() if row.symbol == "CIM PRB" and row.mode is GUN)
    await until(lambda: next(r for r in book.position_rows() if r.key == key).last == 24.75)
    await api.get("account/ibkr/positions")
    row = book.drain().positions[key]
    assert row is not None
    assert row.last == 24.75


@pytest.mark.parametrize("path", ["positions", "orders", "summary"])
async def test_that_an_unknown_account_is_400(quiet: ApiClient, path: str) -> None:
    for text in ("HAMMER_PRO", "IBKR_JOE", "", "ibkr gun"):
        answer = await quiet.get(f"account/ibkr/{path}", params={"account_type": text})
        body = await failure(answer, 400)
        assert body["what_to_do"] == "Give one of IBKR_GUN, IBKR_PED."


async def test_that_data_that_has_not_arrived_is_503_and_not_an_empty_list(quiet: ApiClient) -> None:
    assert (await quiet.get("account/ibkr/positions")).json()["count"] == 1
    for path in ("orders", "summary"):
        await failure(await quiet.get(f"account/ibkr/{path}"), 503)
    quiet.source.links[PED].report(LinkState.LOADING)
    for path in ("positions", "orders", "summary"):
        asked = {"account_type": "IBKR_PED"}
        await failure(await quiet.get(f"account/ibkr/{path}", params=asked), 503)


async def test_that_old_figures_are_reported_with_their_time(quiet: ApiClient) -> None:
    quiet.source.book.account_lost(GUN, NOON)
    quiet.source.links[GUN].report(LinkState.CUT_OFF)
    (held,) = (await quiet.get("account/ibkr/positions")).json()["positions"]
    assert held["stale_since"] == NOON.isoformat()


async def test_that_a_login_that_is_not_connected_is_503(api: ApiClient) -> None:
    assert (await api.post("account/ibkr/disconnect", params={"account_type": "IBKR_PED"})).json() == {
        "success": True,
        "account_type": "IBKR_PED",
        "connected": False,
    }
    for path in ("positions", "orders", "summary"):
        answer = await api.get(f"account/ibkr/{path}", params={"account_type": "IBKR_PED"})
        assert (await failure(answer, 503))["what"] == "IBKR_PED is not connected."
        gun = (await api.get(f"account/ibkr/{path}")).json()
        assert (gun["success"], gun["account_type"]) == (True, "IBKR_GUN")


async def test_that_a_lost_login_is_reported_with_its_problem(api: ApiClient, gateways: Gateways) -> None:
    await gateways.ped.stop()
    await until(lambda: api.source.links[PED].status.state is LinkState.RECONNECTING)
    body = await failure(await api.get("account/ibkr/positions", params={"account_type": "IBKR_PED"}), 503)
    assert body["what"] == api.source.links[PED].status.problem.what
    status = (await api.get("account/ibkr/status")).json()
    assert status["IBKR_PED"]["connected"] is False
    assert body["what"] in status["IBKR_PED"]["error"]
    assert (status["IBKR_GUN"]["connected"], status["IBKR_GUN"]["error"]) == (True, None)


async def test_that_orders_that_tws_does_not_report_are_no_empty_list(quiet: ApiClient) -> None:
    quiet.source.book.orders_replaced(GUN, [])
    assert (await quiet.get("account/ibkr/orders")).json()["orders"] == []
    quiet.source.book.orders_unavailable(GUN, Problem("TWS has Read-Only API ticked."))
    body = await failure(await quiet.get("account/ibkr/orders"), 503)
    assert (body["why"], body["what_to_do"]) == (
        "TWS has Read-Only API ticked.",
        "Ask again in some seconds.",
    )


async def test_that_two_profiles_on_one_login_both_report_its_positions(quiet: ApiClient) -> None:
    book = quiet.source.book
    quiet.source.links[PED].report(LinkState.READY)
    book.accounts_named(PED, ["U1240821"])
    book.positions_replaced(PED, [position(mode=PED)])
    gun, ped = [
        (await quiet.get("account/ibkr/positions", params={"account_type": mode.value})).json()["positions"]
        for mode in IBKR_MODES
    ]
    assert gun == ped != []


async def test_that_a_login_is_connected_by_the_defaults_of_its_settings(api: ApiClient) -> None:
    await api.post("account/ibkr/disconnect", json={"account_type": "IBKR_GUN"})
    profile = api.source.settings.ibkr[GUN]
    assert (await api.post("account/ibkr/connect", params={"account_type": "IBKR_GUN"})).json() == {
        "success": True,
        "account_type": "IBKR_GUN",
        "host": "127.0.0.1",
        "port": profile.port,
        "client_id": profile.client_id,
        "connected": True,
    }
    assert (await api.get("account/ibkr/positions")).json()["count"] == 12
    # Once more: it is connected already.
    assert (await api.post("account/ibkr/connect")).json()["connected"] is True


@pytest.mark.parametrize("how", ["params", "json"])
async def test_that_a_login_can_be_sent_to_another_tws(api: ApiClient, gateways: Gateways, how: str) -> None:
    elsewhere = {"account_type": "IBKR_GUN", "host": "127.0.0.1", "port": gateways.ped.port, "client_id": 7}
    await api.post("account/ibkr/disconnect", params={"account_type": "IBKR_PED"})
    answer = (await api.post("account/ibkr/connect", **{how: elsewhere})).json()
    assert answer == {"success": True, **elsewhere, "connected": True}
    assert api.source.links[GUN].status.endpoint == f"127.0.0.1:{gateways.ped.port}"
    assert {row.account for row in api.source.book.position_rows()} == {"U1770037"}
    await until(lambda: gateways.gun.connections == 0)


async def test_that_a_connection_that_fails_names_what_why_and_what_to_do(
    api: ApiClient, gateways: Gateways
) -> None:
    port = gateways.ped.port
    await api.post("account/ibkr/disconnect", params={"account_type": "IBKR_PED"})
    await gateways.ped.stop()
    body = await failure(
        await api.post("account/ibkr/connect", params={"account_type": "IBKR_PED", "port": port}), 503
    )
    assert body["what"] == f"Nothing answers at 127.0.0.1:{port}."
    # It has failed before, but the next request is still tried.
    await gateways.ped.start(port)
    answer = (await api.post("account/ibkr/connect", params={"account_type": "IBKR_PED"})).json()
    assert answer["connected"] is True


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"client_id": 0}, "client id 0 is refused"),
        ({"port": 0}, "port: 0"),
        ({"port": 65536}, "port: 65536"),
        ({"host": "a b"}, "host: 'a b'"),
        ({"host": ""}, "host: ''"),
        ({"port": "x"}, "port"),
        ({"prot": 7497}, "prot"),
        ({"client_id": 2**40}, "client_id"),
    ],
)
async def test_that_a_wrong_target_is_422_and_nothing_moves(
    quiet: ApiClient, values: dict[str, Any], message: str
) -> None:
    before = quiet.source.settings
    body = await failure(await quiet.post("account/ibkr/connect", json=values), 422)
    assert message in " ".join(str(part) for part in body.values())
    assert quiet.source.settings == before
    assert quiet.source.links[GUN].status.state is LinkState.READY


async def test_that_wishes_for_one_login_come_one_after_the_other(api: ApiClient) -> None:
    connections = Connections(api.source)
    answered: list[tuple[int, int | None]] = []

    async def wish(client_id: int) -> None:
        await connections.connect(GUN, {"client_id": client_id})
        answered.append((client_id, api.source.links[GUN].status.client_id))

    await asyncio.gather(*map(wish, (5, 6, 7)))
    assert answered == [(5, 5), (6, 6), (7, 7)]


async def test_that_the_mode_is_hammers_until_another_is_chosen(quiet: ApiClient) -> None:
    assert (await quiet.get("account/mode")).json() == {
        "success": True,
        "mode": "HAMMER_PRO",
        "is_hammer": True,
        "is_ibkr_gun": False,
        "is_ibkr_ped": False,
        "is_ibkr": False,
        "ibkr_gun_connected": True,
        "ibkr_ped_connected": False,
    }
    answer = (await quiet.post("account/mode", json={"mode": "IBKR_GUN"})).json()
    assert (answer["mode"], answer["is_ibkr_gun"], answer["is_ibkr"]) == ("IBKR_GUN", True, True)
    assert (await quiet.post("account/mode", params={"mode": "IBKR_PED"})).json()["is_ibkr_ped"] is True
    for nonsense in ({"json": {"mode": "JOE"}}, {"params": {"mode": ""}}, {}):
        await failure(await quiet.post("account/mode", **nonsense), 400)
    assert (await quiet.get("account/mode")).json()["mode"] == "IBKR_PED"


async def test_that_the_position_snapshot_is_of_the_mode(api: ApiClient) -> None:
    body = await failure(await api.get("position/snapshot"), 503)
    assert "HAMMER_PRO" in body["what"]
    assert (body["why"], body["what_to_do"]) == (NO_ACCOUNT.what, NO_ACCOUNT.to_do)
    await api.post("account/mode", json={"mode": "IBKR_PED"})
    answer = (await api.get("position/snapshot")).json()
    assert (answer["success"], answer["account_type"], answer["count"]) == (True, "IBKR_PED", 8)
    assert answer["positions"] == of_book(api, PED)["positions"]
    assert answer["timestamp"] == api.source.clock().isoformat()
    first = answer["positions"][0]
    assert {
        "symbol",
        "qty",
        "avg_price",
        "account_type",
        "current_price",
        "timestamp",
        "account",
    } <= first.keys()


async def test_that_hammers_own_positions_are_reported_in_its_mode(
    gateways: Gateways, tmp_path: Path
) -> None:
    own = OwnAccount(gateways.market.clock)
    gateways.hammer.accounts.by_key[own.key] = own
    async with over_servers(gateways, tmp_path) as api:
        await until(lambda: api.source.book.account_state(HAMMER).is_loaded)
        answer = (await api.get("position/snapshot")).json()
        assert {p["symbol"]: p["qty"] for p in answer["positions"]} == {"NLY PRG": 500, "GS PRA": -200}


async def test_that_an_execution_is_reported_among_the_fills(api: ApiClient, gateways: Gateways) -> None:
    market = gateways.market
    order = next(o for o in market.orders.values() if o.order_id == 1043)
    market.fill_order(order.perm_id, 400, 24.52)
    await until(lambda: any(f.order_id == 1043 for f in api.source.fills.fills()), what="the fill")
    answer = (await api.get("fills")).json()
    assert answer["count"] == len(api.source.fills.fills())
    fill = next(f for f in answer["fills"] if f["order_id"] == 1043)
    assert (fill["symbol"], fill["side"], fill["qty"], fill["price"]) == ("CIM PRB", "BUY", 400, 24.52)
    assert fill["account_type"] == "IBKR_GUN"
    assert set(answer["as_of"]) == set(answer["problems"]) == {mode.value for mode in AccountMode}


async def test_that_health_counts_and_ages_every_link(api: ApiClient) -> None:
    answer = (await api.get("/health")).json()
    assert (answer["success"], answer["version"], answer["journal_problem"]) == (True, __version__, None)
    gun, hammer = answer["links"]["IBKR_GUN"], answer["links"]["HAMMER_PRO"]
    assert (gun["state"], gun["connected"], gun["positions"], gun["accounts"]) == ("READY", True, 12, 1)
    assert gun["orders_list_s"] >= 0
    assert gun["quotes_live"] is None
    symbols = {row.symbol for row in api.source.book.position_rows()}
    assert hammer["symbols_wanted"] >= len(symbols)
    assert hammer["quotes_live"] == len(symbols) - 1
    assert hammer["newest_quote_s"] >= 0


async def test_that_the_sudden_end_of_the_one_before_is_in_health(tmp_path: Path) -> None:
    crash = "The last psf_monitor crashed at 14:03:22."
    async with opened(ABook(), tmp_path, process_health=ProcessHealth(last_crash=crash)) as api:
        assert (await api.get("/health")).json()["last_crash"] == crash


async def test_that_the_journals_problem_is_in_health(tmp_path: Path) -> None:
    async with opened(ABook(), tmp_path, process_health=ProcessHealth(lambda: "The disk is full.")) as api:
        assert (await api.get("/health")).json()["journal_problem"] == "The disk is full."
