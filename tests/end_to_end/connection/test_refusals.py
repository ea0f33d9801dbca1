"""Why a connection did not come about, or was ended: on the card, in the snapshot and the check."""

import asyncio
import errno
import logging
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from psf_monitor.check import runner
from psf_monitor.check.steps import Outcome, Step
from psf_monitor.check.timing import CheckTiming
from psf_monitor.cli import snapshot
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from tests.conftest import ExpectedErrors
from tests.end_to_end.connection.connection_texts import HELD_BY_TWO, api, bannered, banners, card, notice
from tests.support.all_outputs import all_outputs, snapshot_in_vain
from tests.support.records import GUN
from tests.support.scripted_product import POLLING, scripted
from tests.support.waiting import LIMIT_S, PATIENCE_S, until, until_in_vain

pytestmark = pytest.mark.usefixtures("qapp")


# While connecting.

PASSING = [
    (10141, "Paper trading disclaimer must first be accepted for API connection."),
    (507, "Bad Message Length"),
]


LASTING = [
    (10283, "This API client is too old."),
    (503, "The TWS is out of date and must be upgraded."),
]


OTHERS = [(501, "Already Connected."), (7777, "Not on a Sunday.")]


@pytest.mark.parametrize(("code", "text"), [*LASTING, *OTHERS])
async def test_that_the_window_repeats_why_tws_closes_the_line(code: int, text: str) -> None:
    async with scripted({"turns_away": [notice(code, text)]}, has_window=True) as product:
        product.monitor.links[GUN].connect()
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.FAILED)
        assert text.rstrip(".") in bannered(product)
        assert f"({code})" in bannered(product)
        assert str(code) in card(product)
        assert text.rstrip(".") in card(product)
        assert text.rstrip(".") in (api(product).error or "")
        assert "Trusted IPs" not in bannered(product)


@pytest.mark.parametrize(("code", "text"), PASSING)
async def test_that_a_temporary_refusal_is_retried(code: int, text: str) -> None:
    async with scripted({**HELD_BY_TWO, "turns_away": [notice(code, text)]}, has_window=True) as product:
        product.monitor.links[GUN].connect()
        await until(lambda: product.monitor.links[GUN].status.attempt >= 2)
        assert text.rstrip(".") in bannered(product)
        assert f"({code})" in bannered(product)
        assert "is not connected yet" in bannered(product)
        assert text.rstrip(".") in (api(product).error or "")
        product.tws.turns_away = []
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.READY)
        assert api(product).error is None


