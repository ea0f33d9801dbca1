"""A trader's own file about the market's shares, in the form of PSFALGO's. All of it is invented."""

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta

from psf_monitor.sim.market.scenarios import Listing

_TITLES = (
    "PREF IBKR",
    "CMON",
    "COUPON",
    "DIV AMOUNT",
    "EX-DIV DATE",
    "CALL DATE",
    "MATUR DATE",
    "PAR",
    "AVG_ADV",
    "CUR_YIELD",
    "Group",
    "CMON SECTOR",
)
_SECTORS = {
    "Mortgage REIT": ("ABR", "AGNC", "CIM", "EFC", "MFA", "NLY", "RITM", "TWO"),
    "Bank": ("BAC", "GS", "JPM", "KEY", "MS", "SCHW", "USB", "WFC"),
    "Insurance": ("ALL",),
    "Utility": ("DUK",),
    "Property": ("PSA",),
    "Telecom": ("T",),
}
_AT_A_THOUSAND = 500.0
"""USD above which a share was issued at 1,000 and not at 25."""
_NO_SHARE_OF_ITS_OWN = "SPY"


def fact_file(listings: Iterable[Listing], today: date) -> str:
    """Return the file as text: dates as 05/13/2025, percents as 9.88%."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_TITLES)
    for listing in listings:
        if listing.local_symbol != _NO_SHARE_OF_ITS_OWN:
            writer.writerow(_line(listing, today))
    return out.getvalue()


def _line(listing: Listing, today: date) -> list[str]:
    issuer = listing.local_symbol.split()[0].removesuffix("N") if " " not in listing.local_symbol else ""
    issuer = issuer or listing.local_symbol.split()[0]
    par = 1_000 if listing.last > _AT_A_THOUSAND else 25
    coupon = 100 * listing.dividend / par
    ex_dividend = today + timedelta(days=listing.con_id % 88 - 6)
    called_from = today + timedelta(days=listing.con_id % 1_900 - 700)
    return [
        listing.local_symbol,
        issuer,
        f"{coupon:.3f}%",
        f"{listing.dividend / 4:.4f}",
        f"{ex_dividend:%m/%d/%Y}",
        "called" if listing.hammer_symbol is None else f"{called_from:%m/%d/%Y}",
        "",
        str(par),
        f"{listing.volume * 0.87:.1f}",
        f"{100 * listing.dividend / listing.last:.2f}%",
        "heldff" if coupon > 8 else "heldkuponlu" if coupon > 6 else "helddeznff",
        next((sector for sector, names in _SECTORS.items() if issuer in names), ""),
    ]
