"""What TWS says to the trader: urgent, unknown, meaningless, in any script and in a flood."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from psf_monitor.connection.status import LinkState
from tests.end_to_end.connection.connection_texts import (
    HELD_BY_TWO,
    URGENT,
    api,
    bannered,
    banners,
    card,
    notice,
)
from tests.support.all_outputs import all_outputs
from tests.support.records import GUN
from tests.support.scripted_product import scripted
from tests.support.scripted_tws import script
from tests.support.tws_messages import execution, listed, position
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")


# IBKR's messages about the account.


async def test_that_a_margin_call_is_reported_everywhere_at_once_and_kept_until_seen(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scripted(script("margin_warning"), has_window=True) as product:
        await product.connect()
        assert banners(product) == []
        with caplog.at_level(logging.WARNING, "psf_monitor"):
            product.tws.send_next()
            await until(lambda: URGENT in bannered(product))
        assert "(2148)" in bannered(product)
        assert "DU1234567" not in bannered(product)
        assert "2148" in product.window.status.news.text
        assert any(URGENT in r.getMessage() and r.levelno == logging.WARNING for r in caplog.records)
        reported = api(product)
        assert URGENT in (reported.error or "")
        assert [(m.code, m.urgent) for m in reported.messages] == [(2148, True)]
        product.monitor.links[GUN].disconnect()
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.IDLE)
        (banner,) = banners(product)
        (seen,) = banner.buttons
        assert seen.text() == "Seen"
        QTest.mouseClick(seen, Qt.MouseButton.LeftButton)
        assert banners(product) == []
        assert api(product).messages == []


async def test_that_each_margin_call_is_shown_and_the_same_one_once() -> None:
    async with scripted({}, has_window=True) as product:
        await product.connect()
        for text in ("URGENT: first", "URGENT: second", "URGENT: first"):
            product.tws.send(notice(2148, text))
        await until(lambda: len(api(product).messages) == 2)
        assert {"first" in bannered(product), "second" in bannered(product)} == {True}


@pytest.mark.parametrize("code", [2199, 10399, 480, 7777])
async def test_that_a_code_that_nobody_published_is_reported(code: int) -> None:
    async with scripted({}, has_window=True) as product:
        await product.connect()
        product.tws.send(notice(code, "Something new was decided."), notice(code, "Something else."))
        await until(lambda: f"({code})" in bannered(product))
        assert [m.code for m in api(product).messages] == [code]
        QTest.mouseClick(banners(product)[0].buttons[0], Qt.MouseButton.LeftButton)
        product.tws.send(notice(code, "Something new again."), notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(product))
        assert f"({code})" not in bannered(product)


async def test_that_messages_without_meaning_for_the_trader_give_no_banner() -> None:
    usual = (2104, 2107, 2119, 2158, 2152, 202, 399, 10349)
    async with scripted({}, has_window=True) as product:
        await product.connect()
        product.tws.send(*(notice(code, "As always.") for code in usual), notice(2148, "URGENT"))
        await until(lambda: "URGENT" in bannered(product))
        assert [m.code for m in api(product).messages] == [2148]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (201, "Order rejected - reason: equity with loan value must exceed the initial margin"),
        (404, "Shares for this order are not immediately available for short sale. The order will be held."),
        (2161, "We will initially cap the price of your Limit Order to 24.55"),
        (399, "Order Message: Warning: your order will not be placed at the exchange until 09:30"),
    ],
)
async def test_that_each_message_of_tws_about_an_order_is_shown_in_the_status_line(
    code: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scripted(HELD_BY_TWO, has_window=True) as product:
        await product.connect()
        for order_id in (57, 58):
            product.monitor.book.drain()
            product.tws.send(f"4|2|{order_id}|{code}|{text}|")
            texts: list[str] = []

            def is_shown(texts: list[str] = texts) -> bool:
                texts.extend(n.text for n in product.monitor.book.drain().notices)
                return any(text in sentence and f"({code})" in sentence for sentence in texts)

            await until(is_shown)
        assert sum(text in r.getMessage() for r in caplog.records if r.levelno == logging.WARNING) == 2
        assert banners(product) == []


@pytest.mark.parametrize("text", ["", " ", "\\u000a"])
async def test_that_a_code_without_a_text_is_reported_by_its_meaning(text: str) -> None:
    async with scripted({}, has_window=True) as product:
        await product.connect()
        product.tws.send(notice(2148, text))
        await until(lambda: "margin: IBKR may liquidate positions (2148)" in bannered(product))
        assert "no words, but the number of: margin" in (api(product).error or "")


async def test_that_a_flood_of_messages_keeps_the_urgent_ones() -> None:
    async with scripted({}) as product:
        await product.connect()
        product.tws.send(notice(2148, "URGENT"))
        product.tws.send(*(notice(7000 + n, "New.") for n in range(100)))
        await until(lambda: 7099 in {m.code for m in api(product).messages})
        assert 2148 in {m.code for m in api(product).messages}
        assert len(api(product).messages) <= 20


async def test_that_texts_of_tws_are_printable_and_on_one_line_wherever_they_are_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scripted({}, has_window=True) as product:
        await product.connect()
        with caplog.at_level(logging.INFO, "psf_monitor"):
            product.tws.send(notice(2148, "Glattstellung m\\u00f6glich\nERROR psf_monitor: feigned \x1b[2J"))
            await until(lambda: "Glattstellung möglich ERROR psf_monitor: feigned [2J" in bannered(product))
        assert not any("\n" in r.getMessage() or "\x1b" in r.getMessage() for r in caplog.records)


async def test_that_texts_of_tws_are_printable_on_the_card_too() -> None:
    text = "Haftungsausschluss f\\u00fcr Papierhandel"
    async with scripted({"turns_away": [notice(501, text)]}, has_window=True) as product:
        product.monitor.links[GUN].connect()
        await until(lambda: product.monitor.links[GUN].status.state is LinkState.FAILED)
        assert "für Papierhandel" in card(product)
        assert "für Papierhandel" in bannered(product)
        assert "\\u" not in card(product) + bannered(product) + (api(product).error or "")


async def test_that_names_in_other_scripts_are_shown_correctly_wherever_they_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, reported = "Grün 😀", "Gr\\u00fcn \\ud83d\\ude00"
    of = {
        "to_61": [
            position(),
            position(con_id=5, symbol="\\u00d6X", local_symbol="\\u00d6X", exchange="IBIS"),
        ],
        "to_16": listed(1, reference=reported, oca_group=f"{reported}\\u000a\\ud83d", algorithm=reported),
        "to_7": [execution(9, 100, 24.5, venue="B\\u00d6RSE")],
    }
    async with all_outputs(of, tmp_path, capsys) as seen:
        await seen.product.connect()
        await until(seen.product.fills, what="the execution")
        cells, record = seen.product.orders()[1], (await seen.orders())[1]
        assert cells["reference"] == record["order_ref"] == record["algorithm"] == name
        assert cells["order_type"] == f"LMT · {name} · OCA"
        assert cells["oca_group"] == record["oca_group"] == f"{name} \N{REPLACEMENT CHARACTER}"
        assert {each["symbol"] for each in seen.product.positions()} == {"CIM PRB", "ÖX"}
        assert seen.product.fills()[0]["venue"] == (await seen.fills())[0]["venue"] == "BÖRSE"
        assert (await seen.exported())[0]["Venue"] == "BÖRSE"


@pytest.mark.parametrize(
    ("request_id", "code"), [("", "2148"), ("-1.0", "2148"), ("none", "2148.0"), ("2147483647", "2148")]
)
async def test_that_no_sentence_is_lost_for_the_numbers_beside_it(request_id: str, code: str) -> None:
    async with scripted({}, has_window=True) as product:
        await product.connect()
        product.tws.send(["4", "2", request_id, code, URGENT])
        await until(lambda: URGENT in bannered(product))
        assert [(m.code, m.urgent) for m in api(product).messages] == [(2148, True)]
        assert product.monitor.links[GUN].status.warning is None


@pytest.mark.parametrize(("code", "named"), [("", "nothing"), ("E-17", "'E-17'"), ("1.5", "'1.5'")])
async def test_that_no_sentence_is_lost_for_a_code_that_is_no_number(code: str, named: str) -> None:
    texts = [f"{each} (TWS gives {named} as its code)" for each in (URGENT, "Borrow fee changed.")]
    async with scripted({}, has_window=True) as product:
        await product.connect()
        product.tws.send(["4", "2", "-1", code, URGENT])
        product.tws.send(["4", "2", "-1", code, "Borrow fee changed.", ""])
        await until(lambda: [(m.code, m.text) for m in api(product).messages] == [(None, t) for t in texts])
        assert all(text in bannered(product) for text in texts)
        assert product.monitor.links[GUN].status.warning is None
