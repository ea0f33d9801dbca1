"""``GET depth`` over a real socket, with simulated servers behind it: the window's own numbers."""

import json
from typing import Any

import pytest

from psf_monitor.api.depth_routes import DepthRoutes
from psf_monitor.domain.depth import DepthState
from psf_monitor.sim.demo import Gateways
from tests.api.client import ApiClient
from tests.conftest import ExpectedErrors
from tests.support.make_window import make_window
from tests.support.waiting import until

CIM = "CIM PRB"


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    expected_errors.allow("ib_insync.client")


async def asked(api: ApiClient, symbol: str = CIM) -> dict[str, Any]:
    response = await api.get("depth", params={"symbol": symbol})
    body: dict[str, Any] = response.json()
    assert response.status_code == 200, body
    return body


@pytest.mark.usefixtures("qapp")
async def test_that_api_window_and_table_show_the_same_depth_at_the_same_moment(
    api: ApiClient,
) -> None:
    reported = await asked(api)
    monitor = api.source
    window = make_window(monitor.book, monitor.links, monitor.clock, fills=monitor.fills)
    try:
        assert window.symbol_windows.open_named(CIM)
        (share,) = window.symbol_windows.windows
        share.refresh()
        lines = share.ladder.lines
        assert {level["price"]: level["size"] for level in reported["bids"]} == {
            line.price: line.bid.size for line in lines if line.bid
        }
        assert {level["price"]: level["size"] for level in reported["asks"]} == {
            line.price: line.ask.size for line in lines if line.ask
        }
        in_window = {own.key: ahead for line in lines for own, ahead in line.mine}
        in_table = {row.key: row.ahead for row in monitor.book.order_rows() if row.ahead}
        assert in_window == in_table
        in_api = sorted((each["price"], each["ahead"], each["place"]) for each in reported["orders"])
        assert in_api == sorted(
            (own.price, ahead.shares, ahead.place.value) for line in lines for own, ahead in line.mine
        )
        assert reported["state"] == "LIVE"
        assert reported["problem"] is None
        assert in_api
    finally:
        window.close()
        window.deleteLater()


async def test_that_the_orders_report_what_is_ahead_only_while_the_depth_is_asked_for(api: ApiClient) -> None:
    async def orders() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for login in ("IBKR_GUN", "IBKR_PED"):
            answer = await api.get("account/ibkr/orders", params={"account_type": login})
            found.update((each["key"], each) for each in answer.json()["orders"])
        return found

    assert all(each["ahead"] is None and each["ahead_place"] is None for each in (await orders()).values())
    of_depth = {each["key"]: each for each in (await asked(api))["orders"]}
    now = await orders()
    for key in of_depth.keys() & now.keys():
        assert now[key]["ahead"] == of_depth[key]["ahead"]
    assert any(now[key]["ahead"] is not None for key in of_depth.keys() & now.keys())
    others = [each for key, each in now.items() if key not in of_depth]
    assert all(each["ahead"] is None for each in others)


async def test_that_a_name_of_hammers_does_and_one_of_nobody_is_refused(
    api: ApiClient, gateways: Gateways
) -> None:
    assert (await asked(api, "cim-b"))["symbol"] == CIM
    refused = await api.get("depth", params={"symbol": "NOBODY"})
    assert refused.status_code == 404
    assert "'NOBODY'" in refused.json()["what"]
    assert (await api.get("depth")).status_code == 422
    assert gateways.hammer.depth_subscribed == {"CIM-B"}


async def test_that_a_depth_that_is_not_served_or_has_an_empty_side_is_reported(
    api: ApiClient, gateways: Gateways
) -> None:
    gateways.hammer.depth.not_served.add("CIM-B")
    reported = await asked(api)
    assert (reported["state"], reported["bids"], reported["asks"]) == ("NOT_SERVED", None, None)
    assert "not available for this account" in reported["problem"]
    assert all(each["ahead"] is None for each in reported["orders"])
    gateways.hammer.depth.empty.add("bids")
    reported = await asked(api, "NLY PRG")
    assert (reported["state"], reported["bids"]) == ("LIVE", [])
    assert reported["asks"]
    assert reported["problem"] == "Nobody displays a bid."


async def test_that_a_side_that_never_came_is_null_and_an_unreadable_update_makes_all_of_it_old(
    api: ApiClient, gateways: Gateways
) -> None:
    gateways.hammer.depth.only_side = "bids"
    reported = await asked(api)
    assert (reported["state"], reported["asks"]) == ("LIVE", None)
    assert reported["problem"] == "HAMMER has not sent the asks yet."
    gateways.hammer.depth.silent.add("CIM-B")
    gateways.hammer.send_raw('{"cmd":"L2Update","result":{"sym":"CIM-B","bids":7}}')
    await until(lambda: api.source.book.depths.report(CIM).state is DepthState.STALE, what="an old depth")
    reported = await asked(api)
    assert (reported["state"], reported["bids"]) == ("STALE", None)
    assert (
        reported["problem"] == "What was displayed is old and not given: an update of it could not be read."
    )


async def test_that_an_old_depth_is_not_reported(api: ApiClient, gateways: Gateways) -> None:
    await asked(api)
    gateways.hammer.is_dry = True
    await gateways.hammer.stop()
    await until(
        lambda: api.source.book.depths.report(CIM).state is DepthState.STALE, what="the loss of the line"
    )
    reported = await asked(api)
    assert (reported["state"], reported["bids"], reported["asks"]) == ("STALE", None, None)
    assert "old and not given" in reported["problem"]
    assert all(each["ahead"] is None for each in reported["orders"])


async def test_that_it_is_given_up_some_time_after_the_last_question_and_when_the_api_ends(
    api: ApiClient,
) -> None:
    source = api.source
    wanted: list[frozenset[str]] = []
    source.book.depths.when_changed(lambda _names: wanted.append(source.book.depths.symbols))
    await DepthRoutes(source, kept_s=0.02).depth(CIM)
    assert {CIM} in wanted
    await until(lambda: not source.book.depths.symbols, what="the end of the question")
    patient = DepthRoutes(source)
    await patient.depth(CIM)
    patient.close()
    assert not source.book.depths.symbols


async def test_that_a_request_to_hammer_does_not_wait_for_ever(api: ApiClient, gateways: Gateways) -> None:
    gateways.hammer.depth.silent.add("CIM-B")
    looks = DepthRoutes(api.source, wait_s=0.01)
    answer = json.loads(bytes((await looks.depth(CIM)).body))
    assert (answer["state"], answer["bids"]) == ("ASKING", None)
    assert "has not answered yet" in answer["problem"]
    looks.close()
