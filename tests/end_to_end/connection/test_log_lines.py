"""The log lines of a played day: each says which connection it is about."""

import logging

import pytest

from tests.support.scripted_product import HAMMER, scripted
from tests.support.tws_messages import position
from tests.support.waiting import until

_OF_LINKS = tuple(f"psf_monitor.{package}." for package in ("connection", "hammer", "ibkr"))


@pytest.mark.usefixtures("qapp")
async def test_that_every_line_about_a_connection_names_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    account = {"positions": [{"Symbol": "CIM-B", "QTY": 100}]}
    of = {
        "to_61": [position()],
        "to_16": [],
        "hammer": {"CIM-B": [24.5, 24.6, 24.55, 24.4]},
        "hammer_account": account,
    }
    async with scripted(of) as product:
        await product.connect()
        product.hammer.send("L1Update", "?")
        product.hammer.send("dataStreamerStateUpdate", {"streamerID": "ALARICQ", "state": "disconnected"})
        await until(lambda: any("HAMMER sends no prices" in message for message in caplog.messages))
        link = product.monitor.links[HAMMER]
        link.disconnect()
        await until(lambda: "HAMMER: idle" in caplog.messages)
    of_links = [record for record in caplog.records if record.name.startswith(_OF_LINKS)]
    assert {getattr(record, "link", None) for record in of_links} == {"IBKR_GUN", "HAMMER"}
    assert any(record.name.startswith("psf_monitor.hammer.") for record in of_links)
