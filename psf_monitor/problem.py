"""An error as the trader reads it: one record for links, journal, settings and API."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as the trader reads it: what happened, why, what to do. Whole sentences, no Python names.

    ``cause`` and ``remedy`` are the short forms that fit a card; ``code`` is the far side's own number.
    """

    what: str
    why: str
    to_do: str
    cause: str
    remedy: str
    code: int | None = None
    needs_password: bool = False

    def __str__(self) -> str:
        sentence = " ".join(part for part in (self.what, self.why, self.to_do) if part)
        return sentence if self.code is None else f"{sentence} ({self.code})"
