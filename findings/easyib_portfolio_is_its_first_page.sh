#!/usr/bin/env bash
# The Web API of IBKR tells positions in pages of 100. get_portfolio of easyib 0.2.5 "returns portfolio of the selected
# account", asks for the first page and no other, and says of nothing that it was left out. It puts the cash in under the
# name USD, over 400 shares of the fund that is traded as USD.
# Guessed: all positions, page after page.
# Python 3.10 to 3.13. Output seen: "held 101 positions; told 100, the last one among them: False; USD is 1500.25".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check easyib==0.2.5 requests==2.32.5
"$folder/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from easyib import REST

HELD = [{"contractDesc": "USD", "position": 400.0}]
HELD += [{"contractDesc": f"KEY PR{number}", "position": 100.0} for number in range(100)]
ANSWERS = {
    "/v1/api/portfolio/accounts": [{"accountId": "DU1234567"}],
    "/v1/api/portfolio/DU1234567/ledger": {"USD": {"cashbalance": 1500.25}},
    "/v1/api/portfolio/DU1234567/positions/0": HELD[:100],
    "/v1/api/portfolio/DU1234567/positions/1": HELD[100:],
}


class Gateway(BaseHTTPRequestHandler):
    """The far side: what it is not asked for in these words it does not know."""

    def do_GET(self) -> None:
        told = ANSWERS.get(self.path)
        self.send_response(404 if told is None else 200)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
threading.Thread(target=server.serve_forever, daemon=True).start()
portfolio = REST(url=f"http://127.0.0.1:{server.server_port}").get_portfolio()
server.shutdown()
has_last = HELD[-1]["contractDesc"] in portfolio
print(f"held {len(HELD)} positions; told {len(portfolio)}, the last one among them: {has_last}; "
      f"USD is {portfolio['USD']}")
assert len(portfolio) == 100 and not has_last
assert portfolio["USD"] == 1500.25
PYTHON
