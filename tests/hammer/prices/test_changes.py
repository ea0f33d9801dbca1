"""When a price or size last changed: not when HAMMER repeats what was known."""

from psf_monitor.book.rows import QuoteState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
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
        # Only the answer comes, which has no time.
        hammer.faults.unsent.add("CIM-B")
        hammer.close_all()
        await until(lambda: shown.state() is QuoteState.FROZEN)
        await until(lambda: shown.state() is QuoteState.LIVE)
        assert shown.row().quote_changed_at == since
        hammer.faults.unsent.clear()
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
