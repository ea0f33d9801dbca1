#!/usr/bin/env bash
# IBKR's Web API asks before it takes an order: one question, with one message or several. ibind 0.2.2 compares the first
# message alone with the answers that it was given, and confirms the whole question. An order of which the trader accepts
# the price, and does not accept the size, is confirmed where the size is the second message; where it is the first, the
# order is refused. That there were two messages is a line of the log.
# Guessed: a question is confirmed when each of its messages was answered yes.
# Python 3.10 to 3.13, a gateway of its own on this machine. Output seen, of price: yes, size: no:
#   told of price, size: confirmed True, Submitted; told of size, price: not confirmed, RuntimeError
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
from ibind.client.ibkr_utils import OrderRequest, QuestionType

MESSAGES = {
    "price": "The following order BUY 650 KEY PRK @ 27.5 price exceeds the Percentage constraint of 3%.",
    "size": "The following order BUY 650 KEY PRK size exceeds the Size Limit of 500.",
}
ANSWERS = {QuestionType.PRICE_PERCENTAGE_CONSTRAINT: True, QuestionType.ORDER_SIZE_LIMIT: False}
asked: list[str] = []
replies: list[bool] = []


class Gateway(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/reply/" in self.path:
            replies.append(told["confirmed"])
            answer = [{"order_id": "1", "order_status": "Submitted"}]
        else:
            answer = [{"id": "q1", "message": [MESSAGES[each] for each in asked], "isSuppressed": False}]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


gateway = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=gateway.serve_forever, daemon=True).start()
client = IbkrClient(url=f"http://127.0.0.1:{gateway.server_port}/v1/api/", timeout=30)
order = OrderRequest(conid=901, side="BUY", quantity=650, order_type="LMT", price=27.5, tif="DAY", acct_id="DU1234567")
seen = []
for told in (["price", "size"], ["size", "price"]):
    asked[:] = told
    replies.clear()
    try:
        outcome = client.place_order(order, ANSWERS, "DU1234567").data["order_status"]
    except RuntimeError as error:
        outcome = type(error).__name__
    confirmed = f"confirmed {replies[0]}" if replies else "not confirmed"
    seen.append(f"told of {', '.join(told)}: {confirmed}, {outcome}")
line = "; ".join(seen)
print(line)
gateway.shutdown()
assert line == ("told of price, size: confirmed True, Submitted; "
                "told of size, price: not confirmed, RuntimeError")
PYTHON
