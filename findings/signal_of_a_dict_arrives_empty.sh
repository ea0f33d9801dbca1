#!/usr/bin/env bash
# Signal(dict) of PySide6 6.11.1 passes on a dict whose keys are texts. One key of another type, such as IBKR's contract
# numbers, and what is told arrives as an empty dict: no exception, a line on standard error at most. Signal(object)
# passes on any.
# Guessed: the dict arrives as it was emitted, as a list does.
# Python 3.10 to 3.13, no screen. Output seen: "by symbol {'CIM PRB': 100}; by number {}; of object {8314: 100}".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
from PySide6.QtCore import QCoreApplication, QObject, Signal


class Book(QObject):
    positions = Signal(dict)
    anything = Signal(object)


application = QCoreApplication([])
book = Book()
told = []
book.positions.connect(told.append)
book.anything.connect(told.append)
book.positions.emit({"CIM PRB": 100})
book.positions.emit({8314: 100})
book.anything.emit({8314: 100})
print("by symbol {}; by number {}; of object {}".format(*told))
assert told == [{"CIM PRB": 100}, {}, {8314: 100}]
PYTHON
