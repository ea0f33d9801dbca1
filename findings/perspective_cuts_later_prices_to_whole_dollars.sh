#!/usr/bin/env bash
# A table of perspective-python 5.6.1 takes the type of a column from the first values that it is given. Where the first bid
# was 25 the column is one of whole numbers of 32 bits: a bid of 25.75 that comes later is 25, half a share is 0, and three
# billion shares are a debt of 1.29 billion. Nothing is raised or warned of; 25.0 at first, and all are kept.
# Guessed: 25.75 is kept, since the column holds prices; or the update is refused.
# Python 3.11 to 3.13. Output seen:
#   first bid 25: integer, later 25.75 is 25, 0.5 shares are 0, 3000000000 are -1294967296
#   first bid 25.0: float, later 25.75 is 25.75, 0.5 shares are 0.5, 3000000000 are 3000000000.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check perspective-python==5.6.1
"$folder/venv/bin/python" - <<'PYTHON'
import perspective

client = perspective.Server().new_local_client()
seen = []
for first in ({"symbol": "KEY PRI", "bid": 25, "shares": 100}, {"symbol": "KEY PRI", "bid": 25.0, "shares": 100.0}):
    table = client.table([first], index="symbol")
    table.update([{"symbol": "KEY PRI", "bid": 25.75, "shares": 0.5}])
    table.update([{"symbol": "KEY PRK", "bid": 24, "shares": 3_000_000_000}])
    view = table.view()
    told = view.to_columns()
    assert told["symbol"] == ["KEY PRI", "KEY PRK"]
    kind = view.schema()["bid"]
    seen.append((kind, told["bid"][0], *told["shares"]))
    print(f"first bid {first['bid']}: {kind}, later 25.75 is {told['bid'][0]}, 0.5 shares are {told['shares'][0]}, "
          f"3000000000 are {told['shares'][1]}")
assert seen == [("integer", 25, 0, -1_294_967_296), ("float", 25.75, 0.5, 3_000_000_000)]
PYTHON
