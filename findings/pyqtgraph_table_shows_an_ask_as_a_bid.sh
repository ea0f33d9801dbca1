#!/usr/bin/env bash
# The TableWidget of pyqtgraph 0.14.0 takes a list of dictionaries, names its columns by the keys of the first and fills them by
# the order of each. A share that has no bid shows its ask in the column of the bids; one whose ask stands before its bid
# shows both in each other's place. Nothing is raised, and the cells say three digits of each figure: 1234.5 is 1.23e+03.
# Guessed: a figure stands under its own key, and a cell is empty where a key is missing.
# Python 3.10 to 3.13, offscreen. Output seen:
#   told KEY PRK bid 24.9, ask 25.1: bid 24.9, ask 25.1
#   told BAC PRL ask 1234.5: bid 1.23e+03
#   told MET PRA ask 23.5, bid 23.1: bid 23.5, ask 23.1
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyqtgraph==0.14.0 PySide6-Essentials==6.11.1 numpy==2.2.6
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import pyqtgraph

application = pyqtgraph.mkQApp()
QUOTES = [
    {"symbol": "KEY PRK", "bid": 24.9, "ask": 25.1},
    {"symbol": "BAC PRL", "ask": 1234.5},
    {"symbol": "MET PRA", "ask": 23.5, "bid": 23.1},
]
table = pyqtgraph.TableWidget(sortable=False)
table.setData(QUOTES)
columns = [table.horizontalHeaderItem(column).text() for column in range(table.columnCount())]
assert columns == ["symbol", "bid", "ask"]
shown = []
for row, quote in enumerate(QUOTES):
    cells = {name: table.item(row, column).text() for column, name in enumerate(columns) if table.item(row, column)}
    symbol, *told = quote.items()
    assert cells.pop("symbol") == symbol[1]
    shown.append(cells)
    print(f"told {symbol[1]} {', '.join(f'{name} {figure}' for name, figure in told)}: "
          f"{', '.join(f'{name} {text}' for name, text in cells.items())}")
assert shown == [{"bid": "24.9", "ask": "25.1"}, {"bid": "1.23e+03"}, {"bid": "23.5", "ask": "23.1"}]
PYTHON
