"""Request the list of positions once, with TWS's reason if it does not arrive.

TWS refuses a list that has no request id with a message that belongs to no request (-1), as it does for other
such lists: the message is the reason only if nothing of the list then arrives.
"""

import asyncio

from ib_insync.objects import Position

from psf_monitor.domain.account import AccountMode
from psf_monitor.ibkr.accounts import errors
from psf_monitor.ibkr.accounts.account_requests import AccountRequests
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.codes.tws_messages import NO_REQUEST
from psf_monitor.ibkr.errors import plain_sentence
from psf_monitor.ibkr.list_completion import POSITION_LIST
from psf_monitor.ibkr.sink import IbkrSink
from psf_monitor.ibkr.timing import IbkrTiming

_REFUSALS = frozenset({320, 321, 322, 323})
"""TWS API: a request could not be read, or will not be answered."""
_WARNINGS = range(2100, 2200)


class PositionsUnavailableError(Exception):
    """The list does not arrive, and the reason has been reported."""


class PositionRequest:
    """Requests the positions of one connection and watches TWS's messages meanwhile.

    ``sink`` gets the reason why they are not reported as soon as that is likely, while the list is still
    awaited.
    """

    def __init__(self, ib: ReadOnlyIB, mode: AccountMode, timing: IbkrTiming, sink: IbkrSink) -> None:
        self._ib = ib
        self._mode = mode
        self._timing = timing
        self._sink = sink
        self._listing: asyncio.Future[list[Position]] | None = None
        self._received = 0
        self._id: int | None = None
        self._refusal: tuple[int, str] | None = None
        ib.errorEvent += self._on_message

    async def until_listed(self, requests: AccountRequests) -> None:
        """Return when the list is complete. Raises ``PositionsUnavailableError``."""
        self._refusal, self._received = None, self._ib.lists.received[POSITION_LIST]
        self._listing = requests.positions()
        self._id = requests.positions_id
        try:
            # Nothing is awaited after it: what has arrived of the list is read in the turn that ends it.
            await self._ib.lists.until_there(POSITION_LIST, self._listing)
        except PositionsUnavailableError:
            self._ib.lists.ended(POSITION_LIST)
            self._report()
            raise
        except TimeoutError:
            self._report()
            raise PositionsUnavailableError from None
        finally:
            self._listing = None

    def _report(self) -> None:
        if self._refusal is None:
            why = errors.positions_unanswered(self._mode, self._timing.answer_s)
        else:
            why = errors.positions_refused(self._mode, *self._refusal)
        self._sink.positions_unavailable(self._mode, why)

    def _on_message(self, request: int, code: int, text: str, _contract: object) -> None:
        is_answer = self._id is not None and request == self._id and code not in _WARNINGS
        if is_answer or (request in NO_REQUEST and code in _REFUSALS):
            self._refusal = code, plain_sentence(text)
            if self._listing is not None:
                asyncio.get_running_loop().call_later(self._timing.refusal_s, self._report_refusal)
        if is_answer and self._listing is not None and not self._listing.done():
            self._listing.set_exception(PositionsUnavailableError())

    def _report_refusal(self) -> None:
        if (
            self._listing is not None
            and self._refusal
            and self._ib.lists.received[POSITION_LIST] == self._received
        ):
            self._report()
