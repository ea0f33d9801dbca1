"""What can go wrong with any connection, whatever its far side, as the trader reads it. Pure."""

import errno

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
"""No free file, buffer or memory: POSIX's numbers, and those of Windows' sockets."""


def is_exhausted(error: BaseException) -> bool:
    """Return whether the operating system refused for want of resources, which passes by itself."""
    return isinstance(error, OSError) and error.errno in _NO_RESOURCES
