"""What the adapter does when HAMMER refuses, falls silent or talks nonsense."""

import asyncio
import socket
from dataclasses import replace

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.settings import HammerProfile
from psf_monitor.sim.hammer.client import StreamerList
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import (
    KNOWN,
    QUICK,
    RecordingSink,
    adapter_of,
    agrees,
    connected,
    running,
    settled,
)
from tests.support.scripted_hammer import PASSWORD, ScriptedHammer
from tests.support.waiting import limits_run_out, until


async def test_that_a_wrong_password_is_reported_and_not_tried_again(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = adapter_of(hammer, sink, market.clock, password="old")
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        problem = adapter.link.status.problem
        assert str(problem) == (
            "Hammer Pro refused the password. It was changed, or never saved here. "
            "... > Edit and enter it again."
        )
        await until(lambda: hammer.connections == 0)
        assert len(hammer.commands("connect")) == 1


async def test_that_a_first_start_without_a_password_asks_for_one(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = adapter_of(hammer, sink, market.clock, password="")
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        problem = adapter.link.status.problem
        assert problem is not None
        assert problem.needs_password
        assert str(problem).startswith("Hammer Pro asks for a password. None has been entered here yet.")
        assert "refused" not in f"{problem} {problem.cause} {problem.remedy}"


async def test_that_a_changed_password_ends_the_reconnecting(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        hammer.password = "new"
        hammer.close_all()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        assert len(hammer.commands("connect")) == 2
        assert sink.states == ["live", "frozen"]


async def test_that_hammer_pro_may_take_longer_over_the_password_than_over_anything_else(
    sink: RecordingSink, market: Market
) -> None:
    async with ScriptedHammer({}) as hammer:
        hammer.lets_in.clear()
        profile = HammerProfile("127.0.0.1", hammer.port, PASSWORD)
        adapter = HammerAdapter(profile, HammerSinks(sink), market.clock)
        async with running(adapter):
            adapter.link.connect()
            await until(lambda: hammer.received)
            limits_run_out(20.0)
            for _ in range(100):
                await asyncio.sleep(0)
            hammer.lets_in.set()
            await until(lambda: adapter.link.status.state is LinkState.READY)
        assert [command["cmd"] for command in hammer.received].count("connect") == 1


async def test_that_a_closed_port_is_explained(sink: RecordingSink, market: Market) -> None:
    async with SimHammer(market) as gone:
        adapter = adapter_of(gone, sink, market.clock)
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        assert str(adapter.link.status.problem) == (
            f"Hammer Pro does not answer at {adapter.link.status.endpoint}. "
            "It is not running or its API is off. Start Hammer Pro, enable the API in its settings, "
            "compare the port."
        )


@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x46", b""])
async def test_that_something_else_on_the_port_is_explained(
    sink: RecordingSink, market: Market, answer: bytes
) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        adapter = HammerAdapter(HammerProfile("127.0.0.1", port, "demo"), HammerSinks(sink), market.clock)
        async with running(adapter):
            adapter.link.connect()
            await until(lambda: adapter.link.status.state is LinkState.FAILED)
            assert "it is not Hammer Pro" in str(adapter.link.status.problem)


async def test_that_an_unknown_computer_is_explained(sink: RecordingSink, market: Market) -> None:
    adapter = HammerAdapter(
        HammerProfile("no-such-host.invalid", 16400, "demo"), HammerSinks(sink), market.clock
    )
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        assert "Cannot find the computer 'no-such-host.invalid'" in str(adapter.link.status.problem)


@pytest.mark.usefixtures("slow_names")
async def test_that_a_slow_network_is_no_silence_of_hammer(sink: RecordingSink, market: Market) -> None:
    profile = HammerProfile("hammer.slow", 16400, "demo")
    adapter = HammerAdapter(profile, HammerSinks(sink), market.clock, timing=replace(QUICK, open_s=0.1))
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        shown = "Looking for the computer 'hammer.slow' took longer than 0.1 s."
        assert str(adapter.link.status.problem).startswith(shown)


async def test_that_no_line_is_called_open_that_may_not_be(sink: RecordingSink, market: Market) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        profile = HammerProfile("127.0.0.1", mute.getsockname()[1], "demo")
        adapter = HammerAdapter(profile, HammerSinks(sink), market.clock, timing=replace(QUICK, open_s=0.1))
        async with running(adapter):
            adapter.link.connect()
            await until(lambda: adapter.link.status.state is LinkState.FAILED)
            shown = f"Nothing answered at 127.0.0.1:{profile.port} in 0.1 s. Hammer Pro hangs or still starts"
            assert str(adapter.link.status.problem).startswith(shown)


@pytest.mark.parametrize("listed", list(StreamerList))
async def test_that_every_way_of_listing_the_sources_is_understood(
    hammer: SimHammer, sink: RecordingSink, clock: WatchedClock, listed: StreamerList
) -> None:
    # Only the answer that never comes is not waited for long.
    waits_s = 0.2 if listed is StreamerList.NEVER else 3.0
    adapter = adapter_of(hammer, sink, clock, timing=replace(QUICK, streamers_s=waits_s))
    adapter.set_wanted(KNOWN)
    hammer.streamer_list = listed
    async with connected(adapter):
        assert [c["streamerID"] for c in hammer.commands("startDataStreamer")] == ["ALARICQ"]
        assert sink.states == ["live"]


async def test_that_the_source_that_is_set_is_chosen_when_there_is_no_alaricq(market: Market) -> None:
    sink = RecordingSink()
    async with SimHammer(market, streamer="OTHERQ") as hammer:
        adapter = adapter_of(hammer, sink, market.clock)
        adapter.set_wanted(KNOWN)
        async with connected(adapter):
            assert agrees(sink, market)


async def test_that_the_configured_source_is_started_and_its_failure_reported(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    adapter = adapter_of(hammer, sink, market.clock, streamer="NOWHERE")
    adapter.set_wanted(KNOWN)
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.FAILED)
        assert "did not start the data source NOWHERE" in str(adapter.link.status.problem)
        assert "no such data streamer" in str(adapter.link.status.problem)
        assert not hammer.commands("enumDataStreamers")


async def test_that_silence_in_the_session_freezes_and_an_update_brings_it_back(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    async with connected(adapter):
        hammer.stall()
        received_at = market.clock()
        market.clock.advance(14.9)
        looked = adapter.link.status
        await clock.looked_at()
        assert adapter.link.status is looked
        asked = len(hammer.commands("getSymbolSnapshot"))
        market.clock.advance(0.1)
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) == asked + 3)
        assert adapter.link.status is looked
        market.clock.advance(5)
        await until(lambda: adapter.link.status.state is LinkState.SILENT)
        assert str(adapter.link.status.progress) == "last 14:26:00"
        assert adapter.link.status.since == received_at
        assert sink.states == ["live", "frozen"]
        assert sink.frozen_since == received_at
        asked = len(hammer.commands("getSymbolSnapshot"))
        market.set_quote("CIM PRB", bid=24.59)
        hammer.resume()
        await until(lambda: adapter.link.status.state is LinkState.READY)
        assert sink.states == ["live", "frozen", "live"]
        await until(lambda: agrees(sink, market))
        # HAMMER is asked whether the price of a silent share is still valid.
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) >= asked + 3)
        assert hammer.connections == 1


