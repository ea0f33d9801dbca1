#!/usr/bin/env bash
# ibind 0.2.2, a client of IBKR's Web API, repeats what has no answer within its timeout (10 seconds), three times unless
# told otherwise. It does so with POST as with GET: an order that the gateway took, and confirmed late, is sent again, with
# nothing in it that tells that it is the same. What place_order() gives back is the answer to the last.
# Guessed: questions are repeated; an order is sent once, and a missing answer is an error.
# Python 3.10 to 3.13, a gateway of its own on this machine. Output seen: "1 call of place_order: the gateway got it twice;
# answer: order 2".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ibind==0.2.2
IBIND_LOGS_DIR="$folder" IBIND_LOG_TO_CONSOLE=False "$folder/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ibind import IbkrClient
from ibind.client.ibkr_utils import OrderRequest

orders = []
came_again = threading.Event()


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        orders.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        number = len(orders)
        if number == 1:
            # The order is taken, its confirmation is late.
            came_again.wait(30)
            return
        came_again.set()
        answer = json.dumps([{"order_id": str(number), "order_status": "Submitted"}]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_) -> None:
        pass


gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
client = IbkrClient(url=f"http://127.0.0.1:{gateway.server_port}/v1/api/", timeout=3)
order = OrderRequest(
    conid=8314, side="BUY", quantity=100, order_type="LMT", price=20.5, tif="DAY", acct_id="DU1234567"
)
answer = client.place_order(order, {}, "DU1234567").data
print(f"1 call of place_order: the gateway got it {'twice' if len(orders) == 2 else len(orders)}; "
      f"answer: order {answer['order_id']}")
assert len(orders) > 1
assert all(each == orders[0] for each in orders)
gateway.shutdown()
PYTHON
