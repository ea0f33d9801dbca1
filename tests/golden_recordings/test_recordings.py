"""Every recording in this folder is played, and the window shows what is written beside it.

A fault report is one file more: the recording, made anonymous, and what should be shown.
"""

import json
from pathlib import Path

import pytest

from tests.conftest import ExpectedErrors
from tests.golden_recordings.window_cells import shown
from tests.replay.recorded_and_replayed import in_replay, play_in_window

FOLDER = Path(__file__).parent
RECORDINGS = sorted(FOLDER.glob("*.wires"))
MOST_BYTES = 100_000


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_that_a_recording_shows_what_is_written_beside_it(
    qapp: object, path: Path, tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    assert qapp is not None
    expected_errors.allow("ib_insync")

    async def story() -> None:
        found = await play_in_window(path, tmp_path, shown)
        assert found == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))

    in_replay(story)


def test_that_there_are_recordings_and_all_of_them_are_small() -> None:
    assert len(RECORDINGS) > 10
    assert max(path.stat().st_size for path in RECORDINGS) < MOST_BYTES
