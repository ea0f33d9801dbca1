"""The trader's choices of calculation, marking and clicks, as texts."""

from enum import StrEnum

from psf_monitor.book.sums.groups import GroupBy
from psf_monitor.domain.valuation import MarkRule

QUIET_AFTER_MIN = 15
"""After this many minutes without a change, a share's age is marked; nothing else of it changes."""

MARK_TEXTS = {
    MarkRule.HELD: "last, held inside bid/ask",
    MarkRule.MID: "middle of bid/ask, else last",
    MarkRule.LAST: "last, else middle of bid/ask",
}
"""How positions are valued, as shown above the table."""

MARKS_IN_SHORT = {MarkRule.HELD: "last", MarkRule.MID: "mid", MarkRule.LAST: "unheld"}
"""The same where room is short."""


class DoubleClick(StrEnum):
    """What a double click on a position or an order does."""

    FILTER = "filter"
    OPEN = "open"


DOUBLE_CLICK_TEXTS = {
    DoubleClick.FILTER: "Filters to its share",
    DoubleClick.OPEN: "Opens its share's window",
}

GROUP_TITLES = {
    GroupBy.NONE: "None",
    GroupBy.SHARE: "Share",
    GroupBy.ISSUER: "Issuer",
    GroupBy.LOGIN: "Login",
    GroupBy.GROUP: "My group",
}
"""What the positions under one heading have in common."""