@pytest.mark.parametrize(("code", "text"), [*PASSING, *LASTING])
async def test_that_the_snapshot_repeats_why_tws_closes_the_line(
    code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with scripted({"turns_away": [notice(code, text)]}) as product:
        err = await snapshot_in_vain(product.monitor.settings, "TWS closed the line.", capsys)
        assert err.startswith("psf-monitor: IBKR_GUN: TWS closed the line.")
        assert text.rstrip(".") in err
        assert f"({code})" in err


@pytest.mark.parametrize(("code", "text"), [*PASSING, *LASTING, *OTHERS])
async def test_that_the_check_repeats_why_tws_closes_the_line(code: int, text: str) -> None:
    async with scripted({"turns_away": [notice(code, text)]}) as product:
        steps: list[Step] = []
        await runner.run(product.monitor.settings, (GUN,), steps.append, timing=CheckTiming(PATIENCE_S))
        (failed,) = [step for step in steps if step.outcome is Outcome.FAILED]
        assert failed.name == "handshake"
        assert text.rstrip(".") in failed.explanation
        assert f"({code})" in failed.explanation


async def test_that_a_line_that_tws_ends_with_a_reason_names_it(caplog: pytest.LogCaptureFixture) -> None:
    async with scripted(HELD_BY_TWO) as product:
        await product.connect()
        with caplog.at_level(logging.WARNING, "psf_monitor"):
            product.tws.send(notice(100, "Max rate of messages per second has been exceeded."))
            product.tws.close_all()
            await until(lambda: any("TWS closed the line" in r.getMessage() for r in caplog.records))
        (reported,) = [r.getMessage() for r in caplog.records if "TWS closed the line" in r.getMessage()]
        assert "Max rate of messages" in reported
        assert reported.endswith("(100)")


@pytest.mark.parametrize(
    ("reported", "read"),
    [
        ("Error validating request.-'bD' : cause - The API interface is currently in Read-Only mode.", ""),
        ("Fehler.-'bD' : cause - Die API ist im schreibgesch\\u00fctzten Modus.", "schreibgeschützten"),
        ("\\u9519\\u8bef: API \\u63a5\\u53e3\\u4e3a\\u53ea\\u8bfb\\u6a21\\u5f0f", "只读模式"),
    ],
)
@pytest.mark.parametrize("request_id", [-1, 2**31 - 1])
async def test_that_read_only_api_is_known_in_every_language(
    reported: str, read: str, request_id: int
) -> None:
    async with scripted(
        HELD_BY_TWO, timing=replace(POLLING, answer_s=PATIENCE_S), has_window=True
    ) as product:
        del product.tws.answers["16"]
        product.monitor.links[GUN].connect()
        await until(lambda: product.tws.asked(16))
        product.tws.send(f"4|2|{request_id}|321|{reported}|")
        await until(lambda: "Read-Only API" in bannered(product))
        assert read in bannered(product)
        assert "(321)" in (api(product).error or "")


async def test_that_the_snapshot_names_the_connection_that_failed(capsys: pytest.CaptureFixture[str]) -> None:
    async with scripted(HELD_BY_TWO) as product:
        hammer = structs.replace(product.monitor.settings.hammer, password="not the one")
        settings = structs.replace(product.monitor.settings, hammer=hammer)
        assert await snapshot.print_snapshot(settings, (GUN,), PATIENCE_S) == snapshot.FAILED
        assert capsys.readouterr().err.startswith("psf-monitor: HAMMER: Hammer Pro refused the password.")


async def test_that_the_snapshot_explains_why_a_connection_is_tried_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted(HELD_BY_TWO) as product:
        product.tws.hold()
        product.hammer.turns_away = "too many clients"
        reported = await snapshot_in_vain(product.monitor.settings, "too many clients", capsys)
        assert reported.startswith("psf-monitor: HAMMER: Hammer Pro did not let psf_monitor in.")


# A host with several addresses.


@pytest.fixture
def localhost_has_two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(_host: str, port: int, *_args: object, **_more: object) -> list[Any]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in ("127.0.0.1", "127.0.0.2")]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.usefixtures("localhost_has_two_addresses")
async def test_that_a_silent_host_with_two_addresses_is_reported_like_one_with_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted({}, has_window=True) as product:
        nobody = socket.create_server(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        nobody.close()
        settings = structs.replace(
            product.monitor.settings,
            ibkr={
                mode: structs.replace(profile, host="localhost", port=port)
                for mode, profile in product.monitor.settings.ibkr.items()
            },
            hammer=structs.replace(product.monitor.settings.hammer, host="localhost", port=port),
        )
        product.monitor.reconfigure(settings)
        for link in product.monitor.links.values():
            link.connect()
        await until(
            lambda: {link.status.state for link in product.monitor.links.values()} == {LinkState.FAILED}
        )
        text = bannered(product)
        assert f"Nothing answers at localhost:{port}" in str(product.monitor.links[GUN].status.problem)
        hammer = product.monitor.links[AccountMode.HAMMER_PRO].status.problem
        assert f"Hammer Pro does not answer at localhost:{port}" in str(hammer)
        assert "Multiple exceptions" not in text
        assert await snapshot.print_snapshot(settings, (GUN,), PATIENCE_S) == snapshot.FAILED
        assert "Multiple exceptions" not in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="another system may try to reach this address")
async def test_that_an_unreachable_computer_is_reported_as_such_on_both_sides() -> None:
    async with scripted({}) as product:
        nowhere: dict[str, Any] = {"host": "255.255.255.255", "port": 7497}
        old = product.monitor.settings
        ibkr = {mode: structs.replace(profile, **nowhere) for mode, profile in old.ibkr.items()}
        product.monitor.reconfigure(
            structs.replace(old, ibkr=ibkr, hammer=structs.replace(old.hammer, **nowhere))
        )
        for mode in (GUN, AccountMode.HAMMER_PRO):
            link = product.monitor.links[mode]
            link.connect()
            await until(lambda link=link: link.status.state is LinkState.FAILED)  # type: ignore[misc]
            assert str(link.status.problem) == (
                "255.255.255.255:7497 cannot be reached. The system says: Network is unreachable. "
                "Check the network and the address, then Connect again."
            )


