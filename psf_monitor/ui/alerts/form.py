"""The form in which an alert is set or changed; it states what is compared."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from psf_monitor import formatting
from psf_monitor.alerts import alert_text
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.alerts.alert import CHOICES, CROSSING_KINDS, WITH_FIGURE, Alert, AlertKind, Direction
from psf_monitor.domain.instrument import plain_symbol
from psf_monitor.settings.typed_figure import NoFigureError, figure_of
from psf_monitor.ui.alerts.sounds import SOUNDS, USUAL_SOUNDS
from psf_monitor.ui.style.combo_box import ComboBox
from psf_monitor.ui.style.stylesheet import change_look
from psf_monitor.ui.style.theme import Theme

_KINDS = {
    AlertKind.PRICE: "A price crosses",
    AlertKind.SIZE: "Size at my price crosses",
    AlertKind.NEAR_FILL: "Near fill",
    AlertKind.ORDER: "An order is",
    AlertKind.PNL: "P&L crosses",
    AlertKind.QUIET: "A share is quiet for",
    AlertKind.LINK: "A connection is lost",
}
_DIRECTIONS = {Direction.UP: "upward", Direction.DOWN: "downward", Direction.EITHER: "either way"}
_UNITS = {
    AlertKind.PRICE: "price",
    AlertKind.SIZE: "shares",
    AlertKind.PNL: "amount of money",
    AlertKind.QUIET: "minutes",
}
_ANY = "Any"
_MOST_LINES = 3
Data = TypeVar("Data")


class Choice(ComboBox, Generic[Data]):
    """A combo box over values, each with its label."""

    def __init__(self, name: str, choices: Mapping[Data, str], chosen: Data) -> None:
        super().__init__()
        self.setAccessibleName(name)
        # Qt would convert a str enumeration to a plain str.
        self._choices = list(choices)
        self.addItems(list(choices.values()))
        self.choose(chosen)

    @property
    def chosen(self) -> Data:
        return self._choices[self.currentIndex()]

    def choose(self, chosen: Data) -> None:
        """Choose a value, or the first one if it is not among them."""
        self.setCurrentIndex(self._choices.index(chosen) if chosen in self._choices else 0)


class AlertForm(QDialog):
    """A non-modal form. ``save`` takes the alert; if it raises ``ValueError``, the text is shown and the form
    stays.
    """

    def __init__(self, alert: Alert, save: Callable[[Alert], object], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setPalette(theme.qt_palette)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._alert = alert
        self._save_alert = save
        self.setWindowTitle("Alert" if alert.alert_id else "New alert")
        self.kind = Choice("Kind", _KINDS, alert.kind)
        self.symbol = QLineEdit(alert.symbol)
        self.symbol.setPlaceholderText("any share")
        logins: dict[AccountMode | None, str] = {None: _ANY, **{mode: mode.value for mode in AccountMode}}
        self.mode = Choice("Login", logins, alert.mode)
        self.what = ComboBox()
        self.what.setAccessibleName("What")
        self.direction = Choice("Direction", _DIRECTIONS, alert.direction)
        self.figure = QLineEdit(formatting.number_cell(alert.figure))
        self.sound = Choice("Sound", {"": "none", **{name: name for name in SOUNDS}}, alert.sound)
        self._is_sound_chosen = bool(alert.alert_id)
        self.sound.activated.connect(self._on_sound)
        self.flashes = self._check("Taskbar flashes", alert.flashes)
        self.tray = self._check("Speaks from the tray", alert.shows_tray)
        self.again = self._check("Again, when it has been back", alert.is_again)
        self.message = QLabel()
        self.message.setWordWrap(True)
        # Room for the longest sentence from the start, so that no button moves.
        self.message.setMinimumHeight(_MOST_LINES * self.message.fontMetrics().lineSpacing())
        self.message.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.message.setAccessibleDescription("What is compared")
        self._form = QFormLayout(self)
        self._add_fields()
        self.save = QPushButton("Set alert")
        self._add_buttons()
        self.kind.currentIndexChanged.connect(self._on_kind)
        for combo in (self.mode, self.what, self.direction):
            combo.currentIndexChanged.connect(self._explain)
        for edit in (self.symbol, self.figure):
            edit.textChanged.connect(self._explain)
        self._on_kind()
        self.resize(380, self.sizeHint().height())
        self.figure.selectAll()
        self.figure.setFocus()

    def _add_fields(self) -> None:
        for title, widget in (
            ("When", self.kind),
            ("Share", self.symbol),
            ("Login", self.mode),
            ("What", self.what),
            ("Level", self.figure),
            ("Direction", self.direction),
            ("Sound", self.sound),
        ):
            self._form.addRow(title, widget)
        for box in (self.flashes, self.tray, self.again):
            self._form.addRow("", box)
        self._form.addRow(self.message)

    def _add_buttons(self) -> None:
        buttons = QDialogButtonBox()
        buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.save, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.close)
        self._form.addRow(buttons)
        self.save.setDefault(True)

    def done(self, result: int) -> None:
        """Close the form; the window below it gets the focus back."""
        had_keys, window = self.isActiveWindow(), self.parentWidget()
        super().done(result)
        if had_keys and window is not None:
            window.activateWindow()

    def alert(self) -> Alert:
        """Return the alert in the fields. Raises ``NoFigureError`` for a figure that cannot be read."""
        kind = self.kind.chosen
        alert = replace(self._alert, kind=kind)
        return Alert(
            alert_id=self._alert.alert_id,
            kind=kind,
            symbol="" if kind is AlertKind.LINK else " ".join(plain_symbol(self.symbol.text()).split()),
            what=self.what.currentText() if CHOICES[kind] else "",
            direction=self.direction.chosen if kind in CROSSING_KINDS else Direction.UP,
            figure=self._number() if kind in WITH_FIGURE else None,
            mode=self.mode.chosen if alert.has_login else None,
            sound=self.sound.chosen,
            flashes=self.flashes.isChecked(),
            shows_tray=self.tray.isChecked(),
            is_again=self.again.isChecked(),
            is_on=True,
        )

    def _number(self) -> float | None:
        text = self.figure.text()
        return figure_of(text) if text.strip() else None

    def _on_kind(self) -> None:
        kind = self.kind.chosen
        before = self.what.currentText() or self._alert.what
        self.what.blockSignals(True)
        self.what.clear()
        self.what.addItems(CHOICES[kind])
        self.what.setCurrentText(before)
        self.what.blockSignals(False)
        alert = replace(self._alert, kind=kind)
        for widget, is_shown in (
            (self.symbol, kind is not AlertKind.LINK),
            (self.mode, alert.has_login),
            (self.what, bool(CHOICES[kind])),
            (self.figure, kind in WITH_FIGURE),
            (self.direction, kind in CROSSING_KINDS),
        ):
            self._form.setRowVisible(widget, is_shown)
        self.figure.setPlaceholderText(_UNITS.get(kind, ""))
        if not self._is_sound_chosen:
            self.sound.choose(USUAL_SOUNDS[kind])
        self._explain()

    def _on_sound(self, _place: int) -> None:
        self._is_sound_chosen = True

    def _explain(self) -> None:
        change_look(self.message, "")
        change_look(self.figure, "")
        try:
            alert = self.alert()
        except ValueError as error:
            self.message.setText(str(error))
            return
        problem = alert.problem()
        self.message.setText(problem or f"{alert_text.subject(alert)}: {alert_text.condition(alert)}.")

    def _on_save(self) -> None:
        try:
            self._save_alert(self.alert())
        except ValueError as error:
            self.message.setText(str(error))
            change_look(self.message, "refusal")
            change_look(self.figure, "refused" if isinstance(error, NoFigureError) else "")
        else:
            self.close()

    def _check(self, text: str, is_checked: bool) -> QCheckBox:
        box = QCheckBox(text)
        box.setChecked(is_checked)
        return box
