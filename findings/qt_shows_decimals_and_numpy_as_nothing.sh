#!/usr/bin/env bash
# A cell whose model gives a Decimal is empty in a view of PySide6 6.11.1, and so is one of a number of numpy 2.2.6, also a
# float64, which is a float to Python: no text, no exception, no line on standard error. A price that is known looks like
# one that is not. A float, an int and a text are shown.
# Guessed: a number is shown, or str() of it.
# Python 3.10 to 3.13, no screen. Output seen: "float 25.4, int 400, str 25.40, Decimal nothing, float64 nothing, int64
# nothing".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 numpy==2.2.6
"$folder/venv/bin/python" - <<'PYTHON'
import os
from decimal import Decimal

os.environ["QT_QPA_PLATFORM"] = "offscreen"
import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QStyledItemDelegate, QStyleOptionViewItem

application = QApplication([])
VALUES = [25.4, 400, "25.40", Decimal("25.40"), np.float64(25.4), np.int64(400)]


class Cells(QAbstractTableModel):
    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return len(VALUES)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:
        return 1

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return VALUES[index.row()] if role == Qt.ItemDataRole.DisplayRole else None


class Painter(QStyledItemDelegate):
    """What a view paints its cells with."""

    def text(self, index: QModelIndex) -> str:
        cell = QStyleOptionViewItem()
        self.initStyleOption(cell, index)
        return cell.text


model, painter = Cells(), Painter()
shown = [painter.text(model.index(row, 0)) for row in range(len(VALUES))]
print(", ".join(f"{type(value).__name__} {text or 'nothing'}" for value, text in zip(VALUES, shown)))
assert isinstance(VALUES[4], float)
assert shown == ["25.4", "400", "25.40", "", "", ""]
PYTHON
