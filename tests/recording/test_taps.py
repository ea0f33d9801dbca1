"""Both wires, tapped: the recording holds exactly what the servers received and sent."""

import json
from pathlib import Path

from psf_monitor.check import runner
from psf_monitor.check.timing import CheckTiming
from psf_monitor.connection.status import LinkState
from psf_monitor.domain.account import AccountMode
from psf_monitor.recording.entry import LINKS, Entry, Kind
from psf_monitor.recording.message_text import lines_of
from psf_monitor.recording.reader import Reader, tail_path
from psf_monitor.recording.recorder import WireRecorder
from psf_monitor.runtime.monitor import Monitor
from psf_monitor.sim.demo import Gateways
from psf_monitor.sim.tws.framing import FrameReader
from tests.conftest import ExpectedErrors
from tests.support.records import GUN
from tests.support.sim_servers import running_monitor, settings_for, standing_still
from tests.support.waiting import PATIENCE_S, until

HAMMER = AccountMode.HAMMER_PRO


def entries(path: Path, mode: AccountMode, *kinds: Kind) -> list[Entry]:
    found = [r.entry for r in Reader(path)]
    return [e for e in found if e.link == LINKS[mode] and e.kind in kinds]


async def connected(monitor: Monitor, gateways: Gateways) -> None:
    monitor.connect_all()
    # Only the answer about a symbol has the previous close.
    await until(lambda: any(r.prev_close is not None for r in monitor.book.position_rows()), what="an answer")
    await until(lambda: monitor.book.account_state(GUN).orders_checked_at, what="the orders")
    await until(lambda: monitor.links[HAMMER].status.state is LinkState.READY, what="prices that are current")
    assert gateways.gun.connections == 1


def monitor_of(gateways: Gateways) -> Monitor:
    return Monitor(settings_for(gateways), gateways.market.clock)


async def test_that_every_byte_of_both_wires_is_recorded_and_no_password(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    async with standing_still() as gateways:
        gateways.hammer.password = "a password like no other"
        monitor = monitor_of(gateways)
        monitor.record_wires(path)
        async with running_monitor(monitor):
            await connected(monitor, gateways)
        monitor.wires.stop()
        requests = [request for _client, request in gateways.gun.received]
        commands = [command["cmd"] for command in gateways.hammer.received]
    sent = b"".join(e.data for e in entries(path, GUN, Kind.SENT))
    assert sent.startswith(b"API\0")
    frames = FrameReader(greeted=False).feed(sent)
    assert [int(frame.split(b"\0")[0]) for frame in frames[1:]] == requests
    received = FrameReader().feed(b"".join(e.data for e in entries(path, GUN, Kind.RECEIVED)))
    assert {frame.split(b"\0")[0] for frame in received} >= {b"176", b"15", b"61", b"62", b"5", b"53"}
    reported = [json.loads(e.data) for e in entries(path, HAMMER, Kind.SENT)]
    # The last message may not have been read before the line was closed.
    assert [command["cmd"] for command in reported][: len(commands)] == commands
    assert next(c for c in reported if c["cmd"] == "connect")["pwd"] == "•••"
    replies = {e.data.split(b'"')[3] for e in entries(path, HAMMER, Kind.RECEIVED) if b"cmd" in e.data}
    assert replies >= {b"connect", b"subscribe", b"getSymbolSnapshot", b"L1Update"}
    everything = b"".join(r.entry.data for r in Reader(path)) + path.read_bytes()
    assert b"like no other" not in everything


async def test_that_begin_and_end_of_a_line_and_the_traders_acts_are_recorded(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path = tmp_path / "a.wires"
    async with standing_still() as gateways:
        monitor = monitor_of(gateways)
        monitor.record_wires(path)
        async with running_monitor(monitor):
            await connected(monitor, gateways)
            gateways.gun.close_all()
            await until(
                lambda: b'"wait"' in b"".join(e.data for e in entries(path, GUN, Kind.ACT)),
                what="the loss",
            )
            monitor.links[GUN].disconnect()
            monitor.links[HAMMER].disconnect()
            await until(lambda: entries(path, HAMMER, Kind.CLOSED), what="the end")
        monitor.wires.stop()
    kinds = (Kind.ACT, Kind.OPENED, Kind.CLOSED, Kind.FAILED)
    gun = [(Kind(e.kind), json.loads(e.data)) for e in entries(path, GUN, *kinds)]
    assert [text for _kind, text in gun][:3] == [
        {"act": "connect"},
        {"act": "attempt", "number": 0},
        {"endpoint": f"127.0.0.1:{gateways.gun.port}", "client_id": 1},
    ]
    assert (Kind.CLOSED, {"by": "far side", "why": ""}) in gun
    assert [kind for kind, _shown in gun].count(Kind.FAILED) == 1
    waits = [text for _kind, text in gun if text.get("act") == "wait"]
    assert waits[0]["attempt"] == 1
    assert gun[-1] == (Kind.ACT, {"act": "disconnect"})
    hammer = [(Kind(e.kind), json.loads(e.data)) for e in entries(path, HAMMER, *kinds)]
    assert hammer[-1] == (Kind.CLOSED, {"by": "us", "why": ""})


async def test_that_a_recording_begun_while_connected_asks_for_everything_again(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    async with standing_still() as gateways:
        monitor = monitor_of(gateways)
        async with running_monitor(monitor):
            await connected(monitor, gateways)
            before = len(gateways.hammer.commands("getSymbolSnapshot"))
            asked = gateways.gun.received.count((1, 61))
            monitor.record_wires(path)
            await until(lambda: gateways.gun.received.count((1, 61)) > asked, what="the positions again")
            await until(lambda: len(gateways.hammer.commands("getSymbolSnapshot")) > before)
        monitor.wires.stop()
    kinds = [r.entry.kind for r in Reader(path)]
    gap = kinds.index(Kind.GAP)
    assert kinds[:gap].count(Kind.OPENED) == 3
    assert b"API\0" in b"".join(r.entry.data for r in list(Reader(path))[:gap])
    assert not tail_path(path).exists()
    assert Reader(path).header.facts["settings"]["ibkr"]["IBKR_GUN"]["client_id"] == 1


async def test_that_a_connection_test_is_recorded_on_both_sides_with_what_it_came_to(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    expected_errors.allow("ib_insync")
    path, wires = tmp_path / "a.wires", WireRecorder()
    async with standing_still() as gateways:
        gateways.hammer.password = "a password like no other"
        settings = settings_for(gateways)
        await gateways.ped.stop()
        wires.hide(settings.hammer.password)
        wires.start(path, {})
        await runner.run(
            settings, [*AccountMode], lambda _step: None, timing=CheckTiming(PATIENCE_S), tap_of=wires.check
        )
        assert wires.stop().path == path
    lines = [line[24:] for line in lines_of(Reader(path))]
    assert "check GUN > versions v157..176" in lines
    assert any(line.startswith("check GUN < position 3|U••••821") for line in lines)
    assert any(line.startswith("check GUN * check step positions, outcome ok") for line in lines)
    assert any(line.startswith("check PED * check step TCP, outcome FAILED") for line in lines)
    assert any("Nothing answers at 127.0.0.1" in line for line in lines if "check PED * check" in line)
    assert any(line.startswith("check HAMMER > connect") and '"•••"' in line for line in lines)
    assert any(line.startswith("check HAMMER > subscribe") for line in lines)
    assert any(line.startswith("check HAMMER * check step quote, outcome ok") for line in lines)
    assert not any("no other" in line or "U1240821" in line for line in lines)
    closed = [line for line in lines if line.startswith("check") and "* closed by us" in line]
    assert len(closed) == 2
