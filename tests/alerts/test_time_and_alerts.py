"""What time alone does to alerts: a share goes quiet, a muting ends, the clock is set back."""

from datetime import UTC, datetime

import pytest

from psf_monitor.alerts.watch import MUTED_FOR
from psf_monitor.domain.alerts.alert import Alert, AlertKind, Direction
from tests.alerts.watched_book import CIM, WatchedBook


def test_that_a_share_gone_quiet_is_reported_in_the_session_alone(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.QUIET, CIM, figure=15))
    watched.price(24.5)
    watched.alerts.check()
    watched.clock.advance(15 * 60)
    watched.alerts.check()
    watched.alerts.check()
    assert watched.texts == ["CIM PRB quiet for 15 minutes"]


@pytest.mark.parametrize("is_again", [False, True])
def test_that_the_night_makes_no_share_quiet(watched: WatchedBook, is_again: bool) -> None:
    watched.alerts.add(Alert(0, AlertKind.QUIET, CIM, figure=15, is_again=is_again))
    watched.price(24.5)
    watched.alerts.check()
    opens = datetime(2026, 9, 21, 13, 30, tzinfo=UTC)
    told = []
    for at in (opens, opens.replace(minute=44), opens.replace(minute=45)):
        watched.clock.now = at
        watched.alerts.check()
        told.append(len(watched.fired))
    assert told == [0, 0, 1]


def test_that_a_key_mutes_for_ten_minutes(watched: WatchedBook) -> None:
    watched.alerts.add(Alert(0, AlertKind.PRICE, CIM, "last", Direction.UP, 24.5, is_again=True))
    watched.alerts.mute(is_wanted=True)
    watched.price(24.4)
    watched.price(24.6)
    watched.clock.advance(MUTED_FOR.total_seconds())
    watched.price(24.4)
    watched.price(24.6)
    assert [fired.is_muted for fired in watched.fired] == [True, False]


@pytest.mark.parametrize("back_s", [3600.0, 86400.0])
def test_that_a_clock_that_is_set_back_makes_no_mute_longer(watched: WatchedBook, back_s: float) -> None:
    watched.alerts.mute(is_wanted=True)
    watched.clock.advance(60)
    assert watched.alerts.is_muted
    watched.clock.advance(-back_s)
    assert not watched.alerts.is_muted
