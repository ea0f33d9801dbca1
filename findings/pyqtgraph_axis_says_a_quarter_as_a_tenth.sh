#!/usr/bin/env bash
# An axis of pyqtgraph 0.14.0 whose ticks were set to quarters of a dollar writes their prices with one decimal: as many as
# the power of ten of the spacing has. The tick at 24.75 is labelled 24.8, that at 25.25 is 25.2, and a spacing of an eighth
# labels 24.875 as 24.9. The ticks stand where they belong, the figures beside them are wrong by up to five cents.
# Guessed: as many decimals as tell the ticks apart, and as each has.
# Python 3.10 to 3.13, offscreen. Output seen:
#   0.25: 24.5 is 24.5, 24.75 is 24.8, 25.0 is 25.0, 25.25 is 25.2, 25.5 is 25.5
#   0.125: 24.75 is 24.8, 24.875 is 24.9, 25.0 is 25.0, 25.125 is 25.1, 25.25 is 25.2
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyqtgraph==0.14.0 PySide6-Essentials==6.11.1 numpy==2.2.6
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import pyqtgraph
from PySide6.QtGui import QPainter, QPicture

application = pyqtgraph.mkQApp()
plot = pyqtgraph.PlotWidget()
plot.resize(600, 400)
plot.show()
axis = plot.getAxis("left")


def painted(lowest: float, highest: float, spacing: float) -> dict[float, str]:
    """Return the texts that the axis paints, by the prices they stand at."""
    plot.setYRange(lowest, highest, padding=0)
    axis.setTickSpacing(spacing, spacing)
    application.processEvents()
    picture = QPicture()
    painter = QPainter(picture)
    _, _, texts = axis.generateDrawSpecs(painter)
    painter.end()
    height = axis.size().height()
    told = {}
    for place, _, text in texts:
        price = highest - (highest - lowest) * place.center().y() / height
        told[round(price / spacing) * spacing] = text
    return dict(sorted(told.items()))


seen = {}
for spacing, lowest, highest in ((0.25, 24.4, 25.6), (0.125, 24.7, 25.3)):
    seen[spacing] = painted(lowest, highest, spacing)
    print(f"{spacing}: {', '.join(f'{price} is {text}' for price, text in seen[spacing].items())}")
assert seen == {
    0.25: {24.5: "24.5", 24.75: "24.8", 25.0: "25.0", 25.25: "25.2", 25.5: "25.5"},
    0.125: {24.75: "24.8", 24.875: "24.9", 25.0: "25.0", 25.125: "25.1", 25.25: "25.2"},
}
PYTHON
