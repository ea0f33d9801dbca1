#!/usr/bin/env bash
# A live chart of pglive 0.9.1 is given each price as it comes. With a rate of updates, what comes sooner is thrown away; with a
# rate of drawing it is kept, and drawn with the next price. Neither looks again when the time is over: of three prices that
# come together and are the last for an hour, as of a share that trades seldom, the chart shows the first. What comes while it
# is paused, "data plotting" by its words, is no longer there after it.
# Guessed: a rate is how often; the last price is shown a moment later.
# Python 3.11 to 3.13, no screen. Output seen, of 24.90, 25.00 and 25.10, two seconds later:
#   2 updates a second: has 24.9, drawn 24.9; drawn 2 times a second: has 24.9 25.0 25.1, drawn 24.9
#   25.00 while paused: has 24.9 25.1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export QT_QPA_PLATFORM=offscreen PYQTGRAPH_QT_LIB=PySide6
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pglive==0.9.1 pyqtgraph==0.13.7 \
  PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

app = QApplication([])
from pglive.sources.data_connector import DataConnector
from pglive.sources.live_plot import LiveLinePlot
from pglive.sources.live_plot_widget import LivePlotWidget

widget = LivePlotWidget()


def chart(**rates: float) -> DataConnector:
    plot = LiveLinePlot()
    widget.addItem(plot)
    return DataConnector(plot, **rates)


def told(connector: DataConnector) -> str:
    """Give the chart two seconds, and return what it keeps and what it draws."""
    waiting = QEventLoop()
    QTimer.singleShot(2000, waiting.quit)
    waiting.exec()
    _, drawn = connector.plot.getData()
    return f"has {' '.join(map(str, connector.y))}, drawn {' '.join(f'{price:g}' for price in drawn)}"


seen = []
for rate in ("update_rate", "plot_rate"):
    connector = chart(**{rate: 2})
    for price in (24.9, 25.0, 25.1):
        connector.cb_append_data_point(price)
    seen.append(told(connector))
connector = chart()
connector.cb_append_data_point(24.9)
connector.pause()
connector.cb_append_data_point(25.0)
connector.resume()
connector.cb_append_data_point(25.1)
paused = f"has {' '.join(map(str, connector.y))}"
print(f"2 updates a second: {seen[0]}; drawn 2 times a second: {seen[1]}")
print(f"25.00 while paused: {paused}")
assert seen == ["has 24.9, drawn 24.9", "has 24.9 25.0 25.1, drawn 24.9"]
assert paused == "has 24.9 25.1"
PYTHON
