"""Updates and answers of HAMMER as frames, and a share that falls silent."""

import json
from collections.abc import Mapping
from typing import Any

from psf_monitor.book.rows import QuoteState
from psf_monitor.sim.hammer.server import SimHammer
from psf_monitor.sim.market.market import Market
from tests.hammer.passing_time import WatchedClock, time_passes
from tests.hammer.running_adapter import Shown
from tests.support.waiting import until

LIVE, FROZEN = {QuoteState.LIVE}, {QuoteState.FROZEN}


def update(**result: object) -> str:
    return json.dumps({"cmd": "L1Update", "result": {"sym": "CIM-B", **result}})


def answer(asked: Mapping[str, Any], **result: object) -> str:
    fields = {"sym": asked["sym"], **result}
    return json.dumps(
        {"cmd": "getSymbolSnapshot", "reqID": asked["reqID"], "success": "OK", "result": fields}
    )


async def asked_of(hammer: SimHammer, symbol: str, count: int) -> Mapping[str, Any]:
    """The question for a symbol that is the ``count``th."""

    def asked() -> list[dict[str, Any]]:
        return [each for each in hammer.commands("getSymbolSnapshot") if each["sym"] == symbol]

    await until(lambda: len(asked()) >= count)
    return asked()[count - 1]


async def silent(shown: Shown, hammer: SimHammer, market: Market, clock: WatchedClock) -> int:
    """A silence that froze all is just over, and no question is answered; how often CIM-B was asked."""
    hammer.faults.is_mute = True
    await time_passes(market, clock, 24)
    assert shown.states() == FROZEN
    hammer.unanswered.update(("getSymbolSnapshot", "subscribe"))
    hammer.faults.is_mute = False
    return sum(each["sym"] == "CIM-B" for each in hammer.commands("getSymbolSnapshot"))
