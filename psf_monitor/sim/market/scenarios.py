"""The literal tables that a simulated market starts from. Every account, quantity and figure is invented.

Preferreds are spelled as TWS spells them in all three of its fields; two use the other spelling that
a TWS may send, the bare root as ``symbol``.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple


class Listing(NamedTuple):
    """A security and its market at the start.

    ``hammer_symbol`` ``None``: unknown to HAMMER. ``gap_s`` is the mean time between two changes of its
    quote; 0 means that it does not move by itself. ``age_s`` is how long ago its quote last changed.
    ``symbol`` ``None``: the same as ``local_symbol``.
    """

    con_id: int
    local_symbol: str
    hammer_symbol: str | None
    bid_size: int
    bid: float
    ask: float
    ask_size: int
    last: float
    change: float
    volume: int
    dividend: float
    gap_s: float
    age_s: float
    exchange: str = "NYSE"
    symbol: str | None = None


class AccountRow(NamedTuple):
    """An account at the start: its worth and its excess liquidity, in USD; its own program's client id."""

    login: str
    account: str
    net_liquidation: float
    excess_liquidity: float
    program_client_id: int


class HoldingRow(NamedTuple):
    """Quantity in shares, short below 0; average cost in USD per share."""

    login: str
    local_symbol: str
    quantity: int
    average_cost: float


class OrderRow(NamedTuple):
    """An order at the start; ``age_s`` is how long ago it was placed. ``filled`` shares went at the limit."""

    login: str
    local_symbol: str
    perm_id: int
    order_id: int
    client_id: int
    action: str
    quantity: int
    order_type: str
    limit_price: float
    tif: str
    status: str
    filled: int
    age_s: float
    aux_price: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """The initial state of a market. ``most_orders`` is how many orders it keeps working; 0: none."""

    name: str
    accounts: tuple[AccountRow, ...]
    securities: tuple[Listing, ...]
    holdings: tuple[HoldingRow, ...]
    orders: tuple[OrderRow, ...]
    least_orders: int = 8
    most_orders: int = 11


GUN = "IBKR_GUN"
PED = "IBKR_PED"

# fmt: off
_SECURITIES = (
    Listing(518230117, "ABR PRF", "ABR-F", 300, 21.42, 21.55, 800, 21.44, 0.04, 18_400, 1.5625, 6, 6),
    Listing(390114826, "AGNCN", "AGNCN", 2100, 25.61, 25.63, 1700, 25.62, -0.02, 96_200, 2.3868,
        0.8, 1, "NASDAQ"),
    Listing(374310951, "ALL PRH", "ALL-H", 500, 21.33, 21.41, 600, 21.37, 0.02, 41_900, 1.275, 9, 14),
    Listing(47280513, "BAC PRL", "BAC-L", 100, 1236.00, 1239.50, 200, 1238.10, 2.85, 3_150, 72.5,
        8, 12, symbol="BAC"),
    Listing(263810442, "CIM PRB", "CIM-B", 600, 24.52, 24.60, 400, 24.55, 0.08, 52_700, 2.0, 2, 2),
    Listing(311904268, "CIM PRD", "CIM-D", 900, 23.86, 23.95, 500, 23.90, -0.03, 27_300, 2.0, 4, 4,
        symbol="CIM"),
    Listing(529013377, "EFC PRB", "EFC-B", 200, 24.18, 24.49, 300, 24.31, 0.00, 2_200, 1.5625, 0, 1860),
    Listing(34861208, "GS PRA", "GS-A", 1400, 21.97, 22.02, 1100, 22.00, 0.12, 63_800, 1.35, 3, 3),
    Listing(322017745, "JPM PRC", "JPM-C", 1600, 25.21, 25.25, 1900, 25.23, -0.03, 88_100, 1.5, 5, 7),
    Listing(418736620, "KEY PRK", "KEY-K", 700, 21.70, 21.78, 600, 21.71, 0.01, 33_600, 1.4063, 7, 9),
    Listing(404172093, "MFA PRC", "MFA-C", 400, 24.02, 24.12, 1000, 24.05, -0.04, 21_500, 2.4375, 14, 22),
    Listing(251836614, "MS PRK", "MS-K", 1800, 24.98, 25.02, 2500, 25.00, 0.04, 104_600, 1.4625, 0.7, 1),
    Listing(298447130, "NLY PRG", "NLY-G", 3000, 25.44, 25.46, 1200, 25.45, 0.02, 121_300, 2.4872, 0.5, 0),
    Listing(547719036, "PSA PRS", "PSA-S", 800, 20.11, 20.16, 900, 20.12, 0.03, 29_900, 1.025, 6, 5),
    Listing(501226873, "RITM PRD", "RITM-D", 500, 23.78, 23.85, 700, 23.80, -0.01, 35_400, 1.75, 4, 8),
    Listing(756733, "SPY", "SPY", 400, 662.04, 662.05, 300, 662.05, 1.87, 38_204_100, 7.2, 0.15, 0, "ARCA"),
    Listing(398251074, "T PRC", "T-C", 1200, 19.05, 19.09, 900, 19.07, -0.09, 74_000, 1.1875, 4, 5),
    Listing(561830294, "TWO PRB", None, 300, 23.05, 23.30, 400, 23.12, 0.05, 9_800, 1.9063, 12, 18),
    Listing(42615390, "WFC PRL", "WFC-L", 100, 1181.00, 1184.99, 100, 1183.00, 1.40, 1_900, 75.0, 10, 16),
    Listing(344190857, "DUK PRA", "DUK-A", 700, 25.05, 25.09, 900, 25.07, 0.01, 44_800, 1.4375, 5, 4),
    Listing(478025516, "SCHW PRJ", "SCHW-J", 1100, 19.52, 19.56, 800, 19.54, -0.02, 37_700, 1.1125, 5, 6),
    Listing(266490318, "USB PRH", "USB-H", 300, 20.88, 20.97, 500, 20.91, 0.00, 15_200, 1.2838, 9, 10),
)
# fmt: on

