"""Every problem that a simulated TWS can be asked for, seen from a client that reads each frame."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from psf_monitor.sim.market.market import Market, SimOrder
from psf_monitor.sim.market.records import NewListing, OrderIds, Ticket
from psf_monitor.sim.market.scenarios import AccountRow, scenario
from psf_monitor.sim.tws.framing import GREETING, frame, message
from psf_monitor.sim.tws.login import Cut, HangUp
from psf_monitor.sim.tws.segments import Segments
from psf_monitor.sim.tws.server import SimTws
from tests.sim.test_sim_tws_faults import Client, started, until

GUN = "U1240821"


@pytest.fixture
def market() -> Market:
    return Market(scenario("normal"))


@pytest.fixture
async def tws(market: Market) -> AsyncIterator[SimTws]:
    async with SimTws(market, "IBKR_GUN", refresh_s=0.0) as server:
        yield server


@pytest.fixture
async def client(tws: SimTws) -> AsyncIterator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    client = Client(reader, writer)
    yield client
    await client.close()


async def asked(client: Client, *requests: bytes) -> list[list[str]]:
    """All that comes up to the answer to a request for the time."""
    client.say(b"".join(requests) + message(49, 1))
    return await client.hear_until("49")


async def open_order(client: Client, order: SimOrder) -> list[str]:
    heard = await asked(client, message(16, 1))
    (found,) = [fields for fields in heard if fields[0] == "5" and str(order.perm_id) in fields[24:27]]
    return found


@pytest.mark.parametrize(
    ("here", "heard_ids"),
    [
        (HangUp.ON_ACCEPT, []),
        (HangUp.AFTER_GREETING, []),
        (HangUp.AFTER_VERSION, ["176"]),
        (HangUp.AFTER_START, ["176"]),
        (HangUp.BEFORE_NEXT_ID, ["176", "15"]),
    ],
)
async def test_that_the_handshake_can_end_at_each_stage(
    here: HangUp, heard_ids: list[str], market: Market
) -> None:
    async with SimTws(market, "IBKR_GUN") as tws:
        tws.faults.hangs_up = here
        reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
        client = Client(reader, writer)
        heard: list[str] = []
        try:
            if here is not HangUp.ON_ACCEPT:
                client.say(GREETING + frame(b"v157..176"))
            if here in (HangUp.AFTER_START, HangUp.BEFORE_NEXT_ID):
                heard.append((await client.hear())[0])
                client.say(message(71, 2, 5, ""))
            while fields := await client.hear():
                heard.append(fields[0])
        finally:
            await client.close()
        assert heard == heard_ids


@pytest.mark.parametrize("cut", list(Cut))
async def test_that_the_stream_is_the_same_however_it_is_cut(
    cut: Cut, tws: SimTws, client: Client, market: Market
) -> None:
    whole = await started(client, 5)
    whole += await asked(client, message(61, 1), message(16, 1))
    tws.faults.cut = cut
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    other = Client(reader, writer)
    pieces = await started(other, 6)
    pieces += await asked(other, message(61, 1), message(16, 1))
    await other.close()
    assert [fields for fields in pieces if fields[0] != "9"] == [f for f in whole if f[0] != "9"]
    assert len(pieces) > len(market.orders)


class Line(asyncio.Transport):
    """Remembers what was written, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.pieces.append(bytes(data))

    def is_closing(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("cut", "least", "most", "pieces"),
    [
        (Cut.MESSAGES, 200, 200, 5),
        (Cut.BYTES, 1, 1, 1000),
        (Cut.CHUNKS, 1, 300, None),
        (Cut.GLUED, 1000, 1000, 1),
    ],
)
async def test_that_segments_have_the_size_that_was_asked_for(
    cut: Cut, least: int, most: int, pieces: int | None
) -> None:
    line = Line()
    segments = Segments(line)
    sent = [bytes([n]) * 200 for n in range(5)]
    for data in sent:
        segments.write(data, cut)
    await until(lambda: sum(map(len, line.pieces)) == 1000)
    assert b"".join(line.pieces) == b"".join(sent)
    assert all(least <= len(piece) <= most for piece in line.pieces)
    assert pieces in (None, len(line.pieces))


