"""Under which name HAMMER is asked for a share of IBKR: never under one that may be another share's."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.all_outputs import all_outputs
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
        stage = seen.stage
        del stage.tws.answers["9"]
        await stage.connect_with_fills()
        (cells,) = stage.positions()
        figures = ("last", "bid", "ask", "market_value", "unrealized_pnl", "day_pnl")
        assert (cells["symbol"], {cells[name] for name in figures}) == ("CIM", {"—"})
        assert (stage.orders()[77]["bid"], stage.orders()[77]["to_fill"]) == ("—", "—")
        assert WHY in stage.tooltip(stage.window.positions, "market_value")
        (held,), ordered = (await seen.positions()).values(), (await seen.orders())[77]
        assert (held["current_price"], held["no_price"], ordered["no_price"]) == (None, WHY, WHY)
        assert stage.hammer.asked_for == frozenset()


async def test_that_contract_details_give_a_share_of_which_tws_sends_the_root_alone_its_name() -> None:
    of = {
        "to_61": [position(**ROOT)],
        "to_16": listed(77, **ROOT),
        "to_7": [execution(78, 100, 24.5, **ROOT)],
        "to_9": [DETAILS],
        "hammer": {"CIM": COMMON, "CIM-B": PREFERRED},
    }
    async with scripted(of) as stage:
        await stage.connect_with_fills()
        await until(lambda: stage.positions()[0]["last"] == "24.55", what="the preferred share's price")
        await until(lambda: stage.fills()[0]["symbol"] == "CIM PRB", what="the name of the execution")
        assert (stage.orders()[77]["symbol"], stage.orders()[77]["bid"]) == ("CIM PRB", "24.50")
        assert stage.hammer.asked_for == {"CIM-B"}


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
    async with scripted({"to_61": [held], "hammer": {at_hammer: PREFERRED}}, has_window=False) as stage:
        del stage.tws.answers["9"]
        await stage.connect()
        (row,) = stage.snapshot()["positions"]
        assert (row["symbol"], row["current_price"]) == (symbol, 24.55)


async def test_that_a_symbol_of_one_word_alone_is_not_asked_for() -> None:
    held = position(symbol="CIM", local_symbol="", trading_class="")
    async with scripted({"to_61": [held], "hammer": {"CIM": COMMON}}, has_window=False) as stage:
        del stage.tws.answers["9"]
        await stage.connect()
        (row,) = stage.snapshot()["positions"]
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
    async with scripted(of, has_window=False) as stage:
        await stage.connect()
        (held,) = stage.snapshot()["positions"]
        assert (held["current_price"], held["no_price"]) == (None, f"HAMMER does not know {name}")
        assert stage.hammer.asked_for == {name}


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
    async with scripted(of) as stage:
        await stage.connect()
        await until(lambda: len(stage.positions()) == 2, what="HAMMER's own position")
        shown = {(row["symbol"], row["last"]) for row in stage.positions()}
        assert shown == {("CIM PRB", "24.55")}
        assert stage.orders()[77]["symbol"] == "CIM PRB"
        assert stage.hammer.asked_for == {"CIM-B"}
        assert {row.hammer_symbol for row in stage.monitor.book.position_rows()} == {"CIM-B"}
