"""What a broker says unasked."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BrokerMessage:
    """A sentence of the broker that the trader has to see, with its number there; ``at`` is UTC.

    ``is_urgent``: it is about the account, such as a margin call. The others have a meaning that nobody
    published. Source: TWS API, message 4.
    """

    at: datetime
    code: int
    text: str
    is_urgent: bool
