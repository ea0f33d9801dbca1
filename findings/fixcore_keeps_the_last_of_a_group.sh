#!/usr/bin/env bash
# fixcore-engine 0.15.0 reads a message without a dictionary into one field for each tag. Of a snapshot with a bid and an
# ask, which are a repeating group, there is what came last, the ask, and the number of entries is still 2: who asks for the
# price has no way to see that it is one of two. Written again, it is a valid message, with length and sum, without the bid.
# Guessed: fields in the order of the message, as its from_fields says of tags that come again, or an error.
# Python 3.11 to 3.13. Output seen: "entries 2: type 1 at 24.75 for 100; written again: 268=2|269=1|270=24.75|271=100".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fixcore-engine==0.15.0
"$folder/venv/bin/python" - <<'PYTHON'
from fixcore.message.message import Message

FIELDS = ["35=W", "49=BROKER", "56=US", "34=2", "52=20261127-15:15:30", "55=CIM PRB", "268=2", "269=0", "270=24.5",
          "271=300", "269=1", "270=24.75", "271=100", ""]

body = "\x01".join(FIELDS)
head = f"8=FIX.4.4\x019={len(body)}\x01{body}".encode()
message = Message.decode(head + f"10={sum(head) % 256:03d}\x01".encode())
again = message.encode().decode().replace("\x01", "|")
Message.decode(message.encode())
group = again[again.index("268="):again.index("|10=")]
seen = (f"entries {message[268]}: type {message[269]} at {message[270]} for {message[271]}; written again: {group}")
print(seen)
assert seen == "entries 2: type 1 at 24.75 for 100; written again: 268=2|269=1|270=24.75|271=100"
PYTHON
