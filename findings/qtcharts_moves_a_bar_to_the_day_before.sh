#!/usr/bin/env bash
# A set of bars of Qt 6.11's charts leaves out a value that is NaN, and the values behind it move up: where Tuesday's P&L is
# not known, Wednesday's loss of 300 is drawn at Tuesday, and Wednesday has none. A line of the terminal says "Ignored NaN,
# Inf, or -Inf value."; append() returns nothing. A line series keeps its x, and is drawn across the gap.
# Guessed: no bar at Tuesday, and Wednesday's at Wednesday.
# Python 3.10 to 3.13, offscreen. Output seen:
#   told Mon 150.0, Tue nan, Wed -300.0; drawn Mon up, Tue down; values: 150.0, -300.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6==6.11.1
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import math

from PySide6.QtCharts import QBarCategoryAxis, QBarSeries, QBarSet, QChart, QChartView, QValueAxis
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QGraphicsRectItem

application = QApplication([])
TOLD = {"Mon": 150.0, "Tue": math.nan, "Wed": -300.0}
bars = QBarSet("P&L")
bars.append(list(TOLD.values()))
bars.setColor("magenta")
series = QBarSeries()
series.append(bars)
chart = QChart()
chart.addSeries(series)
days, pnl = QBarCategoryAxis(), QValueAxis()
days.append(list(TOLD))
pnl.setRange(-400, 400)
for axis, side in ((days, Qt.AlignmentFlag.AlignBottom), (pnl, Qt.AlignmentFlag.AlignLeft)):
    chart.addAxis(axis, side)
    series.attachAxis(axis)
view = QChartView(chart)
view.resize(600, 400)
view.show()
application.processEvents()
view.grab()
drawn = {}
for item in chart.scene().items():
    if isinstance(item, QGraphicsRectItem) and item.brush().color().name() == "#ff00ff":
        middle = chart.mapToValue(item.mapToItem(chart, item.rect().center()), series)
        drawn[list(TOLD)[round(middle.x())]] = "up" if middle.y() > 0 else "down"
drawn = {day: drawn[day] for day in TOLD if day in drawn}
values = [bars.at(place) for place in range(bars.count())]
print(f"told {', '.join(f'{day} {value}' for day, value in TOLD.items())}; "
      f"drawn {', '.join(f'{day} {way}' for day, way in drawn.items())}; values: {', '.join(map(str, values))}")
assert drawn == {"Mon": "up", "Tue": "down"} and values == [150.0, -300.0]
PYTHON
