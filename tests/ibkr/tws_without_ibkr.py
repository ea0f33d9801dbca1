"""A TWS that loses IBKR and finds it again, and what is asked of it meanwhile."""

from dataclasses import replace

from psf_monitor.connection.status import LinkState
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import (
    POLLING,
    Login,
)
from tests.support.records import GUN
from tests.support.waiting import LIMIT_S, until

LIMITED = replace(POLLING, answer_s=LIMIT_S)
"""Unanswered requests fail after ``limits_run_out``, and not before.

A list of orders that was under way then comes with the next one.
"""


LOST_TEXT = "Connectivity between IBKR and Trader Workstation has been lost."


FOUND_TEXT = "Connectivity between IBKR and Trader Workstation has been restored."


def asked(tws: SimTws, request: int) -> int:
    return sum(number == request for _client, number in tws.received)


def is_worth(login: Login, net_liquidation: float) -> bool:
    return login.book.strip(GUN).net_liquidation == net_liquidation


async def lose_and_find(login: Login, tws: SimTws) -> None:
    """One loss of the line and the return from it."""
    before = asked(tws, 71)
    tws.close_all()
    await until(lambda: asked(tws, 71) > before and login.state is LinkState.READY, what="the way back")
