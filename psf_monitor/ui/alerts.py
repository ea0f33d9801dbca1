"""What deserves a banner, most urgent first: what happened, why, what to do. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from psf_monitor.domain.account import IBKR_MODES, AccountMode, masked
from psf_monitor.link import LinkState, LinkStatus, Trouble
from psf_monitor.monitor.rows import AccountState
from psf_monitor.ui import text
from psf_monitor.ui.card_words import card_name

BANNER_AFTER_S = 3.0
"""A loss shorter than this shows in the cells only: a banner that comes and goes moves the rows."""


class Deed(Enum):
    """What a banner's button does to the link it speaks of."""

    CONNECT = auto()
    DISCONNECT = auto()
    RETRY = auto()
    HIDE = auto()


class Look(Enum):
    """How a banner is coloured."""

    ERROR = auto()
    WARNING = auto()
    PAPER = auto()


@dataclass(frozen=True, slots=True)
class Alert:
    """One banner. ``key`` is the same for as long as it speaks of the same event."""

    key: tuple[str, AccountMode, datetime | None]
    look: Look
    title: str
    words: str
    deeds: tuple[tuple[str, Deed], ...] = ()

    @property
    def mode(self) -> AccountMode:
        return self.key[1]


def alerts(
    statuses: Mapping[AccountMode, LinkStatus],
    accounts: Mapping[AccountMode, AccountState],
    expects_paper: Mapping[AccountMode, bool],
    frozen_since: datetime | None,
    now: datetime,
) -> list[Alert]:
    """Every banner that is due."""
    found: list[Alert] = []
    hammer = AccountMode.HAMMER_PRO
    if frozen_since is not None and (now - frozen_since).total_seconds() >= BANNER_AFTER_S:
        found.append(_frozen(statuses[hammer], frozen_since, now))
    for mode, status in statuses.items():
        if status.state is LinkState.FAILED and status.trouble is not None:
            found.append(_failed(mode, status, status.trouble))
    for mode, status in statuses.items():
        if status.warning:
            found.append(_warned(mode, status))
    for mode in IBKR_MODES:
        found += _account_alerts(mode, statuses[mode], accounts[mode], now, expects_paper=expects_paper[mode])
    return found


def _account_alerts(
    mode: AccountMode, status: LinkStatus, account: AccountState, now: datetime, *, expects_paper: bool
) -> list[Alert]:
    checks: list[Alert | None] = [
        _unexpected(mode, status, account, expects_paper=expects_paper) if account.is_unexpected else None,
        _lost(mode, status, status.trouble, now) if status.state is LinkState.RECONNECTING else None,
        _same_login(mode, account, account.duplicate_of) if account.duplicate_of else None,
        _tws_offline(mode, status, now) if status.state is LinkState.CUT_OFF else None,
        _no_orders(mode, account.orders_trouble) if account.orders_trouble else None,
    ]
    return [alert for alert in checks if alert is not None]


_RETRYING = (("Retry now", Deed.RETRY), ("Stop retrying", Deed.DISCONNECT))


def _frozen(status: LinkStatus, since: datetime, now: datetime) -> Alert:
    old = "Prices, values and distances below are old."
    is_retrying = status.state is LinkState.RECONNECTING
    if is_retrying:
        why = _cause(status.trouble) if status.trouble else "The connection was lost."
        left = text.countdown(status.retry_at, now)
        what = f"{_sentence(why)} {old} Retrying in {left} (try {status.attempt})."
    elif status.state is LinkState.CONNECTING:
        what = f"{old} Connecting to HAMMER again (try {max(status.attempt, 1)})."
    elif status.state is LinkState.FAILED:
        what = old
    else:
        what = f"HAMMER is connected but sends nothing. {old}"
    return Alert(
        ("frozen", AccountMode.HAMMER_PRO, since),
        Look.ERROR,
        f"Quotes frozen since {text.moment(since, now)}.",
        what,
        _RETRYING if is_retrying else (),
    )


