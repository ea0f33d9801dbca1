"""Random stories of silence, restarts, partial streams, moved prices, sleep and clock jumps on both wires.

After every step each cell of the window, and each field of the API, is what the server last said, or it is
marked; and when all is well again, every row is right and current.

The short form is the same stories every time. ``--long`` plays stories of new seeds, each printed, until
``LEAST_LONG_STEPS`` steps were judged; ``--long --hypothesis-seed=..`` begins with a seed that was printed.
"""

import asyncio
import functools
import itertools
import random
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from psf_monitor.domain import market_hours
from tests.conftest import ExpectedErrors
from tests.endurance.freshness.freshness_world import ACCOUNT, SYMBOLS, World, next_session, until_none

SHORT_STORIES, SHORT_STEPS = 3, 15
LONG_STORIES, LONG_STEPS, LEAST_LONG_STEPS = 100, 100, 10_000
symbols = st.sampled_from(SYMBOLS)


def step(**drawn: Any) -> Callable[[Callable[..., None]], Any]:
    """A rule whose calls are kept: a failure prints its story, even one that hypothesis cannot replay."""

    def kept(act: Callable[..., None]) -> Any:
        @functools.wraps(act)
        def call(self: "Stories", **chosen: object) -> None:
            self.story.append(f"{act.__name__}({', '.join(f'{k}={v!r}' for k, v in chosen.items())})")
            act(self, **chosen)

        as_rule: Callable[..., Any] = rule
        return as_rule(**drawn)(call)

    return kept


