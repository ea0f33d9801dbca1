"""Passes on which symbols need a price, from the book to HAMMER."""

from collections.abc import Callable, Collection

from psf_monitor.book.book import Book
from psf_monitor.connection import deferred_asyncio


async def forward_wanted_symbols(book: Book, request: Callable[[Collection[str]], None]) -> None:
    """Call ``request`` with the exact set of wanted symbols, now and whenever it changes, until cancelled.

    It is called once a turn of the event loop and never inside a call of the book: what HAMMER knows of a new
    symbol is reported to the book at once.
    """
    news = deferred_asyncio.Event()
    book.pricing.when_symbols_changed(news.set)
    news.set()
    while True:
        await news.wait()
        news.clear()
        request(book.wanted_symbols)
