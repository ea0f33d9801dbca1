"""The composition of a running monitor: a book, two IBKR connectors and the HAMMER adapter.

The window, the snapshot and the tests use the same one. Building it takes a moment: modules that take long to
load are deferred (``app/startup``) until ``load`` and the first attempt of a link.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from psf_monitor.alerts.store import AlertStore
from psf_monitor.alerts.watch import AlertWatch
from psf_monitor.book.book import Book
from psf_monitor.book.fills import Fills
from psf_monitor.connection import deferred_asyncio
from psf_monitor.connection.fill_sink import FillSink
from psf_monitor.connection.pacing import ALERTS_EVERY_S, until_next
from psf_monitor.connection.status import LinkState
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.clock import Clock, as_clock, steady_s, system_clock
from psf_monitor.domain.facts import Facts
from psf_monitor.domain.fills.fill import WHOLE_DAY, Fill, ListReach, with_plausible_time
from psf_monitor.hammer.adapter import HammerAdapter
from psf_monitor.hammer.sink import HammerSinks
from psf_monitor.ibkr.connector import IbkrConnector, OtherLogins
from psf_monitor.ibkr.sink import IbkrSinks
from psf_monitor.journal import journal, recorder
from psf_monitor.problem import Problem
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.recording.writer import clocks_of
from psf_monitor.runtime import fact_file_watcher, symbol_forwarder
from psf_monitor.runtime.recorded_settings import recorded_settings
from psf_monitor.runtime.timing import DEFAULT_TIMING, MonitorTiming
from psf_monitor.settings import Settings, SettingsError, equal_profile
from psf_monitor.settings.symbol_file import SymbolFile, SymbolOverrides

_log = logging.getLogger(__name__)


class Storage(Struct, frozen=True):
    """Where a monitor stores what it records; ``None`` for what it does not record.

    Simulated data goes into the journal only if ``records_simulated``.
    """

    journal: Path | None = None
    records_simulated: bool = False
    alerts: AlertStore | None = None


NOTHING_KEPT = Storage()


class Monitor:
    """Builds and runs the parts. Nothing connects until a link is asked to.

    HAMMER's symbols follow the book: exactly what is held or ordered is subscribed. Executions are reported
    to the monitor and pass through the ``recorder`` to ``fills``; the recorder exists after ``load``, if
    ``storage`` names a journal. ``clock`` is corrected by the time that TWS sends, for all its readers.
    ``wires`` has a tap on every connection, and records once started.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime] = system_clock,
        *,
        storage: Storage = NOTHING_KEPT,
        timing: MonitorTiming = DEFAULT_TIMING,
        elapsed_s: Callable[[], float] = steady_s,
    ) -> None:
        self.wires = WireRecorder(clocks=clocks_of(clock))
        corrected = as_clock(clock)
        self.clock: Callable[[], datetime] = corrected
        self.settings = settings
        self.wires.hide(settings.hammer.password)
        self.book = Book(
            corrected,
            expects_paper=settings.expects_paper,
            absent=settings.switched_off,
            indicator_rules=settings.indicators,
        )
        self.fills = Fills(corrected)
        self.fills.when_unlisted(
            lambda mode, state: self.book.trades_unknown(mode, state.day_gap, state.day_basis)
        )
        self.book.attach_fills(self.fills)
        self.journal = storage.journal
        self.records_simulated = storage.records_simulated
        self.recorder: recorder.Recorder | None = None
        self._timing = timing
        self._symbol_file = None if settings.symbols is None else SymbolFile(settings.symbols)
        self._overrides = SymbolOverrides()
        self._facts: fact_file_watcher.FactFileWatcher | None = None
        self._hammer = HammerAdapter(
            settings.hammer,
            HammerSinks(self.book, prints=self.book, account=self.book, fills=self, depth=self.book.depths),
            corrected,
            elapsed_s=elapsed_s,
            timing=replace(timing.hammer, backoff=timing.backoff_of(AccountMode.HAMMER_PRO)),
            tap=self.wires.link(AccountMode.HAMMER_PRO),
        )
        self._connectors = {mode: self._connector(mode, corrected) for mode in settings.ibkr}
        self.links: Mapping[AccountMode, Link] = {
            **{mode: connector.link for mode, connector in self._connectors.items()},
            AccountMode.HAMMER_PRO: self._hammer.link,
        }
        self.book.depths.when_symbols_changed(self._hammer.set_wanted_depth)
        self.alerts = AlertWatch(
            self.book, self.fills, self.links, corrected, storage.alerts or AlertStore(None)
        )
        self._read_symbols()

    def _connector(self, mode: AccountMode, clock: Clock) -> IbkrConnector:
        return IbkrConnector(
            self.settings.ibkr[mode],
            IbkrSinks(self.book, fills=self),
            clock,
            timing=replace(self._timing.ibkr, backoff=self._timing.backoff_of(mode)),
            others=OtherLogins(partial(clock.set_by, mode.value), partial(self._with_same_client, mode)),
            tap=self.wires.link(mode),
        )

    @property
    def symbol_problems(self) -> tuple[str, ...]:
        """Return what is wrong with the trader's table of symbols, a sentence for each line."""
        return self._overrides.problems

    def set_hammer_symbol(self, ibkr_symbol: str, hammer_symbol: str) -> None:
        """Ask HAMMER for a share under this name from now on; an empty name follows the rule again.

        Raises ``SettingsError`` if the name is unusable or the table cannot be written; nothing changes then.
        """
        if self._symbol_file is None:
            raise SettingsError("there is no table of symbols to write the name to.")
        self._symbol_file.set_override(ibkr_symbol, hammer_symbol)
        self.wires.acted("HAMMER symbol", symbol=ibkr_symbol, asked_as=hammer_symbol)
        self._read_symbols()

    def load(self) -> None:
        """Load, once, what running requires but showing does not: some tenths of a second."""
        if self.settings.facts.files and self._facts is None:
            self._facts = fact_file_watcher.FactFileWatcher(self.settings.facts, self._show_facts, self.clock)
        if self.journal is not None and self.recorder is None:
            self.recorder = recorder.Recorder(
                journal.Journal(self.journal),
                self.fills,
                self.book,
                self.clock,
                timing=replace(self._timing.journal, backoff=self._timing.backoff),
                is_recorded=self._is_recorded,
            )

    def fills_reported(self, mode: AccountMode, fills: Sequence[Fill]) -> None:
        """Receive executions; each may be reported any number of times."""
        now = self.clock()
        self._fill_sink(mode).fills_reported(mode, [with_plausible_time(received, now) for received in fills])

    def fills_listed(self, mode: AccountMode, accounts: Sequence[str], reach: ListReach = WHOLE_DAY) -> None:
        """Record that a source has sent its complete list for these accounts, as far as it reaches."""
        self._fill_sink(mode).fills_listed(mode, accounts, reach)

    def fills_unavailable(self, mode: AccountMode, why: Problem) -> None:
        """Record that executions may be missing from here on."""
        self._fill_sink(mode).fills_unavailable(mode, why)

    def _fill_sink(self, mode: AccountMode) -> FillSink:
        return self.recorder if self.recorder is not None and self._is_recorded(mode) else self.fills

    def _is_recorded(self, mode: AccountMode) -> bool:
        """Return whether the journal may record it: simulated data goes into a demo's own journal only."""
        return self.records_simulated or not self.links[mode].status.shows_simulated

    def connect_all(self) -> None:
        """Request every connection."""
        for link in self.links.values():
            link.connect()

    def refresh(self) -> None:
        """Request everything again over the open connections."""
        for connector in self._connectors.values():
            connector.refresh()
        self._hammer.refresh()

    def record_wires(self, path: Path) -> None:
        """Begin to record the traffic, into ``path`` or the next free name.

        Open connections request everything again, so that the recording can be replayed from its beginning.
        """
        self.wires.start(path, recorded_settings(self.settings, self._overrides.names))
        self.refresh()

    def reconfigure(self, settings: Settings) -> None:
        """Use other settings; each open connection keeps its own until its next attempt."""
        self.settings = settings
        self.wires.hide(settings.hammer.password)
        self.wires.acted("settings", **recorded_settings(settings, self._overrides.names))
        self.book.expect(settings.expects_paper)
        for mode, profile in settings.ibkr.items():
            self._connectors[mode].reconfigure(profile)
        self._hammer.reconfigure(settings.hammer)

    def _with_same_client(self, mode: AccountMode) -> AccountMode | None:
        """Return our other login with the same place and client id, connected or connecting."""
        other = equal_profile(self.settings.ibkr, mode)
        if other is None or self.links[other].status.state in (LinkState.IDLE, LinkState.FAILED):
            return None
        return other

    async def run(self) -> None:
        """Serve all links until cancelled; every socket is closed before this returns.

        With a journal, today's records are shown before any link may connect, and it is closed last.
        """
        self.load()
        if self._facts is not None:
            await self._facts.begin()
        recording = nullcontext() if self.recorder is None else self.recorder.recording(self.links)
        async with recording, deferred_asyncio.TaskGroup() as group:
            for connector in self._connectors.values():
                group.create_task(connector.run())
            group.create_task(self._hammer.run())
            group.create_task(symbol_forwarder.forward_wanted_symbols(self.book, self._hammer.set_wanted))
            group.create_task(self._watch_clock_and_files(deferred_asyncio.sleep))
            group.create_task(self._watch_alerts(deferred_asyncio.sleep))

    async def _watch_alerts(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        news = deferred_asyncio.Event()
        self.alerts.when_due(news.set)
        try:
            while True:
                news.clear()
                self.alerts.check()
                await sleep(ALERTS_EVERY_S)
                if not self.alerts.is_due_by_time:
                    await news.wait()
        finally:
            self.alerts.save()

    async def _watch_clock_and_files(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        """Watch what changes without a message from a server: the minute, and the trader's files."""
        try:
            while True:
                await sleep(until_next(self._timing.look_every_s))
                await self.book.day.curve.sample_in_turns(self.book, lambda: deferred_asyncio.sleep(0))
                if self._symbol_file is not None and self._symbol_file.has_changed():
                    self._read_symbols()
                if self._facts is not None:
                    self._facts.refresh()
        finally:
            if self._facts is not None:
                await self._facts.stop()

    def _show_facts(self, facts: Facts) -> None:
        self.book.facts.replace_all(facts)
        self._show_volumes()

    def _show_volumes(self) -> None:
        """Apply the average volumes; those in the table of symbols override those of the other files."""
        self.book.volumes_changed({**self.book.facts.known.volumes, **self._overrides.volumes})

    def _read_symbols(self) -> None:
        if self._symbol_file is None:
            return
        before, self._overrides = self._overrides, self._symbol_file.read()
        for problem in self._overrides.problems:
            if problem not in before.problems:
                _log.warning("%s: %s", self._symbol_file.path.name, problem)
        self._hammer.remap(self._overrides.names)
        for connector in self._connectors.values():
            connector.name(self._overrides.names)
        self._show_volumes()
