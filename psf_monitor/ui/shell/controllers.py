"""The controllers that fill the window's parts and handle clicks; made once there is a book to read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from psf_monitor import formatting
from psf_monitor.book.rows import Level
from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections.api_controller import ApiController
from psf_monitor.ui.connections.controller import ConnectionsController
from psf_monitor.ui.fills.controller import FillsController
from psf_monitor.ui.journal.controller import JournalController
from psf_monitor.ui.recording.controller import WireController
from psf_monitor.ui.shell.overview.overview import Overview
from psf_monitor.ui.shell.overview.overview_updates import OverviewUpdates
from psf_monitor.ui.shell.refresh import Refresh
from psf_monitor.ui.shell.row_menus import RowMenus
from psf_monitor.ui.shell.rules_controller import RulesController
from psf_monitor.ui.shell.screenshot import ScreenshotMaker
from psf_monitor.ui.shell.symbol_windows import SymbolWindows
from psf_monitor.ui.shell.unseen_alerts import UnseenAlerts
from psf_monitor.ui.shell.window_parts import WindowParts
from psf_monitor.ui.table.facts.controller import FactsController

if TYPE_CHECKING:
    from psf_monitor.ui.fills.panel import FillsPanel

RESTS_FOR_S = 3
"""Seconds between two checks of what no price changes and of which there is no news."""
Pictures = Callable[[], Sequence[Path]]
"""Returns the folders for screenshots; the first writable one is used."""
Report = Callable[[str, Level, str], None]
"""Reports an event: its source, its level, and a sentence."""


class Controllers(QObject):
    """Connects the parts of one window to its sources and to each other."""

    def __init__(
        self, parts: WindowParts, context: WindowContext, pictures: Pictures, report: Report
    ) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._clock = context.clock
        self._service = context.service
        self._report = report
        self._seconds = 0
        self._shown_news: tuple[object, ...] = ()
        self.context = context
        # Its icon is loaded from a file.
        parts.positions.filter_box.setClearButtonEnabled(True)
        parts.positions.day_line = context.sources.book.day.curve.line
        self._make(parts, context, pictures)
        self._join_menus()
        self._connect_notices()
        self._join_panels()

    def _make(self, parts: WindowParts, context: WindowContext, pictures: Pictures) -> None:
        window, positions, orders, section = parts.window, parts.positions, parts.orders, parts.section
        overview = OverviewUpdates(context, Overview(parts))
        self.refresh = Refresh(context.sources, positions, orders, overview, lambda: parts.is_seen, window)
        self._facts = FactsController(context.sources.book.facts, (positions, orders), window)
        self._rules = RulesController(context)
        self.row_menus = RowMenus(context, positions, orders, window)
        self.connections = ConnectionsController(context, parts.connections, parts.banners, window)
        self.api = ApiController(context, window)
        self.wires = WireController(context, parts.top_bar.recording, window)
        self.journal = JournalController(context, window)
        self.fills = FillsController(context, lambda: section.fills, self.row_menus, window)
        self.unseen_alerts = UnseenAlerts(context, parts.top_bar, positions, section, parts.status, window)
        self.screenshot_maker = ScreenshotMaker(
            context, window, pictures, overview.states, self._prepare_picture
        )
        self.symbol_windows = SymbolWindows(
            context,
            positions,
            self.unseen_alerts.controller,
            window,
            lambda share: self.take_screenshot(self.screenshot_maker.of(share)),
        )

    def _attach_fills(self, panel: "FillsPanel") -> None:
        """Connect the fills to their table."""
        self.fills.attach(panel)
        self.symbol_windows.open_from(panel)
        self.symbol_windows.open_from(panel.totals)

    def _join_menus(self) -> None:
        menus = self.context.menus
        menus.refresh.triggered.connect(self._on_read_again)
        menus.screenshot.triggered.connect(
            lambda: self.take_screenshot(self.screenshot_maker.of(self._window_in_front()))
        )
        menus.hide_values.toggled.connect(self._on_hide_values)
        self._parts.top_bar.screenshot.clicked.connect(lambda: self.take_screenshot(self.screenshot_maker))

    def _connect_notices(self) -> None:
        """Report every event in the status line."""
        self.refresh.noticed.connect(self._parts.status.show_notice)
        for signal, source, level in (
            (self.row_menus.reported, "Window", Level.INFO),
            (self.row_menus.warned, "Symbols", Level.WARNING),
            (self._facts.reported, "My file", Level.INFO),
            (self._facts.warned, "My file", Level.WARNING),
            (self.wires.reported, "Recording", Level.INFO),
            (self.wires.warned, "Recording", Level.WARNING),
            (self.journal.reported, "Journal", Level.INFO),
            (self.connections.warned, "Settings", Level.WARNING),
        ):
            signal.connect(lambda text, source=source, level=level: self._report(source, level, text))
        self.fills.warned.connect(lambda source, text: self._report(source, Level.WARNING, text))
        self.fills.recovered.connect(lambda source, text: self._report(source, Level.INFO, text))
        self.fills.liquidated.connect(lambda source, text: self._report(source, Level.ERROR, text))

    def _join_panels(self) -> None:
        parts, section, fills = self._parts, self._parts.section, self.fills
        parts.selection.changed.connect(self.refresh.refresh)
        parts.positions.frame.empty.connect_all_clicked.connect(self.connections.connect_all)
        self.row_menus.share_requested.connect(self.symbol_windows.open)
        self.row_menus.alert_requested.connect(self.unseen_alerts.controller.open_form)
        self.refresh.added_up.connect(self.unseen_alerts.controller.refresh_figures)
        self.refresh.is_watched = lambda: section.sees_alerts
        self.row_menus.orders_requested.connect(lambda: section.show_fills(False))
        fills.front_wanted.connect(section.show_fills)
        fills.bar_filled.connect(section.refresh)
        fills.history_requested.connect(self.journal.choose_day)
        self.journal.day_chosen.connect(fills.show_day)
        section.switched.connect(fills.refresh)
        self.symbol_windows.open_from(parts.orders)
        section.fills_made.connect(self._attach_fills)
        if section.has_fills:
            self._attach_fills(section.fills)
        fills.apply_changes()
        parts.banners.seen.connect(self.context.sources.book.message_acknowledged)
        parts.connections.fields_changed.connect(self.refresh.refresh)
        for card in parts.connections.cards.values():
            card.account.toggled.connect(self.refresh.refresh)

    def begin(self) -> None:
        """Show the sources from here on, beginning with their current state."""
        self.refresh.begin()
        self._on_hide_values(self.context.are_values_hidden)

    def show_now(self) -> None:
        """Update everything on the screen to this moment."""
        self._show_what_ages()
        if not self._parts.window.isMinimized():
            self._show_what_rests()

    def pass_second(self) -> None:
        """Update what ages by the second; what no price changes, after news of it, or now and then."""
        self._show_what_ages()
        self._seconds += 1
        if self._seconds >= RESTS_FOR_S or self._news != self._shown_news or self._is_second_seen_below:
            self._show_what_rests()

    @property
    def _news(self) -> tuple[object, ...]:
        """Return a value that changes when there is anything to show besides prices and ages."""
        sources, parts = self.context.sources, self._parts
        return (
            sources.book.changes,
            sources.fills.revision,
            parts.positions.model.shown_count,
            parts.orders.model.shown_count,
            [link.status.state for link in sources.links.values()],
        )

    @property
    def _is_second_seen_below(self) -> bool:
        """Return whether fills or alerts are visible, which have ages, too."""
        section = self._parts.section
        return section.shows_fills or section.shows_alerts

    def _show_what_rests(self) -> None:
        self._seconds, self._shown_news = 0, self._news
        self._parts.splitter.refresh()
        self.fills.tick()
        self.unseen_alerts.tick()
        self.symbol_windows.refresh_names()
        self._facts.refresh()

    def _show_what_ages(self) -> None:
        parts = self._parts
        parts.top_bar.clock.set_text(f"{formatting.clock(self._clock())} ET")
        # The book drops finished orders with time alone, so it is read even without news.
        self.refresh.refresh()
        self.wires.refresh()
        if not parts.window.isMinimized():
            parts.positions.tick()
            parts.orders.tick()
            self.row_menus.refresh()

    def _window_in_front(self) -> QWidget:
        """Return the window that has the keys, if it is one of the main window's own, else the main one."""
        main, active = self._parts.window, QApplication.activeWindow()
        if active is not None and active.parent() is main and active.windowType() is Qt.WindowType.Window:
            return active
        return main

    def take_screenshot(self, screenshot_maker: ScreenshotMaker) -> None:
        """Take a screenshot, and report where it was saved."""
        shot = screenshot_maker.capture()
        level = Level.WARNING if shot.problem else Level.INFO
        self._report("Screenshot", level, shot.problem or f"saved to {shot.path} and copied")
        if shot.path is not None:
            self._parts.status.offer_folder(shot.path.parent)

    def end(self) -> None:
        """Close what belongs to the window, which is closing."""
        self.symbol_windows.close_all()
        self.unseen_alerts.controller.close()

    def cover_accounts(self) -> None:
        """Hide what names an account."""
        for card in self._parts.connections.cards.values():
            card.account.setChecked(False)
        self.api.cover()

    def _prepare_picture(self) -> None:
        """Update everything on the screenshot to one moment, with no account named."""
        self.cover_accounts()
        self.show_now()
        self.symbol_windows.refresh()

    def _on_read_again(self) -> None:
        self._service.refresh()
        self._report("Window", Level.INFO, "accounts and orders are read again")

    def _on_hide_values(self, _is_wanted: bool) -> None:
        self.row_menus.refresh()
        self.refresh.refresh()
