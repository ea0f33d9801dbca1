#!/usr/bin/env bash
# A TWS on a computer in London writes the zone of an execution as Java names it, "British Summer Time". ib_insync 0.9.86
# and ib_async 2.1.0 look for a zone of that name, find none, and drop the whole execution: one line in the log, no
# exception, no fill.
# Guessed: a fill, with its time as told, where the zone is not known.
# Python 3.10 to 3.13. Output seen: "ib_insync: 0 fills, 1 line in the log"; ib_async alike.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ib_insync==0.9.86 ib_async==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import importlib
import logging

asyncio.set_event_loop(asyncio.new_event_loop())


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


for name in ("ib_insync", "ib_async"):
    lines = Lines()
    logging.getLogger().addHandler(lines)
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    decoder.interpret(
        ["11", "-1", "-1", "8314", "IBM", "STK", "", "0.0", "", "", "NYSE", "USD", "IBM", "IBM", "0000e0d5.67fe667b.01.01",
         "20260827 15:15:30 British Summer Time", "DU1234567", "IEX", "BOT", "100", "20.0", "1", "0", "0", "100", "20.0",
         "", "", "", "", "2"])
    logging.getLogger().removeHandler(lines)
    print(f"{name}: {len(ib.fills())} fills, {len(lines.seen)} line in the log")
    assert (len(ib.fills()), len(lines.seen)) == (0, 1)
PYTHON
