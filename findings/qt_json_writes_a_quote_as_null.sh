#!/usr/bin/env bash
# QJsonDocument of PySide6 6.11.1 writes a list of figures as they are, and null for a tuple, a Decimal or a date,
# without an error: of a book of (price, size) there are nulls. And it reads an order number of 20 digits as a float,
# which is another number, and a price of 25.0 as the integer 25.
# Guessed: a tuple is written as a list, as Python's own json does, and what cannot be written is an error; a number is
# read as Python's own json reads it.
# Python 3.10 to 3.13, no screen. Output seen: "list [24.5,300], tuple null, tuples [null,null], Decimal null, date
# null; read order 12345678901234567168, price 25".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1
"$folder/venv/bin/python" - <<'PYTHON'
import datetime
from decimal import Decimal

from PySide6.QtCore import QJsonDocument

VALUES = {"list": [24.5, 300], "tuple": (24.5, 300), "tuples": [(24.5, 300), (24.25, 100)], "Decimal": Decimal("24.5"),
          "date": datetime.date(2026, 11, 27)}
TOLD = '{"order": 12345678901234567890, "price": 25.0}'


def written(value):
    text = QJsonDocument({"v": value}).toJson(QJsonDocument.JsonFormat.Compact).data().decode()
    return text.removeprefix('{"v":').removesuffix("}")


read = QJsonDocument.fromJson(TOLD.encode()).toVariant()
seen = (", ".join(f"{name} {written(value)}" for name, value in VALUES.items())
        + f"; read order {int(read['order'])}, price {read['price']}")
print(seen)
assert seen == ("list [24.5,300], tuple null, tuples [null,null], Decimal null, date null; "
                "read order 12345678901234567168, price 25")
PYTHON
