"""Frames with more than one message, or with a byte order mark."""

import json

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.server import SimHammer
from tests.hammer.running_adapter import RecordingSink, Shown, connected
from tests.support.waiting import until

UPDATES = [
    json.dumps({"cmd": "L1Update", "result": {"sym": name, "bid": bid, "ask": bid + 0.1, "price": bid}})
    for name, bid in (("CIM-B", 1.0), ("SPY", 2.0))
]


@pytest.mark.parametrize(
    "frame",
    ["".join(UPDATES), "\n".join(UPDATES) + "\r\n", "\ufeff" + "\n".join(UPDATES)],
    ids=["at once", "in lines", "behind a byte order mark"],
)
async def test_that_several_messages_in_one_frame_are_read_one_by_one(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, frame: str
) -> None:
    async with connected(adapter):
        hammer.send_raw(frame)
        await until(lambda: (sink.quotes["CIM PRB"].bid, sink.quotes["SPY"].bid) == (1.0, 2.0))
        assert not adapter.unreadable_frames


async def test_that_of_several_messages_in_one_frame_one_that_is_cut_off_costs_only_itself(
    shown: Shown, hammer: SimHammer
) -> None:
    async with connected(shown.adapter):
        hammer.faults.is_mute = True
        hammer.send_raw(UPDATES[0] + '{"cmd":"L1Update","result":{"sym":"SPY","bid":')
        await until(lambda: shown.row().bid == 1.0)
        await until(lambda: shown.state("SPY") is QuoteState.FROZEN)
        assert shown.state() is QuoteState.LIVE
