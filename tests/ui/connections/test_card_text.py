"""What a card says in every state of its link."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from psf_monitor.book.rows import AccountState, Level
from psf_monitor.connection.progress import Progress
from psf_monitor.connection.status import ConnectStep, LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.connections.card_text import CardText, card_text, details, link_notice
from psf_monitor.ui.style.shapes import Shape
from tests.conftest import named_in_failure
from tests.support.records import GUN, NOON, PED
from tests.ui.window import HAMMER, PROBLEM

NOW = NOON + timedelta(hours=5, minutes=2)


def status(state: LinkState, *, client_id: int | None = 11, **details: Any) -> LinkStatus:
    return LinkStatus(state, details.pop("since", NOON), "127.0.0.1:7496", client_id, **details)


def text_of(
    state: LinkState,
    mode: AccountMode = GUN,
    account: AccountState | None = None,
    *,
    expects_paper: bool = False,
    **details: Any,
) -> CardText:
    return card_text(
        mode,
        status(state, **details),
        account or AccountState(),
        NOW - timedelta(seconds=2) if mode is HAMMER else None,
        NOW,
        expects_paper=expects_paper,
    )


@pytest.mark.parametrize(
    ("state", "details", "line1", "line2", "light", "button"),
    [
        (LinkState.IDLE, {}, "Not connected", "127.0.0.1:7496 · client 11", Shape.RING, "Connect"),
        (
            LinkState.CONNECTING,
            {"since": NOW - timedelta(seconds=3)},
            "Connecting… 3 s",
            "Waiting for TWS · 127.0.0.1:7496 · client 11",
            Shape.HALF,
            "Cancel",
        ),
        (
            LinkState.CONNECTING,
            {"since": NOW - timedelta(seconds=3), "passed": ((ConnectStep.LINE, ""),)},
            "Connecting… 3 s",
            "Waiting for TWS to accept · 127.0.0.1:7496 · client 11",
            Shape.HALF,
            "Cancel",
        ),
        (
            LinkState.LOADING,
            {"progress": Progress(loaded=(("positions", 12), ("orders", None)))},
            "Connected, loading",
            "positions 12, orders · 127.0.0.1:7496 · client 11",
            Shape.HALF,
            "Disconnect",
        ),
        (
            LinkState.READY,
            {"accounts": ("U1240821",), "up_since": NOON},
            "Connected",
            "127.0.0.1:7496 · client 11 · U••••821 · up 5 h 2 m",
            Shape.DISC,
            "Disconnect",
        ),
        (
            LinkState.CUT_OFF,
            {},
            "TWS lost IBKR",
            "since 12:00:00; TWS is reconnecting by itself",
            Shape.HALF,
            "Disconnect",
        ),
        (LinkState.RESTORED, {}, "Connected, reloading", "restored 12:00:00", Shape.HALF, "Disconnect"),
        (
            LinkState.RECONNECTING,
            {"lost_at": NOON, "retry_at": NOW + timedelta(seconds=4), "attempt": 3},
            "Reconnecting in 4 s",
            "Lost 12:00:00 · try 3 · 127.0.0.1:7496",
            Shape.HALF,
            "Stop",
        ),
        (
            LinkState.FAILED,
            {"problem": PROBLEM},
            "Nothing answers",
            "start TWS, compare the port",
            Shape.TRIANGLE,
            "Connect",
        ),
    ],
)
def test_that_an_ibkr_card_reads_as_the_state_table_demands(
    state: LinkState, details: dict[str, Any], line1: str, line2: str, light: Shape, button: str
) -> None:
    text = text_of(state, **details)
    assert (text.state, text.detail, text.light, text.button) == (line1, line2, light, button)


def test_that_every_state_has_a_text_a_light_and_one_button() -> None:
    for mode, state in product(AccountMode, LinkState):
        with named_in_failure(mode, state):
            text = text_of(state, mode)
            assert text.state
            assert text.short_state
            assert text.button in {"Connect", "Cancel", "Stop", "Disconnect"}
            assert text.is_wanted is (text.button != "Connect")


def test_that_hammers_card_begins_with_the_age_of_the_newest_quote() -> None:
    text = text_of(LinkState.READY, HAMMER, client_id=None, progress=Progress(quoted=19, symbols=20))
    assert text.detail == "quote 2 s ago · 19/20 symbols · 127.0.0.1:7496"
    assert text.chip == ""


def test_that_a_silent_hammer_shows_for_how_long() -> None:
    text = text_of(
        LinkState.SILENT,
        HAMMER,
        since=NOW - timedelta(seconds=15),
        progress=Progress(last_at=datetime(2026, 9, 18, 18, 31, 7, tzinfo=UTC)),
    )
    assert (text.state, text.short_state) == ("No quotes for 15 s", "No quotes")
    assert text.detail.startswith("last 14:31:07")


@pytest.mark.parametrize(("expects_paper", "chip"), [(False, "expects LIVE"), (True, "expects PAPER")])
def test_that_the_card_shows_what_it_expects_before_the_login_has_reported(
    expects_paper: bool, chip: str
) -> None:
    assert text_of(LinkState.IDLE, expects_paper=expects_paper).chip == chip


def test_that_a_login_shows_live_or_paper_once_it_is_reported() -> None:
    live = AccountState(accounts=("U1",))
    paper = AccountState(accounts=("DU1",), is_paper=True)
    assert text_of(LinkState.READY, account=live, accounts=("U1",)).chip == "LIVE"
    assert text_of(LinkState.READY, account=paper, accounts=("DU1",), expects_paper=True).chip == "PAPER"


def test_that_simulated_data_is_called_simulated_and_never_live() -> None:
    live = AccountState(accounts=("U1",))
    paper = AccountState(accounts=("DU1",), is_paper=True)
    fields: dict[str, Any] = {"accounts": ("U1",), "is_simulated": True}
    assert text_of(LinkState.READY, account=live, **fields).chip == "SIM"
    assert text_of(LinkState.READY, account=paper, expects_paper=True, **fields).chip == "SIM PAPER"
    assert text_of(LinkState.READY, HAMMER, is_simulated=True).chip == "SIM"
    assert text_of(LinkState.READY, HAMMER).chip == ""
    lost: dict[str, Any] = {"accounts": ("U1",), "was_simulated": True, "attempt": 2}
    assert text_of(LinkState.RECONNECTING, account=live, **lost).chip == "SIM"
    assert text_of(LinkState.READY, account=live, **lost).chip == "LIVE"


def test_that_an_unexpected_paper_login_names_what_was_expected_and_asks_to_be_looked_at() -> None:
    account = AccountState(accounts=("DU1",), is_paper=True, is_unexpected=True)
    text = text_of(LinkState.READY, PED, account, accounts=("DU1",))
    assert (text.chip, text.state) == ("PAPER", "expected LIVE")
    assert text.border is not None


def test_that_an_account_number_is_never_whole() -> None:
    text = text_of(LinkState.READY, accounts=("U1240821", "U1240822"))
    assert "U••••821 +1" in text.detail
    copied = details(text, status(LinkState.READY, accounts=("U1240821", "U1240822"), problem=PROBLEM), NOW)
    assert "1240821" not in text.accessible_text + copied
    assert "U••••822" in copied
    assert "(502)" in copied


def test_that_a_failure_is_reported_as_an_error_in_the_status_line() -> None:
    notice = link_notice(GUN, status(LinkState.FAILED, problem=PROBLEM))
    assert (notice.level, notice.text) == (Level.ERROR, "Nothing answers at 127.0.0.1:7497")


def test_that_the_round_trip_is_reported_last() -> None:
    text = text_of(LinkState.READY, up_since=NOON, latency_ms=7.6)
    assert text.detail == "127.0.0.1:7496 · client 11 · up 5 h 2 m · 8 ms"
    assert "answers in 8 ms" in details(text, status(LinkState.READY, latency_ms=7.6), NOW)


def test_that_what_is_wrong_with_a_connection_that_is_up_comes_first() -> None:
    text = text_of(LinkState.READY, up_since=NOON, warning=Problem("3 messages could not be read."))
    assert text.detail.startswith("3 messages could not be read. · 127.0.0.1:7496")
    assert (text.state, text.detail_tone) == ("Connected", "warn")
    assert text_of(LinkState.READY, up_since=NOON).detail_tone == "text2"


def test_that_hammer_outside_the_session_is_marked_and_counts_no_seconds() -> None:
    text = text_of(
        LinkState.READY,
        HAMMER,
        client_id=None,
        progress=Progress(quoted=19, symbols=20, is_market_closed=True),
    )
    assert text.state == "Connected, market closed"
    assert (text.short_state, text.rest) == ("Connected", "market closed")
    assert text.detail == "19/20 symbols · 127.0.0.1:7496"
