#!/usr/bin/env bash
# The SpinBox of pyqtgraph 0.14.0 takes from a typed text as much as is left when the rest looks like a unit, digits included,
# and then drops the unit without a word. A price with a dollar sign behind it loses its last digit, one with a comma its
# cents and a digit of its dollars. What begins with the sign is refused.
# Guessed: 25.75, or the text is refused and marked, as "1,000" is.
# Python 3.10 to 3.13, offscreen, in the locale en_US. Output seen, of a price that was 24.5:
#   typed 25.75: 25.75; 25.75 USD: 25.75; 25.75$: 25.7; 25,75: 2.0; 1 000: 1.0; $25.75: 24.5; 1,000: 24.5
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyqtgraph==0.14.0 PySide6-Essentials==6.11.1 numpy==2.2.6
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import pyqtgraph
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest

QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
application = pyqtgraph.mkQApp()


def typed(text: str) -> float:
    box = pyqtgraph.SpinBox(value=24.5, step=0.01)
    box.show()
    line = box.lineEdit()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)
    return box.value()


seen = {text: typed(text) for text in ("25.75", "25.75 USD", "25.75$", "25,75", "1 000", "$25.75", "1,000")}
print("typed " + "; ".join(f"{text}: {value}" for text, value in seen.items()))
assert list(seen.values()) == [25.75, 25.75, 25.7, 2, 1, 24.5, 24.5]
PYTHON
