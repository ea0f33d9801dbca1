"""The contracts that a simulated TWS knows without a market: public reference data, without a price.

Contract ids are those of public examples where there is one, such as 265598 for AAPL; the others are made up.
Which request finds which contract: TWS API, ``reqContractDetails`` and ``reqMatchingSymbols``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from psf_monitor.sim.market.records import Security

SMART = "SMART"
MOST_SAMPLES = 16
"""The most symbols that TWS lists for a pattern."""

SHARE_RULE, OPTION_RULE, FUTURE_RULE, PAIR_RULE, SUBPENNY_RULE, MICRO_RULE = 26, 32, 67, 239, 635, 2806
MARKET_RULES: dict[int, tuple[tuple[float, float], ...]] = {
    SHARE_RULE: ((0.0, 0.01),),
    OPTION_RULE: ((0.0, 0.01), (3.0, 0.05)),
    FUTURE_RULE: ((0.0, 0.25),),
    PAIR_RULE: ((0.0, 0.00005),),
    SUBPENNY_RULE: ((0.0, 0.0001), (1.0, 0.01)),
    MICRO_RULE: ((0.0, 0.25),),
}
"""Tick sizes by rule: each with the price from which it applies."""

_COUPON = 4.125


@dataclass(frozen=True, slots=True)
class Instrument:
    """One contract as TWS describes it.

    ``venues``: where it may be sent, ``SMART`` first where that is one of them. ``expiry``: YYYYMMDD.
    ``strike`` in the currency, ``coupon`` in per cent a year. ``identifiers``: kind and value, such as an
    ISIN. ``derivatives``: the kinds of contract that there are on it. ``under``: conId, symbol and kind of
    what it is on. ``magnifier``: how many of the price make one of the currency.
    """

    con_id: int
    symbol: str
    kind: str
    local_symbol: str
    trading_class: str
    venues: tuple[str, ...]
    listed_at: str
    currency: str
    tick: float
    rule: int
    name: str
    multiplier: float = 1.0
    magnifier: int = 1
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    under: tuple[int, str, str] | None = None
    stock_type: str = ""
    coupon: float = 0.0
    identifiers: tuple[tuple[str, str], ...] = ()
    derivatives: tuple[str, ...] = ()

    @property
    def exchange(self) -> str:
        """The route if none is requested."""
        return self.venues[0]


def of_security(item: Security) -> Instrument:
    """Return what the simulated market trades, described."""
    return Instrument(
        item.con_id,
        item.symbol,
        item.kind,
        item.local_symbol,
        item.trading_class,
        (SMART, item.exchange),
        item.exchange,
        item.currency,
        item.tick,
        SHARE_RULE,
        item.local_symbol,
        multiplier=item.multiplier,
        magnifier=round(1 / item.price_unit),
        stock_type="COMMON" if item.kind == "STK" else "",
        coupon=_COUPON if item.kind == "BOND" else 0.0,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request says about the contract it looks for; empty or 0 matches anything."""

    con_id: int = 0
    symbol: str = ""
    kind: str = ""
    expiry: str = ""
    strike: float = 0.0
    right: str = ""
    multiplier: float = 0.0
    exchange: str = ""
    listed_at: str = ""
    currency: str = ""
    local_symbol: str = ""
    trading_class: str = ""
    identifier: tuple[str, str] = ("", "")

    @property
    def names_anything(self) -> bool:
        """Whether it names a contract; a kind or a currency alone does not."""
        return bool(self.con_id or self.symbol or self.local_symbol or self.identifier[1])

    def finds(self, item: Instrument) -> bool:
        """Return whether the contract matches: by its conId alone, else by everything that is given."""
        if self.con_id:
            return item.con_id == self.con_id
        return (
            self.names_anything
            and self._fits_by_name(item)
            and self.kind in ("", item.kind)
            and item.expiry.startswith(self.expiry)
            and self.strike in (0.0, item.strike)
            and self.right in ("", item.right)
            and self.multiplier in (0.0, item.multiplier)
            and self.exchange in ("", *item.venues)
            and self.listed_at in ("", item.listed_at)
            and self.currency in ("", item.currency)
        )

    def _fits_by_name(self, item: Instrument) -> bool:
        # A bond is requested by its CUSIP or ISIN in place of a symbol.
        symbols = (item.symbol, *(value for _, value in item.identifiers if item.kind == "BOND"))
        return (
            self.symbol in ("", *symbols)
            and self.local_symbol in ("", item.local_symbol)
            and self.trading_class in ("", item.trading_class)
            and (not self.identifier[1] or self.identifier in item.identifiers)
        )


def matching(pattern: str, among: Iterable[Instrument]) -> list[Instrument]:
    """Return the contracts with a symbol or a word of the name that begins so, exact symbols first."""
    text = pattern.strip().upper()
    found = [item for item in among if text and _is_on_its_own(item) and _begins(item, text)]
    return sorted(found, key=lambda item: item.symbol.upper() != text)[:MOST_SAMPLES]


def _is_on_its_own(item: Instrument) -> bool:
    """Return the text that names it; derivatives are named by their underlying."""
    return item.under is None and item.kind not in ("OPT", "FUT", "FOP", "WAR", "CASH")


