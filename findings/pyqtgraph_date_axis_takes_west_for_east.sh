#!/usr/bin/env bash
# The DateAxisItem of pyqtgraph 0.14.0 takes an offset from UTC, utcOffset, and subtracts it: it wants the seconds that a place
# is behind UTC, and its text has no word on it. Given New York's offset as Qt's own offsetFromUtc() tells it, -18000, the
# axis says 02:00 at the close and Saturday from two o'clock of Friday on, ten hours late. Without one it is right, where the
# computer stands in New York.
# Guessed: an offset of -18000 is New York's, as in Qt and in Python's utcoffset().
# Python 3.10 to 3.13, offscreen. Output seen, of ticks at 09:00, 14:00 and 16:00 in New York on Friday, 27 November 2026:
#   offsetFromUtc() -18000; utcOffset None: 09:00, 14:00, 16:00; -18000: 19:00, Sat 28, 02:00; 18000: 09:00, 14:00, 16:00
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyqtgraph==0.14.0 PySide6-Essentials==6.11.1 numpy==2.2.6
TZ=America/New_York QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timezone

import pyqtgraph
from PySide6.QtCore import QDateTime
from PySide6.QtGui import QPainter, QPicture

application = pyqtgraph.mkQApp()
HOUR = 3600
START = int(datetime(2026, 11, 27, 12, tzinfo=timezone.utc).timestamp())  # 07:00 in New York.
HOURS = 10


def painted(offset: int | None) -> list[str]:
    """Return what the axis says at 09:00, 14:00 and 16:00 in New York."""
    axis = pyqtgraph.DateAxisItem(utcOffset=offset)
    plot = pyqtgraph.PlotWidget(axisItems={"bottom": axis})
    plot.resize(900, 300)
    plot.show()
    plot.setXRange(START, START + HOURS * HOUR, padding=0)
    application.processEvents()
    picture = QPicture()
    painter = QPainter(picture)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    told = {7 + round(HOURS * place.center().x() / axis.size().width()): text for place, _, text in texts}
    return [told[hour] for hour in (9, 14, 16)]


offset = QDateTime.fromSecsSinceEpoch(START).offsetFromUtc()
seen = {each: painted(each) for each in (None, offset, -offset)}
print(f"offsetFromUtc() {offset}; utcOffset " + "; ".join(f"{each}: {', '.join(texts)}" for each, texts in seen.items()))
assert offset == -5 * HOUR
assert seen == {
    None: ["09:00", "14:00", "16:00"],
    -18000: ["19:00", "Sat 28", "02:00"],
    18000: ["09:00", "14:00", "16:00"],
}
PYTHON
