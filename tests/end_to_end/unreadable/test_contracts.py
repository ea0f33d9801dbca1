"""Positions and executions with an id or a strike that is no number: all else is shown."""

from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import fields_of
from tests.support.tws_messages import UNSET_INT, execution, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

_CON_ID, _STRIKE, _MULTIPLIER = 3, 7, 9


def with_junk(fields: list[str], place: int, junk: str = "x1") -> list[str]:
    return [*fields[:place], junk, *fields[place + 1 :]]


NAMES = {
    1: "request id",
    2: "order id",
    3: "con id",
    22: "client id",
    23: "liquidation",
    30: "liquidity",
}
MS: dict[str, Any] = {"con_id": 2, "symbol": "MS", "local_symbol": "MS PRK"}


@pytest.mark.parametrize("junk", ["x1", "nan", "-5.5"])
async def test_that_a_position_keeps_its_quantity_beside_an_id_or_a_strike_that_is_no_number(
    junk: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = [with_junk(position(), _CON_ID, junk), with_junk(position(100, 20, **MS), _STRIKE, junk)]
    async with all_outputs(script_with(to_61=held), tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        cells = {row["symbol"]: row for row in product.positions()}
        assert differences(cells.get("CIM PRB"), {"quantity": "400", "last": "24.55"}) == {}
        assert differences(cells.get("MS PRK"), {"quantity": "100", "average_price": "20.0000"}) == {}
        reported, printed = await seen.positions(), (await seen.command()).positions()
        assert {key: each["qty"] for key, each in reported.items()} == {None: 400, 2: 100}
        assert {key: each["qty"] for key, each in printed.items()} == {None: 400, 2: 100}
        named = "1 figure of a position (con id of CIM PRB)."
        assert named in str(product.monitor.links[GUN].status.warning)


async def test_that_a_multiplier_that_is_no_number_is_named() -> None:
    held = with_junk(position(), _MULTIPLIER, "x1")
    traded = with_junk(execution(77, 100, 24.6), _MULTIPLIER, "1,000")
    async with scripted(script_with(to_61=[held], to_7=[traded])) as product:
        await product.connect_with_fills()
        (cells,) = product.positions()
        assert (cells["quantity"], cells["last"], cells["market_value"]) == ("400", "24.55", "—")
        named = "1 figure of a position (multiplier of CIM PRB)"
        assert named in str(product.monitor.links[GUN].status.warning)
        named = f"1 figure of an execution (multiplier of {traded[14]})"
        await until(lambda: named in str(product.monitor.links[GUN].status.warning), what=named)


@pytest.mark.parametrize("lost", ["x1", "0", "", "2147483647"])
async def test_that_a_position_sent_again_without_its_id_is_the_same_position(lost: str) -> None:
    async with scripted(script_with(to_61=[position(), position(100, 20, **MS)])) as product:
        await product.connect()
        product.tws.send(with_junk(position(300), _CON_ID, lost))
        await until(lambda: {row["quantity"] for row in product.positions()} == {"300", "100"})
        assert [each["con_id"] for each in product.snapshot()["positions"]] == [700000001, 2]
        product.tws.send(with_junk(position(0), _CON_ID, lost))
        await until(lambda: [row["quantity"] for row in product.positions()] == ["100"])


@pytest.mark.parametrize("place", [1, 2, 3, 7, 22, 23, 28, 30])
async def test_that_an_execution_is_shown_whole_beside_a_number_that_is_none(
    place: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = execution(77, 100, 24.6, client_id=3, liquidity=1)
    of = script_with(to_7=[with_junk(whole, place)])
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        await until(lambda: len(product.fills()) == 1, what="the execution")
        (cells,), (reported,), (line,) = product.fills(), await seen.fills(), await seen.exported()
        right = {"symbol": "CIM PRB", "side": "SELL", "quantity": "100", "price": "24.60", "perm_id": "77"}
        assert differences(cells, right) == {}
        record = {"qty": 100, "price": 24.6, "perm_id": 77, "con_id": 700000001, "liquidation": False}
        assert differences(reported, record) == {}
        assert reported["liquidity"] == (None if place == 30 else "added")
        assert (line["Quantity"], line["Price"]) == ("100", "24.6")
        warning = product.monitor.links[GUN].status.warning
        if place in NAMES:
            await until(lambda: product.monitor.links[GUN].status.warning is not None)
            named = f"1 figure of an execution ({NAMES[place]} of 0000e0d5.67fe66.01.01)."
            assert named in str(product.monitor.links[GUN].status.warning)
        else:
            assert warning is None


@pytest.mark.parametrize("length", [4, 6, 12, 13, 14, 15])
async def test_that_a_position_whose_message_is_cut_off_is_not_gone_but_of_unknown_size(
    length: int, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    unknown = {"CIM PRB": "—", "MS PRK": "100"}
    async with scripted(script_with(to_61=[position(), position(100, 20, **MS)])) as product:
        await product.connect()
        product.tws.answers["61"] = [position()[:length], position(100, 20, **MS)]
        product.monitor.refresh()
        await until(lambda: {row["symbol"]: row["quantity"] for row in product.positions()} == unknown)
        await until(lambda: "1 position." in str(product.monitor.links[GUN].status.warning))
        # Over another connection, too.
        asked = product.tws.asked(61)
        product.tws.close_all()
        await until(lambda: product.tws.asked(61) > asked)
        await until(lambda: not any(each["stale_since"] for each in product.snapshot()["positions"]))
        await until(lambda: "1 position." in str(product.monitor.links[GUN].status.warning))
        held = {each["con_id"]: each["qty"] for each in product.snapshot()["positions"]}
        assert held == {700000001: None, 2: 100}
        product.tws.answers["61"] = [position(), position(100, 20, **MS)]
        product.monitor.refresh()
        await until(lambda: sorted(row["quantity"] for row in product.positions()) == ["100", "400"])


LISTING = fields_of(
    "10|{req}|CIM|STK||0.0||SMART|USD|CIM PRB|CIM PRB|CIM PRB|700000001|0.01||LMT|SMART,NYSE|1|0|Chimera|NYSE"
    "|||||||||0|0|1|||||PREFERRED|1|1|100"
)
_OF_STRIKE, _OF_TICK, _OF_MULTIPLIER, _OF_MAGNIFIER = 5, 13, 14, 17
_OF_UNDERLYING, _OF_NAME, _OF_IDS = 18, 19, 30


@pytest.mark.parametrize(
    ("place", "junk"),
    [
        (_OF_STRIKE, "x"),
        (_OF_TICK, "x"),
        (_OF_TICK, ""),
        (_OF_UNDERLYING, "1.5"),
        (_OF_NAME, "C:\\x"),
        (_OF_IDS, "x"),
        (_OF_IDS, "9"),
        (_OF_MAGNIFIER, UNSET_INT),
        (_OF_MAGNIFIER, "-1"),
        (_OF_MULTIPLIER, "-5"),
        (_OF_MULTIPLIER, "0"),
    ],
)
async def test_that_a_share_has_its_price_whatever_else_stands_in_its_listing(place: int, junk: str) -> None:
    listing = with_junk(LISTING, place, junk)
    async with scripted(script_with(to_61=[position(exchange="")], to_9=[listing])) as product:
        await product.connect()
        await until(lambda: product.snapshot()["positions"][0]["current_price"] is not None)
        right = {"avg_price": 24.125, "current_price": 24.55, "market_value": 9820.0, "no_price": None}
        assert differences(product.snapshot()["positions"][0], right) == {}
        assert product.monitor.links[GUN].status.warning is None


@pytest.mark.parametrize("listing", [LISTING[:15], with_junk(LISTING, 12), with_junk(LISTING, _OF_MAGNIFIER)])
async def test_that_a_listing_that_cannot_be_read_is_named(listing: list[str]) -> None:
    async with scripted(script_with(to_61=[position(exchange="")], to_9=[listing])) as product:
        await product.connect()
        await until(lambda: "1 listing of a contract" in str(product.monitor.links[GUN].status.warning))
        (held,) = product.snapshot()["positions"]
        assert differences(held, {"qty": 400, "avg_price": 24.125, "current_price": None}) == {}


async def test_that_a_listing_that_nobody_awaits_is_no_loss() -> None:
    async with scripted(script_with(to_61=[position(exchange="")], to_9=[LISTING])) as product:
        await product.connect()
        product.tws.send(with_junk(LISTING, 1, "4000"), position(300, exchange=""))
        await until(lambda: product.positions()[0]["quantity"] == "300")
        assert product.monitor.links[GUN].status.warning is None
