"""The bottom line: no problem is pushed out by another before it can be read."""

from datetime import datetime, timedelta

import pytest

from psf_monitor.book.rows import Level, Notice
from tests.support.records import NOON
from tests.ui.window import WindowUnderTest, fill

pytestmark = pytest.mark.unseen

LAYOUT = "Saved layout could not be read and was set aside as ui.json.bad."
ALERTS = "The alerts could not be read and were set aside as alerts.json.bad."


def notice(source: str, text: str, level: Level = Level.WARNING, at: datetime = NOON) -> Notice:
    return Notice(at, source, level, text, text)


def shown(ui: WindowUnderTest) -> str:
    return ui.window.status.news.text.partition("  ")[2]


def test_that_of_two_problems_at_once_both_are_named_and_counted(ui: WindowUnderTest) -> None:
    status = ui.window.status
    status.show_notice(notice("Layout", LAYOUT))
    status.show_notice(notice("Alerts", ALERTS))
    assert shown(ui) == f"2 messages  ·  Alerts: {ALERTS}  ·  Layout: {LAYOUT}"
    assert status.news.toolTip().endswith(shown(ui))


def test_that_news_of_one_of_two_problems_leaves_the_other_in_sight(ui: WindowUnderTest) -> None:
    status = ui.window.status
    status.show_notice(notice("Layout", LAYOUT))
    status.show_notice(notice("Alerts", ALERTS))
    tone = status.news.tone
    status.show_notice(notice("Alerts", "They are kept in their file again.", Level.INFO))
    assert shown(ui) == f"2 messages  ·  Alerts: They are kept in their file again.  ·  Layout: {LAYOUT}"
    assert status.news.tone is tone


def test_that_a_problem_that_was_to_be_read_long_enough_is_named_no_more(ui: WindowUnderTest) -> None:
    status = ui.window.status
    status.show_notice(notice("Layout", LAYOUT))
    status.show_notice(notice("Alerts", ALERTS, at=NOON + timedelta(seconds=31)))
    assert shown(ui) == f"Alerts: {ALERTS}"


def test_that_hidden_values_are_hidden_in_every_problem(ui: WindowUnderTest) -> None:
    status = ui.window.status
    status.show_notice(
        Notice(NOON, "IBKR_GUN", Level.WARNING, "order 5 of 300 is gone", "order 5 is gone", "5")
    )
    status.show_notice(
        Notice(NOON, "IBKR_GUN", Level.WARNING, "order 6 of 400 is gone", "order 6 is gone", "6")
    )
    status.hide_values(True)
    assert shown(ui) == "2 messages  ·  IBKR_GUN: order 6 is gone  ·  IBKR_GUN: order 5 is gone"


def test_that_a_lesser_problem_beside_a_graver_one_is_named_behind_it(ui: WindowUnderTest) -> None:
    status = ui.window.status
    status.show_notice(notice("HAMMER", "the password is wrong", Level.ERROR))
    status.show_notice(notice("Layout", LAYOUT))
    status.show_notice(notice("IBKR_GUN", "connected", Level.INFO))
    assert shown(ui) == f"2 messages  ·  HAMMER: the password is wrong  ·  Layout: {LAYOUT}"
    status.show_notice(notice("Layout", "It is kept again.", Level.INFO))
    assert shown(ui) == "HAMMER: the password is wrong"


def test_that_a_click_is_answered_in_front_of_a_problem_that_stays(ui: WindowUnderTest) -> None:
    fill(ui)
    ui.window.status.show_notice(notice("Alert", "CIM PRB last crossed 24.60"))
    ui.window.controllers.row_menus.reported.emit("no open order of TWO PRB is shown")
    assert shown(ui) == (
        "2 messages  ·  Window: no open order of TWO PRB is shown  ·  Alert: CIM PRB last crossed 24.60"
    )
    ui.window.status.show_notice(notice("IBKR_GUN", "order 5 filled", Level.INFO))
    assert shown(ui) == "2 messages  ·  IBKR_GUN: order 5 filled  ·  Alert: CIM PRB last crossed 24.60"
