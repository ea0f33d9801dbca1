"""The area below the menus: banners, cards, exposure, tables, and the line with the latest event."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.shell.layout.pointer_watch import PointerWatch
from psf_monitor.ui.shell.layout.section_splitter import SectionSplitter
from psf_monitor.ui.shell.status_bar import StatusBar


class MainArea(QWidget):
    """Places the parts, and moves none of them while the pointer is among them.

    A banner that appears meanwhile is shown in the bottom line. It moves to its place over the cards when the
    pointer leaves, or moves up from the tables to the cards, where it is not about to click anything.
    """

    def __init__(
        self,
        banners: Banners,
        connections: ConnectionsPanel,
        exposure: ExposureLine,
        splitter: SectionSplitter,
        status: StatusBar,
    ) -> None:
        super().__init__()
        self.banners = banners
        self.connections = connections
        self.exposure = exposure
        self.splitter = splitter
        self.status = status
        status.place_banners(banners.line)
        tables = QWidget()
        below = QVBoxLayout(tables)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(splitter, 1)
        below.addWidget(status)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(6, 1, 6, 0)
        for part in (banners, connections, exposure):
            self._lines.addWidget(part)
        self._lines.addWidget(tables, 1)
        for lines in (below, self._lines):
            lines.setSpacing(2)
        self._all, self._tables = PointerWatch(self), PointerWatch(tables)
        for watch in (self._all, self._tables):
            watch.left.connect(banners.on_pointer_left)

    @property
    def is_pointed(self) -> bool:
        """Return whether something here could move under the pointer."""
        return self._all.is_pointed

    def place_above(self, bar: QWidget) -> None:
        """Show a bar above everything."""
        self._lines.insertWidget(0, bar)
