"""The servers together: whose time they live in, and what a scenario does to them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from websockets.asyncio.client import connect

from psf_monitor.sim.__main__ import parse
from psf_monitor.sim.demo import HAMMER_LOST_AFTER_S, Gateways
from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.records import NEW_YORK
from psf_monitor.sim.market.scenarios import NORMAL
from tests.support.waiting import until


@pytest.mark.parametrize("hour", [0, 1, 5, 9, 14, 23])
def test_that_a_reported_fill_is_of_today_at_any_hour(hour: int) -> None:
    now = datetime(2026, 11, 27, hour, 20, tzinfo=NEW_YORK)
    market = Market(NORMAL, start=now)
    days = {execution.time.astimezone(NEW_YORK).date() for execution in market.executions}
    assert days == {date(2026, 11, 27)}
    assert max(execution.time for execution in market.executions) < now


async def test_that_the_market_follows_a_given_clock_and_catches_up() -> None:
    now = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    gateways = Gateways(clock=lambda: now)
    assert gateways.market.clock() == now
    async with gateways:
        now += timedelta(hours=8)
        await until(lambda: gateways.market.clock() == now, what="the market to be as late as the clock")
        quotes = [security.changed_at for security in gateways.market.securities.values()]
        assert max(quotes) > now - timedelta(minutes=1)


def test_that_a_day_can_be_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse([]).day is None
    assert parse(["--day", "2026-03-20"]).day == datetime(2026, 3, 20, 14, 26, tzinfo=NEW_YORK)
    with pytest.raises(SystemExit):
        parse(["--day", "today"])
    assert "'today' is not a day; 2026-09-18 is written so" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--seed", "x"], "'x' is not a whole number"),
        (["--scen", "normal"], "unrecognized arguments: --scen"),
        (["--replay", "a.psfrec", "--day", "2026-03-20"], "--day does not go with --replay"),
    ],
)
def test_that_a_wrong_command_line_of_the_servers_is_named(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parse(arguments)
    assert message in capsys.readouterr().err


async def test_that_hammer_is_lost_only_after_it_has_sent_everything() -> None:
    now = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
    gateways = Gateways("hammer-lost", clock=lambda: now)
    market, hammer = gateways.market, gateways.hammer
    async with gateways, connect(f"ws://127.0.0.1:{hammer.port}", max_queue=None) as line:
        await line.send(json.dumps({"cmd": "connect", "pwd": hammer.password}))
        await line.send(json.dumps({"cmd": "startDataStreamer", "streamerID": "ALARICQ"}))
        now += timedelta(minutes=10)
        await until(lambda: market.clock() == now, what="the market to go on")
        assert hammer.connections == 1
        # The present positions; the market stops until the clock advances.
        held = {holding.security.hammer_symbol for holding in market.holdings.values()}
        symbols = sorted(symbol for symbol in held if symbol)
        subscription = {"cmd": "subscribe", "sub": "L1", "streamerID": "ALARICQ", "sym": symbols}
        await line.send(json.dumps(subscription))
        await until(lambda: hammer.subscribed.issuperset(symbols), what="HAMMER to be asked for all")
        asked_at = now

        def is_gone_by_the_clock() -> bool:
            nonlocal now
            if market.clock() == now:
                now += timedelta(seconds=0.5)
            return not hammer.connections

        await until(is_gone_by_the_clock, what="HAMMER to be gone")
        assert now - asked_at >= timedelta(seconds=HAMMER_LOST_AFTER_S)
