"""The trader's files on the disk: read again when saved, and never lost while they cannot be read."""

from pathlib import Path

import pytest

from psf_monitor.facts.files import FactFiles
from tests.support.records import Clock

GOOD = "PREF IBKR,COUPON\nCIM PRB,8%\nGS PRA,5%\n"


class Disk:
    """One file, checked whenever a test requests it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Clock()
        self.files = FactFiles([path], self.clock)

    def write(self, text: str) -> None:
        self.path.write_text(text, encoding="utf-8")

    def coupon(self, symbol: str = "CIM PRB") -> float | None:
        facts = self.files.facts.shares.get(symbol)
        return None if facts is None else facts.number("COUPON")

    def settled(self) -> bool:
        """Look until a save has stood from one look to the next."""
        return [self.files.read_again(), self.files.read_again(), self.files.read_again()] != [False] * 3


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    disk = Disk(tmp_path / "mine.csv")
    disk.write(GOOD)
    assert disk.files.read_again()
    return disk


def test_that_a_file_is_read_at_the_first_look_and_nothing_differs_at_the_next(disk: Disk) -> None:
    assert disk.coupon() == 8.0
    assert not disk.settled()


def test_that_a_saved_file_counts_once_it_has_come_to_rest(disk: Disk) -> None:
    disk.write("PREF IBKR,COUPON\nCIM PRB,8.5%\n")
    assert not disk.files.read_again()
    assert disk.coupon() == 8.0
    assert disk.files.read_again()
    assert disk.coupon() == 8.5


def test_that_a_file_that_goes_on_growing_is_waited_for(disk: Disk) -> None:
    for count in range(4):
        disk.write(GOOD + "X" * count)
        assert not disk.files.read_again()
    disk.write(GOOD + "MS PRK,6%\n")
    assert disk.settled()
    assert disk.coupon("MS PRK") == 6.0


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            'PREF IBKR,COUPON\nCIM PRB,9%\nGS PRA,"5',
            "ends in the middle of a line, as if it were half written",
        ),
        ("PREF IBKR,COUPON\nCIM PRB,9%\nGS", "ends in the middle of a line, as if it were half written"),
        ("", "mine.csv: is empty"),
        ("CMON,COUPON\nCIM,9%\n", "has no column of IBKR symbols"),
    ],
)
def test_that_a_half_written_file_leaves_the_last_good_one_and_reports_it(
    disk: Disk, written: str, why: str
) -> None:
    disk.clock.advance(60)
    disk.write(written)
    assert disk.settled()
    assert disk.coupon() == 8.0
    (problem,) = disk.files.facts.problems
    assert why in problem
    assert problem.endswith("what was read at 12:00:00 ET still counts.")
    assert disk.files.facts.stale_since == disk.files.facts.shares["CIM PRB"].stale_since is not None
    disk.write("PREF IBKR,COUPON\nCIM PRB,9%\n")
    assert disk.settled()
    assert disk.coupon() == 9.0
    assert not disk.files.facts.problems
    assert disk.files.facts.stale_since is None


def test_that_a_file_that_is_gone_or_cannot_be_opened_leaves_the_last_good_one(disk: Disk) -> None:
    disk.path.unlink()
    assert disk.settled()
    assert disk.coupon() == 8.0
    assert disk.files.facts.problems == (
        "mine.csv: there is no such file; what was read at 12:00:00 ET still counts.",
    )
    disk.path.mkdir()
    assert disk.settled()
    assert "mine.csv: it cannot be read: " in disk.files.facts.problems[0]
    assert disk.coupon() == 8.0
    disk.path.rmdir()
    disk.write(GOOD)
    assert disk.settled()
    assert not disk.files.facts.problems


def test_that_a_missing_file_is_named_and_the_others_count(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text(GOOD)
    files = FactFiles([tmp_path / "a.csv", tmp_path / "b.csv"], Clock())
    assert files.read_again()
    assert files.facts.problems == ("a.csv: there is no such file.",)
    assert files.facts.shares.keys() == {"CIM PRB", "GS PRA"}
    assert files.facts.stale_since is None


def test_that_a_file_cut_off_from_the_start_counts_as_far_as_it_goes_and_reports_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("PREF IBKR,COUPON\nCIM PRB,8%\nGS")
    files = FactFiles([path], Clock())
    assert files.read_again()
    assert files.facts.shares["CIM PRB"].number("COUPON") == 8.0
    assert "mine.csv: it ends in the middle of a line." in files.facts.problems
