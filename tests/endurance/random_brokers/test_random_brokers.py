"""Random stories of two brokers: after each look every output holds exactly what they hold.

In each story everything that can happen happens, in another order: reported in order, in reverse, twice or
not at all, alone or several at once. Until all is reported no figure may be shown that was true neither
before nor after what happened. The snapshot, the window and a stream are judged at every look; HTTP, a stream
that a reader joins late, and the exported journal at the end. Short stories are the same every time,
``--long`` plays new ones.
"""

import asyncio
import csv
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from psf_monitor.journal.journal import Journal
from tests.api.client import ApiClient, Events, opened, reading
from tests.conftest import ExpectedErrors
from tests.endurance.random_brokers import expected_outputs
from tests.endurance.random_brokers.broker_state import ACCOUNTS, BrokerState
from tests.endurance.random_brokers.story import KINDS, Story, until_streamed
from tests.support.records import GUN
from tests.support.scripted_product import HAMMER, POLLING, ScriptedProduct, scripted

SHORT_STORIES, LONG_STORIES = 2, 100
ROUNDS_OF_LONG = 3


async def play(draw: Callable[[st.SearchStrategy[Any]], Any], folder: Path, rounds: int) -> None:
    """Play one story, and judge at its end what is read once."""
    brokers, file = BrokerState(), folder / "journal.sqlite3"
    of = {
        "accounts": ",".join(ACCOUNTS),
        "hammer": brokers.hammer_quotes(),
        "hammer_account": brokers.account(),
    }
    timing = replace(POLLING, pulse_s=0.02)
    async with (
        scripted(of, timing=timing, journal=file, has_window=True) as product,
        opened(product.monitor, folder) as api,
        followed(api) as early,
    ):
        story = Story(draw, brokers, product, early)
        story.report()
        for mode in (GUN, HAMMER):
            product.monitor.links[mode].connect()
        await story.play(rounds)
        await story.let_ended_orders_leave()
        reported = expected_outputs.snapshot_of(product, GUN)
        for path, kind in zip(("positions", "orders", "summary"), KINDS, strict=True):
            answer = await api.get(f"account/ibkr/{path}", params={"account_type": GUN.value})
            assert answer.status_code == 200, answer.text
            assert answer.json()[kind] == reported[kind]
        async with followed(api) as late:
            await until_streamed(product, late)
        numbers = [number for number, _, _ in early.seen]
        assert numbers == sorted(set(numbers)), "an event came twice, or late"
        assert list(expected_outputs.wrong_lines(brokers, await _exported(product, file))) == []


async def _exported(product: ScriptedProduct, file: Path) -> list[dict[str, str]]:
    journal, lines = Journal(file), file.with_suffix(".csv")
    day = product.clock().date()
    try:
        await journal.export_fills(lines, [], day, day, datetime(2026, 12, 1, tzinfo=UTC))
    finally:
        await journal.close()
    return list(csv.DictReader(lines.read_text("utf-8-sig").splitlines()))


@asynccontextmanager
async def followed(api: ApiClient) -> AsyncIterator[Events]:
    """A stream that is read all the time."""

    async def follow(events: Events) -> None:
        while True:
            await events.next()

    async with reading(api) as events:
        following = asyncio.create_task(follow(events))
        try:
            yield events
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)


@pytest.mark.usefixtures("qapp")
def test_that_every_output_holds_what_the_brokers_hold(
    request: pytest.FixtureRequest,
    expected_errors: ExpectedErrors,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")
    # ib_insync holds requests back above 45 a second.
    monkeypatch.setattr("ib_insync.client.Client.MaxRequests", 0)
    is_long = request.config.getoption("--long")
    chosen = request.config.getoption("--hypothesis-seed")
    number = int(chosen) if chosen else random.SystemRandom().getrandbits(32) if is_long else 1
    play_stories(number, LONG_STORIES if is_long else SHORT_STORIES, ROUNDS_OF_LONG if is_long else 1)


def play_stories(number: int, stories: int, rounds: int) -> None:
    """Play stories that begin with this seed."""

    @seed(number)
    @settings(
        max_examples=stories,
        deadline=None,
        database=None,
        # How long things take is not the same twice: a shorter story may be another one.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(st.data())
    def tell(data: st.DataObject) -> None:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        try:
            with TemporaryDirectory() as folder:
                loop.run_until_complete(play(data.draw, Path(folder), rounds))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    tell()