async def test_that_the_trader_sets_how_long_a_silence_may_be(
    hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    adapter = adapter_of(hammer, sink, clock, silent_after_s=40.0)
    adapter.set_wanted(KNOWN)
    async with connected(adapter):
        hammer.stall()
        asked = len(hammer.commands("getSymbolSnapshot"))
        market.clock.advance(39.9)
        await clock.looked_at()
        assert len(hammer.commands("getSymbolSnapshot")) == asked
        market.clock.advance(0.1)
        await until(lambda: len(hammer.commands("getSymbolSnapshot")) > asked)
        assert adapter.link.status.state is LinkState.READY
        market.clock.advance(5)
        await until(lambda: adapter.link.status.state is LinkState.SILENT)


async def test_that_silence_outside_the_session_is_a_closed_market(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    market.clock.advance(3 * 3600)
    async with connected(adapter):
        assert str(adapter.link.status.progress) == "market closed · 3/3 symbols"
        hammer.stall()
        market.clock.advance(3600)
        await clock.looked_at()
        market.set_quote("CIM PRB", bid=24.59)
        hammer.resume()
        await until(lambda: agrees(sink, market))
        assert sink.states == ["live"]


async def test_that_a_night_of_silence_is_not_held_against_the_opening(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    # From Friday 14:26 to Monday 09:29:00.
    market.clock.advance(2 * 86_400 + 19 * 3600 + 3 * 60)
    async with connected(adapter):
        hammer.stall()
        await time_passes(market, clock, 70)
        await until(lambda: str(adapter.link.status.progress) == "3/3 symbols")
        assert sink.states == ["live"]
        await time_passes(market, clock, 15)
        await until(lambda: sink.states == ["live", "frozen"])


async def test_that_a_night_without_updates_is_not_subscribed_again_at_the_opening(
    adapter: HammerAdapter, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    # From Friday 14:26 to Monday 09:25.
    market.clock.advance(2 * 86_400 + 18 * 3600 + 59 * 60)
    async with connected(adapter):
        hammer.is_dry = True
        for seconds, subscriptions in ((380, 1), (10, 2)):
            await time_passes(market, clock, seconds)
            assert len(hammer.commands("subscribe")) == subscriptions


async def test_that_a_stream_without_updates_is_subscribed_again_but_not_too_often(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    async def subscriptions_after(seconds: int) -> int:
        await time_passes(market, clock, seconds)
        return len(hammer.commands("subscribe"))

    async with connected(adapter):
        hammer.is_dry = True
        # A second subscription that adds nothing turns nothing down.
        hammer.forget("CIM-B")
        assert await subscriptions_after(80) == 1
        assert await subscriptions_after(10) == 2
        assert sorted(hammer.commands("subscribe")[1]["sym"]) == ["BAC-L", "CIM-B", "SPY"]
        assert await subscriptions_after(110) == 2
        assert sink.refused == frozenset()
        assert await subscriptions_after(10) == 3
        assert adapter.link.status.state is LinkState.READY


async def test_that_rubbish_is_counted_reported_once_a_kind_and_skipped(
    adapter: HammerAdapter,
    hammer: SimHammer,
    sink: RecordingSink,
    market: Market,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with connected(adapter):
        for _ in range(3):
            hammer.send_raw("what?")
            hammer.send_raw(b"\x00\xff")
            hammer.send_raw('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":{}}}')
        market.set_quote("CIM PRB", bid=24.58)
        await until(lambda: sink.quotes["CIM PRB"].bid == 24.58)
        assert adapter.unreadable_frames == {"not JSON": 6, "an unreadable L1Update": 3}
        assert adapter.link.status.state is LinkState.READY
    assert len([r for r in caplog.records if "skipped a frame" in r.message]) == 2


async def test_that_only_commands_of_the_list_reach_hammer(
    adapter: HammerAdapter, hammer: SimHammer, market: Market
) -> None:
    async with connected(adapter):
        adapter.set_wanted(["SPY", "TWO PRB"])
        market.clock.advance(3 * 86_400)
        await until(lambda: hammer.subscribed == {"SPY"})
    assert hammer.refused == []


async def test_that_the_password_is_in_no_log_line(
    hammer: SimHammer, sink: RecordingSink, market: Market, caplog: pytest.LogCaptureFixture
) -> None:
    hammer.password = "s3cret-phrase"
    caplog.set_level("DEBUG")
    for password in ("s3cret-phrase", "s3cret-other"):
        adapter = adapter_of(hammer, sink, market.clock, password=password)
        async with running(adapter):
            adapter.link.connect()
            await settled(adapter)
    product = [r.getMessage() for r in caplog.records if r.name.startswith(("psf_monitor", "picows"))]
    assert product
    assert not [text for text in product if "s3cret" in text]


async def test_that_a_flood_is_taken_in_turns_and_the_loop_goes_on(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        frames = hammer.prepared_updates(20_000)
        frames.append('{"cmd":"L1Update","result":{"sym":"CIM-B","bid":11.11,"ask":11.12}}')
        turns = len(sink.turns)
        flood = asyncio.create_task(hammer.flood(frames))
        await until(lambda: sink.quotes["CIM PRB"].bid == 11.11)
        await flood
        # Nothing is lost, and far fewer turns than messages were needed.
        assert sink.quotes["CIM PRB"].ask == 11.12
        assert len(sink.turns) - turns < 2_000


async def test_that_the_days_range_that_was_missed_in_a_silence_is_asked_for(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market, clock: WatchedClock
) -> None:
    async with connected(adapter):
        hammer.dry_up()
        high = market.security("CIM PRB").high + 1
        market.trade("CIM PRB", high, 100)
        for _ in range(9):
            market.clock.advance(10)
            hammer.send_raw('{"cmd":"heartbeat"}')
            await clock.looked_at()
        await until(lambda: sink.quotes["CIM PRB"].high == high)
