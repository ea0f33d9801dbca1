"""Request contract details from TWS (request 9), which reads and changes nothing."""

import asyncio
from collections.abc import Callable

from ib_insync.contract import Contract, ContractDetails
from ib_insync.wrapper import RequestError

from psf_monitor.connection.link_log import link_log
from psf_monitor.domain.instrument import one_spaced
from psf_monitor.ibkr import parsing
from psf_monitor.ibkr.client import ReadOnlyIB
from psf_monitor.ibkr.contracts.contract_catalog import ContractCatalog, ContractTerms
from psf_monitor.ibkr.timing import IbkrTiming
from psf_monitor.ibkr.unreadable import LISTING

_PER_CENT_OF_PAR = frozenset({"BOND", "BILL"})
_VALUE_OF_ONE_PER_CENT = 10.0
"""IBKR counts bonds in units of 1,000 face value and quotes them in percent of it."""

_MOST_AT_ONCE = 20

_DETAILS, _BOND_DETAILS = 10, 18
_FIRST_WITHOUT_VERSION = 164
"""Messages up to the server version before contain their own version and one more field."""

_COUPON = 5
"""A field that TWS writes with decimals and ib_insync reads as an integer: 4.125 would lose the bond."""
_STRIKE, _LEAST_TICK, _UNDERLYING, _LONG_NAME, _EV_MULTIPLIER, _SECURITY_IDS = 5, 13, 18, 19, 29, 30
"""Fields that are not used here, and for which ib_insync would lose the contract if it could not read one."""
_MULTIPLIER = 14
"""The first field behind the size multiplier that older messages have."""
_NO_SECURITY_IDS = ("0", *[""] * 9)


class ContractRequests:
    """Requests over one connection what the catalog lacks."""

    def __init__(self, ib: ReadOnlyIB, catalog: ContractCatalog, timing: IbkrTiming, link_name: str) -> None:
        self._link_name = link_name
        self._log = link_log(__name__, link_name)
        self._ib = ib
        self._catalog = catalog
        self._timing = timing
        handlers = ib.client.decoder.handlers
        handlers[_DETAILS], handlers[_BOND_DETAILS] = self._on_details, self._on_bond_details

    async def serve(self) -> None:
        """Request each contract once, and again after a while if no answer arrived, until cancelled."""
        self._catalog.connected()
        while True:
            await self._catalog.wanted.wait()
            missing = self._catalog.pop_missing()
            unanswered: list[int] = []
            for start in range(0, len(missing), _MOST_AT_ONCE):
                requested = missing[start : start + _MOST_AT_ONCE]
                answers = await asyncio.gather(*map(self._request, requested))
                unanswered += [con_id for con_id, came in zip(requested, answers, strict=True) if not came]
            if unanswered:
                self._log.warning(
                    "%s: TWS did not report the terms of %d contracts", self._link_name, len(unanswered)
                )
                await asyncio.sleep(self._timing.ask_again_s)
                self._catalog.request_later(unanswered)

    def _on_details(self, fields: list[str]) -> None:
        # Older messages have their version and a size multiplier, too.
        before, behind = (1, 2) if self._is_versioned else (0, 0)
        for place in (_STRIKE, _LEAST_TICK, _UNDERLYING, _LONG_NAME, _EV_MULTIPLIER):
            _blank(fields, place + (before if place < _MULTIPLIER else behind))
        if len(fields) > _SECURITY_IDS + behind:
            fields[_SECURITY_IDS + behind :] = _NO_SECURITY_IDS
        self._read(self._ib.client.decoder.contractDetails, fields)

    def _on_bond_details(self, fields: list[str]) -> None:
        _blank(fields, _COUPON + (1 if self._is_versioned else 0))
        self._read(self._ib.client.decoder.bondContractDetails, fields)

    def _read(self, read: Callable[[list[str]], None], fields: list[str]) -> None:
        request = fields[2 if self._is_versioned else 1 :][:1]
        if request not in [[str(key)] for key in self._ib.wrapper._results]:
            # It comes when it was given up.
            return
        try:
            read(fields)
        except (ValueError, LookupError, TypeError, ArithmeticError):
            self._log.warning(
                "%s: the listing of a contract could not be read", self._link_name, exc_info=True
            )
            self._ib.unreadableEvent.emit(LISTING)

    @property
    def _is_versioned(self) -> bool:
        return self._ib.client.serverVersion() < _FIRST_WITHOUT_VERSION

    async def _request(self, con_id: int) -> bool:
        """Return whether TWS answered, even if only that it does not know the contract."""
        try:
            async with asyncio.timeout(self._timing.answer_s):
                received = await self._ib.reqContractDetailsAsync(Contract(conId=con_id))
        except TimeoutError:
            return False
        except RequestError:
            received = []
        terms = next((terms_of(each) for each in received if _is_of(each, con_id)), None)
        if terms is not None:
            self._catalog.learn(con_id, terms)
        return True


def terms_of(received: ContractDetails) -> ContractTerms:
    """Return the terms in messages 10 and 18: the magnifier is how many price units make one of the
    currency. A contract whose value follows a rule of its own (evRule) has no such unit.
    """
    contract = received.contract or Contract()
    multiplier = parsing.number(contract.multiplier)
    if multiplier is not None and multiplier <= 0:
        multiplier = None
    listing, name = contract.primaryExchange or contract.exchange, one_spaced(contract.localSymbol)
    if contract.secType in _PER_CENT_OF_PAR:
        return ContractTerms(_VALUE_OF_ONE_PER_CENT, multiplier, listing, name)
    magnifier = None if received.evRule else parsing.number(received.priceMagnifier)
    return ContractTerms(1 / magnifier if magnifier and magnifier > 0 else None, multiplier, listing, name)


def _blank(fields: list[str], place: int) -> None:
    if place < len(fields):
        fields[place] = ""


def _is_of(received: ContractDetails, con_id: int) -> bool:
    return received.contract is not None and received.contract.conId == con_id
