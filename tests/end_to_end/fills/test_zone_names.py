"""A TWS whose zone has a name that says nothing: what its clock shows says how far it is from UTC."""

from datetime import UTC, datetime

import pytest

from tests.end_to_end.fills.execution_script import NOW, execution
from tests.support.records import Clock
from tests.support.scripted_product import scripted
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("qapp")

DONE_AT = datetime(2026, 11, 27, 15, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code_page", "handshake", "stamp"),
    [
        ("ascii", "20261127 18:30:00", "20261127 18:15:30"),
        ("ascii", "20261127 18:30:12 GTB Standard Time", "20261127 18:15:30"),
        ("ascii", "20261127 21:15:00 Middle Earth Time", "20261127  21:00:30"),
        ("ascii", "20261128 00:30:20 Middle Earth Time", "20261127 10:15:30 US/Eastern"),
        ("cp1254", "20261127 18:30:12 Türkiye Saati", "20261127 18:15:30"),
        ("gbk", "20261127 23:29:10 中国标准时间", "20261127 23:15:30 中国标准时间"),
    ],
)
async def test_that_a_time_on_a_clock_of_no_known_zone_is_known_by_what_the_clock_shows(
    code_page: str, handshake: str, stamp: str
) -> None:
    of = {"handshake_time": handshake, "code_page": code_page, "to_7": [execution(stamp)]}
    async with scripted(of, clock=Clock(NOW)) as product:
        await product.connect_with_fills()
        await until(lambda: [fill.at for fill in product.monitor.fills.fills()] == [DONE_AT])
        assert [cells["at"] for cells in product.fills()] == ["10:15:30"]
        await until(lambda: "time zone" not in product.gaps)
