#!/usr/bin/env bash
# A model of PySide6 6.11.1 that is sorted by Qt (QStandardItemModel, QSortFilterProxyModel) compares two cells as the type
# of the left one. Prices of which some are int and some float, as json reads 25 and 25.4, stand in any order: 25 is equal
# to 25.4 seen from its side. A volume beyond 2147483647 comes before 5. Decimals are not sorted at all.
# Guessed: numbers are sorted as numbers, as Python's sorted() does.
# Python 3.10 to 3.13, no screen. Output seen: "prices 24.75, 25.4, 25; volumes 3000000000, 5, 400; Decimals 100, 9.5,
# 25.4".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import json
import os
from decimal import Decimal

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtGui import QGuiApplication, QStandardItem, QStandardItemModel

application = QGuiApplication([])


def in_order(values: list) -> list:
    """The values as Qt sorts them, upwards."""
    model = QStandardItemModel()
    for value in values:
        item = QStandardItem()
        item.setData(value, Qt.ItemDataRole.DisplayRole)
        model.appendRow(item)
    view = QSortFilterProxyModel()
    view.setSourceModel(model)
    view.sort(0)
    rows = [view.index(row, 0).data() for row in range(view.rowCount())]
    model.sort(0)
    assert rows == [model.index(row, 0).data() for row in range(model.rowCount())]
    return rows


prices = json.loads("[25.4, 25, 24.75]")
volumes = json.loads("[3000000000, 5, 400]")
decimals = [Decimal(100), Decimal("9.5"), Decimal("25.4")]
seen = [in_order(values) for values in (prices, volumes, decimals)]
print("prices {}; volumes {}; Decimals {}".format(*(", ".join(map(str, values)) for values in seen)))
assert seen == [[24.75, 25.4, 25], volumes, decimals]
assert in_order([float(price) for price in prices]) == sorted(prices)
PYTHON
