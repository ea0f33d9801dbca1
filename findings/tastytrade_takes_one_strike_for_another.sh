#!/usr/bin/env bash
# tastytrade 13.2.3 makes the OCC symbol of an option, by which orders are placed, of the symbol that its quotes stream under.
# What stands behind the point of a strike it multiplies by a hundred: of 17.5 it makes 17500, of 17.05, a strike that a
# special dividend has moved, 17500 too, which is another option; of 17.25 it makes a symbol that is a digit too long. The
# way back, from the OCC symbol to the streamer's, knows all three.
# Guessed: there and back again is where one was.
# Python 3.11 to 3.13. Output seen:
#   strike 17.5: 00017500, back .KEY261218C17.5; strike 17.05: 00017500, back .KEY261218C17.5;
#   strike 17.25: 000172500, back .KEY261218C17.25
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tastytrade==13.2.3 pandas==2.3.3
"$folder/venv/bin/python" - <<'PYTHON'
from tastytrade.instruments import Option

seen = {}
for strike, occ in (("17.5", "00017500"), ("17.05", "00017050"), ("17.25", "00017250")):
    streamed = Option.occ_to_streamer_symbol(f"KEY   261218C{occ}")
    assert streamed == f".KEY261218C{strike}"
    told = Option.streamer_symbol_to_occ(streamed)
    seen[strike] = (told.removeprefix("KEY   261218C"), Option.occ_to_streamer_symbol(told))
print("; ".join(f"strike {strike}: {occ}, back {streamed}" for strike, (occ, streamed) in seen.items()))
assert seen == {
    "17.5": ("00017500", ".KEY261218C17.5"),
    "17.05": ("00017500", ".KEY261218C17.5"),
    "17.25": ("000172500", ".KEY261218C17.25"),
}
PYTHON
