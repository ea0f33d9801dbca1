#!/usr/bin/env bash
# From server version 153 on TWS writes letters beyond ASCII in an error text as \uXXXX. IB's own decoder (packaged in
# nautilus-ibapi 10.30.1) turns them back; ib_insync 0.9.86 and ib_async 2.1.0 hand the backslashes on, so a TWS that
# speaks German, Turkish or Japanese is shown as escapes.
# Guessed: the letters, as IB's own decoder has them.
# Python 3.10 to 3.13. Output seen: 'Verbindung gestört' for IB's decoder, 'Verbindung gest\u00f6rt' for the others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0 nautilus-ibapi==10.30.1
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib

asyncio.set_event_loop(asyncio.new_event_loop())
from ibapi.utils import decode

TEXT = "Verbindung gest\\u00f6rt"
own = decode(str, iter([TEXT.encode()]), False, True)
print("IB's decoder:", own)
assert own == "Verbindung gestört"
for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    heard = []
    ib.errorEvent += lambda _id, _code, text, _contract: heard.append(text)
    decoder.interpret(["4", "2", "-1", "2103", TEXT, ""])
    print(f"{name}:", *heard)
    assert heard == [TEXT]
PYTHON
