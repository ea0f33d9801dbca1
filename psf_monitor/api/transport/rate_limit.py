"""Rate limits: token buckets, one for each client and one for all of them."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

_MOST_CLIENTS = 64
"""The number of remembered clients; a full bucket is as good as a new one."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Allows ``burst`` requests at once, and ``per_s`` a second in the long run."""

    per_s: float
    burst: int


EACH_CLIENT = Rate(per_s=20, burst=60)
ALL_CLIENTS = Rate(per_s=60, burst=180)
WITHOUT_TOKEN = Rate(per_s=5, burst=20)
"""For requests that are refused anyway; they do not count against those with the token."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float

    def fill(self, rate: Rate, now: float) -> None:
        self.left = min(self.left + (now - self.at) * rate.per_s, rate.burst)
        self.at = now


class Rates:
    """Counts requests against ``each`` for their client and ``whole`` for all clients together.

    A client is one connection, as all come from this computer. ``clock`` gives seconds.
    """

    def __init__(self, each: Rate, whole: Rate, clock: Callable[[], float]) -> None:
        self._each = each
        self._whole = whole
        self._clock = clock
        self._all = _Bucket(whole.burst, clock())
        self._clients: dict[Hashable, _Bucket] = {}

    @property
    def remembered(self) -> int:
        """The number of remembered clients: those refused lately, and as many others as fit."""
        return len(self._clients)

    def count_request(self, client: Hashable) -> int:
        """Count one request and return 0, or return after how many whole seconds another may succeed."""
        now = self._clock()
        mine = self._clients.get(client)
        if mine is None:
            self._forget_full(now)
            mine = self._clients[client] = _Bucket(self._each.burst, now)
        mine.fill(self._each, now)
        self._all.fill(self._whole, now)
        lacks = max((1 - mine.left) / self._each.per_s, (1 - self._all.left) / self._whole.per_s)
        if lacks > 0:
            return math.ceil(lacks)
        mine.left -= 1
        self._all.left -= 1
        return 0

    def _forget_full(self, now: float) -> None:
        if len(self._clients) < _MOST_CLIENTS:
            return
        for client, bucket in list(self._clients.items()):
            bucket.fill(self._each, now)
            if bucket.left >= self._each.burst:
                del self._clients[client]
        while len(self._clients) >= _MOST_CLIENTS:
            # Forget the client seen first: the limit on all clients together still holds.
            del self._clients[next(iter(self._clients))]
