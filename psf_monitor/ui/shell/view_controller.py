"""The View menu's actions: colours, sizes, flashing, the log."""

from functools import cached_property

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPushButton, QWidget

from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.tab_order import reach_by_keys
from psf_monitor.ui.shell.overview import log_panel
from psf_monitor.ui.shell.window_parts import WindowParts
from psf_monitor.ui.style.theme import ZOOMS


class ViewController(QObject):
    """Connects the menu with the theme, the tables and the log in both directions."""

    def __init__(self, parts: WindowParts) -> None:
        menus, theme, positions = parts.menus, parts.theme, parts.positions
        super().__init__(menus)
        self._menus = menus
        self._theme = theme
        self._positions = positions
        self._section = parts.section
        self._status = parts.status
        self._splitter = parts.splitter
        self._tail = parts.log
        menus.scheme_chosen.connect(theme.choose)
        menus.hues_chosen.connect(theme.choose_hues)
        menus.density_chosen.connect(theme.choose_density)
        menus.quiet_chosen.connect(self.choose_quiet)
        menus.group_chosen.connect(positions.choose_group)
        menus.next_group.triggered.connect(positions.next_group)
        positions.group_chosen.connect(menus.groups.tick)
        menus.zoomed.connect(self._on_zoomed)
        menus.ticks.toggled.connect(self._on_ticks)
        menus.log.toggled.connect(self._on_log)
        parts.status.log.clicked.connect(menus.log.toggle)
        theme.changed.connect(self.refresh)
        self.refresh()

    @cached_property
    def log(self) -> "log_panel.LogPanel":
        """The panel of the log below the tables, made on first use."""
        panel = log_panel.LogPanel(self._tail, self._theme)
        panel.hide()
        panel.hide_values(self._menus.hide_values.isChecked())
        self._menus.hide_values.toggled.connect(panel.hide_values)
        reach_by_keys(panel.findChildren(QPushButton))
        self._splitter.add_below(panel)
        return panel

    def complete(self) -> None:
        """Create what the first painting did not show."""
        _ = self.log

    @property
    def _is_log_open(self) -> bool:
        return self._menus.log.isChecked() and self.log.isVisible()

    def refresh(self) -> None:
        """Check the current choices, and set the height of rows."""
        self._tick_choices()
        self._positions.resize_rows()
        for panel in self._section.panels:
            panel.resize_rows()

    def _tick_choices(self) -> None:
        self._menus.schemes.tick(self._theme.scheme)
        self._menus.hues.tick(self._theme.hues)
        self._menus.densities.tick(self._theme.density)
        self._menus.quiets.tick(self._positions.quiet_after_min)
        self._menus.groups.tick(self._positions.group)

    def choose_quiet(self, minutes: int) -> None:
        """Mark the age of a share that has not changed for this many minutes."""
        self._positions.quiet_after_min = minutes
        self._positions.tick()
        self._tick_choices()

    def tick(self) -> None:
        """Show the number of warnings, and new log lines; called once a second."""
        self._status.log.setText(self._tail.text)
        if self._is_log_open:
            self.log.refresh()

    def show_log_of(self, mode: AccountMode) -> None:
        """Open the log with the lines of one connection."""
        self.log.show_only(mode)
        self._menus.log.setChecked(True)

    def next_pane(self) -> None:
        """Move the focus to the next table, or to the log while it is open."""
        panes: list[QWidget] = [self._positions.view, self._section.view]
        if self._is_log_open:
            panes.append(self.log.lines)
        has_focus = [pane.hasFocus() for pane in panes]
        next_place = (has_focus.index(True) + 1) % len(panes) if any(has_focus) else 0
        panes[next_place].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _on_zoomed(self, step: int) -> None:
        place = ZOOMS.index(self._theme.zoom) + step if step else ZOOMS.index(1.0)
        self._theme.choose_zoom(ZOOMS[min(max(place, 0), len(ZOOMS) - 1)])

    def _on_ticks(self, is_wanted: bool) -> None:
        for panel in (self._positions, *self._section.panels):
            panel.model.shows_ticks = is_wanted

    def _on_log(self, is_wanted: bool) -> None:
        self.log.setVisible(is_wanted)
        if not is_wanted:
            self.log.show_only(None)
        self.log.refresh()
