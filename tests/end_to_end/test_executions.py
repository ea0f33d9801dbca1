"""Executions out of order, repeated, corrected and busted: from TWS's socket to cells, API and CSV."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.fills import Fills
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.alerts.alert import Alert, AlertKind
from psf_monitor.domain.fills.fill import ListReach
from psf_monitor.domain.fills.trade_date import SHARES
from psf_monitor.ui.positions.grouping import PositionGrouping
from psf_monitor.ui.positions.total import total_figures
from tests.support.all_outputs import AllOutputs, all_outputs
from tests.support.records import GUN, NOON, PED, Clock
from tests.support.scripted_product import ScriptedProduct, scripted
from tests.support.tws_messages import execution, listed, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
NONE = "—"
OTHER = "U7654321"


def script_with(*executions: list[str], **more: Any) -> dict[str, Any]:
    return {"to_61": [position()], "to_16": [], "to_7": list(executions), "hammer": HAMMER, **more}


def revised(revision: int, shares: object = 100, price: object = 24.6, **differs: Any) -> list[str]:
    """One execution in one of its tellings."""
    return execution(
        77, shares, price, execution_id=f"0000e0d5.67fe66.01.{revision:02}", filled=100, **differs
    )


def shown(product: ScriptedProduct, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(cells[column] for column in columns) for cells in product.fills()]


async def test_that_a_busted_execution_is_of_nothing_at_no_price_and_in_no_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold = script_with(revised(1), execution(78, 50, 24.7, 2))
    async with all_outputs(sold, tmp_path, capsys, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        await until(lambda: len(product.fills()) == 2)
        product.tws.send(revised(2, 0, 0), position(500))
        await until(lambda: shown(product, "source")[0] == ("IBKR · busted",))
        assert shown(product, "quantity", "price")[0] == ("0", NONE)
        news = product.window.status.news.text
        assert "the sale of CIM PRB of 11:15:30 was busted: it does not count any more" in news
        (total,) = product.fill_totals()
        assert (total["fills"], total["sold"], total["sold_average"]) == ("1", "50", "24.7000")
        assert "unknown size" not in total["lacks"]
        # 550 at the open: all rose by 0.15, and 50 of them were sold 0.15 above the mark.
        await until(lambda: product.positions()[0]["quantity"] == "500")
        assert product.positions()[0]["day_pnl"] == "+90"
        product.tws.answers["61"] = [position(500)]
        product.tws.answers["7"] = [revised(2, 0, 0), execution(78, 50, 24.7, 2)]
        for _ in range(3):
            await product.list_fills_again()
        assert product.gaps == ""
        busted = next(fill for fill in await seen.fills() if fill["perm_id"] == 77)
        assert (busted["qty"], busted["price"]) == (0.0, None)
        (line,) = [line for line in await seen.exported() if line["Perm ID"] == "77"]
        assert (line["Quantity"], line["Price"]) == ("0", "")
        assert line["Note"] == "busted: the broker took it back, it is in no sum"


async def test_that_an_execution_busted_before_we_connected_is_not_announced() -> None:
    async with scripted(script_with(revised(2, 0, 0)), has_window=True) as product:
        await product.connect_with_fills()
        await until(lambda: shown(product, "quantity", "price", "source") == [("0", NONE, "IBKR · busted")])
        assert product.fill_totals() == []
        assert product.gaps == ""
        assert "busted" not in product.window.status.news.text


async def test_that_an_execution_first_reported_with_no_shares_has_an_unknown_size() -> None:
    async with scripted(script_with(revised(1, 0, 0))) as product:
        await product.connect_with_fills()
        await until(lambda: shown(product, "quantity", "price", "source") == [(NONE, NONE, "IBKR")])
        assert "1 fill of unknown size not counted" in product.fill_totals()[0]["lacks"]


async def test_that_a_share_is_traded_for_no_price_of_0_and_an_option_may_expire_at_it() -> None:
    option = execution(79, 1, 0, 3, sec_type="OPT", con_id=5, local_symbol="CIM  261218C00025000")
    async with scripted(script_with(execution(77, 100, 0), option)) as product:
        await product.connect_with_fills()
        # In which unit the option's price is, TWS sends after the execution.
        prices = {("CIM PRB", NONE), ("CIM  261218C00025000", "0.00")}
        await until(lambda: set(shown(product, "symbol", "price")) == prices, what="both prices")


@pytest.mark.parametrize("differs", [{"shares": 250}, {"price": 24.7}, {"side": "BOT"}, {"symbol": "CIM2"}])
async def test_that_an_id_that_is_reported_with_other_figures_is_flagged(differs: dict[str, Any]) -> None:
    if "symbol" in differs:
        differs = {"con_id": 6, "local_symbol": "CIM PRC"}
    async with scripted(script_with(revised(1))) as product:
        await product.connect_with_fills()
        assert product.gaps == ""
        product.tws.answers["7"] = [revised(1, **differs)]
        product.tws.send(revised(1, **differs))
        await until(lambda: "anew under the same id, with another size, price or side" in product.gaps)
        assert [total["symbol"] for total in product.fill_totals()] == [product.fills()[0]["symbol"]]


async def test_that_a_repeated_equal_execution_gives_no_warning() -> None:
    async with scripted(script_with(revised(1))) as product:
        await product.connect_with_fills()
        product.tws.send(revised(1))
        await product.list_fills_again()
        await until(lambda: shown(product, "quantity") == [("100",)])
        assert product.gaps == ""


async def test_that_a_correction_in_another_account_is_reported_as_counted_twice() -> None:
    accounts = f"U1240821,{OTHER}"
    async with scripted(script_with(revised(1), accounts=accounts)) as product:
        await product.connect_with_fills()
        product.tws.answers["7"] = [revised(1), revised(2, account=OTHER)]
        product.tws.send(revised(2, account=OTHER))
        await until(lambda: "it may be counted twice" in product.gaps)
        assert len(product.fills()) == 2


async def test_that_a_correction_in_each_account_of_an_advisor_gives_no_warning() -> None:
    accounts = f"U1240821,{OTHER}"
    both = [revised(1), revised(1, account=OTHER)]
    async with scripted(script_with(*both, accounts=accounts)) as product:
        await product.connect_with_fills()
        corrected = [revised(3, price=24.8), revised(3, price=24.8, account=OTHER)]
        product.tws.answers["7"] = [*corrected, *both]
        product.tws.send(*corrected)
        await until(lambda: shown(product, "price", "source") == [("24.80", "IBKR · corrected")] * 2)
        await until(lambda: "cost" in product.gaps)
        assert "counted twice" not in product.gaps


# Against their orders.


def fills_of_order(product: ScriptedProduct, number: int = 77) -> tuple[str, str, str]:
    cells = product.orders()[number]
    return cells["status"], cells["filled"], cells["remaining"]


async def test_that_a_part_fill_of_which_no_average_is_reported_has_no_price() -> None:
    async with scripted(script_with(to_16=listed(77, quantity=300)), has_window=True) as product:
        await product.connect()
        reported = order_status(77, "Submitted", 100, 200, average=0)
        product.tws.answers["16"][1] = reported
        product.tws.send(reported)
        await until(lambda: fills_of_order(product)[1] == "100")
        assert product.window.status.news.text.endswith("IBKR_GUN: order 77 CIM PRB filled 100 of 300")


async def test_that_an_order_that_was_cancelled_too_late_is_filled() -> None:
    async with scripted(script_with(to_16=listed(77)), has_window=True) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        product.tws.answers["16"], product.tws.answers["7"] = [], [execution(77, 100, 24.9)]
        product.tws.send(execution(77, 100, 24.9), order_status(77, "Cancelled", 0, 100))
        await until(lambda: fills_of_order(product) == ("Filled", "100", "0"))
        assert "was cancelled" not in product.window.status.news.text


async def test_that_fills_before_a_cancel_are_reported_after_it() -> None:
    async with scripted(script_with(to_16=listed(77)), has_window=True) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        product.tws.answers["16"] = []
        product.tws.send(order_status(77, "Cancelled", 0, 100))
        await until(lambda: fills_of_order(product) == ("Cancelled", "0", "100"))
        product.tws.answers["7"] = [execution(77, 60, 24.9)]
        product.tws.send(execution(77, 60, 24.9))
        await until(lambda: fills_of_order(product) == ("Cancelled", "60", "40"))
        assert "filled 60 of 100 at 24.90" in product.window.status.news.text
        assert product.clock() == NOON


async def test_that_a_cancelled_order_that_is_still_listed_has_filled_what_its_executions_add_up_to() -> None:
    orders = [*listed(1, status="Cancelled", quantity=250), *listed(2, quantity=250)]
    of = {"to_61": [position()], "to_16": orders, "hammer": HAMMER, "to_7": [execution(1, 100, 24.5)]}
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: product.orders()[1]["filled"] == "100", what="the executions")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 2)
        reported = product.api_orders()[1]
        assert (reported["status"], reported["filled"], reported["remaining"]) == ("Cancelled", 100, 150)
        assert product.orders()[2]["filled"] == "0"


async def test_that_a_bust_makes_no_fill_of_a_cancelled_order() -> None:
    reported = [revised(1), revised(2, 0, 0)]
    async with scripted(script_with(*reported, to_16=listed(77))) as product:
        await product.connect()
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions")
        product.tws.answers["16"] = []
        product.tws.send(order_status(77, "Cancelled", 0, 100))
        await until(lambda: fills_of_order(product) == ("Cancelled", "0", "100"))


EVENING = (
    "what was traded from 20:00:00 to 00:00:00 New York of the evening before, which counts for today, "
    "is not known; the broker's list began after it."
)

AS_IF = "as if nothing was traded on the evening before, 20:00:00 to 00:00:00 New York: that is not known"


@pytest.mark.parametrize(
    ("clock", "evening"),
    [("{today} 12:00:00 US/Eastern", (EVENING,)), ("{today} 19:00:00 Europe/Istanbul", ())],
)
async def test_that_the_evening_before_that_tws_no_longer_lists_is_reported_unknown(
    clock: str, evening: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = script_with(handshake_time=clock)
    async with all_outputs(of, tmp_path, capsys, has_window=True) as seen:
        product = seen.product
        await product.connect_with_fills()
        assert product.gaps == ""
        assert product.fills() == []
        assert product.monitor.fills.state(GUN).evening_gaps == evening
        steps = [step.text for step in product.window.fills.frame.empty.steps if step.text]
        assert [step for step in steps if "evening" in step] == [f"IBKR_GUN: {each}" for each in evening]
        assert (EVENING in product.window.fills.remark.text) is bool(evening)
        assert ("  ·  the evening before is not known" in product.window.fills.remark.drawn) is bool(evening)
        received = await seen.http("fills")
        assert received["gaps"]["IBKR_GUN"] == list(evening)
        # Nobody who trades in the day alone is without a figure for it.
        await until(lambda: product.positions()[0]["day_pnl"] == "+60")
        await until(lambda: product.monitor.book.strip(GUN).day_pnl is not None)
        basis = [f"{AS_IF}." for _ in evening]
        await day_pnl_rests_on(basis, seen)


async def test_that_each_kind_of_contract_has_its_own_unknown_evening_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def held(contract: str) -> list[str]:
        return f"61|3|U1240821|{contract}|1|100.0".split("|")

    others = [
        held("495512557|ES|FUT|20261218|0.0||50||USD|ESZ6|ES"),
        held("12087792|EUR|CASH||0.0|||IDEALPRO|USD|EUR.USD|EUR.USD"),
        held("479624278|BTC|CRYPTO||0.0|||PAXOS|USD|BTC.USD|BTC"),
        held("38708077|700|STK||0.0|||SEHK|HKD|700|700"),
    ]
    night = execution(78, 1, 6302.25, 2, con_id=495512557, symbol="ES", sec_type="FUT", local_symbol="ESZ6")
    of = script_with(night, to_61=[position(), *others], handshake_time="{today} 12:00:00 US/Eastern")
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect_with_fills()
        span = "on the evening before, {}:00:00 to 00:00:00 New York: that is not known."
        gaps = {each["symbol"]: each["day_pnl_gap"] for each in (await seen.positions()).values()}
        assert gaps == {
            "CIM PRB": f"as if nothing was traded {span.format(20)}",
            "ESZ6": f"as if no futures were traded {span.format(18)}",
            "EUR.USD": f"as if no currencies were traded {span.format(17)}",
            "BTC.USD": None,
            "700": None,
        }
        assert set(seen.product.monitor.book.totals((GUN,)).day_basis) == {*gaps.values()} - {None}
        futures = EVENING.replace("traded", "traded in futures").replace("20:00:00", "18:00:00")
        assert (await seen.http("fills"))["gaps"]["IBKR_GUN"] == [EVENING, futures]


async def day_pnl_rests_on(basis: list[str], seen: AllOutputs) -> None:
    """Find what the day's P&L takes for granted wherever it is read, once each time."""
    product = seen.product
    remarks = [f"Day P&L: {sentence}" for sentence in basis]
    product.window.show_now()
    assert product.tooltip(product.positions_table, "day_pnl").splitlines()[2:] == basis
    figures = total_figures(product.monitor.book.totals((GUN,)), "")
    in_short = ["Day P&L: the evening before is not known"] if basis else []
    assert [note for note in figures.note.split(" · ") if "Day P&L" in note] == in_short
    assert figures.tooltips.get("day_pnl", "").splitlines() == basis
    strip = product.window.links_panel.strips[GUN].content
    assert strip is not None
    assert [line for line in strip.tooltip.splitlines() if "Day P&L" in line] == remarks
    gap = basis[0] if basis else None
    assert (await seen.positions())[700000001]["day_pnl_gap"] == gap
    assert product.snapshot()["positions"][0]["day_pnl_gap"] == gap
    day = await seen.http("day")
    assert [share["gap"] for share in day["shares"]] == [gap]
    for name in (GUN.value, "ALL"):
        assert day["totals"][name]["left_out"] == remarks
    assert product.window.symbol_windows.open_named("CIM PRB")
    (share_window,) = product.window.symbol_windows.windows
    assert [line for line in share_window.fills.sentences if "as if" in line] == basis
    assert [line for line in share_window.header.toolTip().splitlines() if "as if" in line] == basis
    heading = PositionGrouping(GroupBy.SHARE, lambda: (GUN,)).heading(product.monitor.book.position_rows())
    assert heading.tooltips["day_pnl"].splitlines() == basis
    alerts = seen.api.source.alerts
    set_one = alerts.add(Alert(0, AlertKind.PNL, "CIM PRB", "day", figure=50))
    assert alerts.state(set_one).rests_on.splitlines() == basis
    (alert,) = [each for each in (await seen.http("alerts"))["alerts"] if each["kind"] == "P&L"]
    assert (alert["now"], alert["gap"]) == (pytest.approx(60), gap)
    assert "Day P&L" not in " ".join(product.monitor.book.exposure().left_out)


