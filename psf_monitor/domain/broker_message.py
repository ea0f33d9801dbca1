"""What a broker says unasked, and what the trader has to know of a login."""

from datetime import datetime
from typing import NamedTuple


class BrokerMessage(NamedTuple):
    """A sentence of the broker that the trader has to see, with its number there; ``at`` is UTC.

    ``is_urgent``: it is about the account, such as a margin call. The others have a meaning that nobody
    published. ``order`` are the client and the order id that it bears, ``about`` says which order that is,
    empty for none that is known. Source: TWS API, message 4.
    """

    at: datetime
    code: int
    text: str
    is_urgent: bool
    order: tuple[int, int] | None = None
    about: str = ""

    @property
    def of_what(self) -> str:
        """What it is about, to be put behind "says"; empty where that is not known."""
        return f" of {self.about}" if self.about else ""


class LoginChange(NamedTuple):
    """The login behind a connection is not the one of before: accounts that left and that came; UTC."""

    at: datetime
    gone: tuple[str, ...]
    came: tuple[str, ...]


ToSee = BrokerMessage | LoginChange
"""What stays until the trader says that it was seen."""
