"""The menu of the local API, and the content of its card."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections import api_card


class ApiController(QObject):
    """Opens the card from its menu, made on first use."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.card: api_card.ApiCard | None = None
        self._api_host = context.service.api
        self._window = parent
        context.menus.local_api.triggered.connect(self._on_triggered)

    def cover(self) -> None:
        """Hide the token."""
        if self.card is not None:
            self.card.cover()

    def _on_triggered(self) -> None:
        if self.card is None:
            self.card = api_card.ApiCard(self._api_host, self._window)
        self.card.show()
        self.card.raise_()
        self.card.activateWindow()
