"""Requests of the list of open orders: read at leisure, unless anything else is awaited."""

import asyncio

from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws.server import SimTws
from tests.support.waiting import PATIENCE_S

FOR_EVER_S = 3600.0


async def test_that_nothing_waits_for_a_list_read_at_leisure_if_another_answer_is_awaited() -> None:
    market = Market(scenario("normal"), 7)
    async with SimTws(market, "IBKR_GUN") as tws:
        ib = ReadOnlyIB()
        asyncio.set_event_loop(asyncio.get_running_loop())
        await ib.client.connectAsync("127.0.0.1", tws.port, 5)
        try:
            async with asyncio.timeout(PATIENCE_S):
                earlier = ib.reqCurrentTimeAsync()
                orders = await ib.request_orders(FOR_EVER_S)
                await earlier
                listing = ib.request_orders(FOR_EVER_S)
                later = await ib.reqCurrentTimeAsync()
                assert await listing == orders
                assert later
        finally:
            ib.disconnect()  # type: ignore[no-untyped-call]
