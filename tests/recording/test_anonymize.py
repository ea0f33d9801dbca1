"""``psf-monitor anonymize``: a recording that does not reveal whose it is, and still plays."""

import json
import re
from pathlib import Path

import pytest

from psf_monitor.cli.main import main
from psf_monitor.recording.anonymous.anonymize import anonymize
from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.messages import messages_of
from psf_monitor.recording.reader import Reader
from psf_monitor.recording.writer import Writer
from tests.recording.test_file import Hands
from tests.recording.test_message_text import tws
from tests.replay.recorded_and_replayed import differences, in_replay, play, recorded

TOPI = "ALARIC:TOPI002240"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An account in every place and encoding in which the wires name one."""
    path, hands = tmp_path / "a.wires", Hands()
    order = ["5", *["0"] * 13, "100", *["0"] * 5, "U1240821", "", "0", "my own strategy", "0", "77", "0"]
    texts = [
        (Kind.SENT, 1, 1, tws("74", "1", "3", "U1240821", "")),
        (Kind.RECEIVED, 1, 1, tws("15", "1", "U1240821,DU7654321,")),
        (Kind.RECEIVED, 1, 1, tws("61", "3", "U1240821", *["x"] * 11, "400", "24.125")),
        (Kind.RECEIVED, 1, 1, tws(*order)),
        (Kind.RECEIVED, 1, 1, tws("3", "0", "Submitted", "50", "50", *["0"] * 1, "77")),
        (Kind.RECEIVED, 1, 1, tws("63", "1", "9", "U1240821", "NetLiquidation", "250000.50", "USD")),
        (Kind.RECEIVED, 1, 1, tws("63", "1", "9", "U1240821", "Cushion", "0.25", "")),
        (Kind.RECEIVED, 1, 1, tws("4", "2", "-1", "321", r"Account U124082\u0031 of caf\u00e9")),
        (Kind.RECEIVED, 3, 2, json.dumps({"accountKey": TOPI, "accountNick": "Jane Doe"}).encode()),
        (Kind.RECEIVED, 3, 2, b'{"cmd": "x", "text": "about ALARIC:\\u0054OPI002240 and U1240821"}'),
        (Kind.RECEIVED, 3, 2, b'{"cmd": "positionsUpdate", "result": [{"qty": "300", "avgPrice": 24.5}]}'),
        (Kind.RECEIVED, 3, 2, b"no JSON about Jane Doe"),
        (Kind.ACT, 1, 0, b'{"act": "settings", "account_id": "U1240821"}'),
    ]
    writer = Writer(path, "run", {"ibkr": {"account_id": "U1240821"}}, clocks=hands)
    writer.write([Entry(hands.at_ns + n * 1_000_000, *each) for n, each in enumerate(texts)])
    writer.close()
    return path


def test_that_nothing_of_the_account_is_left_in_any_encoding(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.wires"
    report = anonymize(path, out)
    messages = list(messages_of(Reader(out)))
    everything = b"".join(m.payload for m in messages) + out.read_bytes()
    everything += json.dumps(Reader(out).header.facts).encode()
    plain = re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda found: bytes.fromhex(found[1].decode()), everything)
    for original in ("1240821", "7654321", "TOPI002240", "Jane", "my own strategy"):
        assert original.encode() not in everything
        assert original.encode() not in plain
    assert (report.accounts, report.names, report.references) == (3, 1, 1)
    accounts = messages[1].fields[2].split(",")
    assert accounts[0] == messages[2].fields[2] == messages[3].fields[20] == messages[0].fields[3]
    assert accounts[1].startswith("DU")
    assert messages[7].fields[4] == rf"Account {accounts[0]} of caf\u00e9"
    assert [m.recorded.utc_ns for m in messages] == [r.utc_ns for r in Reader(path)]


def test_that_amounts_are_multiplied_by_one_factor_and_prices_stay(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.wires"
    anonymize(path, out, scales=True, seed=1)
    messages = list(messages_of(Reader(out)))
    factor = float(messages[2].fields[14]) / 400
    assert factor != 1
    assert messages[2].fields[15] == "24.125"
    assert float(messages[3].fields[14]) == pytest.approx(100 * factor)
    assert [float(f) for f in messages[4].fields[3:5]] == pytest.approx([50 * factor, 50 * factor])
    assert float(messages[5].fields[5]) == pytest.approx(250000.50 * factor)
    assert messages[6].fields[5] == "0.25"
    held = messages[10].content["result"][0]
    assert held["avgPrice"] == 24.5
    assert float(held["qty"]) != 300


def test_that_the_command_reports_and_overwrites_nothing(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "b.wires"
    assert main(["anonymize", str(path), str(out), "--amounts"]) == 0
    assert "3 account numbers, 1 name and 1 order reference were replaced" in capsys.readouterr().out
    before = out.read_bytes()
    assert main(["anonymize", str(path), str(out)]) == 1
    assert "nothing is overwritten" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert main(["anonymize", str(tmp_path / "no.wires"), str(tmp_path / "c.wires")]) == 1
    assert "no.wires cannot be read" in capsys.readouterr().err
    assert main(["anonymize", str(path), str(tmp_path / ("c" * 300))]) == 1
    # Why, in the system's own words.
    assert re.search(r"c cannot be written: [A-Z][^:]+\.$", capsys.readouterr().err, re.MULTILINE)


def test_that_an_anonymous_recording_plays_as_before(tmp_path: Path) -> None:
    path, out = tmp_path / "a.wires", tmp_path / "b.wires"

    async def story() -> None:
        shown = await recorded(path, steps=5)
        anonymize(path, out)
        again = await play(out, tmp_path)
        assert len(again["positions"]) == len(shown["positions"])
        for key in ("account", "key", "positions"):
            for table in (*shown.values(), *again.values()):
                for row in table:
                    row.pop(key, None)
        for pictures in (shown, again):
            for table in pictures.values():
                table.sort(key=lambda row: (row["mode"], str(row.get("symbol")), str(row.get("perm_id"))))
        assert differences(again, shown) == []

    in_replay(story)
