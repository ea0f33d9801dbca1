"""How positions and account values are requested: for the whole login, or for one account of a large login.

TWS lists positions and summaries of a login only up to 50 accounts, but reports a single account in any
login.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Protocol

from ib_insync.objects import AccountValue, Position

from psf_monitor.ibkr.accounts.account_summaries import IN_REVIEW, SUMMARY_FIELDS
from psf_monitor.ibkr.client import ReadOnlyIB

MOST_ACCOUNTS = 50
"""TWS API: above this many accounts, positions (61) and the summary of group "All" (62) are refused."""

ACCOUNT_READY = "AccountReady"
"""The tag that says whether TWS's values of an account are current; updates have it, summaries do not."""

STATE_TAGS = frozenset({ACCOUNT_READY, IN_REVIEW})

_SUMMARY_TAGS = ",".join((*SUMMARY_FIELDS, "$LEDGER:ALL"))


class AccountRequests(Protocol):
    """The requests for one login. At most one subscription of account values is open at a time."""

    @property
    def positions_id(self) -> int | None:
        """The id of the request for positions; ``None`` if it has none."""

    def positions(self) -> asyncio.Future[list[Position]]:
        """Request every position; later changes arrive unsolicited."""

    def subscribe_values(self) -> asyncio.Future[object]:
        """Subscribe to the account values; done when all of them have arrived once."""

    def values(self) -> Iterable[AccountValue]:
        """Return the account values that have arrived so far."""

    def is_open(self) -> bool:
        """Return whether the line is open. When it ends, the client library forgets every value received."""

    def cancel_values(self) -> None:
        """Cancel the subscription, if there is one."""

    def cancel_positions(self) -> None:
        """Stop receiving positions."""


class LoginRequests:
    """Requests all accounts of a login at once.

    The summary (62) does not say whether its values are ready. The updates of each account (76) do, and are
    waited for up to ``readiness_s`` after it.
    """

    def __init__(self, ib: ReadOnlyIB, accounts: Callable[[], Sequence[str]], readiness_s: float) -> None:
        self.positions_id = None
        self._ib = ib
        self._accounts = accounts
        self._readiness_s = readiness_s
        self._id: int | None = None
        self._readiness_ids: list[int] = []

    def positions(self) -> asyncio.Future[list[Position]]:
        return asyncio.ensure_future(self._ib.reqPositionsAsync())

    def subscribe_values(self) -> asyncio.Future[object]:
        self.cancel_values()
        # Everything is reported again: what is not, such as a value in another base currency, no longer
        # exists.
        self._ib.wrapper.acctSummary.clear()
        readiness = [self._request_readiness(account) for account in self._accounts()]
        self._id = self._ib.client.getReqId()
        answer: asyncio.Future[object] = self._ib.wrapper.startReq(self._id)
        self._ib.client.reqAccountSummary(self._id, "All", _SUMMARY_TAGS)
        return asyncio.ensure_future(self._until_answered(answer, readiness))

    def _request_readiness(self, account: str) -> asyncio.Future[object]:
        number = self._ib.client.getReqId()
        self._readiness_ids.append(number)
        answer: asyncio.Future[object] = self._ib.wrapper.startReq(number)
        self._ib.client.reqAccountUpdatesMulti(number, account, "", False)
        return answer

    async def _until_answered(
        self, summary: asyncio.Future[object], readiness: Sequence[asyncio.Future[object]]
    ) -> None:
        try:
            await summary
            if readiness:
                # For accounts that do not report readiness the summary is trusted.
                await asyncio.wait(readiness, timeout=self._readiness_s)
        finally:
            for answered in readiness:
                if not answered.cancel() and not answered.cancelled():
                    # A refusal counts as silence; asyncio complains about an exception that is never
                    # retrieved.
                    answered.exception()

    def values(self) -> Iterable[AccountValue]:
        wrapper = self._ib.wrapper
        states = (row for row in wrapper.accountValues.values() if row.tag in STATE_TAGS)
        return chain(wrapper.acctSummary.values(), states)

    def is_open(self) -> bool:
        return bool(self._ib.client.isConnected())

    def cancel_values(self) -> None:
        if self._id is not None:
            self._ib.client.cancelAccountSummary(self._id)
            self._id = None
        for number in self._readiness_ids:
            self._ib.client.cancelAccountUpdatesMulti(number)
        self._readiness_ids.clear()

    def cancel_positions(self) -> None:
        self._ib.client.cancelPositions()


class SingleAccountRequests:
    """Requests one account, whatever the size of the login."""

    def __init__(self, ib: ReadOnlyIB, account: str) -> None:
        self._ib = ib
        self._account = account
        self.positions_id: int | None = None
        self._id: int | None = None

    def positions(self) -> asyncio.Future[list[Position]]:
        self.cancel_positions()
        self.positions_id = self._ib.client.getReqId()
        answer: asyncio.Future[list[Position]] = self._ib.wrapper.startReq("positions")
        self._ib.client.reqPositionsMulti(self.positions_id, self._account, "")
        return answer

    def subscribe_values(self) -> asyncio.Future[object]:
        self.cancel_values()
        self._ib.wrapper.accountValues.clear()
        self._id = self._ib.client.getReqId()
        answer: asyncio.Future[object] = self._ib.wrapper.startReq(self._id)
        self._ib.client.reqAccountUpdatesMulti(self._id, self._account, "", False)
        return answer

    def values(self) -> Iterable[AccountValue]:
        return self._ib.wrapper.accountValues.values()

    def is_open(self) -> bool:
        return bool(self._ib.client.isConnected())

    def cancel_values(self) -> None:
        if self._id is not None:
            self._ib.client.cancelAccountUpdatesMulti(self._id)
            self._id = None

    def cancel_positions(self) -> None:
        if self.positions_id is not None:
            self._ib.client.cancelPositionsMulti(self.positions_id)
            self.positions_id = None