async def test_that_a_firewall_that_lets_nothing_out_is_not_taken_for_a_program_that_does_not_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def connect(*_args: object, **_more: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    async with scripted({}) as product:
        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", connect)
        for mode in (GUN, AccountMode.HAMMER_PRO):
            link = product.monitor.links[mode]
            link.connect()
            await until(lambda link=link: link.status.state is LinkState.FAILED)  # type: ignore[misc]
            assert "cannot be reached. The system says: Permission denied." in str(link.status.problem)


# What TWS refuses on an open connection.


async def test_that_account_values_that_tws_refuses_are_unknown_and_explain_why(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("ib_insync.wrapper")
    sentence = "Maximum number of account summary requests exceeded"
    often = replace(POLLING, ask_again_s=0.02)
    async with scripted({**HELD_BY_TWO}, timing=often, has_window=True) as product:
        product.tws.refusals["62"] = (322, sentence)
        product.monitor.links[GUN].connect()
        await until(lambda: sentence in bannered(product))
        assert "Other programs use the summaries that TWS has" in bannered(product)
        assert sentence in (api(product).error or "")
        assert product.monitor.book.strip(GUN).net_liquidation is None
        product.tws.refusals.clear()
        await until(lambda: product.monitor.book.strip(GUN).net_liquidation == 250_000.0)
        assert banners(product) == []
        assert api(product).error is None


LIMITED = replace(POLLING, answer_s=LIMIT_S, ask_again_s=0.02)
READ_ONLY = (
    321,
    "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode.",
)
NOT_LOGGED_IN = (320, "Error reading request. The login is not finished.")


@pytest.mark.parametrize(("code", "sentence"), [READ_ONLY, NOT_LOGGED_IN])
async def test_that_positions_that_tws_refuses_are_unknown_and_explain_why(
    code: int,
    sentence: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("ib_insync.wrapper")
    async with all_outputs(HELD_BY_TWO, tmp_path, capsys, timing=LIMITED, has_window=True) as reported:
        product = reported.product
        product.tws.refusals["61"] = (code, sentence)
        product.monitor.links[GUN].connect()
        # As soon as it is reported, although the list is still awaited.
        await until(lambda: sentence in bannered(product))
        assert "Positions are not available for IBKR_GUN" in bannered(product)
        assert f"{sentence} They are asked for again" in bannered(product)
        assert sentence in product.window.positions.frame.empty.shown.steps[0]
        assert sentence in (await reported.status())["error"]
        refused = await reported.api.get("account/ibkr/positions", params={"account_type": "IBKR_GUN"})
        assert refused.status_code == 503
        assert sentence in refused.json()["why"]
        product.tws.refusals.clear()
        await until_in_vain(lambda: bool(product.positions()))
        await until(lambda: banners(product) == [])
        assert (await reported.status())["error"] is None


async def test_that_the_snapshot_explains_why_tws_lists_no_positions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with scripted(HELD_BY_TWO) as product:
        product.tws.refusals["61"] = READ_ONLY
        reported = await snapshot_in_vain(product.monitor.settings, READ_ONLY[1], capsys)
        assert reported.startswith("psf-monitor: Positions are not available for IBKR_GUN.")


async def test_that_positions_of_one_account_that_tws_refuses_are_reported_at_once() -> None:
    accounts = [f"U{number}" for number in range(2_000_000, 2_000_060)]
    sentence = "Error validating request.-'cb' : cause - Account code is not valid"
    of = {**HELD_BY_TWO, "accounts": ",".join(accounts), "account_id": accounts[3], "to_74": []}
    async with scripted(of, timing=replace(POLLING, ask_again_s=0.02), has_window=True) as product:
        product.tws.refusals["74"] = (321, sentence)
        product.monitor.links[GUN].connect()
        await until(lambda: sentence in bannered(product))
        assert sentence in (api(product).error or "")
        assert product.monitor.book.account_state(GUN).orders_problem is None


async def test_that_executions_that_tws_refuses_are_reported_as_refused(
    expected_errors: ExpectedErrors,
) -> None:
    expected_errors.allow("ib_insync.wrapper")
    often = replace(POLLING, ask_again_s=0.02)
    async with scripted({**HELD_BY_TWO, "to_7": []}, timing=often) as product:
        product.tws.refusals["7"] = (321, "Error validating request.-'bX' : cause - Invalid filter")
        product.monitor.links[GUN].connect()

        def why() -> str:
            return str(product.monitor.fills.state(GUN).problem)

        await until(lambda: "TWS refuses to report it and says" in why())
        assert "Invalid filter. It is asked for again" in why()
        assert why().endswith("(321)")
        product.tws.refusals.clear()
        await until(lambda: product.monitor.fills.state(GUN).problem is None)
