"""Messages that a broker sends unsolicited, and a change of login that the trader has to know about."""

from datetime import datetime
from typing import NamedTuple


class BrokerMessage(NamedTuple):
    """A message of the broker that the trader has to see, with the broker's code; ``at`` is UTC.

    ``code`` is ``None`` if what the broker gave as such is no number: ``text`` then says what it was.

    ``is_urgent``: it concerns the account, such as a margin call. Codes that are not urgent have no published
    meaning. ``order`` holds the client id and order id that the message names, ``about`` describes that order
    and is empty if it is not known. Source: TWS API, message 4.
    """

    at: datetime
    code: int | None
    text: str
    is_urgent: bool
    order: tuple[int, int] | None = None
    about: str = ""

    def is_same(self, other: "BrokerMessage") -> bool:
        """Urgent messages and those without code are identified by their text, the others by code and
        order.
        """
        if (self.code, self.about) != (other.code, other.about):
            return False
        return self.text == other.text or not (self.is_urgent or other.is_urgent or self.code is None)

    @property
    def code_text(self) -> str:
        """The code as it stands behind the text; empty without one."""
        return "" if self.code is None else f" ({self.code})"

    @property
    def of_what(self) -> str:
        """What the message is about, to be put before "says"; empty if that is not known."""
        return f" of {self.about}" if self.about else ""


class LoginChange(NamedTuple):
    """The login behind a connection has changed: the accounts that left and those that came; ``at`` is
    UTC.
    """

    at: datetime
    gone: tuple[str, ...]
    came: tuple[str, ...]


ToSee = BrokerMessage | LoginChange
"""What stays on the screen until the trader dismisses it."""
