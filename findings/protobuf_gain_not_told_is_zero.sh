#!/usr/bin/env bash
# From a TWS of version 200 IBKR's own client reads texts, where a gain that is not known, as that of an opening fill, is
# 1.8e308, its sign for "not set". From one of version 201 or later it reads protobuf messages, where what is not set is
# left out: the same report has a realized gain of 0.00 then, like a sale that broke even. The day's P&L (message 94), left
# out in the same way, stays "not set".
# Guessed: "not set", however the report is told.
# Python 3.10 to 3.13, ibapi-latest 10.51.1 (IBKR's client as a package), a TWS of its own on this machine. Output seen:
#   version 200: commission 1.05, gain not set, day's P&L not set
#   version 213: commission 1.05, gain 0.0, day's P&L not set
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ibapi-latest==10.51.1 protobuf==5.29.5
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import struct
import threading

from ibapi.client import EClient
from ibapi.commission_and_fees_report import CommissionAndFeesReport
from ibapi.const import UNSET_DOUBLE
from ibapi.protobuf.CommissionAndFeesReport_pb2 import CommissionAndFeesReport as CommissionAndFeesReportProto
from ibapi.protobuf.PnL_pb2 import PnL as PnLProto
from ibapi.wrapper import EWrapper

REPORT, PNL = 59, 94
PROTOBUF = 200  # What is added to the number of a message that is one of protobuf.
UNSET = "1.7976931348623157E308"
FILL = "0000e0d5.67fe667b.01.01"


def text(*fields: str) -> bytes:
    return "".join(field + "\0" for field in fields).encode()


TOLD = {
    200: [
        text(str(REPORT), "1", FILL, "1.05", "USD", UNSET, UNSET, "0"),
        text(str(PNL), "5", UNSET, UNSET, UNSET),
    ],
    213: [
        struct.pack(">I", PROTOBUF + REPORT)
        + CommissionAndFeesReportProto(execId=FILL, commissionAndFees=1.05, currency="USD").SerializeToString(),
        struct.pack(">I", PROTOBUF + PNL) + PnLProto(reqId=5).SerializeToString(),
    ],
}


def serve(listener: socket.socket, version: int) -> None:
    """Play a TWS of a version that tells one report and one day's P&L, and closes the line."""
    line, _ = listener.accept()
    with line, line.makefile("rb") as requests:
        requests.read(4)  # "API" and a zero.
        for answer in ([text(str(version), "20261127 12:00:00 EST")], TOLD[version]):
            [length] = struct.unpack(">I", requests.read(4))
            requests.read(length)
            for payload in answer:
                line.sendall(struct.pack(">I", len(payload)) + payload)


class App(EWrapper, EClient):
    def __init__(self) -> None:
        EClient.__init__(self, self)
        self.told: list[float] = []

    def commissionAndFeesReport(self, report: CommissionAndFeesReport) -> None:
        self.told += report.commissionAndFees, report.realizedPNL

    def pnl(self, _request: int, day: float, _unrealized: float, _realized: float) -> None:
        self.told.append(day)


seen = {}
for version in TOLD:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener, version), daemon=True).start()
        app = App()
        app.connect("127.0.0.1", listener.getsockname()[1], 1)
        app.run()
    seen[version] = ["not set" if figure == UNSET_DOUBLE else str(figure) for figure in app.told]
    print("version {}: commission {}, gain {}, day's P&L {}".format(version, *seen[version]))
assert seen == {200: ["1.05", "not set", "not set"], 213: ["1.05", "0.0", "not set"]}
PYTHON
