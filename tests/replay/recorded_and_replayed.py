"""A recording made of the simulated servers, and one played to the real monitor."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from ib_insync import AccountValue
from msgspec import structs

from psf_monitor.book.rows import OrderRow, PositionRow, QuoteState
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.accounts.account_summaries import summaries
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.recording.reader import Reader
from psf_monitor.replay.clock import ReplayTimers
from psf_monitor.replay.player import Player
from psf_monitor.replay.timeline import read_timeline
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.replay import replay_monitor, replay_settings
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import Settings
from psf_monitor.sim.demo import Gateways, TwsOptions
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.make_window import delete_window, make_window
from tests.support.records import GUN, PED
from tests.support.sim_servers import running_monitor, settings_for
from tests.support.waiting import until, within_patience

Seen = TypeVar("Seen")
STEP_S = 0.05


class ReplayLoop(ReplayTimers, asyncio.SelectorEventLoop):  # type: ignore[misc]
    """Without a window."""


Picture = dict[str, list[dict[str, Any]]]
"""Everything that is shown, by table."""

_TIMED = {"quote_changed_at", "quote_as_of", "quote_late_s", "placed_at"}
_INDICATORS = {"grpan", "grpan_concentration", "grpan_deviation", "rwvap_1d", "rwvap_1d_deviation"}
"""Worked out once a second, whenever that is."""


def picture(monitor: Monitor) -> Picture:
    """Return all rows without their times of receipt."""
    book = monitor.book
    return {
        "positions": _sorted(map(_figures, book.position_rows()), "key"),
        "orders": _sorted(map(_figures, book.order_rows()), "key"),
        "fills": _sorted(map(asdict, monitor.fills.fills()), "broker_id"),
        "summaries": _sorted(
            (structs.asdict(s) for mode in (GUN, PED) for s in book.summaries(mode)), "account"
        ),
    }


def _figures(row: PositionRow | OrderRow) -> dict[str, Any]:
    named = {name: getattr(row, name) for name in type(row).__annotations__}
    return {key: value for key, value in named.items() if key not in _TIMED | _INDICATORS}


def _sorted(rows: Iterable[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: str(row[key]))


def differences(one: Picture, other: Picture) -> list[str]:
    """Every figure in which two pictures differ."""
    found = []
    for name, shown in one.items():
        rows, others = shown, other[name]
        if len(rows) != len(others):
            found.append(f"{len(rows)} {name} for {len(others)}")
        for row, another in zip(rows, others, strict=False):
            found += [
                f"{name} {row.get('symbol', '')} {key}: {value}, {another[key]}"
                for key, value in row.items()
                if value != another[key]
            ]
    return found


async def settle(player: Player) -> None:
    """Let both sides read what is on its way between them."""
    for _ in within_patience("a line at rest"):
        if player.idle_check.look():
            break
        await asyncio.sleep(0)


Wire = Callable[[Settings], AbstractAsyncContextManager[Settings]]
"""What is between the servers and the monitor: the settings of one, and those of the other."""


async def play(
    path: Path,
    folder: Path,
    until_s: float | None = None,
    *,
    step_s: float = STEP_S,
    wire: Wire = nullcontext,
) -> Picture:
    """Play the recording to its end, or to ``until_s``; what is shown then."""
    return await _play(path, folder, lambda monitor: picture(monitor), until_s, step_s=step_s, wire=wire)


async def play_in_window(path: Path, folder: Path, look: Callable[[MainWindow], Seen]) -> Seen:
    """Play the recording to its end behind the real window; what ``look`` sees of it then."""
    with _Windows() as windows:
        return await _play(path, folder, lambda _monitor: look(windows.one), None, windows.open)


async def play_past_marks(
    path: Path, folder: Path, mark: str, look: Callable[[MainWindow], Seen]
) -> tuple[list[Seen], Picture]:
    """What ``look`` sees of the real window at each recorded act of the name ``mark``, and the end."""
    seen: list[Seen] = []
    with _Windows() as windows:
        end = await _play(
            path,
            folder,
            picture,
            None,
            windows.open,
            mark=mark,
            at_mark=lambda: seen.append(look(windows.one)),
        )
    return seen, end


class _Windows:
    """The window over a replay's monitor, closed behind it."""

    def __init__(self) -> None:
        self._opened: list[MainWindow] = []

    @property
    def one(self) -> MainWindow:
        (window,) = self._opened
        return window

    def open(self, monitor: Monitor) -> None:
        expects = {mode: mode in monitor.settings.expects_paper for mode in monitor.settings.ibkr}
        window = make_window(
            monitor.book, monitor.links, monitor.clock, fills=monitor.fills, expects_paper=expects
        )
        window.menus.ticks.setChecked(False)
        self._opened.append(window)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for window in self._opened:
            delete_window(window)


