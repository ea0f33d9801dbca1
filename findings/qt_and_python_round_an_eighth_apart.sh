#!/usr/bin/env bash
# Shares quoted in eighths end in .125 and .625, exactly between two cents. Python's format rounds such a half to the even
# cent, QLocale of PySide6 6.11.1 away from zero, and a QDoubleSpinBox keeps what it rounded: the same price is 25.12 in
# one place of a window and 25.13 in another, and who types nothing into the box still reads another price back.
# Guessed: both round alike, and a box gives back what was set.
# Python 3.10 to 3.13, no screen. Output seen: "25.125: Python 25.12, Qt 25.13, box 25.13; 24.625: Python 24.62, Qt 24.63,
# box 24.63; 24.375: Python 24.38, Qt 24.38, box 24.38".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDoubleSpinBox

application = QApplication([])
english = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
box = QDoubleSpinBox()
box.setDecimals(2)
seen = []
for price in (25.125, 24.625, 24.375):
    box.setValue(price)
    seen.append((f"{price:.2f}", english.toString(price, "f", 2), f"{box.value()}"))
print("; ".join(
    f"{price}: Python {python}, Qt {qt}, box {kept}" for price, (python, qt, kept) in zip((25.125, 24.625, 24.375), seen)
))
assert seen == [("25.12", "25.13", "25.13"), ("24.62", "24.63", "24.63"), ("24.38", "24.38", "24.38")]
PYTHON
