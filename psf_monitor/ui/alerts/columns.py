"""The columns of the list of alerts, and of the log of fired alerts."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.alerts import alert_text
from psf_monitor.alerts.watch import AlertState
from psf_monitor.book.rows import QuoteState
from psf_monitor.domain.account import AccountMode
from psf_monitor.domain.alerts.alert import AlertKind, Fired
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.columns import Band, Column, Head, Table, always, secondary, text_column


class _OfAnyLogin:
    """The common fields of rows that belong to no login and do not age."""

    mode = AccountMode.HAMMER_PRO
    quote_state = QuoteState.OFF
    stale_since: datetime | None = None


class AlertRow(Struct, _OfAnyLogin, frozen=True):
    """One alert. ``muted_until`` is set while all alerts are muted."""

    state: AlertState
    muted_until: datetime | None
    are_values_hidden: bool = False

    @property
    def key(self) -> int:
        return self.state.alert.alert_id

    @property
    def symbol(self) -> str:
        return alert_text.subject(self.state.alert)

    @property
    def is_pnl(self) -> bool:
        return self.state.alert.kind is AlertKind.PNL


class FiredRow(Struct, _OfAnyLogin, frozen=True):
    """A fired alert."""

    fired: Fired
    are_values_hidden: bool = False

    @property
    def key(self) -> int:
        return self.fired.number

    @property
    def symbol(self) -> str:
        return self.fired.symbol


def _figure(row: AlertRow, value: float | None, *, signed: bool = False) -> str:
    if value is None:
        return formatting.DASH
    if row.are_values_hidden and row.is_pnl:
        return formatting.HIDDEN
    match row.state.alert.kind:
        case AlertKind.PRICE:
            return formatting.change(value) if signed else formatting.price(value)
        case AlertKind.PNL:
            return formatting.signed_money(value)
        case _:
            return formatting.quantity(value)


def _condition(row: AlertRow) -> str:
    return alert_text.condition(row.state.alert, hides=row.are_values_hidden)


def _seen(row: FiredRow) -> str:
    hides = row.are_values_hidden and row.fired.kind is AlertKind.PNL
    return formatting.hidden(formatting.price(row.fired.seen), hides)


def _state(row: AlertRow, now: datetime) -> str:
    state = row.state
    if not state.alert.is_on:
        return "Off"
    if not state.is_armed and state.fired is not None:
        seen = "" if state.fired.seen is None or row.is_pnl else f" at {formatting.price(state.fired.seen)}"
        return f"Fired {formatting.short_moment(state.fired.at, now)}{seen}"
    if state.waits_for:
        return f"Waiting, {state.waits_for}"
    if row.muted_until is not None and row.state.alert.sound:
        return f"Armed, muted until {formatting.clock(row.muted_until)[:5]}"
    return "Armed"


def _state_tone(row: AlertRow, _now: datetime) -> Tone:
    if not row.state.alert.is_on:
        return Tone.STALE
    return Tone.WARN if row.state.waits_for or not row.state.is_armed else Tone.TEXT


def _away_value(row: AlertRow) -> float | None:
    return None if row.state.away is None else abs(row.state.away)


def _fired_text(row: FiredRow) -> str:
    return row.fired.masked if row.are_values_hidden else row.fired.text


def _at(row: FiredRow) -> float:
    return row.fired.at.timestamp()


_C = Band.CALCULATED

ALERTS: Table[AlertRow] = Table(
    "Alerts",
    (
        text_column(
            Head("on", "On", _C, 34, least=30),
            lambda r: "On" if r.state.alert.is_on else "Off",
            secondary,
        ),
        text_column(Head("symbol", "What", _C, 130, least=90), lambda r: r.symbol, bold=always),
        text_column(Head("when", "When", _C, 240, least=150), _condition),
        Column(
            "now",
            "Now",
            _C,
            80,
            lambda r: r.state.now,
            lambda r, _now: _figure(r, r.state.now),
            tooltip=lambda r, _now: "\n".join(filter(None, [_figure(r, r.state.now), r.state.rests_on])),
            least=60,
            export_value=lambda r: r.state.now,
        ),
        Column(
            "away",
            "Away",
            _C,
            80,
            _away_value,
            lambda r, _now: _figure(r, r.state.away, signed=True),
            is_bold=always,
            least=60,
            export_value=lambda r: r.state.away,
        ),
        Column(
            "state",
            "State",
            _C,
            230,
            lambda r: (r.state.alert.is_on, r.state.is_armed, r.state.waits_for).__repr__(),
            _state,
            _state_tone,
            is_left=True,
            is_timed=True,
            least=150,
        ),
        text_column(
            Head("sound", "Sound", _C, 70, least=56), lambda r: r.state.alert.sound or "none", secondary
        ),
        text_column(
            Head("again", "Again", _C, 56), lambda r: "again" if r.state.alert.is_again else "once", secondary
        ),
    ),
    sort_key="symbol",
    order=lambda r: (r.key,),
    holds=("on", "symbol"),
)

_SHARE_WIDTHS = {"on": 32, "when": 208, "now": 62, "away": 62, "state": 184, "sound": 62, "again": 56}

SHARE_ALERTS: Table[AlertRow] = Table(
    "Alerts",
    tuple(
        replace(column, width=_SHARE_WIDTHS[column.key], is_optional=column.key == "again")
        for column in ALERTS.columns
        if column.key in _SHARE_WIDTHS
    ),
    sort_key="when",
    order=lambda r: (r.key,),
    holds=("on",),
)
"""The list of one share, in its window."""

FIRED: Table[FiredRow] = Table(
    "Fired alerts",
    (
        Column(
            "at",
            "Time",
            _C,
            130,
            _at,
            lambda r, _now: formatting.stamp(r.fired.at),
            is_left=True,
            least=124,
        ),
        text_column(
            Head("symbol", "Share", _C, 90, least=76), lambda r: r.symbol or formatting.DASH, bold=always
        ),
        text_column(Head("text", "What happened", _C, 560, least=260), _fired_text),
        Column(
            "seen",
            "Seen",
            _C,
            80,
            lambda r: r.fired.seen,
            lambda r, _now: _seen(r),
            is_bold=always,
            least=60,
            export_value=lambda r: r.fired.seen,
        ),
        text_column(Head("sound", "Sound", _C, 70), lambda r: "muted" if r.fired.is_muted else "", secondary),
    ),
    sort_key="at",
    order=lambda r: (-r.key,),
    is_descending=True,
    holds=("at",),
)
