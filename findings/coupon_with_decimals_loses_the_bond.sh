#!/usr/bin/env bash
# ib_insync 0.9.86 and ib_async 2.1.0 read a bond's coupon (message 18) as a whole number. A bond of 8 % is told, one
# of 8.625 % is logged as an error and left out: reqContractDetails ends with an empty list, as if there were no such
# bond.
# Guessed: the coupon is a float, as in IB's own client.
# Python 3.10 to 3.13. Output seen: "ib_insync: coupon 8: 1 bond, coupon 8.625: 0 bonds"; ib_async alike.
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
logging.disable()


def bond(coupon: str) -> list[str]:
    return ["18", "3", "BNS", "BOND", "064159KJ4", coupon, "20821027", *[""] * 4, "0", "0", "0", "", "SMART", "USD",
            "BNS", "BNS", "901", "0.001", "LMT", "SMART", "", "", "0", "", "BANK OF NOVA SCOTIA", "", "0", "0", "1",
            "26", "1", "1", "100"]


for name in ("ib_insync", "ib_async"):
    ib = importlib.import_module(name).IB()
    decoder = ib.client.decoder
    ib.client._serverVersion = decoder.serverVersion = 176
    told = {}
    for coupon in ("8", "8.625"):
        answer = ib.wrapper.startReq(3)
        decoder.interpret(bond(coupon))
        decoder.interpret(["52", "1", "3"])
        told[coupon] = len(answer.result())
    print(f"{name}: coupon 8: {told['8']} bond, coupon 8.625: {told['8.625']} bonds")
    assert told == {"8": 1, "8.625": 0}
PYTHON
