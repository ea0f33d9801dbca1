"""Orders as TWS has been seen to send them, from its socket to the cells of the window and the API."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.orders.account_orders import DONE_STAYS_S, EXPLAINED_WITHIN_S
from psf_monitor.journal.journal import Journal
from tests.conftest import ExpectedErrors
from tests.end_to_end.orders.order_script import script_with, working
from tests.support.records import GUN, NOON, Clock
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import UNSET, execution, listed, open_order, order_status
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


# How orders end.


async def test_that_an_order_of_somebody_else_that_fills_wholly_is_reported_and_stays() -> None:
    async with scripted(script_with(listed(301, order_id=8, client_id=5, quantity=400))) as product:
        await product.connect()
        product.tws.answers["7"] = [execution(301, 150, 24.9, 1), execution(301, 250, 24.92, 2, filled=400)]
        product.tws.answers["16"] = []
        await until(lambda: product.orders()[301]["status"] == "Filled")
        cells = product.orders()[301]
        assert (cells["filled"], cells["remaining"], cells["to_fill"]) == ("400", "0", "—")
        assert product.api_orders()[301]["status"] == "Filled"
        assert working(product) == ""
        product.clock.advance(DONE_STAYS_S)
        assert product.orders() == {}


async def test_that_a_whole_fill_is_reported_in_the_status_line_like_a_part_fill() -> None:
    async with scripted(script_with(listed(301, order_id=8, client_id=5, quantity=400))) as product:
        await product.connect()
        product.monitor.book.drain()
        product.tws.answers["7"] = [execution(301, 400, 24.9)]
        product.tws.answers["16"] = []
        reported: list[str] = []

        def is_reported() -> bool:
            reported.extend(notice.text for notice in product.monitor.book.drain().notices)
            return bool(reported)

        await until(is_reported)
        assert reported == ["order 8 CIM PRB filled 400 of 400 at 24.90"]


@pytest.mark.parametrize("so_far", [100, 400], ids=["of the day", "of the order"])
async def test_that_an_order_that_fills_over_several_days_ends_as_filled(so_far: int) -> None:
    held = listed(301, filled=300, order_id=8, client_id=5, quantity=400, tif="GTC")
    async with scripted(script_with(held)) as product:
        await product.connect()
        assert product.orders()[301]["filled"] == "300"
        await until(lambda: product.monitor.fills.state(GUN).as_of, what="the executions of today")
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 1, what="the orders once more")
        product.tws.answers["7"] = [execution(301, 100, 24.9, filled=so_far)]
        product.tws.answers["16"] = []
        await until(lambda: product.orders()[301]["status"] == "Filled")
        assert (product.orders()[301]["filled"], product.orders()[301]["remaining"]) == ("400", "0")
        assert product.api_orders()[301]["status"] == "Filled"
        assert working(product) == ""


async def test_that_an_order_that_leaves_for_an_unknown_reason_is_reported_so() -> None:
    async with scripted(script_with(listed(301, order_id=8, client_id=5)), has_window=True) as product:
        await product.connect()
        product.tws.answers["16"] = []
        await until(lambda: product.orders()[301]["status"] == "Gone")
        product.clock.advance(EXPLAINED_WITHIN_S)
        product.window.show_now()
        assert "reason unknown" in product.window.status.news.text


# What a price means.


async def test_that_a_price_is_a_limit_only_where_the_type_has_one() -> None:
    async with scripted(script("order_types")) as product:
        await product.connect()
        cells = product.orders()
        for key in (101, 102, 103, 104, 112, 113, 115, 116):
            assert (cells[key]["limit_price"], cells[key]["to_fill"]) == ("—", "—"), key
            assert product.api_orders()[key]["limit_price"] is None
        for key in (101, 102, 103, 104, 116):
            assert cells[key]["where"] == "", key
        limits = {key: cells[key]["limit_price"] for key in (107, 108, 111, 114)}
        assert limits == {107: "25.00", 108: "24.60", 111: "24.90", 114: "23.50"}
        assert not any(row.is_near_fill for row in product.order_rows().values())
        # Orders without a distance are not above those with one.
        assert next(iter(cells)) == 111


CAPS_AND_UNKNOWN: list[tuple[dict[str, Any], str, str]] = [
    ({"order_type": "SNAP MID"}, "—", ""),
    ({"order_type": "SNAP MKT", "limit": 24.5}, "—", ""),
    ({"order_type": "VWAP"}, "—", ""),
    ({"order_type": "PASSV REL", "limit": 0.0}, "—", ""),
    ({"order_type": "PEG MID", "limit": 24.52}, "24.52", ""),
    ({"order_type": "A TYPE OF TOMORROW", "limit": 24.52}, "24.52", ""),
    ({"order_type": "A TYPE OF TOMORROW", "limit": 0.0}, "—", ""),
    ({"order_type": "LMT", "limit": ""}, "—", ""),
    ({"order_type": "LMT", "limit": 24.52}, "24.52", "Inside spread"),
    ({"order_type": "STP LMT", "limit": 24.52, "aux": 24.0}, "24.52", "Inside spread"),
]


async def test_that_caps_and_unknown_types_have_no_place_in_the_market() -> None:
    orders = [listed(n, **{"limit": 0.0, **terms}) for n, (terms, _, _) in enumerate(CAPS_AND_UNKNOWN, 1)]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        shown, reported = product.orders(), product.api_orders()
        assert len(shown) == len(reported) == len(CAPS_AND_UNKNOWN)
        for number, (terms, limit, where) in enumerate(CAPS_AND_UNKNOWN, 1):
            cells = shown[number]
            right = (terms["order_type"], limit, where)
            assert (cells["order_type"], cells["limit_price"], cells["where"]) == right
            assert reported[number]["near_fill"] is bool(where), terms


# What works.


async def test_that_working_counts_what_works() -> None:
    async with scripted(script("inactive")) as product:
        await product.connect()
        assert working(product) == "BUY 500"
        assert product.orders()[801]["where"] == "Not working"
        assert product.orders()[803]["where"] == "Held for locate"
        held = product.snapshot()["positions"][0]
        assert (held["working_buy"], held["working_sell"], held["working_uncounted"]) == (500, 0, 0)


async def test_that_working_names_what_it_could_not_count() -> None:
    orders = [
        listed(1, quantity=200),
        listed(2, order_id=12, action="SSHORT", quantity=300),
        [open_order(3, order_id=13, quantity=400)],
        listed(4, order_id=14, status="A word of tomorrow"),
        listed(5, status="Inactive", why_held="locate", action="BUY"),
    ]
    async with scripted(script_with(*orders)) as product:
        await product.connect()
        assert working(product) == "B 100 S 200 +3 ?"
        text = product.tooltip(product.positions_table, "working")
        assert "Not counted: order 12, its side is SSHORT" in text
        assert "Not counted: order 13, what remains of it is not reported" in text
        assert "Not counted: order 14, its status is A word of tomorrow" in text
        assert product.snapshot()["positions"][0]["working_uncounted"] == 3
        assert product.orders()[3]["remaining"] == "—"


async def test_that_one_cancels_all_counts_once() -> None:
    async with scripted(script("one_cancels_all")) as product:
        await product.connect()
        assert working(product) == "SELL 400"
        assert "OCA group OC1" in product.tooltip(product.positions_table, "working")
        assert "at most 400" in product.tooltip(product.positions_table, "working")
        assert {cells["order_type"] for cells in product.orders().values()} == {"LMT · OCA", "STP · OCA"}
        assert product.api_orders()[10]["oca_group"] == "OC1"
        assert product.snapshot()["positions"][0]["working_sell"] == 400


async def test_that_children_of_one_parent_cancel_each_other() -> None:
    family = [
        listed(1, order_id=20, client_id=3, action="BUY", quantity=300, limit=24.4),
        listed(2, order_id=21, client_id=3, parent_id=20, quantity=300, limit=25.0, status="PreSubmitted"),
        listed(
            3, order_id=22, client_id=3, parent_id=20, quantity=300, order_type="STP", aux=23.0, limit=0.0
        ),
        listed(4, order_id=21, client_id=4, parent_id=20, quantity=50, limit=25.0),
    ]
    async with scripted(script_with(*family)) as product:
        await product.connect()
        assert working(product) == "B 300 S 350"
        assert "children of one order" in product.tooltip(product.positions_table, "working")
        assert product.orders()[2]["order_type"] == "LMT · child"


# Amounts.


async def test_that_fractions_have_all_their_digits_and_a_cash_order_its_amount() -> None:
    async with scripted(script("fractions")) as product:
        await product.connect()
        assert [cells["quantity"] for cells in product.positions()] == ["0.00025289", "0.00001234"]
        cells = product.orders()
        assert cells[201]["quantity"] == "— 20 USD"
        assert cells[202]["quantity"] == "0.0002"
        shown = (cells[203]["quantity"], cells[203]["filled"], cells[203]["remaining"])
        assert shown == ("0.00001234", "0.00001", "0.00000234")
        reported = product.api_orders()
        assert (reported[201]["qty"], reported[201]["cash_qty"], reported[201]["remaining"]) == (
            None,
            20.0,
            None,
        )
        assert (reported[203]["qty"], reported[203]["filled"], reported[203]["remaining"]) == (
            0.00001234,
            0.00001,
            0.00000234,
        )
        assert working(product) == "B 0.0002 S 0.00000234 +1 ?"


@pytest.mark.parametrize("unset", ["", "2147483647", "9223372036854775807", UNSET])
async def test_that_a_quantity_that_is_not_set_is_unknown_in_an_order(unset: str) -> None:
    async with scripted(script_with(listed(1, quantity=unset))) as product:
        await product.connect()
        assert product.orders()[1]["quantity"] == product.orders()[1]["remaining"] == "—"
        assert product.api_orders()[1]["qty"] is None
        assert working(product) == "+1 ?"


# Combinations.


async def test_that_a_combination_has_its_symbol_and_is_marked() -> None:
    async with scripted(script("combo")) as product:
        await product.connect()
        cells = product.orders()[1100]
        assert (cells["symbol"], cells["limit_price"]) == ("SPY combo", "−1.85")
        reported = product.api_orders()[1100]
        assert (reported["symbol"], reported["sec_type"], reported["limit_price"]) == ("SPY", "BAG", -1.85)


async def test_that_an_execution_of_a_fraction_has_all_its_digits_everywhere(tmp_path: Path) -> None:
    path, clock = tmp_path / "journal.sqlite3", Clock(datetime(2026, 11, 27, 17, tzinfo=UTC))
    async with scripted(script("fractions"), clock=clock, journal=path) as product:
        await product.connect()
        await until(lambda: product.fills(), what="the execution")
        await until(lambda: product.fills()[0]["commission"] == "0.036", what="its cost")
        # In which unit its price is, TWS sends after the execution.
        await until(lambda: product.fills()[0]["price"] == "79,085.75", what="its price")
        (cells,) = product.fills()
        assert (cells["symbol"], cells["quantity"]) == ("BTC.USD", "0.00025289")
        (total,) = product.fill_totals()
        assert (total["bought"], total["net"]) == ("0.00025289", "0.00025289")
        (reported,) = product.api_fills().values()
        assert (reported["qty"], reported["price"], reported["commission"]) == (0.00025289, 79085.75, 0.036)
    (line,) = await exported(path, tmp_path, date(2026, 11, 27))
    assert (line["Symbol"], line["Quantity"], line["Commission"]) == ("BTC.USD", "0.00025289", "0.036")


async def test_that_executions_of_a_combination_are_marked_and_summed_by_their_legs(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    bag = {"con_id": 28812380, "sec_type": "BAG"}
    done = [
        execution(1100, 5, -1.85, 1, **bag),
        execution(1100, 5, 500.0, 2, con_id=11),
        execution(1200, 2, -0.5, 3, **bag),
    ]
    async with scripted({**script("combo"), "to_7": done}, clock=Clock(), journal=path) as product:
        await product.connect()
        await until(lambda: len(product.fills()) == 3, what="the executions")
        assert [cells["symbol"] for cells in product.fills()].count("CIM combo") == 2
        place = [cells["symbol"] for cells in product.fills()].index("CIM combo")
        assert "A combination on CIM" in product.tooltip(product.fills_table, "symbol", place)
        # The one without a leg is what it is; the other is its leg.
        assert {t["symbol"]: t["sold"] for t in product.fill_totals()} == {"CIM PRB": "5", "CIM combo": "2"}
        kinds = sorted((reported["symbol"], reported["kind"]) for reported in product.api_fills().values())
        assert kinds == [("CIM", "BAG"), ("CIM", "BAG"), ("CIM PRB", "STK")]
        units = {
            (reported["kind"], reported["price_unit"], reported["multiplier"])
            for reported in product.api_fills().values()
        }
        assert units == {("BAG", None, None), ("STK", 1.0, 1.0)}
        assert "in the unit of its legs' prices" in product.tooltip(product.fills_table, "price", place)
        assert "in the unit of its legs' prices" in product.tooltip(product.orders_table, "limit_price")
        assert not product.tws.asked(9)
    lines = await exported(path, tmp_path, NOON.date())
    assert sorted((line["Symbol"], line["Kind"]) for line in lines) == kinds
    assert {line["Multiplier"] + line["Price unit"] for line in lines if line["Kind"] == "BAG"} == {""}


async def exported(path: Path, tmp_path: Path, day: date) -> list[dict[str, str]]:
    """What the journal has of this day, as CSV."""
    journal = Journal(path)
    await journal.export_fills(tmp_path / "fills.csv", [], day, day, datetime(2026, 11, 28, tzinfo=UTC))
    await journal.close()
    return list(csv.DictReader(io.StringIO((tmp_path / "fills.csv").read_text("utf-8-sig"))))


def a_combination(perm_id: int, legs: str, limit: object) -> list[list[str]]:
    order = open_order(
        perm_id, con_id=28812380, symbol="SPY", sec_type="BAG", local_symbol="28812380", limit=limit
    )
    order[79:80] = legs.split("|")
    return [order, order_status(perm_id)]


async def test_that_combinations_are_distinguished_by_their_legs_and_a_price_of_0_is_a_price() -> None:
    two = [
        a_combination(1, "2|11|1|BUY|SMART|0|0||-1|12|1|SELL|SMART|0|0||-1", 0.0),
        a_combination(2, "2|13|1|BUY|SMART|0|0||-1|14|1|SELL|SMART|0|0||-1", -0.5),
    ]
    async with scripted(script_with(*two)) as product:
        await product.connect()
        assert {key: cells["limit_price"] for key, cells in product.orders().items()} == {
            1: "0.00",
            2: "−0.50",
        }
        assert "BUY 1 of 11, SELL 1 of 12" in product.tooltip(product.orders_table, "symbol")
        fields = {row.perm_id: row.legs for row in product.order_rows().values()}
        assert fields == {1: "BUY 1 of 11, SELL 1 of 12", 2: "BUY 1 of 13, SELL 1 of 14"}


# Names.


async def test_that_a_renamed_share_is_one_share() -> None:
    async with scripted(script("renamed_preferred")) as product:
        await product.connect()
        (held,) = product.positions()
        assert (held["symbol"], held["working"], held["last"]) == ("CBLDQ", "SELL 500", "1.00")
        cells = product.orders()[77]
        assert (cells["symbol"], cells["bid"], cells["ask"]) == ("CBL PRD → CBLDQ", "0.90", "1.10")
        assert (cells["where"], cells["to_fill"]) == ("Inside spread", "0.15")
        assert "CBL PRD" in product.tooltip(product.positions_table, "symbol")
        assert product.monitor.book.wanted_symbols == {"CBLDQ"}
        reported = product.snapshot()
        assert (reported["orders"][0]["symbol"], reported["orders"][0]["listed_as"]) == ("CBL PRD", "CBLDQ")
        assert reported["positions"][0]["other_names"] == ["CBL PRD"]


async def test_that_an_order_goes_back_to_its_own_name_when_the_position_is_gone() -> None:
    async with scripted(script("renamed_preferred")) as product:
        await product.connect()
        gone = product.tws.answers["61"][0]
        assert isinstance(gone, str)
        product.tws.send([*gone.split("|")[:14], "0", "0.0"])
        await until(lambda: not product.positions())
        await until(lambda: product.monitor.book.wanted_symbols == {"CBL PRD"})
        assert product.orders()[77]["symbol"] == "CBL PRD"


async def test_that_the_reference_of_an_order_is_shown_and_reported() -> None:
    async with scripted(script_with(listed(1, reference="PSFALGO:mean-reversion"))) as product:
        await product.connect()
        assert product.orders()[1]["reference"] == "PSFALGO:mean-reversion"
        assert product.api_orders()[1]["order_ref"] == "PSFALGO:mean-reversion"
        column = next(c for c in product.orders_table.table.columns if c.key == "reference")
        assert column.is_optional


async def test_that_only_a_watched_order_has_a_time() -> None:
    async with scripted(script_with(listed(1))) as product:
        await product.connect()
        assert product.orders()[1]["placed"] == "—"
        product.tws.answers["16"] = [*listed(1), *listed(2)]
        await until(lambda: 2 in product.orders())
        assert product.orders()[2]["placed"] != "—"
        product.tws.close_all()
        product.tws.answers["16"] = [*listed(1), *listed(2), *listed(3)]
        await until(lambda: 3 in product.orders())
        placed = {key: cells["placed"] for key, cells in product.orders().items()}
        assert placed[1] == placed[3] == "—"
        assert placed[2] != "—"


# What cannot be read.


async def test_that_an_order_that_cannot_be_read_is_counted_once_however_often_it_is_listed(
    expected_errors: ExpectedErrors, caplog: pytest.LogCaptureFixture
) -> None:
    expected_errors.allow("psf_monitor.ibkr.unreadable")
    shifted = [*(fields := open_order(777))[:40], *fields[41:]]
    async with scripted(script_with([shifted], listed(778, limit=24.95))) as product:
        await product.connect()
        asked = product.tws.asked(16)
        await until(lambda: product.tws.asked(16) > asked + 5)
        link = product.monitor.links[GUN]
        assert "1 open order." in str(link.status.warning)
        assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
        assert {key: row["limit_price"] for key, row in product.orders().items()} == {777: "—", 778: "24.95"}
        product.tws.answers["16"] = list(product.tws.answers["16"][1:])
        await until(lambda: link.status.warning is None)
