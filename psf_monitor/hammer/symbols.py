"""The names of shares at HAMMER. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping

from psf_monitor.domain.instrument import one_spaced

_SERIES_MARK = " PR"
_STATES = ("WI", "WD", "CL", "CV", "RT", "WS")
"""Suffixes of the exchanges (CMS) after a series or in its place: when issued, when distributed, called,
convertible, rights, warrants. HAMMER's names for them are not known, and ``CIM-WI`` may be the common share.
"""
_CLASSES = frozenset(
    {
        *("AKO-A", "AKO-B", "BF-A", "BF-B", "BH-A", "BIO-B", "BRK-A", "BRK-B", "BWL-A", "CIG-C", "CRD-A"),
        *("CRD-B", "CWEN-A", "EBR-B", "GEF-B", "GTN-A", "HEI-A", "HVT-A", "LEN-B", "MKC-V", "MOG-A", "MOG-B"),
        *("PBR-A", "TAP-A", "UHAL-B", "WSO-B"),
    }
)
"""Classes of shares at US exchanges, of companies without a preferred share of that letter. Source: the
exchanges' lists of symbols.
"""


def to_hammer(ibkr_symbol: str, overrides: Mapping[str, str]) -> str:
    """Return the HAMMER symbol of an IBKR symbol: ``CIM PRB`` is ``CIM-B``, other names stay the same.

    ``overrides`` is the trader's own table, IBKR symbol to HAMMER symbol, and takes precedence. A preferred
    share that is called or traded when issued (``CIM PRBWI``) has no other name either.
    """
    if (named := overrides.get(ibkr_symbol)) is not None:
        return named
    # TWS pads the names of some contracts with spaces.
    base, mark, series = one_spaced(ibkr_symbol).partition(_SERIES_MARK)
    if mark and base and series.isalnum() and " " not in base and not series.endswith(_STATES):
        return f"{base}-{series}"
    return ibkr_symbol


def guessed(hammer_symbol: str) -> str:
    """Return the IBKR symbol that the rule gives for a HAMMER symbol: a guess. A class of shares (``BRK-B``)
    keeps HAMMER's name. With more than one letter it may be a warrant, a unit or another market, and nothing
    is guessed.
    """
    base, mark, series = hammer_symbol.partition("-")
    if hammer_symbol not in _CLASSES and mark and base.isalpha() and len(series) == 1 and series.isalpha():
        return f"{base}{_SERIES_MARK}{series}"
    return hammer_symbol


def plain_name(hammer_symbol: str) -> str:
    """Return a HAMMER symbol in the form in which symbols are compared, without regard to case or spaces."""
    return one_spaced(hammer_symbol).upper()


class SymbolTable:
    """The symbols wanted now, under their names at IBKR and at HAMMER.

    Every wanted symbol has exactly one HAMMER name, and every HAMMER name leads back to all wanted symbols
    that map to it: two of them may share one name, and then both get its quotes.
    """

    def __init__(self, overrides: Mapping[str, str]) -> None:
        self._set_overrides(overrides)
        self._requested: dict[str, str] = {}
        self.renamed: frozenset[str] = frozenset()
        """The symbols that the last change left wanted, but under another HAMMER name."""
        self.added: frozenset[str] = frozenset()
        """The symbols that the last change added."""
        self._readers: dict[str, tuple[str, ...]] = {}
        self.hammer_symbols: Collection[str] = self._readers.keys()
        """The symbols to request from HAMMER."""
        self._spelt: dict[str, str] = {}

    def remap(self, overrides: Mapping[str, str]) -> None:
        """Set the trader's table; the same symbols stay wanted, some under other HAMMER names."""
        self._set_overrides(overrides)
        self._change({symbol: self.to_hammer(symbol) for symbol in self._requested})

    def to_hammer(self, ibkr_symbol: str) -> str:
        """Return the HAMMER symbol of an IBKR symbol, by the trader's table or by the rule."""
        return to_hammer(ibkr_symbol, self._overrides)

    def to_ibkr(self, hammer_symbol: str) -> str:
        """Return the trader's name of a share that HAMMER named: by the table, as subscribed, or by the
        rule.
        """
        if (named := self._named.get(hammer_symbol)) is not None:
            return named
        if readers := self.readers_of(hammer_symbol):
            return readers[0]
        guess = guessed(hammer_symbol)
        return guess if self.to_hammer(guess) == hammer_symbol else hammer_symbol

    @property
    def requested(self) -> Mapping[str, str]:
        """The HAMMER symbol requested for each wanted IBKR symbol."""
        return self._requested

    def readers_of(self, hammer_symbol: str) -> tuple[str, ...]:
        """Return the wanted IBKR symbols that a HAMMER symbol stands for; empty if nobody wants it."""
        return self._readers.get(hammer_symbol, ())

    def as_requested(self, hammer_symbol: str) -> str:
        """Return the name under which a share was requested; HAMMER may use another case, or add spaces."""
        if hammer_symbol in self._readers:
            return hammer_symbol
        return self._spelt.get(plain_name(hammer_symbol), hammer_symbol)

    def set_wanted(self, ibkr_symbols: Collection[str]) -> None:
        """Set exactly the wanted symbols."""
        known = self._requested
        self._change(
            {
                symbol: known[symbol] if symbol in known else self.to_hammer(symbol)
                for symbol in sorted(set(ibkr_symbols))
            }
        )

    def _change(self, requested: dict[str, str]) -> None:
        before, self._requested = self._requested, requested
        self.added = frozenset(requested.keys() - before.keys())
        self.renamed = frozenset(s for s in requested.keys() & before.keys() if requested[s] != before[s])
        readers: dict[str, tuple[str, ...]] = {}
        for symbol, hammer_symbol in self._requested.items():
            readers[hammer_symbol] = (*readers.get(hammer_symbol, ()), symbol)
        self._readers, self.hammer_symbols = readers, readers.keys()
        plain = Counter(map(plain_name, readers))
        self._spelt = {plain_name(name): name for name in readers if plain[plain_name(name)] == 1}

    def _set_overrides(self, overrides: Mapping[str, str]) -> None:
        self._overrides = dict(overrides)
        # Of two names for one share the alphabetically first is used.
        self._named = {overrides[symbol]: symbol for symbol in sorted(overrides, reverse=True)}
