"""HAMMER's depth through the real socket, in every form and every state."""

import asyncio
import json
from typing import Any

import pytest
from msgspec import Raw

from psf_monitor.domain.depth import DepthLevel, DepthState, price_levels
from psf_monitor.domain.orders.order import Side
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.messages import ProtocolError
from psf_monitor.hammer.prices.depth import NOTHING_CAME_AFTER_S
from psf_monitor.hammer.prices.l2_update import l2_update_of, levels_in, levels_of, rows_of
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.prices.depth.depth_record import CIM, DepthRecord, asked, looking
from tests.hammer.running_adapter import RecordingSink, connected
from tests.support.waiting import until


async def test_that_the_depth_is_asked_for_as_hammer_takes_it_and_only_of_what_is_looked_at(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        (command,) = asked(hammer)
        fields = {key: value for key, value in command.items() if key not in ("cmd", "reqID")}
        assert fields == {
            "streamerID": "ALARICQ",
            "sub": "L2",
            "sym": ["CIM-B"],
            "changes": False,
            "maxRows": 40,
        }
        assert hammer.depth_subscribed == {"CIM-B"}
        assert record.reports.keys() == {CIM}
    assert not hammer.refused


@pytest.mark.parametrize(
    "faults",
    [
        {},
        {"as_text": True},
        {"figures_as_text": True},
        {"has_no_venue": True},
        {"as_text": True, "has_no_venue": True},
        {"at_top_level": True},
        {"is_unordered": True, "has_acts": True},
    ],
    ids=lambda faults: "+".join(faults) or "plain",
)
async def test_that_every_form_of_it_is_read_as_the_same_depth(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord, faults: dict[str, Any]
) -> None:
    for name, value in faults.items():
        setattr(hammer.depth, name, value)
    market.place_order("U1240821", CIM, "BUY", 4000, 24.47)
    async with looking(looker, record):
        depth, security = record.depth, market.security(CIM)
        assert depth.unreadable == 0
        bids, asks = price_levels(depth.bids), price_levels(depth.asks)
        assert (bids[0].price, bids[0].size) == (security.bid, security.bid_size)
        assert (asks[0].price, asks[0].size) == (security.ask, security.ask_size)
        assert [level.price for level in bids] == sorted({level.price for level in bids}, reverse=True)
        assert [level.price for level in asks] == sorted({level.price for level in asks})
        assert all(bool(level.venue) is not bool(faults.get("has_no_venue")) for level in depth.bids)
        (own,) = [level for level in bids if level.price == 24.47]
        assert own.size >= 4000, "GUN buys 4,000 there"


async def test_that_it_follows_the_market_and_keeps_the_side_that_an_update_does_not_name(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        asks = record.depth.asks
        hammer.depth.only_side = "bids"
        market.set_quote(CIM, bid=24.56, bid_size=900, ask=24.70)
        await until(lambda: record.depth.best_bid == 24.56)
        assert record.depth.asks == asks
        hammer.depth.only_side = ""
        hammer.depth.empty = {"asks"}
        market.set_quote(CIM, bid_size=300)
        await until(lambda: not record.depth.asks)
        assert record.depth.bids[0].size == 300
        assert record.reports[CIM].is_live


async def test_that_a_refusal_is_reported_with_hammers_own_text(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord
) -> None:
    hammer.depth.not_served = {"CIM-B"}
    looker.set_wanted_depth({CIM})
    async with connected(looker):
        await until(record.is_(DepthState.NOT_SERVED))
        assert record.reports[CIM].reason == "L2 is not available for this account"


async def test_that_a_share_without_data_is_reported_as_silent_until_some_arrives(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    hammer.depth.silent = {"CIM-B"}
    looker.set_wanted_depth({CIM})
    async with connected(looker):
        await until(lambda: hammer.depth_subscribed)
        assert record.reports[CIM].state is DepthState.ASKING
        begun = market.clock()
        market.clock.advance(NOTHING_CAME_AFTER_S)
        await until(record.is_(DepthState.SILENT))
        assert record.reports[CIM].since == begun
        hammer.depth.silent = set()
        market.set_quote(CIM, bid_size=700)
        await until(record.is_(DepthState.LIVE))


async def test_that_a_closed_share_is_given_up_and_its_late_updates_are_dropped(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    hammer.depth.lingers = True
    async with looking(looker, record):
        looker.set_wanted_depth(())
        await until(lambda: asked(hammer, "unsubscribe"))
        reported = record.reported
        market.set_quote(CIM, bid_size=1100)
        looker.set_wanted_depth({"SPY"})
        await until(record.is_(DepthState.LIVE, "SPY"))
        assert record.reports[CIM].depth is not None
        assert record.depth.bids[0].size != 1100
        assert record.reported > reported


async def test_that_it_is_frozen_with_the_line_and_asked_for_again_after_a_reconnect(
    hammer: SimHammer, market: Market, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        before, lost_at = record.depth, market.clock()
        hammer.depth.silent = {"CIM-B"}
        hammer.close_all()
        await until(record.is_(DepthState.STALE))
        await until(lambda: len(asked(hammer)) == 2, what="asked again")
        assert record.depth == before
        assert record.reports[CIM].since == lost_at
        hammer.depth.silent = set()
        market.set_quote(CIM, bid_size=1200)
        await until(record.is_(DepthState.LIVE))
        assert record.depth.bids[0].size == 1200


async def test_that_a_depth_reported_in_another_spelling_is_the_depth(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        for size, spelling in enumerate(("cim-b", " CIM-B ", "Cim-B"), 4200):
            bids = [{"price": 24.5, "size": size, "MMID": "NYSE"}]
            hammer.send_raw(json.dumps({"cmd": "L2Update", "result": {"sym": spelling, "bids": bids}}))
            await until(lambda size=size: record.depth.bids[0].size == size)  # type: ignore[misc]


async def test_that_it_is_not_there_once_hammer_is_disconnected(
    looker: HammerAdapter, record: DepthRecord
) -> None:
    async with looking(looker, record):
        looker.link.disconnect()
        await until(record.is_(DepthState.OFF))
        assert record.reports[CIM].depth is None


async def test_that_an_unreadable_frame_is_skipped_and_counted_and_the_next_is_read(
    hammer: SimHammer,
    market: Market,
    looker: HammerAdapter,
    record: DepthRecord,
) -> None:
    async with looking(looker, record):
        sides = ("24.5", {"a": 1}, 7)
        for result in ({}, [], *({"sym": "CIM-B", "bids": side} for side in sides)):
            hammer.send_raw(json.dumps({"cmd": "L2Update", "result": result}))
        market.set_quote(CIM, bid_size=1300)
        await until(lambda: record.depth.bids[0].size == 1300)
        assert looker.unreadable_frames["an unreadable L2Update"] == 5


def test_that_rows_that_cannot_be_read_are_counted_and_the_others_stay() -> None:
    rows = [
        {"price": 24.5, "size": 100, "MMID": "NYSE"},
        {"price": "24.6", "size": "200", "MMID": 7},
        {"price": 0, "size": 100},
        {"price": 24.7},
        {"price": "nan", "size": 1},
        {"price": 24.8, "size": -5},
        {"price": 24.9, "size": 0},
        "24.4, 300 , ARCA",
        "24.3",
        "24.5,1,024,NYSE",
        None,
        7,
    ]
    levels, unreadable = levels_of(rows, Side.BUY)
    assert levels == (DepthLevel(24.6, 200), DepthLevel(24.5, 100, "NYSE"), DepthLevel(24.4, 300, "ARCA"))
    assert unreadable == 8


def test_that_a_side_that_is_null_is_not_named() -> None:
    update = l2_update_of(b'{"cmd":"L2Update","type":"x","result":{"sym":"CIM-B","bids":null,"asks":[]}}')
    assert (update.bids, update.asks) == (None, [])
    with pytest.raises(ProtocolError):
        l2_update_of(b'{"cmd":"L2Update"')
    with pytest.raises(ProtocolError):
        l2_update_of(b'{"cmd":"L2Update","sym":"CIM-B","bids":7}')


def test_that_sides_and_rows_in_other_capitals_are_read() -> None:
    rows = [{"Price": 24.5, "Size": 100, "mmid": "NYSE"}]
    for update in ({"result": {"Sym": "CIM-B", "Bids": rows}}, {"Sym": "CIM-B", "BIDS": rows}):
        read = l2_update_of(json.dumps({"cmd": "L2Update", **update}).encode())
        assert (read.symbol, read.asks) == ("CIM-B", None)
        assert read.bids is not None
        assert levels_of(read.bids, Side.BUY) == ((DepthLevel(24.5, 100, "NYSE"),), 0)
    with pytest.raises(ProtocolError):
        l2_update_of(b'{"cmd":"L2Update","result":{"Sym":" ","Bids":[]}}')


async def test_that_an_update_that_names_no_side_makes_no_empty_depth(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord, sink: RecordingSink
) -> None:
    hammer.depth.silent.add("CIM-B")
    looker.set_wanted_depth({CIM})
    async with connected(looker):
        await until(lambda: asked(hammer), what="the subscription")
        hammer.send_raw('{"cmd":"L2Update","result":{"sym":"CIM-B","prints":[]}}')
        hammer.send_raw('{"cmd":"L1Update","result":{"sym":"SPY","bid":1.25}}')
        await until(lambda: sink.quotes["SPY"].bid == 1.25, what="what was sent after it")
        assert record.reports[CIM].state is DepthState.ASKING


def test_that_a_side_that_cannot_be_decoded_is_a_row_that_cannot_be_read() -> None:
    assert rows_of(Raw(b'["24.5,100", 1e999x]')) == [None]
    assert levels_of([None], Side.BUY) == ((), 1)


async def test_that_a_thousand_openings_leave_nothing_behind(
    hammer: SimHammer, looker: HammerAdapter, record: DepthRecord
) -> None:
    async with connected(looker):
        for _ in range(1000):
            looker.set_wanted_depth({CIM})
            looker.set_wanted_depth(())
        await until(lambda: not hammer.depth_subscribed)
        looker.set_wanted_depth({CIM})
        await until(record.is_(DepthState.LIVE))
        await asyncio.sleep(0)
        assert record.reports[CIM].is_live


@pytest.mark.parametrize(
    "side",
    [
        b'[{"MMID": " NYSE ", "price": 24.5, "size": 100}, {"MMID": "ARCA", "price": 24.52, "size": 7}]',
        b'[{"price": 24.5, "size": 100, "act": "a"}, {"price": 24.4, "size": 5, "act": "d"}]',
        b'[{"MMID": "NYSE", "price": "24.5", "size": "100"}, "24.51,300,ARCA"]',
        b'[{"MMID": null, "price": 24.5, "size": 0}, {"price": -1, "size": 5}, {"size": 5}]',
        b"[]",
    ],
)
@pytest.mark.parametrize("of", list(Side))
def test_that_plain_rows_are_read_as_all_others(side: bytes, of: Side) -> None:
    assert levels_in(Raw(side), of) == levels_of(rows_of(Raw(side)), of)
