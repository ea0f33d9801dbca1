"""A journal in a folder that does not exist yet."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from psf_monitor.journal.journal import Journal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """In a folder that does not exist yet, with a name that a URI has to quote."""
    return tmp_path / ("of the user #1%" if os.name == "nt" else "of the user #1?") / "journal.sqlite3"


@pytest.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    journal = Journal(path)
    await journal.open()
    yield journal
    await journal.close()
