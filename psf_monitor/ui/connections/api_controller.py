"""The menu of the local API, and its dialog."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from psf_monitor.ui.base.context import WindowContext
from psf_monitor.ui.connections import api_dialog


class ApiController(QObject):
    """Opens the dialog from its menu, made on first use."""

    def __init__(self, context: WindowContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.dialog: api_dialog.ApiDialog | None = None
        self._api_host = context.service.api
        self._window = parent
        context.menus.local_api.triggered.connect(self._on_triggered)

    def cover(self) -> None:
        """Hide the token."""
        if self.dialog is not None:
            self.dialog.cover()

    def _on_triggered(self) -> None:
        if self.dialog is None:
            self.dialog = api_dialog.ApiDialog(self._api_host, self._window)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
