"""The contracts held, by name: TWS may send an order or execution without the conId of its contract."""

from collections.abc import Iterable

from psf_monitor.domain.instrument import Instrument
from psf_monitor.domain.position import Position

_Name = tuple[str, str, str]


class HeldContracts:
    """The contracts that each account holds, or last held, by symbol, type and currency."""

    def __init__(self) -> None:
        self._held: dict[_Name, dict[tuple[str, int], Instrument]] = {}

    def note_list(self, positions: Iterable[Position]) -> None:
        """Set all positions; from now on their names mean nothing else."""
        listed = list(positions)
        for position in listed:
            held = self._held.get(_name(position.instrument), {})
            for key in [key for key in held if key[0] == position.account]:
                del held[key]
        for position in listed:
            self.note(position)

    def note(self, position: Position) -> None:
        """Add one position, open or closed."""
        instrument = position.instrument
        if instrument.con_id:
            held = self._held.setdefault(_name(instrument), {})
            held[position.account, instrument.con_id] = instrument

    def find(self, account: str, named: Instrument) -> Instrument | None:
        """Return what ``account``, or any account if empty, holds under the name; ``None`` if that is
        ambiguous.
        """
        held = self._held.get(_name(named), {})
        found = {con_id: each for (of, con_id), each in held.items() if account in (of, "")}
        return next(iter(found.values())) if len(found) == 1 else None

    def clear(self) -> None:
        """Forget all of them."""
        self._held.clear()


class ContractIds:
    """The conIds of positions, by account and everything else that TWS sends of their contract.

    TWS may send a position again with its id missing: it is no other position.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], str] = {}

    def complete(self, fields: list[str], account: int) -> None:
        """Write a missing conId (0) into message 61 or 71, whose account is the field at ``account``."""
        place = account + 1
        of = fields[account], *fields[place + 1 : place + _CONTRACT_FIELDS]
        con_id = fields[place]
        if con_id == _MISSING:
            fields[place] = self._known.get(of, _MISSING)
        elif self._known.setdefault(of, con_id) != con_id:
            self._known[of] = _MISSING


_CONTRACT_FIELDS, _MISSING = 11, "0"
"""The number of fields of a contract, and its conId if that is missing."""


def _name(instrument: Instrument) -> _Name:
    return instrument.symbol, instrument.kind, instrument.currency
