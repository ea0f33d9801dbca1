#!/usr/bin/env bash
# vnpy_ib 10.45.1.0, the gateway of VeighNa (vn.py) to TWS, gives an order of which 40 of 100 shares are filled the status
# that it had before, NOTTRADED. VeighNa has one for it, PARTTRADED: whoever goes by the status takes the order for
# untouched until the last share is filled.
# Guessed: PARTTRADED, since TWS tells what was filled in the same message.
# Python 3.10 to 3.13, nautilus-ibapi 10.46.1 (IBKR's client as a package) beneath. Output seen:
#   0 of 100 filled: NOTTRADED; 40 of 100 filled: NOTTRADED; 100 of 100 filled: ALLTRADED
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps vnpy==4.4.0 vnpy_ib==10.45.1.0 \
  nautilus-ibapi==10.46.1 protobuf==5.29.5 ta-lib==0.6.8 numpy==2.2.6 tzlocal==5.3.1 loguru==0.7.3
mkdir "$folder/.vntrader"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from ibapi.decoder import Decoder
from vnpy.event import EventEngine
from vnpy.trader.constant import Direction, Exchange, OrderType, Status
from vnpy.trader.object import OrderData, OrderRequest
from vnpy_ib import IbGateway

seen = []


class Gateway(IbGateway):
    def on_order(self, order: OrderData) -> None:
        if order.status is not Status.SUBMITTING:
            seen.append(f"{order.traded:g} of {order.volume:g} filled: {order.status.name}")


gateway = Gateway(EventEngine(), "IB")
api = gateway.api
# As once connected; what would be sent is not.
api.status, api.orderid = True, 6
api.client.placeOrder = lambda *order: None
api.client.reqIds = lambda count: None
gateway.send_order(OrderRequest("8314", Exchange.SMART, Direction.LONG, OrderType.LIMIT, volume=100, price=25.0))
decoder = Decoder(api, 176)
for status, filled, remaining in (("Submitted", "0", "100"), ("Submitted", "40", "60"), ("Filled", "100", "0")):
    message = ("7", status, filled, remaining, "25.0", "71", "0", "25.0", "1", "", "0.0")
    decoder.interpret([field.encode() for field in message], 3)
print("; ".join(seen))
assert hasattr(Status, "PARTTRADED")
assert seen == ["0 of 100 filled: NOTTRADED", "40 of 100 filled: NOTTRADED", "100 of 100 filled: ALLTRADED"]
PYTHON
