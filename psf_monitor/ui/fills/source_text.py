"""Who reported an execution, and what is special about it, as text."""

from datetime import datetime

from psf_monitor import formatting
from psf_monitor.ui.fills.rows import FillRow
from psf_monitor.ui.style.theme import Tone


def source(row: FillRow) -> str:
    """Return the broker that reported it, and what is special about it: ``IBKR · corrected``."""
    name = row.mode.broker
    if row.fill.is_liquidation:
        return f"{name} · liquidation"
    if row.fill.is_whole_order:
        return f"{name} · whole order"
    if row.fill.is_busted:
        return f"{name} · busted"
    return f"{name} · corrected" if row.is_corrected else name


def source_tone(row: FillRow, _now: datetime) -> Tone:
    return Tone.WARN if row.is_corrected or row.fill.is_liquidation else Tone.TEXT2


def source_tooltip(row: FillRow, _now: datetime) -> str:
    text = f"{row.mode}, execution id {row.fill.broker_id or formatting.DASH}"
    if row.fill.is_liquidation:
        text += ". IBKR closed this position by itself (liquidation)"
    if row.fill.is_whole_order:
        text += ". All that its order filled, at the average: HAMMER reports no single executions of it"
    if row.fill.is_busted:
        text += f". The broker took it back in revision {row.fill.revision}, and it is in no sum"
    elif row.is_corrected:
        text += f". The broker corrected it: this is revision {row.fill.revision}, none before it counts"
    return text
