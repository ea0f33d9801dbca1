"""Read a text file as UTF-8, with an error that says where it is not."""

from pathlib import Path

from psf_monitor import files
from psf_monitor.settings.errors import SettingsError

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MOST_BYTES = 2**20
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path) -> str | None:
    """Return the file's text without a byte order mark; ``None`` if there is no such file.

    Raises ``SettingsError`` for a file that cannot be read, or is not UTF-8: with the line and what to do.
    """
    try:
        data = files.read(path, most=_MOST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"the file cannot be read: {files.reason(error)}.", file=path) from error
    if problem := not_utf_8(data):
        raise SettingsError(problem, file=path)
    return data.removeprefix(BYTE_ORDER_MARK).decode()


def not_utf_8(data: bytes) -> str:
    """Return a sentence that says where these bytes are not UTF-8; empty if they are."""
    if files.is_lost(data):
        return f"the file {files.LOST}."
    if data.startswith(_UTF_16) or b"\0\0" in (data[:4:2], data[1:4:2]):
        return "the file is UTF-16, which Notepad calls Unicode; save it as UTF-8."
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(0)) + 1
        return f"line {line} has a byte that no text has; write the file anew."
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begins = data.rfind(b"\n", 0, error.start) + 1
        # The value is not repeated: it may be a password.
        name, is_set, _value = data[begins : error.start].decode().partition("=")
        before = f"{name}{is_set}"[-20:].lstrip()
        where = f' behind "{before}"' if before.isprintable() and before else ""
        return f"line {line} has a character that is not UTF-8{where}; save it as UTF-8."
    return ""
