"""The log of one connection, opened from its card."""

import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from psf_monitor.connection.link_log import link_log
from psf_monitor.ui.shell.overview.log_tail import LogTail
from tests.support.records import GUN, PED
from tests.ui.window import HAMMER, WindowUnderTest

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def tail() -> Iterator[LogTail]:
    tail = LogTail(logging.Formatter(), lambda record: f"{record.levelname} {record.name}: ")
    yield tail
    tail.close()


def log_of(tail: LogTail, link_name: str) -> logging.LoggerAdapter[logging.Logger]:
    """Return the log of one connection, kept by ``tail`` alone."""
    log = link_log("tests.of_links", link_name)
    log.logger.handlers, log.logger.propagate = [tail], False
    log.setLevel(logging.INFO)
    return log


def test_that_the_log_of_one_connection_is_its_lines_and_all_come_back(
    open_window: Opener, tail: LogTail, qtbot: QtBot
) -> None:
    for mode, text in ((GUN, "ready"), (PED, "ready"), (HAMMER, "ready"), (HAMMER, "the computer slept")):
        log_of(tail, mode.link_name).info("%s", text)
    log_of(tail, "").info("the HAMMER password was given by the environment")
    window = open_window(log=tail).window
    log, cards = window.log, window.links_panel.cards
    assert log is not None

    def shown() -> list[str]:
        return [line.partition(": ")[2] for line in log.lines.toPlainText().split("\n")]

    cards[GUN].log.trigger()
    assert log.isVisible()
    assert window.menus.log.isChecked()
    assert (shown(), log.every_line.text()) == (["ready"], "Only IBKR_GUN  ✕")
    cards[HAMMER].log.trigger()
    assert shown() == ["ready", "the computer slept"]
    qtbot.mouseClick(log.every_line, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
    assert len(shown()) == 5
    assert not log.every_line.isVisible()
    cards[PED].log.trigger()
    window.menus.log.trigger()
    window.menus.log.trigger()
    assert len(shown()) == 5, "a log that was closed opens with every line"
