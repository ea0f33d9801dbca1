"""PSFALGO's own calls of the local API, each with what its client reads of the answer.

``python -m tests.api.psfalgo_calls`` makes them over simulated servers and prints a table of the answers.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from psf_monitor.connection import deferred_asyncio
from tests.api.client import ApiClient, over_servers
from tests.support.sim_servers import standing_still

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Call:
    """One request: ``path`` below ``/api/psfalgo/``, ``body`` as JSON, the ``status`` of the answer.

    ``answers`` has the expected values of these fields; ``rows`` names the list whose first row is
    meant. A type stands for any value of it.
    """

    method: str
    path: str
    answers: Mapping[str, Any]
    rows: str = ""
    body: Mapping[str, Any] | None = None
    status: int = 200

    def fields_of(self, answer: httpx.Response) -> dict[str, Any]:
        """Return the named fields as they were answered; ``KeyError`` for one that is not there."""
        found = answer.json()
        row = found[self.rows][0] if self.rows else found
        return {name: row[name] for name in self.answers}

    def is_as_expected(self, answer: httpx.Response) -> bool:
        reported = self.fields_of(answer)
        return answer.status_code == self.status and all(
            isinstance(reported[name], meant) if isinstance(meant, type) else reported[name] == meant
            for name, meant in self.answers.items()
        )

    def line(self, answer: httpx.Response) -> str:
        """A line of the table."""
        text = f" `{json.dumps(self.body)}`" if self.body else ""
        reported = ", ".join(f"{name} {_short(value)}" for name, value in self.fields_of(answer).items())
        first = f"first of {self.rows}: " if self.rows else ""
        return f"| {self.method} | `{self.path}`{text} | {answer.status_code} | {first}{reported} |"


ACCOUNT_SELECTOR = (
    Call(
        "GET", "account/mode", {"mode": "HAMMER_PRO", "ibkr_gun_connected": True, "ibkr_ped_connected": True}
    ),
    Call("POST", "account/ibkr/disconnect", {"success": True}, body={"account_type": "IBKR_PED"}),
    Call("GET", "account/mode", {"ibkr_gun_connected": True, "ibkr_ped_connected": False}),
    Call(
        "POST",
        "account/mode?mode=IBKR_PED&auto_connect=true",
        {"old_mode": "HAMMER_PRO", "new_mode": "IBKR_PED", "connected": True, "connection_error": None},
    ),
    Call("GET", "account/ibkr/status", {"active_account": "IBKR_PED", "IBKR_GUN": dict, "IBKR_PED": dict}),
    Call("POST", "account/mode", {"new_mode": "HAMMER_PRO"}, body={"mode": "HAMPRO", "auto_connect": True}),
    Call("POST", "account/mode", {"new_mode": "HAMMER_PRO"}, body={"mode": "HAMMER_PRO"}),
    Call("GET", "account/ibkr/status", {"active_account": None}),
    Call("POST", "account/hammer/disconnect", {"success": True, "connected": False}),
    Call("GET", "account/hammer/status", {"connected": False}),
    Call("POST", "account/hammer/connect", {"success": True, "connected": True, "befday_tracked": None}),
    Call("GET", "account/hammer/status", {"connected": True, "message": "HAMMER is connected."}),
)
READING = (
    Call(
        "GET",
        "account/ibkr/positions?account_type=IBKR_GUN",
        {"symbol": str, "qty": float, "avg_price": float, "account": "U1240821"},
        rows="positions",
    ),
    Call(
        "GET", "account/ibkr/positions/CIM PRB", {"symbol": "CIM PRB", "prev_close": 24.47}, rows="positions"
    ),
    Call("GET", "account/ibkr/positions?symbol=CIM PRB", {"symbol": "CIM PRB"}, rows="positions"),
    Call(
        "GET",
        "account/ibkr/orders?account_type=IBKR_GUN",
        {"action": str, "price": float, "side": str, "limit_price": float, "strategy_tag": None},
        rows="orders",
    ),
    Call(
        "GET",
        "account/ibkr/summary?account_type=IBKR_PED",
        {"net_liquidation": float, "account_type": "IBKR_PED"},
        rows="summaries",
    ),
    Call("POST", "account/mode?mode=IBKR_GUN", {"new_mode": "IBKR_GUN", "connected": True}),
    Call(
        "GET",
        "position/snapshot?symbol=CIM PRB",
        {
            "price_status": "OK",
            "prev_close": 24.47,
            "potential_qty": float,
            "befday_qty": None,
            "lt_qty": None,
        },
        rows="positions",
    ),
)
REFUSED = (
    Call(
        "GET",
        "account/ibkr/positions?account=IBKR_PED",
        {"what": "'account' in the query is not known.", "detail": str},
        status=422,
    ),
    Call(
        "GET", "account/ibkr/positions/XYZ", {"what": "IBKR_GUN holds no 'XYZ'.", "detail": str}, status=404
    ),
    Call("POST", "account/mode?mode=IBKR_GUM", {"detail": str}, status=400),
    Call("POST", "account/ibkr/disconnect", {"success": True}, body={"account_type": "IBKR_PED"}),
    Call("GET", "account/ibkr/positions?account_type=IBKR_PED", {"what": str, "detail": str}, status=503),
)
STORIES: Mapping[str, tuple[Call, ...]] = {
    "account selector": ACCOUNT_SELECTOR,
    "reading": READING,
    "refused": REFUSED,
}


async def answers(api: ApiClient, calls: tuple[Call, ...]) -> list[tuple[Call, httpx.Response]]:
    """Make the calls one after the other."""
    made = []
    for call in calls:
        ask = api.get if call.method == "GET" else api.post
        body = {} if call.body is None else {"json": call.body}
        made.append((call, await ask(call.path, **body)))
    return made


async def table(folder: Path) -> list[str]:
    """Return the lines of the table, each story over servers of its own."""
    lines = ["| method | path | status | answer |", "| --- | --- | --- | --- |"]
    for number, calls in enumerate(STORIES.values()):
        async with standing_still() as gateways, over_servers(gateways, folder / str(number)) as api:
            lines += [call.line(answer) for call, answer in await answers(api, calls)]
    return lines


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    """Print the table."""

    async def run(folder: Path) -> None:
        deferred_asyncio.set_running_loop()
        for line in await table(folder):
            write(f"{line}\n")

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(run(Path(name)))


if __name__ == "__main__":
    main()
