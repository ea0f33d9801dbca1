"""The total row of the positions: of all of them, or of selected or filtered ones."""

from msgspec.structs import replace

from psf_monitor import formatting
from psf_monitor.book.sums.totals import Totals, not_valued
from psf_monitor.ui.positions.columns import POSITIONS
from psf_monitor.ui.style.sign_tone import HALF_CENT, HALF_USD, signed_tone
from psf_monitor.ui.style.theme import Tone
from psf_monitor.ui.table.frame import TotalFigures


def total_cells(totals: Totals) -> dict[str, tuple[str, Tone]]:
    """Return text and tone of each sum, by the column under which it stands."""
    value = totals.market_value
    basis = totals.cost_basis
    return {
        "cost_basis": (formatting.money(basis), Tone.TEXT2 if basis is None else Tone.TEXT),
        "market_value": (formatting.money(value), Tone.TEXT2 if value is None else Tone.TEXT),
        "unrealized_pnl": (
            formatting.signed_money(totals.unrealized_pnl),
            signed_tone(totals.unrealized_pnl, HALF_USD),
        ),
        "pnl_pct": (formatting.percent(totals.pnl_pct), signed_tone(totals.pnl_pct, HALF_CENT)),
        "day_pnl": (formatting.signed_money(totals.day_pnl), signed_tone(totals.day_pnl, HALF_USD)),
    }


def total_numbers(totals: Totals) -> dict[str, float | None]:
    """Return the sums themselves, by the same columns."""
    return {
        "cost_basis": totals.cost_basis,
        "market_value": totals.market_value,
        "unrealized_pnl": totals.unrealized_pnl,
        "pnl_pct": totals.pnl_pct,
        "day_pnl": totals.day_pnl,
    }


def total_figures(totals: Totals, left_out: str) -> TotalFigures:
    """Return the total row. Its figures are exactly those of ``totals``."""
    notes = [formatting.counted(totals.positions, "position"), *_remarks(totals)]
    if left_out:
        notes.append(f"¹ {left_out}")
    title = "Total¹" if left_out else "Total"
    return TotalFigures(
        " · ".join(notes),
        totals.is_frozen,
        total_cells(totals),
        _tooltips(totals),
        title,
        numbers=total_numbers(totals),
    )


def sum_figures(part: Totals, rows: int, whole: Totals, left_out: str) -> TotalFigures:
    """Return the total row of some of the positions, with the total of all of them beside it."""
    notes = _remarks(part)
    if rows > part.positions:
        notes.append(f"{formatting.counted(rows - part.positions, 'row')} not counted")
    if notes:
        # The sums of all rows are in front of it.
        notes[0] = f"of {'these' if rows > 1 else 'this'} {rows}: {notes[0]}"
    if left_out:
        notes.append(f"¹ {left_out}")
    cells = total_cells(whole)
    sums = (cells[key][0] for key in ("market_value", "unrealized_pnl", "pnl_pct", "day_pnl"))
    return TotalFigures(
        " · ".join(notes),
        part.is_frozen,
        total_cells(part),
        _tooltips(part),
        f"Sum of {formatting.counted(rows, 'row')}",
        numbers=total_numbers(part),
        amounts=f"All {whole.positions}: {' · '.join(sums)}",
        is_part=True,
    )


def hidden(figures: TotalFigures) -> TotalFigures:
    """Return the same row without amounts of money; percents and what is left out stay."""
    private = {column.key for column in POSITIONS.columns if column.is_sensitive}
    shown = {
        key: (formatting.HIDDEN, Tone.TEXT) if key in private and text != formatting.DASH else (text, tone)
        for key, (text, tone) in figures.figures.items()
    }
    numbers = {key: number for key, number in figures.numbers.items() if key not in private}
    return replace(figures, figures=shown, tooltips={}, numbers=numbers, amounts="")


def _remarks(totals: Totals) -> list[str]:
    """Return what the figures leave out or take for granted, in short: the tooltips have the times."""
    basis = ["Day P&L: the evening before is not known"] if totals.day_basis else []
    return [*not_valued(totals), *basis]


def day_tooltip(totals: Totals) -> str:
    """Return what the day P&L leaves out and what it assumes, a sentence a line."""
    return "\n".join((*totals.day_gaps, *totals.day_basis))


def _tooltips(totals: Totals) -> dict[str, str]:
    day = day_tooltip(totals)
    tooltips = {"day_pnl": day} if day else {}
    if totals.market_value is None:
        return tooltips
    long_value, short_value = formatting.money(totals.long_value), formatting.money(totals.short_value)
    return {**tooltips, "market_value": f"Net of long {long_value} and short {short_value}"}
