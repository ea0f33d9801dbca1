"""Problems that any connection may have, whatever its server, worded for the trader. Pure."""

import errno
import os
import re
from collections.abc import Mapping

from psf_monitor.problem import Problem

UNFORESEEN = Problem(
    what="The connection ended in a way that psf_monitor does not know.",
    why="This is a fault of psf_monitor; the log has the details.",
    to_do="Connect again; if it comes back, record the wires (View) and report it with the log.",
    cause="Internal fault",
    remedy="See the log, then connect again.",
)

EXHAUSTED = Problem(
    what="This computer gives psf_monitor no further connection.",
    why="Too many files or connections are open on it, or its memory is used up.",
    to_do="Close programs that are not needed, then Connect again.",
    cause="The computer gives no connection",
    remedy="close other programs",
)

_NO_RESOURCES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, 10024, 10055})
"""No free file, buffer or memory: the numbers of POSIX, and those of Windows' sockets."""


def is_exhausted(error: BaseException) -> bool:
    """Return whether the operating system lacked resources, which passes by itself."""
    return isinstance(error, OSError) and error.errno in _NO_RESOURCES


_REFUSED = frozenset({errno.ECONNREFUSED, 10061, 1225})
"""Nobody listens: the system's number, and Windows' for a socket and for its own event loop."""

_ONE_OF_SEVERAL = re.compile(r"\[(?:Errno|WinError) (\d+)\] (.*?)(?:, (?=\[)|$)", re.DOTALL)
"""One error in asyncio's ``Multiple exceptions: [Errno 111] .., [Errno 101] ..`` for several addresses."""


def is_refused(error: OSError) -> bool:
    """Return whether at least one address refused the connection because nobody listens at the port."""
    return not _REFUSED.isdisjoint(_causes(error))


def name_unanswered(host: str, seconds: float) -> Problem:
    """Return that the network did not say where the computer is, nor that there is none."""
    return Problem(
        what=f"Looking for the computer '{host}' took longer than {seconds:g} s.",
        why="The network is down, or does not know the name.",
        to_do="Check the network and the host, or give its address in numbers, then Connect again.",
        cause=f"No word of '{host}'",
        remedy="Check network and host",
        is_cured_by_edit=True,
    )


def unreachable(host: str, port: int, error: OSError) -> Problem:
    """Return why the line could not be opened, with the operating system's own text."""
    reason = ", ".join(dict.fromkeys(_causes(error).values())) or str(error)
    return Problem(
        what=f"{host}:{port} cannot be reached.",
        why=f"The system says: {reason}.",
        to_do="Check the network and the address, then Connect again.",
        cause="Not reachable",
        remedy=f"Check network and address · {host}:{port}",
        is_cured_by_edit=True,
    )


def _causes(error: OSError) -> Mapping[int, str]:
    """Return the system's error numbers and texts; asyncio replaces the text by the address."""
    if error.errno:
        found = {error.errno: error.strerror or ""}
    else:
        found = {int(number): text for number, text in _ONE_OF_SEVERAL.findall(str(error))}
    return {
        number: os.strerror(number) if not text or "Connect call failed" in text else text.rstrip(". ")
        for number, text in found.items()
    }
