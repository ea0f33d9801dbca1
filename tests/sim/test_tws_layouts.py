"""How many fields each message has, which strict clients insist on: counted in recorded messages."""

import pytest

from psf_monitor.sim.market.market import Market
from psf_monitor.sim.market.scenarios import scenario
from psf_monitor.sim.tws import layouts
from psf_monitor.sim.tws.framing import fields_of, message
from psf_monitor.sim.tws.order_layouts import completed_order, open_order, order_status

GUN = "U1240821"


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


def sent(fields: layouts.Message) -> list[str]:
    return fields_of(message(*fields)[4:])


@pytest.mark.parametrize(
    ("version", "opened", "completed"),
    [
        (157, 128, 96),
        (158, 129, 96),
        (160, 130, 96),
        (162, 131, 96),
        (169, 131, 96),
        (170, 136, 101),
        (176, 136, 101),
        (177, 135, 100),
        (178, 135, 100),
    ],
)
def test_that_an_order_has_the_fields_of_its_version(
    market: Market, version: int, opened: int, completed: int
) -> None:
    for order in market.orders.values():
        fields = sent(open_order(order, version))
        assert len(fields) == opened
        assert fields.index(order.status) == (94 if version < 177 else 93)
    for order in market.completed.values():
        fields = sent(completed_order(order, version))
        assert len(fields) == completed
        assert fields.index(order.status) == (77 if version < 177 else 76)


def test_that_every_other_message_has_the_fields_that_were_recorded(market: Market) -> None:
    order = next(iter(market.orders.values()))
    held = market.holdings_of(GUN)[0]
    fill = market.executions[0]
    row = market.account_values(GUN)[-1]
    counted = {
        tuple(fields[:1]): len(sent(fields))
        for fields in (
            order_status(order),
            layouts.account_value(GUN, row),
            layouts.portfolio(held, 0.0),
            layouts.account_time(market.clock()),
            layouts.commission(fill),
            layouts.position(held),
            layouts.account_summary(9, GUN, row),
            layouts.account_value_multi(9, GUN, row),
            layouts.pnl(9, market.profit(GUN)),
            layouts.pnl_single(9, held, 0.0),
        )
    }
    assert counted == {
        (3,): 12,
        (6,): 6,
        (7,): 20,
        (8,): 3,
        (59,): 8,
        (61,): 16,
        (63,): 7,
        (73,): 8,
        (94,): 5,
        (95,): 7,
    }
    assert len(sent(layouts.pnl_single(9, None, 0.0))) == 7


@pytest.mark.parametrize(
    ("version", "error", "execution"), [(157, 5, 31), (165, 5, 31), (166, 6, 31), (177, 6, 31), (178, 6, 32)]
)
def test_that_errors_and_executions_grow_with_the_version(
    market: Market, version: int, error: int, execution: int
) -> None:
    assert len(sent(layouts.error(-1, 321, "no", version))) == error
    assert len(sent(layouts.execution(1, market.executions[0], version))) == execution
