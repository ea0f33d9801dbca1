"""The trader's own file from the disk to cells, snapshot, API, CSV and RWVAP, over real sockets."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from psf_monitor.cli import snapshot
from psf_monitor.files import csv_text, save_text
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.timing import MonitorTiming
from psf_monitor.settings import FactsSettings, Settings
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.market.records import SimPrint
from psf_monitor.ui.shell.main_window import MainWindow
from tests.api.client import opened
from tests.conftest import ExpectedErrors
from tests.hammer.running_adapter import QUICK
from tests.support.make_window import delete_window, make_window
from tests.support.records import GUN
from tests.support.sim_servers import running_monitor, settings_for, standing_still
from tests.support.waiting import PATIENCE_S, until

MINE = """PREF IBKR,CMON,COUPON,DIV AMOUNT,EX-DIV DATE,CALL DATE,AVG_ADV,Group
CIM PRB,CIM,8.00%,0.5,09/30/2026,03/30/2024,150,heldff
AGNCN,AGNC,9.547%,0.5967,10/13/2026,n.a.,96200,heldff
MS PRK,MS,5.85%,0.3656,10/01/2026,06/30/2027,,heldkuponlu
"""


def cells(window: MainWindow, symbol: str) -> dict[str, str]:
    """The texts of the first row of a share."""
    window.show_now()
    model = window.positions.model
    line = next(line for at in range(model.shown_count) if (line := model.line(at)).row.symbol == symbol)
    return {column.key: model.cell(line, i).text for i, column in enumerate(model.columns)}


def have_traded(gateways: Gateways) -> None:
    """Five prints of 100 shares at 24.60 and one of 200 at 24.00."""
    security, now = gateways.market.security("CIM PRB"), gateways.market.clock()
    sizes = [(24.60, 100)] * 5 + [(24.00, 200)]
    security.prints.clear()
    for number, (price, size) in enumerate(sizes):
        security.prints.append(SimPrint(now - timedelta(seconds=60 - number), price, size, "NYSE"))


@pytest.mark.usefixtures("qapp")
async def test_that_the_same_facts_are_reported_everywhere(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("ib_insync.client")
    file = tmp_path / "mine.csv"
    file.write_text(MINE, encoding="utf-8")
    async with standing_still() as gateways:
        have_traded(gateways)
        settings = replace(settings_for(gateways), facts=FactsSettings((file,), par=25.0))
        monitor = Monitor(
            settings, gateways.market.clock, timing=MonitorTiming(hammer=QUICK, look_every_s=0.01)
        )
        window = make_window(monitor.book, monitor.links, monitor.clock, fills=monitor.fills)
        async with running_monitor(monitor), opened(monitor, tmp_path) as api:
            monitor.connect_all()
            await until(
                lambda: any(row.rwvap_1d is not None for row in monitor.book.position_rows()), what="RWVAP"
            )
            shown = cells(window, "CIM PRB")
            assert shown["fact:COUPON"] == "8.000%"
            assert shown["current_yield"] == "8.15%"
            assert shown["days_to_ex_dividend"] == "12 d"
            assert shown["days_to_call"] == "passed 902 d"
            # The print of 200 is larger than the average daily volume and left out.
            assert shown["rwvap_1d"] == "24.60"
            body = (await api.get("account/ibkr/positions", params={"symbol": "CIM PRB"})).json()
            reported = body["positions"][0]
            assert reported["facts"]["COUPON"] == 8.0
            assert reported["facts"]["EX-DIV DATE"] == "2026-09-30"
            assert reported["group"] == "heldff"
            assert reported["current_yield"] == pytest.approx(8.1466, abs=1e-4)
            assert (reported["days_to_ex_dividend"], reported["days_to_call"]) == (12, -902)
            agnc = (await api.get("account/ibkr/positions", params={"symbol": "AGNCN"})).json()
            assert agnc["positions"][0]["facts"]["CALL DATE"] == "n.a."
            groups = (await api.get("groups", params={"by": "group"})).json()["groups"]
            assert {group["name"] for group in groups} == {"heldff", "heldkuponlu", "no group"}
            assert saved(window, tmp_path)["CIM PRB"]["COUPON"] == "8"
            assert (await taken(settings, capsys))["CIM PRB"]["facts"] == reported["facts"]

            file.write_text(MINE.replace("8.00%", "8.25%"), encoding="utf-8")
            await until(lambda: cells(window, "CIM PRB")["fact:COUPON"] == "8.250%", what="the saved file")
            file.unlink()
            await until(lambda: monitor.book.facts.known.stale_since, what="the missing file")
            assert cells(window, "CIM PRB")["fact:COUPON"] == "8.250%"
            body = (await api.get("account/ibkr/positions", params={"symbol": "CIM PRB"})).json()
            assert body["positions"][0]["facts_as_of"] is not None
        delete_window(window)


def saved(window: MainWindow, folder: Path) -> dict[str, dict[str, str]]:
    """The table as *Save table as CSV* writes it, with a column of the trader's own."""
    positions = window.positions
    positions.view.header.arrangement.show_column("fact:COUPON", is_wanted=True)
    out = folder / "table.csv"
    save_text(out, [csv_text(positions.export().table())])
    with out.open(newline="", encoding="utf-8-sig") as file:
        return {row["Symbol"]: row for row in csv.DictReader(file)}


async def taken(settings: Settings, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    """The positions of ``psf-monitor snapshot --json``."""
    capsys.readouterr()
    beside = {mode: replace(profile, client_id=9) for mode, profile in settings.ibkr.items()}
    await snapshot.print_snapshot(replace(settings, ibkr=beside), (GUN,), PATIENCE_S)
    answer = json.loads(capsys.readouterr().out)
    return {position["symbol"]: position for position in answer["positions"]}
