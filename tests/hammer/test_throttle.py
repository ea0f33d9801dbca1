"""A flood is handed over in portions, and nothing stays behind."""

import asyncio

from psf_monitor.connection.pacing import FLOOD
from psf_monitor.hammer.throttle import Throttle
from tests.support.waiting import until


class Hand:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


async def a_portion_later() -> None:
    """Return when a portion requested now has been delivered."""
    hand = Hand()
    pace = Throttle(hand, every_s=0.02)
    pace.request(FLOOD)
    pace.request(FLOOD)
    await until(lambda: hand.count == 2)


async def test_that_a_single_change_is_delivered_at_once() -> None:
    hand = Hand()
    pace = Throttle(hand, every_s=3600.0)
    pace.request(1)
    pace.request(1)
    assert hand.count == 2


async def test_that_a_flood_is_delivered_in_portions_and_its_end_without_further_data() -> None:
    hand = Hand()
    pace = Throttle(hand, every_s=0.02)
    for _ in range(100):
        pace.request(FLOOD)
    assert hand.count == 1
    await until(lambda: hand.count == 2)


async def test_that_the_end_of_a_flood_waits_no_longer_than_any_portion() -> None:
    hand = Hand()
    pace = Throttle(hand, every_s=0.2)
    loop = asyncio.get_running_loop()
    pace.request(FLOOD)
    handed_at = loop.time()
    counts: list[int] = []
    loop.call_at(handed_at + 0.1, pace.request, FLOOD)
    loop.call_at(handed_at + 0.25, lambda: counts.append(hand.count))
    await until(lambda: counts)
    assert counts == [2]


async def test_that_a_single_change_is_delivered_with_those_waiting() -> None:
    hand = Hand()
    pace = Throttle(hand, every_s=0.02)
    pace.request(FLOOD)
    pace.request(FLOOD)
    pace.request(1)
    assert hand.count == 2
    await a_portion_later()
    assert hand.count == 2


async def test_that_nothing_is_delivered_after_a_stop() -> None:
    hand = Hand()
    pace = Throttle(hand, every_s=0.02)
    pace.request(FLOOD)
    pace.request(FLOOD)
    pace.stop()
    await a_portion_later()
    assert hand.count == 1
