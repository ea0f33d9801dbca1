"""The parts of one main window, for whoever fills, moves or restores them."""

from msgspec import Struct
from PySide6.QtWidgets import QMainWindow

from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.selection import Selection
from psf_monitor.ui.base.window_setup import Environment
from psf_monitor.ui.connections.banner import Banners
from psf_monitor.ui.connections.panel import ConnectionsPanel
from psf_monitor.ui.orders.panel import OrdersPanel
from psf_monitor.ui.positions.exposure import ExposureLine
from psf_monitor.ui.positions.panel import PositionsPanel
from psf_monitor.ui.shell.layout.main_area import MainArea
from psf_monitor.ui.shell.layout.section_splitter import SectionSplitter
from psf_monitor.ui.shell.log import LogTail
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.top_bar import TopBar
from psf_monitor.ui.style.theme import Theme


class WindowParts(Struct, frozen=True):
    """The parts of ``window``, and what they share."""

    window: QMainWindow
    environment: Environment
    theme: Theme
    menus: Menus
    selection: Selection
    row: TopBar
    banners: Banners
    connections: ConnectionsPanel
    exposure: ExposureLine
    positions: PositionsPanel
    orders: OrdersPanel
    section: LowerSection
    splitter: SectionSplitter
    main_area: MainArea
    status: StatusBar
    log: LogTail

    @property
    def are_values_hidden(self) -> bool:
        return self.menus.hide_values.isChecked()

    @property
    def is_seen(self) -> bool:
        """Return whether any of it is visible."""
        return self.window.isVisible() and not self.window.isMinimized()