_ACCOUNTS = (
    AccountRow(GUN, "U1240821", 1_284_310.00, 402_118.00, 31),
    AccountRow(PED, "U1770037", 918_745.00, 287_450.00, 32),
)

_HOLDINGS = (
    HoldingRow(GUN, "ABR PRF", 1_200, 20.8712),
    HoldingRow(GUN, "AGNCN", 2_500, 25.2140),
    HoldingRow(PED, "ALL PRH", 1_100, 20.9440),
    HoldingRow(GUN, "BAC PRL", 15, 1_214.3333),
    HoldingRow(GUN, "CIM PRB", 3_000, 23.4186),
    HoldingRow(PED, "CIM PRB", 1_400, 23.9020),
    HoldingRow(GUN, "CIM PRD", 1_800, 22.9055),
    HoldingRow(GUN, "EFC PRB", 900, 23.7720),
    HoldingRow(GUN, "GS PRA", -800, 21.6420),
    HoldingRow(PED, "JPM PRC", 700, 25.4480),
    HoldingRow(GUN, "KEY PRK", 1_500, 21.1190),
    HoldingRow(GUN, "MFA PRC", 2_200, 23.0480),
    HoldingRow(GUN, "MS PRK", 1_600, 24.3312),
    HoldingRow(GUN, "NLY PRG", 2_000, 25.1075),
    HoldingRow(PED, "PSA PRS", 1_200, 19.2400),
    HoldingRow(PED, "RITM PRD", 1_000, 22.5400),
    HoldingRow(PED, "SPY", 34, 644.4030),
    HoldingRow(GUN, "T PRC", -600, 19.4100),
    HoldingRow(PED, "TWO PRB", 800, 22.6150),
    HoldingRow(PED, "WFC PRL", 20, 1_150.0000),
)

# fmt: off
_ORDERS = (
    OrderRow(GUN, "NLY PRG", 1866301447, 1047, 31, "BUY", 800, "LMT", 25.44, "DAY", "Submitted", 300, 1660),
    OrderRow(PED, "RITM PRD", 2147490214, 2214, 32, "SELL", 400, "LMT", 23.81, "DAY", "Submitted", 0, 898),
    OrderRow(GUN, "CIM PRB", 1866301443, 1043, 31, "BUY", 1_000, "LMT", 24.52, "DAY", "Submitted", 0, 15793),
    OrderRow(PED, "PSA PRS", 1204411861, 0, 0, "BUY", 1_500, "LMT", 20.05, "GTC", "Submitted", 0, 17685),
    OrderRow(GUN, "MS PRK", 1866301444, 1044, 45, "SELL", 500, "LMT", 25.10, "GTC", "Submitted", 0, 17685),
    OrderRow(GUN, "T PRC", 1866301450, 1050, 31, "SELL", 600, "LMT", 19.20, "DAY", "PendingSubmit", 0, 1),
    OrderRow(PED, "WFC PRL", 2147490210, 2210, 32, "BUY", 20, "LMT", 1_178.00, "GTC",
        "PreSubmitted", 0, 17684),
    OrderRow(GUN, "EFC PRB", 1866301439, 1039, 45, "BUY", 300, "STP LMT", 24.60, "GTC",
        "PendingCancel", 0, 9651, 24.55),
    OrderRow(GUN, "KEY PRK", 1866301431, 1031, 31, "BUY", 400, "LMT", 21.66, "DAY", "Filled", 400, 12400),
    OrderRow(PED, "ALL PRH", 2147490204, 2204, 32, "SELL", 500, "LMT", 21.60, "DAY", "Cancelled", 0, 11020),
    OrderRow(GUN, "NLY PRG", 1866301402, 1002, 31, "BUY", 500, "LMT", 25.42, "DAY", "Filled", 500, 17_600),
    OrderRow(GUN, "CIM PRD", 1866301407, 1007, 31, "SELL", 300, "LMT", 23.94, "DAY", "Filled", 300, 16_900),
    OrderRow(PED, "PSA PRS", 2147490191, 2191, 32, "BUY", 400, "LMT", 20.08, "GTC", "Filled", 400, 16_300),
    OrderRow(GUN, "GS PRA", 1204411827, 0, 0, "BUY", 100, "LMT", 21.93, "DAY", "Filled", 100, 14_850),
    OrderRow(PED, "JPM PRC", 2147490196, 2196, 32, "SELL", 200, "LMT", 25.27, "DAY", "Filled", 200, 13_700),
    OrderRow(GUN, "T PRC", 1866301419, 1019, 45, "SELL", 200, "LMT", 19.12, "DAY", "Filled", 200, 12_950),
    OrderRow(PED, "SPY", 1204411849, 0, 0, "SELL", 6, "LMT", 661.90, "DAY", "Filled", 6, 9_400),
    OrderRow(GUN, "MS PRK", 1866301436, 1036, 31, "BUY", 200, "LMT", 24.97, "DAY", "Filled", 200, 6_200),
)
# fmt: on

