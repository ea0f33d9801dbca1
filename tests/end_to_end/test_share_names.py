"""Under which name HAMMER is asked for a share of IBKR: never under one that may be another share's."""

from pathlib import Path
from typing import Any

import pytest

from psf_monitor.book.book import Book
from psf_monitor.domain.listing_exchange import Unpriced
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN, PED, Clock
from tests.support.records import position as record
from tests.support.scripted_product import scripted
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

COMMON, PREFERRED = [12.5, 12.6, 12.55, 12.4], [24.5, 24.6, 24.55, 24.4]
ROOT: dict[str, Any] = {"symbol": "CIM", "local_symbol": ""}
DETAILS = (
    "10|{req}|CIM|STK||0.0||SMART|USD|CIM PRB|CIM PRB|CIM PRB|700000001|0.01||LMT|SMART"
    "|1|0|CHIMERA|NYSE|||||||||0|0|1|||||PREFERRED|1|1|100"
)
WHY = "TWS names the issuer, CIM, but not which of its shares: HAMMER is not asked"


@pytest.mark.parametrize("local_symbol", ["", "CIM"])
async def test_that_a_share_of_which_tws_sends_the_root_alone_is_never_priced_as_the_common_share(
    local_symbol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {
        # Its trading class is CIM PRB.
        "to_61": [position(symbol="CIM", local_symbol=local_symbol)],
        "to_16": listed(77, **ROOT),
        "to_7": [execution(78, 100, 24.5, **ROOT)],
        "hammer": {"CIM": COMMON, "CIM-B": PREFERRED},
    }
    async with all_outputs(of, tmp_path, capsys) as seen:
        product = seen.product
        del product.tws.answers["9"]
        await product.connect_with_fills()
        (cells,) = product.positions()
        figures = ("last", "bid", "ask", "market_value", "unrealized_pnl", "day_pnl")
        assert (cells["symbol"], {cells[name] for name in figures}) == ("CIM", {"—"})
        assert (product.orders()[77]["bid"], product.orders()[77]["to_fill"]) == ("—", "—")
        assert WHY in product.tooltip(product.positions_table, "market_value")
        (held,), ordered = (await seen.positions()).values(), (await seen.orders())[77]
        assert (held["current_price"], held["no_price"], ordered["no_price"]) == (None, WHY, WHY)
        assert product.hammer.asked_for == frozenset()


async def test_that_contract_details_give_a_share_of_which_tws_sends_the_root_alone_its_name() -> None:
    of = {
        "to_61": [position(**ROOT)],
        "to_16": listed(77, **ROOT),
        "to_7": [execution(78, 100, 24.5, **ROOT)],
        "to_9": [DETAILS],
        "hammer": {"CIM": COMMON, "CIM-B": PREFERRED},
    }
    async with scripted(of) as product:
        await product.connect_with_fills()
        await until(lambda: product.positions()[0]["last"] == "24.55", what="the preferred share's price")
        await until(lambda: product.fills()[0]["symbol"] == "CIM PRB", what="the name of the execution")
        assert (product.orders()[77]["symbol"], product.orders()[77]["bid"]) == ("CIM PRB", "24.50")
        assert product.hammer.asked_for == {"CIM-B"}


@pytest.mark.parametrize(
    ("symbol", "trading_class", "at_hammer"),
    [
        ("CIM PRB", "CIM PRB", "CIM-B"),
        ("CIM PRB", "", "CIM-B"),
        ("CIM", "CIM", "CIM"),
        ("AGNCN", "NMS", "AGNCN"),
    ],
)
async def test_that_a_full_name_of_a_share_without_a_local_symbol_is_asked_for(
    symbol: str, trading_class: str, at_hammer: str
) -> None:
    held = position(symbol=symbol, local_symbol="", trading_class=trading_class)
    async with scripted({"to_61": [held], "hammer": {at_hammer: PREFERRED}}) as product:
        del product.tws.answers["9"]
        await product.connect()
        (row,) = product.snapshot()["positions"]
        assert (row["symbol"], row["current_price"]) == (symbol, 24.55)


async def test_that_a_symbol_of_one_word_alone_is_not_asked_for() -> None:
    held = position(symbol="CIM", local_symbol="", trading_class="")
    async with scripted({"to_61": [held], "hammer": {"CIM": COMMON}}) as product:
        del product.tws.answers["9"]
        await product.connect()
        (row,) = product.snapshot()["positions"]
        assert (row["current_price"], row["no_price"]) == (None, WHY)


@pytest.mark.parametrize("state", ["PRWI", "PRCL", "PRAWI", "PRACL", "PRWD", "PRAWD", "PRCV", "PRACVCL"])
async def test_that_a_preferred_share_called_or_when_issued_is_asked_for_under_no_other_shares_name(
    state: str,
) -> None:
    name = f"CIM {state}"
    others = dict.fromkeys(
        ("CIM", "CIM-A", "CIM-WI", "CIM-CL", "CIM-WD", "CIM-CV", f"CIM-{state[2:]}"), COMMON
    )
    of = {"to_61": [position(symbol="CIM", local_symbol=name)], "hammer": others}
    async with scripted(of) as product:
        await product.connect()
        (held,) = product.snapshot()["positions"]
        assert (held["current_price"], held["no_price"]) == (None, f"HAMMER does not know {name}")
        assert product.hammer.asked_for == {name}


@pytest.mark.parametrize(("at_tws", "at_hammer"), [("  ", "\t"), (" \t ", "\N{NO-BREAK SPACE}")])
async def test_that_spaces_in_a_name_make_no_other_share(at_tws: str, at_hammer: str) -> None:
    of = {
        "to_61": [position(local_symbol=f"CIM{at_tws}PRB ")],
        "to_16": listed(77),
        "hammer": {"CIM-B": PREFERRED},
        "hammer_account": {
            "positions": [{"Symbol": f" CIM{at_hammer}PRB", "QTY": 100, "Paid": 24.1}],
            "transactions": [],
            "balances": {},
        },
    }
    async with scripted(of) as product:
        await product.connect()
        await until(lambda: len(product.positions()) == 2, what="HAMMER's own position")
        shown = {(row["symbol"], row["last"]) for row in product.positions()}
        assert shown == {("CIM PRB", "24.55")}
        assert product.orders()[77]["symbol"] == "CIM PRB"
        assert product.hammer.asked_for == {"CIM-B"}
        assert {row.hammer_symbol for row in product.monitor.book.position_rows()} == {"CIM-B"}


NAMESAKE = "another contract at IBKR is called CIM PRB, too: HAMMER's may be that one"


@pytest.mark.parametrize(("exchange", "is_known"), [("NYSE", False), ("AMEX", False), ("PINK", True)])
async def test_that_of_two_contracts_of_one_name_only_the_one_that_is_surely_the_share_has_its_price(
    exchange: str, is_known: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {
        "to_61": [position(400, con_id=1), position(100, con_id=2, exchange=exchange)],
        "to_16": listed(78, con_id=2, exchange=exchange),
        "hammer": {"CIM-B": PREFERRED},
    }
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        right = {1: (24.55, None) if is_known else (None, NAMESAKE), 2: (None, NAMESAKE)}
        held, ordered = await seen.positions(), await seen.orders()
        assert {n: (each["current_price"], each["no_price"]) for n, each in held.items()} == right
        assert ordered[78]["no_price"] == NAMESAKE
        shown = {cells["quantity"]: cells for cells in seen.product.positions()}
        assert (shown["400"]["last"], shown["100"]["last"]) == ("24.55" if is_known else "—", "—")
        assert shown["100"]["market_value"] == seen.product.orders()[78]["to_fill"] == "—"
        book = seen.product.monitor.book
        assert book.totals((GUN,)).market_value == (9820 if is_known else None)
        seen.product.tws.send(position(0, con_id=1))
        await until(lambda: book.totals((GUN,)).market_value == 2455, what="the value of the only one")
        assert seen.product.orders()[78]["bid"] == "24.50"


async def test_that_an_order_on_another_contract_of_its_name_takes_no_price_from_what_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    of = {
        "to_61": [position(400, con_id=1)],
        "to_16": listed(78, con_id=2),
        "hammer": {"CIM-B": PREFERRED},
    }
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        held = (await seen.positions())[1]
        assert (held["current_price"], held["no_price"]) == (24.55, None)


async def test_that_two_contracts_of_one_name_in_two_logins_are_known_not_to_be_one() -> None:
    book = Book(Clock())
    held = [record(con_id=1), record(con_id=2, account="U2", mode=PED)]
    book.positions_replaced(GUN, held[:1])
    assert book.wanted_symbols == {"CIM PRB"}
    book.positions_replaced(PED, held[1:])
    assert {row.unpriced for row in book.position_rows()} == {Unpriced.NAMESAKE}
    assert book.wanted_symbols == frozenset()
    book.account_dropped(GUN)
    assert {row.unpriced for row in book.position_rows()} == {None}
    assert book.wanted_symbols == {"CIM PRB"}
