"""Panels of the main window in windows of their own, on any screen; closing one puts its panel back."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from psf_monitor.ui.base.held_keys import add_shortcut
from psf_monitor.ui.base.tab_order import move_focus
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.layout.screens import on_a_screen
from psf_monitor.ui.shell.layout.section_splitter import SectionSplitter
from psf_monitor.ui.shell.layout.store import PanelLayout, WindowPlace
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.style.theme import Theme

_FULL_WIDTH = 1200
"""From this width on there is room for every column, as in the main window."""
_LEAST_WIDTH, _LEAST_WIDTH_BELOW = 710, 640
"""In narrower windows, the bar of the positions, or the tables below them, would overlap."""
_MARGIN = 6

Panel = PositionsPanel | LowerSection


class PanelWindow(QWidget):
    """A window that holds one panel. The main window's shortcuts work here, too, and it closes with it."""

    closed = Signal()

    def __init__(
        self, panel: Panel, title: str, splitter: SectionSplitter, theme: Theme, main: QMainWindow
    ) -> None:
        super().__init__(main, Qt.WindowType.Window)
        self.panel = panel
        self._theme = theme
        self.setWindowTitle(title)
        self.setPalette(self._theme.qt_palette)
        self.setAutoFillBackground(True)
        self._theme.changed.connect(self._on_theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 2, _MARGIN, _MARGIN)
        is_below = isinstance(panel, LowerSection)
        self.setMinimumWidth(_LEAST_WIDTH_BELOW if is_below else _LEAST_WIDTH)
        splitter.move_out(panel, layout)
        panel.show()
        self.addActions(main.findChildren(QAction))
        for known in main.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            add_shortcut(known.key(), self, known.activated.emit)

    def _on_theme(self) -> None:
        self.setPalette(self._theme.qt_palette)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        _fit(self.panel, event.size().width())

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        return move_focus(self, is_forward=forward)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        super().closeEvent(event)
        self.closed.emit()


class DetachedPanels(QObject):
    """Which panels have windows of their own, by name, and where each window is or was."""

    def __init__(
        self,
        splitter: SectionSplitter,
        panels: Mapping[str, tuple[Panel, QAction]],
        theme: Theme,
        title_of: Callable[[str], str],
        main: QMainWindow,
    ) -> None:
        """``panels`` are by name, in the order of the splitter, each with the action that moves it."""
        super().__init__(main)
        self._splitter = splitter
        self._panels = panels
        self._theme = theme
        self._title_of = title_of
        self._main = main
        self._places: dict[str, WindowPlace] = {}
        self._is_ending = False
        self.windows: dict[str, PanelWindow] = {}
        for name, (_panel, action) in panels.items():
            action.toggled.connect(lambda is_wanted, name=name: self.detach(name, is_wanted=is_wanted))

    def detach(self, name: str, *, is_wanted: bool) -> None:
        """Move a panel to a window of its own, or back."""
        panel, action = self._panels[name]
        window = self.windows.get(name)
        if is_wanted and window is None:
            title = self._title_of(f"{name[0].upper()}{name[1:]}")
            window = self.windows[name] = PanelWindow(panel, title, self._splitter, self._theme, self._main)
            window.closed.connect(lambda: self.detach(name, is_wanted=False))
            place = self._places.get(name)
            if place is None:
                window.resize(self._main.width(), self._height_of(panel))
            else:
                rect = QRect(place.x, place.y, place.width, place.height)
                screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
                window.setGeometry(on_a_screen(rect, screens))
            window.show()
            panel.view.setFocus()
        elif not is_wanted and window is not None and not self._is_ending:
            self._note(name, window)
            del self.windows[name]
            self._splitter.move_back(panel)
            _fit(panel, self._main.width())
            window.hide()
            window.deleteLater()
        action.setChecked(name in self.windows)

    def restore(self, layouts: Sequence[PanelLayout]) -> None:
        """Put every panel where it was."""
        self._places = {layout.name: layout.place for layout in layouts}
        for layout in layouts:
            if layout.name in self._panels:
                self.detach(layout.name, is_wanted=layout.is_detached)

    def saved(self) -> tuple[PanelLayout, ...]:
        """Return where the windows of panels are, or were last."""
        for name, window in self.windows.items():
            self._note(name, window)
        return tuple(
            PanelLayout(name, place, is_detached=name in self.windows) for name, place in self._places.items()
        )

    def end(self) -> None:
        """Close the detached windows with the main one; they are detached again at the next start."""
        self._is_ending = True
        for window in self.windows.values():
            window.hide()

    def _height_of(self, panel: Panel) -> int:
        """Return its height in the main window, so that the same rows stay visible."""
        return max(panel.sizeHint().height(), panel.height()) + 2 + _MARGIN

    def _note(self, name: str, window: PanelWindow) -> None:
        rect = window.geometry()
        self._places[name] = WindowPlace(rect.x(), rect.y(), rect.width(), rect.height())


def _fit(panel: Panel, width: int) -> None:
    panel.set_narrow(width < _FULL_WIDTH)
