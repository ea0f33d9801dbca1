"""All three lines are faulty for a while: nothing breaks, no wrong figure stands unmarked, all is well after.

The market stands still while the lines are faulty, so that every figure that is shown can be judged.
The short form is the same stories every time. ``--long`` plays ``--times`` new ones, each with its seed, and
all of them though one fails; with ``--hypothesis-seed=..`` they begin with a seed that was printed.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest

from psf_monitor.book.rows import QuoteState
from psf_monitor.connection.backoff import Backoff
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.orders.order import OrderStatus
from psf_monitor.hammer.timing import HammerTiming
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import HammerProfile, IbkrProfile, Settings
from psf_monitor.sim.demo import Gateways
from tests.conftest import ExpectedErrors
from tests.endurance.faulty_proxy import Action, FaultyProxy
from tests.support.records import GUN, PED
from tests.support.waiting import until

SHORT_STORIES = 2
BAD_FOR_S = 0.5
WEIGHTS = {
    Action.NOTHING: 10.0,
    Action.DELAY: 3.0,
    Action.CUT: 0.5,
    Action.HALVE: 3.0,
    Action.DUPLICATE: 1.0,
    Action.SPOIL: 1.0,
}
BRISK = IbkrTiming(
    handshake_s=0.5,
    answer_s=0.4,
    ask_again_s=0.02,
    orders_override_s=0.02,
    orders_soonest_s=0.0,
    heartbeat_every_s=0.02,
    heartbeat_misses=2,
    settle_s=0.0,
)
BRISK_HAMMER = HammerTiming(
    greeting_s=0.3,
    answer_s=0.3,
    connect_s=0.3,
    streamers_s=0.3,
    starting_s=0.3,
    settle_s=0.3,
    subscribe_pause_s=0.01,
    quiet_rest_s=0.01,
    rest_s=0.01,
)


def wrong(monitor: Monitor, gateways: Gateways) -> Iterator[str]:
    """Every figure that is shown as current and is not what the servers say."""
    market = gateways.market
    held = {(h.account, h.security.con_id): h for h in market.holdings.values()}
    for row in monitor.book.position_rows():
        holding = held.get((row.account, row.key.con_id))
        if row.stale_since is None and (holding is None or row.quantity not in (None, holding.quantity)):
            # What cannot be read is unknown, and a dash.
            yield f"{row.account} {row.symbol}: {row.quantity} is shown"
        if holding is not None and row.quote_state is QuoteState.LIVE:
            security = holding.security
            shown = (row.bid, row.ask, row.last)
            reported = (security.bid, security.ask, security.last)
            if any(s is not None and s != t for s, t in zip(shown, reported, strict=True)):
                yield f"{row.symbol}: {shown} is shown, not {reported}"
    for order in monitor.book.order_rows():
        real = market.orders.get(order.perm_id)
        if order.stale_since is None and real is not None:
            shown_terms = (order.quantity, order.limit_price, order.filled)
            reported_terms = (real.quantity, real.limit_price, real.filled)
            if any(s is not None and s != t for s, t in zip(shown_terms, reported_terms, strict=True)):
                yield f"order {order.perm_id}: {shown_terms} is shown, not {reported_terms}"


def lacking(monitor: Monitor, gateways: Gateways) -> Iterator[str]:
    """What keeps everything from being there, right and current."""
    yield from wrong(monitor, gateways)
    market = gateways.market
    for link in monitor.links.values():
        if link.status.state is not LinkState.READY:
            yield f"{link.name} is {link.status.state}"
    shown = {(row.account, row.key.con_id) for row in monitor.book.position_rows() if not row.stale_since}
    if shown != {(h.account, h.security.con_id) for h in market.holdings.values()}:
        yield f"{len(shown)} positions are shown"
    unknown = [row.symbol for row in monitor.book.position_rows() if row.quantity is None]
    if unknown:
        yield f"how many {unknown} are held is not known"
    open_now = (row for row in monitor.book.order_rows() if row.status != OrderStatus.GONE)
    if {row.perm_id for row in open_now if not row.stale_since} != set(market.orders):
        yield "the orders are not those of the market"
    for row in monitor.book.position_rows():
        security = market.securities.get(row.symbol)
        if security is None:
            yield f"{row.symbol} is shown"
        elif security.hammer_symbol and (row.bid, row.quote_state) != (security.bid, QuoteState.LIVE):
            yield f"{row.symbol}: {row.bid} {row.quote_state}"


async def story(seed: int, actions: Counter[Action], *, with_every_action: bool = False) -> None:
    """Play one story; ``with_every_action``: until each has been done, however slow the computer."""
    rng = random.Random(seed)
    gateways = Gateways(seed=seed)
    async with AsyncExitStack() as stack:
        for far in (gateways.gun, gateways.ped, gateways.hammer):
            await far.start()
        stack.push_async_callback(gateways.stop)
        lines = [
            await stack.enter_async_context(FaultyProxy(far.port, rng, actions, WEIGHTS))
            for far in (gateways.gun, gateways.ped, gateways.hammer)
        ]
        gun, ped, hammer = (line.port for line in lines)
        settings = Settings(
            ibkr={GUN: IbkrProfile(GUN, "127.0.0.1", gun, 1), PED: IbkrProfile(PED, "127.0.0.1", ped, 1)},
            hammer=HammerProfile("127.0.0.1", hammer, gateways.hammer.password),
        )
        monitor = Monitor(
            settings,
            gateways.market.clock,
            timing=MonitorTiming(BRISK, BRISK_HAMMER, Backoff(0.01, 0.05)),
        )
        running = asyncio.create_task(monitor.run())
        try:
            monitor.connect_all()

            def complaints() -> list[str]:
                monitor.book.drain()
                return list(lacking(monitor, gateways))

            def is_whole() -> bool:
                # On a busy computer a first attempt may fail too, and after that one has to click.
                monitor.connect_all()
                return not complaints()

            await until(is_whole, what="the first complete window")
            for line in lines:
                line.is_bad = True
            loop = asyncio.get_running_loop()
            ends = loop.time() + BAD_FOR_S
            while loop.time() < ends or (with_every_action and not all(actions[each] for each in Action)):
                await asyncio.sleep(0.005)
                monitor.book.drain()
                assert not running.done(), running
                # A click that comes while a first attempt has failed is part of a trader's day.
                monitor.connect_all()
                assert not list(wrong(monitor, gateways))
            for line in lines:
                line.is_bad = False
            monitor.connect_all()
            monitor.refresh()
            bid = rng.choice((24.30, 24.35, 24.40))
            gateways.market.set_quote("CIM PRB", bid=bid)
            try:
                await until(lambda: not complaints(), what="a complete window")
            except AssertionError as error:
                raise AssertionError(f"{error}: {complaints()}") from None
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_that_faulty_lines_break_nothing_and_show_nothing_wrong(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow(
        *("ib_insync.client", "ib_insync.wrapper", "psf_monitor.ibkr.unreadable", "eventkit.event"),
        # A frame of HAMMER may come damaged, too.
        "picows.client",
    )
    # ib_insync holds requests back above 45 a second.
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    actions: Counter[Action] = Counter()
    failed: list[str] = []
    seeds = _seeds(request.config)
    for seed in seeds:
        text = f"seed {seed}"
        try:
            await story(seed, actions, with_every_action=seed == seeds[-1])
        except AssertionError as error:
            text = f"seed {seed} failed: {error}"
            failed.append(text)
        if request.config.getoption("--long"):
            with capsys.disabled():
                print(text, flush=True)  # noqa: T201
    assert not failed, "\n".join(failed)
    assert all(actions[action] for action in Action)


def _seeds(config: pytest.Config) -> range:
    if not config.getoption("--long"):
        return range(1, 1 + SHORT_STORIES)
    chosen = config.getoption("--hypothesis-seed")
    first = int(chosen) if chosen else random.SystemRandom().getrandbits(32)
    return range(first, first + config.getoption("--times"))
