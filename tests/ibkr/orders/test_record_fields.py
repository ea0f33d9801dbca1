"""Numbers as TWS may write them, read into the records of ib_insync."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ib_insync.order import Order
from ib_insync.util import UNSET_INTEGER

from psf_monitor.ibkr.orders.record_fields import read_fields, whole_number
from tests.conftest import named_in_failure


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_that_a_whole_number_has_all_its_digits_in_every_form(number: int) -> None:
    for text in (f"{number}", f"{number}.0", f"{number}.", f" {number}.00 ", f"{number}E0"):
        assert whole_number(text) == number


def test_that_a_value_that_is_no_whole_number_is_refused_by_name() -> None:
    for text in (
        "x",
        "0.5",
        "1e-3",
        "NaN",
        "Infinity",
        "24,5",
        "1 0",
        "true",
        "1.7976931348623157E308",
        "-1E30",
    ):
        with named_in_failure(text), pytest.raises(ValueError, match=text):
            whole_number(text)


def test_that_a_flag_is_read_in_every_form() -> None:
    for text, is_hidden in (("true", True), ("False", False), ("1", True), ("0.0", False)):
        with named_in_failure(text, is_hidden):
            order = Order(hidden=text)  # type: ignore[arg-type]
            read_fields(order)
            assert order.hidden is is_hidden


def test_that_a_term_that_is_not_set_may_be_written_as_a_price_is_and_an_id_may_not() -> None:
    unset: Any = "1.7976931348623157E308"
    order = Order(minQty=unset, adjustableTrailingUnit=unset)
    read_fields(order)
    assert (order.minQty, order.adjustableTrailingUnit) == (UNSET_INTEGER, 0)
    with pytest.raises(ValueError, match="not set"):
        read_fields(Order(permId=unset))


def test_that_an_order_without_what_it_is_cannot_be_read() -> None:
    for name in ("orderId", "clientId", "permId", "totalQuantity"):
        with named_in_failure(name):
            order = Order()
            setattr(order, name, "x1")
            with pytest.raises(ValueError, match="x1"):
                read_fields(order)
