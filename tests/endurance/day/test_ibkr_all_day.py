"""The IBKR side over many trading days that hypothesis invents.

The short form is the same twelve days every time. ``--long`` invents new ones and says the seed that invents
them again: ``--long --hypothesis-seed=...``.
"""

import random

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import ExpectedErrors
from tests.endurance.day.trading_day import TradingDay
from tests.endurance.day.watched_day import Tally

SHORT = hypothesis.settings(
    max_examples=12,
    stateful_step_count=15,
    deadline=None,
    database=None,
    derandomize=True,
    # A day takes too long to be played again and again for a shorter example of its failure.
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
    print_blob=False,
)
LONG = hypothesis.settings(SHORT, max_examples=300, stateful_step_count=40, derandomize=False)


def test_that_the_book_is_right_all_day(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # ib_insync logs TWS's messages as errors.
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
    # ib_insync holds requests back above 45 a second; a day in a second asks more often.
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    is_long = request.config.getoption("--long")
    settings = LONG if is_long else SHORT
    tally = Tally()

    def day() -> TradingDay:
        return TradingDay(tally)

    if is_long:
        chosen = request.config.getoption("--hypothesis-seed")
        number = int(chosen) if chosen else random.SystemRandom().getrandbits(32)
        hypothesis.seed(number)(day)
        with capsys.disabled():
            print(f"\nseed {number}")  # noqa: T201
    run_state_machine_as_test(day, settings=settings)  # type: ignore[arg-type]
    if is_long:
        with capsys.disabled():
            print(tally)  # noqa: T201
    assert tally.days >= settings.max_examples
