"""The recording's switch and chip, the offer after a crash, and the time line of a replay."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from psf_monitor.book.book import Book
from psf_monitor.connection.supervisor import Link
from psf_monitor.domain.account import AccountMode
from psf_monitor.problem import Problem
from psf_monitor.ui.recording.replay_bar import ReplayBar
from psf_monitor.ui.shell.main_window import MainWindow
from tests.support.make_window import make_window
from tests.support.records import NOON, Clock
from tests.ui.service import Service


@pytest.fixture
def service() -> Service:
    return Service()


async def _attempt() -> None:
    """No connection is made here."""


@pytest.fixture
def window(qtbot: QtBot, service: Service) -> Iterator[MainWindow]:
    clock = Clock()
    links = {mode: Link(mode, "a:1", _attempt, clock) for mode in AccountMode}
    made = make_window(Book(clock), links, clock, service=service, crash=Problem("It crashed."))
    qtbot.addWidget(made)
    yield made
    made.close()


def test_that_the_switch_records_and_the_chip_cannot_be_missed(window: MainWindow, service: Service) -> None:
    window.menus.record.trigger()
    assert service.wires.is_on
    assert window.top_bar.recording.text == "● REC"
    assert "a.wires" in window.top_bar.recording.toolTip()
    window.menus.record.trigger()
    assert not service.wires.is_on
    assert window.top_bar.recording.text == ""


def test_that_a_disk_that_takes_nothing_is_reported_once(window: MainWindow, service: Service) -> None:
    window.menus.record.trigger()
    service.wires.problem = Problem("The wires are not recorded: a.wires cannot be written.", "Disk full.")
    window.show_now()
    assert window.top_bar.recording.text == "REC · NOT WRITTEN"
    assert "a.wires cannot be written. Disk full." in window.status.news.text
    service.wires.problem = None
    window.show_now()
    assert window.top_bar.recording.text == "● REC"


def test_that_a_crash_offers_to_record_the_next_one(window: MainWindow, service: Service) -> None:
    window.show_now()
    (banner,) = window.banners.banners
    assert "Record the wires and it can be seen again." in banner.detail.text
    banner.buttons[0].click()
    assert service.wires.is_on
    banner.buttons[0].click()
    assert service.wires.is_on


@dataclass
class Played:
    """A replay that stays at the given position."""

    speed: float = 5.0
    is_paused: bool = False
    fault: str = ""
    begin: datetime = NOON
    now: datetime = NOON + timedelta(minutes=1)
    end: datetime = NOON + timedelta(minutes=4)
    part_done: float = 0.25
    is_over: bool = False
    missing: Mapping[str, int] = field(default_factory=dict)


def test_that_the_time_line_shows_where_it_is_and_pauses(window: MainWindow) -> None:
    played = Played()
    bar = ReplayBar(played, window.theme)
    window.place_above(bar)
    assert bar.where.text.endswith("12:01:00  of 12:00:00 to 12:04:00 ET")
    assert bar.line.value() == 250
    bar.pause.click()
    assert played.is_paused
    assert bar.pause.text() == "Go on"
    bar.speed.setCurrentIndex(bar.speed.findData(60.0))
    bar.speed.activated.emit(bar.speed.currentIndex())
    assert played.speed == 60.0
    played.missing = {"reqContractDetails": 2}
    played.is_over, played.now = True, played.end + timedelta(seconds=1)
    bar.refresh()
    assert bar.where.text == "12:04:00  of 12:00:00 to 12:04:00 ET"
    assert bar.missing.text == "not in the recording: reqContractDetails"
    assert not bar.pause.isEnabled()


def test_that_the_time_line_reports_that_a_fault_stopped_it(window: MainWindow) -> None:
    played = Played(fault="KeyError: 'reqId'", missing={"reqContractDetails": 2})
    bar = ReplayBar(played, window.theme)
    assert (bar.pause.text(), bar.pause.isEnabled()) == ("Stopped", False)
    assert bar.missing.text == "A fault of psf_monitor stopped the replay; the log has the trace"
    assert bar.missing.toolTip() == "KeyError: 'reqId'"
