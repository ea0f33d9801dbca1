"""When a price or size last changed: not when HAMMER repeats what was known."""

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import Shown, connected
from tests.support.waiting import until


async def test_that_a_reconnect_leaves_the_time_of_the_last_change(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        market.clock.advance(1)
        market.set_quote("CIM PRB", bid=24.51)
        await until(lambda: shown.row().bid == 24.51)
        since = shown.row().quote_changed_at
        market.clock.advance(5)
        hammer.close_all()
        await until(lambda: shown.state() is QuoteState.FROZEN)
        await until(lambda: shown.state() is QuoteState.LIVE)
        assert shown.row().quote_changed_at == since
        market.clock.advance(5)
        market.set_quote("CIM PRB", bid=24.5)
        await until(lambda: shown.row().bid == 24.5)
        assert shown.row().quote_changed_at == market.clock()


async def test_that_what_changed_while_the_line_was_lost_changed_when_it_came(
    shown: Shown, hammer: SimHammer, market: Market
) -> None:
    async with connected(shown.adapter):
        hammer.is_dry = True
        hammer.close_all()
        await until(lambda: shown.state() is QuoteState.FROZEN)
        market.clock.advance(5)
        market.set_quote("CIM PRB", bid=24.5)
        hammer.is_dry = False
        await until(lambda: shown.row().bid == 24.5)
        await until(lambda: shown.state() is QuoteState.LIVE)
        assert shown.row().quote_changed_at == market.clock()


async def test_that_sizes_that_come_again_after_a_silence_have_not_changed(
    shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock
) -> None:
    async with connected(shown.adapter):
        await until(lambda: shown.row().bid_size is not None)
        since, size = shown.row().quote_changed_at, shown.row().bid_size
        hammer.faults.is_mute = True
        hammer.unanswered.update(("getSymbolSnapshot", "subscribe"))
        await time_passes(market, clock, 60, step_s=5)
        await until(lambda: shown.link_state is LinkState.SILENT)
        hammer.faults.is_mute = False
        hammer.unanswered.clear()
        market.set_quote("SPY", bid=600.0)
        await until(lambda: shown.state() is QuoteState.LIVE)
        await until(lambda: shown.row().bid_size == size)
        assert shown.row().quote_changed_at == since
