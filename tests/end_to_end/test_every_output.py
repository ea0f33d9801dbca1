"""What users saw TWS send, and its right reading: in the window, over HTTP, on the command line, in the CSV.

One line a file of ``tests/support/scripts``: what its cells say, and what its records say everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.cli.snapshot import COMPLETE, FAILED, QUOTES_MISSING
from tests.conftest import ExpectedErrors
from tests.support.all_outputs import all_outputs, differences
from tests.support.records import GUN, Clock
from tests.support.scripted_product import ScriptedProduct
from tests.support.scripted_tws import SCRIPTS, script
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

CIM, WEAT_LONDON, WEAT_NEW_YORK, CBL = 700000001, 43532472, 11, 104
BTC, ETH, CORN, STANDARD_CHARTERED, TREASURY = 479624278, 498989715, 532513395, 14091, 573405560
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=UTC)


def near(right: float) -> Any:
    """Equal but for the dust of binary fractions."""
    return lambda reported: reported == pytest.approx(right)


@dataclass(frozen=True)
class Right:
    """The right reading of one file. Records by permId, by conId, and of fills by symbol.

    ``order_cells``, ``position_cells`` and ``fill_cells`` are texts of the window; ``orders`` and
    ``positions`` are fields over HTTP and on the command line, which ends with ``code`` and says ``err``;
    ``fills`` are fields over HTTP, ``lines`` those of the CSV of ``day``; ``error`` stands in the login's
    status over HTTP, ``spoken`` on its card or in a banner.
    """

    order_cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    orders: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    position_cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    positions: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    fill_cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fills: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    code: int = COMPLETE
    err: str = ""
    error: str = ""
    spoken: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    clock: datetime | None = None
    day: date | None = None


def waiting(text: str, limit: str = "24.30") -> dict[str, str]:
    return {"where": text, "to_fill": "—", "limit_price": limit}


def held(waits_for: str | None, **more: Any) -> dict[str, Any]:
    return {"waits_for": waits_for, "near_fill": False, **more}


NO_LIMIT_CELLS = {"limit_price": "—", "to_fill": "—", "where": ""}
NO_LIMIT = {"limit_price": None, "price": None, "near_fill": False}

_PART = "1 part of an open order (combo legs of order 777)."

RIGHT = {
    "duplicate_order_ids": Right(
        order_cells={1111111: {"limit_price": "24.90"}, 2222222: {"limit_price": "24.70"}},
        orders={1111111: {"limit_price": 24.9, "remaining": 400}, 2222222: {"limit_price": 24.7}},
        position_cells={CIM: {"working": "SELL 800"}},
        positions={CIM: {"working_sell": 800, "working_uncounted": 0, "potential_qty": -400}},
    ),
    "order_types": Right(
        order_cells={
            **dict.fromkeys((101, 102, 103, 104), NO_LIMIT_CELLS),
            107: {"limit_price": "25.00", "where": "Closing auction"},
            108: {"limit_price": "24.60", "where": "", "to_fill": "—"},
            114: {"limit_price": "23.50", "where": "Stop not triggered"},
            116: {"limit_price": "—", "to_fill": "—", "where": ""},
        },
        orders={
            **dict.fromkeys((101, 102, 103, 104, 116), NO_LIMIT),
            107: {"limit_price": 25.0, "waits_for": "Closing auction"},
            108: {"limit_price": 24.6, "near_fill": False},
            114: {"limit_price": 23.5, "waits_for": "Stop not triggered"},
        },
    ),
    "inactive": Right(
        order_cells={
            801: {"status": "Inactive", "where": "Not working"},
            802: {"status": "PendingCancel"},
            803: {"where": "Held for locate"},
        },
        orders={
            801: {"status": "Inactive", "waits_for": "Not working"},
            803: {"waits_for": "Held for locate"},
        },
        position_cells={CIM: {"working": "BUY 500"}},
        positions={CIM: {"working_buy": 500, "working_sell": 0, "working_uncounted": 0}},
    ),
    "informational_code": Right(
        order_cells={901: {"order_id": "57", "status": "Submitted"}},
        orders={901: {"order_id": 57, "status": "Submitted", "remaining": 400}},
        position_cells={CIM: {"working": "SELL 400"}},
        positions={CIM: {"working_sell": 400}},
    ),
    "fractions": Right(
        order_cells={
            201: {"quantity": "— 20 USD", "remaining": "—"},
            202: {"quantity": "0.0002"},
            203: {"quantity": "0.00001234", "filled": "0.00001", "remaining": "0.00000234"},
        },
        orders={
            201: {"qty": None, "cash_qty": 20.0, "remaining": None},
            202: {"qty": 0.0002, "limit_price": 79093.0},
            203: {"qty": 0.00001234, "filled": 0.00001, "remaining": 0.00000234},
        },
        position_cells={BTC: {"quantity": "0.00025289", "last": "—"}, ETH: {"quantity": "0.00001234"}},
        positions={
            BTC: {"qty": 0.00025289, "no_price": "no share, HAMMER is not asked", "working_uncounted": 1},
            ETH: {"qty": 0.00001234, "market_value": None},
        },
        fill_cells={"BTC.USD": {"quantity": "0.00025289", "price": "79,085.75", "commission": "0.036"}},
        fills={"BTC.USD": {"qty": 0.00025289, "price": 79085.75, "commission": 0.036}},
        lines={"BTC.USD": {"Quantity": "0.00025289", "Price": "79085.75", "Commission": "0.036"}},
        code=QUOTES_MISSING,
        clock=FRIDAY,
        day=FRIDAY.date(),
    ),
    "combo": Right(
        order_cells={1100: {"symbol": "SPY combo", "limit_price": "−1.85"}},
        orders={
            1100: {
                "symbol": "SPY",
                "sec_type": "BAG",
                "limit_price": -1.85,
                "legs": lambda legs: bool(legs) and "28812380" not in legs,
            }
        },
    ),
    "unreadable_order": Right(
        order_cells={777: {"limit_price": "24.90"}, 778: {"limit_price": "24.95"}},
        orders={777: {"limit_price": 24.9, "qty": 100}, 778: {"limit_price": 24.95}},
        error=f"Messages of TWS that could not be read are missing here: {_PART}",
        spoken=_PART,
        err=f"Messages of TWS that could not be read are missing here: {_PART}",
        code=QUOTES_MISSING,
    ),
    "usd_share_abroad": Right(
        position_cells={
            WEAT_LONDON: {"last": "—", "market_value": "—", "exchange": "LSEETF"},
            WEAT_NEW_YORK: {"last": "4.56", "market_value": "2,280"},
        },
        positions={
            WEAT_LONDON: {
                "current_price": None,
                "market_value": None,
                "unrealized_pnl": None,
                "no_price": "listed at LSEETF, not at a US market: HAMMER is not asked",
            },
            WEAT_NEW_YORK: {"current_price": 4.56, "market_value": near(2280.0)},
        },
        code=QUOTES_MISSING,
    ),
    "execution_times": Right(
        fill_cells={"CIM PRB": {"at": "10:15:30", "trade_date": "11-27"}},
        fills={
            "CIM PRB": {
                "timestamp": "2026-11-27T15:15:30+00:00",
                "trade_date": "2026-11-27",
                "session": "regular",
            }
        },
        lines={"CIM PRB": {"Time (New York)": "10:15:30", "Trade date": "2026-11-27", "Note": ""}},
        more={"handshake_time": "20261127 10:30:00 Eastern Standard Time"},
        clock=datetime(2026, 11, 27, 15, 30, tzinfo=UTC),
        day=FRIDAY.date(),
    ),
    "not_in_the_market_yet": Right(
        order_cells={
            3: waiting("Waits for time"),
            4: waiting("Waits for condition"),
            8: waiting("Not touched"),
            5: {"where": "Behind bid", "to_fill": "0.20"},
            6: waiting("Waits for parent", "24.52"),
        },
        orders={
            3: held("Waits for time"),
            4: held("Waits for condition"),
            8: held("Not touched"),
            5: held(None),
            6: held("Waits for parent", parent_id=20),
        },
    ),
    "auction_only": Right(
        order_cells={
            1: waiting("Closing auction", "24.52"),
            2: waiting("Opening auction", "24.52"),
        },
        orders={1: held("Closing auction"), 2: held("Opening auction", tif="OPG")},
    ),
    "one_cancels_all": Right(
        order_cells={10: {"order_type": "LMT · OCA"}, 11: {"order_type": "STP · OCA"}},
        orders={10: {"oca_group": "OC1"}, 11: {"oca_group": "OC1", "stop_price": 24.0}},
        position_cells={CIM: {"working": "SELL 400"}},
        positions={CIM: {"working_sell": 400, "potential_qty": 0}},
    ),
    "renamed_preferred": Right(
        order_cells={77: {"symbol": "CBL PRD → CBLDQ", "where": "Inside spread", "bid": "0.90"}},
        orders={77: {"symbol": "CBL PRD", "listed_as": "CBLDQ", "con_id": CBL, "no_price": None}},
        position_cells={CBL: {"symbol": "CBLDQ", "working": "SELL 500", "last": "1.00"}},
        positions={CBL: {"working_sell": 500, "other_names": ["CBL PRD"], "current_price": 1.0}},
    ),
    "gains_units": Right(
        position_cells={
            CORN: {"average_price": "455.3650"},
            STANDARD_CHARTERED: {"average_price": "947.0000"},
            TREASURY: {"average_price": "98.7230"},
            CIM: {"average_price": "24.1250"},
        },
        positions={
            CORN: {"avg_price": near(455.365), "price_unit": 0.01},
            STANDARD_CHARTERED: {
                "avg_price": near(947.0),
                "price_unit": 0.01,
                "no_price": "quoted in GBP, HAMMER is not asked",
            },
            TREASURY: {"avg_price": near(98.723), "price_unit": 10.0},
        },
        fill_cells={"STAN": {"price": "2,223.50"}, "ZC   DEC 26": {"price": "460.25"}},
        fills={
            "STAN": {"price": 2223.5, "price_unit": 0.01, "commission_currency": "GBP"},
            "ZC   DEC 26": {"price": 460.25, "price_unit": 0.01, "multiplier": 5000.0},
            "IBCID573405560": {"price": 98.95, "price_unit": 10.0},
            "CIM PRB": {"price": 24.6, "price_unit": 1.0},
        },
        lines={"STAN": {"Price": "2223.5", "Price unit": "0.01"}, "IBCID573405560": {"Price unit": "10"}},
        code=QUOTES_MISSING,
    ),
    "margin_warning": Right(
        position_cells={CIM: {"quantity": "400"}},
        positions={CIM: {"qty": 400}},
        error="liquidation of positions may commence without further notice",
        spoken="liquidation of positions may commence without further notice",
        err="liquidation of positions may commence without further notice",
        more={"greetings": [script("margin_warning")["later"][0][1][0]]},
    ),
    "cut_off_at_login": Right(
        positions={},
        error="(2110)",
        spoken="lost its link to IBKR",
        err="TWS lost its link to IBKR",
        code=FAILED,
    ),
    "account_not_ready": Right(
        error="(AccountReady is false)",
        spoken="(AccountReady is false)",
        err="(AccountReady is false)",
        code=FAILED,
    ),
}


def test_that_every_file_has_its_right_reading() -> None:
    assert RIGHT.keys() == {path.stem for path in SCRIPTS.glob("*.json")}


@pytest.mark.parametrize("name", RIGHT)
async def test_that_messages_observed_from_tws_are_read_correctly_everywhere(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], expected_errors: ExpectedErrors
) -> None:
    right = RIGHT[name]
    if name == "unreadable_order":
        expected_errors.allow("psf_monitor.ibkr.unreadable")
    of = {**script(name), **right.more}
    clock = Clock() if right.clock is None else Clock(right.clock)
    async with all_outputs(of, tmp_path, capsys, clock=clock, has_window=True) as seen:
        product = seen.product
        await product.connect()
        if right.fills:
            await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        if right.error:
            await until(lambda: right.spoken in spoken(product), what="the sentence")
            assert right.error in (await seen.status())["error"]
        assert wrong(product.orders(), right.order_cells) == {}
        # Average prices and previous closes come behind the first price.
        await until(lambda: not wrong(position_cells(product), right.position_cells), what=f"{right}")
        assert wrong(await seen.orders(), right.orders) == {}
        assert wrong(await seen.positions(), right.positions) == {}
        assert wrong_of_symbol(await seen.fills(), "symbol", right.fills) == {}
        assert wrong_of_symbol(product.fills(), "symbol", right.fill_cells) == {}
        if right.lines:
            assert wrong_of_symbol(await seen.exported(right.day), "Symbol", right.lines) == {}
        printed = await seen.command(0.5 if right.code == FAILED else 10.0)
        assert printed.code == right.code, printed.err
        assert right.err in printed.err
        assert (printed.reported is None) is (right.code == FAILED)
        if printed.reported is not None:
            assert wrong(printed.orders(), right.orders) == {}
            assert wrong(printed.positions(), right.positions) == {}


def wrong(
    reported: Mapping[int, Mapping[str, Any]], right: Mapping[int, Mapping[str, Any]]
) -> dict[int, Any]:
    found = {key: differences(reported.get(key), fields) for key, fields in right.items()}
    return {key: differs for key, differs in found.items() if differs}


def wrong_of_symbol(
    reported: Sequence[Mapping[str, Any]], name: str, right: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what is wrong with the records of this symbol; there has to be at least one."""
    found: dict[str, Any] = {}
    for symbol, fields in right.items():
        records = [record for record in reported if record[name] == symbol]
        differs = [each for record in records if (each := differences(record, fields))]
        if differs or not records:
            found[symbol] = differs
    return found


def position_cells(product: ScriptedProduct) -> dict[int, dict[str, str]]:
    return {int(cells["con_id"]): cells for cells in product.positions()}


def spoken(product: ScriptedProduct) -> str:
    """All texts of the card and the banners."""
    product.window.show_now()
    text = product.window.links_panel.cards[GUN].face.content
    texts = [f"{banner.title.text} {banner.detail.text}" for banner in product.window.banners.banners]
    return "\n".join(["" if text is None else text.accessible_text, *texts])
