"""``psf-monitor wires``: the traffic as text, without account numbers."""

import json
from pathlib import Path

import pytest

from psf_monitor.cli.main import main
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.message_text import lines_of
from psf_monitor.recording.messages import framed
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import FileLimits, Writer
from tests.recording.test_file import Hands


def tws(*fields: str) -> bytes:
    return framed("".join(f"{field}\0" for field in fields).encode())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A line of each wire, with a message in two pieces and the begin of one that never came."""
    path, hands = tmp_path / "a.wires", Hands()
    position = tws("61", "3", "U1240821", "700000001", "CIM")
    texts = [
        (Kind.ACT, 1, 0, b'{"act": "connect"}'),
        (Kind.OPENED, 1, 1, b'{"endpoint": "127.0.0.1:7497", "client_id": 71}'),
        (Kind.SENT, 1, 1, b"API\0" + framed(b"v157..176")),
        (Kind.RECEIVED, 1, 1, tws("176", "20260918 14:26:00 US/Eastern") + position[:9]),
        (Kind.RECEIVED, 1, 1, position[9:] + tws("62", "1")),
        (Kind.SENT, 1, 1, tws("16", "1")),
        (Kind.RECEIVED, 1, 1, position[:5]),
        (Kind.CLOSED, 1, 1, b'{"by": "far side", "why": ""}'),
        (Kind.SENT, 3, 2, b'{"cmd": "getPositions", "accountKey": "ALARIC:TOPI002240", "reqID": "1"}'),
        (Kind.RECEIVED, 3, 2, b'{"cmd": "L1Update", "result": {"sym": "CIM-B", "bid": 24.5}}'),
        (Kind.RECEIVED, 3, 2, b"CONNECTED \x1b[31m"),
        (Kind.CONTROL_SENT, 3, 2, b"\x09"),
        (99, 3, 2, b"of a later version"),
        (Kind.END, 0, 0, b""),
    ]
    writer = Writer(path, "run", {}, clocks=hands)
    writer.write([Entry(hands.at_ns + n * 1_000_000, *each) for n, each in enumerate(texts)])
    writer.close()
    return path


def test_that_every_message_is_one_line_with_its_time_and_direction(path: Path) -> None:
    lines = list(lines_of(Reader(path)))
    assert {line[:20] for line in lines} == {"2026-09-21 10:13:20."}
    assert [line[24:] for line in lines] == [
        "GUN    * connect",
        "GUN    * opened endpoint 127.0.0.1:7497, client_id 71",
        "GUN    > versions v157..176",
        "GUN    < version 176|20260918 14:26:00 US/Eastern",
        "GUN    < position 3|U••••821|700000001|CIM",
        "GUN    < positionEnd 1",
        "GUN    > reqAllOpenOrders 1",
        "GUN    < 5 bytes that make no whole message",
        "GUN    * closed by far side",
        'HAMMER > getPositions {"accountKey": "ALARIC••••••••240", "reqID": "1"}',
        'HAMMER < L1Update {"result": {"sym": "CIM-B", "bid": 24.5}}',
        r"HAMMER < CONNECTED \x1b[31m",
        "HAMMER > ping",
        "HAMMER ? kind 99",
        "-      * end of the recording",
    ]


def test_that_the_command_prints_what_is_asked_for(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["wires", str(path), "--grep", "l1update|positionend"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[4] for line in out] == ["positionEnd", "L1Update"]
    assert main(["wires", str(path)]) == 0
    assert "U1240821" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("damage", "code", "text"),
    [
        (b"no recording at all", 1, "cannot be read as a recording"),
        (b"psf_monitor wires\n\x09\x00\x00\x00\x00\x00", 1, "format 9; this psf_monitor knows 1"),
    ],
)
def test_that_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: bytes, code: int, text: str
) -> None:
    path = tmp_path / "b.wires"
    path.write_bytes(damage)
    assert main(["wires", str(path)]) == code
    err = capsys.readouterr().err
    assert text in err
    assert str(path) in err


def test_that_damage_is_reported_and_the_rest_is_read(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hands = Hands()
    path.unlink()
    writer = Writer(path, "run", {}, limits=FileLimits(block_bytes=1), clocks=hands)
    for number in range(2):
        writer.write([Entry(hands.at_ns + number, Kind.ACT, 1, 0, b'{"act": "connect"}')])
    writer.close()
    path.write_bytes(path.read_bytes()[:-3])
    assert main(["wires", str(path)]) == 3
    text = capsys.readouterr()
    assert "a.wires ends in the middle, at byte" in text.err
    assert len(text.out.splitlines()) == 1


@pytest.mark.parametrize(
    ("rest", "why"), [(b"", "It was cut off, or ended"), (b"BLK1" * 9, "ends in the middle, at byte")]
)
@pytest.mark.parametrize("command", ["wires", "anonymize", "replay"])
def test_that_a_file_that_was_cut_off_before_anything_is_refused_by_its_name(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, rest: bytes, why: str
) -> None:
    out = tmp_path / "out.wires"
    path.write_bytes(path.read_bytes().split(b"BLK1")[0] + rest)
    assert main([command, str(path), *([str(out)] if command == "anonymize" else [])]) == 1
    text = capsys.readouterr()
    assert f"{path} holds nothing that can be read" in text.err
    assert why in text.err
    assert "a.wires.tail" in text.err
    assert text.out == ""
    assert not out.exists()


def test_that_a_wrong_expression_is_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["wires", str(path), "--grep", "("])
    assert "is no regular expression" in capsys.readouterr().err


def test_that_the_facts_of_a_recording_hold_no_secret(path: Path) -> None:
    assert "password" not in json.dumps(Reader(path).header.facts)
