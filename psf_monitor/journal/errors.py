"""What is said when the journal cannot be written or read."""

import sqlite3
import sys
from pathlib import Path

from psf_monitor import files
from psf_monitor.problem import Problem


class JournalError(Exception):
    """The journal failed, as ``problem`` says; ``cause`` is the short form of why.

    Nothing is lost by it: what was to be written may be written later.
    """

    def __init__(self, what: str, why: str, to_do: str, cause: str) -> None:
        self.problem = Problem(what, why, to_do, cause)
        super().__init__(str(self.problem))


class Damaged(Exception):  # noqa: N818 - it is the file's state, and never leaves this room
    """The file is no journal, or not whole any more."""


FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What Python's sqlite3 raises: the last one where SQLite names a damaged table in letters that are none."""
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
"""There, SQLite calls a file that a virus scanner or a backup holds unopenable, or read-only."""
_MEANING[sqlite3.SQLITE_NOTADB] = _MEANING[sqlite3.SQLITE_CORRUPT]
_MEANING[sqlite3.SQLITE_LOCKED] = _MEANING[sqlite3.SQLITE_BUSY]
_MEANING[sqlite3.SQLITE_PERM] = _MEANING[sqlite3.SQLITE_READONLY]


def is_damage(error: BaseException) -> bool:
    """Whether the file itself is at fault."""
    return isinstance(error, FAILURES) and _code(error) in _DAMAGE


def explained(error: sqlite3.Error | UnicodeDecodeError | OSError, path: Path, doing: str) -> JournalError:
    """``doing`` is what could not be done: ``written`` or ``read``."""
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
    """``which`` row has a value that no psf_monitor writes."""
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
    """The primary result code; 0 where the driver gave none."""
    if isinstance(error, UnicodeDecodeError):
        return sqlite3.SQLITE_CORRUPT
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return 0 if code is None else code & 0xFF


def reopened(path: Path) -> JournalError:
    """What was being read of the file when it was opened anew to be written."""
    return JournalError(
        f"The journal {path} could not be read to the end.",
        "It had to be opened anew while it was being read.",
        "Ask for it again.",
        "opened anew",
    )


def slow(path: Path, what_is_shown: str) -> Problem:
    """A disk that does not answer in time."""
    return Problem(
        what=f"The journal {path} does not take what is written to it.",
        why="The disk is very slow, or does not answer.",
        to_do=f"Check the disk. {what_is_shown} until it is written.",
        cause="Journal: the disk does not answer",
        remedy="Check the disk.",
    )


def set_aside(aside: Path) -> Problem:
    """A damaged file that was given another name, and a new one begun."""
    return Problem(
        what="The journal could not be read, and a new one was begun.",
        why=f"The file was damaged. It was set aside as {aside}; nothing was deleted.",
        to_do="Past days are missing from the history until that file is mended.",
        cause="Journal: damaged, set aside",
        remedy=f"The old file is {aside.name}.",
    )
