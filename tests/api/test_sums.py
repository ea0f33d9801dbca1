"""``GET groups`` and ``GET exposure`` over a real socket: the window's own sums, at the same moment."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from psf_monitor.api import snapshot_records
from psf_monitor.api.sums import records as sum_records
from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.book.sums.totals import Totals
from psf_monitor.domain.account import IBKR_MODES, AccountMode
from tests.api.client import ABook, ApiClient, opened
from tests.support.records import GUN, PED, position


def as_answered(totals: Totals) -> Any:
    return json.loads(msgspec.json.encode(sum_records.sums(totals)))


async def test_that_every_grouping_adds_up_to_the_total_of_the_window(api: ApiClient) -> None:
    whole = as_answered(api.source.book.totals(IBKR_MODES))
    for by in ("share", "issuer", "login"):
        body = (await api.get("groups", params={"by": by})).json()
        assert body["total"] == whole
        for name in ("market_value", "long_value", "short_value", "cost_basis", "unrealized_pnl", "day_pnl"):
            reported = [group["sums"][name] or 0.0 for group in body["groups"]]
            assert sum(reported) == pytest.approx(whole[name])
        assert sum(group["sums"]["positions"] for group in body["groups"]) == whole["positions"]
        keys = [key for group in body["groups"] for key in group["keys"]]
        held = [
            snapshot_records.position(r).key for r in api.source.book.position_rows() if r.mode in IBKR_MODES
        ]
        assert sorted(keys) == sorted(held)


async def test_that_one_login_is_grouped_alone(api: ApiClient) -> None:
    body = (await api.get("groups", params={"by": "login", "account_type": "ibkr_gun"})).json()
    assert [group["name"] for group in body["groups"]] == ["IBKR_GUN"]
    assert body["total"] == as_answered(api.source.book.totals((GUN,)))


async def test_that_the_exposure_adds_up_and_is_of_the_net_liquidation(api: ApiClient) -> None:
    reported = (await api.get("exposure")).json()["exposure"]
    assert reported["long_value"] + reported["short_value"] == pytest.approx(reported["net_value"])
    assert reported["long_value"] - reported["short_value"] == pytest.approx(reported["gross_value"])
    strip = api.source.book.strip(None)
    assert reported["net_liquidation"] == strip.net_liquidation
    assert reported["net_pct"] == pytest.approx(100 * reported["net_value"] / strip.net_liquidation)
    assert reported["net_value"] == pytest.approx(strip.market_value)
    assert len(reported["largest_issuers"]) == 5
    assert reported["left_out"] == ["1 without quote excluded from value and P&L"]


@pytest.mark.parametrize("params", [{"by": "colour"}, {"by": "share", "account_type": "U1"}])
async def test_that_unknown_parameters_are_reported(api: ApiClient, params: dict[str, str]) -> None:
    refused = await api.get("groups", params=params)
    assert refused.status_code == 400
    assert "Give one of" in refused.json()["what_to_do"]


async def test_that_the_snapshot_has_the_same_sums(api: ApiClient) -> None:
    book, links = api.source.book, api.source.links
    answer = json.loads(msgspec.json.encode(snapshot_records.snapshot(book, links)))
    for by in (GroupBy.SHARE, GroupBy.ISSUER, GroupBy.LOGIN):
        body = (await api.get("groups", params={"by": by.value})).json()
        assert answer["groups"][by.value] == body["groups"]
    assert answer["totals"] == as_answered(book.totals(IBKR_MODES))
    assert answer["exposure"] == (await api.get("exposure")).json()["exposure"]
    alone = snapshot_records.snapshot(book, links, (AccountMode.IBKR_PED,))
    assert alone.exposure.net_liquidation == book.strip(AccountMode.IBKR_PED).net_liquidation


async def test_that_a_login_that_is_in_no_sum_is_named_in_each(api: ApiClient) -> None:
    async def reported() -> list[Any]:
        groups = (await api.get("groups", params={"by": "share"})).json()["total"]
        alone = (await api.get("groups", params={"by": "share", "account_type": "IBKR_PED"})).json()["total"]
        day = (await api.get("day")).json()["totals"]["ALL"]
        exposure = (await api.get("exposure")).json()["exposure"]
        snapshot = as_answered(api.source.book.totals(IBKR_MODES))
        return [each["excluded"] for each in (groups, alone, day, exposure, snapshot)]

    assert await reported() == [[]] * 5
    await api.post("account/ibkr/disconnect", params={"account_type": "IBKR_PED"})
    assert await reported() == [["IBKR_PED"]] * 5


async def test_that_an_account_that_is_counted_with_another_login_is_named(tmp_path: Path) -> None:
    source = ABook()
    for mode, accounts in ((GUN, ["U1", "U2"]), (PED, ["U2", "U3"])):
        source.book.accounts_named(mode, accounts)
        source.book.positions_replaced(mode, [position(account=each, mode=mode) for each in accounts])
    named = "U2 of IBKR_PED counted with IBKR_GUN"
    async with opened(source, tmp_path) as api:
        for login, is_named in (
            ({"account_type": "IBKR_PED"}, True),
            ({"account_type": "IBKR_GUN"}, False),
            ({}, False),
        ):
            reported = (await api.get("groups", params={"by": "share", **login})).json()["total"]
            assert (named in reported["left_out"]) == is_named
    alone = snapshot_records.snapshot(source.book, source.links, (PED,))
    assert named in alone.totals.left_out
