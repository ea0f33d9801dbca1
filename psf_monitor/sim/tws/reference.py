"""A simulated TWS's answers about contracts, rules and the user, and its refusal of market data requests.

It has no market data subscription: whoever asks for prices or news gets the code of a TWS without one.
Source: TWS API, Message Codes; the sentences are TWS's.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.tws.contract_layouts import (
    contract_details,
    market_rule,
    option_parameters,
    symbol_samples,
)
from psf_monitor.sim.tws.framing import Field, Request, WireError
from psf_monitor.sim.tws.instruments import MARKET_RULES, Instrument, Wanted, listed, matching, of_security
from psf_monitor.sim.tws.layouts import Message
from psf_monitor.sim.tws.login import Login

NO_SECURITY = 200
INVALID = 321
NO_HISTORY = (162, "Historical Market Data Service error message:No market data permissions.")
NOT_SUBSCRIBED = (354, "Requested market data is not subscribed.")
NO_BARS = (420, "Invalid Real-time Query:No market data permissions.")
NO_TICKS = (10189, "Failed to request tick-by-tick data.No market data permissions.")
NO_NEWS = (10276, "News feed is not allowed.")
NO_FUNDAMENTALS = (10358, "Fundamentals data is not allowed.")

REFUSED: dict[int, tuple[int, tuple[int, str]]] = {
    1: (2, NOT_SUBSCRIBED),
    10: (2, NOT_SUBSCRIBED),
    20: (1, NO_HISTORY),
    22: (1, NO_HISTORY),
    50: (2, NO_BARS),
    52: (2, NO_FUNDAMENTALS),
    54: (2, NOT_SUBSCRIBED),
    55: (2, NOT_SUBSCRIBED),
    84: (1, NO_NEWS),
    86: (1, NO_NEWS),
    87: (1, NO_HISTORY),
    88: (1, NO_HISTORY),
    96: (1, NO_HISTORY),
    97: (1, NO_TICKS),
    100: (1, NO_NEWS),
    102: (1, NO_NEWS),
}
"""By request: the field of its id, and the error text."""

NOTHING_TO_END = frozenset({2, 11, 12, 13, 23, 25, 51, 53, 56, 57, 59, 89, 90, 98, 101, 103})
"""Cancels of refused requests, and requests for a kind of market data."""

RIGHTS = ("C", "P")
"""Clients write CALL too, and 0 or ? for none."""

_PROVIDERS = (
    ("BRFG", "Briefing.com General Market Columns"),
    ("BRFUPDN", "Briefing.com Analyst Actions"),
    ("DJNL", "Dow Jones Newsletters"),
)
_SCANNERS = '<?xml version="1.0" encoding="UTF-8"?>\n<ScanParameterResponse></ScanParameterResponse>'


class ReferenceRequests:
    """The requests whose answer is the same for every client. ``send_error``: code, sentence, request id."""

    def __init__(
        self,
        login: Login,
        version: int,
        send: Callable[[Message], None],
        send_error: Callable[[int, str, int], None],
    ) -> None:
        self._login = login
        self._market: Market = login.market
        self._version = version
        self._send = send
        self._send_error = send_error
        self.by_id: dict[int, Callable[[Request], None]] = {
            9: self._contract_details,
            24: lambda _: send([19, 1, _SCANNERS]),
            78: self._option_parameters,
            79: lambda request: send([77, request.integer(1), 0]),
            80: self._family_codes,
            81: self._matching_symbols,
            82: self._depth_exchanges,
            85: lambda _: send([85, len(_PROVIDERS), *chain.from_iterable(_PROVIDERS)]),
            91: self._market_rule,
            104: lambda request: send([107, request.integer(1), ""]),
            **dict.fromkeys(REFUSED, self._refuse),
            **dict.fromkeys(NOTHING_TO_END, lambda _: None),
        }

    def _refuse(self, request: Request) -> None:
        place, (code, sentence) = REFUSED[request.id]
        self._send_error(code, sentence, request.integer(place))

    def _instruments(self) -> Iterator[Instrument]:
        """Return the known contracts, those of the market first: a scenario may define one of the list."""
        traded = {item.con_id: of_security(item) for item in self._market.securities.values()}
        yield from traded.values()
        yield from (item for item in listed() if item.con_id not in traded)

    def _contract_details(self, request: Request) -> None:
        request_id, wanted = request.integer(2), _wanted(request)
        found = [item for item in self._instruments() if wanted.finds(item)]
        if not found:
            sentence = "No security definition has been found for the request"
            self._send_error(NO_SECURITY, sentence, request_id)
            return
        for item in found:
            self._send(contract_details(request_id, item, self._version))
        self._send([52, 1, request_id])

    def _matching_symbols(self, request: Request) -> None:
        found = matching(request.text(2), self._instruments())
        self._send(symbol_samples(request.integer(1), found, self._version))

    def _market_rule(self, request: Request) -> None:
        rule_id = request.integer(1)
        if rule_id not in MARKET_RULES:
            self._send_error(INVALID, f"Error validating request: no market rule {rule_id}.", -1)
            return
        self._send(market_rule(rule_id, MARKET_RULES[rule_id]))

    def _option_parameters(self, request: Request) -> None:
        request_id, con_id = request.integer(1), request.integer(5)
        chained = [item for item in listed() if item.under and item.under[0] == con_id and item.kind == "OPT"]
        if chained:
            self._send(option_parameters(request_id, chained))
        self._send([76, request_id])

    def _family_codes(self, _: Request) -> None:
        accounts = self._login.accounts
        self._send([78, len(accounts), *chain.from_iterable((account, "") for account in accounts)])

    def _depth_exchanges(self, _: Request) -> None:
        venues = sorted({item.exchange for item in self._market.securities.values()})
        rows: list[tuple[Field, ...]] = [(venue, "STK", "", "Deep", 1) for venue in venues]
        self._send([80, len(rows), *chain.from_iterable(rows)])


def _wanted(request: Request) -> Wanted:
    """Return the contract of message 9."""
    return Wanted(
        con_id=request.integer(3),
        symbol=request.text(4),
        kind=request.text(5),
        expiry=request.text(6),
        strike=_figure(request, 7),
        right=request.text(8)[:1] if request.text(8)[:1] in RIGHTS else "",
        multiplier=_figure(request, 9),
        exchange=request.text(10),
        listed_at=request.text(11),
        currency=request.text(12),
        local_symbol=request.text(13),
        trading_class=request.text(14),
        identifier=(request.text(16), request.text(17)),
    )


def _figure(request: Request, place: int) -> float:
    text = request.text(place)
    try:
        return float(text or 0)
    except ValueError:
        raise WireError(f"field {place} is not a number") from None
