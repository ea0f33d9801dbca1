"""Wrong clocks, sleeps, and lines that die: nothing is shown as newer than its last report."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.market_hours import new_york
from psf_monitor.ibkr import heartbeat
from tests.end_to_end.connection.connection_texts import HELD_BY_TWO, api, bannered, notice
from tests.support.records import GUN
from tests.support.scripted_product import POLLING, ScriptedProduct, scripted
from tests.support.tws_messages import position
from tests.support.waiting import LIMIT_S, limits_run_out, until

pytestmark = pytest.mark.usefixtures("qapp")


# The clock.


async def test_that_a_wrong_clock_is_reported_and_not_followed() -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        right = product.clock.now
        product.tws.clock = lambda: right
        product.clock.advance(-73)
        await product.connect()
        await until(lambda: re.search("clock of this computer is 7[34] s slow", bannered(product)))
        assert "s slow" in (api(product).error or "")
        assert product.tws.asked(61) == 1
        assert abs((product.monitor.clock() - right).total_seconds()) <= 1
        assert new_york(product.monitor.clock()).date() == new_york(right).date()


async def test_that_market_hours_are_those_of_the_right_clock() -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        right = product.clock.now
        product.tws.clock = lambda: right
        # By this computer it is three in the morning in New York; by TWS it is noon.
        product.clock.advance(-9 * 3600)
        await product.connect()
        await until(lambda: "clock of this computer" in bannered(product))
        hammer = product.monitor.links[AccountMode.HAMMER_PRO]
        await until(lambda: not hammer.status.progress.is_market_closed)
        product.window.show_now()
        assert "market closed" not in str(
            product.window.links_panel.cards[AccountMode.HAMMER_PRO].face.content
        )


@pytest.mark.parametrize("text", ["noon", "1e10", "-5", "99999999999999", "1790000000,5", None])
async def test_that_a_tws_whose_time_is_none_is_not_silent(text: str | None) -> None:
    watchful = replace(POLLING, heartbeat_every_s=0.01, heartbeat_misses=1, answer_s=LIMIT_S)
    async with scripted(HELD_BY_TWO, timing=watchful) as product:
        product.tws.spoilt_time = [] if text is None else [text]
        await product.connect()
        asked = product.tws.asked(49)
        await until(lambda: product.tws.asked(49) > asked + 4, what="the next question")
        status = product.monitor.links[GUN].status
        assert (status.lost_at, status.clock_error_s) == (None, 0.0)
        assert "missing here: 1 time of TWS." in str(status.warning)
        product.tws.send(position(1234))
        await until(lambda: product.positions()[0]["quantity"] == "1,234")


@pytest.mark.parametrize("year", [1970, 2016, 2199])
async def test_that_a_time_that_no_tws_can_have_moves_no_clock(year: int) -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        product.tws.clock = lambda: datetime(year, 1, 1, tzinfo=UTC)
        await product.connect()
        await until(lambda: product.tws.asked(49) >= 2)
        # Messages after the time are read after it.
        product.tws.send(position(1234))
        await until(lambda: "1,234" in {row["quantity"] for row in product.positions()})
        assert product.monitor.links[GUN].status.state is LinkState.READY
        assert abs((product.monitor.clock() - product.clock()).total_seconds()) < 1
        assert "clock" not in bannered(product)


# A line that ends without a word.


async def test_that_data_is_old_after_a_sleep_until_it_arrives_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept = 0.0
    monkeypatch.setattr(heartbeat, "steady_s", lambda: time.monotonic() + slept)
    async with scripted(HELD_BY_TWO, timing=replace(POLLING, pulse_s=0.01)) as product:
        await product.connect()
        received_at = product.clock.now
        del product.tws.answers["61"]
        await until(lambda: not api(product).error)
        product.clock.advance(70)
        slept = 70.0
        await until(lambda: product.tws.asked(61) == 2)
        (held,) = product.snapshot()["positions"]
        assert held["stale_since"] == received_at.isoformat()


async def nothing_is_on_the_way(product: ScriptedProduct) -> None:
    """Let TWS fall silent, and wait until everything it sent before has been read."""
    product.tws.hold()
    asked = product.tws.asked(49)
    # The time is requested again once the previous answer was read.
    await until(lambda: product.tws.asked(49) > asked)


async def test_that_a_tws_that_lists_no_orders_is_asked_at_once_whether_it_is_there() -> None:
    # Its time would be due in an hour.
    polling = replace(POLLING, answer_s=LIMIT_S)
    async with scripted(HELD_BY_TWO, timing=polling) as product:
        await product.connect()
        received_at, lists, times = product.clock.now, product.tws.asked(16), product.tws.asked(49)
        product.tws.hold()
        await until(lambda: product.tws.asked(16) > lists)
        limits_run_out()
        await until(lambda: product.tws.asked(49) > times)
        limits_run_out()
        await until(lambda: product.monitor.links[GUN].status.lost_at)
        assert product.monitor.links[GUN].status.lost_at == received_at
        (held,) = product.snapshot()["positions"]
        assert held["stale_since"] == received_at.isoformat()


async def test_that_a_tws_that_lists_no_orders_but_answers_is_there() -> None:
    polling = replace(POLLING, answer_s=LIMIT_S)
    async with scripted(HELD_BY_TWO, timing=polling, has_window=True) as product:
        await product.connect()
        lists, times = product.tws.asked(16), product.tws.asked(49)
        del product.tws.answers["16"]
        await until(lambda: product.tws.asked(16) > lists)
        limits_run_out()
        await until(lambda: product.tws.asked(49) > times)
        await until(lambda: product.tws.asked(16) > lists + 1)
        assert product.monitor.links[GUN].status.lost_at is None
        assert "Orders are not available" in bannered(product)


async def test_that_a_mute_tws_is_lost_as_of_its_last_message() -> None:
    watchful = replace(
        POLLING, answer_s=LIMIT_S, heartbeat_every_s=0.05, heartbeat_misses=1, orders_override_s=3600.0
    )
    async with scripted(HELD_BY_TWO, timing=watchful, has_window=True) as product:
        await product.connect()
        received_at = product.clock.now
        await nothing_is_on_the_way(product)
        product.clock.advance(60)
        limits_run_out()
        await until(lambda: product.monitor.links[GUN].status.lost_at)
        assert product.monitor.links[GUN].status.lost_at == received_at
        (held,) = product.snapshot()["positions"]
        assert held["stale_since"] == received_at.isoformat()
        assert "has not said a word since" in bannered(product)


async def test_that_a_line_that_tws_closes_is_lost_as_of_its_last_message() -> None:
    patient = replace(POLLING, answer_s=LIMIT_S, heartbeat_every_s=0.05, orders_override_s=3600.0)
    async with scripted(HELD_BY_TWO, timing=patient) as product:
        await product.connect()
        received_at = product.clock.now
        await nothing_is_on_the_way(product)
        product.clock.advance(40)
        product.tws.turns_away = [notice(501, "Not now.")]
        product.tws.close_all()
        await until(lambda: product.monitor.links[GUN].status.lost_at)
        assert product.monitor.links[GUN].status.lost_at == received_at
        (held,) = product.snapshot()["positions"]
        assert held["stale_since"] == received_at.isoformat()
