"""A recording's files: what was written is read, wherever they were cut."""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psf_monitor.recording.entry import Entry, Kind
from psf_monitor.recording.errors import RecordingError
from psf_monitor.recording.format import MAGIC, Clocks
from psf_monitor.recording.reader import Reader, tail_path
from psf_monitor.recording.writer import FileLimits, Writer

SECOND_NS = 1_000_000_000
EPOCH_NS = 1_790_000_000 * SECOND_NS


PACKED = 35
"""Of forty short entries this many are in blocks of 200 bytes."""


class Hands:
    """Two clocks that advance only on request."""

    def __init__(self) -> None:
        self.at_ns = 5 * SECOND_NS
        self.utc_ns = EPOCH_NS

    def __call__(self) -> Clocks:
        return Clocks(self.at_ns, self.utc_ns)

    def go(self, seconds: float) -> None:
        self.at_ns += int(seconds * SECOND_NS)
        self.utc_ns += int(seconds * SECOND_NS)


def entry(number: int, at_ns: int, data: bytes = b"") -> Entry:
    return Entry(at_ns, Kind.RECEIVED, 3, 1, data or b'{"cmd": "L1Update", "n": %d}' % number)


def read(path: Path) -> list[Entry]:
    return [recorded.entry for recorded in Reader(path)]


@contextmanager
def writing(path: Path, hands: Hands, **limits: float) -> Iterator[Writer]:
    """A writer that has ended at the end of the block, whatever it has closed by then."""
    writer = Writer(path, "run", {}, limits=FileLimits(**limits), clocks=hands)  # type: ignore[arg-type]
    try:
        yield writer
    finally:
        writer.close()


entries_strategy = st.lists(
    st.tuples(
        st.integers(0, 10**8),
        st.sampled_from(list(Kind)),
        st.integers(0, 3),
        st.integers(0, 65_535),
        st.binary(max_size=60),
    ),
    min_size=1,
    max_size=30,
)


def timed(steps: Sequence[tuple[int, int, int, int, bytes]], begin_ns: int) -> list[Entry]:
    found, at_ns = [], begin_ns
    for step_us, kind, link, line, data in steps:
        at_ns += step_us * 1000
        found.append(Entry(at_ns, kind, link, line, data))
    return found


@given(entries_strategy, st.integers(1, 7), st.integers(1, 200))
def test_that_whatever_was_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[int, int, int, int, bytes]],
    batch: int,
    block_bytes: int,
) -> None:
    path, hands = tmp_path_factory.mktemp("r") / "a.wires", Hands()
    entries = timed(steps, hands.at_ns)
    with writing(path, hands, block_bytes=block_bytes) as writer:
        for place in range(0, len(entries), batch):
            writer.write(entries[place : place + batch])
        assert read(path) == entries
        writer.close()
        assert read(path) == entries
        assert not tail_path(path).exists()


