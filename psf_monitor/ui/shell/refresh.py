"""When the window reads the book: visible rows and their sums with every frame, the rest every second.

It decides when, not what, is drawn. Under load, a frame costs as much as the rows on the screen.
"""

from collections.abc import Callable, Hashable

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

from psf_monitor.book.rows import Changes, Notice
from psf_monitor.connection.pacing import FRAME_MS, ROWS_A_TURN, ROWS_OF_A_SCREEN
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base import garbage
from psf_monitor.ui.base.context import Sources
from psf_monitor.ui.base.frame_pace import FramePace
from psf_monitor.ui.base.step_runner import StepRunner, Steps
from psf_monitor.ui.connections.card_text import link_notice
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.overview.overview_updates import OverviewUpdates


class Refresh(QObject):
    """Keeps every visible row as of the last frame, with the sums of the rows as they are shown.

    Sums over very many rows are updated once a second. Cards and invisible rows are at most a second older:
    they are updated with the signal ``second``, and at once after news of a link or an order. ``added_up`` is
    emitted right after rows and their sums, for what belongs to the same moment.

    Readers of the tables' rows get current ones: the rows are updated from the book first. Without frames,
    while ``is_seen`` is false, nothing changes until ``refresh``. If frames follow each other without a
    pause, ``second`` is emitted right after a painting, so that it delays none.

    More rows than fit in one turn are calculated in several, with Qt's turn between them, and shown when all
    are done; visible ones in every turn.
    """

    noticed = Signal(Notice)
    second = Signal()
    added_up = Signal()

    def __init__(
        self,
        sources: Sources,
        positions: PositionsPanel,
        orders: OrdersPanel,
        overview: OverviewUpdates,
        is_seen: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._book = sources.book
        self._service = sources.service
        self._links = sources.links
        self._clock = sources.clock
        self._positions = positions
        self._orders = orders
        self._overview = overview
        self._is_seen = is_seen
        self.visibility = sources.links[AccountMode.HAMMER_PRO].visibility
        """Whether this window, or anybody else, looks at the prices."""
        self._states = dict.fromkeys(sources.links, LinkState.IDLE)
        self._is_applying = False
        self._keys_looked_at: set[Hashable] = set()
        self._looked_at_of: tuple[int, int] | None = None
        self.is_watched: Callable[[], bool] = lambda: False
        """Whether something is shown with every frame that is in no visible row."""
        self._frame = _single_shot(self, self._on_frame)
        self._second = _single_shot(self, self._on_second)
        self._emitting = StepRunner(self)
        self._is_second_over = False
        self._has_news = False
        self._has_lapped = False
        self._pace = FramePace()
        self._since_begin, self._since_frame = QElapsedTimer(), QElapsedTimer()
        for timer in (self._since_begin, self._since_frame):
            timer.start()

    def begin(self) -> None:
        """Listen for changes from here on."""
        for panel in (self._positions, self._orders):
            panel.model.news_wanted.connect(self._catch_up)
        self._book.when_dirty(self._on_dirty)
        self.visibility.is_visible = self._is_looked_at
        for link in self._links.values():
            link.when_changed(self._schedule_frame)
        self._begin_second()

    def end(self) -> None:
        self.visibility.is_visible = lambda: True
        self._frame.stop()
        self._second.stop()
        self._emitting.stop()

    def _is_looked_at(self) -> bool:
        """Return whether prices are wanted as they arrive: by any window, a recording or a program."""
        service = self._service
        return (
            self._is_seen()
            or service.wires.is_on
            or service.api.address is not None
            or any(_is_on_screen(window) for window in QGuiApplication.topLevelWindows())
        )

    def refresh(self) -> None:
        """Update every row, sum and card to this moment."""
        self._catch_up()
        self._overview.refresh(self._clock())

    def _schedule_frame(self) -> None:
        """Show changes with the next frame, together with everything else that arrives until then."""
        if not self._frame.isActive() and self._is_seen():
            # From frame to frame, not from the end of one to the beginning of the next.
            self._frame.start(self._pace.wait_ms(self._since_begin.elapsed()))

    def _on_dirty(self) -> None:
        """Schedule a frame, unless the change is not visible."""
        if self._frame.isActive() or not self._is_seen():
            return
        if self.is_watched() or self._book.has_news_of(self._on_screen()):
            self._schedule_frame()

    def _on_screen(self) -> set[Hashable]:
        """Return the keys of the visible rows; scrolling, sorting and filtering change them."""
        of = self._positions.model.revision, self._orders.model.revision
        if of != self._looked_at_of:
            self._looked_at_of = of
            self._keys_looked_at = {*self._positions.keys_on_screen(), *self._orders.keys_on_screen()}
        return self._keys_looked_at

    def _on_frame(self) -> None:
        if self._emitting.is_running:
            # Rows that arrived now would require adding up all of them again.
            self._frame.start(1)
            return
        garbage.collect_if_many()
        self._since_frame.restart()
        began_ms = self._since_begin.elapsed()
        changes = self._book.drain(self._on_screen(), ROWS_A_TURN)
        self._pace.on_frame(began_ms, draws=bool(changes.positions or changes.orders))
        if self._apply_changes(changes):
            self._has_news = True
            self._book.tables.schedule_moved()
        if self._book.tables.is_behind:
            self._overview.overview.show_loading(*self._book.tables.progress)
            self._frame.start(0)
            return
        if self._has_news:
            self._has_news = False
            self._with_rows_as_they_are(self.refresh)
            self.added_up.emit()
        else:
            self._refresh_sums()
        if self._is_second_over:
            self._second.start(0)

    def _refresh_sums(self) -> None:
        """Add up the rows that have just been shown; very many are added up once a second."""
        if self._book.tables.is_behind or self._positions.model.row_count > ROWS_OF_A_SCREEN:
            return
        self._with_rows_as_they_are(lambda: self._overview.refresh_sums(self._clock()))
        self.added_up.emit()

    def _begin_second(self) -> None:
        self._is_second_over = False
        self._second.start(1000 - self._clock().microsecond // 1000)

    def _on_second(self) -> None:
        if not self._is_second_over and self._since_frame.elapsed() < 2 * FRAME_MS:
            self._is_second_over = True
            self._second.start(2 * FRAME_MS)
        elif self._is_seen():
            self._apply_for_second()
        else:
            self._begin_second()
            self.second.emit()

    def _apply_for_second(self) -> None:
        """Update every row, in one turn or several, and then emit ``second``."""
        if not self._has_lapped:
            # Time alone may change every row.
            self._book.settle((), 0)
        if not self._has_lapped and self._book.tables.waiting > ROWS_A_TURN:
            self._is_second_over = self._has_lapped = True
            self._book.tables.schedule_moved()
            self._frame.start(0)
            return
        if not self._has_lapped:
            self._catch_up()
        self._has_lapped = self._is_second_over = False
        self._emitting.start(self._emit_second())

    def _emit_second(self) -> Steps:
        """Emit ``second``, after adding up very many rows over several turns."""
        if self._positions.model.row_count > ROWS_A_TURN:
            yield from self._book.sums.add_up_in_steps()
        self._begin_second()
        self._with_rows_as_they_are(self.second.emit)

    def _with_rows_as_they_are(self, show: Callable[[], None]) -> None:
        """Show the sums of the rows as they are shown, whatever has arrived since."""
        self._is_applying = True
        try:
            show()
        finally:
            self._is_applying = False

    def _catch_up(self) -> None:
        """Update all rows: somebody is about to read invisible ones, or to scroll to others."""
        self._looked_at_of = None
        if not self._is_applying:
            self._apply_changes(self._book.drain())

    def _apply_changes(self, changes: Changes) -> bool:
        """Show the rows that changed; return whether there is news of anything else."""
        # Rows that come and go move the scroll bar, and scrolling reads rows.
        self._is_applying = True
        try:
            self._positions.apply(changes.positions)
            self._orders.apply(changes.orders)
            if changes.positions and not self._book.tables.is_behind:
                self._positions.refresh_part()
        finally:
            self._is_applying = False
        for notice in changes.notices:
            self.noticed.emit(notice)
        return self._has_link_news() or bool(changes.notices)

    def _has_link_news(self) -> bool:
        """Return whether a link's state has changed since the last call."""
        has_news = False
        for mode, link in self._links.items():
            if link.status.state is not self._states[mode]:
                self._states[mode] = link.status.state
                self.noticed.emit(link_notice(mode, link.status))
                has_news = True
        return has_news


def _is_on_screen(window: QWindow) -> bool:
    return window.isVisible() and not window.windowStates() & Qt.WindowState.WindowMinimized


def _single_shot(parent: QObject, slot: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(slot)
    return timer
