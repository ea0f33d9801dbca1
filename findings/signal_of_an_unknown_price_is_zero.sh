#!/usr/bin/env bash
# A Signal(float) of PySide6 6.11.1 that is emitted with None, a price that is not known, tells 0.0, and so does one that
# is emitted with a text: a line on standard error, and no exception. Signal(int) cuts 25.75 down to 25, without a line.
# Signal(object) passes all of them on as they are.
# Guessed: TypeError, as from a function of Qt that takes a float.
# Python 3.10 to 3.13, no screen. Output seen: "Signal(float): None is 0.0, '25.40' is 0.0; Signal(int): 25.75 is 25;
# QLocale.toString(None, 'f', 2): TypeError".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON' 2>"$folder/errors" || { cat "$folder/errors"; exit 1; }
from PySide6.QtCore import QLocale, QObject, Signal


class Quote(QObject):
    price = Signal(float)
    size = Signal(int)
    anything = Signal(object)


quote, told = Quote(), []
for signal in (quote.price, quote.size, quote.anything):
    signal.connect(told.append)
quote.price.emit(None)
quote.price.emit("25.40")
quote.size.emit(25.75)
quote.anything.emit(None)
try:
    function = QLocale().toString(None, "f", 2)
except TypeError as error:
    function = type(error).__name__
print("Signal(float): None is {}, '25.40' is {}; Signal(int): 25.75 is {}; ".format(*told)
      + f"QLocale.toString(None, 'f', 2): {function}")
assert told == [0.0, 0.0, 25, None]
assert function == "TypeError"
PYTHON
