"""What a card's menu and Help do: edit, test, connect at the start, copy.

A dialog is loaded when it is opened: the window is on the screen before.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.ui.base.card_text import details
from psf_monitor.ui.base.menus import Menus
from psf_monitor.ui.base.ports import ServicePort
from psf_monitor.ui.connections.panel import ConnectionsPanel


class ConnectionsController(QObject):
    """Joins the cards' menus to the dialogs. Without a ``service`` nothing can be edited or tested."""

    def __init__(
        self,
        panel: ConnectionsPanel,
        menus: Menus,
        links: Mapping[AccountMode, Link],
        clock: Callable[[], datetime],
        service: ServicePort | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._panel = panel
        self._links = links
        self._clock = clock
        self._service = service
        self._parent = parent
        for mode, card in panel.cards.items():
            card.copy_asked.connect(lambda mode=mode: self._copy(mode))
            card.edit.triggered.connect(lambda _checked=False, mode=mode: self.edit(mode))
            card.edit.setEnabled(service is not None and service.can_change)
            card.test.triggered.connect(lambda _checked=False, mode=mode: self.check([mode]))
            card.test.setEnabled(service is not None)
        menus.check.triggered.connect(lambda: self.check(list(links)))
        menus.check.setEnabled(service is not None)

    def edit(self, mode: AccountMode) -> None:
        """Open the form of one connection."""
        if self._service is None:
            return
        from psf_monitor.ui.connections.edit import EditForm

        settings = self._service.settings
        profile = settings.ibkr.get(mode, settings.hammer)
        section = mode.short.lower()
        overruled = {key: source for (of, key), source in settings.overruled.items() if of == section}
        form = EditForm(mode, profile, overruled, self._service.change, self._parent)
        form.test_asked.connect(lambda asked: self.check([asked]))
        form.show()

    def check(self, modes: Collection[AccountMode]) -> None:
        """Begin the test and show its steps as they end."""
        if self._service is not None:
            from psf_monitor.ui.connections.check_dialog import CheckDialog

            CheckDialog(modes, self._service.check, self._parent).show()

    def _copy(self, mode: AccountMode) -> None:
        words = self._panel.cards[mode].face.words
        if words is not None:
            QGuiApplication.clipboard().setText(details(words, self._links[mode].status, self._clock()))
