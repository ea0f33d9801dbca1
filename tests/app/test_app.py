"""The whole product: both servers, the real window, one Qt event loop, and a trader who clicks."""

import socket
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import keyring
import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from psf_monitor.app.run_window import log_qt_message
from psf_monitor.app.services import MonitorService
from psf_monitor.cli.options.shared_options import SCENARIOS
from psf_monitor.domain.account import AccountMode
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.runtime.wire_recording import WireRecording
from psf_monitor.settings import ApiSettings, HammerProfile, IbkrProfile, Settings, SettingsError, load
from psf_monitor.sim.demo import Gateways
from psf_monitor.ui.connections.check_dialog import CheckDialog
from tests.api.client import client_at
from tests.app.running_window import Trader, in_qt, with_running_window
from tests.conftest import ExpectedErrors
from tests.files.test_files import Holder
from tests.support.records import GUN, PED
from tests.support.waiting import PROCESS_PATIENCE_S, until
from tests.ui.service import ClosedApi

HAMMER = AccountMode.HAMMER_PRO


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs a lost line as an error of its own."""
    expected_errors.allow("ib_insync.client")


def test_that_a_trader_sees_the_market_move_and_clicks_away_and_back(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        market = gateways.market
        assert {trader.button(mode) for mode in trader.window.links_panel.cards} == {"Connect"}
        assert trader.rows(trader.window.positions) == []
        await trader.connect_all()
        assert len(trader.rows(trader.window.positions)) == 20
        assert len(trader.rows(trader.window.orders)) == 8
        assert trader.position("CIM PRB")["quantity"] == "3,000"

        market.set_quote("CIM PRB", bid=24.70, ask=24.80, last=24.75)
        await until(lambda: trader.position("CIM PRB")["last"] == "24.75", what="the new price")
        assert trader.position("CIM PRB")["market_value"] == "74,250"

        order = next(o for o in market.orders.values() if o.order_id == 1043)
        market.fill_order(order.perm_id, 400, 24.52)
        await until(lambda: trader.order("1043").get("filled") == "400", what="the fill")
        await until(lambda: trader.order("1043").get("remaining") == "600", what="what remains")
        await until(lambda: trader.position("CIM PRB")["quantity"] == "3,400", what="the shares")

        trader.click(GUN)
        await until(lambda: trader.state(GUN) == "Not connected")
        assert trader.button(GUN) == "Connect"
        await until(lambda: {r["account"] for r in trader.rows(trader.window.positions)} == {"PED"})
        trader.click(GUN)
        await until(lambda: trader.position("CIM PRB").get("quantity") == "3,400", what="the rows again")
        await until(lambda: trader.order("1043").get("filled") == "400", what="the order again")

    with_running_window(qapp, day)


def test_that_without_hammer_prices_are_marked_old_and_positions_stay(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        await trader.connect_all()
        await gateways.hammer.stop()
        model = trader.window.positions.model
        last = next(i for i, column in enumerate(model.columns) if column.key == "last")

        def is_marked_old() -> bool:
            place = next(i for i in range(model.rowCount()) if model.line(i).row.symbol == "CIM PRB")
            return model.cell(model.line(place), last).is_struck

        await until(is_marked_old, what="the struck price")
        assert trader.position("CIM PRB")["quantity"] == "3,000"
        assert trader.position("CIM PRB")["last"] == "24.55"
        await until(lambda: trader.window.positions.chip.text == "ALL QUOTES FROZEN")

    with_running_window(qapp, day)


def test_that_a_price_of_tws_changes_nothing_even_if_it_comes_unasked(
    qapp: QApplication, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync.wrapper")

    async def day(trader: Trader, gateways: Gateways) -> None:
        await trader.connect_all()
        await until(lambda: trader.position("CIM PRB")["prev_close"] == "24.47", what="all of the quote")
        before = trader.position("CIM PRB")
        for request_id in range(-1, 40):
            for kind in (1, 2, 4, 9):  # bid, ask, last, close
                gateways.gun.send(1, 6, request_id, kind, 99.99, 100, 0)
        # Later messages of TWS are read only after them.
        order = next(o for o in gateways.market.orders.values() if o.order_id == 1043)
        gateways.market.fill_order(order.perm_id, 400, 24.55)
        await until(lambda: trader.position("CIM PRB")["quantity"] == "3,400", what="the shares")
        after = trader.position("CIM PRB")
        hammers = ("bid", "ask", "last", "prev_close", "change")
        assert {key: after.get(key) for key in hammers} == {key: before.get(key) for key in hammers}
        assert "99.99" not in str(trader.rows(trader.window.positions) + trader.rows(trader.window.orders))

    with_running_window(qapp, day)


def test_that_without_tws_rows_stay_marked_old_with_the_time(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        await trader.connect_all()
        await gateways.gun.stop()
        await until(lambda: trader.state(GUN).startswith("Reconnecting"))
        model = trader.window.positions.model
        gun = [row for row in model.rows() if row.mode is GUN]
        assert len(gun) == 12
        assert all(row.stale_since for row in gun)
        assert "Lost " in trader.window.links_panel.cards[GUN].face.content.detail  # type: ignore[union-attr]

    with_running_window(qapp, day)


def test_that_an_error_in_a_click_is_logged_and_reported_and_the_window_stays(
    qapp: QApplication, expected_errors: ExpectedErrors, caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.allow("psf_monitor.app")
    before = sys.excepthook

    async def day(trader: Trader, _gateways: Gateways) -> None:
        error = ZeroDivisionError("in a slot")
        sys.excepthook(ZeroDivisionError, error, None)
        assert "something failed inside" in trader.window.status.news.text
        assert trader.window.isVisible()

    with_running_window(qapp, day)
    (record,) = [each for each in caplog.records if each.name == "psf_monitor.app.build_window"]
    assert record.exc_info is not None
    assert sys.excepthook is before


def test_that_a_changed_port_counts_from_the_next_connect_on(qapp: QApplication, tmp_path: Path) -> None:
    async def story() -> None:
        settings = Settings(
            ibkr={GUN: IbkrProfile(GUN, "127.0.0.1", 4001, 11)}, hammer=HammerProfile("127.0.0.1", 16400)
        )
        monitor = Monitor(settings)
        service = MonitorService(
            monitor, tmp_path / "settings.toml", monitor.clock, ClosedApi(), WireRecording(monitor, tmp_path)
        )
        service.change(GUN, {"port": 7497, "expects": "paper"}, "")
        assert service.settings.ibkr[GUN].port == 7497
        assert service.settings.ibkr[GUN].client_id == 11
        assert service.expects_paper[GUN]
        assert monitor.links[GUN].status.endpoint == "127.0.0.1:7497"
        assert (tmp_path / "settings.toml").read_text() == '[ibkr.gun]\nport = 7497\nexpects = "paper"\n'
        service.change(HAMMER, {"host": "pc"}, "")
        assert service.settings.hammer.host == "pc"
        with pytest.raises(SettingsError):
            service.change(GUN, {"port": 0}, "")
        assert service.settings.ibkr[GUN].port == 7497

    in_qt(qapp, story)


def test_that_the_window_hears_what_settings_toml_has_in_place_of_what_is_in_use(
    qapp: QApplication, tmp_path: Path
) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[ibkr.gun]\nport = 7497\n[hammer]\nhost = "pc"\n')

    async def story() -> None:
        monitor = Monitor(load(path=file, environment={}, dotenv=tmp_path / ".env", password=str))
        service = MonitorService(monitor, file, monitor.clock, ClosedApi(), WireRecording(monitor, tmp_path))
        assert [service.changed_in_file(mode) for mode in (GUN, PED, HAMMER)] == [{}, {}, {}]
        service.change(GUN, {"client_id": 75}, "")
        assert service.changed_in_file(GUN) == {}
        file.write_text('[ibkr.gun]\nport = 41999\nexpects = "paper"\n[hammer]\nreconnect = false\n')
        assert service.changed_in_file(GUN) == {"port": "41999", "client_id": "71", "expects": "paper"}
        assert service.changed_in_file(PED) == {}
        assert service.changed_in_file(HAMMER) == {"host": "127.0.0.1", "reconnect": "false"}
        file.write_text('[ibkr.gun]\nport = "x"\n')
        with pytest.raises(SettingsError, match="port"):
            service.changed_in_file(GUN)

    in_qt(qapp, story)


@pytest.mark.parametrize("what_refuses", ["the credential store", "the file"])
def test_that_the_password_and_the_settings_file_are_both_saved_or_neither(
    what_refuses: str, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = ["before"]

    def set_password(_service: str, _name: str, password: str) -> None:
        if what_refuses == "the credential store":
            raise RuntimeError("Access is denied.")
        stored[0] = password

    monkeypatch.setattr(keyring, "get_password", lambda _service, _name: stored[0])
    monkeypatch.setattr(keyring, "set_password", set_password)
    file = tmp_path / "settings.toml"
    file.write_text('[hammer]\nhost = "old"\n')
    if what_refuses == "the file":
        Holder(Path.replace, 10**6).before(monkeypatch, "replace")

    async def story() -> None:
        monitor = Monitor(Settings(ibkr={}, hammer=HammerProfile("old", 16400, "before")))
        service = MonitorService(monitor, file, monitor.clock, ClosedApi(), WireRecording(monitor, tmp_path))
        with pytest.raises(SettingsError, match=r"Access is denied|another program has it open"):
            service.change(HAMMER, {"host": "new"}, "secret")
        assert file.read_text() == '[hammer]\nhost = "old"\n'
        assert stored == ["before"]
        assert (service.settings.hammer.host, service.settings.hammer.password) == ("old", "before")

    in_qt(qapp, story)


def test_that_the_window_hears_what_is_wrong_with_the_table_of_symbols(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def story() -> None:
        table = tmp_path / "symbols.csv"
        table.write_text("AGNCM,AGNC-M\nSPY\n", encoding="utf-8")
        settings = Settings(
            ibkr={GUN: IbkrProfile(GUN, "127.0.0.1", 4001, 11)},
            hammer=HammerProfile("127.0.0.1", 16400),
            symbols=table,
        )
        monitor = Monitor(settings)
        service = MonitorService(monitor, None, monitor.clock, ClosedApi(), WireRecording(monitor, tmp_path))
        assert service.symbol_problems == ("line 2: has no HAMMER symbol for SPY.",)

    in_qt(qapp, story)


def test_that_the_windows_check_tries_the_real_connections(qapp: QApplication) -> None:
    async def day(trader: Trader, _gateways: Gateways) -> None:
        trader.window.controllers.connections.check([HAMMER])
        (dialog,) = trader.window.findChildren(CheckDialog)
        await until(lambda: dialog.summary.text() != "Trying…", what="the end of the check")
        assert dialog.summary.text() == "Everything is ok.", dialog.text()
        dialog.close()
        # A test that still runs when the window closes is stopped with it.
        trader.window.controllers.connections.check([GUN])

    with_running_window(qapp, day)


def test_that_the_windows_check_finds_nothing_wrong_with_connections_that_are_up(qapp: QApplication) -> None:
    async def day(trader: Trader, _gateways: Gateways) -> None:
        await trader.connect_all()
        trader.window.menus.check.trigger()
        (dialog,) = trader.window.findChildren(CheckDialog)
        await until(lambda: dialog.summary.text() != "Trying…", what="the end of the check")
        assert dialog.summary.text() == "Everything is ok.", dialog.text()
        assert dialog.text().count(": a spare one, this window holds ") == 2
        assert all("Disconnect" in card.button.text() for card in trader.window.links_panel.cards.values())
        dialog.close()

    with_running_window(qapp, day)


def test_that_other_programs_read_what_the_window_shows_at_the_same_moment(qapp: QApplication) -> None:
    async def day(trader: Trader, gateways: Gateways) -> None:
        await trader.connect_all()
        trader.window.menus.local_api.trigger()
        dialog = trader.window.controllers.api.dialog
        assert dialog is not None
        await until(lambda: dialog.address.text().startswith("http://127.0.0.1:"), what="the open API")
        dialog.copy_token.click()
        token = QApplication.clipboard().text()

        def shows(price: float) -> bool:
            return trader.position("CIM PRB")["last"] == f"{price:.2f}"

        address = f"{dialog.address.text()}/api/psfalgo/"
        async with client_at(address, Authorization=f"Bearer {token}") as client:

            async def held() -> list[dict[str, Any]]:
                found: list[dict[str, Any]] = []
                for mode in (GUN, PED):
                    answer = await client.get("account/ibkr/positions", params={"account_type": mode.value})
                    found += answer.json()["positions"]
                return found

            async with client.stream("GET", "stream") as stream:
                events = aiter(stream.aiter_lines())
                assert (await anext(events)).startswith("id: ")
                for price in (24.70, 24.40, 24.90):
                    gateways.market.set_quote("CIM PRB", bid=price - 0.05, ask=price + 0.05, last=price)
                    await until(partial(shows, price), what="the new price")
                    fields = {(p["account_type"], p["symbol"]): p for p in await held()}
                    trader.window.show_now()
                    rows = [line.row for line in map(trader.window.positions.model.line, range(20))]
                    assert {(row.mode.value, row.symbol) for row in rows} == fields.keys()
                    for row in rows:
                        record = fields[row.mode.value, row.symbol]
                        assert (record["qty"], record["current_price"]) == (row.quantity, row.mark)
                        assert (record["bid"], record["ask"]) == (row.bid, row.ask)
                        assert record["unrealized_pnl"] == row.unrealized_pnl
                        assert record["market_value"] == row.market_value

    with_running_window(qapp, day, api=ApiSettings(enabled=True, port=0))


def test_that_a_window_works_without_an_api_that_cannot_start_and_reports_it(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async def day(trader: Trader, _gateways: Gateways) -> None:
            trader.window.menus.local_api.trigger()
            dialog = trader.window.controllers.api.dialog
            assert dialog is not None
            await until(lambda: f"Port {port} of 127.0.0.1 cannot be opened" in dialog.status.text())
            await trader.connect_all()

        with_running_window(qapp, day, api=ApiSettings(enabled=True, port=port))
    texts = [each for each in caplog.messages if "The local API did not start" in each]
    assert len(texts) == 1


def run_demo(
    tmp_path: Path, *arguments: str, program: tuple[str, ...] = ("-m", "psf_monitor")
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *program, "--demo", *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PROCESS_PATIENCE_S,
    )


EVERY_SCENARIO = """
import sys
from psf_monitor.cli.main import main
from psf_monitor.cli.options.shared_options import SCENARIOS
ends = {each: main([*sys.argv[1:], "--scenario", each, "--screenshot", f"{each}.png"]) for each in SCENARIOS}
sys.exit(f"not all is well: {ends}" if any(ends.values()) else 0)
"""


def test_that_the_demo_takes_a_picture_of_every_scenario_and_ends(tmp_path: Path) -> None:
    how = ("--after", "0.2", "--size", "1000x600")
    done = run_demo(tmp_path, *how, program=("-c", EVERY_SCENARIO))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Traceback" not in done.stderr
    for scenario in SCENARIOS:
        picture = QImage(str(tmp_path / f"{scenario}.png"))
        assert (scenario, picture.width(), picture.height()) == (scenario, 1000, 600)


def test_that_the_picture_can_be_scaled_covered_and_signed(tmp_path: Path) -> None:
    how = ("--size", "1000x600", "--scale", "1.5", "--footer", "--hide-values")
    done = run_demo(tmp_path, "--screenshot", "shot.png", "--after", "0.2", *how)
    assert done.returncode == 0, done.stderr
    assert "This plugin does not support" not in done.stderr
    picture = QImage(str(tmp_path / "shot.png"))
    # The line under it takes two.
    assert (picture.width(), picture.height()) == (1500, 966)


def test_that_qts_messages_without_a_screen_are_passed_on_except_those_about_screens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for text in ("This plugin does not support propagateSizeHints()", "QPainter::begin: no device"):
        log_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), text)
    assert capsys.readouterr().err == "QPainter::begin: no device\n"


def test_that_a_picture_that_cannot_be_saved_is_reported(tmp_path: Path) -> None:
    done = run_demo(tmp_path, "--screenshot", "missing/shot.png", "--after", "0")
    assert done.returncode == 2
    assert "--screenshot: 'missing/shot.png': there is no folder 'missing'" in done.stderr
