"""Every problem that a simulated TWS can be asked for, seen from a client that reads each frame."""

import asyncio
from dataclasses import replace

import pytest

from psf_monitor.sim.market.market import Market, SimOrder
from psf_monitor.sim.market.records import NewListing, OrderIds, Ticket
from psf_monitor.sim.market.scenarios import AccountRow, scenario
from psf_monitor.sim.tws.framing import GREETING, frame, message
from psf_monitor.sim.tws.server import SimTws
from tests.sim.test_sim_tws_faults import Client, started

GUN = "U1240821"


async def asked(client: Client, *requests: bytes) -> list[list[str]]:
    """All that comes up to the answer to a request for the time."""
    client.send(b"".join(requests) + message(49, 1))
    return await client.receive_until("49")


async def open_order(client: Client, order: SimOrder) -> list[str]:
    received = await asked(client, message(16, 1))
    (found,) = [fields for fields in received if fields[0] == "5" and str(order.perm_id) in fields[24:27]]
    return found


async def test_that_read_only_can_refuse_the_list_of_all_orders_too(tws: SimTws, client: Client) -> None:
    tws.faults.read_only = True
    await started(client)
    received = await asked(client, message(16, 1))
    assert "53" in {fields[0] for fields in received}
    tws.faults.read_only_refuses.add(16)
    received = await asked(client, message(16, 1))
    assert [fields[2:4] for fields in received if fields[0] == "4"] == [["-1", "321"]]
    assert "53" not in {fields[0] for fields in received}


@pytest.mark.parametrize(("accounts", "refusals"), [(50, []), (51, [["-1", "321"], ["9", "321"]])])
async def test_that_a_login_of_more_than_50_accounts_refuses_all_positions_and_group_all(
    accounts: int, refusals: list[list[str]]
) -> None:
    rows = tuple(AccountRow("IBKR_GUN", f"U90000{n:02}", 1e6, 5e5, 31) for n in range(accounts))
    many = replace(scenario("normal"), accounts=rows, holdings=(), orders=())
    async with SimTws(Market(many), "IBKR_GUN") as tws:
        reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
        client = Client(reader, writer)
        await started(client)
        received = await asked(client, message(61, 1), message(62, 1, 9, "All", "NetLiquidation"))
        await client.close()
    errors = [fields[2:4] for fields in received if fields[0] == "4" and int(fields[3]) < 2000]
    assert errors == refusals
    ends = {fields[0] for fields in received} & {"62", "64"}
    assert ends == (set() if refusals else {"62", "64"})


async def test_that_an_amendment_reaches_every_term_of_an_order(market: Market, client: Client) -> None:
    order = market.place_order(
        GUN, "SPY", "SELL", 100, ticket=Ticket(order_type="TRAIL", aux_price=2.5, trail_stop_price=655.0)
    )
    await started(client)
    before = await open_order(client, order)
    market.amend_order(order.perm_id, quantity=120, aux_price=3.5, trail_stop_price=654.25, tif="GTC")
    after = await open_order(client, order)
    assert before[14:19] == ["100", "TRAIL", "0.0", "2.5", "DAY"]
    assert after[14:19] == ["120", "TRAIL", "0.0", "3.5", "GTC"]
    assert "655" in before
    assert "654.25" in after
    market.amend_order(order.perm_id, limit_price=650.0)
    assert (await open_order(client, order))[16] == "650"


async def test_that_a_rejected_order_is_refused_to_its_client_and_stays_listed_as_inactive(
    market: Market, client: Client
) -> None:
    own = market.place_order(GUN, "SPY", "BUY", 1, 600.0, ids=OrderIds(5, order_id=57))
    manual = market.place_order(GUN, "SPY", "BUY", 2, 600.0)
    await started(client, client_id=5)
    for order in (own, manual):
        market.reject_order(order.perm_id, "YOUR ORDER IS NOT ACCEPTED.")
    received = await asked(client)
    (refusal, changed, status) = (f for f in received if f[0] in ("3", "5") or f[:1] + f[3:4] == ["4", "201"])
    assert refusal[2:5] == ["57", "201", "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED."]
    assert changed[:2] == ["5", "57"]
    assert status[:3] == ["3", "57", "Inactive"]
    assert "Inactive" in await open_order(client, manual)
    assert {own.perm_id, manual.perm_id} <= market.orders.keys()


