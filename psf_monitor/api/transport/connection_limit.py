"""How many connections may be open at once, and who gives way: programs without the token, oldest first."""

from collections.abc import Callable, Hashable

Close = Callable[[], None]


class ConnectionLimit:
    """At most ``most`` open connections. A client is the address of its end of the line.

    Whoever has not shown the token yet gives way to who comes later; a program that has shown it never does.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        # In the order in which they came.
        self._strangers: dict[Hashable, Close] = {}
        self._known: set[Hashable] = set()

    @property
    def open(self) -> int:
        """How many are open."""
        return len(self._strangers) + len(self._known)

    def admit(self, client: Hashable, close: Close) -> bool:
        """Count a new connection, which ``close`` ends at once; False when there is no room for it."""
        if self.open >= self._most:
            if not self._strangers:
                return False
            self.drop_oldest_stranger()
        self._strangers[client] = close
        return True

    def recognise(self, client: Hashable) -> None:
        """Note that this client has shown the token."""
        if self._strangers.pop(client, None) is not None:
            self._known.add(client)

    def leave(self, client: Hashable) -> None:
        """Forget a connection that has ended."""
        self._strangers.pop(client, None)
        self._known.discard(client)

    def drop_oldest_stranger(self) -> None:
        """End the oldest connection that has not shown the token, if there is one."""
        oldest = next(iter(self._strangers), None)
        if oldest is not None:
            self._strangers.pop(oldest)()
