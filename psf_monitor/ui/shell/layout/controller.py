"""Restores the window's layout and saves its changes; the records are in ``store``."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QAction, QGuiApplication

from psf_monitor import files
from psf_monitor.ui.base.menus import NEAR_FILLS, QUIETS_MIN
from psf_monitor.ui.shell.layout.detached_panels import DetachedPanels, Panel
from psf_monitor.ui.shell.layout.screens import ScreenWatch, on_a_screen
from psf_monitor.ui.shell.layout.store import LayoutStore, WindowLayout, WindowPlace, chosen_fields
from psf_monitor.ui.shell.window_parts import WindowParts
from psf_monitor.ui.style.theme import DENSITIES, ZOOMS, Scheme
from psf_monitor.ui.table.saved_layout import TableLayout

if TYPE_CHECKING:
    from psf_monitor.book.book import Book
    from psf_monitor.ui.shell.symbol_windows import SymbolWindows


class LayoutController(QObject):
    """The layout of one window. ``save_if_settled`` is called every second.

    ``restore`` arranges what is painted first, ``refresh`` the rest, once there is a book. Nothing is saved
    before that, because the layout is still incomplete. ``read_late`` is emitted when a file that was
    unreadable at first has been read, with a sentence if it is damaged; ``kept`` when the file can no longer
    be written, with a sentence, and without one when it can be again.
    """

    read_late = Signal(str)
    kept = Signal(str)

    def __init__(self, parts: WindowParts, store: LayoutStore) -> None:
        super().__init__(parts.window)
        self._store = store
        self._window = parts.window
        self._splitter = parts.splitter
        self._positions = parts.positions
        self._section = parts.section
        self._theme = parts.theme
        self._menus = menus = parts.menus
        self._panel = parts.connections
        self._sources: tuple[Book, SymbolWindows] | None = None
        self._kept = WindowLayout()
        self._scheme: Scheme | None = None
        self._seen: WindowLayout | None = None
        panels: dict[str, tuple[Panel, QAction]] = {
            "positions": (parts.positions, menus.detach_positions),
            "orders, fills and alerts": (parts.section, menus.detach_lower),
        }
        title_of = parts.environment.title_of
        parts.section.fills_made.connect(self._restore_fills)
        parts.section.alerts_made.connect(self._restore_alerts)
        self.detached = DetachedPanels(parts.splitter, panels, parts.theme, title_of, parts.window)
        ScreenWatch(self)

    def restore(self, scheme: Scheme | None) -> str:
        """Restore what is seen first, or apply ``scheme``; return a sentence if that failed."""
        self._scheme = scheme
        layout, problem = self._store.load()
        self._apply(layout)
        return problem

    def attach(self, book: "Book", symbols: "SymbolWindows") -> None:
        """Restore the rest, and save changes from here on."""
        self._sources = book, symbols
        self._apply_rest(self._kept, symbols)

    def _apply(self, layout: WindowLayout) -> None:
        self._kept = layout
        self._theme.choose_hues(layout.hues)
        self._theme.choose_density(min(DENSITIES, key=lambda each: abs(each - layout.density)))
        self._theme.choose_zoom(min(ZOOMS, key=lambda each: abs(each - layout.zoom)))
        self._theme.choose(self._scheme or layout.theme)
        if layout.place is not None:
            self._place(layout.place)
        # One of the parts of the splitter, if it is open.
        self._menus.log.setChecked(layout.is_log_open)
        self._splitter.restore(layout.splitter)
        self._positions.restore(layout.positions)
        self._section.orders.restore(layout.orders)
        if self._section.has_fills:
            self._restore_fills()
        if self._section.has_alerts:
            self._restore_alerts()
        self._section.show_fills(layout.shows_fills)
        self._positions.choose_account(layout.account)
        self._positions.choose_group(layout.group)
        quiet_min = min(QUIETS_MIN, key=lambda each: abs(each - layout.quiet_after_min))
        self._menus.quiet_chosen.emit(quiet_min)
        self._panel.choose_fields(*chosen_fields(layout))
        for mode, card in self._panel.cards.items():
            card.at_start.setChecked(mode in layout.connect_at_start)
        for action, is_wanted in self._switches(layout):
            action.setChecked(is_wanted)
        self.detached.restore(layout.panels)

    def _apply_rest(self, layout: WindowLayout, symbols: "SymbolWindows") -> None:
        """Restore what shows nothing before there are rows."""
        symbols.restore(layout.symbols)
        self._menus.mark_chosen.emit(layout.mark)
        self._menus.near_fill_chosen.emit(min(NEAR_FILLS, key=lambda each: abs(each - layout.near_fill)))
        self._menus.double_click_chosen.emit(layout.double_click)

    def _restore_fills(self) -> None:
        fills, kept = self._section.fills, self._kept
        fills.restore(kept.fills)
        fills.totals.restore(kept.fill_totals)
        fills.by_symbol.setChecked(kept.shows_fill_totals)

    def _restore_alerts(self) -> None:
        self._section.alerts.restore(self._kept.alerts)
        self._section.alerts.fired.restore(self._kept.fired_alerts)

    def _of_alerts(self) -> tuple[TableLayout, TableLayout]:
        """Return the tables of the alerts set and of those fired, as saved while they do not exist."""
        if not self._section.has_alerts:
            return self._kept.alerts, self._kept.fired_alerts
        return self._section.alerts.saved(), self._section.alerts.fired.saved()

    def _of_fills(self) -> tuple[TableLayout, TableLayout, bool]:
        """Return both tables of the fills, and whether totals are visible; as saved while the tables do not
        exist.
        """
        if not self._section.has_fills:
            return self._kept.fills, self._kept.fill_totals, self._kept.shows_fill_totals
        fills = self._section.fills
        return fills.saved(), fills.totals.saved(), fills.by_symbol.isChecked()

    def now(self) -> WindowLayout:
        """Return the window's current layout; before there is a book, the saved one."""
        if self._sources is None:
            return self._kept
        window, (book, symbols) = self._window, self._sources
        fills, fill_totals, shows_fill_totals = self._of_fills()
        alerts, fired_alerts = self._of_alerts()
        rect = window.normalGeometry() if window.isMaximized() else window.geometry()
        return WindowLayout(
            place=WindowPlace(rect.x(), rect.y(), rect.width(), rect.height(), window.isMaximized()),
            splitter=self._splitter.saved(),
            positions=self._positions.saved(),
            orders=self._section.orders.saved(),
            fills=fills,
            fill_totals=fill_totals,
            alerts=alerts,
            fired_alerts=fired_alerts,
            shows_fills=self._section.shows_fills,
            shows_fill_totals=shows_fill_totals,
            announces_fills=self._menus.announce_fills.isChecked(),
            beeps_on_fills=self._menus.beep_fills.isChecked(),
            account=self._positions.account,
            group=self._positions.group,
            panels=self.detached.saved(),
            shows_exposure=self._menus.exposure.isChecked(),
            theme=self._theme.scheme,
            is_on_top=self._menus.on_top.isChecked(),
            are_values_hidden=self._menus.hide_values.isChecked(),
            hues=self._theme.hues,
            shows_ticks=self._menus.ticks.isChecked(),
            density=self._theme.density,
            zoom=self._theme.zoom,
            quiet_after_min=self._positions.quiet_after_min,
            mark=book.rules.mark,
            near_fill=book.rules.near_fill,
            strip_fields=self._panel.account_fields,
            total_fields=self._panel.total_fields,
            has_day_fields=True,
            connect_at_start=tuple(m for m, card in self._panel.cards.items() if card.at_start.isChecked()),
            is_log_open=self._menus.log.isChecked(),
            symbols=symbols.saved(),
            double_click=symbols.double_click,
        )

    def save_if_settled(self) -> None:
        """Save the layout once it has stayed the same for a second; load it if that failed before."""
        if self._store.is_unread:
            self._read_at_last()
            return
        layout = self.now()
        if layout == self._seen:
            # A file that another program holds now is written a second later.
            before = self._store.problem
            self._store.save(layout, files.AT_ONCE)
            if self._store.problem != before:
                self.kept.emit(self._store.problem)
        self._seen = layout

    def _read_at_last(self) -> None:
        layout, problem = self._store.load(files.AT_ONCE)
        if not self._store.is_unread:
            self._apply(layout)
            if self._sources is not None:
                self._apply_rest(layout, self._sources[1])
            self.read_late.emit(problem)

    def save(self) -> None:
        """Save the layout, once more of it exists than was read."""
        if self._sources is not None:
            self._store.save(self.now())

    def _switches(self, layout: WindowLayout) -> list[tuple[QAction, bool]]:
        menus = self._menus
        return [
            (menus.on_top, layout.is_on_top),
            (menus.hide_values, layout.are_values_hidden),
            (menus.ticks, layout.shows_ticks),
            (menus.announce_fills, layout.announces_fills),
            (menus.beep_fills, layout.beeps_on_fills),
            (menus.exposure, layout.shows_exposure),
        ]

    def _place(self, place: WindowPlace) -> None:
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        self._window.setGeometry(on_a_screen(QRect(place.x, place.y, place.width, place.height), screens))
        if place.is_maximised:
            self._window.showMaximized()