def _begins(item: Instrument, text: str) -> bool:
    return any(word.startswith(text) for word in (item.symbol.upper(), *item.name.upper().split()))


@cache
def listed() -> tuple[Instrument, ...]:
    """Return every contract known without a market."""
    return (*_shares(), *_currencies(), *_futures(), *_bonds(), *_chains())


def _shares() -> Iterator[Instrument]:
    for con_id, symbol, at, isin, name in (
        (265598, "AAPL", "NASDAQ", "US0378331005", "APPLE INC"),
        (272093, "MSFT", "NASDAQ", "US5949181045", "MICROSOFT CORP"),
        (107113386, "META", "NASDAQ", "US30303M1027", "META PLATFORMS INC-CLASS A"),
        (140070600, "AMC", "NYSE", "US00165C3025", "AMC ENTERTAINMENT HLDS-CL A"),
        (8314, "IBM", "NYSE", "US4592001014", "INTL BUSINESS MACHINES CORP"),
        (76792991, "TSLA", "NASDAQ", "US88160R1014", "TESLA INC"),
        (756733, "SPY", "ARCA", "US78462F1030", "SS SPDR S&P 500 ETF TRUST-US"),
    ):
        kind = "ETF" if symbol == "SPY" else "COMMON"
        yield Instrument(
            *(con_id, symbol, "STK", symbol, symbol, (SMART, at), at, "USD", 0.01, SHARE_RULE, name),
            stock_type=kind,
            identifiers=(("ISIN", isin),),
            derivatives=("CFD", "OPT", "IOPT", "WAR", "BAG"),
        )


def _currencies() -> Iterator[Instrument]:
    for con_id, symbol, currency in (
        (12087792, "EUR", "USD"),
        (12087797, "GBP", "USD"),
        (15016059, "USD", "JPY"),
    ):
        pair, at = f"{symbol}.{currency}", "IDEALPRO"
        yield Instrument(
            *(con_id, symbol, "CASH", pair, pair, (at,), at, currency, 0.00005, PAIR_RULE, f"{pair} spot")
        )
    for con_id, symbol, name in ((479624278, "BTC", "Bitcoin"), (495759171, "ETH", "Ethereum")):
        pair, at = f"{symbol}.USD", "PAXOS"
        yield Instrument(
            *(
                con_id,
                symbol,
                "CRYPTO",
                pair,
                symbol,
                (at,),
                at,
                "USD",
                0.01,
                SHARE_RULE,
                f"{name} cryptocurrency",
            )
        )


_SPX = (416904, "SPX", "IND")


def _futures() -> Iterator[Instrument]:
    con_id, symbol, kind = _SPX
    at = "CBOE"
    yield Instrument(
        *(con_id, symbol, kind, symbol, symbol, (at,), at, "USD", 0.01, SHARE_RULE, "S&P 500 Stock Index"),
        derivatives=("OPT",),
    )
    expiries = (("Z6", "20261218"), ("H7", "20270319"), ("M7", "20270618"), ("U7", "20270917"))
    for number, (month, expiry) in enumerate(expiries):
        local, at = f"ES{month}", "CME"
        yield Instrument(
            *(
                900_000_001 + number,
                "ES",
                "FUT",
                local,
                "ES",
                (at,),
                at,
                "USD",
                0.25,
                FUTURE_RULE,
                "E-mini S&P 500",
            ),
            multiplier=50.0,
            expiry=expiry,
            under=_SPX,
        )


def _bonds() -> Iterator[Instrument]:
    cusip = "064159KJ4"
    yield Instrument(
        *(900_000_101, "BNS", "BOND", f"BNS {cusip}", "BNS", (SMART,), "", "USD", 0.001, SHARE_RULE),
        "BANK OF NOVA SCOTIA",
        coupon=4.65,
        identifiers=(("CUSIP", cusip), ("ISIN", "US064159KJ44")),
    )


def _chains() -> Iterator[Instrument]:
    yield from _chain((756733, "SPY", "STK"), "20281215", 843630132, 750, range(500, 1001, 5))
    yield from _chain((265598, "AAPL", "STK"), "20270115", 900_010_000, 275, range(150, 401, 5))


def _chain(
    under: tuple[int, str, str], expiry: str, con_id: int, middle: int, strikes: range
) -> Iterator[Instrument]:
    """Return calls and puts of one expiry; ``con_id`` is that of the call at ``middle``."""
    symbol = under[1]
    for right, first in (("C", con_id), ("P", con_id + 1000)):
        for strike in strikes:
            local = f"{symbol:<6}{expiry[2:]}{right}{strike * 1000:08d}"
            number = first + (strike - middle) // strikes.step
            yield Instrument(
                *(
                    number,
                    symbol,
                    "OPT",
                    local,
                    symbol,
                    (SMART, "CBOE", "ISE"),
                    "",
                    "USD",
                    0.01,
                    OPTION_RULE,
                    symbol,
                ),
                multiplier=100.0,
                expiry=expiry,
                strike=float(strike),
                right=right,
                under=under,
            )
