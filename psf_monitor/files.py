"""Read and write files as a whole, even if another program briefly holds them.

On Windows a virus scanner, an indexer, OneDrive or Excel opens a newly written file, and meanwhile opening it
(32) or replacing it (5) fails. That usually lasts some milliseconds, so it is retried briefly; a caller that
comes back every second need not wait at all.
"""

import csv
import errno
import io
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

Found = TypeVar("Found")

BRIEFLY: Sequence[float] = (0.01, 0.02, 0.04, 0.08, 0.15)
"""Seconds before each further attempt; a third of a second in all."""
AT_ONCE: Sequence[float] = ()

MOST_BYTES = 16 * 2**20
"""Layout, alerts and symbols are far smaller, whoever wrote them."""

_SHARED, _DENIED = frozenset({32, 33}), 5
"""Windows: sharing and lock violation; access denied, which is what replacing an open file gets."""
_LEFT_OVER_AFTER_S = 60.0


def is_held(error: BaseException, platform: str = sys.platform) -> bool:
    """Return whether this is Windows' error for a file that another program has open.

    Files opened by Python go through the C library, which reduces the error to EACCES.
    """
    if not isinstance(error, OSError):
        return False
    number: int | None = getattr(error, "winerror", None)
    if number is None:
        return platform == "win32" and error.errno == errno.EACCES
    return number == _DENIED or number in _SHARED


_ALLOW = "allow your user to use it"
_CURES = {
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room, or have your share of that disk raised",
    errno.EROFS: "make that disk writable",
    errno.EACCES: _ALLOW,
    errno.EPERM: _ALLOW,
}
_HELD = "another program has it open"


def cause(error: OSError, platform: str = sys.platform) -> str:
    """Return the system's text without a full stop and without the path, whose backslashes it doubles.

    A missing file has the same text on every system, since the text of Windows depends on the call.
    """
    if isinstance(error, FileNotFoundError):
        return os.strerror(errno.ENOENT)
    if is_held(error, platform):
        return _HELD
    return error.strerror or str(error) or type(error).__name__


def reason(error: OSError, platform: str = sys.platform) -> str:
    """Return the cause and, if known, what helps; without a full stop or path."""
    why = cause(error, platform)
    if why == _HELD:
        cure = "close it there" + ("" if getattr(error, "winerror", None) in _SHARED else f", or {_ALLOW}")
    else:
        cure = _CURES.get(error.errno or 0, "")
    return f"{why}: {cure}" if cure else why


def read(path: Path, waits_s: Sequence[float] = BRIEFLY, *, most: int = MOST_BYTES) -> bytes:
    """Return the file's bytes. Raises ``OSError``, for a held file after the waits.

    A path that is no regular file, or larger than ``most`` bytes, is refused unread: reading might never end.
    """

    def whole() -> bytes:
        if require_file(path) > most:
            size = f"{most / 2**20:g} MB"
            raise OSError(errno.EFBIG, f"it is larger than {size}, which no such file is", str(path))
        return path.read_bytes()

    return _patiently(whole, waits_s)


LOST = "holds nothing but zeros, as after a power failure; take it from a copy, or remove it"


def is_lost(data: bytes) -> bool:
    """Return whether nothing but zeros is left of a file: ``LOST`` says so."""
    return bool(data) and not data.strip(b"\0")


_OTHER_KINDS: Sequence[tuple[Callable[[int], bool], int, str]] = (
    (stat.S_ISDIR, errno.EISDIR, "a folder"),
    (stat.S_ISFIFO, errno.EINVAL, "a pipe"),
    (stat.S_ISSOCK, errno.EINVAL, "a socket"),
)


def expanded(name: str | Path) -> Path:
    """Return a path in which ``~`` stands for the user's folder.

    A tilde that precedes no user name stays, as in the backup copies of many programs; ``Path.expanduser``
    would raise ``RuntimeError``.
    """
    return Path(os.path.expanduser(name))  # noqa: PTH111


def is_there(path: Path) -> bool:
    """Return whether there is anything of this name; a name that is too long names nothing.

    Before Python 3.14 ``Path.exists`` raises ``OSError`` for such a name.
    """
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """Return whether ``path`` is a folder; one whose name is too long is none, as in ``is_there``."""
    return os.path.isdir(path)  # noqa: PTH112


def require_file(path: Path) -> int:
    """Return the size of the file in bytes, without opening it.

    Raises ``OSError`` for a folder, pipe or device, ``FileNotFoundError`` if there is nothing.
    """
    found = path.stat()
    if stat.S_ISREG(found.st_mode):
        return found.st_size
    for is_kind, number, kind in _OTHER_KINDS:
        if is_kind(found.st_mode):
            raise OSError(number, f"it is {kind}, not a file", str(path))
    raise OSError(errno.EINVAL, "it is a device, not a file", str(path))