def _failed(mode: AccountMode, status: LinkStatus, trouble: Trouble) -> Alert:
    why = " ".join(part for part in (trouble.why, trouble.to_do) if part)
    code = "" if trouble.code is None else f" ({trouble.code})"
    return Alert(
        ("failed", mode, status.since),
        Look.ERROR,
        f"{card_name(mode)}: {_sentence(trouble.what)}",
        f"{why}{code}",
        (("Connect", Deed.CONNECT), ("Hide", Deed.HIDE)),
    )


def _warned(mode: AccountMode, status: LinkStatus) -> Alert:
    what, stop, rest = status.warning.partition(". ")
    return Alert(
        ("warning", mode, status.up_since),
        Look.WARNING,
        f"{card_name(mode)}: {_sentence(what + stop.strip())}",
        rest,
        (("Hide", Deed.HIDE),),
    )


def _lost(mode: AccountMode, status: LinkStatus, trouble: Trouble | None, now: datetime) -> Alert | None:
    if status.lost_at is None or (now - status.lost_at).total_seconds() < BANNER_AFTER_S:
        return None
    why = "" if trouble is None else f"{_sentence(_cause(trouble))} "
    left = text.countdown(status.retry_at, now)
    return Alert(
        ("lost", mode, status.lost_at),
        Look.ERROR,
        f"{mode} lost at {text.moment(status.lost_at, now)}.",
        f"{why}Its rows are as of that time. Reconnecting in {left} (try {status.attempt}).",
        _RETRYING,
    )


def _unexpected(
    mode: AccountMode, status: LinkStatus, account: AccountState, *, expects_paper: bool
) -> Alert:
    kind, expected = ("PAPER", "LIVE") if account.is_paper else ("LIVE", "PAPER")
    if account.is_paper is expects_paper:
        # Some of the login's accounts are of the other kind.
        kind, expected = "mixed", "PAPER" if expects_paper else "LIVE"
    names = text.listed([masked(name) for name in account.accounts])
    return Alert(
        ("unexpected", mode, None),
        Look.PAPER,
        f"{mode} is a {kind} account.",
        f"This profile expects {expected}, but TWS at {status.endpoint} is logged in to {names}. "
        "Its rows are excluded from totals.",
        ((f"Disconnect {mode}", Deed.DISCONNECT),),
    )


def _same_login(mode: AccountMode, account: AccountState, other: AccountMode) -> Alert:
    names = text.listed([masked(name) for name in account.accounts])
    return Alert(
        ("same login", mode, None),
        Look.WARNING,
        f"{other} and {mode} both show {names}.",
        f"Both profiles reach the same TWS login. Rows are counted once. "
        f"Give {mode} the port of the other TWS.",
        ((f"Disconnect {mode}", Deed.DISCONNECT),),
    )


def _tws_offline(mode: AccountMode, status: LinkStatus, now: datetime) -> Alert | None:
    if (now - status.since).total_seconds() < BANNER_AFTER_S:
        return None
    return Alert(
        ("offline", mode, status.since),
        Look.WARNING,
        f"TWS of {mode} lost its link to IBKR at {text.moment(status.since, now)}.",
        "Positions and orders may be old. TWS reconnects by itself; "
        "nothing to do unless this lasts over 5 minutes.",
    )


def _no_orders(mode: AccountMode, why: str) -> Alert:
    what, stop, rest = why.partition(". ")
    return Alert(("orders", mode, None), Look.WARNING, what + stop.strip(), rest)


def _cause(trouble: Trouble) -> str:
    """Why, beside a title that says what; a cause that speaks of "it" first says of what."""
    if not trouble.why:
        return trouble.what
    return f"{_sentence(trouble.what)} {trouble.why}" if trouble.why.startswith("It ") else trouble.why


def _sentence(words: str) -> str:
    return words if not words or words.endswith((".", "?", "!")) else f"{words}."