async def test_that_an_order_is_bound_to_a_negative_id(market: Market, client: Client) -> None:
    order = market.place_order(GUN, "SPY", "BUY", 1, 600.0)
    await started(client)
    assert (await open_order(client, order))[1] == "0"
    market.bind_order(order.perm_id, -2)
    assert (await open_order(client, order))[1] == "-2"
    with pytest.raises(ValueError, match="has the id -2"):
        market.bind_order(order.perm_id, -3)


async def test_that_a_vanished_order_leaves_without_a_message(market: Market, client: Client) -> None:
    order = market.place_order(GUN, "SPY", "BUY", 1, 600.0, ids=OrderIds(5, order_id=1))
    await started(client)
    await asked(client)
    market.vanish_order(order.perm_id)
    received = await asked(client, message(16, 1))
    assert str(order.perm_id) not in {field for fields in received for field in fields}
    assert order.perm_id not in market.completed


async def test_that_an_order_may_have_any_ids_and_any_texts(market: Market, client: Client) -> None:
    order = market.place_order(
        GUN,
        "SPY",
        "BUY",
        0.5,
        600.0,
        ticket=Ticket(order_type="PEG ÖZEL", status="Awaiting"),
        ids=OrderIds(perm_id=2**31 + 9, order_id=-7),
    )
    with pytest.raises(ValueError, match="is taken"):
        market.place_order(GUN, "SPY", "BUY", 1, 600.0, ids=OrderIds(perm_id=2**31 + 9))
    await started(client)
    found = await open_order(client, order)
    assert (found[1], found[14], found[15], found[25]) == ("-7", "0.5", "PEG \\u00d6ZEL", str(2**31 + 9))
    assert "Awaiting" in found


async def test_that_anything_can_be_listed_and_held(market: Market, client: Client) -> None:
    market.list_security(
        NewListing("ESZ6", con_id=70, price=6302.25, kind="FUT", exchange="", currency="EUR", multiplier=50)
    )
    with pytest.raises(ValueError, match="is taken"):
        market.list_security(NewListing("ESZ6", con_id=71, price=1.0))
    market.set_position(GUN, "ESZ6", -1.5, 315_114.75)
    await started(client)
    received = await asked(client, message(61, 1))
    (row,) = [fields for fields in received if fields[0] == "61" and fields[3] == "70"]
    assert row[4:] == [
        *("ESZ6", "FUT", "", "0.0", "", "50", "", "EUR", "ESZ6", "ESZ6"),
        *("-1.5", "315114.75"),
    ]


async def test_that_a_position_closed_today_may_be_listed_with_quantity_0(
    market: Market, tws: SimTws, client: Client
) -> None:
    await started(client)
    market.set_position(GUN, "CIM PRB", 0, 0)

    async def listed() -> list[str]:
        received = await asked(client, message(61, 1))
        return [fields[14] for fields in received if fields[0] == "61" and fields[12] == "CIM PRB"]

    assert await listed() == []
    tws.faults.lists_closed = True
    assert await listed() == ["0"]
    await asked(client, message(64, 1))
    market.set_position(GUN, "CIM PRB", 5, 20.0)
    assert await listed() == ["5"]


async def test_that_fills_while_nobody_is_connected_are_there_afterwards(
    market: Market, client: Client
) -> None:
    order = market.place_order(GUN, "SPY", "BUY", 2, 600.0)
    market.fill_order(order.perm_id, 1, 600.0)
    await started(client)
    received = await asked(client, message(16, 1))
    (status,) = [fields for fields in received if fields[0] == "3" and fields[6] == str(order.perm_id)]
    assert status[3:5] == ["1", "1"]


async def test_that_values_in_several_currencies_have_a_row_for_each_and_one_for_the_base(
    market: Market, client: Client
) -> None:
    market.set_account_value(GUN, "UnrealizedPnL", "-12.5", "EUR")
    await started(client)
    received = await asked(client, message(62, 1, 9, "All", "$LEDGER:ALL"))
    rows = [fields for fields in received if fields[0] == "63" and fields[4] == "UnrealizedPnL"]
    assert {fields[6] for fields in rows} == {"USD", "BASE", "EUR"}


