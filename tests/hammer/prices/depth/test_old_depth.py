"""When HAMMER's depth is old, and which part of it is unknown."""

import json

import pytest

from psf_monitor.domain.depth import DepthState
from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.prices.depth import REQUESTED_AGAIN_AFTER_S
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.prices.depth.depth_record import CIM, DepthRecord, asked, looking
from tests.hammer.running_adapter import connected
from tests.support.waiting import until


@pytest.mark.parametrize(
    "frame",
    [
        '{"cmd":"L2Update","result":{"sym":"CIM-B","bids":"24.5"}}',
        '{"cmd":"L2Update","result":{"sym":"cim-b","bids":[{"price":24.5',
        '{"result":{"sym":"CIM-B","bids":[{"price":24.5,,}]},"cmd":"L2Update"}',
        '{"cmd":"L2Update","result":{"bids":[]}}',
        '{"cmd":"L2Update","result":7}',
    ],
    ids=["no list", "cut off", "no JSON", "no share", "nothing"],
)
async def test_that_a_depth_is_old_after_an_update_that_cannot_be_read_until_both_sides_come_again(
    hammer: SimHammer,
    market: Market,
    looker: HammerAdapter,
    record: DepthRecord,
    frame: str,
) -> None:
    async with looking(looker, record):
        before = record.depth
        hammer.send_raw(frame)
        await until(record.is_(DepthState.STALE))
        assert record.depth == before
        report = record.reports[CIM]
        assert (report.since, report.reason) == (market.clock(), "an update of it could not be read")
        hammer.depth.only_side = "bids"
        market.set_quote(CIM, bid=24.56, bid_size=900)
        await until(lambda: record.depth.best_bid == 24.56)
        assert not record.reports[CIM].is_live, "of the asks nobody knows"
        hammer.depth.only_side = "asks"
        market.set_quote(CIM, ask_size=700)
        await until(record.is_(DepthState.LIVE))
        assert record.reports[CIM].reason == ""


async def test_that_the_depth_of_another_share_stays_current_and_an_old_one_is_asked_for_again(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    looker.set_wanted_depth({CIM, "SPY"})
    async with connected(looker):
        await until(lambda: record.is_(DepthState.LIVE)() and record.is_(DepthState.LIVE, "SPY")())
        hammer.depth.silent = {"CIM-B"}
        hammer.send_raw('{"cmd":"L2Update","result":{"sym":"CIM-B","asks":{}}}')
        await until(record.is_(DepthState.STALE))
        assert record.reports["SPY"].is_live
        hammer.depth.silent = set()
        market.clock.advance(REQUESTED_AGAIN_AFTER_S)
        await until(record.is_(DepthState.LIVE))


async def test_that_a_figure_that_json_cannot_write_costs_its_row(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord
) -> None:
    rows = (
        '[{"price":24.5,"size":700,"MMID":"NYSE"},{"price":NaN,"size":100},{"price":24.4,"size":-Infinity}]'
    )
    async with looking(looker, record):
        hammer.send_raw(f'{{"cmd":"L2Update","result":{{"sym":"CIM-B","bids":{rows}}}}}')
        await until(lambda: [level.size for level in record.depth.bids] == [700])
        assert (record.depth.unreadable, record.reports[CIM].is_live) == (2, True)
        hammer.depth.silent = {"CIM-B"}
        asks = [{"price": 24.9, "size": 800}]
        hammer.send_raw(json.dumps({"cmd": "L2Update", "result": {"sym": "CIM-B", "asks": asks}}))
        await until(lambda: [level.size for level in record.depth.asks] == [800])
        assert record.depth.unreadable == 2, "the bids still lack two rows"


async def test_that_a_side_that_never_came_is_unknown_and_not_empty(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    hammer.depth.only_side = "bids"
    async with looking(looker, record):
        assert (record.depth.asks, record.depth.unsent) == ((), frozenset({Side.SELL}))
        hammer.depth.only_side = ""
        hammer.depth.empty = {"asks"}
        market.set_quote(CIM, bid_size=300)
        await until(lambda: not record.depth.unsent)
        assert record.depth.asks == ()


async def test_that_after_a_reconnect_a_side_that_is_not_sent_again_leaves_the_depth_old(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        hammer.depth.only_side = "bids"
        hammer.close_all()
        await until(lambda: len(asked(hammer)) == 2, what="asked again")
        market.set_quote(CIM, bid=24.56, bid_size=900, ask=24.70)
        await until(lambda: record.depth.best_bid == 24.56)
        assert record.reports[CIM].state is DepthState.STALE


async def test_that_after_a_sleep_the_depth_is_old_until_it_is_sent_again(
    hammer: SimHammer, market: Market, sleeper: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(sleeper, record):
        before, hammer.depth.silent = market.clock(), {"CIM-B"}
        market.clock.advance(70)
        await until(record.is_(DepthState.STALE))
        assert (record.reports[CIM].since, "slept" in record.reports[CIM].reason) == (before, True)
        hammer.depth.silent = set()
        market.set_quote(CIM, bid_size=1300)
        await until(record.is_(DepthState.LIVE))
