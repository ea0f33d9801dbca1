"""One pseudonym for each original, of the same form; none equals another original."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from psf_monitor.formatting import masked
from psf_monitor.recording.anonymous.private_fields import Private

_FEWEST_DIGITS = 6
"""A shorter number does not identify an account."""


class Pseudonyms:
    """All originals are noted first, then each gets its pseudonym."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._originals: dict[str, tuple[str, Private]] = {}
        self._made: dict[str, str] = {}
        self._factors: dict[str, Decimal] = {}
        self.counts: Counter[Private] = Counter()

    def note(self, original: str, what: Private) -> None:
        """Record an original; its first kind counts."""
        self._originals.setdefault(original.casefold(), (original, what))

    def make(self) -> None:
        """Give each its pseudonym."""
        for key, (original, what) in self._originals.items():
            self.counts[what] += 1
            number = self.counts[what]
            while (made := self._one(original, what, number)).casefold() in self._taken():
                number += 1
            self._made[key] = made

    def of(self, original: str) -> str:
        """Return its pseudonym; itself if it was never noted."""
        return self._made.get(original.casefold(), original)

    def pairs(self) -> Iterator[tuple[str, str, Private]]:
        """Yield every original, its pseudonym and kind; for an account also its parts and masked form."""
        for key, (original, what) in self._originals.items():
            made = self._made[key]
            yield original, made, what
            if what is Private.ACCOUNT:
                yield from ((part, other, what) for part, other in _parts(original, made))
                yield masked(original), masked(made), what

    def factor(self, account: str) -> Decimal:
        """Return the factor for quantities and amounts of this account."""
        key = account.casefold()
        if key not in self._factors:
            self._factors[key] = Decimal(self._rng.choice((2, 3, 4, 6, 7, 8, 9, 11, 12, 13))) / 5
        return self._factors[key]

    def _taken(self) -> set[str]:
        return {*self._originals, *(made.casefold() for made in self._made.values())}

    def _one(self, original: str, what: Private, number: int) -> str:
        match what:
            case Private.ACCOUNT:
                return self._other_digits(original) or f"ACCOUNT {number}"
            case Private.NAME:
                return f"NAME {number}"
            case Private.REFERENCE:
                return f"ref {number}"
            case Private.PATH:
                return f"PATH-{number}"
            case Private.HOST:
                return _other_host(original, number)

    def _other_digits(self, original: str) -> str:
        """Return the account with other digits; its letters, which show the kind of account, stay."""
        digits = sum(sign.isdigit() for sign in original)
        if digits < _FEWEST_DIGITS:
            return ""
        known = "".join(sign for other, _ in self._originals.values() for sign in f"{other} ")
        while True:
            made = "".join(str(self._rng.randrange(10)) if sign.isdigit() else sign for sign in original)
            if not any(part in known for part in _numbers(made)):
                return made


def _other_host(original: str, number: int) -> str:
    """Return an address from the ranges that RFC 5737 and RFC 3849 reserve for examples."""
    if ":" in original:
        return f"2001:db8::{number:x}"
    if original.replace(".", "").isdecimal():
        return f"192.0.2.{number}" if number < 255 else f"198.51.100.{number % 255}"
    return f"host-{number}"


def _parts(original: str, made: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of an account number that may stand alone: without its broker, without its letters."""
    if len(original) != len(made):
        return
    begin = 0
    for place in range(len(original) + 1):
        if place == len(original) or not original[place].isalnum():
            part = original[begin:place]
            if sum(map(str.isdigit, part)) >= _FEWEST_DIGITS and part != original:
                yield part, made[begin:place]
            begin = place + 1
    begin = 0
    for place in range(len(original) + 1):
        if place == len(original) or not original[place].isdigit():
            if place - begin >= _FEWEST_DIGITS:
                yield original[begin:place], made[begin:place]
            begin = place + 1


def _numbers(text: str) -> list[str]:
    return [number for number in re.findall("[0-9]+", text) if len(number) >= _FEWEST_DIGITS] or [text]
