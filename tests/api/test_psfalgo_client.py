"""The calls that PSFALGO's own client makes, and what it reads of the answers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.sim.demo import Gateways
from tests.api.client import ABook, ApiClient, opened
from tests.conftest import ExpectedErrors, named_in_failure
from tests.support.records import GUN, PED, order, position

HAMMER = AccountMode.HAMMER_PRO


@pytest.fixture(autouse=True)
def _ib_insync_may_complain(expected_errors: ExpectedErrors) -> None:
    """It logs a lost line as an error of its own."""
    expected_errors.allow("ib_insync.client")


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[ApiClient]:
    """No servers: a book with one position and one order at GUN, which counts as connected."""
    source = ABook()
    source.links[GUN].report(LinkState.READY)
    source.book.accounts_named(GUN, ["U1240821"])
    source.book.positions_replaced(GUN, [position("CIM PRB", 3000), position("AGNCM", 100)])
    source.book.orders_replaced(GUN, [order("CIM PRB", "SELL", 500, 25.1, perm_id=7, reference="LT_TRIM")])
    async with opened(source, tmp_path) as api:
        yield api


async def test_that_the_account_selector_switches_and_connects(api: ApiClient) -> None:
    await api.post("account/ibkr/disconnect", json={"account_type": "IBKR_PED"})
    answer = (await api.get("account/mode")).json()
    assert (answer["mode"], answer["ibkr_gun_connected"], answer["ibkr_ped_connected"]) == (
        HAMMER,
        True,
        False,
    )
    answer = (await api.post("account/mode?mode=IBKR_PED&auto_connect=true")).json()
    assert answer["success"] is True
    assert (answer["old_mode"], answer["new_mode"], answer["connected"]) == ("HAMMER_PRO", "IBKR_PED", True)
    assert answer["connection_error"] is None
    assert (await api.get("account/mode")).json()["ibkr_ped_connected"] is True
    assert (await api.get("account/ibkr/status")).json()["active_account"] == "IBKR_PED"
    # Back to HAMMER: what is connected stays so, the window is beside.
    answer = (await api.post("account/mode?mode=HAMPRO&auto_connect=true")).json()
    assert (answer["mode"], answer["new_mode"], answer["ibkr_ped_connected"]) == (
        "HAMMER_PRO",
        "HAMMER_PRO",
        True,
    )
    assert (await api.get("account/ibkr/status")).json()["active_account"] is None


async def test_that_a_login_that_cannot_be_connected_explains_why(api: ApiClient, gateways: Gateways) -> None:
    await api.post("account/ibkr/disconnect", json={"account_type": "IBKR_PED"})
    await gateways.ped.stop()
    answer = (await api.post("account/mode", json={"mode": "IBKR_PED", "auto_connect": True})).json()
    assert (answer["success"], answer["new_mode"], answer["connected"]) == (True, "IBKR_PED", False)
    assert answer["connection_error"].startswith("Nothing answers at 127.0.0.1:")


async def test_that_choosing_a_mode_alone_connects_nothing(quiet: ApiClient) -> None:
    answer = (await quiet.post("account/mode?mode=IBKR_PED")).json()
    assert (answer["new_mode"], answer["connected"], answer["connection_error"]) == ("IBKR_PED", False, None)
    assert quiet.source.links[PED].is_wanted is False


async def test_that_hammer_is_connected_and_disconnected(api: ApiClient) -> None:
    assert (await api.get("account/hammer/status")).json()["connected"] is True
    answer = (await api.post("account/hammer/disconnect")).json()
    assert (answer["success"], answer["connected"]) == (True, False)
    answer = (await api.post("account/hammer/connect")).json()
    assert (answer["success"], answer["connected"], answer["befday_tracked"]) == (True, True, None)
    assert (await api.get("account/hammer/status")).json()["message"] == "HAMMER is connected."


async def test_that_orders_have_psfalgos_names_beside_ours(quiet: ApiClient) -> None:
    (reported,) = (await quiet.get("account/ibkr/orders")).json()["orders"]
    assert (reported["action"], reported["price"], reported["strategy_tag"]) == ("SELL", 25.1, "LT_TRIM")
    assert (reported["side"], reported["limit_price"], reported["order_ref"]) == ("SELL", 25.1, "LT_TRIM")


async def test_that_a_position_reports_its_potential_quantity_and_no_ledger(quiet: ApiClient) -> None:
    await quiet.post("account/mode?mode=IBKR_GUN")
    reported = (await quiet.get("position/snapshot")).json()["positions"]
    held = {each["symbol"]: each for each in reported}
    assert (held["CIM PRB"]["qty"], held["CIM PRB"]["potential_qty"]) == (3000, 2500)
    assert (held["AGNCM"]["qty"], held["AGNCM"]["potential_qty"]) == (100, 100)
    assert (held["CIM PRB"]["price_status"], held["CIM PRB"]["prev_close"]) == ("NO_PRICE", None)
    for name in ("befday_qty", "befday_cost", "group", "lt_qty", "mm_qty"):
        assert held["CIM PRB"][name] is None


async def test_that_a_price_of_now_is_ok_and_an_old_one_is_stale(api: ApiClient) -> None:
    held = (await api.get("account/ibkr/positions/CIM PRB")).json()["positions"]
    assert [(each["price_status"], each["prev_close"]) for each in held] == [("OK", 24.47)] * len(held)
    api.source.book.quotes_frozen(api.source.clock())
    held = (await api.get("account/ibkr/positions/CIM PRB")).json()["positions"]
    assert [(p["price_status"], p["prev_close"], p["current_price"]) for p in held] == [("STALE", None, None)]


@pytest.mark.parametrize("name", ["BRK%2FB", "BRK/B", "brk%2fb"])
async def test_that_a_share_with_a_slash_in_its_name_can_be_asked_for(quiet: ApiClient, name: str) -> None:
    quiet.source.book.position_changed(GUN, position("BRK/B", 300))
    for path in (f"account/ibkr/positions/{name}", f"account/ibkr/positions?symbol={name}"):
        received = (await quiet.get(path)).json()
        assert ([each["symbol"] for each in received["positions"]], received["count"]) == (["BRK/B"], 1)


async def test_that_one_share_can_be_asked_for(quiet: ApiClient) -> None:
    for name in ("CIM%20PRB", "cim prb"):
        with named_in_failure(name):
            for path in (f"account/ibkr/positions/{name}", f"account/ibkr/positions?symbol={name}"):
                reported = (await quiet.get(path)).json()
                assert ([each["symbol"] for each in reported["positions"]], reported["count"]) == (
                    ["CIM PRB"],
                    1,
                )
            assert (await quiet.get("account/ibkr/positions?symbol=XYZ")).json()["positions"] == []
            answer = await quiet.get("account/ibkr/positions/XYZ")
            assert (answer.status_code, answer.json()["what"]) == (404, "IBKR_GUN holds no 'XYZ'.")


async def test_that_a_mistyped_name_in_the_query_is_named(quiet: ApiClient) -> None:
    for method, path, name in (
        ("GET", "account/ibkr/positions?account=IBKR_PED", "account"),
        ("GET", "account/ibkr/orders?accountType=IBKR_PED", "accountType"),
        ("GET", "account/ibkr/summary?account_typ=IBKR_PED", "account_typ"),
        ("GET", "position/snapshot?sybmol=CIM", "sybmol"),
        ("GET", "fills?account_type=IBKR_PED", "account_type"),
        ("GET", "stream?account_type=IBKR_PED", "account_type"),
        ("GET", "/health?verbose=1", "verbose"),
        ("POST", "account/mode?mod=IBKR_PED", "mod"),
        ("POST", "account/ibkr/disconnect?account=IBKR_PED", "account"),
    ):
        with named_in_failure(method, path, name):
            answer = await (quiet.get(path) if method == "GET" else quiet.post(path))
            assert answer.status_code == 422
            assert answer.json()["what"] == f"{name!r} in the query is not known."


async def test_that_two_accounts_in_one_query_are_refused(quiet: ApiClient) -> None:
    answer = await quiet.get("account/ibkr/positions?account_type=IBKR_GUN&account_type=IBKR_PED")
    assert (answer.status_code, answer.json()["what"]) == (
        422,
        "'account_type' is in the query more than once.",
    )
