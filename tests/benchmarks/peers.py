"""The tables that the product is measured against, each driven the way its own main loop drives it."""

import random
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTableWidget, QTableWidgetItem, QWidget

from tests.benchmarks.market import name_of

TITLES = (
    "Acct",
    "Symbol",
    "Side",
    "Qty",
    "Avg px",
    "Bid",
    "Ask",
    "Last",
    "Chg",
    "Mkt value",
    "Unrlzd P&L",
    "Day P&L",
)
LIVE = range(5, 12)
"""The columns that a tick moves, of twelve."""
SHARES, COST, CLOSE = 100.0, 19.5, 19.9


class Tick(NamedTuple):
    """News of one symbol by its number: prices in USD."""

    number: int
    bid: float
    ask: float
    last: float


def ticks(rows: int, variety: int) -> list[Tick]:
    """``variety`` different ticks for each row, the rows in a fixed disorder."""
    order = list(range(rows))
    random.Random(7).shuffle(order)
    made = []
    for k in range(variety):
        for number in order:
            bid = round(20 + 0.01 * ((k * 37 + number * 11) % (variety * 3)) + k * 0.0001, 4)
            made.append(Tick(number, bid, bid + 0.02, bid + 0.01))
    return made


class Peer(ABC):
    """A table that takes every tick by itself. ``take`` gets what ``prepared`` made beforehand."""

    name = ""
    widget: QWidget

    def prepared(self, made: Sequence[Tick]) -> list[Any]:
        """The ticks as the records that this table's own program would have decoded."""
        return list(made)

    @abstractmethod
    def take(self, updates: Sequence[Any]) -> None:
        """Show them."""

    def end_turn(self) -> None:  # noqa: B027 - most have nothing left to do
        """Everything that was read at once has been taken."""

    @abstractmethod
    def shown(self) -> Iterable[tuple[int, float]]:
        """Number and bid of the lines on the screen."""

    @property
    def viewport(self) -> QWidget:
        view = self.widget
        assert isinstance(view, QAbstractItemView)
        return view.viewport()

    def close(self) -> None:
        self.widget.close()
        self.widget.deleteLater()


def figures_of(tick: Tick) -> tuple[float, ...]:
    """The texts of the live columns."""
    value = SHARES * tick.last
    return (
        tick.bid,
        tick.ask,
        tick.last,
        tick.last - CLOSE,
        value,
        value - SHARES * COST,
        SHARES * (tick.last - CLOSE),
    )


class PlainWidget(Peer):
    """``QTableWidget``: ``setText`` on the items of each live cell, tick by tick, unsorted."""

    name = "QTableWidget"

    def __init__(self, rows: int) -> None:
        self.table = QTableWidget(rows, len(TITLES))
        self.table.setHorizontalHeaderLabels(list(TITLES))
        self.widget = self.table
        for number in range(rows):
            for column, text in enumerate(("GUN", name_of(number), "Long", "100", "19.5000", *"-------")):
                self.table.setItem(number, column, QTableWidgetItem(text))

    def take(self, updates: Sequence[Any]) -> None:
        item = self.table.item
        for tick in updates:
            for column, figure in zip(LIVE, figures_of(tick), strict=True):
                cell = item(tick.number, column)
                assert cell is not None
                cell.setText(f"{figure:,.4f}")

    def shown(self) -> Iterable[tuple[int, float]]:
        first = self.table.rowAt(0)
        last = self.table.rowAt(self.viewport.height() - 1)
        for row in range(first, (self.table.rowCount() - 1 if last < 0 else last) + 1):
            cell = self.table.item(row, LIVE[0])
            if cell is not None and cell.text() != "-":
                yield row, float(cell.text())


