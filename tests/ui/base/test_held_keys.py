"""A key that is held down, under a real X server, whose repeats Qt takes for presses of their own."""

from tests.ui.x11 import needs, run_on

pytestmark = needs("Xvfb", "openbox", "xdotool")

SCRIPT = """
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
window.alert_signs.controller.refresh()
view, box, card = window.alerts.view, window.positions.filter_box, window.links_panel.cards["IBKR_GUN"].button
done = Counter()
window.menus.screenshot.triggered.disconnect()
window.menus.screenshot.triggered.connect(lambda: done.update(["screenshot"]))
window.menus.zoomed.connect(lambda _step: done.update(["zoom"]))
card.clicked.connect(lambda: done.update(["card"]))

class Presses(QObject):
    count = 0
    def eventFilter(self, watched, event):
        if event.type() is QEvent.Type.ShortcutOverride and watched.isWindowType():
            self.count += 1
        return False

presses = Presses()
application.installEventFilter(presses)
on_view = [(keys, view) for keys in ("Delete", "ctrl+shift+s", "ctrl+plus")]
# The space bar clicks when it is let go: another key, which does nothing, comes behind that.
steps = iter([*on_view, ("x", box), ("Return", card), ("space", card), ("x", card)])
keys = None

def look():
    global keys
    if not window.isActiveWindow():
        subprocess.run(["xdotool", "windowactivate", str(int(window.winId()))], stderr=subprocess.DEVNULL)
        return
    if keys is not None:
        if presses.count < 8:
            return
        subprocess.run(["xdotool", "keyup", keys])
    keys, widget = next(steps, ("", None))
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

timer = QTimer(interval=100)
timer.timeout.connect(look)
timer.start()
application.exec()
"""


def test_that_a_key_that_is_held_down_acts_once_but_where_it_types_or_zooms(display: str) -> None:
    assert run_on(display, SCRIPT) == "40 1 True True 2"
