"""The Edit form of one connection. It checks nothing itself: whoever saves says what is wrong."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from psf_monitor.domain.account import AccountMode
from psf_monitor.settings import HammerProfile, IbkrProfile, SettingsError
from psf_monitor.ui.base.card_text import card_name

Value = str | int | bool
Save = Callable[[AccountMode, dict[str, Value], str], None]
"""Keeps the values that differ, by their keys in settings.toml, and a new password; ``SettingsError``."""

_PORTS = {
    AccountMode.IBKR_GUN: {4001: "Gateway", 7497: "TWS"},
    AccountMode.IBKR_PED: {4002: "Gateway", 7496: "TWS"},
}
_USUALLY = {7496: "TWS, live", 7497: "TWS, paper", 4001: "Gateway, live", 4002: "Gateway, paper"}
"""IBKR's own factory settings; the account id that arrives decides what a login is."""


class EditForm(QDialog):
    """Fields for one profile. Saved values count from the next Connect on; the form closes when they are.

    ``overruled`` names, by key, the source that gives another value at every start, whatever is saved.
    """

    test_asked = Signal(AccountMode)

    def __init__(
        self,
        mode: AccountMode,
        profile: IbkrProfile | HammerProfile,
        overruled: Mapping[str, str],
        save: Save,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Edit {card_name(mode)}")
        self._mode = mode
        self._save = save
        self._overruled = overruled
        self._form = QFormLayout()
        self.host = self._line("host", "Host", profile.host)
        self.port = QComboBox()
        self.port.setEditable(True)
        self.port.addItems([str(port) for port in _PORTS.get(mode, {16400: ""})])
        self.port.setCurrentText(str(profile.port))
        self._form.addRow("Port", self.port)
        self.hint = QLabel()
        if mode in _PORTS:
            self._form.addRow("", self.hint)
        self.port.editTextChanged.connect(self._on_port)
        self._on_port(self.port.currentText())
        self._say_source("port")
        self._lines = {"host": self.host}
        self.password = QLineEdit()
        self.expects = QComboBox()
        if isinstance(profile, IbkrProfile):
            self._lines["client_id"] = self._line("client_id", "Client id", str(profile.client_id))
            self._lines["account_id"] = self._line("account_id", "IBKR account id", profile.account_id)
            self._lines["account_id"].setPlaceholderText("all of the login")
            self.expects.addItems(["live", "paper"])
            self.expects.setCurrentText("paper" if profile.expects_paper else "live")
            self._form.addRow("Expected login", self.expects)
        else:
            self.password.setEchoMode(QLineEdit.EchoMode.Password)
            self.password.setPlaceholderText("as it is")
            self._form.addRow("Password", self.password)
            self._say_source("password")
            self._lines["streamer"] = self._line("streamer", "Data source", profile.streamer)
            self._lines["streamer"].setPlaceholderText("as Hammer Pro has it")
            self._lines["account_key"] = self._line("account_key", "Account key", profile.account_key)
        self.reconnect = QCheckBox("Connect again after an unplanned loss")
        self.reconnect.setChecked(profile.reconnect)
        self._form.addRow("", self.reconnect)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName("What is wrong")
        buttons = QDialogButtonBox()
        self.save_button = buttons.addButton(QDialogButtonBox.StandardButton.Save)
        self.test_button = buttons.addButton("Test", QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        self.test_button.clicked.connect(self._on_test)
        layout = QVBoxLayout(self)
        layout.addLayout(self._form)
        layout.addWidget(self.problem)
        layout.addWidget(QLabel("What is saved counts from the next Connect on."))
        layout.addWidget(buttons)
        self._before = self._values()

    def _line(self, key: str, title: str, words: str) -> QLineEdit:
        line = QLineEdit(words)
        line.setAccessibleName(title)
        self._form.addRow(title, line)
        self._say_source(key)
        return line

    def _say_source(self, key: str) -> None:
        """Under a field: who will say otherwise at the next start, if anybody does."""
        source = self._overruled.get(key)
        if source is not None:
            self._form.addRow("", QLabel(f"Set by {source}: while that is given, it wins at the next start."))

    def _values(self) -> dict[str, Value]:
        values: dict[str, Value] = {key: line.text().strip() for key, line in self._lines.items()}
        values["port"] = self.port.currentText().strip()
        if self.expects.count():
            values["expects"] = self.expects.currentText()
        for key in ("port", "client_id"):
            digits = str(values.get(key, ""))
            if digits.isascii() and digits.isdigit():
                values[key] = int(digits)
        return values | {"reconnect": self.reconnect.isChecked()}

    def _is_saved(self) -> bool:
        changed = {key: value for key, value in self._values().items() if value != self._before[key]}
        try:
            if changed or self.password.text():
                self._save(self._mode, changed, self.password.text())
        except SettingsError as error:
            self.problem.setText(str(error))
            return False
        self._before = self._values()
        self.problem.clear()
        return True

    def _on_save(self) -> None:
        if self._is_saved():
            self.accept()

    def _on_test(self) -> None:
        if self._is_saved():
            self.test_asked.emit(self._mode)

    def _on_port(self, words: str) -> None:
        usual = _USUALLY.get(int(words)) if words.isascii() and words.isdigit() else None
        mine = _PORTS.get(self._mode, {})
        presets = ", ".join(f"{port} ({program})" for port, program in mine.items())
        said = f"IBKR ships {usual} on it." if usual and self._mode in _PORTS else ""
        self.hint.setText(
            " ".join(part for part in (f"Usual here: {presets}." if mine else "", said) if part)
        )
