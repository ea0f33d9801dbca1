"""Lines that break in the middle, a HAMMER that comes back as another one, a slow one, one in a rush."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.connection.errors import UNFORESEEN
from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.messages import COMMANDS, CommandRefusedError
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.hammer.websocket import HammerSocket, LineEvents
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock
from tests.hammer.running_adapter import KNOWN, RecordingSink, adapter_of, agrees, connected, running
from tests.support.waiting import PATIENCE_S, until


async def test_that_a_line_dropped_in_the_middle_of_a_frame_is_a_loss_like_any_other(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        hammer.drop_mid_frame()
        await until(lambda: sink.states == ["live", "frozen", "live"])
        assert agrees(sink, market)
        assert adapter.unreadable_frames == {}


async def test_that_hammer_restarted_with_another_data_source_is_found_with_all_symbols(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        hammer.restart("OTHERQ")
        market.set_quote("CIM PRB", bid=24.57)
        await until(lambda: sink.states[-2:] == ["frozen", "live"] and agrees(sink, market))
        assert hammer.commands("startDataStreamer")[0]["streamerID"] == "ALARICQ"
        assert hammer.commands("startDataStreamer")[-1]["streamerID"] == "OTHERQ"
        assert hammer.subscribed == {"CIM-B", "SPY", "BAC-L"}


async def test_that_a_slow_hammer_is_waited_for(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    hammer.delay_s = 0.05
    async with connected(adapter):
        assert agrees(sink, market)
        market.set_quote("CIM PRB", bid=24.57)
        await until(lambda: agrees(sink, market))
        assert sink.states == ["live"]


async def test_that_five_thousand_messages_a_second_are_kept_up_with(
    hammer: SimHammer, sink: RecordingSink, clock: WatchedClock
) -> None:
    # At the product's own pace: the quick one of other tests rests too short to gather anything.
    adapter = adapter_of(hammer, sink, clock, timing=HammerTiming())
    adapter.set_wanted(KNOWN)
    async with connected(adapter):
        frames = hammer.prepared_updates(5_000)
        frames.append('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":11.11,"ask":11.12}}')
        turns = len(sink.turns)
        flood = asyncio.create_task(hammer.flood(frames, per_s=5_000))
        await until(lambda: sink.quotes["CIM PRB"].bid == 11.11)
        await flood
        assert len(sink.turns) - turns < 500
        assert adapter.link.status.state is LinkState.READY


@given(
    st.text()
    | st.sampled_from(["tradeCommandNew", "tradeCommandModify", "tradeCommandCancel", "addToPort"])
    | st.sampled_from(sorted(COMMANDS))
)
def test_that_no_name_off_the_list_gets_through_the_one_place_that_sends(command: str) -> None:
    async def is_refused() -> bool:
        socket = HammerSocket(LineEvents(lambda _frames: None, lambda _fault: None))
        try:
            socket.send(command, "1", {"sub": "L1"})
        except CommandRefusedError:
            return True
        return False

    loop = asyncio.new_event_loop()
    try:
        assert loop.run_until_complete(is_refused()) is (command not in COMMANDS)
    finally:
        loop.close()


def test_that_no_command_on_the_list_trades() -> None:
    assert not [name for name in COMMANDS if name.startswith(("trade", "add", "set", "modify", "cancel"))]


@pytest.mark.parametrize("turns", range(0, 45, 3))
async def test_that_a_line_dropped_in_any_moment_of_the_start_ends_in_a_message(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, turns: int
) -> None:
    async with running(adapter):
        adapter.link.connect()
        async with asyncio.timeout(PATIENCE_S):
            while not hammer.received:  # noqa: ASYNC110 - the turns of the loop are what is counted
                await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        texts = []
        adapter.link.when_changed(lambda: texts.append(adapter.link.status.problem))
        hammer.close_all()
        await until(lambda: any(texts))
        assert UNFORESEEN not in texts
        assert sink.states in ([], ["live", "frozen"], ["live", "frozen", "live"])
