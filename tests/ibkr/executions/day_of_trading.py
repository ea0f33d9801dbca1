"""What was done at the simulated TWS, and what of it is shown."""

from dataclasses import replace

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.fills.fill import Fill
from psf_monitor.sim.market.market import Market, SimExecution
from psf_monitor.sim.market.records import OrderIds
from psf_monitor.sim.tws.server import SimTws
from tests.ibkr.running_connector import ACCOUNT, NEVER, QUICK, Login
from tests.support.records import GUN
from tests.support.waiting import until

ONCE = replace(QUICK, executions_soonest_s=NEVER)
"""The list is requested once: what is reported after it was sent unasked."""


Shown = dict[str, tuple[str, str, float | None, float | None, float | None, float | None]]


def shown(login: Login) -> Shown:
    return {
        f.broker_id: (f.instrument.symbol, f.side, f.quantity, f.price, f.commission, f.realized_pnl)
        for f in login.fills.fills()
    }


def done(market: Market, account: str = ACCOUNT) -> Shown:
    return {
        e.exec_id: (
            e.security.local_symbol,
            {"BOT": "BUY", "SLD": "SELL"}[e.side],
            e.shares,
            e.price,
            e.commission,
            None if e.realized_pnl is None else round(e.realized_pnl, 4),
        )
        for e in market.executions
        if e.account == account
    }


async def until_all_are_shown(login: Login, market: Market) -> None:
    await until(lambda: shown(login) == done(market), what="every execution")


def asked(tws: SimTws, request: int = 7) -> int:
    return sum(number == request for _client, number in tws.received)


def trade(
    market: Market, client_id: int = 31, quantity: float = 10, symbol: str = "SPY", account: str = ACCOUNT
) -> SimExecution:
    """An order that is placed and filled at once."""
    order = market.place_order(account, symbol, "BUY", quantity, 700.0, ids=OrderIds(client_id))
    return market.fill_order(order.perm_id, quantity, 662.0)


def only(login: Login, execution: SimExecution) -> Fill:
    shared = execution.exec_id.rpartition(".")[0]
    (found,) = [f for f in login.fills.fills() if f.fill_id == shared]
    return found


async def listed(login: Login) -> None:
    login.link.connect()
    await until(lambda: login.fills.state(GUN).as_of, what="the list")


async def until_listed(login: Login, tws: SimTws, lists: int) -> None:
    login.link.connect()
    await until(lambda: asked(tws) >= lists and login.state is LinkState.READY, what=f"{lists} lists")