async def test_that_close_sends_what_is_still_waiting_to_be_cut(tws: SimTws, client: Client) -> None:
    await started(client)
    tws.faults.cut = Cut.BYTES
    tws.notify(1300, "TWS socket port has been reset and this connection is being dropped.")
    tws.close_all()
    heard = await client.hear_until("")
    assert heard[-2][3] == "1300"


async def test_that_read_only_can_refuse_the_list_of_all_orders_too(tws: SimTws, client: Client) -> None:
    tws.faults.read_only = True
    await started(client)
    heard = await asked(client, message(16, 1))
    assert "53" in {fields[0] for fields in heard}
    tws.faults.read_only_refuses.add(16)
    heard = await asked(client, message(16, 1))
    assert [fields[2:4] for fields in heard if fields[0] == "4"] == [["-1", "321"]]
    assert "53" not in {fields[0] for fields in heard}


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
        heard = await asked(client, message(61, 1), message(62, 1, 9, "All", "NetLiquidation"))
        await client.close()
    errors = [fields[2:4] for fields in heard if fields[0] == "4" and int(fields[3]) < 2000]
    assert errors == refusals
    ends = {fields[0] for fields in heard} & {"62", "64"}
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
    heard = await asked(client, message(16, 1))
    assert str(order.perm_id) not in {field for fields in heard for field in fields}
    assert order.perm_id not in market.completed


async def test_that_an_order_may_have_any_ids_and_any_words(market: Market, client: Client) -> None:
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
    heard = await asked(client, message(61, 1))
    (row,) = [fields for fields in heard if fields[0] == "61" and fields[3] == "70"]
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
        heard = await asked(client, message(61, 1))
        return [fields[14] for fields in heard if fields[0] == "61" and fields[12] == "CIM PRB"]

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
    heard = await asked(client, message(16, 1))
    (status,) = [fields for fields in heard if fields[0] == "3" and fields[6] == str(order.perm_id)]
    assert status[3:5] == ["1", "1"]


async def test_that_values_in_several_currencies_have_a_row_for_each_and_one_for_the_base(
    market: Market, client: Client
) -> None:
    market.set_account_value(GUN, "UnrealizedPnL", "-12.5", "EUR")
    await started(client)
    heard = await asked(client, message(62, 1, 9, "All", "$LEDGER:ALL"))
    rows = [fields for fields in heard if fields[0] == "63" and fields[4] == "UnrealizedPnL"]
    assert {fields[6] for fields in rows} == {"USD", "BASE", "EUR"}


async def test_that_positions_of_one_account_are_told_and_followed(
    market: Market, tws: SimTws, client: Client
) -> None:
    await started(client)
    heard = await asked(client, message(74, 1, 9, GUN, ""), message(74, 1, 10, "U9999999", ""))
    rows = [fields for fields in heard if fields[0] == "71"]
    assert {fields[13]: float(fields[15]) for fields in rows} == {
        held.security.local_symbol: held.quantity for held in market.holdings_of(GUN)
    }
    assert {(len(fields), fields[2], fields[3]) for fields in rows} == {(18, "9", GUN)}
    assert [fields for fields in heard if fields[0] == "72"] == [["72", "1", "9"]]
    assert [fields[2:4] for fields in heard if fields[0] == "4" and fields[3] == "321"] == [["10", "321"]]
    market.set_position(GUN, "CIM PRB", 7, 20.0)
    assert [fields[15] for fields in await asked(client) if fields[0] == "71"] == ["7"]
    await asked(client, message(75, 1, 9))
    market.set_position(GUN, "CIM PRB", 8, 20.0)
    assert "71" not in {fields[0] for fields in await asked(client)}
    assert tws.refused == []


