"""A login that changes while it is watched: its accounts, their base currency, and orders that they share."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ExpectedErrors
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, PED
from tests.support.scripted_product import POLLING, ScriptedProduct, scripted
from tests.support.tws_messages import execution, listed, order_status, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

HAMMER = {"CIM-B": [24.5, 24.6, 24.55, 24.4]}
FIRST, SECOND = "U1240821", "U7654321"
BOTH = f"{FIRST},{SECOND}"


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """ib_insync logs TWS's messages as errors."""
    expected_errors.allow("ib_insync.client", "ib_insync.wrapper")


def script_with(**more: Any) -> dict[str, Any]:
    return {"to_61": [position()], "to_16": [], "to_7": [], "hammer": HAMMER, **more}


# Accounts.


def worth(product: ScriptedProduct) -> dict[str, float | None]:
    return {each["account"]: each["net_liquidation"] for each in product.snapshot()["summaries"]}


async def test_that_an_account_that_leaves_the_login_takes_all_that_it_held_with_it() -> None:
    of_both = script_with(
        accounts=BOTH,
        to_61=[position(), position(200, account=SECOND)],
        to_16=listed(77, account=SECOND),
    )
    async with scripted(of_both) as product:
        await product.connect_with_fills()
        assert [row["quantity"] for row in product.positions()] == ["400", "200"]
        product.tws.answers["61"], product.tws.answers["16"] = [position()], []
        product.tws.send(f"15|1|{FIRST}")
        await until(lambda: [row["quantity"] for row in product.positions()] == ["400"])
        # A list of orders that was on its way may still have had it.
        await until(lambda: {order["status"] for order in product.orders().values()} <= {"Gone"})
        await until(lambda: worth(product) == {FIRST: 250000.0})
        await product.list_fills_again(3)
        assert product.gaps == ""
        change = product.monitor.book.account_state(GUN).login_change
        assert change is not None
        assert (change.gone, change.came) == ((SECOND,), ())


async def test_that_what_an_account_traded_before_it_left_the_login_is_not_called_closed() -> None:
    of_both = script_with(
        accounts=BOTH,
        to_61=[position(), position(200, account=SECOND)],
        to_7=[execution(901, 50, 24.1, side="BOT", account=SECOND), execution(902, 10, 24.1, 2, account="")],
    )
    async with scripted(of_both) as product:
        await product.connect_with_fills()
        book = product.monitor.book
        await until(lambda: [row["day_pnl"] for row in product.positions()] == ["+60", "+45"])
        product.tws.answers["61"] = [position()]
        product.tws.send(f"15|1|{FIRST}")
        await until(lambda: [row["quantity"] for row in product.positions()] == ["400"])
        (nameless,) = book.closed_today()
        assert (nameless.account, nameless.day_pnl, nameless.why) == (
            "",
            None,
            "an execution names no account",
        )
        assert book.strip(GUN).day_pnl == pytest.approx(60)
        assert not any("with CIM PRB" in remark for remark in book.strip(GUN).remarks)
        assert len(product.fills()) == 2, "it was traded all the same"
        product.monitor.links[GUN].disconnect()
        await until(lambda: not product.positions())
        assert [each.account for each in book.closed_today()] == [""]


async def test_that_positions_that_come_with_a_new_account_have_not_changed() -> None:
    async with scripted(script_with()) as product:
        await product.connect_with_fills()
        product.tws.accounts = BOTH
        product.tws.answers["61"] = [position(), position(200, account=SECOND)]
        product.tws.answers["62"].append(("63", "1", "{req}", SECOND, "NetLiquidation", "90000", "USD"))
        product.tws.send(f"15|1|{BOTH}")
        await until(lambda: worth(product) == {FIRST: 250000.0, SECOND: 90000.0})
        await until(lambda: len(product.positions()) == 2)
        await until(lambda: [row["day_pnl"] for row in product.positions()] == ["+60", "+30"])
        await product.list_fills_again(3)
        assert product.gaps == ""
        assert product.monitor.fills.state(GUN).accounts == (FIRST, SECOND)


async def lists_arrive(product: ScriptedProduct) -> None:
    """Return when a list of orders has arrived that was requested from here on, and another one."""
    asked = product.tws.asked(16)
    await until(lambda: product.tws.asked(16) > asked + 3)


