#!/usr/bin/env bash
# TWS has four words for a quantity that is not set. IB's own decoder (here as packaged in nautilus-ibapi 10.30.1) reads
# all four as unset. ib_insync 0.9.86 and ib_async 2.1.0 take the empty one for 0, which closes the position, and the
# three others for holdings of up to 1.8e308 shares.
# Guessed: not set, as IB's own decoder reads all four.
# Python 3.10 to 3.13. Output seen: "unset" four times for IB's decoder; "gone", 2147483647.0, 9.223372036854776e+18 and
# 1.7976931348623157e+308 for the other two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0 nautilus-ibapi==10.30.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
from decimal import Decimal

asyncio.set_event_loop(asyncio.new_event_loop())
from ibapi.const import UNSET_DECIMAL
from ibapi.utils import decode

WORDS = ("", "2147483647", "9223372036854775807", "1.7976931348623157E308")
own = [decode(Decimal, iter([word.encode()])) == UNSET_DECIMAL for word in WORDS]
print("IB's decoder:", ["unset" if is_unset else "set" for is_unset in own])
assert all(own)
for name in ("ib_insync", "ib_async"):
    read = []
    for word in WORDS:
        ib = importlib.import_module(name).IB()
        decoder = ib.client.decoder
        ib.client._serverVersion = decoder.serverVersion = 176
        position = ["61", "3", "DU1234567", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM"]
        decoder.interpret([*position, "100", "20.0"])
        decoder.interpret([*position, word, "20.0"])
        read.append([p.position for p in ib.positions()] or "gone")
    print(f"{name}:", *read)
    assert read == ["gone", [2147483647.0], [9.223372036854776e18], [1.7976931348623157e308]]
PYTHON
