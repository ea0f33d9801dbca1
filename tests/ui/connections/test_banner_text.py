"""Which banners are due, and what they offer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from psf_monitor.book.rows import AccountState
from psf_monitor.connection.status import LinkState, LinkStatus
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.broker_message import BrokerMessage
from psf_monitor.ibkr.errors import port_changed
from psf_monitor.problem import Problem
from psf_monitor.ui.connections.banner_text import BannerAction, BannerStyle, BannerText, banner_texts
from psf_monitor.ui.connections.card_text import card_text
from tests.support.records import GUN, NOON, PED
from tests.ui.window import HAMMER, PROBLEM


def due(
    states: dict[AccountMode, LinkStatus] | None = None,
    accounts: dict[AccountMode, AccountState] | None = None,
    *,
    frozen_since: datetime | None = None,
) -> list[BannerText]:
    statuses = {mode: link(LinkState.IDLE) for mode in (GUN, PED, HAMMER)} | (states or {})
    known = {GUN: AccountState(), PED: AccountState()} | (accounts or {})
    return banner_texts(statuses, known, {GUN: False, PED: False}, frozen_since, NOON)


def link(state: LinkState, **details: Any) -> LinkStatus:
    return LinkStatus(state, details.pop("since", NOON), "127.0.0.1:7497", 11, **details)


def test_that_nothing_wrong_is_no_banner() -> None:
    assert due() == []


def test_that_a_blip_of_hammer_is_no_banner() -> None:
    assert due(frozen_since=NOON - timedelta(seconds=2)) == []


def test_that_frozen_quotes_name_what_why_and_what_next() -> None:
    lost = NOON - timedelta(seconds=58)
    status = link(
        LinkState.RECONNECTING, problem=PROBLEM, retry_at=NOON + timedelta(seconds=4), attempt=3, lost_at=lost
    )
    (alert,) = due({HAMMER: status}, frozen_since=lost)
    assert alert.title == "Quotes frozen since 11:59:02."
    assert alert.text.startswith("TWS is not running")
    assert "Retrying in 4 s (try 3)." in alert.text
    assert [action for _text, action in alert.actions] == [BannerAction.RETRY, BannerAction.DISCONNECT]


@pytest.mark.parametrize("state", [LinkState.RECONNECTING, LinkState.CONNECTING])
@pytest.mark.parametrize("mode", [GUN, HAMMER])
def test_that_card_and_banner_number_a_try_alike(mode: AccountMode, state: LinkState) -> None:
    lost = NOON - timedelta(seconds=58)
    status = link(
        state, problem=PROBLEM, retry_at=NOON + timedelta(seconds=4), attempt=2, lost_at=lost, up_since=lost
    )
    card = card_text(mode, status, AccountState(), None, NOON, expects_paper=False)
    (banner,) = due({mode: status}, frozen_since=lost if mode is HAMMER else None)
    assert "try 2" in card.detail
    assert "(try 2)" in banner.text


def test_that_a_line_lost_by_a_changed_port_says_which_port_and_what_to_do() -> None:
    lost = NOON - timedelta(seconds=58)
    status = link(LinkState.RECONNECTING, problem=port_changed(7497, "port reset"), lost_at=lost, attempt=2)
    (alert,) = due({GUN: status})
    assert alert.text.startswith("TWS has left port 7497. Its Socket port was changed; TWS says: port reset")
    assert "Set the new port in the settings" in alert.text
    assert [action for _text, action in alert.actions] == [
        BannerAction.EDIT,
        BannerAction.RETRY,
        BannerAction.DISCONNECT,
    ]


def test_that_a_silent_hammer_offers_no_retry_of_a_line_that_is_up() -> None:
    (alert,) = due({HAMMER: link(LinkState.SILENT)}, frozen_since=NOON - timedelta(seconds=20))
    assert alert.actions == ()


def test_that_a_failed_link_shows_its_whole_cause_with_the_code_last() -> None:
    (alert,) = due({GUN: link(LinkState.FAILED, problem=PROBLEM)})
    assert alert.title == "IBKR_GUN: Nothing answers at 127.0.0.1:7497."
    assert alert.text.endswith("Start TWS and log in. (502)")
    assert (alert.mode, alert.style) == (GUN, BannerStyle.ERROR)


def test_that_an_unexpected_paper_login_is_purple_and_names_the_account_masked() -> None:
    account = AccountState(accounts=("DU1234370",), is_paper=True, is_unexpected=True)
    (alert,) = due({PED: link(LinkState.READY)}, {PED: account})
    assert alert.style is BannerStyle.PAPER
    assert alert.title == "IBKR_PED is a PAPER account."
    assert "DU••••370" in alert.text
    assert "excluded from totals" in alert.text
    assert [text for text, _ in alert.actions] == ["Disconnect IBKR_PED", "Expect paper"]


def test_that_a_login_with_accounts_of_both_kinds_is_never_what_is_expected() -> None:
    account = AccountState(accounts=("U1234821", "DU1234370"), is_paper=True, is_unexpected=True)
    statuses = {PED: link(LinkState.READY), HAMMER: link(LinkState.IDLE)}
    (alert,) = banner_texts(statuses, {PED: account}, {PED: True}, None, NOON)
    assert "mixed" in alert.title
    assert [text for text, _ in alert.actions] == ["Disconnect IBKR_PED"]


def test_that_one_login_reached_twice_is_reported() -> None:
    account = AccountState(accounts=("U1240821",), duplicate_of=GUN, shared=("U1240821",), is_same_login=True)
    (alert,) = due({PED: link(LinkState.READY)}, {PED: account})
    assert alert.title == "IBKR_GUN and IBKR_PED both show U••••821."
    assert "rows are counted once" in alert.text
    assert alert.text.endswith("or set IBKR_PED_ENABLED=false.")


def test_that_two_logins_of_which_some_accounts_are_shared_are_not_called_one() -> None:
    account = AccountState(accounts=("U1240822", "U1240823"), duplicate_of=GUN, shared=("U1240822",))
    (alert,) = due({PED: link(LinkState.READY)}, {PED: account})
    assert alert.title == "IBKR_GUN and IBKR_PED both show U••••822."
    assert (
        alert.text == "Two TWS logins share what they reach; what both report is counted once, as IBKR_GUN's."
    )


def test_that_a_tws_without_ibkr_is_reported_once_it_lasts() -> None:
    assert due({GUN: link(LinkState.CUT_OFF)}) == []
    (alert,) = due({GUN: link(LinkState.CUT_OFF, since=NOON - timedelta(seconds=9))})
    assert "lost its link to IBKR" in alert.title


def test_that_a_lost_account_shows_as_of_when_its_rows_are() -> None:
    lost = NOON - timedelta(seconds=9)
    status = link(LinkState.RECONNECTING, lost_at=lost, retry_at=NOON + timedelta(seconds=4), attempt=2)
    (alert,) = due({GUN: status})
    assert alert.title == "IBKR_GUN lost at 11:59:51."
    assert "Reconnecting in 4 s (try 2)." in alert.text


def test_that_orders_that_cannot_be_read_are_reported_with_the_reason() -> None:
    why = Problem("Orders are not available for IBKR_GUN.", "TWS has Read-Only API ticked.")
    (alert,) = due({GUN: link(LinkState.READY)}, {GUN: AccountState(orders_problem=why)})
    assert (alert.title, alert.text) == (
        "Orders are not available for IBKR_GUN.",
        "TWS has Read-Only API ticked.",
    )


def test_that_frozen_prices_come_before_everything_else() -> None:
    found = due(
        {GUN: link(LinkState.FAILED, problem=PROBLEM), HAMMER: link(LinkState.SILENT)},
        {PED: AccountState(accounts=("DU1",), is_paper=True, is_unexpected=True)},
        frozen_since=NOON - timedelta(seconds=20),
    )
    assert [alert.key[0] for alert in found] == ["frozen", "failed", "unexpected"]


def test_that_a_warning_of_a_connection_that_is_up_is_a_banner_until_it_is_mended() -> None:
    warned = link(
        LinkState.READY,
        warning=Problem("Messages of TWS could not be read.", to_do="See the log."),
        up_since=NOON,
    )
    (alert,) = due({GUN: warned})
    assert (alert.style, alert.title) == (BannerStyle.WARNING, "IBKR_GUN: Messages of TWS could not be read.")
    assert alert.text == "See the log."
    assert [action for _text, action in alert.actions] == [BannerAction.HIDE]
    assert due({GUN: link(LinkState.READY, up_since=NOON)}) == []


def test_that_what_is_wrong_with_hammers_own_account_is_said_once_it_is_listed() -> None:
    problem = Problem("HAMMER holds MS-A in a quantity that cannot be read.", to_do="Compare it.")
    (alert,) = due({}, {HAMMER: AccountState(is_loaded=True, problem=problem)})
    assert (alert.title, alert.text) == (problem.what, "Compare it.")
    assert [action for _text, action in alert.actions] == [BannerAction.HIDE]
    assert due({}, {HAMMER: AccountState(problem=problem)}) == []


def test_that_a_cause_that_refers_back_names_its_subject() -> None:
    lost = NOON - timedelta(seconds=9)
    gone = "Hammer Pro does not answer at pc:1."
    problem = replace(PROBLEM, what=gone, why="It is not running.", why_refers_back=True)
    (alert,) = due({HAMMER: link(LinkState.RECONNECTING, problem=problem, lost_at=lost)}, frozen_since=lost)
    assert alert.text.startswith("Hammer Pro does not answer at pc:1. It is not running. Prices")


def test_that_a_missing_password_is_asked_for_where_it_is_reported() -> None:
    status = link(LinkState.FAILED, problem=replace(PROBLEM, needs_password=True))
    (alert,) = due({HAMMER: status})
    assert alert.actions[0] == ("Enter password…", BannerAction.EDIT)


def test_that_a_margin_call_comes_before_everything_and_is_acknowledged() -> None:
    urgent = BrokerMessage(NOON, 2148, "URGENT: Account: DU1234567", is_urgent=True)
    other = BrokerMessage(NOON, 7777, "Something new.", is_urgent=False)
    found = due(
        {GUN: link(LinkState.FAILED, problem=PROBLEM)},
        {PED: AccountState(messages=(other, urgent))},
        frozen_since=NOON - timedelta(seconds=60),
    )
    assert found[0].message is urgent
    assert (found[0].mode, found[0].style) == (PED, BannerStyle.ERROR)
    assert found[0].text == "URGENT: Account: DU••••567 (2148)"
    assert [action for _text, action in found[0].actions] == [BannerAction.ACKNOWLEDGE]
    (lesser,) = [alert for alert in found if alert.message is other]
    assert lesser.style is BannerStyle.WARNING


def test_that_one_wrong_clock_gives_one_banner() -> None:
    found = due({mode: link(LinkState.READY, clock_error_s=-73.0) for mode in (GUN, PED)})
    assert [alert.title for alert in found] == ["The clock of this computer is 73 s slow."]


def test_that_a_tws_that_never_had_ibkr_is_no_blip() -> None:
    (alert,) = due({GUN: link(LinkState.CUT_OFF, up_since=NOON)})
    assert "lost its link to IBKR" in alert.title
    assert due({GUN: link(LinkState.CUT_OFF, up_since=NOON - timedelta(hours=1))}) == []


def test_that_why_values_are_unknown_is_a_banner() -> None:
    unknown = AccountState(problem=Problem("Not ready.", "IBKR resets."))
    (alert,) = due({GUN: link(LinkState.READY)}, {GUN: unknown})
    assert (alert.title, alert.text) == ("Not ready.", "IBKR resets.")


def test_that_if_port_or_client_id_is_wrong_the_form_is_one_click_away() -> None:
    (alert,) = due({GUN: link(LinkState.FAILED, problem=replace(PROBLEM, is_cured_by_edit=True))})
    assert alert.actions[0] == ("Edit…", BannerAction.EDIT)
    (alert,) = due({GUN: link(LinkState.FAILED, problem=PROBLEM)})
    assert BannerAction.EDIT not in [action for _text, action in alert.actions]


def test_that_each_of_three_lost_lines_has_a_banner_whether_or_not_there_were_prices() -> None:
    lost = NOON - timedelta(seconds=9)
    status = link(LinkState.RECONNECTING, problem=PROBLEM, lost_at=lost, attempt=1, retry_at=NOON)
    everything = {GUN: status, PED: status, HAMMER: status}
    titles = ["HAMMER lost at 11:59:51.", "IBKR_GUN lost at 11:59:51.", "IBKR_PED lost at 11:59:51."]
    assert [alert.title for alert in due(everything)] == titles
    assert len(due(everything, frozen_since=lost)) == 3
