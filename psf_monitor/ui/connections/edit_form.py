"""The form that edits one connection. It checks nothing itself: saving reports what is wrong."""

import re
from collections.abc import Callable, Collection, Mapping

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
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
from psf_monitor.ui.style.combo_box import ComboBox
from psf_monitor.ui.style.label import FormMessage
from psf_monitor.ui.style.stylesheet import change_look

Value = str | int | bool
Apply = Callable[[AccountMode, dict[str, Value], str], None]
"""Takes the changed values, by key in settings.toml, and a new password. Raises ``SettingsError``."""

_PORTS = {
    AccountMode.IBKR_GUN: {4001: "Gateway", 7497: "TWS"},
    AccountMode.IBKR_PED: {4002: "Gateway", 7496: "TWS"},
}
_WHOLE = re.compile("[0-9]{1,18}")
_USUALLY = {7496: "a live TWS", 7497: "a paper TWS", 4001: "a live Gateway", 4002: "a paper Gateway"}
"""IBKR's default ports; the actual account id decides what a login is."""


class EditedProfile(Struct, frozen=True):
    """The profile of one connection, as a form edits it.

    ``remarks`` say, by key, which other value counts at the next start, and why. ``note`` says when saved
    values take effect, or why nothing can be saved.
    """

    mode: AccountMode
    profile: IbkrProfile | HammerProfile
    remarks: Mapping[str, str]
    note: str


