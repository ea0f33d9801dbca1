#!/usr/bin/env bash
# Qt 6.11.1: QHeaderView.restoreState of a state that was saved with more columns than the model has now returns True
# and gives the header sections that no column stands behind; what was hidden by number hides another column.
# A layout kept by an older version of a program comes back wrong without a word.
# Guessed: False, and the header as it was.
# Python 3.10 to 3.13, no screen. Output seen: "restored: True, sections 6, columns 4; hidden section 1 is 'quantity'"
# for a state that had hidden 'price'.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

application = QApplication([])


def table(*columns: str) -> tuple[QTableView, QStandardItemModel]:
    view, model = QTableView(), QStandardItemModel(1, len(columns))
    model.setHorizontalHeaderLabels(list(columns))
    view.setModel(model)
    return view, model


before, _model = table("symbol", "price", "quantity", "side", "bid", "ask")
before.horizontalHeader().hideSection(1)
state = before.horizontalHeader().saveState()
now, model = table("symbol", "quantity", "side", "bid")
header = now.horizontalHeader()
restored = header.restoreState(state)
hidden = [place for place in range(model.columnCount()) if header.isSectionHidden(place)]
name = model.headerData(hidden[0], Qt.Orientation.Horizontal)
print(f"restored: {restored}, sections {header.count()}, columns {model.columnCount()}; "
      f"hidden section {hidden[0]} is {name!r}")
assert (restored, header.count(), model.columnCount(), name) == (True, 6, 4, "quantity")
PYTHON
