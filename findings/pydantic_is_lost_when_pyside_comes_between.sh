#!/usr/bin/env bash
# pydantic 2.14.4 is imported, then PySide6 6.11.1, and pydantic is of no use any more: the first word to it, such as Field, is an
# ImportError about a "circular import", which a program can get by sorting its imports by the alphabet, capitals first or not. PySide6
# asks each module that is imported for its source, and on that way for a name that no module has; pydantic takes that for a
# question of its own and imports what is just being imported. With PySide6 first, all is well.
# Guessed: two packages that do not know of each other, in any order.
# Python 3.11 to 3.13, no screen. Output seen:
#   PySide6 first: fine; pydantic first: cannot import name 'import_string' from partially initialized module
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.1 pydantic==2.14.4
"$folder/venv/bin/python" - <<'PYTHON'
import subprocess
import sys

ORDERS = {
    "PySide6 first": "from PySide6 import QtCore\nimport pydantic\npydantic.Field",
    "pydantic first": "import pydantic\nfrom PySide6 import QtCore\npydantic.Field",
}


def end(program: str) -> str:
    """How a program ends: well, or with the first words of its error."""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    error = ended.stderr.strip().rpartition("\n")[2].removeprefix("ImportError: ")
    return "fine" if ended.returncode == 0 else error.partition(" 'pydantic.")[0]


ends = {order: end(program) for order, program in ORDERS.items()}
print("; ".join(f"{order}: {how}" for order, how in ends.items()))
assert ends["PySide6 first"] == "fine"
assert ends["pydantic first"] == "cannot import name 'import_string' from partially initialized module"
PYTHON