def require_file_or_none(path: Path) -> None:
    """Raise ``OSError`` if the path exists and is not a regular file."""
    with suppress(FileNotFoundError):
        require_file(path)


def replace(source: Path, target: Path, waits_s: Sequence[float] = BRIEFLY) -> None:
    """Move ``source`` over ``target``. Raises ``OSError``."""
    _patiently(lambda: source.replace(target), waits_s)


def set_aside(path: Path, waits_s: Sequence[float] = BRIEFLY) -> Path:
    """Rename an invalid file; return its new, unused name. Raises ``OSError``."""
    aside, number = path.with_name(f"{path.name}.bad"), 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.bad-{number}")
    replace(path, aside, waits_s)
    return aside


def write_atomic(
    path: Path, data: bytes, check: Callable[[Path], Found], *, waits_s: Sequence[float] = BRIEFLY
) -> Found:
    """Write beside ``path``, ``check`` the new file, then swap it in; return the check's result.

    Only the user can read the file. Raises ``OSError`` and whatever the check raises, and leaves the file as
    it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove_left_over(_target(path))
    with swapped_in(path, waits_s=waits_s) as (file, written):
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
        if sys.platform == "win32":
            # There, a file that is open for writing cannot be read by everybody.
            file.close()
        return check(written)


def _target(path: Path) -> Path:
    """Return the target of a link, existing or not; any other path unchanged."""
    return Path(os.path.realpath(path)) if path.is_symlink() else path


@contextmanager
def swapped_in(path: Path, *, waits_s: Sequence[float] = BRIEFLY) -> Iterator[tuple[BinaryIO, Path]]:
    """Yield a new file beside ``path`` for writing; swap it in at the end, or remove it after an error.

    A link stays a link: its target is replaced. Raises ``OSError``, also for a pipe, device or folder of that
    name, and leaves what is there unchanged.
    """
    require_file_or_none(path)
    target = _target(path)
    with _named(path):
        handle, name = tempfile.mkstemp(prefix=target.name, suffix=".new", dir=target.absolute().parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, temporary
            with _named(path):
                if not file.closed:
                    file.flush()
                    os.fsync(file.fileno())
        with _named(path):
            replace(temporary, target, waits_s)
    finally:
        # One that is held stays, and is removed at the next writing.
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def lock(file: BinaryIO) -> bool:
    """Lock an open file until it is closed, even by the end of the process; return False if another has it.

    Raises ``OSError`` if files cannot be locked.
    """
    if sys.platform == "win32":
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            # 0: Wine's C library does not give the reason.
            if error.errno in (errno.EACCES, errno.EDEADLK, 0):
                return False
            raise
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_csv(
    out: TextIO, titles: Sequence[str], lines: Iterable[Sequence[str]], separator: str = ","
) -> int:
    r"""Write a title line and the lines, each ended by ``\r\n``; return the number of lines."""
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(titles)
    count = 0
    for line in lines:
        writer.writerow(line)
        count += 1
    return count


def csv_text(lines: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Return these lines as ``write_csv`` writes them."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue()


def save_csv(path: Path, titles: Sequence[str], lines: Iterable[Sequence[str]], separator: str = ",") -> int:
    """Write a file with a byte order mark, by which Excel recognizes UTF-8; return the number of lines.

    Raises ``OSError`` and leaves the file as it was.
    """
    with _swapped_in_text(path) as out:
        return write_csv(out, titles, lines, separator)


def save_text(path: Path, parts: Iterable[str]) -> None:
    """Write a file with these parts, likewise."""
    with _swapped_in_text(path) as out:
        out.writelines(parts)


@contextmanager
def _swapped_in_text(path: Path) -> Iterator[TextIO]:
    with swapped_in(path) as (raw, _written):
        out = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
        try:
            yield out
        finally:
            out.flush()
            # The file is closed by whoever opened it.
            out.detach()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Make errors name the intended file instead of the temporary one beside it."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _patiently(call: Callable[[], Found], waits_s: Sequence[float]) -> Found:
    for wait_s in waits_s:
        try:
            return call()
        except OSError as error:
            if not is_held(error):
                raise
            time.sleep(wait_s)
    return call()


def _remove_left_over(path: Path) -> None:
    """Remove what an earlier, interrupted run left beside the file."""
    ours = re.compile(rf"{re.escape(path.name)}[a-z0-9_]{{8}}\.new")
    with suppress(OSError):
        for each in path.parent.iterdir():
            if ours.fullmatch(each.name) and time.time() - each.stat().st_mtime > _LEFT_OVER_AFTER_S:
                with suppress(OSError):
                    each.unlink()


def asset(name: str) -> Path:
    """Return the path of a file in ``resources/``: beside the code in a wheel, at the top of a checkout.

    Raises ``FileNotFoundError`` if the installation lacks it.
    """
    package = Path(__file__).parent
    for folder in (package / "resources", package.parent / "resources"):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"The installation lacks {name}: it was looked for in {package / 'resources'}.")
