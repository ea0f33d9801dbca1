"""Limits of the local API for each program and for all together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from psf_monitor.api.transport.rate_limit import ALL_CLIENTS, EACH_CLIENT, Rate


@dataclass(frozen=True, slots=True)
class ReopenTiming:
    """Seconds between two attempts to open the port, from ``first_s`` to ``most_s``, and when to give up."""

    first_s: float = 0.25
    most_s: float = 5.0
    gives_up_after_s: float = inf


@dataclass(frozen=True, slots=True)
class Limits:
    """Time limits of one connection in seconds, and limits on numbers and rates.

    A request's headers must be complete ``headers_within_s`` after their first byte, its body
    ``body_within_s`` after that. A client that takes nothing of what is sent to it is cut off after
    ``stuck_after_s``. A stream sends a keep-alive every ``keep_alive_s``. ``clock`` counts the seconds of
    the rates. ``listening`` is how long the server tries to open its port again.
    """

    headers_within_s: float = 5.0
    body_within_s: float = 5.0
    stuck_after_s: float = 30.0
    keep_alive_s: float = 15.0
    most_connections: int = 64
    most_readers: int = 32
    each_client: Rate = EACH_CLIENT
    all_clients: Rate = ALL_CLIENTS
    clock: Callable[[], float] = time.monotonic
    listening: ReopenTiming = field(default_factory=ReopenTiming)


DEFAULT = Limits()
