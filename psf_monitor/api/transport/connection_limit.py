"""The limit on open connections: programs without the token give way, the oldest first."""

from collections.abc import Callable, Hashable

Close = Callable[[], None]


class ConnectionLimit:
    """Allows at most ``most`` open connections. A client is the address of its end of the line.

    A client that has not presented the token yet gives way to a later one; one that has never does.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # In order of arrival.
        self._strangers: dict[Hashable, Close] = {}
        self._known: set[Hashable] = set()

    @property
    def open(self) -> int:
        """The number of open connections."""
        return len(self._strangers) + len(self._known)

    def admit(self, client: Hashable, close: Close) -> bool:
        """Count a new connection, which ``close`` ends at once; return False if there is no room for it."""
        if self.open >= self._most:
            if not self._strangers:
                return False
            self.drop_oldest_stranger()
        self._strangers[client] = close
        return True

    def recognise(self, client: Hashable) -> None:
        """Record that this client has presented the token."""
        if self._strangers.pop(client, None) is not None:
            self._known.add(client)

    def leave(self, client: Hashable) -> None:
        """Forget a connection that has ended."""
        self._strangers.pop(client, None)
        self._known.discard(client)

    def drop_oldest_stranger(self) -> None:
        """Close the oldest connection that has not presented the token, if any."""
        oldest = next(iter(self._strangers), None)
        if oldest is not None:
            self._strangers.pop(oldest)()
