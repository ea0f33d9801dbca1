"""How positions and account values are asked for: of the whole login, or of one account of a large one.

TWS lists positions and summaries of a login only up to 50 accounts. Of one account it tells in any login.
"""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from ib_insync import AccountValue, Position

from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.client import ReadOnlyIB

MOST_ACCOUNTS = 50
"""TWS API: above this many accounts, positions (61) and the summary of group "All" (62) are refused."""

_SUMMARY_TAGS = ",".join((*parsing.SUMMARY_FIELDS, "$LEDGER:ALL"))


class AccountRequests(Protocol):
    """The requests for one login. At most one subscription of account values is open at a time."""

    def positions(self) -> asyncio.Future[list[Position]]:
        """Ask for every position; later ones come by themselves."""

    def subscribe_values(self) -> asyncio.Future[object]:
        """Subscribe the account values; done when all have come once."""

    def values(self) -> Iterable[AccountValue]:
        """The account values that have come so far."""

    def cancel_values(self) -> None:
        """End the subscription, if there is one."""

    def cancel_positions(self) -> None:
        """Ask for no more positions."""


class LoginRequests:
    """Asks for all accounts of a login at once."""

    def __init__(self, ib: ReadOnlyIB) -> None:
        self._ib = ib
        self._id: int | None = None

    def positions(self) -> asyncio.Future[list[Position]]:
        return asyncio.ensure_future(self._ib.reqPositionsAsync())

    def subscribe_values(self) -> asyncio.Future[object]:
        self.cancel_values()
        self._id = self._ib.client.getReqId()
        asked: asyncio.Future[object] = self._ib.wrapper.startReq(self._id)
        self._ib.client.reqAccountSummary(self._id, "All", _SUMMARY_TAGS)
        return asked

    def values(self) -> Iterable[AccountValue]:
        return self._ib.wrapper.acctSummary.values()

    def cancel_values(self) -> None:
        if self._id is not None:
            self._ib.client.cancelAccountSummary(self._id)
            self._id = None

    def cancel_positions(self) -> None:
        self._ib.client.cancelPositions()


class SingleAccountRequests:
    """Asks for one account, whatever the size of the login."""

    def __init__(self, ib: ReadOnlyIB, account: str) -> None:
        self._ib = ib
        self._account = account
        self._positions_id: int | None = None
        self._id: int | None = None

    def positions(self) -> asyncio.Future[list[Position]]:
        self.cancel_positions()
        self._positions_id = self._ib.client.getReqId()
        asked: asyncio.Future[list[Position]] = self._ib.wrapper.startReq("positions")
        self._ib.client.reqPositionsMulti(self._positions_id, self._account, "")
        return asked

    def subscribe_values(self) -> asyncio.Future[object]:
        self.cancel_values()
        self._id = self._ib.client.getReqId()
        asked: asyncio.Future[object] = self._ib.wrapper.startReq(self._id)
        self._ib.client.reqAccountUpdatesMulti(self._id, self._account, "", False)
        return asked

    def values(self) -> Iterable[AccountValue]:
        return self._ib.wrapper.accountValues.values()

    def cancel_values(self) -> None:
        if self._id is not None:
            self._ib.client.cancelAccountUpdatesMulti(self._id)
            self._id = None

    def cancel_positions(self) -> None:
        if self._positions_id is not None:
            self._ib.client.cancelPositionsMulti(self._positions_id)
            self._positions_id = None
