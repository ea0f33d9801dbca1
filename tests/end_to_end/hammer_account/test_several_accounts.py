"""A Hammer Pro with several accounts: of the others nothing is shown, and nothing held is hidden."""

from typing import Any

import pytest

from tests.end_to_end.hammer_account.test_impossible_figures import HELD, loaded, order, script
from tests.support.scripted_hammer import KEY, OWN_ACCOUNT
from tests.support.scripted_product import HAMMER, ScriptedProduct, scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

MINE = {"accountKey": KEY, "accountID": OWN_ACCOUNT, "accountNick": "Main"}
OTHER = {"accountKey": "ALARIC:TOPI000000B2", "accountID": "B2", "accountNick": "Second"}
SPY = {"Symbol": "SPY", "QTY": 5, "Paid": 600}


def own(product: ScriptedProduct) -> set[str]:
    book = product.monitor.book
    held = {row.symbol for row in book.position_rows() if row.mode is HAMMER}
    return held | {row.symbol for row in book.order_rows() if row.mode is HAMMER}


def asked(product: ScriptedProduct, command: str) -> int:
    return sum(each["cmd"] == command for each in product.hammer.received)


def problem_of(product: ScriptedProduct) -> str:
    return str(product.monitor.book.account_state(HAMMER).problem or "")


@pytest.mark.parametrize("named", [MINE["accountKey"], OWN_ACCOUNT.lower(), " main "])
@pytest.mark.parametrize(
    "of_other",
    [
        {"accountKey": "ALARIC:TOPI000000B2"},
        {"accountID": "B2"},
        {"AccountNumber": "topi000000b2"},
        {"Account": "Second"},
    ],
)
async def test_that_entries_of_another_account_are_left_out_by_whichever_name(
    of_other: dict[str, Any], named: str
) -> None:
    account = {
        "positions": [HELD, {**SPY, **of_other}],
        "transactions": [order("9"), order("8", Symbol="SPY", **of_other)],
    }
    async with scripted({**script(**account), "account_key": named}) as product:
        product.hammer.accounts = {"accounts": [OTHER, MINE]}
        await loaded(product)
        listed = [{**SPY, **of_other}, {**HELD, "QTY": 101}]
        product.hammer.account = {**(product.hammer.account or {}), "positions": listed}
        product.hammer.send("balancesUpdate", {"NetLiq": 5, **of_other})
        product.hammer.send("positionsUpdate", listed)
        await until(lambda: 101.0 in {row.quantity for row in product.monitor.book.position_rows()})
        assert own(product) == {"CIM PRB"}
        assert product.monitor.book.summaries(HAMMER)[0].net_liquidation == 250000.5


@pytest.mark.parametrize("label", [{"Account": "Margin"}, {"AccountID": ""}, {"AccountName": "Main"}])
async def test_that_an_entry_with_a_label_that_is_no_other_account_is_shown(label: dict[str, str]) -> None:
    of = {**script(positions=[{**HELD, **label}]), "account_key": KEY}
    async with scripted(of) as product:
        product.hammer.accounts = {"accounts": [MINE, OTHER]}
        assert [each.symbol for each in (await loaded(product)).positions] == ["CIM PRB"]


async def test_that_a_list_of_another_account_is_no_empty_list_of_this_one() -> None:
    of_other = {"accountKey": OTHER["accountKey"], "positions": [SPY], "transactions": [order("8")]}
    of = {**script(positions=of_other, transactions=of_other), "account_key": KEY}
    async with scripted(of) as product:
        product.hammer.accounts = {"accounts": [MINE, OTHER]}
        await product.connect()
        await until(lambda: asked(product, "getTransactions") > 3 and asked(product, "getPositions") > 3)
        assert own(product) == set()
        assert product.monitor.book.account_state(HAMMER).orders_checked_at is None


async def test_that_an_account_listed_twice_is_one() -> None:
    async with scripted(script()) as product:
        product.hammer.accounts = {"accounts": [MINE, MINE]}
        assert [each.symbol for each in (await loaded(product)).positions] == ["CIM PRB"]
        assert problem_of(product) == ""


@pytest.mark.parametrize("accounts", [[{"key": KEY}], {"accounts": [{"accountKey": ""}, {}]}, "none", None])
async def test_that_accounts_that_cannot_be_read_are_not_called_none(accounts: object) -> None:
    async with scripted(script()) as product:
        product.hammer.accounts = {"accounts": None} if accounts is None else accounts
        await product.connect()
        await until(lambda: problem_of(product))
        assert problem_of(product) == "Hammer Pro lists its accounts in a way that psf_monitor cannot read."
