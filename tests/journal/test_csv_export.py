"""What a spreadsheet gets: every number as reported, no formula, and missing data named."""

import csv
import errno
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor import settings
from psf_monitor.cli.export import DAYS_MISSING, FAILED, WRITTEN, WRONG_INPUT
from psf_monitor.cli.main import main
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.fills.coverage import Coverage
from psf_monitor.domain.fills.journal_records import RecordedFill
from psf_monitor.files import write_csv
from psf_monitor.formatting import DECIMAL_COMMA, number_cell, text_cell
from psf_monitor.journal.csv_export import (
    FILL_TITLES,
    GAIN_TITLES,
    fill_line,
)
from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch, Writer
from psf_monitor.settings import UserPaths
from tests.journal.records import TODAY, recorded_fill, recorded_fills, reported
from tests.support.fill_records import fill
from tests.support.records import GUN, NOON, PED


def csv_text(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    write_csv(out, FILL_TITLES, lines)
    return out.getvalue()


def read_back(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unquoted(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t", "\r") else cell


def plain(number: float | None) -> str | float:
    return "" if number is None else float(number)


@given(st.lists(recorded_fills, max_size=6))
def test_that_every_execution_is_read_back_as_reported(exported: list[RecordedFill]) -> None:
    lines = read_back(csv_text(map(fill_line, exported)))
    assert len(lines) == len(exported)
    for line, each in zip(lines, exported, strict=True):
        of = each.fill
        numbers = {
            "Quantity": of.quantity,
            "Price": of.price,
            "Multiplier": of.instrument.multiplier,
            "Commission": of.commission,
            "Realized P&L": of.realized_pnl,
        }
        for title, number in numbers.items():
            cell = line[title]
            assert (cell and float(cell)) == plain(number)
            assert "e" not in cell
        texts = {
            "Account": of.account,
            "Symbol": of.instrument.symbol,
            "Side": of.side,
            "Venue": of.venue,
            "Execution ID": of.broker_id,
        }
        for title, text in texts.items():
            assert line[title] == text_cell(text)
            assert unquoted(text_cell(text)) == unquoted(text)
        assert int(line["Perm ID"] or 0) == of.perm_id
        # 0 is TWS itself.
        is_hammers = of.mode is AccountMode.HAMMER_PRO
        assert line["Client ID"] == ("" if is_hammers or of.client_id is None else str(of.client_id))
        assert line["Profile"] == of.mode
        assert (date.fromisoformat(line["Trade date"]) if line["Trade date"] else None) == each.day
        at = line["Time (UTC)"]
        assert (datetime.fromisoformat(at) if at else None) == of.at


@given(st.text())
def test_that_no_text_is_taken_for_a_formula(text: str) -> None:
    cell = text_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, "'" + text)


def test_that_a_number_is_no_text() -> None:
    assert [number_cell(n) for n in (-12.5, 100.0, 0.0, 1e-7, 1e22, 24.55, None)] == [
        "-12.5",
        "100",
        "0",
        "0.0000001",
        "10000000000000000000000",
        "24.55",
        "",
    ]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the journal of the user is, which does not exist yet; the current folder may be written to."""
    monkeypatch.chdir(tmp_path)
    home = tmp_path / "home"
    paths = UserPaths()
    vars(paths).update(settings=home / "s", logs=home / "logs", journal=home / "journal.sqlite3")
    monkeypatch.setattr(settings, "user_paths", lambda: paths)
    return paths.journal


@pytest.fixture
def journal(path: Path) -> Iterator[Path]:
    """One whole day of two logins and of HAMMER's account, and a second one that was not watched."""
    store = Writer(path)
    sold = reported("3", 12.5, side="SELL", at=NOON + timedelta(hours=1))
    bought = fill("4", "+NLY PRF", mode=PED, account="U9", at=NOON + timedelta(days=3))
    hers = fill("5", account="ALARIC:1", mode=AccountMode.HAMMER_PRO, side="SELL")
    all_of_them = tuple(RecordedFill(each, NOON) for each in (sold, bought, hers))
    whole = tuple(
        Coverage(TODAY, mode, account, NOON, NOON + timedelta(hours=5))
        for mode, account in ((GUN, "U1240821"), (PED, "U9"), (AccountMode.HAMMER_PRO, "ALARIC:1"))
    )
    store.write(Batch((recorded_fill("1"), *all_of_them), whole))
    yield path
    store.close()


def exported(*arguments: str) -> tuple[int, list[dict[str, str]]]:
    code = main(["export", *arguments, "--csv", "out.csv"])
    data = Path("out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    return code, read_back(data.decode("utf-8-sig"))


ONE_DAY = ("--from", "2026-09-18", "--to", "2026-09-18")


@pytest.mark.usefixtures("journal")
def test_that_for_a_complete_day_only_times_outside_the_session_are_reported_unknown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, lines = exported(*ONE_DAY)
    assert code == WRITTEN
    assert [line["Execution ID"] for line in lines] == ["5.01", "1.01", "3.01"]
    assert lines[2]["Time (New York)"] == "13:00:00"
    assert (lines[0]["Source"], lines[1]["Source"]) == ("HAMMER", "IBKR")
    evening = "what was traded on the evening before, 20:00:00 to 00:00:00 New York, is not known"
    out, err = capsys.readouterr()
    assert out == ""
    after_hours = "what was traded after hours, 17:00:00 to 20:00:00 New York, is not known"
    assert err.splitlines() == [
        f"psf-monitor: {account}: 2026-09-18: {sentence}"
        for account in ("U1240821", "U9")
        for sentence in (
            f"{evening}; the broker's list began after it.",
            f"{after_hours}; the broker's last list came before.",
        )
    ]


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize(
    ("account", "ids"), [("U9", ["4.01"]), ("IBKR_PED", ["4.01"]), ("IBKR_GUN", ["1.01", "3.01"])]
)
def test_that_one_account_or_profile_can_be_asked_for(
    account: str, ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = exported("--from", "2026-09-18", "--to", "2026-09-21", "--account", account)
    assert [line["Execution ID"] for line in lines] == ids
    assert code == DAYS_MISSING
    assert "Nothing was watched on 2026-09-21." in capsys.readouterr().err


@pytest.mark.usefixtures("journal")
def test_that_a_symbol_that_looks_like_a_formula_is_text() -> None:
    _, lines = exported("--from", "2026-09-21", "--to", "2026-09-21")
    assert lines[0]["Symbol"] == "'+NLY PRF"


@pytest.mark.usefixtures("journal")
def test_that_the_gains_have_what_is_missing_in_the_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = exported("--gains", "2026", "--account", "U1240821")
    assert code == DAYS_MISSING
    assert tuple(lines[0]) == GAIN_TITLES
    row, *texts = lines
    assert (row["Action"], row["Cost basis"], row["Proceeds"], row["Gain"]) == (
        "Sell",
        "2436.25",
        "2448.75",
        "12.5",
    )
    assert (
        texts[0]["What is missing"] == "IBKR has not reported the cost of 1 execution: CIM PRB on 2026-09-18."
    )
    assert "IBKR has not reported the cost of 1 execution" in capsys.readouterr().err
    assert "IBKR's own realized P&L" in texts[-1]["What is missing"]


@pytest.mark.usefixtures("journal")
def test_that_a_dash_is_the_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["export", *ONE_DAY, "--csv", "-"]) == WRITTEN
    out = capfdbinary.readouterr().out
    assert out.startswith(b"Trade date,")
    assert len(read_back(out.decode())) == 3


@pytest.mark.usefixtures("journal")
def test_that_an_unknown_account_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *ONE_DAY, "--csv", "out.csv", "--account", "U7"]) == WRONG_INPUT
    message = "--account: the journal has nothing of 'U7'; it has ALARIC:1, U1240821, U9."
    assert message in capsys.readouterr().err
    assert not Path("out.csv").exists()


@pytest.mark.usefixtures("journal")
def test_that_a_file_that_cannot_be_written_is_reported_and_the_old_one_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # No system takes a name as long as that.
    assert main(["export", *ONE_DAY, "--csv", "x" * 300]) == FAILED
    assert "--csv: " in capsys.readouterr().err
    Path("folder").mkdir()
    for name in ("missing/out.csv", "folder"):
        with pytest.raises(SystemExit, match="2"):
            main(["export", *ONE_DAY, "--csv", name])
        assert f"--csv: {name!r}" in capsys.readouterr().err
    assert [each.name for each in Path.cwd().iterdir() if "folder" in each.name] == ["folder"]


def test_that_without_a_journal_nothing_is_made(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *ONE_DAY, "--csv", "out.csv"]) == FAILED
    assert f"there is no journal yet: {path}" in capsys.readouterr().err
    assert not path.exists()
    assert not Path("out.csv").exists()


