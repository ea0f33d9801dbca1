"""The dialog of the local API: its address, its token, hidden until requested, and its problem."""

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QPushButton, QWidget

from psf_monitor.connection.pacing import API_DIALOG_MS
from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.base.ports import ApiPort

COVERED = "•" * 12
_OFF = (
    "It is off. Start psf_monitor with --api, or write enabled = true under [api] in settings.toml, "
    "and other programs of this computer can read what this window shows."
)
_OPEN = (
    "Other programs of this computer read here what this window shows. They need the token, "
    "and nothing they can ask for places, changes or cancels an order."
)
_OPENING = "It is starting."
_WIDTH = 620


class ApiDialog(QDialog):
    """A non-modal dialog. The token is hidden when it opens, when it closes, and before every screenshot."""

    def __init__(self, api_host: ApiPort, parent: QWidget, *, look_every_ms: int = API_DIALOG_MS) -> None:
        super().__init__(parent)
        self._api_host = api_host
        self.setWindowTitle("Local API")
        self.setModal(False)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.address, self.token = QLabel(), QLabel()
        self.show_token, self.copy_token = Button("&Show"), QPushButton("&Copy token")
        self.copy_address = QPushButton("Copy &address")
        self.show_token.setCheckable(True)
        self._grid = grid = QGridLayout(self)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.status, 0, 0, 1, 4)
        for row, (name, label, buttons) in enumerate(
            (
                ("Address", self.address, (self.copy_address,)),
                ("Token", self.token, (self.show_token, self.copy_token)),
            ),
            start=1,
        ):
            label.setProperty("look", "fixed")
            label.setAccessibleDescription(name)
            grid.addWidget(QLabel(name), row, 0)
            grid.addWidget(label, row, 1)
            for column, button in enumerate(buttons, start=4 - len(buttons)):
                button.setFixedHeight(22)
                grid.addWidget(button, row, column)
        self.show_token.toggled.connect(self._show_state)
        self.copy_address.clicked.connect(lambda: QGuiApplication.clipboard().setText(api_host.address or ""))
        self.copy_token.clicked.connect(lambda: QGuiApplication.clipboard().setText(api_host.token() or ""))
        self._second = QTimer(self)
        self._second.setInterval(look_every_ms)
        self._second.timeout.connect(self._show_state)
        self.setFixedWidth(_WIDTH)
        self._show_state()

    def cover(self) -> None:
        self.show_token.setChecked(False)

    def _show_state(self) -> None:
        api_host = self._api_host
        is_open = api_host.address is not None
        waiting = _OPENING if api_host.is_wanted else _OFF
        self.status.setText(_OPEN if is_open else str(api_host.problem or waiting))
        self.address.setText(api_host.address or "—")
        shown = api_host.token() if self.show_token.isChecked() else COVERED
        self.token.setText((shown or "—") if is_open else "—")
        self.show_token.setText("&Hide" if self.show_token.isChecked() else "&Show")
        for button in (self.show_token, self.copy_token, self.copy_address):
            button.setEnabled(is_open)
        # The text takes one line or several, and a dialog does not grow by itself with wrapped text.
        self.setFixedHeight(self._grid.heightForWidth(_WIDTH))

    # Qt.

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._show_state()
        self._second.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        super().hideEvent(event)
        self._second.stop()
        self.cover()
