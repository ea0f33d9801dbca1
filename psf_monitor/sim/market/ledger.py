"""The cash of one simulated account and the broker's figures: profit, margin, account values."""

from collections.abc import Iterable
from dataclasses import dataclass

from psf_monitor.sim.market.records import AccountValue, SimHolding
from psf_monitor.sim.market.scenarios import AccountRow

MARGIN_RATE = 0.30
BUYING_POWER_FACTOR = 3.33
COMMISSION_PER_SHARE = 0.005
LEAST_COMMISSION = 1.00
BASE_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Profit:
    """The broker's own P&L in USD: of the day, of current positions, and realized today."""

    daily: float
    unrealized: float
    realized: float


def commission_of(quantity: float) -> float:
    """Return the commission of a fill, in USD."""
    return round(max(abs(quantity) * COMMISSION_PER_SHARE, LEAST_COMMISSION), 4)


def market_value(held: SimHolding) -> float:
    """Return the market value in USD, negative for a short."""
    return held.quantity * held.security.mark * held.security.point_value


def unrealized(held: SimHolding) -> float:
    """Return the unrealized P&L in USD, at the broker's own mark."""
    return market_value(held) - held.quantity * held.average_cost


class Ledger:
    """``cash`` + cost of all holdings - ``realized`` does not change with a fill: money moves, none is
    created.
    """

    def __init__(self, row: AccountRow, holdings: Iterable[SimHolding], realized: float = 0.0) -> None:
        holdings = tuple(holdings)
        self.account = row.account
        self.cash = row.net_liquidation - sum(map(market_value, holdings))
        self.realized = realized
        gross = sum(abs(market_value(held)) for held in holdings)
        # The broker's own house margin, as one figure, so that the excess starts as the scenario says.
        self._house_margin = row.net_liquidation - row.excess_liquidity - MARGIN_RATE * gross
        day_so_far = sum(
            held.quantity * (held.security.mark - held.security.prev_close) * held.security.point_value
            for held in holdings
        )
        self._worth_at_close = row.net_liquidation - day_so_far

    def book(self, held: SimHolding, quantity: float, price: float) -> tuple[float, float | None]:
        """Book a fill (short or sold below 0) on the holding and the cash.

        Returns the commission and what closing realized, both USD; ``None`` if nothing was closed.
        """
        value = held.security.point_value
        commission = commission_of(quantity)
        # A commission worsens the price for buyer and seller alike.
        unit = price * value + commission / quantity
        self.cash -= quantity * unit
        closing = min(abs(quantity), abs(held.quantity)) if held.quantity * quantity < 0 else 0
        opening = abs(quantity) - closing
        profit: float | None = None
        if closing:
            profit = closing * (unit - held.average_cost) * (1 if held.quantity > 0 else -1)
            self.realized += profit
        if opening:
            kept = 0 if closing else abs(held.quantity)
            held.average_cost = (kept * held.average_cost + opening * unit) / (kept + opening)
        held.quantity += quantity
        return commission, profit

    def profit(self, holdings: Iterable[SimHolding]) -> Profit:
        holdings = tuple(holdings)
        worth = self.cash + sum(map(market_value, holdings))
        return Profit(worth - self._worth_at_close, sum(map(unrealized, holdings)), self.realized)

    def values(self, holdings: Iterable[SimHolding]) -> tuple[AccountValue, ...]:
        """Return the account values as TWS names them: account tags in USD, ledger tags for USD and BASE."""
        holdings = tuple(holdings)
        stocks = sum(map(market_value, holdings))
        gross = sum(abs(market_value(held)) for held in holdings)
        worth = self.cash + stocks
        margin = self._house_margin + MARGIN_RATE * gross
        excess = worth - margin
        profit = self.profit(holdings)
        whole = {
            "NetLiquidation": worth,
            "EquityWithLoanValue": worth,
            "TotalCashValue": self.cash,
            "SettledCash": self.cash,
            "AccruedCash": 0.0,
            "BuyingPower": max(excess, 0.0) * BUYING_POWER_FACTOR,
            "GrossPositionValue": gross,
            "InitMarginReq": margin,
            "MaintMarginReq": margin,
            "FullInitMarginReq": margin,
            "FullMaintMarginReq": margin,
            "AvailableFunds": excess,
            "ExcessLiquidity": excess,
            "FullAvailableFunds": excess,
            "FullExcessLiquidity": excess,
        }
        ledger = {
            "CashBalance": self.cash,
            "TotalCashBalance": self.cash,
            "AccruedCash": 0.0,
            "StockMarketValue": stocks,
            "NetLiquidationByCurrency": worth,
            "UnrealizedPnL": profit.unrealized,
            "RealizedPnL": profit.realized,
            "ExchangeRate": 1.0,
        }
        rows = [
            AccountValue("AccountCode", self.account, ""),
            AccountValue("AccountReady", "true", ""),
            AccountValue("AccountType", "INDIVIDUAL", ""),
            AccountValue("Cushion", f"{excess / worth:.6f}", ""),
        ]
        rows += [AccountValue(tag, f"{value:.2f}", BASE_CURRENCY) for tag, value in whole.items()]
        for currency in (BASE_CURRENCY, "BASE"):
            rows.append(AccountValue("Currency", currency, currency))
            rows += [
                AccountValue(tag, f"{value:.4f}", currency)
                for tag, value in ledger.items()
                if (tag, currency) != ("AccruedCash", BASE_CURRENCY)
            ]
        return tuple(rows)
