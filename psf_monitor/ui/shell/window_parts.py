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
from psf_monitor.ui.shell.lower_section import LowerSection
from psf_monitor.ui.shell.overview.log_tail import LogTail
from psf_monitor.ui.shell.status_bar import StatusBar
from psf_monitor.ui.shell.top_bar import TopBar
from psf_monitor.ui.style.theme import Theme


class WindowParts(Struct, frozen=True):
    """The parts of ``window``, each held by the part that places it, and what they share."""

    window: QMainWindow
    environment: Environment
    theme: Theme
    menus: Menus
    selection: Selection
    top_bar: TopBar
    main_area: MainArea
    log: LogTail

    @property
    def banners(self) -> Banners:
        return self.main_area.banners

    @property
    def connections(self) -> ConnectionsPanel:
        return self.main_area.connections

    @property
    def exposure(self) -> ExposureLine:
        return self.main_area.exposure

    @property
    def splitter(self) -> SectionSplitter:
        return self.main_area.splitter

    @property
    def status(self) -> StatusBar:
        return self.main_area.status

    @property
    def positions(self) -> PositionsPanel:
        return self.splitter.positions

    @property
    def section(self) -> LowerSection:
        return self.splitter.section

    @property
    def orders(self) -> OrdersPanel:
        return self.section.orders

    @property
    def are_values_hidden(self) -> bool:
        return self.menus.hide_values.isChecked()

    @property
    def is_seen(self) -> bool:
        """Return whether any of it is visible."""
        return self.window.isVisible() and not self.window.isMinimized()