@pytest.mark.parametrize("wanted", [ONE_DAY, ("--gains", "2026")])
def test_that_a_journal_of_nothing_yet_is_not_taken_for_days_without_a_fill(
    path: Path, wanted: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    store = Writer(path)
    store.write(Batch((), ()))
    store.close()
    code, lines = exported(*wanted)
    assert code == DAYS_MISSING
    assert "No account is in the journal: Nothing was watched on " in capsys.readouterr().err
    assert not [line["Symbol"] for line in lines if line["Symbol"]]


def test_that_a_damaged_journal_is_left_as_it_is(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database " * 50)
    assert main(["export", *ONE_DAY, "--csv", "out.csv"]) == FAILED
    assert "The file is damaged." in capsys.readouterr().err
    assert path.read_bytes() == b"no database " * 50


@pytest.mark.usefixtures("journal")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE])
def test_that_an_output_that_takes_nothing_more_is_not_reported_as_a_faulty_file(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Refusing(io.BytesIO):
        def write(self, _data: object) -> int:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Refusing()))
    assert main(["export", *ONE_DAY, "--csv", "-"]) == FAILED
    why = f"{os.strerror(number)}: make room on that disk"
    sentence = f"psf-monitor: standard output cannot be written: {why}.\n"
    assert capsys.readouterr().err == ("" if number == errno.EPIPE else sentence)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--csv", "x"], "export needs --from and --to, or --gains"),
        (["--csv", "x", "--from", "2026-09-18"], "export needs --to, or --gains"),
        (["--csv", "x", "--from", "2026-09-18", "--to", "2026-09-17"], "--from: 2026-09-18 is after --to"),
        (["--csv", "x", "--from", "2026-9-18", "--to", "2026-09-17"], "'2026-9-18' is not a day"),
        (["--csv", "x", "--from", "20260918", "--to", "2026-09-17"], "'20260918' is not a day"),
        (["--csv", "x", "--from", "2026-02-30", "--to", "2026-09-17"], "'2026-02-30' is not a day"),
        (["--csv", "x", "--gains", "26"], "'26' is not a year"),
        (["--csv", "x", "--gains", "2026", "--to", "2026-09-17"], "--to does not go with --gains"),
        (["--from", "2026-09-18", "--to", "2026-09-18"], "--csv"),
    ],
)
def test_that_a_wrong_command_line_is_named(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", *arguments])
    assert message in capsys.readouterr().err


def test_that_wrong_settings_do_not_keep_the_journal_from_being_exported(journal: Path) -> None:
    journal.with_name("s").write_text("[nonsense]\n", encoding="utf-8")
    assert exported(*ONE_DAY)[0] == WRITTEN


def test_that_the_clock_of_today_decides_which_days_have_been(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert journal.exists()
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    assert exported("--from", tomorrow, "--to", "2099-12-31")[0] == WRITTEN
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("journal")
async def test_that_only_figures_have_the_decimal_comma_of_a_country(path: Path, tmp_path: Path) -> None:
    journal, out = Journal(path), tmp_path / "out.csv"
    try:
        await journal.export_fills(out, ["U1240821"], TODAY, TODAY, NOON, DECIMAL_COMMA)
        fills = out.read_text("utf-8-sig")
        await journal.export_gains(out, ["U1240821"], TODAY.year, NOON, DECIMAL_COMMA)
        gains = out.read_text("utf-8-sig")
    finally:
        await journal.close()
    first, *_ = csv.DictReader(io.StringIO(fills, newline=""), delimiter=";", strict=True)
    assert (first["Execution ID"], first["Price"], first["Quantity"]) == ("1.01", "24,5", "100")
    gain, *_ = csv.DictReader(io.StringIO(gains, newline=""), delimiter=";", strict=True)
    assert (gain["Execution ID"], gain["Cost basis"], gain["Gain"]) == ("3.01", "2436,25", "12,5")
