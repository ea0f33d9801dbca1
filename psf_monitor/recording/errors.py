"""Problems of writing and reading recordings, worded for the trader."""

from collections.abc import Sequence
from pathlib import Path

from psf_monitor import files
from psf_monitor.problem import Problem


class RecordingError(Exception):
    """A recording failed, as ``problem`` says."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def cannot_write(path: Path, error: OSError) -> Problem:
    """The disk refuses the data: full, read-only, or gone."""
    return Problem(
        what=f"The wires are not recorded: {path} cannot be written.",
        why=f"The system says: {files.reason(error)}.",
        to_do="It goes on by itself as soon as the disk takes it.",
        cause=files.cause(error),
        remedy="free some space, or allow writing",
    )


def end_is_missing(path: Path) -> Problem:
    """The recording was ended while the disk refused data."""
    return Problem(
        what=f"The end of the recording {path} is missing.",
        why="The disk did not take it, and it was ended before it did.",
        to_do="What was written before can be played.",
    )


def cannot_pack(path: Path, error: OSError) -> Problem:
    """The last block could not be compressed, and stays uncompressed beside the file."""
    return Problem(
        what=f"The last minute of the recording {path} stays in its tail.",
        why=f"The system says: {files.reason(error)}.",
        to_do="Keep both files together: nothing is missing.",
    )


def already_there(path: Path) -> Problem:
    """A file of another kind has the name."""
    return Problem(
        what=f"The wires are not recorded: {path} is there already and is no recording.",
        why="Nothing is overwritten.",
        to_do="Name another file.",
    )


def cannot_read(path: Path, error: OSError) -> Problem:
    return Problem(
        what=f"The recording {path} cannot be read.",
        why=f"The system says: {files.reason(error)}.",
        to_do="Check the name, and that your user may read it.",
    )


def not_a_recording(path: Path, why: str) -> Problem:
    return Problem(
        what=f"{path} cannot be read as a recording of the wires.",
        why=f"{why[0].upper()}{why[1:]}.",
        to_do="Name a file that View > Record the wires, or --record, has written.",
    )


def newer(path: Path, version: int, known: int) -> Problem:
    return Problem(
        what=f"{path} is a recording of format {version}; this psf_monitor knows {known}.",
        why="A newer psf_monitor has written it, and it is left as it is.",
        to_do="Read it with that version.",
    )


def empty(path: Path, damage: Sequence[str] = ()) -> Problem:
    """Nothing can be read; ``damage`` are the sentences that say why."""
    tail = f"{path.name}.tail"
    return Problem(
        what=f"The recording {path} holds nothing that can be read.",
        why=" ".join(damage) or "It was cut off, or ended, before anything of it was packed.",
        to_do=f"If there is a file {tail}, put it beside: the last minute is in it.",
    )