@pytest.mark.parametrize("leaves", [False, True], ids=["an account that came", "one that left"])
async def test_that_orders_of_another_account_were_not_placed_when_its_login_changed(
    *, leaves: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = [*listed(77), *listed(78, account=SECOND)]
    of = script_with(accounts=BOTH if leaves else FIRST, to_16=orders if leaves else listed(77))
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        # TWS lists them all the same.
        product.tws.accounts = FIRST if leaves else BOTH
        product.tws.send(f"15|1|{product.tws.accounts}")
        product.tws.answers["16"] = list(orders)
        await until(lambda: SECOND in product.monitor.links[GUN].status.accounts or leaves)
        await until(lambda: set(product.orders()) == {77, 78})
        await lists_arrive(product)
        assert {number: cells["placed"] for number, cells in product.orders().items()} == {77: "—", 78: "—"}
        assert {number: each["placed_at"] for number, each in (await seen.orders()).items()} == {
            77: None,
            78: None,
        }
        product.tws.answers["16"] += listed(79, account=SECOND)
        await until(lambda: 79 in product.orders())
        assert product.orders()[79]["placed"] != "—"


async def test_that_positions_of_another_login_count_as_held_at_the_open() -> None:
    async with scripted(script_with()) as product:
        await product.connect_with_fills()
        product.tws.accounts = SECOND
        product.tws.answers["61"] = [position(200, account=SECOND)]
        product.tws.answers["62"] = [("63", "1", "{req}", SECOND, "NetLiquidation", "90000", "USD")]
        product.tws.close_all()
        await until(lambda: worth(product) == {SECOND: 90000.0})
        await until(lambda: [row["day_pnl"] for row in product.positions()] == ["+30"])


async def test_that_blanks_around_the_name_of_an_account_are_no_part_of_it() -> None:
    async with scripted(script_with(accounts=f" {FIRST} ,{SECOND}, ")) as product:
        await product.connect_with_fills()
        assert product.monitor.book.account_state(GUN).accounts == (FIRST, SECOND)
        product.tws.send(f"15|1|{FIRST},{SECOND} ,", position(300))
        await until(lambda: [row["quantity"] for row in product.positions()] == ["300"])
        assert product.monitor.book.account_state(GUN).login_change is None


async def test_that_the_same_accounts_reported_again_and_none_at_all_change_nothing() -> None:
    async with scripted(script_with()) as product:
        await product.connect_with_fills()
        asked = product.tws.asked(61)
        product.tws.send(f"15|1|{FIRST}", "15|1|", "9|1|1", "9|1|1", position(300))
        await until(lambda: [row["quantity"] for row in product.positions()] == ["300"])
        assert product.tws.asked(61) == asked
        assert worth(product) == {FIRST: 250000.0}
        assert product.monitor.book.account_state(GUN).login_change is None


async def test_that_accounts_that_are_reported_piece_by_piece_are_the_login_from_the_first() -> None:
    second = position(50, account=SECOND)
    pieces = [f"15|1|{BOTH}", "9|1|5", "9|1|1", second]
    worth_of_both = [(account, "NetLiquidation", "250000", "USD") for account in (FIRST, SECOND)]
    of_both = script_with(greetings=pieces, to_61=[position(), second], to_62=worth_of_both)
    async with scripted(of_both) as product:
        await product.connect_with_fills()
        state = product.monitor.book.account_state(GUN)
        assert (state.accounts, state.login_change, state.problem) == ((FIRST, SECOND), None, None)
        assert [row["quantity"] for row in product.positions()] == ["400", "50"]
        assert worth(product) == {FIRST: 250000.0, SECOND: 250000.0}


async def test_that_a_position_that_leaves_the_list_without_an_execution_is_named() -> None:
    other = position(100, con_id=2, local_symbol="CIM PRC")
    async with scripted(script_with(to_61=[position(), other])) as product:
        await product.connect_with_fills()
        product.tws.answers["61"] = [position()]
        product.monitor.refresh()
        await until(lambda: "the position CIM PRC changed and TWS lists no execution of it" in product.gaps)


async def test_that_a_position_that_leaves_after_the_executions_were_listed_is_named() -> None:
    other = position(100, con_id=2, local_symbol="CIM PRC")
    async with scripted(script_with(to_61=[position(), other])) as product:
        await product.connect_with_fills()
        del product.tws.answers["61"]
        await product.list_fills_again(1)
        product.tws.send(position(), ("62", "1"))
        await until(lambda: "the position CIM PRC changed and TWS lists no execution of it" in product.gaps)


# The base currency.


def in_currency(product: ScriptedProduct) -> list[tuple[float | None, str | None]]:
    return [(each["net_liquidation"], each["currency"]) for each in product.snapshot()["summaries"]]


def value_row(amount: str, currency: str, request: str = "{req}") -> tuple[str, ...]:
    return "63", "1", request, FIRST, "NetLiquidation", amount, currency


async def test_that_another_base_currency_is_the_one_of_all_values_from_then_on() -> None:
    async with scripted(script_with()) as product:
        await product.connect_with_fills()
        assert in_currency(product) == [(250000.0, "USD")]
        (request,) = [fields[2] for fields in product.tws.received if fields[0] == "62"]
        product.tws.answers["62"] = [value_row("230000", "EUR")]
        product.tws.send(value_row("230000", "EUR", request))
        await until(lambda: in_currency(product) == [(230000.0, "EUR")])
        assert product.monitor.book.account_state(GUN).problem is None


async def test_that_values_in_two_base_currencies_are_asked_for_once_more_and_then_unknown() -> None:
    rows = [value_row("230000", "EUR"), value_row("250000", "USD")]
    async with scripted(script_with()) as product:
        await product.connect_with_fills()
        (request,) = [fields[2] for fields in product.tws.received if fields[0] == "62"]
        product.tws.answers["62"] = list(rows)
        product.tws.send(value_row("230000", "EUR", request))
        await until(lambda: product.tws.asked(62) == 2)
        await until(lambda: in_currency(product) == [(None, None)])
        product.tws.send(position(300))
        await until(lambda: [row["quantity"] for row in product.positions()] == ["300"])
        assert product.tws.asked(62) == 2
        assert "several currencies" in str(product.monitor.book.account_state(GUN).problem)


# One permId in two accounts.


async def test_that_orders_of_two_accounts_that_share_their_perm_id_are_two_rows_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of_both = script_with(
        accounts=BOTH,
        to_61=[position(), position(200, account=SECOND)],
        to_16=[*listed(77, quantity=300), *listed(77, quantity=50, account=SECOND)],
    )
    async with all_outputs(of_both, tmp_path, capsys) as seen:
        product = seen.product
        await product.connect()
        assert [row["working"] for row in product.positions()] == ["SELL 300", "SELL 50"]
        reported = (await seen.http("account/ibkr/orders"))["orders"]
        assert {each["key"]: (each["account"], each["qty"]) for each in reported} == {
            f"{FIRST}/77": (FIRST, 300.0),
            f"{SECOND}/77": (SECOND, 50.0),
        }
        printed = await seen.command()
        assert printed.reported is not None
        assert sorted(each["qty"] for each in printed.reported["orders"]) == [50.0, 300.0]


async def test_that_a_status_of_a_shared_perm_id_is_taken_from_the_list_alone() -> None:
    first, second = listed(77, quantity=300), listed(77, quantity=50, account=SECOND)
    async with scripted(script_with(accounts=BOTH, to_16=[*first, *second])) as product:
        await product.connect()

        def filled() -> dict[str, tuple[str, float | None]]:
            return {row.account: (row.status, row.filled) for row in product.monitor.book.order_rows()}

        assert filled() == {FIRST: ("Submitted", 0.0), SECOND: ("Submitted", 0.0)}
        reported = order_status(77, "Submitted", 20, 30)
        product.tws.answers["16"] = [*first, second[0], reported]
        product.tws.send(reported)
        await until(lambda: filled() == {FIRST: ("Submitted", 0.0), SECOND: ("Submitted", 20.0)})
        product.tws.answers["16"] = [second[0], reported]
        await until(lambda: filled() == {FIRST: ("Gone", 0.0), SECOND: ("Submitted", 20.0)})
        product.tws.send(execution(77, 300, 24.9))
        await product.list_fills_again(1)
        await until(lambda: filled() == {FIRST: ("Filled", 300.0), SECOND: ("Submitted", 20.0)})


# What nothing moves.


async def test_that_a_correction_is_noticed_while_no_order_works_and_nothing_moves() -> None:
    often = replace(POLLING, executions_every_s=0.02)
    async with scripted(script_with(to_7=[execution(77, 100, 24.6)]), timing=often) as product:
        await product.connect_with_fills()
        await until(lambda: [fill["price"] for fill in product.fills()] == ["24.60"])
        product.tws.answers["7"] = [execution(77, 100, 24.7, execution_id="0000e0d5.67fe66.01.02")]
        await until(lambda: [fill["price"] for fill in product.fills()] == ["24.70"])


async def test_that_executions_of_two_logins_that_share_their_id_are_two_rows_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def login(account: str, shares: int) -> dict[str, Any]:
        held = position(400, account=account)
        cost = ("59", "1", "0000e0d5.67fe66.01.01", f"{shares / 100}", "USD", "1.5")
        return script_with(
            accounts=account, to_61=[held], to_7=[execution(77, shares, 24.6, account=account), cost]
        )

    of_both = all_outputs(login(FIRST, 100), tmp_path, capsys, ped=login(SECOND, 300))
    async with of_both as seen:
        product = seen.product
        product.monitor.links[PED].connect()
        await product.connect_with_fills()
        await until(lambda: product.monitor.fills.state(PED).as_of, what="the executions of the other login")
        right = {("GUN", "100", "1.00"), ("PED", "300", "3.00")}
        await until(lambda: len(product.fills()) == 2)
        assert {(f["account"], f["quantity"], f["commission"]) for f in product.fills()} == right
        reported = await seen.fills()
        assert sorted((each["account"], each["qty"], each["commission"]) for each in reported) == [
            (FIRST, 100.0, 1.0),
            (SECOND, 300.0, 3.0),
        ]
        lines = await seen.exported()
        assert sorted((line["Account"], line["Quantity"]) for line in lines) == [
            (FIRST, "100"),
            (SECOND, "300"),
        ]