async def _play(
    path: Path,
    folder: Path,
    look: Callable[[Monitor], Seen],
    until_s: float | None,
    begin: Callable[[Monitor], None] = lambda _monitor: None,
    step_s: float = STEP_S,
    *,
    mark: str = "",
    at_mark: Callable[[], None] = lambda: None,
    wire: Wire = nullcontext,
) -> Seen:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ReplayLoop)
    timeline = read_timeline(Reader(path))
    async with Player(timeline) as player, wire(replay_settings(player, folder)) as settings:
        loop.replay_clock = player.clock
        monitor = replay_monitor(player, settings)
        begin(monitor)
        try:
            async with running_monitor(monitor):
                for act in timeline.actions:
                    if mark and act.act == mark:
                        await _run(player, loop, act.at_s, step_s)
                        at_mark()
                await _run(player, loop, until_s, step_s)
                return look(monitor)
        finally:
            loop.replay_clock = None


async def _run(player: Player, loop: ReplayLoop, until_s: float | None, step_s: float) -> None:
    end_s = player.timeline.lasts_s if until_s is None else until_s
    while player.clock.now_s < end_s:
        player.advance(min(player.clock.now_s + step_s, end_s), loop.run_until)
        await settle(player)


def in_replay(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a story on a loop that can follow a recording's time."""
    with asyncio.Runner(loop_factory=ReplayLoop) as runner:
        loop = runner.get_loop()
        asyncio.set_event_loop(loop)
        runner.run(story())
        asyncio.set_event_loop(None)


HAMMER = AccountMode.HAMMER_PRO
QUICK_LISTS = IbkrTiming(orders_override_s=0.1, orders_soonest_s=0.05)
QUICK_VALUES_S = 0.1


def quick_gateways() -> Gateways:
    """The simulated servers; account values follow the market soon."""
    return Gateways(tws=TwsOptions(refresh_s=QUICK_VALUES_S))


def last_of(monitor: Monitor, symbol: str) -> set[float | None]:
    return {row.last for row in monitor.book.position_rows() if row.symbol == symbol}


def is_ready(monitor: Monitor, mode: AccountMode) -> bool:
    return monitor.links[mode].status.state is LinkState.READY


def shows_values(gateways: Gateways, monitor: Monitor, mode: AccountMode) -> bool:
    """Whether the account values on show are those of the market: they settle behind their messages."""
    market = gateways.market
    values = [
        AccountValue(account, *row, modelCode="")
        for account in market.logins[mode.value]
        for row in market.account_values(account)
    ]
    return monitor.book.summaries(mode) == summaries(mode, values)


async def live(gateways: Gateways, monitor: Monitor, steps: int) -> None:
    """Connect, let the market move this often, and return when everything it sent is shown."""
    monitor.connect_all()
    for mode in (GUN, PED, HAMMER):
        await until(partial(is_ready, monitor, mode), what=f"{mode} ready")
    for _ in range(steps):
        gateways.market.step(0.1)
        await asyncio.sleep(0.01)
    await rest(gateways, monitor, round(24.05 + steps / 100, 2))


async def rest(gateways: Gateways, monitor: Monitor, price: float) -> None:
    """Return when everything the market sent is shown: this price is sent last, and arrives last."""
    gateways.market.trade("CIM PRB", price, 100)
    await until(lambda: last_of(monitor, "CIM PRB") == {price}, what="the last price")
    await _lists(gateways, monitor)
    for _ in within_patience("a monitor that stays current"):
        if is_current(monitor):
            break
        # A loss was noticed only meanwhile: what came over the new line has to count first.
        await until(partial(is_current, monitor), what="connections and prices that are current")
        await _lists(gateways, monitor)


async def _lists(gateways: Gateways, monitor: Monitor) -> None:
    """Return when the lists that follow from now on have come, and values and fills are the market's."""
    polls = gateways.gun.received.count((1, 16)), gateways.ped.received.count((1, 16))
    for side, before in zip((gateways.gun, gateways.ped), polls, strict=True):
        await until(lambda side=side, before=before: side.received.count((1, 16)) > before + 1)  # type: ignore[misc]
    for mode in (GUN, PED):
        await until(partial(shows_values, gateways, monitor, mode), what=f"the account values of {mode}")
    executions = gateways.market.executions
    await until(lambda: len(monitor.fills.fills()) >= len(executions), what="the fills")


def is_current(monitor: Monitor) -> bool:
    """Whether every connection is ready, and no price is an old one."""
    states = {row.quote_state for row in monitor.book.position_rows()}
    states |= {row.quote_state for row in monitor.book.order_rows()}
    is_up = all(is_ready(monitor, mode) for mode in (GUN, PED, HAMMER))
    return is_up and not states & {QuoteState.FROZEN, QuoteState.LATE}


async def recorded(path: Path, *, steps: int = 40) -> Picture:
    """A session of the demo, recorded; what was shown at its end."""
    gateways = quick_gateways()
    await gateways.start(moves=False)
    monitor = Monitor(settings_for(gateways), gateways.market.clock, timing=MonitorTiming(QUICK_LISTS))
    monitor.record_wires(path)
    try:
        async with running_monitor(monitor):
            await live(gateways, monitor, steps)
            monitor.wires.stop()
            return picture(monitor)
    finally:
        await gateways.stop()
