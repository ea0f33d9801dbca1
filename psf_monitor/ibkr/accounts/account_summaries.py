"""The account values of TWS as one record an account. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from ib_insync.objects import AccountValue

from psf_monitor.domain.account import AccountMode, AccountSummary
from psf_monitor.formatting import masked
from psf_monitor.ibkr import parsing

SUMMARY_FIELDS = {
    "NetLiquidation": "net_liquidation",
    "ExcessLiquidity": "excess_liquidity",
    "AvailableFunds": "available_funds",
    "BuyingPower": "buying_power",
    "TotalCashValue": "total_cash",
    "GrossPositionValue": "gross_position_value",
    "InitMarginReq": "initial_margin",
    "MaintMarginReq": "maintenance_margin",
}
"""Account summary tags with one row per account, in the account's base currency."""

LEDGER_FIELDS = {"UnrealizedPnL": "unrealized_pnl", "RealizedPnL": "realized_pnl"}
"""Ledger tags: one row per currency and one row BASE, the total in the base currency.

Only BASE is read, or without it the row of an account that has rows of its base currency alone.
"""

IN_REVIEW = "NLVAndMarginInReview"
"""The tag that says whether net liquidation and margin are being reviewed; only updates have it."""

_BASE, _RATE = "BASE", "ExchangeRate"


def summaries(mode: AccountMode, values: Iterable[AccountValue]) -> list[AccountSummary]:
    """Return one record per account from the rows of an account summary, added up over model portfolios.

    A figure that is not set for one model is unknown for the account, and so is one that is reported in
    another currency than the account's.
    """
    found = ((account, _figures(rows)) for account, rows in _by_account(values))
    return [AccountSummary(mode=mode, account=account, **figures) for account, figures in found if figures]


def in_several_currencies(values: Iterable[AccountValue]) -> frozenset[str]:
    """Return the accounts for which TWS does not say which of several currencies is theirs."""
    return frozenset(account for account, rows in _by_account(values) if not _base_currency(rows)[1])


def unreadable(values: Iterable[AccountValue]) -> list[str]:
    """Return the tags and accounts of the values that are read, and that TWS does not send as a number."""
    read = SUMMARY_FIELDS.keys() | LEDGER_FIELDS
    rows = (row for row in values if row.tag in read and parsing.is_no_number(row.value))
    return sorted({f"{row.tag} of {masked(row.account)}" for row in rows})


def _by_account(values: Iterable[AccountValue]) -> list[tuple[str, list[AccountValue]]]:
    rows: defaultdict[str, list[AccountValue]] = defaultdict(list)
    for row in values:
        rows[row.account].append(row)
    return sorted(rows.items())


def _figures(rows: Collection[AccountValue]) -> dict[str, Any]:
    """Return the fields of one account; empty if none is reported."""
    currency, is_certain = _base_currency(rows)
    parts: defaultdict[str, dict[str, float | None]] = defaultdict(dict)
    without_base: set[tuple[str, str]] = set()
    if is_certain and {row.currency.strip() for row in rows if _is_named(row.currency)} == {currency}:
        with_base = {(row.tag, row.modelCode) for row in rows if row.currency == _BASE}
        without_base = {(row.tag, row.modelCode) for row in rows} - with_base
    # A row with a currency takes precedence over one without.
    for row in sorted(rows, key=lambda row: _is_named(row.currency)):
        field = SUMMARY_FIELDS.get(row.tag)
        if field is None and (row.currency == _BASE or (row.tag, row.modelCode) in without_base):
            field = LEDGER_FIELDS.get(row.tag)
        if field is not None:
            is_ours = is_certain and row.currency.strip() in (currency, _BASE, "")
            if is_ours or not parts[field]:
                parts[field][row.modelCode] = parsing.number(row.value) if is_ours else None
    if not parts:
        return {}
    in_review = any(row.tag == IN_REVIEW and row.value.strip().lower() == "true" for row in rows)
    figures = {field: _sum_known(known.values()) for field, known in parts.items()}
    return {"currency": currency, "is_in_review": in_review, **figures}


def _base_currency(rows: Collection[AccountValue]) -> tuple[str | None, bool]:
    """Return the currency of an account's values, and whether that is certain.

    Among several it is the one whose rate to the base currency is 1 (TWS API, ExchangeRate of the ledger).
    """
    named = {row.currency.strip() for row in rows if row.tag in SUMMARY_FIELDS and _is_named(row.currency)}
    if len(named) <= 1:
        return next(iter(named), None), True
    rated = {
        row.currency.strip() for row in rows if row.tag == _RATE and parsing.number(row.value) == 1
    } & named
    return (rated.pop(), True) if len(rated) == 1 else (None, False)


def _is_named(currency: str) -> bool:
    return currency.strip() not in ("", _BASE)


def _sum_known(amounts: Collection[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None
