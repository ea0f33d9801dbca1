"""Profiles, account ids, and the account values that a broker reports."""

import re
from enum import StrEnum

from msgspec import Struct

ACCOUNT_ID = re.compile(r"D?[UFI][A-Z]?[0-9]{5,}", re.IGNORECASE)
"""An IBKR account id anywhere in a text: U1234567, DU1234567, F.., DF.., I... A false match does no harm."""

SIMULATED_MARK = "(simulated by psf_monitor)"
"""What a simulated TWS or HAMMER sends in its handshake."""


class AccountMode(StrEnum):
    """The profiles, named as in PSFALGO (``account_type`` and the account mode of its API)."""

    IBKR_GUN = "IBKR_GUN"
    IBKR_PED = "IBKR_PED"
    HAMMER_PRO = "HAMMER_PRO"

    @property
    def short(self) -> str:
        """The name that fits a table column: ``GUN``, ``PED`` or ``HAMMER``."""
        return self.value.removeprefix("IBKR_").removesuffix("_PRO")

    @property
    def abbreviation(self) -> str:
        """Three letters for a narrow column: ``GUN``, ``PED`` or ``HAM``."""
        return self.short[:3]

    @property
    def broker(self) -> str:
        """``IBKR`` or ``HAMMER``, which keeps the account and reports its fills."""
        return "HAMMER" if self is AccountMode.HAMMER_PRO else "IBKR"

    @property
    def source(self) -> str:
        """``TWS`` or ``HAMMER``, in whose terms its orders and positions are reported."""
        return "HAMMER" if self is AccountMode.HAMMER_PRO else "TWS"

    @property
    def link_name(self) -> str:
        """The name of its connection; HAMMER is named as a source of prices, not as an account."""
        return "HAMMER" if self is AccountMode.HAMMER_PRO else self.value


class AccountSection(StrEnum):
    """The parts of an account that are reported separately."""

    POSITIONS = "positions"
    ORDERS = "orders"
    VALUES = "values"


IBKR_MODES = (AccountMode.IBKR_GUN, AccountMode.IBKR_PED)


class _Reviewed(Struct, frozen=True, kw_only=True):
    """Whether IBKR is reviewing the net liquidation and the margin (TWS API: NLVAndMarginInReview)."""

    is_in_review: bool = False


class AccountSummary(_Reviewed, frozen=True):
    """The values that a broker reports for one account, in ``currency``; ``None`` where it reported none.

    Source: TWS API, account summary (message 63). ``unrealized_pnl`` and ``realized_pnl`` are the broker's
    own figures; the window shows those calculated from HAMMER's prices instead.
    """

    mode: AccountMode
    account: str
    currency: str | None = None
    net_liquidation: float | None = None
    excess_liquidity: float | None = None
    available_funds: float | None = None
    buying_power: float | None = None
    total_cash: float | None = None
    gross_position_value: float | None = None
    unrealized_pnl: float | None = None
    realized_pnl: float | None = None
    initial_margin: float | None = None
    maintenance_margin: float | None = None

    @property
    def cushion(self) -> float | None:
        """The excess liquidity in percent of the net liquidation, as in TWS; ``None`` if either is unknown or
        nothing is left.
        """
        if self.excess_liquidity is None or self.net_liquidation is None or self.net_liquidation <= 0:
            return None
        return 100 * self.excess_liquidity / self.net_liquidation


def is_paper(account: str) -> bool:
    """Return whether an IBKR account id belongs to paper trading: those begin with D (``DU1234567``,
    ``DF..``).
    """
    return account.upper().startswith("D")


def is_account_id(text: str) -> bool:
    """Return whether the text is an IBKR account id."""
    return ACCOUNT_ID.fullmatch(text) is not None


def is_master_id(text: str) -> bool:
    """Return whether the text is the id of an advisor's or a broker's master account at IBKR."""
    return is_account_id(text) and text.upper().removeprefix("D").startswith(("F", "I"))


def is_simulated(handshake: str) -> bool:
    """Return whether the text of a server's handshake marks the server as simulated."""
    return SIMULATED_MARK in handshake
