"""What users saw TWS send, read over HTTP: each record equals that of ``psf-monitor snapshot``."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec import to_builtins
from msgspec.json import encode

from psf_monitor.api import snapshot_records
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from tests.api.client import ApiClient, opened, reading
from tests.conftest import ExpectedErrors
from tests.support.records import GUN
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.scripted_tws import SCRIPTS, script
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

LOGIN = {"params": {"account_type": GUN.value}}
NOT_WHOLE = {"cut_off_at_login", "unreadable_order"}
CONNECTED = sorted({path.stem for path in SCRIPTS.glob("*.json")} - NOT_WHOLE)


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


async def asked(api: ApiClient, path: str) -> Any:
    answer = await api.get(path, **(LOGIN if path.startswith("account") else {}))
    assert answer.status_code == 200, answer.text
    name = path.rpartition("/")[2]
    return answer.json()["summaries" if name == "summary" else name]


async def has_executions(product: ScriptedProduct) -> None:
    await until(lambda: product.monitor.fills.state(GUN).as_of, what="the list of executions")


def _is_whole(position: dict[str, Any]) -> bool:
    """The previous close comes behind the price."""
    return position["current_price"] is None or position["prev_close"] is not None


@pytest.mark.parametrize("name", CONNECTED)
async def test_that_http_stream_and_snapshot_report_the_same(name: str, tmp_path: Path) -> None:
    async with (
        scripted(script(name)) as product,
        opened(product.monitor, tmp_path) as api,
    ):
        await product.connect()
        await until(lambda: product.monitor.book.summaries(GUN), what="the account values")
        await has_executions(product)
        await until(
            lambda: all(_is_whole(each) for each in product.snapshot()["positions"]), what="every close"
        )
        reported = product.snapshot()
        assert await asked(api, "account/ibkr/positions") == reported["positions"]
        assert await asked(api, "account/ibkr/orders") == reported["orders"]
        assert await asked(api, "account/ibkr/summary") == reported["summaries"]
        sums = json.loads(encode(snapshot_records.snapshot(product.monitor.book, product.monitor.links)))
        assert (await api.get("exposure")).json()["exposure"] == sums["exposure"]
        for by, groups in sums["groups"].items():
            assert (await api.get("groups", params={"by": by})).json()["groups"] == groups
        async with reading(api) as events:
            await events.next()
            for kind in ("positions", "orders", "summaries"):
                assert [events.state[kind][record["key"]] for record in reported[kind]] == reported[kind]


async def test_that_every_fraction_reaches_http(tmp_path: Path) -> None:
    async with (
        scripted(script("fractions")) as product,
        opened(product.monitor, tmp_path) as api,
    ):
        await product.connect()
        await has_executions(product)
        held = {each["symbol"]: each["qty"] for each in await asked(api, "account/ibkr/positions")}
        assert held == {"BTC.USD": 0.00025289, "ETH.USD": 0.00001234}
        (fill,) = await asked(api, "fills")
        assert (fill["qty"], fill["price"], fill["commission"]) == (0.00025289, 79085.75, 0.036)
        assert fill == to_builtins(snapshot_records.fill(product.monitor.fills.fills()[0], product.clock()))
        orders = {each["perm_id"]: each for each in await asked(api, "account/ibkr/orders")}
        assert (orders[201]["qty"], orders[201]["cash_qty"]) == (None, 20.0)
        assert orders[201]["no_price"] == "no share, HAMMER is not asked"


async def test_that_an_unknown_quantity_is_null_over_http(tmp_path: Path) -> None:
    of = {"to_61": [position("")], "to_16": listed(1, quantity="")}
    async with scripted(of) as product, opened(product.monitor, tmp_path) as api:
        await product.connect()
        (held,) = await asked(api, "account/ibkr/positions")
        (order,) = await asked(api, "account/ibkr/orders")
        assert (held["qty"], held["market_value"], held["working_uncounted"]) == (None, None, 1)
        assert (order["qty"], order["remaining"]) == (None, None)


async def test_that_a_combination_and_its_legs_are_distinguished_over_http(tmp_path: Path) -> None:
    leg = execution(1100, 5, 500.0, 1, con_id=11)
    whole = execution(1100, 5, -1.85, 2, con_id=28812380, sec_type="BAG")
    of = {**script("combo"), "to_7": [whole, leg]}
    async with scripted(of) as product, opened(product.monitor, tmp_path) as api:
        await product.connect()
        await has_executions(product)
        (order,) = await asked(api, "account/ibkr/orders")
        assert (order["symbol"], order["sec_type"], order["limit_price"]) == ("SPY", "BAG", -1.85)
        fills = {each["con_id"]: each for each in await asked(api, "fills")}
        assert (fills[28812380]["kind"], fills[28812380]["price"], fills[11]["kind"]) == ("BAG", -1.85, "STK")


async def test_that_values_that_are_not_ready_are_null_over_http(tmp_path: Path) -> None:
    async with (
        scripted(script("account_not_ready")) as product,
        opened(product.monitor, tmp_path) as api,
    ):
        await product.connect()
        await until(
            lambda: product.monitor.book.account_state(AccountMode.IBKR_GUN).problem, what="the reason"
        )
        for each in await asked(api, "account/ibkr/summary"):
            assert each["net_liquidation"] is None
        status = (await api.get("account/ibkr/status")).json()
        assert "not ready" in str(status)


async def test_that_a_login_whose_tws_is_cut_off_is_not_called_connected_until_it_is_back(
    tmp_path: Path,
) -> None:
    async with (
        scripted(script("cut_off_at_login")) as product,
        opened(product.monitor, tmp_path) as api,
    ):
        for _ in range(2):
            refused = await api.post("account/ibkr/connect", **LOGIN)
            assert refused.status_code == 503
            assert refused.json()["what"] == "TWS lost its link to IBKR."
            assert "2110" in refused.text
        status = (await api.get("account/ibkr/status")).json()[GUN.value]
        assert (status["state"], "(2110)" in status["error"]) == ("CUT_OFF", True)
        product.tws.send(
            "4|2|-1|1102|Connectivity between IBKR and TWS has been restored - data maintained.|"
        )
        await until(lambda: product.monitor.links[GUN].status.state is not LinkState.CUT_OFF)
        assert (await api.post("account/ibkr/connect", **LOGIN)).status_code == 200
        assert product.monitor.links[GUN].status.state is LinkState.READY
