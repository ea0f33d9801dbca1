"""A window over a journal of some days."""

from collections.abc import Callable

import pytest

from tests.support.fill_records import fill
from tests.support.records import GUN, PED
from tests.ui.fills_tab import Book, Record, report
from tests.ui.journal.recorded_days import (
    BOUGHT,
    COVERED,
    MONDAY,
    OF_PED,
    SOLD,
    TODAY,
    YESTERDAY,
    recorded_day,
    watched,
)
from tests.ui.service import Service
from tests.ui.window import ACCOUNTS, WindowUnderTest

Opener = Callable[..., WindowUnderTest]


@pytest.fixture
def record() -> Record:
    both = (watched(ACCOUNTS[GUN]), watched(ACCOUNTS[PED]))
    return Record(
        Book(
            {
                MONDAY: recorded_day(MONDAY),
                YESTERDAY: recorded_day(YESTERDAY, BOUGHT, SOLD, COVERED, OF_PED, seen=both),
                TODAY: recorded_day(TODAY),
            }
        )
    )


@pytest.fixture
def ui(open_window: Opener, record: Record) -> WindowUnderTest:
    opened = open_window(service=Service(record=record))
    report(opened, fill("1.1", "NLY PRG"))
    return opened
