#!/usr/bin/env bash
# The table of pyside6-datatable-widget 1.2.2 sorts a column of numbers by the text that it shows: of the gains 1,000.50, 99.50,
# 25.25 and -300.75 the greatest is 99.50. It sorts the page that is shown and no more: of 60 gains the best one, on page 3, does
# not come first. And a column of yes and no is searched by its text too, which counts as yes: "no" finds no row, "yes" all of them,
# also one of which it is not known, which is shown as "No".
# Guessed: the greatest number first, of the whole table; the rows that say "No"; and an empty cell for what is not known.
# Python 3.10 to 3.13, no screen. Output seen:
#   falling: 99.50, 25.25, 1,000.50, -300.75; best of 60: 24.50; "no" finds 0 of 4, "yes" 4, halted: Yes, No, No, No
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps pyside6-datatable-widget==1.2.2
"$folder/venv/bin/python" - <<'PYTHON'
import os

os.environ["QT_QPA_PLATFORM"] = "offscreen"
from datatable import DataTable, DataType
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

application = QApplication([])
GAIN, HALTED = range(2)
FALLING = Qt.SortOrder.DescendingOrder


def tell(gains: list[float], halted: list[bool | None]) -> DataTable:
    """A table of gains, and of whether trading is halted."""
    table = DataTable()
    table.setColumns([("gain", "P&L", DataType.NUMERIC), ("halted", "Halted", DataType.BOOLEAN)])
    table.setData([{"gain": gain, "halted": known} for gain, known in zip(gains, halted)])
    return table


def shown(table: DataTable, column: int) -> list[str]:
    """What a column shows, from above."""
    rows = table.tableView.model()
    return [rows.index(row, column).data() for row in range(rows.rowCount())]


few = tell([1000.5, 25.25, -300.75, 99.5], [True, False, None, False])
halted = shown(tell([1.0] * 4, [True, False, None, False]), HALTED)
few.tableView.sortByColumn(GAIN, FALLING)
falling = shown(few, GAIN)
few.searchInput.setText("no")
no = shown(few, HALTED)
few.searchInput.setText("yes")
yes = shown(few, HALTED)
many = tell([each + 0.5 for each in range(60)], [False] * 60)
many.tableView.sortByColumn(GAIN, FALLING)
print(f'falling: {", ".join(falling)}; best of 60: {max(map(float, shown(many, GAIN))):.2f}; "no" finds {len(no)} of 4, '
      f'"yes" {len(yes)}, halted: {", ".join(sorted(halted, reverse=True))}')
assert falling == ["99.50", "25.25", "1,000.50", "-300.75"]
assert max(map(float, shown(many, GAIN))) == 24.5
assert (no, len(yes)) == ([], 4)
assert sorted(halted) == ["No", "No", "No", "Yes"]
PYTHON