async def test_that_any_message_can_be_said_to_a_started_client(tws: SimTws, client: Client) -> None:
    client.say(GREETING + frame(b"v157..176"))
    await client.hear()
    tws.send(61, 3, "too early")
    client.say(message(71, 2, 5, ""))
    await client.hear_until("9")
    tws.send(61, 3, "not whole")
    assert (await client.hear_until("61"))[-1] == ["61", "3", "not whole"]


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
    heard = await asked(client, message(7, 3, 9, 0, "", "", "SPY", "", "", "BUY"))
    told = [(fields[1], fields[14], fields[19]) for fields in heard if fields[0] == "11"]
    assert ("9", corrected.exec_id, "8") in told
    assert filled.exec_id not in {exec_id for _, exec_id, _ in told}
    assert corrected.exec_id in {fields[2] for fields in heard if fields[0] == "59"}


def test_that_the_day_before_the_start_agrees_with_the_account(market: Market) -> None:
    for (account,) in market.logins.values():
        mine = [done for done in market.executions if done.account == account]
        assert all(done.time < market.clock() for done in mine)
        realized = sum(done.realized_pnl or 0.0 for done in mine)
        assert realized != 0
        assert market.profit(account).realized == pytest.approx(realized)


# What TWS says of itself and of the login.


async def test_that_notices_can_come_with_the_greeting_and_the_farms_be_left_out(
    tws: SimTws, client: Client
) -> None:
    tws.faults.greetings.append((2110, "Connectivity between TWS and server is broken."))
    tws.faults.farms_ok = False
    await started(client)
    heard = await asked(client)
    assert [fields[3] for fields in heard if fields[0] == "4"] == ["2110"]


async def test_that_tws_can_say_why_it_hangs_up(tws: SimTws, client: Client) -> None:
    tws.faults.hangs_up, tws.faults.parting = HangUp.AFTER_START, (10141, "Accept the disclaimer.")
    client.say(GREETING + frame(b"v157..176"))
    await client.hear()
    client.say(message(71, 2, 5, ""))
    assert (await client.hear())[:5] == ["4", "2", "-1", "10141", "Accept the disclaimer."]
    assert await client.hear() == []


async def test_that_read_only_api_speaks_any_language(tws: SimTws, client: Client) -> None:
    tws.faults.read_only, tws.faults.read_only_text = True, "salt okunur: \u00fc"
    tws.faults.read_only_refuses.add(16)
    await started(client)
    heard = await asked(client, message(16, 1))
    assert ["4", "2", "-1", "321", r"salt okunur: \u00fc"] in [fields[:5] for fields in heard]


async def test_that_its_clock_can_be_wrong(tws: SimTws, client: Client, market: Market) -> None:
    tws.faults.clock_ahead_s = 73
    await started(client)
    told = (await asked(client))[-1]
    assert abs(int(told[2]) - market.clock().timestamp() - 73) <= 1


async def test_that_account_values_can_be_not_ready_and_of_models(tws: SimTws, client: Client) -> None:
    await started(client)

    async def values(request_id: int) -> dict[tuple[str, str], str]:
        heard = await asked(client, message(76, 1, request_id, GUN, "", False))
        return {(f[4], f[5]): f[6] for f in heard if f[0] == "73" and f[2] == str(request_id)}

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
    (told,) = [fields for fields in await asked(client) if fields[0] == "15"]
    assert told[2] == f"{GUN},U1770037"
    heard = await asked(client, message(74, 1, 9, "", ""))
    accounts = {fields[3] for fields in heard if fields[0] == "71"}
    assert accounts == {GUN, "U1770037"} == {h.account for h in market.holdings.values() if h.quantity}
    tws.log_in("IBKR_PED")
    reader, writer = await asyncio.open_connection("127.0.0.1", tws.port)
    other = Client(reader, writer)
    try:
        heard = await started(other, client_id=6)
        heard += await asked(other)
        assert [fields[2] for fields in heard if fields[0] == "15"] == ["U1770037"]
    finally:
        await other.close()