class _PlainModel(QAbstractTableModel):
    """Rows of plain lists; every tick is reported as one run of changed cells."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows: list[list[Any]] = [
            ["GUN", name_of(number), "Long", SHARES, COST, *([0.0] * len(LIVE))] for number in range(rows)
        ]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(TITLES)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            figure = self.rows[index.row()][index.column()]
            return f"{figure:,.4f}" if isinstance(figure, float) else figure
        if role == Qt.ItemDataRole.EditRole:
            return self.rows[index.row()][index.column()]
        return None

    def take(self, tick: Tick) -> None:
        self.rows[tick.number][LIVE.start :] = figures_of(tick)
        self.dataChanged.emit(self.index(tick.number, LIVE.start), self.index(tick.number, LIVE.stop - 1))


class SortedModel(Peer):
    """``QAbstractTableModel`` behind ``QSortFilterProxyModel``, sorted on the profit that ticks move."""

    name = "model and proxy"

    def __init__(self, rows: int) -> None:
        self.model = _PlainModel(rows)
        self.proxy = QSortFilterProxyModel()
        self.proxy.setSourceModel(self.model)
        self.proxy.setSortRole(Qt.ItemDataRole.EditRole)
        self.view = QTableView()
        self.view.setModel(self.proxy)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(TITLES.index("Unrlzd P&L"), Qt.SortOrder.DescendingOrder)
        self.widget = self.view

    def take(self, updates: Sequence[Any]) -> None:
        for tick in updates:
            self.model.take(tick)

    def shown(self) -> Iterable[tuple[int, float]]:
        first = self.view.rowAt(0)
        last = self.view.rowAt(self.viewport.height() - 1)
        for row in range(first, (self.proxy.rowCount() - 1 if last < 0 else last) + 1):
            source = self.proxy.mapToSource(self.proxy.index(row, 0)).row()
            yield source, self.model.rows[source][LIVE.start]

    def close(self) -> None:
        super().close()
        self.proxy.deleteLater()
        self.model.deleteLater()


def vnpy_peers() -> list[type[Peer]]:
    """vnpy's own ``TickMonitor``, as shipped (sorted) and unsorted; none when vnpy is not installed.

    Each tick is one ``Event`` with a ``TickData``, sent through the monitor's own signal into its own
    ``process_event``. vnpy's event engine does the same from a thread of its own, which would only cost more.
    """
    try:
        events = import_module("vnpy.event")
        monitors = import_module("vnpy.trader.ui.widget")
        trader = import_module("vnpy.trader.object")
    except ImportError:
        return []

    shipped: Any = monitors.TickMonitor
    unsorted: Any = type("UnsortedMonitor", (shipped,), {"sorting": False})
    tick_event, exchange = monitors.EVENT_TICK, monitors.Exchange.NYSE
    bid_column = list(shipped.headers).index("bid_price_1")

    class Vnpy(Peer):
        monitor: Any

        def __init__(self, rows: int) -> None:
            # The engine is never started: the monitor registers with it, and the benchmark sends.
            self.table = self.monitor(None, events.EventEngine())
            self.widget = self.table
            self._number_of = {name_of(number): number for number in range(rows)}
            self.take(self.prepared([Tick(number, 20.0, 20.02, 20.01) for number in range(rows)]))

        def prepared(self, made: Sequence[Tick]) -> list[Any]:
            now = datetime.now(UTC)
            return [
                events.Event(
                    tick_event,
                    trader.TickData(
                        gateway_name="bench",
                        symbol=name_of(tick.number),
                        exchange=exchange,
                        datetime=now,
                        name="",
                        last_price=tick.last,
                        bid_price_1=tick.bid,
                        ask_price_1=tick.ask,
                        bid_volume_1=100,
                        ask_volume_1=100,
                    ),
                )
                for tick in made
            ]

        def take(self, updates: Sequence[Any]) -> None:
            emit = self.table.signal.emit
            for event in updates:
                emit(event)

        def shown(self) -> Iterable[tuple[int, float]]:
            first = self.table.rowAt(0)
            last = self.table.rowAt(self.viewport.height() - 1)
            for row in range(first, (self.table.rowCount() - 1 if last < 0 else last) + 1):
                yield (
                    self._number_of[self.table.item(row, 0).text()],
                    float(self.table.item(row, bid_column).text()),
                )

    class Shipped(Vnpy):
        name = "vnpy as shipped"
        monitor = shipped

    class Unsorted(Vnpy):
        name = "vnpy unsorted"
        monitor = unsorted

    return [Shipped, Unsorted]
