"""A damaged file of the journal: set aside, never deleted, and begun anew."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from psf_monitor.journal.journal import Journal
from psf_monitor.journal.writer import Batch, Writer
from tests.journal.content import content
from tests.journal.records import TODAY, recorded_fill


def garbage(path: Path) -> None:
    path.write_bytes(b"this is no database, and it is longer than one header of a hundred bytes " * 9)


def somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def torn(path: Path) -> None:
    """A journal that has lost a page in the middle."""
    store = Writer(path)
    store.write(Batch(tuple(recorded_fill(f"{n:06}") for n in range(400))))
    store.close()
    data = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(data), 4096):
        data[at : at + 64] = random.Random(at).randbytes(64)
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [garbage, somebody_elses, torn])
async def test_that_a_damaged_file_is_set_aside_and_never_deleted(path: Path, damage: Any) -> None:
    path.parent.mkdir(parents=True)
    damage(path)
    before = content(path)
    journal = Journal(path)
    aside = await journal.open()
    assert aside is not None
    assert aside.name.startswith("journal.sqlite3.bad-")
    assert content(aside) == before
    await journal.write(Batch((recorded_fill("new"),)))
    assert [each.fill_id for each in (await journal.day(TODAY)).fills] == ["new"]
    await journal.close()


def test_that_damaged_files_of_one_second_do_not_replace_each_other(path: Path) -> None:
    path.parent.mkdir(parents=True)
    store, names = Writer(path), set()
    for _ in range(3):
        store.close()
        garbage(path)
        names.add(store.open())
    store.close()
    assert len({name for name in names if name is not None and name.exists()}) == 3


def test_that_an_empty_file_is_a_new_journal(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()
    store = Writer(path)
    assert store.open() is None
    store.close()
