"""A key that is held down: under a real X server Qt takes its repeats for presses of their own."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from psf_monitor.ui.base.held_keys import HeldKeys
from tests.ui.x11 import needs, run_on

PRESS, RELEASE = QEvent.Type.KeyPress, QEvent.Type.KeyRelease
Story = Sequence[tuple[QEvent.Type, int, int]]
"""Presses and releases: the key's number and the millisecond."""

SCRIPT = '''
import subprocess, sys
from collections import Counter
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.ui.window import WindowUnderTest, fill

application = QApplication([])
ui = WindowUnderTest()
fill(ui)
window = ui.window
watch = window.context.sources.alerts
for number in range(40):
    watch.add(Alert(0, AlertKind.PRICE, "CIM PRB", "last", Direction.UP, 30.0 + number))
window.show()
ui.wait()
window.section.show_alerts()
window.controllers.unseen_alerts.controller.refresh()
view, box, card = window.alerts.view, window.positions.filter_box, window.links_panel.cards["IBKR_GUN"].button
done = Counter()
window.menus.screenshot.triggered.disconnect()
window.menus.screenshot.triggered.connect(lambda: done.update(["screenshot"]))
window.menus.zoomed.connect(lambda _step: done.update(["zoom"]))
card.clicked.connect(lambda: done.update(["card"]))

Key = Qt.Key

class Presses(QObject):
    """Counts those of one key: of the one before some may be still to come."""
    count, key = 0, None
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.ShortcutOverride and watched.isWindowType():
            self.count += event.key() == self.key
        return False

presses = Presses()
application.installEventFilter(presses)
steps = iter([
    ("Delete", Key.Key_Delete, view),
    ("ctrl+shift+s", Key.Key_S, view),
    ("ctrl+plus", Key.Key_Plus, view),
    ("x", Key.Key_X, box),
    ("Return", Key.Key_Return, card),
    # The space bar clicks when it is let go: another key, which does nothing, comes behind that.
    ("space", Key.Key_Space, card),
    ("x", Key.Key_X, card),
])
keys = None
# The first repeat a quarter of a second after the press, the others 40 a second.
subprocess.run(["xset", "r", "rate", "250", "40"], check=True)

def look():
    global keys
    if not window.isActiveWindow():
        subprocess.run(["xdotool", "windowactivate", str(int(window.winId()))], stderr=subprocess.DEVNULL)
        return
    if keys is not None:
        if presses.count < 8:
            return
        subprocess.run(["xdotool", "keyup", keys])
    keys, presses.key, widget = next(steps, ("", None, None))
    if widget is None:
        timer.stop()
        print(len(watch.alerts), done["screenshot"], done["zoom"] > 3, len(box.text()) > 3, done["card"])
        window.close()
        application.quit()
        return
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    if widget is view:
        view.setCurrentIndex(view.model().index(0, 0))
    presses.count = 0
    subprocess.run(["xdotool", "keydown", keys])

timer = QTimer(interval=20)
timer.timeout.connect(look)
timer.start()
application.exec()
'''


def repeats(story: Story) -> list[bool]:
    """Which of these are taken for repeats of a key that is held down."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    held, window, taken = HeldKeys(application), QWindow(), []
    for kind, number, at_ms in story:
        event = QKeyEvent(kind, Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, number, 0, 0)
        event.setTimestamp(at_ms)
        taken.append(held.eventFilter(window, event))
    held.setParent(None)
    return taken


@pytest.mark.parametrize(
    ("between_ms", "number", "is_repeat"), [(0, 39, True), (3, 39, True), (45, 39, False), (0, 40, False)]
)
@pytest.mark.usefixtures("qapp")
def test_that_a_press_is_a_repeat_that_comes_sooner_behind_its_release_than_a_finger_can(
    between_ms: int, number: int, is_repeat: bool
) -> None:
    story = ((PRESS, 39, 1_000), (RELEASE, 39, 1_500), (PRESS, number, 1_500 + between_ms))
    assert repeats(story) == [False, False, is_repeat]


@needs("Xvfb", "openbox", "xdotool", "xset")
def test_that_a_key_that_is_held_down_acts_once_but_where_it_types_or_zooms(display: str) -> None:
    assert run_on(display, SCRIPT) == "40 1 True True 2"
