"""The top row: menus, chips, and the time in New York."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from psf_monitor.ui.base.held_keys import Button
from psf_monitor.ui.base.window_setup import DEMO, DEMO_SHORT, Environment
from psf_monitor.ui.style.label import Chip, ChipButton, Fit, Label
from psf_monitor.ui.style.theme import Theme, Tone

ROW_HEIGHT = 26
_SPACING = 5


class TopBar(QWidget):
    """Menus on the left; chips, three buttons and the clock on the right.

    If room is short, chips say less, and then the buttons that the menus have as well go.
    """

    def __init__(self, theme: Theme, environment: Environment) -> None:
        super().__init__()
        self.menus = QMenuBar()
        self.menus.setAccessibleName("Menus")
        self.menus.setNativeMenuBar(False)
        self.menus.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.demo = Chip(theme, DEMO if environment.is_demo else "", tone=Tone.DEMO)
        self.replay = Chip(theme, environment.replay, tone=Tone.PAPER)
        self.recording = Chip(theme, tone=Tone.ERROR)
        self.alert = ChipButton(theme, tone=Tone.MISSING)
        self.alert.setToolTip("Alerts that fired: click for the list (Ctrl+E)")
        self.demo.setToolTip("Everything here is simulated on this computer: no broker is connected")
        self.replay.setToolTip("A recording is being played: nothing here is of now")
        self.read_only = Chip(theme, tone=Tone.TEXT2, is_outline=True)
        self.read_only.setToolTip("What would place, change or cancel an order is stopped before it is sent")
        self.hide_values = Button("Hide values")
        self.on_top = Button("On top")
        self.on_top.setCheckable(True)
        self.screenshot = Button("Screenshot")
        self.hide_values.setToolTip("Hide quantities and money, or show them (Ctrl+H)")
        self.on_top.setToolTip("Keep the window above all others (Ctrl+T)")
        self.screenshot.setToolTip("Save a picture of the window, and copy it (Ctrl+Shift+S)")
        self.clock = Label(theme, bold=True, fit=Fit.WHOLE)
        for button in (self.hide_values, self.on_top, self.screenshot):
            button.setFixedHeight(22)
        self._alert_texts = ("", "")
        self._demo_texts = (self.demo.text, DEMO_SHORT if environment.is_demo else "")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 2, 6, 0)
        layout.setSpacing(_SPACING)
        layout.addWidget(self.menus, 1, Qt.AlignmentFlag.AlignVCenter)
        for widget in (
            self.demo,
            self.replay,
            self.recording,
            self.alert,
            self.read_only,
            self.hide_values,
            self.on_top,
            self.screenshot,
        ):
            layout.addWidget(widget)
        layout.addSpacing(3)
        layout.addWidget(self.clock)
        self.setFixedHeight(ROW_HEIGHT)
        self.set_narrow(False)

    def set_narrow(self, is_narrow: bool) -> None:
        self.read_only.set_text("READ-ONLY" if is_narrow else "READ-ONLY · cannot place orders")

    def show_alerts(self, text: str, shorter: str) -> None:
        """Show what fired, ``shorter`` if a menu would otherwise lack room; empty hides the chip."""
        self._alert_texts = (text, shorter)
        self._share_room()

    def _share_room(self) -> None:
        buttons, chips = (self.on_top, self.screenshot), (self.demo, self.alert)
        taken = sum(chip.sizeHint().width() for chip in chips)
        taken += sum(_SPACING + button.sizeHint().width() for button in buttons if not button.isHidden())
        room = self.width() - self.sizeHint().width() + taken
        demo, shorter_demo = self._demo_texts
        alert, shorter = self._alert_texts
        for texts, count in (
            ((demo, alert), 2),
            ((demo, shorter), 2),
            ((shorter_demo, shorter), 2),
            ((shorter_demo, shorter), 1),
            ((shorter_demo, shorter), 0),
        ):
            wanted = sum(chip.width_of(text) for chip, text in zip(chips, texts, strict=True))
            wanted += sum(_SPACING + button.sizeHint().width() for button in buttons[:count])
            if wanted <= room:
                break
        for chip, text in zip(chips, texts, strict=True):
            chip.set_text(text)
        for number, button in enumerate(buttons):
            button.setVisible(number < count)

    # Qt.

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._share_room()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            # Another chip has come or gone.
            self._share_room()
        return super().event(event)