async def test_that_the_evening_before_is_known_where_it_was_watched() -> None:
    evening = NOON.replace(day=17, hour=23, minute=0)
    fills = Fills(clock := Clock(evening))
    fills.fills_listed(GUN, ["U1"], ListReach(evening - timedelta(hours=19)))
    for hours in (1, 5, 17):
        clock.now = evening + timedelta(hours=hours)
        fills.drain()
        fills.fills_listed(GUN, ["U1"], ListReach(clock.now))
    assert (fills.state(GUN).gaps, fills.state(GUN).evening_gaps) == ((), ())


async def test_that_an_evening_that_was_watched_in_part_is_unknown_in_part_once_midnight_has_come() -> None:
    fills = Fills(clock := Clock(NOON.replace(day=18, hour=2, minute=30)))
    bases: list[str] = []
    fills.when_unlisted(lambda _mode, state: bases.append(state.day_basis[SHARES]))
    fills.fills_listed(GUN, ["U1"], ListReach(clock.now))
    clock.now = NOON.replace(day=18, hour=4, minute=1)
    fills.drain()
    assert bases[-1].startswith("as if nothing was traded on the evening before, 20:00:00 to 22:30:00")


async def test_that_an_evening_unknown_to_two_logins_is_reported_once() -> None:
    ped = {"accounts": OTHER, "to_61": [position(account=OTHER)], "to_16": [], "to_7": [], "hammer": {}}
    async with scripted(script_with(), ped=ped, has_window=True) as product:
        await product.connect_with_fills()
        product.monitor.links[PED].connect()
        await until(lambda: product.monitor.fills.state(PED).as_of, what="the executions of the other login")
        product.fills()
        assert product.window.fills.remark.text.endswith(f"  ·  IBKR_GUN and IBKR_PED: {EVENING}")
        assert product.window.fills.remark.text.count(EVENING) == 1
