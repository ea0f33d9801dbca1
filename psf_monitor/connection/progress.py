"""How far a connection has come, and the text of it."""

from datetime import datetime

from msgspec import Struct

from psf_monitor.domain.market_hours import clock_text


class Progress(Struct, frozen=True):
    """How far a link has come in its state; only what is known in that state is set.

    ``step`` is what the attempt is doing. ``quoted`` of ``symbols`` symbols have a price; while
    ``is_market_closed`` no more are expected. ``loaded`` are the kinds of data requested from TWS, each with
    how many records have arrived (``None``: none yet), ``unanswered`` those not sent in time. ``last_at`` is
    when a server that fell silent last sent something (UTC).
    """

    step: str = ""
    quoted: int | None = None
    symbols: int = 0
    is_market_closed: bool = False
    loaded: tuple[tuple[str, int | None], ...] = ()
    unanswered: tuple[str, ...] = ()
    last_at: datetime | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return each fact as a short text, except that the market is closed, which the text of the state
        says.
        """
        parts = (
            self.step,
            "" if self.quoted is None else f"{self.quoted}/{self.symbols} symbols",
            ", ".join(kind if count is None else f"{kind} {count}" for kind, count in self.loaded),
            f"no answer yet: {', '.join(self.unanswered)}" if self.unanswered else "",
            "" if self.last_at is None else f"last {clock_text(self.last_at)}",
        )
        return tuple(part for part in parts if part)

    def __str__(self) -> str:
        return " · ".join((*(("market closed",) if self.is_market_closed else ()), *self.parts))


NO_PROGRESS = Progress()
