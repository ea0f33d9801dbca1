"""What follows of the trader's facts: the yield at a price, and the days to a date. Nothing is guessed."""

from datetime import date
from typing import Any

import pytest

from psf_monitor.domain.facts import Fact, Facts, ShareFacts, annual_dividend, column_key, current_yield
from tests.conftest import named_in_failure
from tests.support.records import instrument

TODAY = date(2026, 9, 18)


def facts(usual_par: float | None = None, **cells: Any) -> ShareFacts:
    shown = {
        key: Fact(f"{value:g}%" if key == "COUPON" else str(value), value) for key, value in cells.items()
    }
    return ShareFacts(shown, usual_par, today=TODAY)


def test_that_a_yield_is_the_coupon_of_par_at_the_price() -> None:
    assert current_yield(facts(25.0, COUPON=8.0), 24.0) == pytest.approx(8.3333, abs=1e-4)
    assert current_yield(facts(25.0, COUPON=7.5, PAR=1_000.0), 1_250.0) == pytest.approx(6.0)


def test_that_a_yield_that_does_not_follow_is_unknown_and_explains_why() -> None:
    for known, why in (
        (None, "no file has this share"),
        (facts(25.0), "your file has no COUPON of it"),
        (facts(COUPON=8.0), "what it was issued at is not reported"),
        (ShareFacts({"COUPON": Fact("8", 8.0)}, 25.0), "COUPON 8 is no percent"),
        (ShareFacts({"COUPON": Fact("float", None)}, 25.0), "COUPON float is no percent"),
        (ShareFacts({"COUPON": Fact("6.875%", None, caveat="may mean ..")}), "COUPON 6.875% may mean .."),
        *(
            (
                ShareFacts({"COUPON": Fact("6%", 6.0), "PAR": Fact(text, value, caveat=caveat)}, 25.0),
                f"PAR {text} {shown}",
            )
            for text, value, caveat, shown in (
                ("1.000", None, "may mean 1 or 1000", "may mean 1 or 1000"),
                ("a thousand", "a thousand", "", "is no price of an issue"),
                ("0", 0.0, "", "is no price of an issue"),
            )
        ),
        (
            facts(25.0, COUPON=7.5, DIVAMOUNT=18.75),
            "COUPON 7.5 % of 25 is 1.875 a year, which is not 1, 2, 4 or 12 times DIV AMOUNT 18.75",
        ),
    ):
        with named_in_failure(known, why):
            assert current_yield(known, 24.0) is None
            assert annual_dividend(known).how.startswith(why)


def test_that_a_dividend_that_fits_the_coupon_does_not_contradict_it() -> None:
    for times in (1, 2, 4, 12):
        with named_in_failure(times):
            known = facts(25.0, COUPON=6.625, DIVAMOUNT=round(1.65625 / times, 4))
            assert annual_dividend(known).amount == pytest.approx(1.65625)


def test_that_there_is_no_yield_without_a_price() -> None:
    for price in (None, 0.0, -1.0):
        with named_in_failure(price):
            assert current_yield(facts(25.0, COUPON=8.0), price) is None


def test_that_days_are_counted_to_a_date_and_from_one_that_is_past() -> None:
    known = facts(EXDIVDATE=date(2026, 9, 30), CALLDATE=date(2024, 3, 30))
    assert (known.days_to_ex_dividend, known.days_to_call) == (12, -902)
    assert (facts().days_to_ex_dividend, facts().days_to_call) == (None, None)


def test_that_only_shares_have_the_facts_of_a_symbol() -> None:
    known = Facts(shares={"SPY": facts(COUPON=1.0)})
    assert known.of(instrument("SPY")) is not None
    assert known.of(instrument("SPY", kind="OPT")) is None


def test_that_a_title_is_the_same_however_it_is_written() -> None:
    for title in ("EX-DIV DATE", "Ex Div Date", "ex_div_date", "Ex-Div  Date "):
        with named_in_failure(title):
            assert column_key(title) == "EXDIVDATE"