@given(st.data())
def test_that_a_file_cut_at_any_byte_is_read_up_to_the_cut(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path, hands = tmp_path_factory.mktemp("r") / "a.wires", Hands()
    entries = [entry(n, hands.at_ns + n * 1000) for n in range(40)]
    with writing(path, hands, block_bytes=200) as writer:
        for each in entries:
            writer.write([each])
        main, tail = path.read_bytes(), tail_path(path).read_bytes()
        header = len(main) - len(main[main.index(b"BLK1") :])
        is_tail_cut = data.draw(st.booleans())
        cut = data.draw(st.integers(0, len(tail)) if is_tail_cut else st.integers(header, len(main)))
        # Under another name: what is being written cannot be taken away on Windows.
        found_later = path.with_name("b.wires")
        found_later.write_bytes(main if is_tail_cut else main[:cut])
        if is_tail_cut:
            tail_path(found_later).write_bytes(tail[:cut])
        found = read(found_later)
    assert found == entries[: len(found)]
    if is_tail_cut or cut == len(main):
        # All that is in a whole block is there, whatever became of the tail.
        assert len(found) >= PACKED


def test_that_an_end_while_a_block_is_written_loses_nothing(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    entries = [entry(n, hands.at_ns + n * 1000) for n in range(10)]
    with writing(path, hands) as writer:
        writer.write(entries)
        with path.open("ab") as file:
            file.write(b"BLK1 and then the power went")
        assert read(path) == entries


def test_that_a_tail_left_behind_a_written_block_repeats_no_entry(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    entries = [entry(n, hands.at_ns + n * 1000) for n in range(10)]
    with writing(path, hands) as writer:
        writer.write(entries)
        left = tail_path(path).read_bytes()
        writer.close()
        tail_path(path).write_bytes(left)
        assert read(path) == entries


def test_that_a_damaged_block_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    with writing(path, hands, block_bytes=1) as writer:
        entries = [entry(n, hands.at_ns + n * 1000) for n in range(3)]
        for each in entries:
            writer.write([each])
        writer.close()
        data = bytearray(path.read_bytes())
        second = data.index(b"BLK1", data.index(b"BLK1") + 1)
        data[second + 45] ^= 0xFF
        path.write_bytes(data)
        reader = Reader(path)
        assert [r.entry for r in reader] == [entries[0], entries[2]]
        assert reader.problems == [f"a.wires is damaged at byte {second}: one block is missing."]


def test_that_a_clock_that_is_set_is_followed(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    with writing(path, hands) as writer:
        writer.write([entry(1, hands.at_ns)])
        hands.go(1)
        hands.utc_ns -= 3600 * SECOND_NS
        writer.write([entry(2, hands.at_ns)])
        writer.close()
        assert [r.utc_ns for r in Reader(path)] == [
            EPOCH_NS,
            EPOCH_NS + SECOND_NS - 3600 * SECOND_NS,
        ]


def test_that_a_recording_goes_on_in_parts_and_is_read_as_one(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    with writing(path, hands, part_bytes=300, block_bytes=1) as writer:
        entries = []
        for n in range(9):
            hands.go(1)
            entries.append(entry(n, hands.at_ns))
            writer.write(entries[-1:])
        writer.close()
        names = [part.name for part in Reader(path).parts]
        assert names[:3] == ["a.wires", "a-2.wires", "a-3.wires"]
        assert read(path) == entries


def test_that_a_name_that_is_taken_is_never_written_over(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    for run in ("one", "two"):
        writer = Writer(path, run, {}, clocks=hands)
        writer.write([entry(1, hands.at_ns, run.encode())])
        writer.close()
    assert [e.data for e in read(path)] == [b"one"]
    assert [e.data for e in read(tmp_path / "a-2.wires")] == [b"two"]


def test_that_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path, hands = tmp_path / "letter.txt", Hands()
    path.write_text("dear", encoding="utf-8")
    with pytest.raises(RecordingError, match="is no recording"):
        Writer(path, "run", {}, clocks=hands).write([entry(1, hands.at_ns)])
    assert path.read_text(encoding="utf-8") == "dear"
    with pytest.raises(RecordingError, match="cannot be read as a recording"):
        Reader(path)


def test_that_a_file_of_a_newer_version_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / "a.wires"
    path.write_bytes(MAGIC + b"\x02\x00" + bytes(4))
    with pytest.raises(RecordingError, match="format 2; this psf_monitor knows 1"):
        Reader(path)


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="No such file"):
        Reader(tmp_path / "no.wires")


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folders from others by itself")
def test_that_nobody_else_may_read_it(tmp_path: Path) -> None:
    path, hands = tmp_path / "a.wires", Hands()
    with writing(path, hands) as writer:
        writer.write([entry(1, hands.at_ns)])
        assert {stat.S_IMODE(p.stat().st_mode) for p in (path, tail_path(path))} == {0o600}
