"""Problems of writing and reading the journal, worded for the trader."""

import sqlite3
import sys
from pathlib import Path

from psf_monitor import files
from psf_monitor.problem import Problem


class JournalError(Exception):
    """The journal failed as ``problem`` says; ``cause`` is the reason in short.

    Nothing is lost: the write may be repeated later.
    """

    def __init__(self, what: str, why: str, to_do: str, cause: str) -> None:
        self.problem = Problem(what, why, to_do, cause)
        super().__init__(str(self.problem))


class DamagedError(Exception):
    """The file is not a journal, or is damaged."""


FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""The errors of Python's sqlite3; the last one if SQLite names a damaged table in invalid UTF-8."""
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_MEANING: dict[int, tuple[str, str, str]] = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space on it.", "disk full"),
    sqlite3.SQLITE_IOERR: (
        "The disk failed, or is full.",
        "Check the disk and its free space.",
        "disk error",
    ),
    sqlite3.SQLITE_READONLY: (
        "The file or its folder is read-only.",
        "Allow your user to write there.",
        "read-only",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The file cannot be opened: it is missing, or its folder is missing or read-only.",
        "Check that the folder exists and that your user may write there; reading needs that, too.",
        "cannot be opened",
    ),
    sqlite3.SQLITE_BUSY: (
        "Another program holds the file.",
        "Close that program.",
        "held by another program",
    ),
    sqlite3.SQLITE_CORRUPT: ("The file is damaged.", "It is set aside at the next try.", "damaged"),
}
_HELD_ON_WINDOWS = (
    "Another program has it open, or its folder is missing or read-only.",
    "Close it there. Where no program has it, allow your user to write to the folder.",
    "held by another program",
)
"""On Windows, SQLite cannot open, or write to, a file held by a virus scanner or a backup."""
_MEANING[sqlite3.SQLITE_NOTADB] = _MEANING[sqlite3.SQLITE_CORRUPT]
_MEANING[sqlite3.SQLITE_LOCKED] = _MEANING[sqlite3.SQLITE_BUSY]
_MEANING[sqlite3.SQLITE_PERM] = _MEANING[sqlite3.SQLITE_READONLY]


def is_damage(error: BaseException) -> bool:
    """Return whether the file itself is at fault."""
    return isinstance(error, FAILURES) and _code(error) in _DAMAGE


def explained(error: sqlite3.Error | UnicodeDecodeError | OSError, path: Path, doing: str) -> JournalError:
    """Return the error; ``doing`` is what could not be done: ``written`` or ``read``."""
    what = f"The journal {path} cannot be {doing}."
    if isinstance(error, OSError):
        if files.is_held(error):
            return JournalError(what, *_HELD_ON_WINDOWS)
        cause = files.cause(error)
        return JournalError(what, f"The system says: {cause}.", _MEANING[sqlite3.SQLITE_CANTOPEN][1], cause)
    if sys.platform == "win32" and _code(error) in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
        return JournalError(what, *_HELD_ON_WINDOWS)
    unknown = (f"SQLite says: {error}.", "If it does not pass, restart psf_monitor.", str(error))
    return JournalError(what, *_MEANING.get(_code(error), unknown))


def wrong_value(path: Path, which: str) -> JournalError:
    """Row ``which`` has a value that no version of psf_monitor writes."""
    return JournalError(
        f"The journal {path} cannot be read.",
        f"It has a value that psf_monitor never wrote, in the row {which}.",
        "Mend that row, or move the file away; nothing in it was changed.",
        "a value that cannot be read",
    )


def of_another_version(path: Path, version: int, known: int) -> JournalError:
    what = f"The journal {path} has schema {version}; this psf_monitor knows {known}."
    if version > known:
        return JournalError(
            what,
            "A newer psf_monitor has written it, and it is left as it is.",
            "Use that version, or move the file away.",
            f"schema {version}, known {known}",
        )
    return JournalError(
        what,
        "An older psf_monitor has written it.",
        "Open the window of this version once: it brings the file up to date.",
        f"schema {version}, known {known}",
    )


def _code(error: sqlite3.Error | UnicodeDecodeError) -> int:
    """Return the primary result code; 0 if the driver gave none."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return 0 if code is None else code & 0xFF


def reopened(path: Path) -> JournalError:
    """Return the error of a read that was interrupted because the file was reopened for writing."""
    return JournalError(
        f"The journal {path} could not be read to the end.",
        "It had to be opened anew while it was being read.",
        "Ask for it again.",
        "opened anew",
    )


def slow(path: Path, what_is_shown: str) -> Problem:
    """Return the problem of a disk that does not respond in time."""
    return Problem(
        what=f"The journal {path} does not take what is written to it.",
        why="The disk is very slow, or does not answer.",
        to_do=f"Check the disk. {what_is_shown} until it is written.",
        cause="Journal: the disk does not answer",
        remedy="Check the disk.",
    )


def set_aside(aside: Path) -> Problem:
    """Return the problem of a damaged file that was renamed and replaced by a new one."""
    return Problem(
        what="The journal could not be read, and a new one was begun.",
        why=f"The file was damaged. It was set aside as {aside}; nothing was deleted.",
        to_do="Past days are missing from the history until that file is mended.",
        cause="Journal: damaged, set aside",
        remedy=f"The old file is {aside.name}.",
    )
