"""Errors worded for the trader: one record for links, accounts, journal, settings and API."""

import unicodedata

from msgspec import Struct
from msgspec.structs import replace


class Problem(Struct, frozen=True):
    """An error worded for the trader: what happened, why, what to do. Whole sentences, no Python names.

    ``cause`` and ``remedy`` are short forms for a card; ``code`` is the server's own number.
    ``is_cured_by_edit``: the connection's own host, port, client id or account may be wrong.
    ``why_refers_back``: ``why`` calls "it" what ``what`` names.
    """

    what: str
    why: str = ""
    to_do: str = ""
    cause: str = ""
    remedy: str = ""
    code: int | None = None
    needs_password: bool = False
    is_cured_by_edit: bool = False
    why_refers_back: bool = False

    @property
    def rest(self) -> str:
        """Return everything but ``what``, for a text that has ``what`` as its title."""
        sentence = " ".join(part for part in (self.why, self.to_do) if part)
        return sentence if self.code is None else f"{sentence} ({self.code})".lstrip()

    @property
    def whole_cause(self) -> str:
        """Return ``why`` for a text without ``what``, after it where it refers back to it."""
        if not self.why:
            return self.what
        return f"{whole_sentence(self.what)} {self.why}" if self.why_refers_back else self.why

    def __str__(self) -> str:
        return f"{self.what} {self.rest}".rstrip()


def whole_sentence(text: str) -> str:
    """Return the text with a full stop, unless it has an end already or is empty."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


_MOST_SHOWN = 80


def shown(value: object) -> str:
    """Return a given value as an error repeats it: as Python writes it, shortened if long."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}.."


def one_line(text: str, most: int = 400) -> str:
    """Return a server's text on one line, without characters that move a cursor.

    A text longer than ``most`` characters is cut.
    """
    plain = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in text)
    line = " ".join(plain.split())
    return line if len(line) <= most else f"{line[:most]} …"


def joined(*problems: Problem | None) -> Problem | None:
    """Return several problems as one: the first, followed by the texts of the others; ``None`` for none."""
    found = list(dict.fromkeys(problem for problem in problems if problem is not None))
    if not found:
        return None
    first, *others = found
    return replace(first, to_do=" ".join(filter(None, (first.to_do, *map(str, others)))))