NORMAL = Scenario("normal", _ACCOUNTS, _SECURITIES, _HOLDINGS, _ORDERS)

PAPER_MISMATCH = replace(
    NORMAL,
    name="paper-mismatch",
    accounts=(_ACCOUNTS[0], AccountRow(PED, "DU1770370", 1_000_000.00, 1_000_000.00, 32)),
    holdings=tuple(row for row in _HOLDINGS if row.login == GUN),
    orders=tuple(row for row in _ORDERS if row.login == GUN),
    least_orders=5,
    most_orders=7,
)

_AT_WORK = (
    HoldingRow(GUN, "CIM PRB", 3_000, 23.4186),
    HoldingRow(PED, "CIM PRB", 1_400, 24.4809),
)
_NOT_CIM = tuple(row for row in _SECURITIES if row.local_symbol != "CIM PRB")


# fmt: off
_CIM_ORDERS = (
    OrderRow(GUN, "CIM PRB", 1866301443, 1043, 31, "BUY", 1_000, "LMT", 24.53, "DAY", "Submitted", 0, 15_793),
    OrderRow(PED, "CIM PRB", 2147490231, 2231, 32, "BUY", 500, "LMT", 24.50, "DAY", "Submitted", 0, 5_120),
    OrderRow(GUN, "CIM PRB", 1866301460, 1060, 31, "BUY", 1_000, "LMT", 24.50, "DAY", "Submitted", 0, 5_020),
    OrderRow(PED, "CIM PRB", 2147490232, 2232, 32, "SELL", 400, "LMT", 24.62, "DAY", "Submitted", 0, 4_120),
    OrderRow(GUN, "CIM PRB", 1866301461, 1061, 31, "SELL", 300, "LMT", 25.10, "DAY", "Submitted", 0, 4_020),
    OrderRow(GUN, "CIM PRB", 1866301391, 991, 31, "BUY", 200, "LMT", 24.49, "DAY", "Filled", 200, 17_000),
    OrderRow(GUN, "CIM PRB", 1866301392, 992, 31, "BUY", 200, "LMT", 24.52, "DAY", "Filled", 200, 11_400),
    OrderRow(PED, "CIM PRB", 2147490201, 2201, 32, "SELL", 200, "LMT", 24.58, "DAY", "Filled", 200, 5_200),
)
# fmt: on
DEPTH = replace(
    NORMAL,
    name="depth",
    securities=(
        *_NOT_CIM,
        Listing(263810442, "CIM PRB", "CIM-B", 600, 24.54, 24.60, 400, 24.55, 0.08, 52_700, 2.0, 2, 2),
    ),
    holdings=(*(row for row in _HOLDINGS if row.local_symbol != "CIM PRB"), *_AT_WORK),
    orders=(
        *(row for row in _ORDERS if row.local_symbol != "CIM PRB"),
        *_CIM_ORDERS,
    ),
    least_orders=8,
    most_orders=16,
)

# These differ in what the demo does to the connections, not in the market behind them.
_ACTED_OUT = ("first-run", "hammer-account", "hammer-lost", "ibkr-failed", "my-file")

SCENARIOS: dict[str, Scenario] = {
    NORMAL.name: NORMAL,
    PAPER_MISMATCH.name: PAPER_MISMATCH,
    DEPTH.name: DEPTH,
    **{name: replace(NORMAL, name=name) for name in _ACTED_OUT},
}


def scenario(name: str) -> Scenario:
    """Return the scenario of that name; ``ValueError`` names the accepted ones."""
    try:
        return SCENARIOS[name]
    except KeyError:
        raise ValueError(f"no scenario {name!r}; there are {', '.join(SCENARIOS)}") from None
