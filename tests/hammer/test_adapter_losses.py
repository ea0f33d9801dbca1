"""Lines to HAMMER that are lost, stopped by the trader or ended, and what the rows show then."""

import itertools
from datetime import datetime, timedelta

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.quote import Quote
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.conftest import ExpectedErrors
from tests.hammer.running_adapter import RecordingSink, adapter_of, agrees, connected, running
from tests.support.scripted_hammer import ScriptedHammer
from tests.support.waiting import until


async def test_that_a_lost_line_freezes_at_once_and_comes_back(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        hammer.close_all()
        await until(lambda: sink.states == ["live", "frozen"])
        assert sink.frozen_since == market.clock()
        market.set_quote("CIM PRB", bid=24.57)
        await until(lambda: sink.states == ["live", "frozen", "live"])
        assert agrees(sink, market)
        assert hammer.connections == 1
        assert adapter.link.status.lost_at == market.clock()


async def test_that_prices_and_link_name_the_same_moment_of_a_loss(
    hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    looks = itertools.count()

    def clock() -> datetime:
        """No two looks at it are the same."""
        return market.clock() + timedelta(milliseconds=next(looks))

    adapter = adapter_of(hammer, sink, clock)
    async with connected(adapter):
        hammer.close_all()
        await until(lambda: sink.states == ["live", "frozen", "live"])
        assert adapter.link.status.lost_at == sink.frozen_since


async def test_that_quotes_that_hammer_no_longer_has_are_removed_before_quotes_are_live_again(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        # A symbol that HAMMER forgets while the line is down.
        hammer.forget("CIM-B")
        hammer.close_all()
        await until(lambda: sink.states == ["live", "frozen", "live"])
        assert sink.quotes["CIM PRB"] == Quote()
        assert sink.refused == {"CIM PRB"}
        assert agrees(sink, market, ("SPY", "BAC PRL"))


async def test_that_closing_hammer_pro_is_distinguished_from_a_lost_line(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        texts = []
        adapter.link.when_changed(lambda: texts.append(str(adapter.link.status.problem or "")))
        hammer.announce_closing()
        await until(lambda: sink.states == ["live", "frozen", "live"])
        assert any("Hammer Pro was closed" in text for text in texts)
        await until(lambda: hammer.connections == 1)


@pytest.mark.parametrize("answers_before", range(5))
async def test_that_a_line_that_ends_before_it_was_ever_ready_is_opened_again(
    sink: RecordingSink, market: Market, answers_before: int
) -> None:
    async with ScriptedHammer({"CIM-B": [24.5, 24.6, 24.55, 24.4]}) as hammer:
        hammer.answers_left = answers_before
        adapter = adapter_of(hammer, sink, market.clock)
        adapter.set_wanted(["CIM PRB"])
        async with running(adapter):
            texts: list[str] = []
            adapter.link.when_changed(lambda: texts.append(str(adapter.link.status.problem or "")))
            adapter.link.connect()
            await until(lambda: adapter.link.status.state is LinkState.READY)
            assert any("Hammer Pro closed the connection before it was ready." in text for text in texts)


async def test_that_hammer_pro_closed_before_it_reported_a_price_claims_no_quotes_and_is_waited_for(
    sink: RecordingSink, market: Market
) -> None:
    async with ScriptedHammer({}) as hammer:
        adapter = adapter_of(hammer, sink, market.clock)
        async with running(adapter):
            texts: list[str] = []
            adapter.link.when_changed(lambda: texts.append(str(adapter.link.status.problem or "")))
            adapter.link.connect()
            await until(lambda: hammer.received)
            hammer.send("closing", {})
            await until(
                lambda: any("Hammer Pro was closed before it reported a price." in text for text in texts)
            )
            await until(lambda: adapter.link.status.state is LinkState.READY)
            assert "Quotes frozen" not in str(texts)


async def test_that_disconnect_drops_the_quotes_and_stays_disconnected(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        adapter.link.disconnect()
        await until(lambda: adapter.link.status.state is LinkState.IDLE)
        assert sink.states == ["live", "dropped"]
        await until(lambda: hammer.connections == 0)
        assert len(hammer.commands("connect")) == 1


async def test_that_disconnect_while_reconnecting_drops_the_frozen_quotes(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink
) -> None:
    async with connected(adapter):
        await hammer.stop()
        await until(lambda: adapter.link.status.state is LinkState.RECONNECTING)
        adapter.link.disconnect()
        await until(lambda: adapter.link.status.state is LinkState.IDLE)
        assert sink.states == ["live", "frozen", "dropped"]


async def test_that_a_click_after_disconnect_brings_back_what_hammer_still_knows(
    adapter: HammerAdapter, hammer: SimHammer, sink: RecordingSink, market: Market
) -> None:
    async with connected(adapter):
        adapter.link.disconnect()
        await until(lambda: adapter.link.status.state is LinkState.IDLE)
        hammer.forget("SPY")
        adapter.link.connect()
        await until(lambda: adapter.link.status.state is LinkState.READY)
        assert agrees(sink, market, ("CIM PRB", "BAC PRL"))
        assert sink.quotes.keys() == {"CIM PRB", "BAC PRL"}


async def test_that_cancel_in_the_middle_of_signing_in_leaves_no_line(
    adapter: HammerAdapter, hammer: SimHammer
) -> None:
    hammer.stall()
    async with running(adapter):
        adapter.link.connect()
        await until(lambda: hammer.connections == 1)
        adapter.link.disconnect()
        await until(lambda: adapter.link.status.state is LinkState.IDLE and hammer.connections == 0)


async def test_that_an_unforeseen_end_of_a_session_leaves_no_quote_live(
    adapter: HammerAdapter,
    sink: RecordingSink,
    monkeypatch: pytest.MonkeyPatch,
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("psf_monitor.connection.supervisor")
    async with connected(adapter):

        def fail(at: object) -> None:
            raise ZeroDivisionError(at)

        monkeypatch.setattr("psf_monitor.domain.market_hours.opened_at", fail)
        await until(lambda: adapter.link.status.state is LinkState.RECONNECTING)
        assert sink.states == ["live", "frozen"]
