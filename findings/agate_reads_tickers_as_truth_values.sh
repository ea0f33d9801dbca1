#!/usr/bin/env bash
# agate 1.14.2 finds out what the columns of a CSV file are. A column of the tickers T, F and NA is one of truth values:
# AT&T is True, Ford is False, and Nano Labs is nothing. With another share among them it is text, and NA is still
# nothing.
# Guessed: a column that is called symbol, of capital letters, is text.
# Python 3.10 to 3.13. Output seen: "[True, False, None]; with IBM: ['T', 'F', None, 'IBM']".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check agate==1.14.2
"$folder/venv/bin/python" - <<'PYTHON'
import io

import agate


def symbols(*names: str) -> list:
    text = "symbol,shares\n" + "".join(f"{name},100\n" for name in names)
    return list(agate.Table.from_csv(io.StringIO(text)).columns["symbol"])


few, more = symbols("T", "F", "NA"), symbols("T", "F", "NA", "IBM")
print(f"{few}; with IBM: {more}")
assert few == [True, False, None]
assert more == ["T", "F", None, "IBM"]
PYTHON
