#!/usr/bin/env bash
# A FIX message says how long it is. asyncfix 1.0.1 ends it also where it finds "8=FIX." once more, as a next message would
# begin, and the field Text is number 58: a fill with a text such as "FIX.4.2 session restored" is cut there, no message to
# it, and decode() gives None, as for one that is not whole. With other words before the version the fill is read.
# Guessed: the length decides; a text can be any.
# Python 3.10 to 3.13. Output seen: "session restored: 300 at 25.125; FIX.4.2 session restored: None".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check asyncfix==1.0.1
"$folder/venv/bin/python" - <<'PYTHON'
from asyncfix import FTag
from asyncfix.codec import Codec
from asyncfix.protocol import FIXProtocol44


def message(text: str) -> bytes:
    """A fill of 300 at 25.125, with its length and its checksum."""
    fields = ["35=8", "49=BROKER", "56=DESK", "34=7", "52=20261127-15:15:30.000", "37=901", "17=0000e0d5.01", "150=F",
              "39=2", "55=KEY", "54=1", "32=300", "31=25.125", f"58={text}"]
    body = "".join(f"{field}\x01" for field in fields)
    whole = f"8=FIX.4.4\x019={len(body)}\x01{body}"
    return f"{whole}10={sum(whole.encode()) % 256:03}\x01".encode()


codec = Codec(FIXProtocol44())
seen = []
for text in ("session restored", "FIX.4.2 session restored"):
    read, _, _ = codec.decode(message(text))
    seen.append(read and f"{read[FTag.LastQty]} at {read[FTag.LastPx]}")
    print(text, seen[-1], sep=": ", end="; " if len(seen) == 1 else "\n")
assert seen == ["300 at 25.125", None]
PYTHON