class EditForm(QDialog):
    """Fields for one profile. Saved values take effect with the next Connect; the form closes when saved.

    ``save`` saves what has changed, ``test`` tries it without saving. Without ``save`` nothing can be saved.
    """

    def __init__(
        self,
        edited: EditedProfile,
        save: Apply | None,
        test: Apply,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Edit {edited.mode.link_name}")
        profile = edited.profile
        self._mode = edited.mode
        self._save = save
        self._test = test
        self._remarks = edited.remarks
        self._form = QFormLayout()
        self.host = self._line("host", "Host", profile.host)
        self.port = ComboBox()
        self.hint = QLabel()
        self._add_port(profile.port)
        self.lines = {"host": self.host}
        self.password = QLineEdit()
        self.expects = ComboBox()
        if isinstance(profile, IbkrProfile):
            self._add_login(profile)
        else:
            self._add_hammer(profile)
        self.reconnect = QCheckBox("Connect again after an unplanned loss")
        self.reconnect.setChecked(profile.reconnect)
        self._form.addRow("", self.reconnect)
        self._show_remark("reconnect")
        self.problem = FormMessage("What is wrong")
        self.note = QLabel(edited.note)
        self.note.setWordWrap(True)
        self.note.setProperty("look", "hint")
        buttons = QDialogButtonBox()
        self.save_button = buttons.addButton(QDialogButtonBox.StandardButton.Save)
        self.save_button.setEnabled(save is not None)
        self.test_button = buttons.addButton("Test", QDialogButtonBox.ButtonRole.ActionRole)
        self._join(buttons)
        layout = QVBoxLayout(self)
        layout.addLayout(self._form)
        layout.addWidget(self.problem)
        layout.addWidget(self.note)
        layout.addWidget(buttons)
        self._before = self._values()

    def _add_port(self, port: int) -> None:
        self.port.setEditable(True)
        self.port.setAccessibleName("Port")
        typed = self.port.lineEdit()
        assert typed is not None
        typed.setAccessibleName("Port")
        self.port.addItems([str(port) for port in _PORTS.get(self._mode, {16400: ""})])
        self.port.setCurrentText(str(port))
        self._form.addRow("Port", self.port)
        self.hint.setProperty("look", "hint")
        if self._mode in _PORTS:
            self._form.addRow("", self.hint)
        self.port.editTextChanged.connect(self._on_port)
        self._on_port(self.port.currentText())
        self._show_remark("port")

    def _add_login(self, profile: IbkrProfile) -> None:
        self.lines["client_id"] = self._line("client_id", "Client id", str(profile.client_id))
        self.lines["account_id"] = self._line("account_id", "IBKR account id", profile.account_id)
        self.lines["account_id"].setPlaceholderText("all of the login")
        self.expects.setAccessibleName("Expected login")
        self.expects.addItems(["live", "paper"])
        self.expects.setCurrentText("paper" if profile.expects_paper else "live")
        self._form.addRow("Expected login", self.expects)
        self._show_remark("expects")

    def _add_hammer(self, profile: HammerProfile) -> None:
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("as it is; type to replace it" if profile.password else "none yet")
        self._form.addRow("Password", self.password)
        self._show_remark("password")
        self.lines["streamer"] = self._line("streamer", "Data source", profile.streamer)
        self.lines["streamer"].setPlaceholderText("ALARICQ, else as Hammer Pro has it")
        self.lines["account_key"] = self._line("account_key", "Account key", profile.account_key)
        self.lines["account_key"].setPlaceholderText("of its only account")

    def _join(self, buttons: QDialogButtonBox) -> None:
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        self.test_button.clicked.connect(self._on_test)
        self.test_button.setToolTip("Tries what stands in this form, and keeps nothing of it")
        for button in buttons.buttons():
            # Qt puts icons on its own buttons, and draws them for a light background.
            button.setIcon(QIcon())

    def _line(self, key: str, title: str, text: str) -> QLineEdit:
        line = QLineEdit(text)
        line.setAccessibleName(title)
        self._form.addRow(title, line)
        self._show_remark(key)
        return line

    def _show_remark(self, key: str) -> None:
        """Show under a field which other value counts at the next start, if any."""
        if key in self._remarks:
            label = QLabel(self._remarks[key])
            label.setProperty("look", "hint")
            self._form.addRow("", label)

    def _values(self) -> dict[str, Value]:
        values: dict[str, Value] = {key: line.text().strip() for key, line in self.lines.items()}
        values["port"] = self.port.currentText().strip()
        if self.expects.count():
            values["expects"] = self.expects.currentText()
        for key in ("port", "client_id"):
            digits = str(values.get(key, ""))
            if _WHOLE.fullmatch(digits):
                values[key] = int(digits)
        return values | {"reconnect": self.reconnect.isChecked()}

    def _is_accepted(self, apply: Apply, changed: dict[str, Value]) -> bool:
        self._mark(())
        self.problem.clear()
        try:
            apply(self._mode, changed, self.password.text())
        except SettingsError as error:
            titles = self._mark([fault.field for fault in error.faults])
            self.problem.refuse("\n".join(_sentence(fault, titles) for fault in error.faults))
            return False
        return True

    def _mark(self, fields: Collection[str]) -> dict[str, str]:
        """Mark exactly the fields with these values; return their titles in the form."""
        edits = {"host": self.host, "port": self.port, **self.lines, "expects_paper": self.expects}
        titles: dict[str, str] = {}
        for key, edit in edits.items():
            change_look(edit, "refused" if key in fields else "")
            if key in fields:
                if not titles:
                    edit.setFocus()
                titles[key] = edit.accessibleName()
        return titles

    def _changed(self) -> dict[str, Value]:
        return {key: value for key, value in self._values().items() if value != self._before[key]}

    def _on_save(self) -> None:
        changed = self._changed()
        if self._save is None:
            return
        if not (changed or self.password.text()) or self._is_accepted(self._save, changed):
            self.accept()

    def _on_test(self) -> None:
        self._is_accepted(self._test, self._changed())

    def _on_port(self, text: str) -> None:
        usual = _USUALLY.get(int(text)) if _WHOLE.fullmatch(text) else None
        mine = _PORTS.get(self._mode, {})
        presets = ", ".join(f"{port} ({program})" for port, program in mine.items())
        usual_text = f"At the factory settings, {text} is {usual}." if usual and self._mode in _PORTS else ""
        self.hint.setText(
            " ".join(part for part in (f"Usual here: {presets}." if mine else "", usual_text) if part)
        )


def _sentence(fault: SettingsError, titles: Mapping[str, str]) -> str:
    """Return what is wrong, with the form's labels if it is about one of its fields."""
    title = titles.get(fault.field)
    return f"{title}: {fault.accepted}" if title and fault.accepted else str(fault)