class Stories(RuleBasedStateMachine):
    """One story: what happens is drawn, and after every step the window is judged."""

    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.story: list[str] = []
        self._has_begun = False
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self.world = World()
        self._do(self.world.begin())

    def _do(self, work: Coroutine[Any, Any, None] | Awaitable[None]) -> None:
        self._loop.run_until_complete(work)

    @step(symbol=symbols, cents=st.integers(-300, 300), which=st.sampled_from(("bid", "ask", "all")))
    def price_moves(self, symbol: str, cents: int, which: str) -> None:
        security = self.world.market.security(symbol)
        bid = round(max(security.bid + cents / 100, 5.0), 2)
        if which == "all":
            self.world.market.set_quote(symbol, bid=bid, ask=bid + 0.1, last=bid)
        elif which == "bid" and bid < security.ask:
            self.world.market.set_quote(symbol, bid=bid)
        elif which == "ask" and bid + 0.1 > security.bid:
            self.world.market.set_quote(symbol, ask=bid + 0.1)
        self._let_what_is_older_be_asked_for()

    def _let_what_is_older_be_asked_for(self) -> None:
        """HAMMER's last message may be ignored until it has been asked, if it calls itself older."""
        if self.world.hammer.faults.stamp_lag_s:
            self._do(self.world.pass_time(6.0))

    @step(seconds=st.sampled_from((3.0, 9.0, 21.0, 45.0)))
    def time_passes(self, seconds: float) -> None:
        self._do(self.world.pass_time(seconds))

    @step(seconds=st.sampled_from((70.0, 900.0, 50_000.0)))
    def computer_sleeps(self, seconds: float) -> None:
        self._do(self.world.pass_time(seconds, step_s=seconds))

    @step(symbol=symbols)
    def close_is_rolled(self, symbol: str) -> None:
        security = self.world.market.security(symbol)
        self.world.market.set_quote(symbol, prev_close=security.last)

    @step(seconds=st.sampled_from((-4000.0, -20.0, 0.0, 30.0, 9000.0, 90_000.0)))
    def clock_is_set(self, seconds: float) -> None:
        self.world.clock_error = timedelta(seconds=seconds)

    @step(is_mute=st.booleans())
    def hammer_is_mute(self, *, is_mute: bool) -> None:
        self.world.hammer.faults.is_mute = is_mute

    @step(symbol=symbols, is_reported=st.booleans())
    def stream_forgets(self, symbol: str, *, is_reported: bool) -> None:
        name = self.world.market.security(symbol).hammer_symbol or ""
        (self.world.hammer.faults.unsent.discard if is_reported else self.world.hammer.faults.unsent.add)(
            name
        )

    @step(symbol=symbols, is_answered=st.booleans())
    def answer_fails(self, symbol: str, *, is_answered: bool) -> None:
        unanswered = self.world.hammer.faults.unanswered_symbols
        name = self.world.market.security(symbol).hammer_symbol or ""
        (unanswered.discard if is_answered else unanswered.add)(name)

    @step(symbol=symbols)
    def share_is_lost(self, symbol: str) -> None:
        self.stream_forgets(symbol=symbol, is_reported=False)
        self.answer_fails(symbol=symbol, is_answered=False)
        self._do(self.world.pass_time(60.0))

    @step()
    def next_session_comes(self) -> None:
        now = self.world.market.clock()
        if market_hours.opened_at(now) is None:
            seconds = (next_session(now) - now).total_seconds()
            self._do(self.world.pass_time(seconds, step_s=seconds))

    @step(spoils=st.booleans(), symbols_too=st.booleans())
    def quotes_are_unreadable(self, *, spoils: bool, symbols_too: bool) -> None:
        faults = self.world.hammer.faults
        faults.spoils_updates, faults.spoils_symbols = spoils, symbols_too

    @step(times=st.integers(1, 3))
    def hammer_is_busy(self, times: int) -> None:
        self.world.hammer.faults.busy = times

    @step(lag_s=st.sampled_from((0.0, 0.0, 90.0)))
    def stream_lags(self, lag_s: float) -> None:
        self.world.hammer.faults.stamp_lag_s = lag_s

    @step(state=st.sampled_from(("Stopped", "Disconnected")))
    def streamer_stops(self, state: str) -> None:
        self.world.hammer.stop_streamer(state)

    @step()
    def hammer_restarts(self) -> None:
        self.world.hammer.close_all()

    @step(shares=st.integers(1, 9), symbol=symbols)
    def position_changes(self, shares: int, symbol: str) -> None:
        self.world.market.set_position(ACCOUNT, symbol, 100 * shares, 20.0)

    @step(symbol=symbols, cents=st.integers(100, 400))
    def order_is_amended(self, symbol: str, cents: int) -> None:
        self.world.market.amend_order(self.world.orders[symbol], limit_price=cents / 100)

    @step(symbol=symbols, shares=st.integers(1, 50))
    def order_fills_in_part(self, symbol: str, shares: int) -> None:
        last = self.world.market.security(symbol).last
        self.world.market.fill_order(self.world.orders[symbol], shares, last)
        self._let_what_is_older_be_asked_for()

    @step(is_mute=st.booleans())
    def tws_is_mute(self, *, is_mute: bool) -> None:
        (self.world.tws.mute if is_mute else self.world.tws.unmute)()

    @step(resets=st.booleans())
    def tws_restarts(self, *, resets: bool) -> None:
        (self.world.tws.reset_all if resets else self.world.tws.close_all)()

    @invariant()
    def every_cell_is_what_was_sent_last_or_marked(self) -> None:
        # The first look is at the beginning, before any step.
        Stories.steps += self._has_begun
        self._has_begun = True
        try:
            self._do(until_none(self.world.wrong))
        except AssertionError as error:
            error.add_note("\n".join(self.story))
            raise

    def teardown(self) -> None:
        try:
            self._do(self.world.heal())
        finally:
            self._do(self.world.end())
            asyncio.set_event_loop(None)
            self._loop.close()


@pytest.mark.usefixtures("qapp")
def test_that_every_cell_is_what_the_server_sent_last_or_marked(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper", "psf_monitor.ibkr.ib", "eventkit.event")
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    Stories.steps = 0
    if not request.config.getoption("--long"):
        play_stories(1, SHORT_STORIES, SHORT_STEPS)
        return
    chosen = request.config.getoption("--hypothesis-seed")
    for number in itertools.count(int(chosen) if chosen else random.SystemRandom().getrandbits(32)):
        try:
            play_stories(number, LONG_STORIES, LONG_STEPS)
        finally:
            with capsys.disabled():
                print(f"\nseed {number}: {Stories.steps:,} steps so far")  # noqa: T201
        if Stories.steps >= LEAST_LONG_STEPS:
            break


def play_stories(number: int, stories: int, steps: int) -> None:
    """Play the stories of this seed; hypothesis may end some of them before they have all their steps."""
    form = settings(
        max_examples=stories,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(seed(number)(Stories), settings=form)