async def test_that_positions_of_one_account_are_reported_and_followed(
    market: Market, tws: SimTws, client: Client
) -> None:
    await started(client)
    received = await asked(client, message(74, 1, 9, GUN, ""), message(74, 1, 10, "U9999999", ""))
    rows = [fields for fields in received if fields[0] == "71"]
    assert {fields[13]: float(fields[15]) for fields in rows} == {
        held.security.local_symbol: held.quantity for held in market.holdings_of(GUN)
    }
    assert {(len(fields), fields[2], fields[3]) for fields in rows} == {(18, "9", GUN)}
    assert [fields for fields in received if fields[0] == "72"] == [["72", "1", "9"]]
    assert [fields[2:4] for fields in received if fields[0] == "4" and fields[3] == "321"] == [["10", "321"]]
    market.set_position(GUN, "CIM PRB", 7, 20.0)
    assert [fields[15] for fields in await asked(client) if fields[0] == "71"] == ["7"]
    await asked(client, message(75, 1, 9))
    market.set_position(GUN, "CIM PRB", 8, 20.0)
    assert "71" not in {fields[0] for fields in await asked(client)}
    assert tws.refused == []


async def test_that_any_message_can_be_sent_to_a_started_client(tws: SimTws, client: Client) -> None:
    client.send(GREETING + frame(b"v157..176"))
    await client.receive()
    tws.send(61, 3, "too early")
    client.send(message(71, 2, 5, ""))
    await client.receive_until("9")
    tws.send(61, 3, "not whole")
    assert (await client.receive_until("61"))[-1] == ["61", "3", "not whole"]


async def test_that_a_correction_has_an_id_of_its_own_and_moves_nothing(
    market: Market, tws: SimTws, client: Client
) -> None:
    order = market.place_order(GUN, "SPY", "BUY", 10, 700.0, ids=OrderIds(5, order_id=1))
    filled = market.fill_order(order.perm_id, 10, 662.0)
    cash, count = market.cash(GUN), len(market.executions)
    await started(client)
    corrected = market.correct_execution(filled.exec_id, shares=8)
    assert corrected.exec_id == f"{filled.exec_id[:-2]}02"
    assert (market.cash(GUN), len(market.executions)) == (cash, count)
    tws.send_commission(corrected)
    received = await asked(client, message(7, 3, 9, 0, "", "", "SPY", "", "", "BUY"))
    reported = [(fields[1], fields[14], fields[19]) for fields in received if fields[0] == "11"]
    assert ("9", corrected.exec_id, "8") in reported
    assert filled.exec_id not in {exec_id for _, exec_id, _ in reported}
    assert corrected.exec_id in {fields[2] for fields in received if fields[0] == "59"}


def test_that_the_day_before_the_start_agrees_with_the_account(market: Market) -> None:
    for (account,) in market.logins.values():
        mine = [done for done in market.executions if done.account == account]
        assert all(done.time < market.clock() for done in mine)
        realized = sum(done.realized_pnl or 0.0 for done in mine)
        assert realized != 0
        assert market.profit(account).realized == pytest.approx(realized)


async def test_that_account_values_can_be_not_ready_and_of_models(tws: SimTws, client: Client) -> None:
    await started(client)

    async def values(request_id: int) -> dict[tuple[str, str], str]:
        received = await asked(client, message(76, 1, request_id, GUN, "", False))
        return {(f[4], f[5]): f[6] for f in received if f[0] == "73" and f[2] == str(request_id)}

    ready = await values(1)
    assert ready["", "AccountReady"] == "true"
    tws.faults.not_ready.add(GUN)
    not_ready = await values(2)
    assert (not_ready["", "AccountReady"], not_ready["", "NetLiquidation"]) == ("false", "0.00")
    tws.faults.not_ready.clear()
    tws.faults.models[GUN] = {"Income": 0.25, "Growth": 0.75}
    in_models = await values(3)
    whole = [float(in_models[model, "NetLiquidation"]) for model in ("Income", "Growth")]
    assert sum(whole) == pytest.approx(float(ready["", "NetLiquidation"]))


async def test_that_the_login_can_grow_and_be_another(tws: SimTws, client: Client, market: Market) -> None:
    await started(client)
    tws.announce("U1770037")
    (reported,) = [fields for fields in await asked(client) if fields[0] == "15"]
    assert reported[2] == f"{GUN},U1770037"
    received = await asked(client, message(74, 1, 9, "", ""))
    accounts = {fields[3] for fields in received if fields[0] == "71"}
    assert accounts == {GUN, "U1770037"} == {h.account for h in market.holdings.values() if h.quantity}
    tws.log_in("IBKR_PED")
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    other = Client(reader, writer)
    try:
        received = await started(other, client_id=6)
        received += await asked(other)
        assert [fields[2] for fields in received if fields[0] == "15"] == ["U1770037"]
    finally:
        await other.close()
