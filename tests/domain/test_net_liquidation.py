"""What part of its account a position is."""

from typing import Any

import pytest

from psf_monitor.domain.account import AccountSummary
from psf_monitor.domain.net_liquidation import net_liquidation_in
from tests.support.records import GUN


def summary(currency: str | None = "USD", amount: float | None = 1_000_000.0, **more: Any) -> AccountSummary:
    return AccountSummary(GUN, "U1240821", currency, amount, **more)


@pytest.mark.parametrize("currency", ["USD", None])
def test_that_a_value_is_its_part_in_percent_and_negative_for_a_short(currency: str | None) -> None:
    whole = net_liquidation_in("USD", summary(currency))
    assert whole.why == ""
    assert [whole.percent_of(value) for value in (73_650.0, -17_568.0, None)] == [
        pytest.approx(7.365),
        pytest.approx(-1.7568),
        None,
    ]


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (None, "not reported"),
        (summary(amount=None), "not reported"),
        (summary("EUR"), "is in EUR"),
        (summary(amount=0.0), "not above 0"),
        (summary(amount=-5_000.0), "not above 0"),
    ],
)
def test_that_nothing_is_a_part_of_what_is_not_known_and_why_is_said(
    of: AccountSummary | None, why: str
) -> None:
    whole = net_liquidation_in("USD", of)
    assert whole.percent_of(73_650.0) is None
    assert why in whole.why


def test_that_a_review_by_ibkr_is_kept() -> None:
    assert net_liquidation_in("USD", summary(is_in_review=True)).is_in_review
